"""Whether a request is admissible, as the model of the service says that botocore ships."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.model import ListShape, MapShape, Shape, StructureShape

if TYPE_CHECKING:
    from collections.abc import Iterator

Properties = dict[str, Any]

_LENGTH = re.compile(r"(?:Integer|String|Uri)WithLengthBetween(Minus)?(\d+)And(\d+)(K)?")
"""API Gateway v2 states its limits in the names of shapes."""
_LARGER = {"AccessLogSettings.Format": 3072}
"""Properties that the service takes longer than its model says: the quota of HTTP APIs."""


class ServiceModel:
    """The operations of a service and what they take, with members by their names in the model."""

    def __init__(self, service: str) -> None:
        self._model = botocore.session.get_session().get_service_model(service)

    def input_shape(self, operation: str) -> StructureShape:
        """What an operation takes."""
        return self._model.operation_model(operation).input_shape

    def faults(self, operation: str, request: Properties) -> list[str]:
        """What is not admissible about a request."""
        return list(_faults(self.input_shape(operation), request, operation))

    def operation(self, method: str, path: str) -> tuple[str, dict[str, str]] | None:
        """The operation that a REST request asks for, and its parameters in the path."""
        for name in self._model.operation_names:
            http = self._model.operation_model(name).http
            pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", http["requestUri"])
            match = re.fullmatch(pattern, path) if http["method"] == method else None
            if match:
                return name, match.groupdict()
        return None

    def members(self, operation: str, sent: Properties) -> Properties:
        """A request as it is sent, by the names in the model."""
        return _members(self.input_shape(operation), sent)


def _members(shape: Shape, sent: Any) -> Any:
    if isinstance(shape, StructureShape) and isinstance(sent, dict):
        named = {member.serialization.get("name", name): name for name, member in shape.members.items()}
        known = {
            named[name]: _members(shape.members[named[name]], item) for name, item in sent.items() if name in named
        }
        return known | {name: item for name, item in sent.items() if name not in named}
    if isinstance(shape, MapShape) and isinstance(sent, dict):
        return {key: _members(shape.value, item) for key, item in sent.items()}
    if isinstance(shape, ListShape) and isinstance(sent, list):
        return [_members(shape.member, item) for item in sent]
    return sent


def _faults(shape: Shape, value: Any, where: str) -> Iterator[str]:
    if isinstance(shape, StructureShape):
        yield from _faults_of_structure(shape, value, where)
    elif isinstance(shape, ListShape):
        yield from _faults_of_items(shape, value, where)
    elif isinstance(shape, MapShape):
        yield from _faults_of_map(shape, value, where)
    elif shape.type_name == "boolean":
        if not isinstance(value, bool):
            yield f"{where} is neither true nor false: {value!r}"
    elif shape.type_name == "string":
        yield from _faults_of_text(shape, value, where)
    elif isinstance(value, bool) or not isinstance(value, (int, float)):
        yield f"{where} is no number: {value!r}"
    elif shape.type_name in {"integer", "long"} and value != int(value):
        yield f"{where} is no whole number: {value!r}"
    else:
        yield from _faults_of_size(shape, value, where)


def _faults_of_items(shape: ListShape, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{where} is no list: {value!r}"
        return
    yield from _faults_of_size(shape, len(value), where)
    for index, item in enumerate(value):
        yield from _faults(shape.member, item, f"{where}[{index}]")


def _faults_of_map(shape: MapShape, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where} is no object: {value!r}"
        return
    yield from _faults_of_size(shape, len(value), where)
    for key, item in value.items():
        yield from _faults(shape.key, key, f"{where} key")
        yield from _faults(shape.value, item, f"{where}.{key}")


def _faults_of_size(shape: Shape, size: float, where: str) -> Iterator[str]:
    least, most = limits(shape)
    most = next((larger for name, larger in _LARGER.items() if where.endswith(name)), most)
    if (least is not None and size < least) or (most is not None and size > most):
        yield f"{where} is {size}, not within {least} and {most}"


def limits(shape: Shape) -> tuple[float | None, float | None]:
    """The least and the greatest number or length of a shape."""
    named = _LENGTH.fullmatch(shape.name)
    if named:
        return int(named[2]) * (-1 if named[1] else 1), int(named[3]) * (1024 if named[4] else 1)
    return shape.metadata.get("min"), shape.metadata.get("max")


def _faults_of_text(shape: Shape, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{where} is no text: {value!r}"
        return
    yield from _faults_of_size(shape, len(value), where)
    if shape.metadata.get("pattern") and not re.fullmatch(shape.metadata["pattern"], value):
        yield f"{where} does not match {shape.metadata['pattern']}: {value!r}"
    if shape.metadata.get("enum") and value not in shape.metadata["enum"]:
        yield f"{where} is none of {shape.metadata['enum']}: {value!r}"


def _faults_of_structure(shape: StructureShape, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where} is no object: {value!r}"
        return
    for name in shape.metadata.get("required", []):
        if name not in value:
            yield f"{where}.{name} is missing"
    for name, item in value.items():
        if name not in shape.members:
            yield f"{where} has no {name}"
        else:
            yield from _faults(shape.members[name], item, f"{where}.{name}")
