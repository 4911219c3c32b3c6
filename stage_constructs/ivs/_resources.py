"""What the resources of Amazon IVS have in common: validation, tags, imports, references."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import aws_cdk as cdk

from .. import _suggestions
from .._arguments import NOT_SET, has_member, plain, violation
from .._l1 import l1_arguments
from .._read_only import read_only
from .._synthesis import environment_of
from .._validation import raise_if_invalid, violations_of, warn
from ..rules._resources import Resource
from ..rules._unknown import is_unknown
from ..rules.ivs import every_resource

if TYPE_CHECKING:
    from collections.abc import Iterable

    from constructs import Construct

    from ..errors import Violation

_T = TypeVar("_T")
_Resource = TypeVar("_Resource", bound=cdk.CfnResource)

NO_RESOURCE_POLICIES: Final = "Amazon IVS has no resource policies"
"""Why a grant needs an identity policy of the stage's account."""
_WIDER_THAN_ONE: Final = re.compile(r"[*?]|\$\{")


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
    properties.update(plain(properties))
    violations = [*arguments, *invalid_tags(tags)]
    if isinstance(tags, Mapping) and tags:
        properties["Tags"] = [{"Key": plain(key), "Value": plain(tag)} for key, tag in tags.items()]
    violations += violations_of(Resource(resource_type, properties, region=environment_of(scope).region), given)
    raise_if_invalid(scope, id, violations)
    return violations


def invalid_tags(tags: object) -> Iterator[Violation]:
    """What is not a dict, or has keys that are no texts."""
    if tags is not None and not isinstance(tags, Mapping):
        fix = _suggestions.suggest_tags(tags) or "write such a dict"
        yield violation("tags", "tags", tags, 'must be a dict such as {"team": "chat"}', fix)
        return
    for key in cast("Mapping[object, object]", tags or {}):
        if not isinstance(key, str):
            yield violation(
                "tags", f"tags[{_suggestions.format_value(key)}]", key, "must have a string as key", f'write "{key}"'
            )


def create(
    construct: Construct,
    scope: Construct,
    resource_class: type[_Resource],
    properties: Mapping[str, object],
    violations: Iterable[Violation],
) -> _Resource:
    """Create the resource of a construct, have rules over several resources judge it at synth, attach the warnings."""
    resource_type = f"AWS::IVS::{resource_class.__name__.removeprefix('Cfn')}"
    resource = resource_class(construct, "Resource", **l1_arguments(resource_type, properties))
    environment_of(scope).resources.append(resource)
    warn(construct, violations)
    return resource


def with_default(value: _T | None, default: _T) -> _T:
    """The value, or the default where it is not given."""
    return default if value is None else value


def initialize_imported(
    construct: cdk.Resource,
    scope: Construct,
    id: str,
    arn: str,
    *,
    tags: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
    **known: Any,
) -> None:
    """Initialize the construct of a resource that is declared elsewhere, with the attributes that are known.

    The Region and the account are by default those of the ARN. A dynamic reference names none at synth.
    """
    of_arn = {"environment_from_arn": arn} if arn.startswith("arn:") or cdk.Token.is_unresolved(arn) else {}
    cdk.Resource.__init__(construct, scope, id, **cast("Any", environment or of_arn))
    vars(construct).update(known, tags=read_only(tags))


def raise_unless_arn(scope: Construct, id: str, prop: str, value: object, resource: str) -> None:
    """Raise unless a value is the ARN of a kind of resource, such as `stage`."""
    raise_if_invalid(scope, id, list(invalid_arn(prop, value, resource)))


def invalid_arn(prop: str, value: object, resource: str) -> Iterator[Violation]:
    """What is not the ARN of a kind of resource."""
    if isinstance(value, str) and is_unknown(value):
        return
    for problem in every_resource.arn(value if isinstance(value, str) else "", resource):
        fix = problem.fix or (NOT_SET if value is None else every_resource.ARN_FIX)
        yield violation("arn", prop, value, problem.text, fix)


def arn_of(value: object, resource: str) -> str | None:
    """The ARN behind an `I<Resource>Ref` of Amazon IVS, whoever made it; None where the object is none."""
    name = resource.replace("-", "_")
    if not has_member(value, f"{name}_ref"):
        return None
    arn: str | None = getattr(getattr(value, f"{name}_ref"), f"{name}_arn", None)
    return arn


def invalid_reference(prop: str, value: object, arn: str | None, resource: str) -> Iterator[Violation]:
    """What does not stand for a kind of resource, by its ARN as `arn_of` tells it."""
    if arn is not None:
        yield from invalid_arn(prop, arn, resource)
        return
    kind = "".join(word.capitalize() for word in resource.split("-"))
    importer = f'ivs.{kind}.from_{resource.replace("-", "_")}_arn(self, "Id", {{}})'
    fix = (
        _suggestions.suggest_import(value, by_arn=importer)
        or f"give the construct; for an ARN use {importer.format('...')}"
    )
    if resource == "storage-configuration" and has_member(value, "bucket_ref"):
        fix = f'create one of the bucket: ivs.{kind}(self, "Id", bucket=...)'
    expected = f"{_suggestions.with_article(resource.replace('-', ' '))} of Amazon IVS"
    yield violation("reference", prop, value, f"must be {expected}", fix)


def names_several(name: object) -> bool:
    """Whether the name or ARN in a policy has a wildcard or a policy variable of IAM."""
    return isinstance(name, str) and not is_unknown(name) and _WIDER_THAN_ONE.search(name) is not None


def stage_id_of(arn: str) -> str:
    """The id in the ARN of a stage, which may be known at deploy time only."""
    return cdk.Fn.select(1, cdk.Fn.split("/", arn)) if cdk.Token.is_unresolved(arn) else arn.partition("/")[2]
