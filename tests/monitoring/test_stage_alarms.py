"""Alarms: which there are of each kind of stage, their thresholds, what they do, and what is refused."""

from __future__ import annotations

import inspect
import math
import re
from typing import Any

import aws_cdk as cdk
import constructs
import pytest
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_sns as sns
from typing_extensions import get_overloads

from stage_constructs import StageConfigurationError, ivs
from stage_constructs.apigatewayv2 import HttpStage, RouteSettings, StageSettings, WebSocketStage
from stage_constructs.monitoring import StageAlarms, Threshold
from stage_constructs.monitoring._alarm_definitions import ALARM_DEFINITIONS
from stage_constructs.monitoring._monitored_stage import StageKind
from tests.kernel import KernelRequests

from .template_helpers import alarms, plain, resources, template, warnings

ABOVE = "GreaterThanThreshold"
AT_LEAST = "GreaterThanOrEqualToThreshold"
DEFAULTS = {
    "http": {
        "server_error_rate": (0.05, ABOVE, 3),
        "client_error_rate": (0.05, ABOVE, 5),
        "latency_ms": (2500, AT_LEAST, 5),
    },
    "websocket": {
        "integration_error_rate": (0.05, ABOVE, 3),
        "execution_error_rate": (0.05, ABOVE, 3),
        "client_error_rate": (0.05, ABOVE, 5),
        "integration_latency_ms": (2000, AT_LEAST, 5),
    },
    "room": {
        "publishers": (11, AT_LEAST, 1),
        "subscribers": (9000, AT_LEAST, 1),
        "download_packet_loss_percent": (5, ABOVE, 5),
        "dropped_frames_percent": (5, ABOVE, 5),
        "recording_failures": (1, AT_LEAST, 1),
        "composition_failures": (1, AT_LEAST, 1),
    },
}
THRESHOLDS = [(kind, name) for kind, names in DEFAULTS.items() for name in names]
OTHER_VALUES = {"rate": 0.25, "percent": 1.5, "ms": 800, "publishers": 12, "subscribers": 20_000, "failures": 3}


def logical(name: str, of: str = "Alarms") -> str:
    """The logical id of an alarm, without the hash."""
    return of + "".join(word.capitalize() for word in name.split("_"))


def only(stack: cdk.Stack, name: str) -> dict[str, Any]:
    """The properties of one alarm."""
    return alarms(stack)[logical(name)]


class TestDefaults:
    @pytest.mark.parametrize("kind", DEFAULTS)
    def test_the_alarms_of_each_kind(self, stack: cdk.Stack, request: pytest.FixtureRequest, kind: str) -> None:
        """Each kind of stage has its alarms, at hand by the names of their thresholds."""
        made = StageAlarms(stack, "Alarms", stage=request.getfixturevalue(kind))
        assert list(made.alarms) == list(DEFAULTS[kind])
        assert all(isinstance(alarm, cloudwatch.Alarm) for alarm in made.alarms.values())
        found = {
            name: (alarm["Threshold"], alarm["ComparisonOperator"], alarm["EvaluationPeriods"])
            for name in DEFAULTS[kind]
            for alarm in [only(stack, name)]
        }
        assert found == DEFAULTS[kind]

    def test_all_that_there_is(self, stack: cdk.Stack, stage: Any) -> None:
        """Nothing but alarms is made, and a rule for each alarm on events."""
        made = StageAlarms(stack, "Alarms", stage=stage)
        found = [one.cfn_resource_type for one in made.node.find_all() if isinstance(one, cdk.CfnResource)]
        on_events = sum(name.endswith("failures") for name in made.alarms)
        expected = ["AWS::CloudWatch::Alarm"] * len(made.alarms) + ["AWS::Events::Rule"] * on_events
        assert sorted(found) == expected

    def test_no_actions(self, stack: cdk.Stack, stage: Any) -> None:
        """Alarms only show unless told otherwise, and all periods must breach."""
        StageAlarms(stack, "Alarms", stage=stage)
        for alarm in alarms(stack).values():
            assert not {"AlarmActions", "OKActions", "InsufficientDataActions", "DatapointsToAlarm"} & alarm.keys()

    def test_descriptions(self, stack: cdk.Stack, http: HttpStage) -> None:
        """An alarm says which stage it is about, what is the matter and where to look."""
        StageAlarms(stack, "Alarms", stage=http)
        said = plain(only(stack, "server_error_rate")["AlarmDescription"])
        assert said.startswith(
            "HTTP stage $default of API <HttpApiF5A9A8A7>: 5xx rate above threshold: check the integrations"
        )

    def test_the_mapping_cannot_be_changed(self, stack: cdk.Stack, http: HttpStage) -> None:
        """The alarms are there to be read."""
        made = StageAlarms(stack, "Alarms", stage=http)
        with pytest.raises(TypeError):
            made.alarms["latency_ms"] = None  # type: ignore[index]

    def test_signatures_agree(self) -> None:
        """What a type checker sees of each kind of stage has the defaults of the constructor."""
        whole = inspect.signature(StageAlarms.__init__).parameters
        seen: set[str] = set()
        for overload in get_overloads(StageAlarms.__init__):
            own = inspect.signature(overload).parameters
            seen |= own.keys()
            assert {name: one.default for name, one in own.items()}.items() <= {
                name: one.default for name, one in whole.items()
            }.items()
        if seen:  # Python 3.10 keeps no overloads
            assert seen == whole.keys()


class TestMetrics:
    def test_latency(self, stack: cdk.Stack, http: HttpStage) -> None:
        """Latency is the p90 of a minute."""
        StageAlarms(stack, "Alarms", stage=http)
        alarm = only(stack, "latency_ms")
        assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/ApiGateway", "Latency")
        assert (alarm["ExtendedStatistic"], alarm["Period"]) == ("p90", 60)
        assert alarm["Dimensions"] == [
            {"Name": "ApiId", "Value": {"Ref": "HttpApiF5A9A8A7"}},
            {"Name": "Stage", "Value": "$default"},
        ]

    @pytest.mark.parametrize(
        ("name", "metric", "statistic"),
        [
            ("publishers", "Publishers", "Maximum"),
            ("subscribers", "Subscribers", "Maximum"),
            ("download_packet_loss_percent", "DownloadPacketLoss", "Average"),
            ("dropped_frames_percent", "DroppedFrames", "Average"),
        ],
    )
    def test_participants(self, stack: cdk.Stack, room: ivs.Stage, name: str, metric: str, statistic: str) -> None:
        """Alarms of IVS are about the metrics of the service, by the statistics that it keeps."""
        StageAlarms(stack, "Alarms", stage=room)
        alarm = only(stack, name)
        assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/IVSRealTime", metric)
        assert (alarm["Statistic"], alarm["Period"]) == (statistic, 60)
        assert [one["Name"] for one in alarm["Dimensions"]] == ["Stage"]

    @pytest.mark.parametrize(
        ("kind", "name", "errors", "traffic"),
        [
            ("http", "server_error_rate", "5xx", {"Count"}),
            ("http", "client_error_rate", "4xx", {"Count"}),
            ("websocket", "integration_error_rate", "IntegrationError", {"ConnectCount", "MessageCount"}),
            ("websocket", "execution_error_rate", "ExecutionError", {"ConnectCount", "MessageCount"}),
            ("websocket", "client_error_rate", "ClientError", {"ConnectCount", "MessageCount"}),
        ],
    )
    def test_rates(
        self,
        stack: cdk.Stack,
        request: pytest.FixtureRequest,
        kind: str,
        name: str,
        errors: str,
        traffic: set[str],
    ) -> None:
        """A rate is computed of the sums of a minute; only the rate itself is what the alarm looks at."""
        StageAlarms(stack, "Alarms", stage=request.getfixturevalue(kind))
        rate, *parts = only(stack, name)["Metrics"]
        assert (rate["ReturnData"], rate["Label"]) == (True, name.replace("_", " "))
        assert not any(part["ReturnData"] for part in parts)
        assert {part["MetricStat"]["Stat"] for part in parts} == {"Sum"}
        assert {part["MetricStat"]["Period"] for part in parts} == {60}
        named = {part["Id"]: part["MetricStat"]["Metric"]["MetricName"] for part in parts}
        assert named.pop("errors") == errors
        assert set(named.values()) == traffic


