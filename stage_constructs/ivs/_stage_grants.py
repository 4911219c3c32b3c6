"""Permissions on a stage."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .. import _grants
from .._arguments import violation
from .._validation import report
from ..rules._unknown import is_unknown
from ._references import arn_of, invalid_reference
from ._resource import NO_RESOURCE_POLICIES
from ._stage_base import StageBase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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


class StageGrants(StageBase):
    """The grants of a stage."""

    def grant(self, grantee: iam.IGrantable, *actions: str) -> iam.Grant:
        """Grant a principal permission for some actions on this stage.

        Args:
            grantee: The principal.
            actions: IAM actions on stages, such as `ivs:GetStage`.
        """
        report(self, _invalid_actions(actions))
        return self._grant(grantee, actions, self.stage_arn)

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant a principal permission to read the stage and its tags.

        Backends that sign tokens themselves need it for the endpoints of the stage.

        Args:
            grantee: The principal.
        """
        return self.grant(grantee, "ivs:GetStage", "ivs:ListTagsForResource")

    def grant_update(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant a principal permission to update the stage: its name, its recording, its tags.

        Args:
            grantee: The principal.
        """
        return self.grant(
            grantee,
            "ivs:GetStage",
            "ivs:ListTagsForResource",
            "ivs:TagResource",
            "ivs:UntagResource",
            "ivs:UpdateStage",
        )

    def grant_delete(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant a principal permission to delete the stage.

        Args:
            grantee: The principal.
        """
        return self.grant(grantee, "ivs:DeleteStage", "ivs:UntagResource")

    def grant_create_participant_token(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant a principal permission to create the tokens with which participants join the stage.

        IAM cannot limit what a token allows: the principal decides on publishing, user ids and durations.

        Args:
            grantee: The principal.
        """
        return self.grant(grantee, "ivs:CreateParticipantToken")

    def grant_disconnect_participant(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant a principal permission to disconnect participants.

        Args:
            grantee: The principal.
        """
        return self.grant(grantee, "ivs:DisconnectParticipant")

    def grant_observe(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant a principal permission to read the sessions of the stage, their participants and events.

        Args:
            grantee: The principal.
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

        Args:
            grantee: The principal.
            encoder_configuration: How they are encoded.
            storage_configuration: Where they may be recorded. Default: nowhere.
            channel_arn: The channel, or its ARN, that they may be broadcast on. Default: none.

        Raises:
            StageConfigurationError: One of them is not what it should be.
        """
        encoder = arn_of(encoder_configuration, "encoder-configuration")
        storage = arn_of(storage_configuration, "storage-configuration")
        channel = channel_arn if channel_arn is None or isinstance(channel_arn, str) else arn_of(channel_arn, "channel")
        violations = [
            *invalid_reference("encoder_configuration", encoder_configuration, encoder, "encoder-configuration")
        ]
        if storage_configuration is not None:
            prop = "storage_configuration"
            violations += invalid_reference(prop, storage_configuration, storage, "storage-configuration")
        if channel_arn is not None:
            violations += invalid_reference("channel_arn", channel_arn, channel, "channel")
        report(self, violations)
        arns = [arn for arn in (self.stage_arn, encoder, storage, channel) if arn is not None]
        return self._grant(grantee, ("ivs:StartComposition",), *arns)

    def grant_manage_compositions(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant a principal permission to list the compositions of the stage, and to read and stop compositions.

        Args:
            grantee: The principal.
        """
        compositions = self.stack.format_arn(
            service="ivs",
            region=self.env.region,
            account=self.env.account,
            resource="composition",
            resource_name="*",
        )
        # A composition gets its id when it starts, and IAM does not know the stage that it is of.
        return self._grant(grantee, ("ivs:GetComposition", "ivs:StopComposition"), compositions).combine(
            self.grant(grantee, "ivs:ListCompositions")
        )

    def grant_participant_replication(self, grantee: iam.IGrantable, destination: IStageRef) -> iam.Grant:
        """Grant a principal permission to replicate participants of this stage to another one.

        Args:
            grantee: The principal.
            destination: The other stage.

        Raises:
            StageConfigurationError: The destination is no stage of Amazon IVS.
        """
        arn = arn_of(destination, "stage")
        report(self, invalid_reference("destination", destination, arn, "stage"))
        actions = ("ivs:StartParticipantReplication", "ivs:StopParticipantReplication")
        return self._grant(grantee, actions, self.stage_arn, str(arn))

    def _grant(self, grantee: iam.IGrantable, actions: Sequence[str], *arns: str) -> iam.Grant:
        permission = _grants.Permission(actions, arns)
        return _grants.add_to_principal(
            self, grantee, permission, account=self.env.account, reason=NO_RESOURCE_POLICIES
        )


def _invalid_actions(actions: Sequence[object]) -> Iterator[Violation]:
    """What is no action of IAM."""
    expected = 'must be actions of IAM such as "ivs:GetStage"'
    if not actions:
        yield violation("grantedActions", "actions", actions, expected, "name at least one")
    for action in actions:
        if not isinstance(action, str) or not (is_unknown(action) or _ACTION.fullmatch(action)):
            # IAM has the wildcard ?, and aws-cdk-lib refuses it in any statement.
            question_mark = isinstance(action, str) and "?" in action
            fix = "aws-cdk-lib accepts no ? in an action; name them" if question_mark else "write service:Action"
            yield violation("grantedActions", "actions", action, expected, fix)
