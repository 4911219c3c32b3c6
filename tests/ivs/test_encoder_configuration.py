"""Encoder configurations: props, defaults, ranges, and what no linter knows of their size."""

from __future__ import annotations

import enum
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ivs

from stage_constructs import StageConfigurationError, ivs

from .template_helpers import STAGE_ARN, properties, template

ENCODER = "AWS::IVS::EncoderConfiguration"
ARN = "arn:aws:ivs:eu-west-1:123456789012:encoder-configuration/AbCdEf123456"


def video(stack: cdk.Stack, **props: Any) -> dict[str, Any]:
    """The rendered video of an encoder configuration."""
    ivs.EncoderConfiguration(stack, "Encoder", **props)
    return dict(properties(stack, ENCODER)["Video"])


def test_defaults(stack: cdk.Stack) -> None:
    """By default video is encoded as the service does by itself, and the template says so."""
    ivs.EncoderConfiguration(stack, "Encoder")
    expected = {"Width": 1280, "Height": 720, "Framerate": 30, "Bitrate": 2_500_000}
    assert properties(stack, ENCODER) == {"Video": expected}


def test_snapshot_minimal(stack: cdk.Stack, snapshot: Any) -> None:
    """The template of an encoder configuration with nothing given does not change unnoticed."""
    ivs.EncoderConfiguration(stack, "Encoder")
    assert template(stack) == snapshot


def test_snapshot_everything(stack: cdk.Stack, snapshot: Any) -> None:
    """The template of an encoder configuration with everything given does not change unnoticed."""
    ivs.EncoderConfiguration(
        stack,
        "Encoder",
        width=1080,
        height=1920,
        framerate=59.94,
        bitrate=6_000_000,
        encoder_configuration_name="portrait",
        tags={"team": "chat"},
    )
    assert template(stack) == snapshot


@pytest.mark.parametrize("side", ["width", "height"])
@pytest.mark.parametrize("pixels", [2, 1080, 1920])
def test_sides(stack: cdk.Stack, side: str, pixels: int) -> None:
    """Sides are even, from 2 to 1920 pixels."""
    sides = {"width": 1080, "height": 1080, side: pixels}
    assert video(stack, **sides)[side.capitalize()] == pixels


@pytest.mark.parametrize("side", ["width", "height"])
@pytest.mark.parametrize("pixels", [0, 1, 1922, -2, 719.5, "720", True])
def test_sides_that_are_refused(stack: cdk.Stack, side: str, pixels: Any) -> None:
    """Any other number, and what is no number, is refused."""
    with pytest.raises(StageConfigurationError, match=f"{side} must be a whole number from 2 to 1,920 pixels"):
        video(stack, **{side: pixels})


@pytest.mark.parametrize("side", ["width", "height"])
@pytest.mark.parametrize(("pixels", "remedy"), [(719, "718 or 720"), (3, "2 or 4"), (1919, "1918 or 1920")])
def test_odd_sides_are_refused(stack: cdk.Stack, side: str, pixels: int, remedy: str) -> None:
    """An odd side is refused with its even neighbours."""
    with pytest.raises(StageConfigurationError, match=f"{side} must be even, got {pixels}: write {remedy}"):
        video(stack, **{side: pixels})


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1080, 1920), (1440, 1440)])
def test_sizes(stack: cdk.Stack, width: int, height: int) -> None:
    """A picture has up to 2,073,600 pixels."""
    assert video(stack, width=width, height=height)["Height"] == height


@pytest.mark.parametrize(("width", "height", "fitting"), [(1920, 1082, 1080), (1920, 1920, 1080), (1442, 1440, 1438)])
def test_sizes_that_are_refused(stack: cdk.Stack, width: int, height: int, fitting: int) -> None:
    """A larger picture is refused with the height that would fit."""
    message = f"at most 2,073,600 pixels .* with width {width} write {fitting} or less"
    with pytest.raises(StageConfigurationError, match=message) as raised:
        video(stack, width=width, height=height)
    assert (raised.value.prop, raised.value.value) == ("height", height)


@pytest.mark.parametrize("framerate", [1, 29.97, 60])
def test_framerates(stack: cdk.Stack, framerate: float) -> None:
    """Frame rates are 1 to 60, fractions included."""
    assert video(stack, framerate=framerate)["Framerate"] == framerate