class TestFailures:
    """Alarms on the events of an IVS stage, of which the service has no metrics."""

    @pytest.mark.parametrize(
        ("name", "pattern"),
        [
            (
                "recording_failures",
                {
                    "detail-type": ["IVS Participant Recording State Change"],
                    "resources": [{"Fn::GetAtt": ["Room4AB29A70", "Arn"]}],
                    "detail": {"event_name": ["Recording Start Failure", "Recording End Failure"]},
                },
            ),
            (
                "composition_failures",
                {
                    "detail-type": ["IVS Composition State Change"],
                    "detail": {
                        "event_name": ["Session Failure", "Destination Failure"],
                        "stage_arn": [{"Fn::GetAtt": ["Room4AB29A70", "Arn"]}],
                    },
                },
            ),
        ],
    )
    def test_the_rule(self, stack: cdk.Stack, room: ivs.Stage, name: str, pattern: dict[str, Any]) -> None:
        """A rule without a target and without a name of its own matches the failures; the alarm counts its matches."""
        others = dict.fromkeys(DEFAULTS["room"], None) | {name: 1}
        StageAlarms(stack, "Alarms", stage=room, **others)  # type: ignore[call-overload]
        [(rule_id, rule)] = [
            (logical_id, one["Properties"])
            for logical_id, one in template(stack)["Resources"].items()
            if one["Type"] == "AWS::Events::Rule"
        ]
        assert rule["EventPattern"] == {"source": ["aws.ivs"], **pattern}
        assert rule.keys() == {"Description", "EventPattern", "State"}
        alarm = only(stack, name)
        assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == ("AWS/Events", "TriggeredRules", "Sum")
        assert alarm["Dimensions"] == [{"Name": "RuleName", "Value": {"Ref": rule_id}}]

    @pytest.mark.parametrize("name", ["recording_failures", "composition_failures"])
    def test_the_events_exist(self, name: str) -> None:
        """The events that are counted are failures among those that AWS documents."""
        events = ALARM_DEFINITIONS[StageKind.IVS][name].events
        assert events is not None
        kinds = {
            ivs.StageEventType.PARTICIPANT_RECORDING_STATE_CHANGE: ivs.ParticipantRecordingEvent,
            ivs.StageEventType.COMPOSITION_STATE_CHANGE: ivs.CompositionEvent,
        }
        known = kinds[ivs.StageEventType(events.event_type)]
        assert set(events.event_names) == {event.value for event in known if event.value.endswith("Failure")}

    def test_imported(self, stack: cdk.Stack) -> None:
        """Imported stages have these alarms too."""
        arn = "arn:aws:ivs:eu-west-1:123456789012:stage/AbCdEf123456"
        StageAlarms(stack, "Alarms", stage=ivs.Stage.from_stage_arn(stack, "Room", arn))
        recording, composition = (rule["EventPattern"] for rule in resources(stack, "AWS::Events::Rule"))
        assert recording["resources"] == composition["detail"]["stage_arn"] == [arn]


class Point(float):
    """A data point of metric math, in which a division by zero gives none."""

    def __truediv__(self, other: float) -> Point:
        return Point(float(self) / other) if other else Point("nan")

    def __add__(self, other: float) -> Point:
        return Point(float(self) + other)


def computed(expression: str, **points: float | None) -> float | None:
    """What CloudWatch computes of an expression at one time; None where a metric has no data point."""

    def fill(point: Point | None, value: float) -> Point:
        return Point(value) if point is None else point

    def choose(condition: bool, one: float, other: float) -> float:
        return one if condition else other

    names = {name: None if point is None else Point(point) for name, point in points.items()}
    try:
        value = eval(expression.replace("IF(", "choose("), {"FILL": fill, "choose": choose}, names)  # noqa: S307
    except TypeError:  # a metric without a data point
        return None
    assert not math.isnan(value)
    return float(value)


class TestIdle:
    def test_missing_data_does_not_breach(self, stack: cdk.Stack, stage: Any) -> None:
        """A stage that sends no metrics raises no alarm."""
        StageAlarms(stack, "Alarms", stage=stage)
        assert {alarm["TreatMissingData"] for alarm in alarms(stack).values()} == {"notBreaching"}

    @pytest.mark.parametrize(
        ("requests", "errors", "share"),
        [
            *[(None, None, None), (0, 0, 0), (0, None, 0), (100, None, 0), (100, 0, 0), (100, 5, 0.05), (10, 10, 1)],
            *[(1, 1, 0), (9, 9, 0), (10, 1, 0.1)],  # too few requests to tell anything; just enough
        ],
    )
    def test_http_rates(
        self, stack: cdk.Stack, http: HttpStage, requests: float | None, errors: float | None, share: float | None
    ) -> None:
        """A rate is the share of all requests, and 0 or nothing where there are none."""
        StageAlarms(stack, "Alarms", stage=http)
        expression = only(stack, "server_error_rate")["Metrics"][0]["Expression"]
        assert computed(expression, requests=requests, errors=errors) == share

    @pytest.mark.parametrize(
        ("connects", "messages", "errors", "share"),
        [
            (None, None, None, 0),
            (0, 0, 0, 0),
            (None, 100, None, 0),
            (None, 100, 5, 0.05),
            (50, 50, 25, 0.25),
            (10, None, 10, 1),
            (None, None, 10, 1),  # clients that are all refused before they connect
            (1, None, 19, 1),
            *[(None, None, 1, 0), (None, None, 9, 0), (1, None, 9, 0), (5, 4, 1, 0)],  # too few to tell anything
            *[(5, 5, 1, 0.1), (1, None, 10, 1)],  # just enough
        ],
    )
    def test_websocket_rates(
        self,
        stack: cdk.Stack,
        websocket: WebSocketStage,
        connects: float | None,
        messages: float | None,
        errors: float | None,
        share: float,
    ) -> None:
        """A rate is the share of connects and messages, 0 where there is nothing, and at most 1."""
        StageAlarms(stack, "Alarms", stage=websocket)
        expression = only(stack, "client_error_rate")["Metrics"][0]["Expression"]
        assert computed(expression, connects=connects, messages=messages, errors=errors) == share


class TestMinRequests:
    """Rate alarms need a smallest number of requests."""

    @pytest.mark.parametrize("minimum", [0, None])
    @pytest.mark.parametrize(
        ("kind", "points", "share"),
        [
            ("http", {"requests": 1, "errors": 1}, 1),
            ("http", {"requests": 0, "errors": None}, 0),
            ("websocket", {"connects": None, "messages": None, "errors": 1}, 1),
            ("websocket", {"connects": 2, "messages": 2, "errors": 1}, 0.25),
            ("websocket", {"connects": None, "messages": None, "errors": None}, 0),
        ],
    )
    def test_no_minimum(
        self,
        stack: cdk.Stack,
        request: pytest.FixtureRequest,
        minimum: float | None,
        kind: str,
        points: dict[str, float | None],
        share: float,
    ) -> None:
        """None and 0 switch the minimum off."""
        StageAlarms(stack, "Alarms", stage=request.getfixturevalue(kind), min_requests=minimum)
        expression = only(stack, "client_error_rate")["Metrics"][0]["Expression"]
        assert computed(expression, **points) == share

    @pytest.mark.parametrize("minimum", [2, 50, 0.5, 2.5, 1e6])
    def test_each_rate_alarm_has_the_minimum(
        self, stack: cdk.Stack, http: HttpStage, websocket: WebSocketStage, minimum: float
    ) -> None:
        """Just below the minimum nothing fires, and at it all rate alarms do."""
        StageAlarms(stack, "Shop", stage=http, min_requests=minimum)
        StageAlarms(stack, "Talk", stage=websocket, min_requests=minimum)
        rates = [one["Metrics"][0]["Expression"] for one in alarms(stack).values() if "Metrics" in one]
        assert len(rates) == 5
        below, enough = math.ceil(minimum) - 1, math.ceil(minimum)
        for expression in rates:
            for number, share in ((below, 0), (enough, 1)):
                points = (
                    {"requests": number, "errors": number}
                    if "requests" in expression
                    else {"connects": None, "messages": None, "errors": number}
                )
                assert computed(expression, **points) == share

    def test_a_minimum_that_is_not_known_yet(
        self, stack: cdk.Stack, http: HttpStage, websocket: WebSocketStage
    ) -> None:
        """A token is written into the expression; even 0 at deploy is right."""
        number = cdk.CfnParameter(stack, "Least", type="Number").value_as_number
        StageAlarms(stack, "Shop", stage=http, min_requests=number)
        StageAlarms(stack, "Talk", stage=websocket, min_requests=number)
        expression = plain(alarms(stack)[logical("server_error_rate", "Shop")]["Metrics"][0]["Expression"])
        assert expression == "IF(requests >= <Least>, FILL(errors, 0) / requests, 0)"
        chat = plain(alarms(stack)[logical("client_error_rate", "Talk")]["Metrics"][0]["Expression"])
        for number, share in (("0", 0), ("5", 0)):
            points = {"connects": None, "messages": None, "errors": None}
            assert computed(chat.replace("<Least>", number), **points) == share

    def test_not_on_ivs(self, stack: cdk.Stack, room: ivs.Stage) -> None:
        """An IVS stage has no rate alarms: refused, unless it is None."""
        with pytest.raises(StageConfigurationError, match="min_requests is not supported on an IVS stage, got 5"):
            StageAlarms(stack, "Alarms", stage=room, min_requests=5)  # type: ignore[call-overload]
        StageAlarms(stack, "Alarms", stage=room, min_requests=None)  # type: ignore[call-overload]

    @pytest.mark.parametrize(
        ("value", "problem"),
        [
            (-1, "must be a number of requests, at least 0, got -1"),
            (float("nan"), "must be a number of requests"),
            (float("inf"), "must be a number of requests"),
            (True, "must be a number of requests"),
            ("ten", "must be a number of requests.*min_requests=None for no minimum"),
        ],
    )
    def test_what_is_refused(self, stack: cdk.Stack, http: HttpStage, value: Any, problem: str) -> None:
        """What is no number of requests is refused."""
        with pytest.raises(StageConfigurationError, match=f"min_requests {problem}"):
            StageAlarms(stack, "Alarms", stage=http, min_requests=value)


