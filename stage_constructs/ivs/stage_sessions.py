"""Stages that a backend makes at run time, one for each session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
import constructs

from .. import _checks
from . import _rules
from ._place import place_of

if TYPE_CHECKING:
    from collections.abc import Mapping

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

    Source: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/getting-started-create-stage.html
    """

    def __init__(self, scope: constructs.Construct, id: str, *, tags: Mapping[str, str]) -> None:
        """Define the stages of a backend by their tags.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            tags: Tags that the backend gives to each of its stages, at least one.

        Raises:
            StageConfigurationError: There is no tag, one is not valid, or the Region has no stages.
        """
        faults = [*_rules.region(place_of(scope).region), *_rules.session_tags(tags)]
        _checks.refuse(scope, id, [*faults, *_checks.known_keys(scope, "tags", tags)])
        with _checks.placing(scope, id):
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
        from aws_cdk import aws_iam as iam

        _checks.require_grantee(self, grantee)

        # The id of a stage is not known before it is created: the tags are what narrows this down.
        stages = [cdk.Stack.of(self).format_arn(service="ivs", resource="stage", resource_name="*")]
        asked = {f"aws:RequestTag/{key}": value for key, value in self.tags.items()}
        carried = {f"aws:ResourceTag/{key}": value for key, value in self.tags.items()}
        create = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["ivs:CreateStage"],
            resource_arns=stages,
            conditions={"StringEquals": asked},
        )
        tag = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["ivs:TagResource"],
            resource_arns=stages,
            conditions={"StringEquals": asked, "StringEqualsIfExists": carried},
        )
        manage = iam.Grant.add_to_principal(
            grantee=grantee,
            actions=list(_MANAGE),
            resource_arns=stages,
            conditions={"StringEquals": carried},
        )
        return create.combine(tag).combine(manage)