@pytest.mark.parametrize("framerate", [0, 0.9, 61, float("nan"), float("inf"), "30"])
def test_framerates_that_are_refused(stack: cdk.Stack, framerate: Any) -> None:
    """Any other frame rate is refused."""
    with pytest.raises(StageConfigurationError, match="framerate must be a number from 1 to 60 frames per second"):
        video(stack, framerate=framerate)


@pytest.mark.parametrize("bitrate", [1, 8_500_000])
def test_bitrates(stack: cdk.Stack, bitrate: int) -> None:
    """Bit rates are up to 8.5 Mbit a second."""
    assert video(stack, bitrate=bitrate)["Bitrate"] == bitrate


@pytest.mark.parametrize("bitrate", [0, 8_500_001, 2.5])
def test_bitrates_that_are_refused(stack: cdk.Stack, bitrate: Any) -> None:
    """Any other bit rate is refused with the nearest that would do."""
    with pytest.raises(StageConfigurationError, match=r"bitrate must be .* 8,500,000 bits per second.*the nearest"):
        video(stack, bitrate=bitrate)


def test_members_of_enums_are_numbers(stack: cdk.Stack) -> None:
    """A member of an enum of numbers is rendered as its value."""
    sizes = enum.IntEnum("Sizes", {"WIDTH": 640, "HEIGHT": 360})
    ivs.EncoderConfiguration(stack, "Encoder", width=sizes["WIDTH"], height=sizes["HEIGHT"], bitrate=sizes["WIDTH"])
    video = properties(stack, "AWS::IVS::EncoderConfiguration")["Video"]
    assert (video["Width"], video["Height"], video["Bitrate"]) == (640, 360, 640)


def test_all_faults_are_named_at_once(stack: cdk.Stack) -> None:
    """Who makes several mistakes hears of them together."""
    with pytest.raises(StageConfigurationError, match=r"(?s)encoder_configuration_name.*width.*framerate.*bitrate"):
        video(stack, width=3, framerate=0, bitrate=0, encoder_configuration_name="a b")


def test_tokens_pass(stack: cdk.Stack) -> None:
    """Numbers that are known at deploy only pass unchecked."""
    number: Any = cdk.CfnParameter(stack, "P", type="Number").value_as_number
    rendered = video(stack, width=number, height=number, framerate=number, bitrate=number)
    assert list(rendered.values()) == [{"Ref": "P"}] * 4


@pytest.mark.parametrize("name", ["x" * 129, "a b"])
def test_names_that_are_refused(stack: cdk.Stack, name: str) -> None:
    """A name has up to 128 letters, digits, hyphens and underscores."""
    with pytest.raises(StageConfigurationError, match="encoder_configuration_name must have at most 128"):
        video(stack, encoder_configuration_name=name)


def test_name_and_tags(stack: cdk.Stack) -> None:
    """Name and tags are emitted."""
    encoder = ivs.EncoderConfiguration(stack, "Encoder", encoder_configuration_name="x" * 128, tags={"team": "chat"})
    assert encoder.encoder_configuration_name == properties(stack, ENCODER)["Name"] == "x" * 128
    assert properties(stack, ENCODER)["Tags"] == [{"Key": "team", "Value": "chat"}]


def test_attributes(stack: cdk.Stack) -> None:
    """ARN and reference are those of the resource."""
    encoder = ivs.EncoderConfiguration(stack, "Encoder")
    (arn,) = stack.resolve(encoder.encoder_configuration_arn).values()
    assert arn[1] == "Arn"
    of_reference = aws_ivs.CfnEncoderConfiguration.arn_for_encoder_configuration(encoder)
    assert stack.resolve(of_reference) == {"Fn::GetAtt": arn}


def test_import(stack: cdk.Stack) -> None:
    """An imported encoder configuration knows its ARN."""
    encoder = ivs.EncoderConfiguration.from_encoder_configuration_arn(stack, "Encoder", ARN)
    assert encoder.encoder_configuration_ref.encoder_configuration_arn == ARN
    assert (encoder.encoder_configuration_name, encoder.tags, encoder.env.region) == (None, {}, "eu-west-1")


def test_import_by_another_arn(stack: cdk.Stack) -> None:
    """An ARN of anything else is refused."""
    with pytest.raises(StageConfigurationError, match="another kind of resource, stage"):
        ivs.EncoderConfiguration.from_encoder_configuration_arn(stack, "Encoder", STAGE_ARN)