class TestThresholds:
    @pytest.mark.parametrize(("kind", "name"), THRESHOLDS)
    def test_set(self, stack: cdk.Stack, request: pytest.FixtureRequest, kind: str, name: str) -> None:
        """Each threshold is a prop."""
        value = OTHER_VALUES[name.rpartition("_")[2]]
        StageAlarms(stack, "Alarms", stage=request.getfixturevalue(kind), **{name: value})  # type: ignore[call-overload]
        assert only(stack, name)["Threshold"] == value
        assert len(alarms(stack)) == len(DEFAULTS[kind])

    @pytest.mark.parametrize(("kind", "name"), THRESHOLDS)
    def test_switched_off(self, stack: cdk.Stack, request: pytest.FixtureRequest, kind: str, name: str) -> None:
        """None switches an alarm off."""
        made = StageAlarms(stack, "Alarms", stage=request.getfixturevalue(kind), **{name: None})  # type: ignore[call-overload]
        expected = [one for one in DEFAULTS[kind] if one != name]
        assert list(made.alarms) == expected
        assert sorted(alarms(stack)) == sorted(logical(one) for one in expected)

    def test_a_threshold_that_is_not_known_yet(self, stack: cdk.Stack, http: HttpStage) -> None:
        """A token is taken as it is."""
        parameter = cdk.CfnParameter(stack, "Slow", type="Number")
        StageAlarms(stack, "Alarms", stage=http, latency_ms=parameter.value_as_number)
        assert only(stack, "latency_ms")["Threshold"] == {"Ref": "Slow"}

    @pytest.mark.parametrize(
        ("kind", "name", "value"),
        [
            ("http", "server_error_rate", 0),
            ("http", "server_error_rate", 0.999),
            ("http", "latency_ms", 0.5),
            ("room", "publishers", 1),
            ("room", "publishers", 12),
            ("room", "subscribers", 1),
            ("room", "dropped_frames_percent", 0),
            ("room", "dropped_frames_percent", 99.9),
        ],
    )
    def test_limits(self, stack: cdk.Stack, request: pytest.FixtureRequest, kind: str, name: str, value: float) -> None:
        """Whatever a metric can cross is taken."""
        StageAlarms(stack, "Alarms", stage=request.getfixturevalue(kind), **{name: value})  # type: ignore[call-overload]
        assert only(stack, name)["Threshold"] == value
        assert warnings(stack, "thresholdRange") == []

    @pytest.mark.parametrize(
        ("kind", "name", "value", "problem"),
        [
            ("http", "latency_ms", "2500", "must be milliseconds"),
            ("http", "latency_ms", True, "must be milliseconds"),
            ("http", "latency_ms", float("inf"), "must be milliseconds.*write a finite number"),
            ("room", "download_packet_loss_percent", float("nan"), "must be a percentage"),
        ],
    )
    def test_thresholds_that_are_refused(
        self, stack: cdk.Stack, request: pytest.FixtureRequest, kind: str, name: str, value: Any, problem: str
    ) -> None:
        """A threshold that is no finite number is refused, and nothing is made."""
        stage = request.getfixturevalue(kind)
        with pytest.raises(StageConfigurationError, match=f"{name} {problem}") as error:
            StageAlarms(stack, "Alarms", stage=stage, **{name: value})  # type: ignore[call-overload]
        assert (error.value.construct_path, error.value.prop) == ("Stack/Alarms", name)
        assert stack.node.try_find_child("Alarms") is None

    @pytest.mark.parametrize(
        ("kind", "name", "value", "problem"),
        [
            (
                "http",
                "server_error_rate",
                5,
                "a share of all requests.*got 5: the alarm never fires; write 0.05 for 5 %",
            ),
            ("http", "server_error_rate", 1, "from 0 to less than 1, got 1: the alarm never fires; .*None switches it"),
            ("http", "client_error_rate", -0.1, "got -0.1: the alarm fires in every period that has data"),
            ("http", "client_error_rate", 100, "never fires; client_error_rate=None switches it off"),
            ("http", "latency_ms", 0, "milliseconds, more than 0, got 0: the alarm fires in every period"),
            ("websocket", "integration_error_rate", 2, "write 0.02 for 2 %"),
            ("room", "publishers", 0, "from 1 to 12, the most that can publish.*fires in every period"),
            ("room", "publishers", 13, "from 1 to 12.*never fires"),
            ("room", "subscribers", 0, "at least 1"),
            ("room", "dropped_frames_percent", 100, "from 0 to less than 100"),
            ("room", "dropped_frames_percent", 101, "from 0 to less than 100"),
        ],
    )
    def test_thresholds_that_no_metric_crosses(
        self, stack: cdk.Stack, request: pytest.FixtureRequest, kind: str, name: str, value: float, problem: str
    ) -> None:
        """CloudWatch takes a threshold that is never or always crossed: it is set, with a warning."""
        StageAlarms(stack, "Alarms", stage=request.getfixturevalue(kind), **{name: value})  # type: ignore[call-overload]
        [warning] = warnings(stack, "thresholdRange")
        assert re.search(f"^{name} should be .*{problem}", warning)
        assert only(stack, name)["Threshold"] == value

    def test_a_duration(self, stack: cdk.Stack, http: HttpStage) -> None:
        """A Duration in place of milliseconds is refused."""
        with pytest.raises(StageConfigurationError, match=r"must be milliseconds.*got Duration.seconds\(1\): write"):
            StageAlarms(stack, "Alarms", stage=http, latency_ms=cdk.Duration.seconds(1))  # type: ignore[call-overload]

    @pytest.mark.parametrize(
        ("kind", "name", "value"),
        [("websocket", "latency_ms", 800), ("http", "publishers", 5), ("room", "client_error_rate", 0.5)],
    )
    def test_thresholds_of_other_kinds(
        self, stack: cdk.Stack, request: pytest.FixtureRequest, kind: str, name: str, value: float
    ) -> None:
        """A threshold that a stage of this kind does not have is refused with those that it has."""
        stage = request.getfixturevalue(kind)
        expected = (
            f"{name} is no threshold of an? .* stage, got {value}: leave it out; there are {next(iter(DEFAULTS[kind]))}"
        )
        with pytest.raises(StageConfigurationError, match=expected):
            StageAlarms(stack, "Alarms", stage=stage, **{name: value})  # type: ignore[call-overload]

    def test_switched_off_whatever_the_kind(
        self, stack: cdk.Stack, http: HttpStage, websocket: WebSocketStage, room: ivs.Stage
    ) -> None:
        """None is taken for each kind, so that a loop over stages of all kinds can switch alarms off."""
        for stage in (http, websocket, room):
            StageAlarms(stack, f"{stage.node.id}Alarms", stage=stage, client_error_rate=None, publishers=None)  # type: ignore[call-overload]
        assert len(alarms(stack)) == 2 + 3 + 5

    def test_all_faults_at_once(self, stack: cdk.Stack, http: HttpStage) -> None:
        """Several faults are told in one error."""
        with pytest.raises(StageConfigurationError, match=r"(?s)server_error_rate.*latency_ms.*evaluation_periods"):
            StageAlarms(stack, "Alarms", stage=http, server_error_rate="7", latency_ms=math.inf, evaluation_periods=0)  # type: ignore[call-overload]


