"""Stages that a backend makes at run time, one for each session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
import constructs

from .. import _checks, _grants
from . import _rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_iam as iam

_MANAGE = (
    "ivs:CreateParticipantToken",
    "ivs:DeleteStage",
    "ivs:DisconnectParticipant",
    "ivs:GetStage",
    "ivs:ListTagsForResource",
    "ivs:UpdateStage",
)


class StageSessions(constructs.Construct):
    """Stages that a backend makes, serves and deletes at run time, one for each session, known by their tags.

    AWS advises a stage for each session, deleted when the session ends. Such stages are in no template: this
    construct makes no resource, it fences what the backend may do. The backend must give the tags in `CreateStage`.

    The fence is made of tags, so the value of these tags must be this backend's own: no other stage of the account
    should carry them. A stage without the tags can be given them, since IAM cannot tell it from one that is just
    being made; give stages that must not be touched the same tag with another value.

    It can be in any Region, since it makes no resource. The permissions are for stages of the stack's account and
    Region.

    Source: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/getting-started-create-stage.html
    """

    def __init__(self, scope: constructs.Construct, id: str, *, tags: Mapping[str, str]) -> None:
        """Define the stages of a backend by their tags.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            tags: Tags that the backend gives to each of its stages, at least one. Their values are compared as they
                are; `*` and `?` are no wildcards. `${` is refused: IAM would read it as a policy variable, and the
                tag would have another value for each caller.

        Raises:
            StageConfigurationError: There is no tag, or one is not valid.
        """
        faults = list(_rules.session_tags(tags))
        _checks.refuse(scope, id, [*faults, *_checks.known_keys(scope, "tags", tags)])
        super().__init__(scope, id)
        self.tags = dict(tags)
        """Tags that the backend gives to each of its stages."""

    def grant_manage(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let a backend create stages with the tags, and do with stages that carry them what a session needs.

        That is to read, change and delete them, to issue tokens and to disconnect participants. Tags of the fence
        cannot be taken away or changed.

        Args:
            grantee: The backend.
        """
        asked = {f"aws:RequestTag/{key}": value for key, value in self.tags.items()}
        carried = {f"aws:ResourceTag/{key}": value for key, value in self.tags.items()}
        return self._grant(
            grantee,
            (["ivs:CreateStage"], {"StringEquals": asked}),
            (["ivs:TagResource"], {"StringEquals": asked, "StringEqualsIfExists": carried}),
            (_MANAGE, {"StringEquals": carried}),
        )

    def grant_list(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let a backend list stages: to find those of sessions that have ended, for instance.

        IAM cannot narrow `ListStages` down by tags. It returns the name, the ARN, the tags and the active session of
        every stage of the account and Region, also of stages of other applications; it does not open or change them.
        That is why it is no part of `grant_manage`. Where other stages must not be seen, keep the ARNs that
        `CreateStage` returns, or use an account of its own.

        Args:
            grantee: The backend.
        """
        # There is no narrower resource: a list is always of all stages of the account and Region.
        return self._grant(grantee, (["ivs:ListStages"], None))

    def _grant(
        self,
        grantee: iam.IGrantable,
        *permissions: tuple[Sequence[str], Mapping[str, Mapping[str, object]] | None],
    ) -> iam.Grant:
        stack = cdk.Stack.of(self)
        # The id of a stage is not known before it is created: the tags are what narrows this down.
        stages = [stack.format_arn(service="ivs", resource="stage", resource_name="*")]
        return _grants.add_to_principal(
            self,
            grantee,
            *(_grants.Permission(actions, stages, conditions) for actions, conditions in permissions),
            account=stack.account,
            reason=_rules.NO_RESOURCE_POLICIES,
        )
