"""Encoder configurations: size, frame rate and bitrate of a video."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from .._values import number_between
from ._types import CHECKED, DOCS, ENCODER, number_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_SIDE: Final = 1920
_MAX_PIXELS: Final = 1920 * 1080
_PAGE: Final = f"{DOCS}encoderconfiguration.html"
_encoder_rule = partial(rule, ENCODER, kind=Kind.GRAMMAR, source=_PAGE, checked=CHECKED)
_encoder_number = partial(number_rule, ENCODER, source=_PAGE)


@_encoder_rule(
    ("Video.Width", "Video.Height"),
    id="encoderSize",
    value_type=float,
    expected="a whole number from 2 to 1,920 pixels",
    doc="The sides of a video are even numbers from 2 to 1,920.",
)
def side(value: float, _: Context) -> Iterator[Problem]:
    problems = list(number_between(value, 2, _MAX_SIDE, "pixels"))
    yield from problems
    if not problems and value % 2:
        yield Problem("must be even", f"write {int(value) - 1} or {min(int(value) + 1, _MAX_SIDE)}")


@_encoder_rule("Video", id="encoderPixels", doc=f"A video has at most {_MAX_PIXELS:,} pixels.")
def pixels(_: object, at: Context) -> Iterator[Problem]:
    width = at.known("Video.Width") if at.has("Video.Width") else 1280
    height = at.known("Video.Height") if at.has("Video.Height") else 720
    if not all(isinstance(number, (int, float)) and 0 < number <= _MAX_SIDE for number in (width, height)):
        return
    if width * height > _MAX_PIXELS:
        text = f"must give at most {_MAX_PIXELS:,} pixels together with the width"
        fix = f"with width {width} write {int(_MAX_PIXELS // width) // 2 * 2} or less"
        yield Problem(text, fix, ("Video", "Height"), value=height)


_encoder_number("Video.Framerate", 1, 60, "frames per second", whole=False, id="framerate", subject="The frame rate")
_encoder_number("Video.Bitrate", 1, 8_500_000, "bits per second", id="bitrate", subject="The bitrate")