class TestLevels:
    """A warning and a critical threshold of one alarm."""

    @pytest.mark.parametrize(("kind", "name"), THRESHOLDS)
    def test_both(self, stack: cdk.Stack, request: pytest.FixtureRequest, kind: str, name: str) -> None:
        """The critical alarm is that of a number; the warning is another one, with actions of its own."""
        value = OTHER_VALUES[name.rpartition("_")[2]]
        both = Threshold(critical=value, warning=value / 2)
        pages, tells = (cloudwatch_actions.SnsAction(sns.Topic(stack, each)) for each in ("Page", "Tell"))
        props: Any = {name: both, "actions": [pages], "warning_actions": [tells]}
        made = StageAlarms(stack, "Alarms", stage=request.getfixturevalue(kind), **props)
        assert {name, f"{name}_warning"} <= made.alarms.keys()
        critical, warning = only(stack, name), only(stack, f"{name}_warning")
        assert (critical["Threshold"], warning["Threshold"]) == (value, value / 2)
        assert plain(critical["AlarmActions"][0]).startswith("<Page")
        assert plain(warning["AlarmActions"][0]).startswith("<Tell")
        assert plain(warning["AlarmDescription"]) == f"Warning: {plain(critical['AlarmDescription'])}"
        same = critical.keys() - {"Threshold", "AlarmActions", "AlarmDescription"}
        assert {key: warning[key] for key in same} == {key: critical[key] for key in same}

    def test_one(self, stack: cdk.Stack, http: HttpStage) -> None:
        """What a Threshold leaves out is no alarm."""
        made = StageAlarms(
            stack,
            "Alarms",
            stage=http,
            server_error_rate=Threshold(critical=0.1),
            client_error_rate=Threshold(warning=0.1),
            latency_ms=Threshold(),
        )
        assert list(made.alarms) == ["server_error_rate", "client_error_rate_warning"]

    @pytest.mark.parametrize(
        ("threshold", "problem"),
        [
            (
                {"latency_ms": Threshold(critical=1000, warning=1000)},
                "latency_ms.warning should be less than critical, 1000",
            ),
            (
                {"low_traffic": Threshold(critical=10, warning=5)},
                "low_traffic.warning should be more than critical, 10",
            ),
            ({"latency_ms": Threshold(critical=1000, warning=0)}, "latency_ms.warning should be milliseconds"),
        ],
    )
    def test_thresholds_that_do_not_fit(self, stack: cdk.Stack, http: HttpStage, threshold: Any, problem: str) -> None:
        """A warning that comes too late or is always there deploys: it is warned of."""
        StageAlarms(stack, "Alarms", stage=http, **threshold)
        [warning] = warnings(stack, "thresholdRange")
        assert warning.startswith(problem)

    def test_what_is_refused(self, stack: cdk.Stack, http: HttpStage) -> None:
        """A level that is no number is refused by its name."""
        wrong: Any = Threshold(critical=0.1, warning="low")
        with pytest.raises(StageConfigurationError, match=r"server_error_rate\.warning must be a share"):
            StageAlarms(stack, "Alarms", stage=http, server_error_rate=wrong)

    def test_tokens(self, stack: cdk.Stack, http: HttpStage) -> None:
        """Levels that are known at deploy time only are not compared."""
        number = cdk.CfnParameter(stack, "Slow", type="Number").value_as_number
        StageAlarms(stack, "Alarms", stage=http, latency_ms=Threshold(critical=number, warning=800))
        assert warnings(stack, "thresholdRange") == []
        assert only(stack, "latency_ms")["Threshold"] == {"Ref": "Slow"}


class TestLowTraffic:
    @pytest.mark.parametrize(("kind", "metric"), [("http", "Count"), ("websocket", "MessageCount")])
    def test_the_alarm(self, stack: cdk.Stack, request: pytest.FixtureRequest, kind: str, metric: str) -> None:
        """Low traffic is as AWS recommends it: below the threshold for 10 minutes, and no data is no traffic."""
        StageAlarms(stack, "Alarms", stage=request.getfixturevalue(kind), low_traffic=100)
        alarm = only(stack, "low_traffic")
        assert (alarm["MetricName"], alarm["Statistic"], alarm["Period"]) == (metric, "SampleCount", 60)
        assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (100, "LessThanThreshold")
        assert (alarm["EvaluationPeriods"], alarm["TreatMissingData"]) == (10, "breaching")

    def test_a_threshold_that_is_never_reached(self, stack: cdk.Stack, http: HttpStage) -> None:
        """There are never less than 0 requests."""
        StageAlarms(stack, "Alarms", stage=http, low_traffic=0)
        [warning] = warnings(stack, "thresholdRange")
        assert "got 0: the alarm never fires" in warning


