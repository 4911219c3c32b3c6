"""The lists and limits of the rules are those of AWS, as the judges say that are installed."""

from __future__ import annotations

import pytest

from tools import aws_changes
from tools.aws_changes import Limits

NAME = ("Name",)


def test_nothing_has_moved() -> None:
    """Models of botocore and schemas of CloudFormation agree with the rules."""
    assert [*aws_changes.changed_sets(), *aws_changes.changed_limits()] == []


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        (Limits(NAME, "string", 0, 127), f'AWS::IVS::Stage.Name: does not allow "{"a" * 99}... (130 characters)'),
        (Limits(NAME, "string", 0, 129), f'AWS::IVS::Stage.Name: allows "{"a" * 99}... (131 characters)'),
        (Limits(NAME, "string", pattern="[a-z ]*"), "AWS::IVS::Stage.Name: the pattern is [a-z ]*"),
        (Limits(("Tags",), "list", None, 60), "AWS::IVS::Stage.Tags: allows"),
        (
            Limits(("AutoParticipantRecordingConfiguration", "MediaTypes", "[]"), "string", values=("VIDEO_ONLY",)),
            'AWS::IVS::Stage.AutoParticipantRecordingConfiguration.MediaTypes.[]: allows "VIDEO_ONLY"',
        ),
        (
            Limits(("AutoParticipantRecordingConfiguration", "RecordingReconnectWindowSeconds"), "number", 0, 600),
            "AWS::IVS::Stage.AutoParticipantRecordingConfiguration.RecordingReconnectWindowSeconds: allows 600",
        ),
    ],
    ids=["shorter", "longer", "pattern", "more tags", "another value", "greater"],
)
def test_a_limit_that_moves_is_named(limits: Limits, named: str) -> None:
    """The line says which property of which type, and what the judge allows now."""
    assert [line for line in aws_changes._differences("AWS::IVS::Stage", limits) if line.startswith(named)]


def test_a_list_that_moves_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What a list of ours lacks is new, what it has in addition is gone; the command ends with 1."""
    regions = aws_changes.every_resource.REGIONS
    monkeypatch.setattr(aws_changes.every_resource, "REGIONS", regions - {"eu-west-1"} | {"eu-west-9"})
    assert aws_changes.main() == 1
    printed = capsys.readouterr().out
    assert "Regions of IVS, botocore: new is eu-west-1" in printed
    assert "Regions of IVS, CloudFormation: gone is eu-west-9" in printed
