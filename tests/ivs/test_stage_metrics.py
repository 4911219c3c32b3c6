"""Metrics: names, the id as dimension, statistics, and the sets of dimensions that the service keeps."""

from __future__ import annotations

import inspect
import re
from types import MappingProxyType
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch

from stage_constructs import StageConfigurationError, ivs

from .template_helpers import STAGE_ARN, properties, warnings

METHODS = {
    "metric_publishers": ("Publishers", "Maximum"),
    "metric_subscribers": ("Subscribers", "Maximum"),
    "metric_download_packet_loss": ("DownloadPacketLoss", "Average"),
    "metric_dropped_frames": ("DroppedFrames", "Average"),
    "metric_publish_bitrate": ("PublishBitrate", "Average"),
    "metric_subscribe_bitrate": ("SubscribeBitrate", "Average"),
}
LAYER = {
    "participant_id": "p1",
    "simulcast_layer": ivs.SimulcastLayer.HI,
    "track": ivs.Track.VIDEO,
}


@pytest.fixture
def imported(stack: cdk.Stack) -> ivs.Stage:
    """A stage that was made elsewhere."""
    return ivs.Stage.from_stage_arn(stack, "Stage", STAGE_ARN)


def dimensions(metric: cloudwatch.Metric) -> dict[str, Any]:
    """The dimensions of a metric."""
    return {one.name: one.value for one in metric.to_metric_config().metric_stat.dimensions}


def of_imported(stack: cdk.Stack) -> list[str]:
    """The warnings of a stack, which CDK synthesizes with a resource only."""
    cdk.CfnWaitConditionHandle(stack, "Handle")
    return warnings(stack)


@pytest.mark.parametrize("method", METHODS)
def test_metrics(imported: ivs.Stage, method: str) -> None:
    """Each metric has its name, its statistic and the id of the stage, not its ARN."""
    metric: cloudwatch.Metric = getattr(imported, method)()
    name, statistic = METHODS[method]
    assert (metric.namespace, metric.metric_name, metric.statistic) == ("AWS/IVSRealTime", name, statistic)
    assert dimensions(metric) == {"Stage": "AbCdEf123456"}
    assert metric.period.to_minutes() == 5


@pytest.mark.parametrize("method", [*METHODS, "metric"])
def test_metric_options(imported: ivs.Stage, method: str) -> None:
    """The usual options are taken, and None stands for the default."""
    name = ("Publishers",) if method == "metric" else ()
    metric: cloudwatch.Metric = getattr(imported, method)(
        *name, statistic="Minimum", period=cdk.Duration.minutes(1), label="it", color=None, unit=None
    )
    assert (metric.statistic, metric.period.to_minutes(), metric.label) == ("Minimum", 1, "it")
    default: cloudwatch.Metric = getattr(imported, method)(*name, statistic=None)
    assert default.statistic == METHODS.get(method, ("", "Average"))[1]


@pytest.mark.parametrize("method", [*METHODS, "metric"])
@pytest.mark.parametrize("statistic", ["Sum", "p99"])
def test_statistics_that_are_not_published(stack: cdk.Stack, imported: ivs.Stage, method: str, statistic: str) -> None:
    """The service publishes no sums, counts and percentiles: an alarm on one never has data, which is a warning."""
    name = ("Publishers",) if method == "metric" else ()
    assert getattr(imported, method)(*name, statistic=statistic).statistic == statistic
    (warning,) = of_imported(stack)
    assert "statistic should be Average, Minimum or Maximum" in warning


@pytest.mark.parametrize("statistic", ["Average", "avg", "Minimum", "min", "MAXIMUM", cloudwatch.Stats.MAXIMUM])
def test_statistics(imported: ivs.Stage, statistic: str) -> None:
    """The three statistics are taken in each spelling that CloudWatch's construct takes."""
    assert imported.metric("Publishers", statistic=statistic).statistic.lower()[:3] in {"ave", "avg", "min", "max"}