class TestRoutes:
    """Alarms of a single route."""

    DETAILED = RouteSettings(detailed_metrics_enabled=True)

    @pytest.mark.parametrize("kind", ["http", "websocket"])
    def test_metrics(self, stack: cdk.Stack, request: pytest.FixtureRequest, kind: str) -> None:
        """All metrics are those of the route, which the descriptions name."""
        stage = request.getfixturevalue(kind)
        stage.add_route_settings("$default", self.DETAILED)
        StageAlarms(stack, "Alarms", stage=stage, route="$default", low_traffic=5)
        assert [*map(logical, [*DEFAULTS[kind], "low_traffic"])] == list(alarms(stack))
        for alarm in alarms(stack).values():
            parts = [part["MetricStat"]["Metric"] for part in alarm.get("Metrics", [])[1:]] or [alarm]
            for metric in parts:
                assert {"Name": "Route", "Value": "$default"} in metric["Dimensions"]
            assert plain(alarm["AlarmDescription"]).startswith("route $default of ")
        assert warnings(stack, "routeWithoutMetrics") == []

    def test_a_construct(self, stack: cdk.Stack) -> None:
        """A route can be given as a construct."""
        api = apigatewayv2.CfnApi(stack, "Api", name="api", protocol_type="HTTP")
        route = apigatewayv2.CfnRoute(stack, "Route", api_id=api.ref, route_key="GET /pets")
        stage = HttpStage(stack, "Stage", api=api, route_settings={route: self.DETAILED})
        StageAlarms(stack, "Alarms", stage=stage, route=route)
        assert {"Name": "Route", "Value": "GET /pets"} in only(stack, "latency_ms")["Dimensions"]
        assert warnings(stack, "routeWithoutMetrics") == []

    @pytest.mark.parametrize(
        ("settings", "is_warned"),
        [
            ({}, True),
            ({"route_settings": {"$default": RouteSettings(throttling_rate_limit=5)}}, True),
            ({"route_settings": {"$default": DETAILED}}, False),
            ({"default_route_settings": DETAILED}, False),
            (
                {
                    "default_route_settings": DETAILED,
                    "route_settings": {"$default": RouteSettings(detailed_metrics_enabled=False)},
                },
                True,
            ),
        ],
    )
    def test_without_metrics(self, stack: cdk.Stack, settings: dict[str, Any], is_warned: bool) -> None:
        """A route that the stage records no metrics of is warned of, with the setting to change."""
        api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False)
        StageAlarms(stack, "Alarms", stage=HttpStage(stack, "Stage", api=api, **settings), route="$default")
        found = warnings(stack, "routeWithoutMetrics")
        assert len(found) == is_warned
        if is_warned:
            assert found[0].startswith(
                'route should have detailed metrics, got "$default": the alarms never have data; write'
                ' route_settings={"$default": RouteSettings(detailed_metrics_enabled=True)} on the stage'
            )

    def test_settings_that_are_added_later(self, stack: cdk.Stack, http: HttpStage, native: dict[str, Any]) -> None:
        """Settings may be added until synth, also by StageSettings to a native stage."""
        StageAlarms(stack, "Alarms", stage=http, route="$default")
        stage = native["default"]()
        StageAlarms(stack, "Others", stage=stage, route="$default")
        http.add_route_settings("$default", self.DETAILED)
        stage.with_(StageSettings(route_settings={"$default": self.DETAILED}))
        assert warnings(stack, "routeWithoutMetrics") == []

    def test_native_stages(self, stack: cdk.Stack, native: dict[str, Any]) -> None:
        """Native stages are warned of too; of imported ones the settings are not known."""
        StageAlarms(stack, "Default", stage=native["default"](), route="$default")
        StageAlarms(stack, "L1", stage=native["http_l1"](), route="$default")
        assert len(warnings(stack, "routeWithoutMetrics")) == 2
        StageAlarms(stack, "Imported", stage=native["http_imported"](), route="$default")
        StageAlarms(stack, "Own", stage=HttpStage.from_stage_id(stack, "Id", "aabbccddee/prod"), route="$default")
        assert len(warnings(stack, "routeWithoutMetrics")) == 2

    @pytest.mark.parametrize(
        ("settings", "is_warned"),
        [
            ({"default_route_settings": {"detailedMetricsEnabled": True}}, False),
            (
                {"default_route_settings": apigatewayv2.CfnStage.RouteSettingsProperty(detailed_metrics_enabled=True)},
                False,
            ),
            ({"route_settings": {"GET /pets": {"DetailedMetricsEnabled": True}}}, False),
            ({"route_settings": {"GET /pets": {"DetailedMetricsEnabled": False}}}, True),
            ({"route_settings": {"GET /cats": {"DetailedMetricsEnabled": True}}}, True),
            ({"route_settings": cdk.Fn.transform("Settings", {})}, False),
        ],
    )
    def test_settings_of_an_l1(self, stack: cdk.Stack, settings: dict[str, Any], is_warned: bool) -> None:
        """The settings of an L1 are read as it is given them; a token is not judged."""
        api = apigatewayv2.CfnApi(stack, "Api", name="api", protocol_type="HTTP")
        stage = apigatewayv2.CfnStage(stack, "Stage", api_id=api.ref, stage_name="prod", **settings)
        StageAlarms(stack, "Alarms", stage=stage, route="GET /pets")
        assert len(warnings(stack, "routeWithoutMetrics")) == is_warned

    def test_accepted(self, stack: cdk.Stack, http: HttpStage) -> None:
        """The warning can be acknowledged."""
        made = StageAlarms(stack, "Alarms", stage=http, route="$default")
        accepted = cdk.Acknowledgment(id="stage-constructs:routeWithoutMetrics", reason="set by an Aspect")
        cdk.Validations.of(made).acknowledge(accepted)
        assert warnings(stack, "routeWithoutMetrics") == []

    @pytest.mark.parametrize("route", ["", "x" * 256, 5, object()])
    def test_what_is_refused(self, stack: cdk.Stack, http: HttpStage, route: Any) -> None:
        """What is no route is refused."""
        with pytest.raises(StageConfigurationError, match=r'route must be a route whose key is known.*"GET /pets"'):
            StageAlarms(stack, "Alarms", stage=http, route=route)

    def test_not_on_ivs(self, stack: cdk.Stack, room: ivs.Stage) -> None:
        """An IVS stage has no routes."""
        with pytest.raises(StageConfigurationError, match="route is not supported on an IVS stage"):
            StageAlarms(stack, "Alarms", stage=room, route="$default")  # type: ignore[call-overload]


class TestNamesAndDescriptions:
    def test_names(self, stack: cdk.Stack, stage: Any) -> None:
        """A prefix names each alarm after its threshold."""
        made = StageAlarms(stack, "Alarms", stage=stage, alarm_name_prefix="shop-")
        assert [alarm["AlarmName"] for alarm in alarms(stack).values()] == [f"shop-{name}" for name in made.alarms]

    def test_runbook(self, stack: cdk.Stack, stage: Any) -> None:
        """The URL of the runbook is the end of each description."""
        StageAlarms(stack, "Alarms", stage=stage, runbook_url="https://example.com/runbook")
        for alarm in alarms(stack).values():
            assert plain(alarm["AlarmDescription"]).endswith(". Runbook: https://example.com/runbook")

    def test_who_recommends(self, stack: cdk.Stack, stage: Any) -> None:
        """Each description says whose recommendation the alarm is, as CloudWatch's page has it."""
        StageAlarms(stack, "Alarms", stage=stage)
        ours = {"integration_error_rate", *DEFAULTS["room"]}
        for names in DEFAULTS.values():
            for name in names:
                alarm = alarms(stack).get(logical(name))
                source = "stage-constructs" if name in ours else "AWS"
                assert alarm is None or plain(alarm["AlarmDescription"]).endswith(f". Recommended by {source}.")

    def test_the_longest_description(self) -> None:
        """A description has at most 1,024 characters, with the longest path, route and URL."""
        for kind, definitions in ALARM_DEFINITIONS.items():
            title = f"route {'x' * 128} of {kind.value} {'x' * 256} of API {'x' * 20}"
            for definition in definitions.values():
                assert len(definition.describe(title, "x" * 256, is_warning=True)) < 1024

    @pytest.mark.parametrize(
        ("props", "problem"),
        [
            ({"alarm_name_prefix": ""}, "alarm_name_prefix must have 1 to 200 characters"),
            ({"alarm_name_prefix": "x" * 201}, "alarm_name_prefix must have 1 to 200 characters"),
            ({"alarm_name_prefix": 5}, "alarm_name_prefix must be a string"),
            ({"runbook_url": "x" * 257}, "runbook_url must have 1 to 256 characters"),
            ({"runbook_url": 5}, "runbook_url must be a string"),
        ],
    )
    def test_what_is_refused(self, stack: cdk.Stack, http: HttpStage, props: dict[str, Any], problem: str) -> None:
        """Texts that CloudWatch would refuse are refused."""
        with pytest.raises(StageConfigurationError, match=problem):
            StageAlarms(stack, "Alarms", stage=http, **props)


