"""What an editor shows of a parameter: the first line of its words has to hold its unit and its default."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import stage_constructs

from .language_server import LanguageServer

PACKAGE = Path(stage_constructs.__file__).parent
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if not path.name.startswith("_") or "_stage" in path.name)

DOCUMENT = """\
from aws_cdk import Stack
from stage_constructs import ivs, monitoring
from stage_constructs.apigatewayv2 import AccessLogSettings, HttpStage, RouteSettings, WebSocketStage
def use(stack: Stack, api, http: HttpStage, room: ivs.Stage) -> None:
    HttpStage(stack, "Id", api=api, stage_name="prod", default_route_settings=RouteSettings(), stage_variables={})
    WebSocketStage(stack, "Id", api=api, stage_name="prod", account=None, auto_deploy=True)
    RouteSettings(throttling_burst_limit=1, throttling_rate_limit=1, detailed_metrics_enabled=True)
    AccessLogSettings(retention=None, format=None)
    ivs.Stage(stack, "Id", stage_name="room", auto_participant_recording=None)
    ivs.ParticipantRecording(reconnect_window=None, hls_segment_duration=None)
    ivs.EncoderConfiguration(stack, "Id", width=1280, bitrate=1)
    ivs.StageEventLog(stack, "Id", event_types=[], retention=None, removal_policy=None)
    monitoring.StageAlarms(stack, "Id", stage=http, latency_ms=1000, server_error_rate=0.1, period=None)
    monitoring.StageAlarms(stack, "Id", stage=room, publishers=10)
    http.metric_count(route="GET /pets", period=None)
"""

SHOWN = [
    ("HttpStage(", "stage_name", ["1 to 128 letters", "Default: `$default`"]),
    ("HttpStage(", "default_route_settings", ["5000 requests", "10000 requests per second", "Default: "]),
    ("HttpStage(", "stage_variables", ["At most 100", "Default: none"]),
    ("WebSocketStage(", "account", ["Default: any account resource of the stack"]),
    ("WebSocketStage(", "auto_deploy", ["Default: True without a deployment"]),
    ("RouteSettings(throttling", "throttling_burst_limit", ["requests or messages", "Default: 5000"]),
    ("RouteSettings(throttling", "throttling_rate_limit", ["per second", "Default: 10000"]),
    ("RouteSettings(throttling", "detailed_metrics_enabled", ["Default: False"]),
    ("AccessLogSettings(retention", "retention", ["Default: one year"]),
    ("ivs.Stage(", "stage_name", ["At most 128 letters", "Default: none"]),
    ("ivs.Stage(", "auto_participant_recording", ["Default: not at all"]),
    ("ivs.ParticipantRecording(", "reconnect_window", ["0 to 300 whole seconds", "Default: 0 seconds"]),
    ("ivs.ParticipantRecording(", "hls_segment_duration", ["2 to 10", "seconds", "Default: 6 seconds"]),
    ("ivs.EncoderConfiguration(", "width", ["pixels", "2 to 1920", "Default: 1280"]),
    ("ivs.EncoderConfiguration(", "bitrate", ["Bits per second", "Default: 2,500,000"]),
    ("ivs.StageEventLog(", "event_types", ["Default: all"]),
    ("ivs.StageEventLog(", "retention", ["Default: `ONE_YEAR`"]),
    ("ivs.StageEventLog(", "removal_policy", ["Default: `RETAIN_ON_UPDATE_OR_DELETE`"]),
    ("http.metric_count(", "route", ["Default: all routes"]),
    ("http.metric_count(", "period", ["whole minutes", "Default: five minutes"]),
]


@pytest.fixture(scope="module")
def server() -> Iterator[LanguageServer]:
    """A language server that has read the document."""
    server = LanguageServer(DOCUMENT)
    yield server
    server.close()


def line_of(call: str) -> int:
    """The line in which a call stands."""
    return next(number for number, line in enumerate(DOCUMENT.splitlines()) if call in line and "import" not in line)


@pytest.mark.parametrize(("call", "parameter", "told"), SHOWN, ids=[f"{call}{name}" for call, name, _ in SHOWN])
def test_a_hover_tells_unit_and_default(server: LanguageServer, call: str, parameter: str, told: list[str]) -> None:
    """Over the name of an argument stand what it is counted in and what holds without it."""
    shown = server.hover(line_of(call), f"{parameter}=")
    assert [each for each in told if each not in shown] == []


@pytest.mark.parametrize(
    ("call", "parameter", "told"),
    [
        ("HttpStage(", "stage_name", "1 to 128 letters, digits, hyphens and underscores, or `$default`. Default:"),
        ("stage=http", "latency_ms", "Milliseconds to the response, of 9 in 10 requests. Default: 2500 or more"),
        ("stage=http", "server_error_rate", "0 to 1. Default: more than 0.05 for 3 minutes."),
        ("stage=http", "period", "in whole minutes. Default: one minute"),
        ("stage=room", "publishers", "1 to 12. Default: 11 or more in any minute"),
    ],
)
def test_a_call_under_way_is_helped(server: LanguageServer, call: str, parameter: str, told: str) -> None:
    """While an argument is written, its unit and its default are shown."""
    signatures = server.signatures(line_of(call), f"{parameter}=")
    assert any(told in words for signature in signatures for words in signature)


def test_alarms_are_told_by_the_kind_of_stage(server: LanguageServer) -> None:
    """Over the class stand the parameters of the stage that is given, and the words of the constructor."""
    for stage, own, other in (("stage=http", "latency_ms", "publishers"), ("stage=room", "publishers", "latency_ms")):
        signature, words = server.hover(line_of(stage), "StageAlarms(").split("---", 1)
        assert f"{own}: Threshold | float | None" in signature
        assert other not in signature
        assert "publishers: Participants that publish at a time, 1 to 12. Default: 11" in words


Entry = tuple[str, str]


def entries_of(function: ast.FunctionDef) -> list[Entry]:
    """The parameters that a docstring describes, each with the first line of its words."""
    text = ast.get_docstring(function) or ""
    section = re.split(r"\n\w+:\n", text.partition("Args:\n")[2])[0]
    return re.findall(r"^    (\w+): (.*)$", section, re.MULTILINE)


def functions_of(path: Path) -> Iterator[ast.FunctionDef]:
    """The public functions, methods and constructors of a file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and (node.name == "__init__" or not node.name.startswith("_")):
            yield node


def optional_of(function: ast.FunctionDef) -> set[str]:
    """The parameters that may be left out."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    found = {each.arg for each in positional[len(positional) - len(arguments.defaults) :]}
    keywords = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return found | {each.arg for each, default in keywords if default is not None}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_first_line_tells_the_default(path: Path) -> None:
    """Editors show one line of the words for a parameter, so the default stands in it and is told to its end."""
    untold = [
        f"{function.name}({name})"
        for function in functions_of(path)
        for name, words in entries_of(function)
        if name in optional_of(function) and not re.search(r"Default: .*\.(\s|$)", words)
    ]
    assert untold == []