def test_metrics_of_a_participant(imported: ivs.Stage) -> None:
    """Where the service keeps a metric per participant, track and layer, it can be had."""
    lost = imported.metric_download_packet_loss(participant_id="p1")
    dropped = imported.metric_dropped_frames(participant_id="p1")
    received = imported.metric_subscribe_bitrate(participant_id="p1", track=ivs.Track.AUDIO)
    sent = imported.metric_publish_bitrate(
        participant_id="p1", simulcast_layer=ivs.SimulcastLayer.MID, track=ivs.Track.VIDEO
    )
    participant = {"Stage": "AbCdEf123456", "Participant": "p1"}
    assert dimensions(lost) == dimensions(dropped) == participant
    assert dimensions(received) == {**participant, "MediaType": "audio"}
    assert dimensions(sent) == {**participant, "SimulcastLayer": "mid", "MediaType": "video"}


def test_metrics_without_a_method(imported: ivs.Stage) -> None:
    """The resolution of a layer, and what AWS may add, is had by its name."""
    assert dimensions(imported.metric("PublishResolution", **LAYER))["SimulcastLayer"] == "hi"  # type: ignore[arg-type]
    assert dimensions(imported.metric("PublishFramerate", participant_id="p1"))["Participant"] == "p1"
    assert dimensions(imported.metric("SomethingNew", participant_id="p1")) == {
        "Stage": "AbCdEf123456",
        "Participant": "p1",
    }


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("Publishers", {"participant_id": "p1"}, "the whole stage"),
        ("DroppedFrames", {"track": "video"}, "the whole stage, or by participant_id"),
        ("SubscribeBitrate", {"participant_id": "p1"}, "the whole stage, or by participant_id and track"),
        ("PublishBitrate", {"participant_id": "p1"}, "by participant_id, simulcast_layer and track"),
        ("PublishResolution", {}, "by participant_id, simulcast_layer and track"),
        ("ConcurrentPublishers", {}, "of the Region.*cloudwatch.Metric"),
    ],
)
def test_dimensions_that_are_not_published(
    stack: cdk.Stack, imported: ivs.Stage, name: str, given: dict[str, Any], kept: str
) -> None:
    """A combination of dimensions that the service does not publish never has data, which is a warning."""
    imported.metric(name, **given)
    (warning,) = of_imported(stack)
    assert re.search(f"should fit the data of {name} that the service publishes: .*{kept}", warning)
    assert "stage-constructs:metricDimensions" in warning


@pytest.mark.parametrize(("prop", "value"), [("simulcast_layer", "high"), ("track", "VIDEO")])
def test_dimension_values_that_are_refused(imported: ivs.Stage, prop: str, value: str) -> None:
    """Layers and tracks are those that the service has."""
    given: dict[str, Any] = {**LAYER, prop: value}
    with pytest.raises(
        StageConfigurationError,
        match=rf"{prop} must be (SimulcastLayer|Track)\..*: write (SimulcastLayer\.HI|Track\.VIDEO); if AWS accepts it",
    ):
        imported.metric("PublishBitrate", **given)


def test_a_layer_is_accepted_once_aws_has_it(stack: cdk.Stack, imported: ivs.Stage) -> None:
    """AWS may add layers: the rule is accepted on a scope."""
    accepted = cdk.Acknowledgment(id="stage-constructs:metricDimensionValue", reason="new")
    cdk.Validations.of(stack).acknowledge(accepted)
    metric = imported.metric_publish_bitrate(participant_id="p1", simulcast_layer="ultra", track="video")
    assert dimensions(metric)["SimulcastLayer"] == "ultra"


def test_dimensions_of_ones_own(imported: ivs.Stage) -> None:
    """Who names the dimensions himself has them as they are."""
    own = {"Stage": "AbCdEf123456", "Platform": "Android"}
    assert dimensions(imported.metric("DroppedFrames", dimensions_map=own)) == own