class TestActions:
    @pytest.fixture
    def action(self, stack: cdk.Stack) -> cloudwatch.IAlarmAction:
        """A topic that is told."""
        return cloudwatch_actions.SnsAction(sns.Topic(stack, "Topic"))  # type: ignore[return-value]

    def test_actions(self, stack: cdk.Stack, stage: Any, action: cloudwatch.IAlarmAction) -> None:
        """Actions are those of each of the alarms."""
        StageAlarms(stack, "Alarms", stage=stage, actions=[action])
        for alarm in alarms(stack).values():
            assert alarm["AlarmActions"] == [{"Ref": "TopicBFC7AF6E"}]
            assert "OKActions" not in alarm

    def test_ok_actions(self, stack: cdk.Stack, stage: Any, action: cloudwatch.IAlarmAction) -> None:
        """There are actions for when all is well again."""
        StageAlarms(stack, "Alarms", stage=stage, ok_actions=(action,))
        for alarm in alarms(stack).values():
            assert alarm["OKActions"] == [{"Ref": "TopicBFC7AF6E"}]
            assert "AlarmActions" not in alarm

    @pytest.mark.parametrize("prop", ["actions", "ok_actions"])
    def test_what_is_no_action(self, stack: cdk.Stack, http: HttpStage, prop: str) -> None:
        """A topic in place of an action is refused with the way to wrap it."""
        topic = sns.Topic(stack, "Topic")
        with pytest.raises(StageConfigurationError, match=rf"{prop}\[0\] must be an alarm action.*SnsAction\(topic\)"):
            StageAlarms(stack, "Alarms", stage=http, **{prop: [topic]})  # type: ignore[call-overload]

    def test_an_action_alone(self, stack: cdk.Stack, http: HttpStage, action: cloudwatch.IAlarmAction) -> None:
        """An action that is not in a list is refused with the way to write it."""
        with pytest.raises(StageConfigurationError, match=r"actions must be a list.*write actions=\[action\]"):
            StageAlarms(stack, "Alarms", stage=http, actions=action)  # type: ignore[call-overload]

    @pytest.mark.parametrize("value", [None, "arn", 5])
    def test_no_list(self, stack: cdk.Stack, http: HttpStage, value: Any) -> None:
        """Anything else in place of a list is refused with the way to write one."""
        with pytest.raises(StageConfigurationError, match=r"ok_actions must be a list.*ok_actions=\[aws_cloud.*topic"):
            StageAlarms(stack, "Alarms", stage=http, ok_actions=value)

    def test_at_most_five(self, stack: cdk.Stack, http: HttpStage, action: cloudwatch.IAlarmAction) -> None:
        """An alarm has at most five actions."""
        StageAlarms(stack, "Five", stage=http, actions=[action] * 5, ok_actions=[action] * 5)
        with pytest.raises(StageConfigurationError, match=r"actions must hold at most 5 actions.*got 6"):
            StageAlarms(stack, "Alarms", stage=http, actions=[action] * 6)

    @pytest.fixture
    def usa(self, app: cdk.App) -> cdk.Stack:
        """A stack in another Region."""
        env = cdk.Environment(account="123456789012", region="us-east-1")
        return cdk.Stack(app, "Usa", env=env, cross_region_references=True)

    @pytest.mark.parametrize("prop", ["actions", "ok_actions"])
    @pytest.mark.parametrize("kind", ["own", "named", "imported", "arn with tokens"])
    def test_topics_of_another_region(
        self, stack: cdk.Stack, http: HttpStage, usa: cdk.Stack, prop: str, kind: str
    ) -> None:
        """CloudWatch refuses topics of another Region as actions: refused in its words, and nothing is made."""
        arn = f"arn:aws:sns:us-east-1:123456789012:{kind}"
        topics = {
            "own": lambda: sns.Topic(usa, "Topic"),
            "named": lambda: sns.Topic(usa, "Topic", topic_name="on-call"),
            "imported": lambda: sns.Topic.from_topic_arn(stack, "Topic", arn),
            "arn with tokens": lambda: sns.Topic.from_topic_arn(
                stack, "Topic", stack.format_arn(service="sns", region="us-east-1", resource="on-call")
            ),
        }
        action = cloudwatch_actions.SnsAction(topics[kind]())
        expected = (
            rf'{prop}\[0\] must be a topic in the Region of the alarms, eu-west-1, got "us-east-1": .*'
            "Invalid region us-east-1 specified. Only eu-west-1 is supported."
        )
        with pytest.raises(StageConfigurationError, match=expected):
            StageAlarms(stack, "Alarms", stage=http, **{prop: [action]})  # type: ignore[call-overload]
        assert stack.node.try_find_child("Alarms") is None

    def test_topics_of_this_or_an_unknown_region(
        self, app: cdk.App, stack: cdk.Stack, http: HttpStage, agnostic: cdk.Stack
    ) -> None:
        """Topics of this Region, also of other accounts, and topics whose Region is not known are taken."""
        env = cdk.Environment(account="123456789012", region="eu-west-1")
        elsewhere = cdk.Stack(app, "Elsewhere", env=env)
        formatted = elsewhere.format_arn(service="sns", region="eu-west-1", resource="c")
        parameter = cdk.CfnParameter(stack, "Parameter").value_as_string
        topics = [
            sns.Topic(elsewhere, "Topic"),
            sns.Topic.from_topic_arn(stack, "A", "arn:aws:sns:eu-west-1:210987654321:a"),
            sns.Topic.from_topic_arn(stack, "B", parameter),
            sns.Topic.from_topic_arn(stack, "C", formatted),
            sns.Topic.from_topic_arn(stack, "D", cdk.Fn.import_value("topic")),
        ]
        StageAlarms(stack, "Alarms", stage=http, actions=[cloudwatch_actions.SnsAction(topic) for topic in topics])
        imported = sns.Topic.from_topic_arn(agnostic, "Topic", "arn:aws:sns:us-east-1:123456789012:a")
        stage = HttpStage.from_stage_id(agnostic, "Stage", "aabbccddee/prod")
        StageAlarms(agnostic, "Alarms", stage=stage, actions=[cloudwatch_actions.SnsAction(imported)])
        assert {len(alarm["AlarmActions"]) for alarm in alarms(stack).values()} == {5}

    def test_other_actions(self, stack: cdk.Stack, http: HttpStage) -> None:
        """Actions without a topic are not asked for a Region."""
        action = cloudwatch_actions.SsmAction(cloudwatch_actions.OpsItemSeverity.CRITICAL)
        StageAlarms(stack, "Alarms", stage=http, actions=[action])
        assert len(alarms(stack)) == 3


class TestWithoutActions:
    """Alarms that notify nobody."""

    def test_the_warning(self, stack: cdk.Stack, stage: Any) -> None:
        """Alarms that do nothing when they fire are warned of, once for all of them."""
        StageAlarms(stack, "Alarms", stage=stage)
        [warning] = warnings(stack, "alarmWithoutActions")
        assert warning.startswith("actions should name what the alarms do when they fire: nobody is notified; write")

    @pytest.mark.parametrize("prop", ["actions", "ok_actions"])
    def test_actions(self, stack: cdk.Stack, http: HttpStage, prop: str) -> None:
        """Any action is enough."""
        action = cloudwatch_actions.SnsAction(sns.Topic(stack, "Topic"))
        StageAlarms(stack, "Alarms", stage=http, **{prop: [action]})  # type: ignore[call-overload]
        assert warnings(stack, "alarmWithoutActions") == []

    @pytest.mark.parametrize("member", ["add_alarm_action", "add_ok_action", "add_insufficient_data_action"])
    def test_actions_that_are_added_later(self, stack: cdk.Stack, http: HttpStage, member: str) -> None:
        """An action that is added to one of the native alarms is enough."""
        made = StageAlarms(stack, "Alarms", stage=http)
        getattr(made.alarms["latency_ms"], member)(cloudwatch_actions.SnsAction(sns.Topic(stack, "Topic")))
        assert warnings(stack, "alarmWithoutActions") == []

    def test_acknowledged(self, stack: cdk.Stack, http: HttpStage) -> None:
        """The warning can be acknowledged, for alarms that are only looked at."""
        made = StageAlarms(stack, "Alarms", stage=http)
        accepted = cdk.Acknowledgment(id="stage-constructs:alarmWithoutActions", reason="parts of a composite alarm")
        cdk.Validations.of(made).acknowledge(accepted)
        assert warnings(stack, "alarmWithoutActions") == []

    def test_no_alarms(self, stack: cdk.Stack, http: HttpStage) -> None:
        """Where all alarms are switched off, nothing is missing."""
        StageAlarms(stack, "Alarms", stage=http, server_error_rate=None, client_error_rate=None, latency_ms=None)
        assert warnings(stack, "alarmWithoutActions") == []


