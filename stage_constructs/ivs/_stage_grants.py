"""Permissions on a stage."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .. import _grants
from .._arguments import violation, warning
from .._validation import report
from ..rules._unknown import is_unknown
from ..rules.ivs.references import places_apart
from ._references import arns_of
from ._resource import NO_RESOURCE_POLICIES
from ._stage_base import StageBase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aws_cdk import aws_iam as iam
    from aws_cdk.interfaces.aws_ivs import IChannelRef, IEncoderConfigurationRef, IStageRef, IStorageConfigurationRef

    from ..errors import Violation

_ACTION: Final = re.compile(r"\*|[a-zA-Z0-9-]+:[a-zA-Z0-9*]+")
_OBSERVE: Final = (
    "ivs:GetParticipant",
    "ivs:GetStage",
    "ivs:GetStageSession",
    "ivs:ListParticipantEvents",
    "ivs:ListParticipantReplicas",
    "ivs:ListParticipants",
    "ivs:ListStageSessions",
)
_UPDATE: Final = ("ivs:GetStage", "ivs:ListTagsForResource", "ivs:TagResource", "ivs:UntagResource", "ivs:UpdateStage")


class StageGrants(StageBase):
    """The grants of a stage, each to a principal: a role, a function or another grantable."""

    def grant(self, grantee: iam.IGrantable, *actions: str) -> iam.Grant:
        """Grant a principal permission for some actions on this stage.

        Args:
            grantee: The principal.
            actions: IAM actions on stages, such as `ivs:GetStage`.

        Raises:
            StageConfigurationError: There is no action, or one is not an action of IAM.
        """
        report(self, _invalid_actions(actions))
        return self._grant(grantee, actions, self.stage_arn)

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant a principal permission to read the stage and its tags.

        Backends that sign tokens themselves need it for the endpoints of the stage.

        Actions: `ivs:GetStage`, `ivs:ListTagsForResource`.
        """
        return self.grant(grantee, "ivs:GetStage", "ivs:ListTagsForResource")

    def grant_update(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant a principal permission to update the stage: its name, its recording, its tags.

        Actions: `ivs:GetStage`, `ivs:ListTagsForResource`, `ivs:TagResource`, `ivs:UntagResource`, `ivs:UpdateStage`.
        """
        return self.grant(grantee, *_UPDATE)

    def grant_delete(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant a principal permission to delete the stage.

        Actions: `ivs:DeleteStage`, `ivs:UntagResource`.
        """
        return self.grant(grantee, "ivs:DeleteStage", "ivs:UntagResource")

    def grant_create_participant_token(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant a principal permission to create the tokens with which participants join the stage.

        IAM cannot limit what a token allows: the principal decides on publishing, user ids and durations.

        Action: `ivs:CreateParticipantToken`.
        """
        return self.grant(grantee, "ivs:CreateParticipantToken")

    def grant_disconnect_participant(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant a principal permission to disconnect participants.

        Action: `ivs:DisconnectParticipant`.
        """
        return self.grant(grantee, "ivs:DisconnectParticipant")

    def grant_observe(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant a principal permission to read the sessions of the stage, their participants and events.

        Actions: `ivs:GetParticipant`, `ivs:GetStage`, `ivs:GetStageSession`, `ivs:ListParticipantEvents`,
        `ivs:ListParticipantReplicas`, `ivs:ListParticipants`, `ivs:ListStageSessions`.
        """
        return self.grant(grantee, *_OBSERVE)

    def grant_start_composition(
        self,
        grantee: iam.IGrantable,
        *,
        encoder_configuration: IEncoderConfigurationRef,
        storage_configuration: IStorageConfigurationRef | None = None,
        channel_arn: str | IChannelRef | None = None,
    ) -> iam.Grant:
        """Grant a principal permission to start compositions of the stage, to be recorded, broadcast, or both.

        Stopping them requires `grant_manage_compositions` too.

        Action: `ivs:StartComposition`.

        Args:
            grantee: The principal.
            encoder_configuration: How they are encoded.
            storage_configuration: Where they may be recorded. Default: nowhere.
            channel_arn: The channel, or its ARN, that they may be broadcast on. Default: none.

        Raises:
            StageConfigurationError: One of them is not what it should be.
        """
        optional = {
            "storage_configuration": (storage_configuration, "storage-configuration"),
            "channel_arn": (channel_arn, "channel"),
        }
        chosen = {prop: reference for prop, reference in optional.items() if reference[0] is not None}
        encoder = (encoder_configuration, "encoder-configuration")
        arns = arns_of(self, encoder_configuration=encoder, **chosen)
        used = dict(zip(("encoder_configuration", *chosen), arns, strict=True))
        report(self, _elsewhere(used, self.env.region, self.env.account))
        return self._grant(grantee, ("ivs:StartComposition",), self.stage_arn, *arns)

    def grant_manage_compositions(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant a principal permission to list the compositions of the stage, and to read and stop compositions.

        Actions: `ivs:GetComposition`, `ivs:ListCompositions`, `ivs:StopComposition`.
        """
        region, account = self.env.region, self.env.account
        compositions = self.stack.format_arn(
            service="ivs", region=region, account=account, resource="composition", resource_name="*"
        )
        # A composition gets its id when it starts, and IAM does not know the stage that it is of.
        manage = self._grant(grantee, ("ivs:GetComposition", "ivs:StopComposition"), compositions)
        return manage.combine(self.grant(grantee, "ivs:ListCompositions"))

    def grant_participant_replication(self, grantee: iam.IGrantable, destination: IStageRef) -> iam.Grant:
        """Grant a principal permission to replicate participants of this stage to another one.

        Actions: `ivs:StartParticipantReplication`, `ivs:StopParticipantReplication`.

        Args:
            grantee: The principal.
            destination: The other stage.

        Raises:
            StageConfigurationError: The destination is no stage of Amazon IVS.
        """
        arns = arns_of(self, destination=(destination, "stage"))
        actions = ("ivs:StartParticipantReplication", "ivs:StopParticipantReplication")
        return self._grant(grantee, actions, self.stage_arn, *arns)

    def _grant(self, grantee: iam.IGrantable, actions: Sequence[str], *arns: str) -> iam.Grant:
        permission = _grants.Permission(actions, arns)
        return _grants.add_to_principal(
            self, grantee, permission, account=self.env.account, reason=NO_RESOURCE_POLICIES
        )


def _elsewhere(arns: Mapping[str, str], region: str, account: str) -> Iterator[Violation]:
    """What a composition cannot use, for it is in another Region or account than the stage."""
    for prop, arn in arns.items():
        for word, named, own in places_apart(arn, region, account):
            fix = "what a composition uses is in the account and Region of its stage; create one there"
            yield warning("referenceElsewhere", prop, named, f"should be in the {word} of the stage, {own}", fix)


def _invalid_actions(actions: Sequence[object]) -> Iterator[Violation]:
    """What is no action of IAM, or has its wildcard `?`, which aws-cdk-lib refuses in any statement."""
    for action in actions or (None,):
        if not isinstance(action, str) or not (is_unknown(action) or _ACTION.fullmatch(action)):
            text = 'must be actions of IAM such as "ivs:GetStage"'
            yield violation("grantedActions", "actions", action, text, "write service:Action, without a ?")
