"""Each kind of token in each parameter: what is computed at deploy stands in the template, or is refused in words."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import jsii
import pytest

from stage_constructs._metrics import MetricOptions

from .batch import Batch
from .public_api import OPERATIONS, Operation
from .sandbox import Sandbox
from .strategies import ALARMS, SandboxObject


@jsii.implements(cdk.IStableStringProducer)
class _Text:
    def produce(self) -> str:
        return cdk.Fn.ref("Text")


@jsii.implements(cdk.IStableNumberProducer)
class _Number:
    def produce(self) -> float:
        return cdk.Token.as_number({"Ref": "Number"})


@jsii.implements(cdk.IStableListProducer)
class _Words:
    def produce(self) -> list[str]:
        return cdk.Token.as_list({"Ref": "Words"})


@jsii.implements(cdk.IStableAnyProducer)
class _Anything:
    def produce(self) -> object:
        return cdk.Fn.ref("Anything")


def _parameter(sandbox: Sandbox, name: str) -> cdk.CfnParameter:
    found = sandbox.stack.node.find_child(name)
    assert isinstance(found, cdk.CfnParameter)
    return found


TEXTS: dict[str, Callable[[Sandbox], Any]] = {
    "Lazy.string": lambda _: cdk.Lazy.string(_Text()),
    "Fn.import_value": lambda _: cdk.Fn.import_value("elsewhere"),
    "value_as_string": lambda sandbox: _parameter(sandbox, "Text").value_as_string,
    "concatenation": lambda sandbox: f"a-{_parameter(sandbox, 'Text').value_as_string}",
}
NUMBERS: dict[str, Callable[[Sandbox], Any]] = {
    "Lazy.number": lambda _: cdk.Lazy.number(_Number()),
    "value_as_number": lambda sandbox: _parameter(sandbox, "Number").value_as_number,
}
OTHERS: dict[str, Callable[[Sandbox], Any]] = {
    "Lazy.list": lambda _: cdk.Lazy.list(_Words()),
    "value_as_list": lambda sandbox: _parameter(sandbox, "Words").value_as_list,
    "Lazy.any": lambda _: cdk.Lazy.any(_Anything()),
    "a list of one": lambda sandbox: [_parameter(sandbox, "Text").value_as_string],
    "a value": lambda sandbox: {"key": _parameter(sandbox, "Text").value_as_string},
    "a key": lambda sandbox: {_parameter(sandbox, "Text").value_as_string: "value"},
    "seconds": lambda sandbox: cdk.Duration.seconds(_parameter(sandbox, "Number").value_as_number),
    "minutes": lambda sandbox: cdk.Duration.minutes(_parameter(sandbox, "Number").value_as_number),
}
TOKENS = {**TEXTS, **NUMBERS, **OTHERS}

REFUSED = {
    "from_lookup.api_id": "asked for at synth",
    "from_lookup.stage_name": "asked for at synth",
    "from_lookup.stage_arn": "asked for at synth",
    "add_stage_variable.name": "a key of the template",
    "add_route_settings.route": "a key of the template",
    "grant_invoke.route": "split into method and path",
    "from_pem_file.path": "read at synth",
    "metric_publish_bitrate.participant_id": "goes with a layer and a track",
    "metric_subscribe_bitrate.participant_id": "goes with a track",
}
"""Texts that cannot wait for a deployment, or do not go alone, and why."""

_OPTIONS = MetricOptions.__annotations__.keys()
"""What `metric` takes, to which the other methods hand it on."""

_CALLED_BY_CDK = {"apply_to", "supports", "validate"}
WITH_PARAMETERS = [each for each in OPERATIONS if each.parameters and each.method not in _CALLED_BY_CDK]


OWNERS = {each.owner: [other for other in WITH_PARAMETERS if other.owner == each.owner] for each in WITH_PARAMETERS}


@pytest.mark.slow
@pytest.mark.parametrize("owner", OWNERS)
def test_every_parameter_takes_or_refuses_every_token(owner: str) -> None:
    """None ends in an error of jsii, and texts and numbers may wait for a deployment."""
    batch = Batch()
    for operation in OWNERS[owner]:
        for name, parameter in operation.parameters.items():
            if name in _OPTIONS and operation.method.startswith("metric_"):
                continue
            if name in {"scope", "id"}:  # CDK's own business
                continue
            right = _right_beside(operation, name)
            taken = {
                kind for kind, token in TOKENS.items() if batch.run(operation, {**right, name: token(batch.sandbox)})
            }
            if f"{operation.method}.{name}" not in REFUSED and name not in REFUSED:
                assert _of_its_type(parameter) <= taken, f"{operation}: {name}"
    batch.judge()
    assert [each for each in batch.problems if not any(path in each for path in _MAPS)] == []


_MAPS = ("/Properties/Tags: [E", "/Properties/StageVariables: [E")
"""A token for a whole map may become one; the judge believes to know that it is a text."""


def _right_beside(operation: Operation, name: str) -> dict[str, Any]:
    """Arguments beside a parameter that some stages have only."""
    stages = [stage for stage, thresholds in ALARMS.items() if name in thresholds and "stage" in operation.parameters]
    return {**operation.simplest, **({"stage": SandboxObject(stages[0])} if stages else {})}


def _of_its_type(parameter: inspect.Parameter) -> set[str]:
    """The tokens that a parameter takes by its annotation."""
    types = set(str(parameter.annotation).split(" | "))
    if parameter.kind is parameter.VAR_POSITIONAL:
        return set()
    return {*(TEXTS if "str" in types else ()), *(NUMBERS if types & {"int", "float"} else ())}
