"""The probes cover the rules that quote the service; what an answer means, and what a run may do."""

from __future__ import annotations

import json

import pytest

from stage_constructs.rules.templates import all_rules

from .__main__ import AWS, EVIDENCE, is_expected, main
from .account import STEPS
from .policy import policy
from .probes import ACCEPTED, NOT_TRIED, PROBES, QUOTED, REFUSED, Given, Probe

QUOTING = {row.id for row in all_rules() if row.service}


def test_every_rule_that_quotes_the_service_is_tried() -> None:
    """Such a rule has a probe that expects its words, or a reason why there is none."""
    tried = {rule for probe in PROBES if probe.expected is QUOTED for rule in probe.rules}
    assert tried | set(NOT_TRIED) == QUOTING
    assert tried & set(NOT_TRIED) == set()


def test_every_probe_is_about_a_rule() -> None:
    """The names of probes are unique, and their rules are there."""
    assert len({probe.name for probe in PROBES}) == len(PROBES)
    assert {rule for probe in PROBES for rule in probe.rules} <= {row.id for row in all_rules()}
    assert set(STEPS) | {Given.NAME} == set(Given)


@pytest.mark.parametrize(
    ("rule", "expected", "answer", "as_expected"),
    [
        ("stageName", ACCEPTED, "accepted", True),
        ("stageName", ACCEPTED, "BadRequestException: no", False),
        ("stageName", REFUSED, "BadRequestException: no", True),
        ("stageName", REFUSED, "accepted", False),
        ("stageName", QUOTED, "BadRequestException: Stage name only allows a-zA-Z0-9_", True),
        ("stageName", QUOTED, "BadRequestException: Invalid stage name", False),
        (
            "missingRoute",
            QUOTED,
            "NotFoundException: Unable to find Route by key GET /x within the provided RouteSettings",
            True,
        ),
    ],
)
def test_an_answer_is_compared_with_the_rule(rule: str, expected: object, answer: str, as_expected: bool) -> None:
    """Words of the rule must stand in the answer, whatever stands for its placeholders."""
    assert is_expected(Probe((rule,), "", "", {}, expected), answer) is as_expected


@pytest.mark.parametrize("region", ["eu-west-1", None])
def test_without_an_account_it_says_so_in_one_line(
    region: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No credentials, or no Region: one line, and 2."""
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "PROFILE", "REGION", "DEFAULT_REGION"):
        monkeypatch.delenv(f"AWS_{name}", raising=False)
    for name, value in (("CONFIG_FILE", "/dev/null"), ("SHARED_CREDENTIALS_FILE", "/dev/null")):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert main(["--region", region] if region else []) == 2
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith("There is no AWS account to try the rules in" if region else "No Region is given")


def test_the_evidence_is_from_aws() -> None:
    """No answer of an emulator stands in the file that the documentation shows."""
    assert {record["answered_by"] for record in json.loads(EVIDENCE.read_text()).values()} <= {AWS}


def test_the_policy_is_limited_where_iam_knows_how() -> None:
    """APIs of one Region, and buckets with the name of the kit."""
    resources = {
        each["Action"][0].partition(":")[0]: each["Resource"] for each in policy("aws", "eu-west-1")["Statement"][:-1]
    }
    assert resources["apigateway"] == "arn:aws:apigateway:eu-west-1::/*"
    assert resources["s3"] == "arn:aws:s3:::stage-constructs-verify-*"
