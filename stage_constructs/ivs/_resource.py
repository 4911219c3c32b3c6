"""What the resources of Amazon IVS have in common: they are checked, created, tagged and imported in the same way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar, cast

import aws_cdk as cdk

from .. import _suggestions
from .._arguments import plain, violation
from .._l1 import l1_arguments
from .._other_names import KeywordNames
from .._read_only import read_only
from .._synthesis import environment_of
from .._validation import raise_if_invalid, violations_of, warn
from ..rules._resources import Resource
from ._references import invalid_arn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from constructs import Construct

    from ..errors import Violation

_T = TypeVar("_T")

NO_RESOURCE_POLICIES: Final = "Amazon IVS has no resource policies"
"""Why a grant needs an identity policy of the stage's account."""


class IvsResource(KeywordNames, cdk.Resource):
    """A resource of Amazon IVS, which has its L1 as the child `Resource`."""

    __jsii_ifaces__: ClassVar[list[type]] = []
    """Those of `Resource` are inherited, and jsii looks for every member in each interface that is named."""
    _resource: Any
    tags: Mapping[str, str]
    """Tags as given or looked up; read-only."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        l1: type[cdk.CfnResource],
        properties: Mapping[str, object],
        tags: Mapping[str, str] | None,
        *,
        arguments: Iterable[Violation] = (),
        given: Mapping[str, object] | None = None,
    ) -> None:
        """Check the properties, create the resource, and attach the warnings.

        Args:
            scope: Where the construct is to be.
            id: Its id.
            l1: Class of the L1.
            properties: The properties as CloudFormation gets them, without the tags.
            tags: The tags as given.
            arguments: What is wrong with arguments that are not rendered.
            given: Values as the caller wrote them, by the paths of their properties.
        """
        resource_type = f"AWS::IVS::{l1.__name__.removeprefix('Cfn')}"
        rendered = plain(properties)
        violations = [*arguments, *invalid_tags(tags)]
        if isinstance(tags, Mapping) and tags:
            rendered["Tags"] = [{"Key": plain(key), "Value": plain(tag)} for key, tag in tags.items()]
        environment = environment_of(scope)
        own = Resource(resource_type, rendered, region=environment.region, account=environment.account)
        violations += violations_of(own, given)
        raise_if_invalid(scope, id, violations)
        super().__init__(scope, id)
        self.tags = read_only(tags)
        self._resource = l1(self, "Resource", **l1_arguments(resource_type, rendered))
        environment.resources.append(self._resource)
        warn(self, violations)


class ImportedResource(IvsResource):
    """A resource that is declared elsewhere; an `_Imported...` class has the attributes from its second base."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        kind: str,
        arn: str,
        attributes: Mapping[str, object],
        *,
        arguments: Iterable[Violation] = (),
        environment: Mapping[str, str] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """Import a resource by its ARN.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            kind: Kind of the resource as its ARN names it, such as `public-key`.
            arn: Its ARN.
            attributes: Its other attributes, None for what is not known.
            arguments: What is wrong with other arguments.
            environment: Its `region` and `account`. Default: those of the ARN; a dynamic reference has none at synth.
            tags: Its tags. Default: not known.
        """
        prop = f"{kind.replace('-', '_')}_arn"
        raise_if_invalid(scope, id, [*invalid_arn(prop, arn, kind), *arguments])
        of_arn = {"environment_from_arn": arn} if arn.startswith("arn:") or cdk.Token.is_unresolved(arn) else {}
        cdk.Resource.__init__(self, scope, id, **cast("Any", environment or of_arn))
        vars(self).update({**attributes, prop: arn, "tags": read_only(tags)})


def invalid_tags(tags: object) -> Iterator[Violation]:
    """What is not a dict, or has keys that are no texts."""
    if tags is not None and not isinstance(tags, Mapping):
        yield violation("tags", "tags", tags, 'must be a dict such as {"team": "chat"}', "write such a dict")
    for key in cast("Mapping[object, object]", tags) if isinstance(tags, Mapping) else ():
        if not isinstance(key, str):
            prop = f"tags[{_suggestions.format_value(key)}]"
            yield violation("tags", prop, key, "must have a string as key", f'write "{key}"')


def with_default(value: _T | None, default: _T) -> _T:
    """The value, or the default where it is not given."""
    return default if value is None else value
