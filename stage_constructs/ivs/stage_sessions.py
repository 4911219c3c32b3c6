"""Stages that a backend makes at run time, one for each session."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
import constructs

from .. import _grants
from .._arguments import known_keys, violation
from .._read_only import read_only
from .._suggestions import format_value
from .._validation import message_of, raise_if_invalid, violations_of
from ..rules import Kind
from ..rules._resources import Resource
from ..rules._unknown import is_unknown
from ..rules.ivs._types import STAGE
from ..rules.ivs.every_resource import REGIONS
from ._resource import NO_RESOURCE_POLICIES, invalid_tags

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_iam as iam

    from ..errors import Violation

_REGION = re.compile(r"[a-z0-9-]+")
_MANAGE = (
    "ivs:CreateParticipantToken",
    "ivs:DeleteStage",
    "ivs:DisconnectParticipant",
    "ivs:GetStage",
    "ivs:ListTagsForResource",
    "ivs:UpdateStage",
)


class StageSessions(constructs.Construct):
    """Stages that a backend creates and deletes at run time, one for each session, identified by their tags.

    AWS recommends one stage for each session, deleted when the session ends. Such stages are in no template: this
    construct creates no resource, it limits what the backend may do. The backend must pass the tags in `CreateStage`.

    The limit is by tags, so the tags must be unique to this backend: no other stage of the account should have them.
    A stage without the tags can be tagged with them, since IAM cannot distinguish it from one that is being created;
    give stages to protect the same tag with another value.

    It can be in any Region, since it creates no resource. The permissions are for stages of the stack's account, in the
    stack's Region or in `region`.

    Source: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/getting-started-create-stage.html
    """

    def __init__(
        self, scope: constructs.Construct, id: str, *, tags: Mapping[str, str], region: str | None = None
    ) -> None:
        """Define the stages of a backend by their tags.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            tags: Tags that the backend gives to each of its stages, at least one. `*` and `?` are no wildcards, and
                `${` is not supported: IAM would read it as a policy variable.
            region: Region where the backend creates its stages. Default: that of the stack.

        Raises:
            StageConfigurationError: There is no tag, one is not valid, or the Region has no stages.
        """
        raise_if_invalid(scope, id, [*_invalid_tags(scope, tags), *_invalid_region(region)])
        super().__init__(scope, id)
        self._region = region
        self.tags = read_only(tags)
        """Tags that the backend gives to each of its stages; read-only."""

    def grant_manage(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant a backend permission to create stages with the tags, and to manage stages that have them.

        It can read, update and delete them, create participant tokens and disconnect participants. It can neither
        remove nor change the tags.

        Actions: `ivs:CreateParticipantToken`, `ivs:CreateStage`, `ivs:DeleteStage`, `ivs:DisconnectParticipant`,
        `ivs:GetStage`, `ivs:ListTagsForResource`, `ivs:TagResource`, `ivs:UpdateStage`.
        """
        requested = {"StringEquals": {f"aws:RequestTag/{key}": value for key, value in self.tags.items()}}
        tagged = {f"aws:ResourceTag/{key}": value for key, value in self.tags.items()}
        return self._grant(
            grantee,
            (["ivs:CreateStage"], requested),
            (["ivs:TagResource"], requested | {"StringEqualsIfExists": tagged}),
            (_MANAGE, {"StringEquals": tagged}),
        )

    def grant_list(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant a backend permission to list stages: to find those of sessions that have ended, for instance.

        IAM cannot limit `ListStages` by tags. It returns the name, the ARN, the tags and the active session of every
        stage of the account and Region, also of other applications; so it is not part of `grant_manage`. Where other
        stages must not be seen, keep the ARNs that `CreateStage` returns, or use an account of its own.

        Action: `ivs:ListStages`.
        """
        # There is no narrower resource: a list is always of all stages of the account and Region.
        return self._grant(grantee, (["ivs:ListStages"], None))

    def _grant(
        self, grantee: iam.IGrantable, *permissions: tuple[Sequence[str], Mapping[str, Mapping[str, object]] | None]
    ) -> iam.Grant:
        stack = cdk.Stack.of(self)
        # The id of a stage is not known before it is created: the tags are what narrows this down.
        stages = [stack.format_arn(service="ivs", region=self._region, resource="stage", resource_name="*")]
        statements = [_grants.Permission(actions, stages, conditions) for actions, conditions in permissions]
        return _grants.add_to_principal(self, grantee, *statements, account=stack.account, reason=NO_RESOURCE_POLICIES)


def _invalid_tags(scope: constructs.Construct, tags: object) -> Iterator[Violation]:
    """What no stage can have, or what does not limit a policy."""
    yield from invalid_tags(tags)
    yield from known_keys(scope, "tags", tags)
    if not tags:
        fix = 'without one the backend would reach every stage of the account; write {"app": "chat"} for instance'
        yield violation("sessionTags", "tags", tags, "must name at least one tag", fix)
    pairs = list(cast("Mapping[object, object]", tags).items()) if isinstance(tags, Mapping) else []
    yield from violations_of(Resource(STAGE, {"Tags": [{"Key": key, "Value": tag} for key, tag in pairs]}))
    for text in (text for pair in pairs for text in pair):
        if isinstance(text, str) and not is_unknown(text) and "${" in text:
            fix = "the condition would have another value for each caller; choose a tag without it"
            yield violation("sessionTags", "tags", text, "must not hold ${, which begins a policy variable of IAM", fix)


def _invalid_region(region: object) -> Iterator[Violation]:
    if region is not None and not (isinstance(region, str) and (is_unknown(region) or _REGION.fullmatch(region))):
        yield violation("regionOfStages", "region", region, "must be a Region", 'write "eu-west-1" for instance')
    elif isinstance(region, str) and not is_unknown(region) and region not in REGIONS:
        problem = f"region must be a Region with Amazon IVS real-time, got {format_value(region)}"
        fix = f"write one of {', '.join(sorted(REGIONS))}"
        yield message_of("region", "region", region, problem, fix, kind=Kind.SET)
