"""Metrics of a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from .. import _arguments, _suggestions
from .._arguments import plain, violation, warning
from .._metrics import validate_options
from .._validation import message_of, report
from ..rules import Kind
from ..rules._unknown import is_unknown
from ..rules._values import closest_of, join_or, values_of
from ..rules.ivs import metrics
from ._stage_base import StageBase

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aws_cdk import aws_cloudwatch as cloudwatch
    from typing_extensions import Unpack

    from .._metrics import MetricOptions
    from ..errors import Violation

_MAX_DIMENSION = 255


class StageMetrics(StageBase):
    """The metrics of a stage."""

    def metric(
        self,
        metric_name: str,
        *,
        participant_id: str | None = None,
        simulcast_layer: metrics.SimulcastLayer | str | None = None,
        track: metrics.Track | str | None = None,
        **options: Unpack[MetricOptions],
    ) -> cloudwatch.Metric:
        """A CloudWatch metric of the stage, in namespace `AWS/IVSRealTime`.

        The service publishes averages, minima and maxima, and nothing while a stage is idle. A statistic or a
        combination of dimensions that it does not publish is a warning.

        Source: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/stage-health.html

        Args:
            metric_name: Name of the metric, such as `Publishers` or `PublishResolution`.
            participant_id: Only this participant, where the service publishes it. Default: the whole stage.
            simulcast_layer: Only this layer of the participant's video, where the service publishes it. Default: none.
            track: Only this track of the participant, where the service publishes it. Default: none.
            options: Keywords of `aws_cloudwatch.MetricOptions`. Default statistic: `Average` over five minutes.

        Raises:
            StageConfigurationError: CloudWatch refuses one of the values.
        """
        from aws_cdk import aws_cloudwatch as cloudwatch

        given = cast("MetricOptions", {name: value for name, value in options.items() if value is not None})
        name = _arguments.text("metric_name", metric_name, _MAX_DIMENSION, rule="metricName")
        report(self, [*name, *validate_options(given)])
        chosen = {"participant_id": participant_id, "simulcast_layer": simulcast_layer, "track": track}
        own_dimensions = given.get("dimensions_map")
        published = None if own_dimensions is not None else metrics.DIMENSIONS.get(metric_name)
        report(
            self,
            [
                *_invalid_dimension_values(chosen),
                *_unpublished_statistic(given.get("statistic")),
                *_unpublished_dimensions(metric_name, chosen, published),
            ],
        )
        dimensions = {"Stage": self.stage_id}
        if participant_id is not None:
            dimensions["Participant"] = participant_id
        if simulcast_layer is not None:
            dimensions["SimulcastLayer"] = plain(simulcast_layer)
        if track is not None:
            dimensions["MediaType"] = plain(track)
        given["dimensions_map"] = dimensions if own_dimensions is None else dict(own_dimensions)
        given.setdefault("statistic", "Average")
        environment = self.env
        if not is_unknown(environment.region):
            given.setdefault("region", environment.region)
        if not is_unknown(environment.account):
            given.setdefault("account", environment.account)
        return cloudwatch.Metric(namespace="AWS/IVSRealTime", metric_name=metric_name, **given)

    def metric_publishers(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Participants that publish; a stage has at most 12. Default statistic: `Maximum` over five minutes.

        Args:
            options: Keywords of `aws_cloudwatch.MetricOptions`. Default: the statistic above, five minutes.
        """
        options["statistic"] = options.get("statistic") or "Maximum"
        return self.metric("Publishers", **options)

    def metric_subscribers(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Participants that subscribe. Default statistic: `Maximum` over five minutes.

        Args:
            options: Keywords of `aws_cloudwatch.MetricOptions`. Default: the statistic above, five minutes.
        """
        options["statistic"] = options.get("statistic") or "Maximum"
        return self.metric("Subscribers", **options)

    def metric_download_packet_loss(
        self, *, participant_id: str | None = None, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Percentage of packets that subscribers lost. Default statistic: `Average` over five minutes.

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
        simulcast_layer: metrics.SimulcastLayer | str | None = None,
        track: metrics.Track | str | None = None,
        **options: Unpack[MetricOptions],
    ) -> cloudwatch.Metric:
        """Bits per second that publishers send. Default statistic: `Average` over five minutes.

        For a participant it is published by layer and track: give all three or none.

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
        track: metrics.Track | str | None = None,
        **options: Unpack[MetricOptions],
    ) -> cloudwatch.Metric:
        """Bits per second that subscribers receive. Default statistic: `Average` over five minutes.

        For a participant it is published by track: give both or none.

        Args:
            participant_id: Only this participant. Default: the whole stage.
            track: Only this track of the participant. Default: none.
            options: Keywords of `aws_cloudwatch.MetricOptions`. Default: the statistic above, five minutes.
        """
        return self.metric("SubscribeBitrate", participant_id=participant_id, track=track, **options)


def _invalid_dimension_values(chosen: Mapping[str, object]) -> Iterator[Violation]:
    participant = chosen["participant_id"]
    is_valid = isinstance(participant, str) and (is_unknown(participant) or 1 <= len(participant) <= _MAX_DIMENSION)
    if participant is not None and not is_valid:
        text = f"must be a string of 1 to {_MAX_DIMENSION} characters"
        yield violation("metricDimensionValue", "participant_id", participant, text, "give the id of a participant")
    for prop, kind in (("simulcast_layer", metrics.SimulcastLayer), ("track", metrics.Track)):
        value, values = plain(chosen[prop]), values_of(kind)
        if value is None or value in values or (isinstance(value, str) and is_unknown(value)):
            continue
        names = {member.value: f"{kind.__name__}.{member.name}" for member in kind}
        closest = closest_of(value, values)
        problem = f"{prop} must be {join_or(names.values())}, got {_suggestions.format_value(value)}"
        fix = f"write {names[closest or values[0]]}{'' if closest else ' for instance'}"
        yield message_of("metricDimensionValue", prop, value, problem, fix, kind=Kind.SET)


def _unpublished_statistic(statistic: object) -> Iterator[Violation]:
    if statistic is not None and not is_unknown(statistic) and str(statistic).lower() not in metrics.STATISTICS:
        text = "should be Average, Minimum or Maximum"
        fix = "the service publishes no other statistic, and an alarm on it never has data"
        yield warning("statistic", "statistic", statistic, text, fix)


def _unpublished_dimensions(
    metric_name: str, chosen: Mapping[str, object], published: Sequence[frozenset[str]] | None
) -> Iterator[Violation]:
    given = frozenset(name for name, value in chosen.items() if value is not None)
    if published is None or given in published:
        return
    scopes = [f"by {join_or(sorted(names), 'and')}" if names else "of the whole stage" for names in published]
    fix = f'write cloudwatch.Metric(namespace="AWS/IVSRealTime", metric_name="{metric_name}")'
    if published:
        closest = min(published, key=lambda names: (len(names ^ given), len(names)))
        changes = {"add": sorted(closest - given), "leave out": sorted(given - closest)}
        advice = " and ".join(f"{verb} {join_or(names, 'and')}" for verb, names in changes.items() if names)
        fix = f"there is never data; {advice}"
    prop = min(given, default="metric_name")
    text = f"should fit the data of {metric_name} that the service publishes: {', or '.join(scopes) or 'of the Region'}"
    yield warning("metricDimensions", prop, chosen.get(prop, metric_name), text, fix)