def test_an_alarm_on_a_stage_of_the_stack(stack: cdk.Stack, stage: ivs.Stage) -> None:
    """The dimension of a stage that is only just made is cut from its ARN at deploy."""
    alarm = cloudwatch.Alarm(
        stack,
        "Full",
        metric=stage.metric_publishers(),
        threshold=12,
        evaluation_periods=1,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
    rendered = properties(stack, "AWS::CloudWatch::Alarm")
    arn = {"Fn::GetAtt": ["Stage0E8C2AF5", "Arn"]}
    assert rendered["Dimensions"] == [{"Name": "Stage", "Value": {"Fn::Select": [1, {"Fn::Split": ["/", arn]}]}}]
    assert (rendered["Namespace"], rendered["MetricName"]) == ("AWS/IVSRealTime", "Publishers")
    assert alarm.node.id == "Full"


def test_metrics_are_of_the_stage_s_region(stack: cdk.Stack, agnostic: cdk.Stack) -> None:
    """A metric is of the Region and account of the stage, wherever it is drawn."""
    arn = "arn:aws:ivs:us-west-2:210987654321:stage/AbCdEf123456"
    elsewhere = ivs.Stage.from_stage_arn(stack, "Elsewhere", arn).metric_publishers()
    assert (elsewhere.region, elsewhere.account) == ("us-west-2", "210987654321")
    here = ivs.Stage(stack, "Here").metric_publishers()
    assert (here.region, here.account) == ("eu-west-1", "123456789012")
    anywhere = ivs.Stage(agnostic, "Anywhere").metric_publishers()
    assert (anywhere.region, anywhere.account) == (None, None)


def test_methods_take_what_the_metric_has(imported: ivs.Stage) -> None:
    """Methods of metrics that the service keeps per participant take one, the others do not."""
    assert "participant_id" in inspect.signature(imported.metric_dropped_frames).parameters
    assert "participant_id" not in inspect.signature(imported.metric_publishers).parameters


def test_dimensions_of_any_mapping(imported: ivs.Stage) -> None:
    """A mapping of another kind than dict is copied, since jsii takes no other."""
    metric = imported.metric("Publishers", dimensions_map=MappingProxyType({"Stage": "other"}))
    assert dimensions(metric) == {"Stage": "other"}


@pytest.mark.parametrize("options", [{"participant_id": "p1"}, LAYER])
def test_framerate_by_participant_and_by_layer(imported: ivs.Stage, options: dict[str, Any]) -> None:
    """The frame rate is kept by participant, and by participant, layer and track."""
    metric = imported.metric("PublishFramerate", **options)
    assert dimensions(metric).keys() == {
        "Stage",
        "Participant",
        *(("SimulcastLayer", "MediaType") * (len(options) > 1)),
    }
    assert imported.node.metadata == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"metric_name": ["Publishers"]}, "metric_name must be a string"),
        ({"statistic": 5}, "statistic must be a string"),
        ({"label": ["a"]}, "label must be a string"),
        ({"region": 5.5}, "region must be a string"),
        ({"visible": "yes"}, "visible must be True or False"),
        ({"unit": "Count"}, "unit must be a cloudwatch.Unit.*write cloudwatch.Unit.COUNT"),
        ({"dimensions_map": ["a"]}, "dimensions_map must be a dict"),
        ({"period": 60}, "period must be a Duration"),
    ],
    ids=str,
)
def test_options_of_another_type_are_refused(imported: ivs.Stage, options: dict[str, Any], message: str) -> None:
    """An option of a type that CDK does not take is an error of this library."""
    with pytest.raises(StageConfigurationError, match=message):
        imported.metric(**{"metric_name": "Publishers", **options})


@pytest.mark.parametrize("seconds", [7, 20, 59, 61, 90])
def test_periods_that_a_metric_cannot_have(imported: ivs.Stage, seconds: int) -> None:
    """A period of more than a minute is a whole number of minutes."""
    with pytest.raises(StageConfigurationError, match="period must be a whole number of minutes"):
        imported.metric("Publishers", period=cdk.Duration.seconds(seconds))
    assert imported.metric("Publishers", period=cdk.Duration.seconds(120)).period.to_seconds() == 120
