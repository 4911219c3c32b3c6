"""What the resources of Amazon IVS have in common: validation, tags, imports."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar, cast

from .._synthesis import environment_of
from .._validation import raise_if_invalid, violations_of
from ..rules._resources import Resource

if TYPE_CHECKING:
    from collections.abc import Iterable

    import aws_cdk as cdk
    from constructs import Construct

    from ..errors import Violation

_T = TypeVar("_T")


def validate(
    scope: Construct,
    id: str,
    resource_type: str,
    properties: dict[str, object],
    tags: Mapping[str, str] | None,
    *,
    arguments: Iterable[Violation] = (),
    given: Mapping[str, object] | None = None,
) -> list[Violation]:
    """Raise what is wrong with a resource, and return the warnings.

    Args:
        scope: Where the construct is to be.
        id: Its id.
        resource_type: CloudFormation type.
        properties: The properties as CloudFormation gets them; the tags are added.
        tags: The tags as given.
        arguments: What is wrong with arguments that are not rendered.
        given: Values as the caller wrote them, by the paths of their properties.
    """
    if tags is not None:
        is_map = isinstance(cast("object", tags), Mapping)
        properties["Tags"] = [{"Key": key, "Value": tag} for key, tag in tags.items()] if is_map else tags
    resource = Resource(resource_type, properties, region=environment_of(scope).region)
    violations = [*arguments, *violations_of(resource, given)]
    raise_if_invalid(scope, id, violations)
    return violations


def register(scope: Construct, resource: cdk.CfnResource) -> None:
    """Have rules over several resources judge a resource of this library at synth."""
    environment_of(scope).resources.append(resource)


def read_only(tags: Mapping[str, str] | None) -> Mapping[str, str]:
    """The tags of a construct, which cannot be changed through it."""
    return types.MappingProxyType(dict(tags or {}))


def with_default(value: _T | None, default: _T) -> _T:
    """The value, or the default where it is not given."""
    return default if value is None else value
