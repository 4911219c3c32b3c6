"""A stage of Amazon IVS real-time."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import jsii
from aws_cdk import aws_ivs as ivs
from aws_cdk.interfaces.aws_ivs import IStageRef, StageReference

from .._validation import raise_if_invalid
from . import _lookup
from . import participant_recording as recording
from ._references import arn_of, invalid_reference
from ._resource import ImportedResource
from ._stage_events import StageEvents
from ._stage_grants import StageGrants
from ._stage_metrics import StageMetrics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import Construct


@jsii.implements(IStageRef)
class Stage(StageGrants, StageEvents, StageMetrics):
    """Define a stage: a virtual space where up to 12 participants publish audio and video to thousands in real time.

    Creates one `AWS::IVS::Stage`. All properties update without replacement. Only the `GetStage` API returns the event
    and ingest endpoints of a stage.

    AWS recommends one stage for each session of an application, created when it starts and deleted when it ends: see
    `StageSessions` for backends that do so. A stage in a template is one that stays.

    Sources: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/what-is.html,
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ivs-stage.html
    """

    stage_name: str | None
    """Name of the stage; None where it has none or it is not known."""

    @classmethod
    def from_stage_arn(cls, scope: Construct, id: str, stage_arn: str) -> Stage:
        """Import a stage by its ARN, with the Region and the account that the ARN names.

        The stage has grants, events and metrics; it cannot be changed.

        Raises:
            StageConfigurationError: The ARN is not that of a stage.
        """
        return _Imported(scope, id, "stage", stage_arn, {"stage_name": None, "active_session_id": None})

    @classmethod
    def from_stage_ref(cls, scope: Construct, id: str, stage: IStageRef) -> Stage:
        """Wrap a stage of another kind, such as a `CfnStage`, so that it has the methods of this one.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            stage: The stage to wrap. It is left as it is.

        Raises:
            StageConfigurationError: This is no stage of Amazon IVS.
        """
        stage_arn = arn_of(stage, "stage")
        raise_if_invalid(scope, id, list(invalid_reference("stage", stage, stage_arn, "stage")))
        name = stage.name if isinstance(stage, ivs.CfnStage) else getattr(stage, "stage_name", None)
        environment = stage.env
        known = {"region": environment.region, "account": environment.account}
        attributes = {"stage_name": name, "active_session_id": None}
        return _Imported(scope, id, "stage", str(stage_arn), attributes, environment=known)

    @classmethod
    def from_lookup(
        cls, scope: Construct, id: str, *, stage_arn: str | None = None, stage_name: str | None = None
    ) -> Stage:
        """Import a stage as it is in the account at synth: the CDK CLI asks Cloud Control, and keeps the answer.

        The stage knows its `stage_arn`, `stage_name`, `tags`, `active_session_id` and `region`. Until the CLI has
        asked, these are placeholders. The answer is kept in `cdk.context.json`; `cdk context --reset` forgets it.
        Tags and the id of the active session are in that file, and in the cloud assembly, in plain text.

        Args:
            scope: Where to put the construct, in a stack with a concrete account and Region.
            id: Id of the construct in that scope.
            stage_arn: ARN of the stage. Default: it is looked up by its name.
            stage_name: Name of the stage, in place of its ARN. Default: it is looked up by its ARN.
                Names need not be unique: exactly one stage must have it.

        Raises:
            StageConfigurationError: The stack has no concrete environment, or no stage or several have been found.
        """
        live = _lookup.look_up(scope, id, stage_arn=stage_arn, stage_name=stage_name)
        attributes = {"stage_name": live.get("Name") or None, "active_session_id": live.get("ActiveSessionId") or None}
        tags = {tag["Key"]: tag["Value"] for tag in live.get("Tags") or ()}
        return _Imported(scope, id, "stage", live["Arn"], attributes, tags=tags)

    @staticmethod
    def is_stage(x: object) -> bool:
        """Whether an object is a `Stage`, defined or imported.

        Args:
            x: Any object.
        """
        return isinstance(x, Stage)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        stage_name: str | None = None,
        auto_participant_recording: recording.ParticipantRecording | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """Define a stage.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            stage_name: At most 128 letters, digits, hyphens and underscores; need not be unique. Default: none.
            auto_participant_recording: Whether and how each participant is recorded. Default: not at all.
                Left out, recording that was on before is switched off.
            tags: At most 50 tags, beside those of `Tags.of`. Default: none.

        Raises:
            StageConfigurationError: One of the values is not valid, or the Region has no stages.
        """
        arguments = recording.arguments_of(auto_participant_recording)
        rendered = {} if arguments else recording.to_cloudformation(auto_participant_recording)
        properties: dict[str, object] = {"Name": stage_name, "AutoParticipantRecordingConfiguration": rendered}
        given = {} if arguments else recording.given_by(auto_participant_recording)
        super().__init__(scope, id, ivs.CfnStage, properties, tags, arguments=arguments, given=given)
        self.stage_name = stage_name
        recording.leave_out_unused_storage(self._resource, auto_participant_recording)

    @functools.cached_property
    def active_session_id(self) -> str | None:
        """Id of the session that is running; None where it is not known.

        Of a stage in the template it is an attribute that CloudFormation reads at deploy, which has no value while
        nobody is in the stage.
        """
        return self._resource.attr_active_session_id

    @property
    def region(self) -> str:
        """Region of the stage."""
        return self.env.region

    @property
    def stage_ref(self) -> StageReference:
        """Reference to the stage, for whatever takes an `IStageRef`."""
        return StageReference(stage_arn=self.stage_arn)


class _Imported(ImportedResource, Stage):
    """A stage that is declared elsewhere."""
