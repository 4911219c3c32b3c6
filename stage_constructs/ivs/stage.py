"""A stage of Amazon IVS real-time."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, ClassVar, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_ivs as ivs
from aws_cdk.interfaces.aws_ivs import IStageRef, StageReference

from .. import _checks, _grants
from .._metrics import faults_of as metric_faults
from . import _events, _lookup, _rules, _tags
from . import participant_recording as recording
from ._place import place_of
from ._references import arn_of
from .event_names import CompositionEvent, ParticipantRecordingEvent, StageEventType, StageUpdateEvent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_events as events
    from aws_cdk import aws_iam as iam
    from aws_cdk.interfaces.aws_ivs import IChannelRef, IEncoderConfigurationRef, IStorageConfigurationRef
    from constructs import Construct
    from typing_extensions import Unpack

    from .._metrics import MetricOptions
    from .metric_dimensions import SimulcastLayer, Track

_OBSERVE = (
    "ivs:GetParticipant",
    "ivs:GetStage",
    "ivs:GetStageSession",
    "ivs:ListParticipantEvents",
    "ivs:ListParticipantReplicas",
    "ivs:ListParticipants",
    "ivs:ListStageSessions",
)


@jsii.implements(IStageRef)
class Stage(cdk.Resource):
    """Define a stage: a room in which up to 12 participants publish sound and picture to thousands in real time.

    Makes one `AWS::IVS::Stage`. Everything is changed in place, nothing ever replaces the stage. The event and ingest
    endpoints of a stage are known to the `GetStage` API alone.

    AWS advises a stage for each session of an application, made when it begins and deleted when it ends: see
    `StageSessions` for backends that do so. A stage of a template is one that stays.

    Sources: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/what-is.html,
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ivs-stage.html
    """

    __jsii_ifaces__: ClassVar[list[type]] = []
    """Those of `Resource` go without saying, and jsii looks for every member in each interface that is said."""

    stage_name: str | None
    """Name of the stage; None where it has none or it is not known."""
    tags: dict[str, str]
    """Tags as given or looked up."""

    @classmethod
    def from_stage_arn(cls, scope: Construct, id: str, stage_arn: str) -> Stage:
        """Import a stage by its ARN, with the Region and the account that the ARN names.

        The stage has grants, events and metrics; it cannot be changed.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            stage_arn: ARN of the stage.

        Raises:
            StageConfigurationError: The ARN is not that of a stage.
        """
        _checks.refuse(scope, id, list(_rules.arn("stage_arn", stage_arn, "stage")))
        return _ImportedStage(scope, id, stage_arn)

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
        faults = list(_rules.reference("stage", stage, stage_arn, "stage"))
        if stage_arn is None or faults:
            raise _checks.refusal(scope, id, *faults)
        name = stage.name if isinstance(stage, ivs.CfnStage) else getattr(stage, "stage_name", None)
        environment = stage.env
        return _ImportedStage(
            scope, id, stage_arn, stage_name=name, region=environment.region, account=environment.account
        )

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
        found = _lookup.look_up(scope, id, stage_arn=stage_arn, stage_name=stage_name)
        return _ImportedStage(
            scope,
            id,
            found.stage_arn,
            stage_name=found.stage_name,
            tags=found.tags,
            active_session_id=found.active_session_id,
        )

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
            StageConfigurationError: The service would refuse one of the values, or the Region has no stages.
        """
        place = place_of(scope)
        faults = [
            *_rules.region(place.region),
            *_rules.name("stage_name", stage_name),
            *recording.faults_of(auto_participant_recording),
            *_rules.tags(tags),
            *place.faults_of_next("stages"),
        ]
        _checks.refuse(scope, id, faults)
        super().__init__(scope, id)
        place.made["stages"] += 1

        self.stage_name = stage_name
        self.tags = dict(tags or {})
        self._resource = ivs.CfnStage(
            self,
            "Resource",
            name=stage_name,
            auto_participant_recording_configuration=recording.render(auto_participant_recording),
            tags=_tags.render(tags),
        )
        if faults:
            _checks.warn(self, faults)

    @functools.cached_property
    def stage_arn(self) -> str:
        """ARN of the stage."""
        return self._resource.attr_arn

    @functools.cached_property
    def stage_id(self) -> str:
        """Id of the stage, the last part of its ARN: `topic` of a token, and dimension of its metrics."""
        arn = self.stage_arn
        return cdk.Fn.select(1, cdk.Fn.split("/", arn)) if _checks.is_token(arn) else arn.partition("/")[2]

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

    def grant(self, grantee: iam.IGrantable, *actions: str) -> iam.Grant:
        """Let a principal do what the actions name, to this stage.

        Args:
            grantee: Who may.
            actions: IAM actions on stages, such as `ivs:GetStage`.
        """
        faults = list(_rules.actions(actions))
        if faults:
            raise _checks.error(self.node.path, *faults)
        return self._grant(grantee, actions, self.stage_arn)

    def grant_read(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let a principal read the stage and its tags; its endpoints are needed to sign tokens.

        Args:
            grantee: Who may read.
        """
        return self.grant(grantee, "ivs:GetStage", "ivs:ListTagsForResource")

    def grant_update(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let a principal change the stage: its name, its recording, its tags.

        Args:
            grantee: Who may change it.
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
        """Let a principal delete the stage.

        Args:
            grantee: Who may delete it.
        """
        return self.grant(grantee, "ivs:DeleteStage", "ivs:UntagResource")

    def grant_create_participant_token(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let a principal issue tokens by which participants join the stage.

        IAM cannot limit what a token allows: the principal decides on publishing, user ids and durations.

        Args:
            grantee: Who may issue tokens.
        """
        return self.grant(grantee, "ivs:CreateParticipantToken")

    def grant_disconnect_participant(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let a principal put participants out of the stage.

        Args:
            grantee: Who moderates.
        """
        return self.grant(grantee, "ivs:DisconnectParticipant")

    def grant_observe(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let a principal follow the sessions of the stage: its participants and what happened to them.

        Args:
            grantee: Who may observe.
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
        """Let a principal start compositions of the stage, to be recorded, broadcast, or both.

        To stop what it started it needs `grant_manage_compositions` as well.

        Args:
            grantee: Who may start compositions.
            encoder_configuration: How they are encoded.
            storage_configuration: Where they may be recorded. Default: nowhere.
            channel_arn: The channel, or its ARN, that they may be broadcast on. Default: none.

        Raises:
            StageConfigurationError: One of them is not what it should be.
        """
        encoder = arn_of(encoder_configuration, "encoder_configuration")
        storage = arn_of(storage_configuration, "storage_configuration")
        channel = channel_arn if channel_arn is None or isinstance(channel_arn, str) else arn_of(channel_arn, "channel")
        faults = [*_rules.reference("encoder_configuration", encoder_configuration, encoder, "encoder-configuration")]
        if storage_configuration is not None:
            faults += _rules.reference("storage_configuration", storage_configuration, storage, "storage-configuration")
        if channel_arn is not None:
            faults += _rules.reference("channel_arn", channel_arn, channel, "channel")
        if faults:
            raise _checks.error(self.node.path, *faults)
        arns = [arn for arn in (self.stage_arn, encoder, storage, channel) if arn is not None]
        return self._grant(grantee, ("ivs:StartComposition",), *arns)

    def grant_manage_compositions(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let a principal list the compositions of the stage, and look at and stop compositions.

        Args:
            grantee: Who manages compositions.
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
        """Let a principal show participants of this stage on another one.

        Args:
            grantee: Who may start and stop it.
            destination: The other stage.

        Raises:
            StageConfigurationError: The destination is no stage of Amazon IVS.
        """
        arn = arn_of(destination, "stage")
        faults = list(_rules.reference("destination", destination, arn, "stage"))
        if arn is None or faults:
            raise _checks.error(self.node.path, *faults)
        actions = ("ivs:StartParticipantReplication", "ivs:StopParticipantReplication")
        return self._grant(grantee, actions, self.stage_arn, arn)

    def on_stage_update(
        self,
        id: str,
        *,
        target: events.IRuleTarget | None = None,
        event_names: Sequence[StageUpdateEvent | str] | None = None,
        description: str | None = None,
        rule_name: str | None = None,
        cross_stack_scope: Construct | None = None,
    ) -> events.Rule:
        """Run something when participants publish, stop, or fail to.

        Events are sent to the default bus of the stage's Region, best effort: some may come late, twice or never.

        Args:
            id: Id of the rule in this construct.
            target: What to run. Default: nothing yet; add it by `rule.add_target`.
            event_names: Only these events. Default: all.
            description: Description of the rule. Default: none.
            rule_name: Name of the rule. Default: one is made.
            cross_stack_scope: Where to put the rule when target and stage are in different stacks. Default: here.

        Raises:
            StageConfigurationError: `event_names` is empty or no list.
        """
        return self._on(
            id,
            StageEventType.STAGE_UPDATE,
            StageUpdateEvent,
            target=target,
            event_names=event_names,
            description=description,
            rule_name=rule_name,
            cross_stack_scope=cross_stack_scope,
        )

    def on_participant_recording_state_change(
        self,
        id: str,
        *,
        target: events.IRuleTarget | None = None,
        event_names: Sequence[ParticipantRecordingEvent | str] | None = None,
        description: str | None = None,
        rule_name: str | None = None,
        cross_stack_scope: Construct | None = None,
    ) -> events.Rule:
        """Run something when the recording of a participant starts, ends, or fails to.

        The event names the bucket and the prefix of the recording: `detail.recording_s3_bucket_name` and
        `detail.recording_s3_key_prefix`.

        Args:
            id: Id of the rule in this construct.
            target: What to run. Default: nothing yet; add it by `rule.add_target`.
            event_names: Only these events. Default: all.
            description: Description of the rule. Default: none.
            rule_name: Name of the rule. Default: one is made.
            cross_stack_scope: Where to put the rule when target and stage are in different stacks. Default: here.

        Raises:
            StageConfigurationError: `event_names` is empty or no list.
        """
        return self._on(
            id,
            StageEventType.PARTICIPANT_RECORDING_STATE_CHANGE,
            ParticipantRecordingEvent,
            target=target,
            event_names=event_names,
            description=description,
            rule_name=rule_name,
            cross_stack_scope=cross_stack_scope,
        )

    def on_composition_state_change(
        self,
        id: str,
        *,
        target: events.IRuleTarget | None = None,
        event_names: Sequence[CompositionEvent | str] | None = None,
        description: str | None = None,
        rule_name: str | None = None,
        cross_stack_scope: Construct | None = None,
    ) -> events.Rule:
        """Run something when a composition of the stage, or one of its destinations, starts, ends, or fails.

        These events are the only sign of a composition that fails: it has no metrics.

        Args:
            id: Id of the rule in this construct.
            target: What to run. Default: nothing yet; add it by `rule.add_target`.
            event_names: Only these events. Default: all.
            description: Description of the rule. Default: none.
            rule_name: Name of the rule. Default: one is made.
            cross_stack_scope: Where to put the rule when target and stage are in different stacks. Default: here.

        Raises:
            StageConfigurationError: `event_names` is empty or no list.
        """
        return self._on(
            id,
            StageEventType.COMPOSITION_STATE_CHANGE,
            CompositionEvent,
            target=target,
            event_names=event_names,
            description=description,
            rule_name=rule_name,
            cross_stack_scope=cross_stack_scope,
        )

    def metric(
        self,
        metric_name: str,
        *,
        participant_id: str | None = None,
        simulcast_layer: SimulcastLayer | None = None,
        track: Track | None = None,
        **options: Unpack[MetricOptions],
    ) -> cloudwatch.Metric:
        """A CloudWatch metric of the stage, in namespace `AWS/IVSRealTime`.

        The service keeps averages, minima and maxima and no others, and nothing at all while a stage is idle.

        Source: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/stage-health.html

        Args:
            metric_name: Name of the metric, such as `Publishers` or `PublishResolution`.
            participant_id: Only this participant, where the service keeps it. Default: the whole stage.
            simulcast_layer: Only this layer of the participant's video, where the service keeps it. Default: none.
            track: Only this track of the participant, where the service keeps it. Default: none.
            options: Keywords of `aws_cloudwatch.MetricOptions`. Default statistic: `Average` over five minutes.

        Raises:
            StageConfigurationError: The service keeps no such statistic, or not for these dimensions.
        """
        from aws_cdk import aws_cloudwatch as cloudwatch

        given = cast("MetricOptions", {name: value for name, value in options.items() if value is not None})
        chosen = {"participant_id": participant_id, "simulcast_layer": simulcast_layer, "track": track}
        faults = list(
            _rules.metric(
                metric_name,
                chosen,
                given.get("statistic"),
                own_dimensions="dimensions_map" in given,
            )
        )
        faults += metric_faults(given)
        if faults:
            raise _checks.error(self.node.path, *faults)
        dimensions = {"Stage": self.stage_id}
        if participant_id is not None:
            dimensions["Participant"] = participant_id
        if simulcast_layer is not None:
            dimensions["SimulcastLayer"] = str.__str__(simulcast_layer)
        if track is not None:
            dimensions["MediaType"] = str.__str__(track)
        own_dimensions = given.get("dimensions_map")
        given["dimensions_map"] = dimensions if own_dimensions is None else dict(own_dimensions)
        given.setdefault("statistic", "Average")
        environment = self.env
        if not _checks.is_token(environment.region):
            given.setdefault("region", environment.region)
        if not _checks.is_token(environment.account):
            given.setdefault("account", environment.account)
        return cloudwatch.Metric(namespace="AWS/IVSRealTime", metric_name=metric_name, **given)

    def metric_publishers(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Participants that publish; a stage takes 12. Default statistic: `Maximum` over five minutes.

        Args:
            options: Keywords of `aws_cloudwatch.MetricOptions`. Default: the statistic above, five minutes.
        """
        options["statistic"] = options.get("statistic") or "Maximum"
        return self.metric("Publishers", **options)

    def metric_subscribers(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Participants that watch or listen. Default statistic: `Maximum` over five minutes.

        Args:
            options: Keywords of `aws_cloudwatch.MetricOptions`. Default: the statistic above, five minutes.
        """
        options["statistic"] = options.get("statistic") or "Maximum"
        return self.metric("Subscribers", **options)

    def metric_download_packet_loss(
        self, *, participant_id: str | None = None, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Percentage of packets that did not reach subscribers. Default statistic: `Average` over five minutes.

        Args:
            participant_id: Only this participant. Default: the whole stage.
            options: Keywords of `aws_cloudwatch.MetricOptions`. Default: the statistic above, five minutes.
        """
        return self.metric("DownloadPacketLoss", participant_id=participant_id, **options)

    def metric_dropped_frames(
        self, *, participant_id: str | None = None, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Percentage of frames that subscribers dropped. Default statistic: `Average` over five minutes.

        Args:
            participant_id: Only this participant. Default: the whole stage.
            options: Keywords of `aws_cloudwatch.MetricOptions`. Default: the statistic above, five minutes.
        """
        return self.metric("DroppedFrames", participant_id=participant_id, **options)

    def metric_publish_bitrate(
        self,
        *,
        participant_id: str | None = None,
        simulcast_layer: SimulcastLayer | None = None,
        track: Track | None = None,
        **options: Unpack[MetricOptions],
    ) -> cloudwatch.Metric:
        """Bits a second that publishers send. Default statistic: `Average` over five minutes.

        Of a participant the service keeps it for each layer and track: give all three or none.

        Args:
            participant_id: Only this participant. Default: the whole stage.
            simulcast_layer: Only this layer of the participant's video. Default: none.
            track: Only this track of the participant. Default: none.
            options: Keywords of `aws_cloudwatch.MetricOptions`. Default: the statistic above, five minutes.
        """
        return self.metric(
            "PublishBitrate",
            participant_id=participant_id,
            simulcast_layer=simulcast_layer,
            track=track,
            **options,
        )

    def metric_subscribe_bitrate(
        self,
        *,
        participant_id: str | None = None,
        track: Track | None = None,
        **options: Unpack[MetricOptions],
    ) -> cloudwatch.Metric:
        """Bits a second that subscribers receive. Default statistic: `Average` over five minutes.

        Of a participant the service keeps it for each track: give both or none.

        Args:
            participant_id: Only this participant. Default: the whole stage.
            track: Only this track of the participant. Default: none.
            options: Keywords of `aws_cloudwatch.MetricOptions`. Default: the statistic above, five minutes.
        """
        return self.metric("SubscribeBitrate", participant_id=participant_id, track=track, **options)

    def _grant(self, grantee: iam.IGrantable, actions: tuple[str, ...], *arns: str) -> iam.Grant:
        permission = _grants.Permission(actions, arns)
        return _grants.add_to_principal(
            self, grantee, permission, account=self.env.account, reason=_rules.NO_RESOURCE_POLICIES
        )

    def _on(
        self,
        id: str,
        event_type: StageEventType,
        known: type[StageUpdateEvent | ParticipantRecordingEvent | CompositionEvent],
        *,
        target: events.IRuleTarget | None,
        event_names: Sequence[str] | None,
        description: str | None,
        rule_name: str | None,
        cross_stack_scope: Construct | None,
    ) -> events.Rule:
        from aws_cdk import aws_events as events

        faults = [
            *_rules.event_names("event_names", event_names, [one.value for one in known]),
            *_rules.rule(target, description, rule_name),
        ]
        _checks.refuse(self, id, faults)
        rule = events.Rule(
            self,
            id,
            event_pattern=_events.pattern([event_type], [self.stage_arn], event_names),
            targets=None if target is None else [target],
            description=description,
            rule_name=rule_name,
            cross_stack_scope=cross_stack_scope,
        )
        _checks.warn(rule, [*faults, *_rules.event_region(self.env.region, rule.env.region)])
        return rule


class _ImportedStage(Stage):
    def __init__(
        self,
        scope: Construct,
        id: str,
        stage_arn: str,
        *,
        stage_name: str | None = None,
        tags: Mapping[str, str] | None = None,
        active_session_id: str | None = None,
        region: str | None = None,
        account: str | None = None,
    ) -> None:
        if region is None:
            cdk.Resource.__init__(self, scope, id, environment_from_arn=stage_arn)
        else:
            cdk.Resource.__init__(self, scope, id, region=region, account=account)
        self.stage_arn = stage_arn
        self.stage_name = stage_name
        self.tags = dict(tags or {})
        self.active_session_id = active_session_id