class TestEvaluation:
    def test_period(self, stack: cdk.Stack, stage: Any) -> None:
        """The period is that of each metric."""
        StageAlarms(stack, "Alarms", stage=stage, period=cdk.Duration.minutes(5))
        rendered = re.findall(r'"Period": (\d+)', str(alarms(stack)).replace("'", '"'))
        assert set(rendered) == {"300"}

    def test_m_of_n(self, stack: cdk.Stack, stage: Any) -> None:
        """M of N periods is for each of the alarms on metrics; a single failure is enough for those on events."""
        StageAlarms(stack, "Alarms", stage=stage, evaluation_periods=10, datapoints_to_alarm=4)
        for logical_id, alarm in alarms(stack).items():
            expected = (1, None) if logical_id.endswith("Failures") else (10, 4)
            assert (alarm["EvaluationPeriods"], alarm.get("DatapointsToAlarm")) == expected

    def test_evaluation_periods_alone(self, stack: cdk.Stack, stage: Any) -> None:
        """All of the periods must breach unless told otherwise."""
        StageAlarms(stack, "Alarms", stage=stage, evaluation_periods=2)
        for logical_id, alarm in alarms(stack).items():
            assert alarm["EvaluationPeriods"] == (1 if logical_id.endswith("Failures") else 2)
            assert "DatapointsToAlarm" not in alarm

    @pytest.mark.parametrize("form", ["value", "value_as_number", "value_as_string"])
    def test_tokens(self, stack: cdk.Stack, http: HttpStage, form: str) -> None:
        """Numbers that are not known yet are taken in any form."""
        number: Any = getattr(cdk.CfnParameter(stack, "Number", type="Number"), form)
        StageAlarms(stack, "Alarms", stage=http, evaluation_periods=number, datapoints_to_alarm=number)
        assert {str(alarm["EvaluationPeriods"]) for alarm in alarms(stack).values()} == {"{'Ref': 'Number'}"}

    @pytest.mark.parametrize(
        ("props", "problem"),
        [
            ({"period": 60}, r"period must be a Duration, got 60: write Duration.seconds\(60\)"),
            (
                {"period": cdk.Duration.seconds(40)},
                r"period must be a whole number of minutes, got Duration.seconds\(40\)",
            ),
            ({"period": cdk.Duration.seconds(90)}, "period must be a whole number of minutes"),
            ({"period": cdk.Duration.millis(500)}, r"whole number of minutes, got Duration.seconds\(0.5\)"),
            ({"evaluation_periods": 0}, "evaluation_periods must be at least 1"),
            ({"evaluation_periods": 2.5}, "evaluation_periods must be a whole number"),
            ({"evaluation_periods": True}, "evaluation_periods must be a whole number"),
            ({"datapoints_to_alarm": "two"}, "datapoints_to_alarm must be a whole number"),
            ({"datapoints_to_alarm": 2}, "needs evaluation_periods beside it: write evaluation_periods=2 or more"),
            ({"evaluation_periods": 2, "datapoints_to_alarm": 3}, "got 3: evaluation_periods is 2"),
            ({"evaluation_periods": 2, "datapoints_to_alarm": 0}, "datapoints_to_alarm must be at least 1"),
            ({"evaluation_periods": 1441}, "must not look back longer than 1 day, got 1441: .* write 1440 or less"),
            (
                {"evaluation_periods": 169, "period": cdk.Duration.hours(1)},
                "must not look back longer than 7 days, got 169: .* write 168 or less",
            ),
            (
                {"period": cdk.Duration.days(2)},
                "evaluation_periods must not look back longer than 7 days, got 5: with this period write 3 or less",
            ),
            (
                {"period": cdk.Duration.days(8)},
                "period must be at most 7 days, the longest time that an alarm looks back",
            ),
        ],
    )
    def test_what_is_refused(self, stack: cdk.Stack, http: HttpStage, props: dict[str, Any], problem: str) -> None:
        """What CloudWatch would refuse, or would never have data for, is refused, and nothing is made."""
        with pytest.raises(StageConfigurationError, match=problem):
            StageAlarms(stack, "Alarms", stage=http, **props)
        assert stack.node.try_find_child("Alarms") is None

    @pytest.mark.parametrize("seconds", [10, 30])
    def test_high_resolution(self, stack: cdk.Stack, stage: Any, seconds: int) -> None:
        """CloudWatch takes 10 and 30 seconds, but stages send metrics once a minute: set, with a warning.

        It takes 20 seconds too, which CDK refuses for any metric.
        """
        StageAlarms(stack, "Alarms", stage=stage, period=cdk.Duration.seconds(seconds))
        [warning] = warnings(stack, "highResolutionPeriod")
        assert warning.startswith(
            f"period should be a whole number of minutes, got Duration.seconds({seconds}): stages"
        )
        assert set(re.findall(r"'Period': (\d+)", str(alarms(stack)))) == {str(seconds)}

    @pytest.mark.parametrize(
        "props",
        [
            {"period": cdk.Duration.days(1)},
            {"period": cdk.Duration.days(2), "client_error_rate": None, "latency_ms": None},
            {"period": cdk.Duration.days(7), "evaluation_periods": 1},
            {"period": cdk.Duration.seconds(120)},
            {"period": None, "evaluation_periods": None, "datapoints_to_alarm": None},
            {"evaluation_periods": 1440},
            {"evaluation_periods": 168, "period": cdk.Duration.hours(1)},
            {"evaluation_periods": 3, "datapoints_to_alarm": 3},
        ],
    )
    def test_limits(self, stack: cdk.Stack, http: HttpStage, props: dict[str, Any]) -> None:
        """As much as CloudWatch takes is taken."""
        made = StageAlarms(stack, "Alarms", stage=http, **props)
        assert len(alarms(stack)) == len(made.alarms)


class TestStage:
    @pytest.mark.parametrize("unknown", ["prod", None, object()])
    def test_unknown_kinds(self, stack: cdk.Stack, unknown: Any) -> None:
        """What is no stage is refused with the services that there are."""
        with pytest.raises(StageConfigurationError, match="stage must be a stage of API Gateway v2 or Amazon IVS"):
            StageAlarms(stack, "Alarms", stage=unknown)

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            *(("default", "http"), ("http", "http"), ("http_l1", "http"), ("http_imported", "http")),
            *(("websocket", "websocket"), ("websocket_l1", "websocket"), ("websocket_imported", "websocket")),
            *(("ivs_l1", "room"), ("ivs_reference", "room")),
        ],
    )
    def test_native_stages(self, stack: cdk.Stack, native: dict[str, Any], name: str, kind: str) -> None:
        """Native stages, L2, L1 and imported, have the alarms of their kind, about their own metrics."""
        stage = native[name]()
        made = StageAlarms(stack, "Alarms", stage=stage)
        assert list(made.alarms) == list(DEFAULTS[kind])
        alarm = only(stack, next(iter(DEFAULTS[kind])))
        metric = alarm["Metrics"][1]["MetricStat"]["Metric"] if "Metrics" in alarm else alarm
        dimensions = {each["Name"]: plain(each["Value"]) for each in metric["Dimensions"]}
        if kind == "room":
            assert dimensions.keys() == {"Stage"}
        else:
            assert dimensions["Stage"] in {"$default", "live"}
            assert dimensions["ApiId"] == ("<Shop563325D0>" if kind == "http" else "<Chat26DEB33F>")

    def test_native_alarms_equal_those_of_a_wrapped_stage(self, stack: cdk.Stack, native: dict[str, Any]) -> None:
        """A stage that is wrapped by from_stage_ref has the same alarms as the stage itself."""
        stage = native["default"]()
        StageAlarms(stack, "Alarms", stage=stage)
        StageAlarms(stack, "Others", stage=HttpStage.from_stage_ref(stack, "Wrapped", stage))
        found = alarms(stack)
        for name in DEFAULTS["http"]:
            assert found[logical(name)] == found[logical(name, "Others")]

    def test_alarms_of_an_l1_do_not_depend_on_it(self, stack: cdk.Stack, native: dict[str, Any]) -> None:
        """The name of an L1 is taken as given: its Ref would make the alarms wait for the stage."""
        StageAlarms(stack, "Alarms", stage=native["http_l1"]())
        [_, stage] = only(stack, "latency_ms")["Dimensions"]
        assert stage == {"Name": "Stage", "Value": "live"}

    def test_a_protocol_that_is_not_known(self, stack: cdk.Stack) -> None:
        """An L1 whose API is known by its id alone is refused with the ways to say its protocol; wrapped, it works."""
        stage = apigatewayv2.CfnStage(stack, "L1", api_id="aabbccddee", stage_name="prod")
        expected = (
            "stage must be a stage of an API whose protocol is known, got a CfnStage: wrap it by"
            ' apigatewayv2.HttpStage.from_stage_ref(self, "Id", stage) or'
            ' apigatewayv2.WebSocketStage.from_stage_ref(self, "Id", stage)'
        )
        with pytest.raises(StageConfigurationError, match=re.escape(expected)):
            StageAlarms(stack, "Alarms", stage=stage)
        StageAlarms(stack, "Alarms", stage=WebSocketStage.from_stage_ref(stack, "Id", stage))
        assert len(alarms(stack)) == 4

    def test_stages_of_rest_apis(self, stack: cdk.Stack) -> None:
        """A stage of API Gateway v1 is refused with what watches it."""
        stage: Any = apigateway.CfnStage(stack, "Rest", rest_api_id="aabbccddee", stage_name="prod")
        with pytest.raises(StageConfigurationError, match="belongs to API Gateway v1"):
            StageAlarms(stack, "Alarms", stage=stage)

    def test_imported(self, stack: cdk.Stack) -> None:
        """Imported stages have alarms like others."""
        stage = WebSocketStage.from_stage_attributes(stack, "Chat", api_id="aabbccddee", stage_name="prod")
        StageAlarms(stack, "Alarms", stage=stage)
        alarm = only(stack, "client_error_rate")
        assert alarm["AlarmDescription"].startswith("WebSocket stage prod of API aabbccddee: ")
        assert alarm["Metrics"][1]["MetricStat"]["Metric"]["Dimensions"] == [
            {"Name": "ApiId", "Value": "aabbccddee"},
            {"Name": "Stage", "Value": "prod"},
        ]

    def test_another_region(self, stack: cdk.Stack) -> None:
        """An alarm cannot see another Region: refused with where to put it."""
        arn = "arn:aws:apigateway:us-east-1::/apis/aabbccddee/stages/live"
        stage = HttpStage.from_stage_arn(stack, "Http", arn)
        expected = "stage must be in the Region of its alarms, eu-west-1, .*us-east-1.*a stack in us-east-1"
        with pytest.raises(StageConfigurationError, match=expected):
            StageAlarms(stack, "Alarms", stage=stage)
        assert stack.node.try_find_child("Alarms") is None

    def test_another_account(self, stack: cdk.Stack) -> None:
        """A stage of another account is watched there."""
        arn = "arn:aws:ivs:eu-west-1:210987654321:stage/AbCdEf123456"
        StageAlarms(stack, "Alarms", stage=ivs.Stage.from_stage_arn(stack, "Room", arn))
        found = {name: alarm for name, alarm in alarms(stack).items() if not name.endswith("Failures")}
        assert len(found) == 4
        for alarm in found.values():
            assert [one.get("AccountId") for one in alarm["Metrics"]] == ["210987654321"]
        [warning] = warnings(stack, "alarmAccount")
        assert warning.startswith('stage should be in the account of its alarms, 123456789012, got "210987654321": put')

    def test_an_account_that_is_not_known(self, agnostic: cdk.Stack, stack: cdk.Stack, stage: Any) -> None:
        """Alarms of one account, or of an account that is not known, are not warned of."""
        arn = "arn:aws:ivs:eu-west-1:210987654321:stage/AbCdEf123456"
        StageAlarms(agnostic, "Alarms", stage=ivs.Stage.from_stage_arn(agnostic, "There", arn))
        StageAlarms(stack, "Alarms", stage=stage)
        assert warnings(agnostic, "alarmAccount") == warnings(stack, "alarmAccount") == []

    def test_a_deep_path(self, app: cdk.App) -> None:
        """A description has 1,024 characters at most, however deep the stage is in the tree."""
        stack = cdk.Stack(app, "Deep")
        scope: Any = stack
        for level in range(20):
            scope = constructs.Construct(scope, f"Level{level}" + "x" * 100)
        name = cdk.CfnParameter(stack, "Name").value_as_string
        rooms = [ivs.Stage(scope, "Room"), ivs.Stage(scope, "Hall", stage_name=name)]
        for index, room in enumerate(rooms):
            StageAlarms(stack, f"Alarms{index}", stage=room)
        described = [plain(alarm["AlarmDescription"]) for alarm in alarms(stack).values()]
        assert len(described) >= 8
        assert max(len(text) for text in described) < 1024
        assert all(re.match(r"IVS stage \.\.\.x*/.*/(Room|Hall) \(", text) for text in described)

    def test_a_region_that_is_not_known(self, agnostic: cdk.Stack) -> None:
        """A stack for any environment takes stages of whichever Region."""
        arn = "arn:aws:apigateway:us-east-1::/apis/aabbccddee/stages/live"
        StageAlarms(agnostic, "Alarms", stage=HttpStage.from_stage_arn(agnostic, "Http", arn))
        StageAlarms(agnostic, "More", stage=ivs.Stage(agnostic, "Room"))
        assert len(resources(agnostic, "AWS::CloudWatch::Alarm")) == 9

    def test_two_of_one_stage(self, stack: cdk.Stack, http: HttpStage) -> None:
        """One stage may have alarms of two levels."""
        StageAlarms(stack, "Warn", stage=http, latency_ms=1000)
        StageAlarms(stack, "Page", stage=http, latency_ms=5000, client_error_rate=None)
        assert len(alarms(stack)) == 5


