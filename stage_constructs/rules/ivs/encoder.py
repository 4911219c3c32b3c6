"""Encoder configurations: size, frame rate and bitrate of a video."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .._engine import Context, Kind, Problem, rule
from .._values import number_between
from ._types import DOCS, ENCODER

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_PIXELS: Final = 1920 * 1080
_COLUMNS: Final[dict[str, Any]] = {"source": f"{DOCS}encoderconfiguration.html", "checked": "2026-11"}


@rule(
    ENCODER,
    ("Video.Width", "Video.Height"),
    id="encoderSize",
    kind=Kind.GRAMMAR,
    value_type=float,
    expected="a whole number from 2 to 1,920 pixels",
    doc="The sides of a video are even numbers from 2 to 1,920.",
    fix="Choose such numbers.",
    **_COLUMNS,
)
def side(value: float, _: Context) -> Iterator[Problem]:
    problems = list(number_between(value, 2, 1920, "pixels"))
    yield from problems
    if not problems and value % 2:
        yield Problem("must be even", f"write {int(value) - 1} or {min(int(value) + 1, 1920)}")


@rule(
    ENCODER,
    "Video",
    id="encoderPixels",
    kind=Kind.GRAMMAR,
    doc=f"A video has at most {MAX_PIXELS:,} pixels.",
    fix="Reduce one of the sides.",
    **_COLUMNS,
)
def pixels(_: object, at: Context) -> Iterator[Problem]:
    width, height = at.known("Video.Width"), at.known("Video.Height")
    width = 1280 if not at.has("Video.Width") else width
    height = 720 if not at.has("Video.Height") else height
    if not all(isinstance(number, (int, float)) and 2 <= number <= 1920 for number in (width, height)):  # noqa: PLR2004
        return
    if width * height > MAX_PIXELS:
        yield Problem(
            f"must give at most {MAX_PIXELS:,} pixels together with the width",
            f"{width} x {height} is {width * height:,}; with width {width} write {int(MAX_PIXELS // width) // 2 * 2} or"
            " less",
            ("Video", "Height"),
            value=height,
        )


@rule(
    ENCODER,
    "Video.Framerate",
    id="framerate",
    kind=Kind.GRAMMAR,
    value_type=float,
    expected="a number from 1 to 60 frames per second",
    doc="The frame rate is 1 to 60 frames per second.",
    fix="Choose such a rate.",
    **_COLUMNS,
)
def framerate(value: float, _: Context) -> Iterator[Problem]:
    yield from number_between(value, 1, 60, "frames per second", whole=False)


@rule(
    ENCODER,
    "Video.Bitrate",
    id="bitrate",
    kind=Kind.GRAMMAR,
    value_type=float,
    expected="a whole number from 1 to 8,500,000 bits per second",
    doc="The bitrate is a whole number from 1 to 8,500,000 bits per second.",
    fix="Choose such a bitrate.",
    **_COLUMNS,
)
def bitrate(value: float, _: Context) -> Iterator[Problem]:
    yield from number_between(value, 1, 8_500_000, "bits per second")