def native_alarms(scope: constructs.Construct, stage: Any) -> None:
    """The alarms of a stage as native constructs create them."""
    period = cdk.Duration.minutes(1)
    is_http = isinstance(stage, apigatewayv2.HttpStage)
    traffic = {"requests": "Count"} if is_http else {"connects": "ConnectCount", "messages": "MessageCount"}
    for errors in ("5xx", "4xx") if is_http else ("IntegrationError", "ExecutionError", "ClientError"):
        names = {"errors": errors, **traffic}
        metrics = {key: stage.metric(name, statistic="Sum", period=period) for key, name in names.items()}
        share = f"errors / ({' + '.join(traffic)})"
        rate = cloudwatch.MathExpression(expression=share, using_metrics=metrics, period=period)
        cloudwatch.Alarm(scope, errors, metric=rate, threshold=0.05, evaluation_periods=5)
    latency = stage.metric("Latency" if is_http else "IntegrationLatency", statistic="p90", period=period)
    cloudwatch.Alarm(scope, "Latency", metric=latency, threshold=2500, evaluation_periods=5)


class TestRequests:
    """What alarms cost in requests to the jsii kernel."""

    @pytest.mark.parametrize("name", ["http", "websocket"])
    def test_over_a_native_stage(
        self, stack: cdk.Stack, native: dict[str, Any], name: str, kernel_requests: KernelRequests
    ) -> None:
        """The second alarms in a stack cost at most three requests more than the native alarms."""
        StageAlarms(stack, "First", stage=native[name]())
        stage = native[name]()
        by_hand = constructs.Construct(stack, "ByHand")
        with kernel_requests as sent:
            native_alarms(by_hand, stage)
        expected = sent.count
        with kernel_requests as sent:
            StageAlarms(stack, "Alarms", stage=stage)
        assert expected >= 11
        assert sent.count <= expected + 3

    def test_of_an_l1(self, stack: cdk.Stack, native: dict[str, Any], kernel_requests: KernelRequests) -> None:
        """Alarms of an L1 of an API that is known cost no more than those of an L2."""
        StageAlarms(stack, "First", stage=native["http_l1"]())
        stage = native["http_l1"]()
        with kernel_requests as sent:
            StageAlarms(stack, "Alarms", stage=stage)
        assert sent.count <= 14

    def test_an_action(self, stack: cdk.Stack, native: dict[str, Any], kernel_requests: KernelRequests) -> None:
        """An action costs a request for each alarm, as a native one does, and two for the check of its Region."""
        topic = sns.Topic(stack, "Topic")
        actions: list[Any] = [cloudwatch_actions.SnsAction(topic)]
        StageAlarms(stack, "First", stage=native["http"](), actions=actions)
        stage = native["http"]()
        with kernel_requests as sent:
            StageAlarms(stack, "Alarms", stage=stage, actions=actions)
        assert sent.count <= 14 + 3 + 2

    def test_of_a_stage_of_this_library(
        self, stack: cdk.Stack, http: HttpStage, kernel_requests: KernelRequests
    ) -> None:
        """A stage of this library is asked for its environment alone."""
        StageAlarms(stack, "First", stage=http)
        with kernel_requests as sent:
            StageAlarms(stack, "Second", stage=http)
        assert sent.count <= 13


class TestSnapshots:
    def test_snapshot_minimal(self, stack: cdk.Stack, stage: Any, snapshot: Any) -> None:
        """The templates of the alarms of each kind of stage."""
        StageAlarms(stack, "Alarms", stage=stage)
        assert template(stack) == snapshot

    def test_snapshot_everything(self, stack: cdk.Stack, http: HttpStage, snapshot: Any) -> None:
        """The template of alarms with everything set."""
        topic = sns.Topic(stack, "Topic")
        StageAlarms(
            stack,
            "Alarms",
            stage=http,
            actions=[cloudwatch_actions.SnsAction(topic)],  # type: ignore[list-item]
            ok_actions=[cloudwatch_actions.SnsAction(topic)],  # type: ignore[list-item]
            server_error_rate=0.01,
            client_error_rate=0.5,
            latency_ms=800,
            period=cdk.Duration.minutes(5),
            evaluation_periods=6,
            datapoints_to_alarm=4,
        )
        assert template(stack) == snapshot
