"""`make verify-aws` against the emulator: it proves the kit, not the rules."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from emulator import aws
from tests.live import __main__ as live
from tests.live.account import LOGS_PREFIX, PREFIX, TAG, Account
from tests.live.policy import policy
from tests.live.probes import PROBES


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory):
    """An emulator for these tests alone, with an API and a log group of somebody else's."""
    with aws.running(tmp_path_factory.mktemp("live") / "log") as running:
        service = running.client("apigatewayv2")
        api_id = service.create_api(Name="shop", ProtocolType="HTTP", Tags={"team": "shop"})["ApiId"]
        service.create_stage(ApiId=api_id, StageName="live")
        running.client("ivs-realtime").create_stage(name="shop")
        running.client("logs").create_log_group(logGroupName="/aws/vendedlogs/shop")
        running.client("s3").create_bucket(Bucket="shop")
        yield running


def _there(own: aws.Emulator) -> dict[str, list[str]]:
    """Names of what there is in the account."""
    return {
        "apis": [api["Name"] for api in own.client("apigatewayv2").get_apis()["Items"]],
        "stages": [stage["name"] for stage in own.client("ivs-realtime").list_stages()["stages"]],
        "log groups": [group["logGroupName"] for group in own.client("logs").describe_log_groups()["logGroups"]],
        "buckets": [bucket["Name"] for bucket in own.client("s3").list_buckets()["Buckets"]],
        "stacks": [stack["StackName"] for stack in own.client("cloudformation").describe_stacks()["Stacks"]],
    }


OF_OTHERS = {
    "apis": ["shop"],
    "stages": ["shop"],
    "log groups": ["/aws/vendedlogs/shop"],
    "buckets": ["shop"],
    "stacks": [],
}


@pytest.fixture
def run(own, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Runs the kit; the exit code, and the calls that it has made."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    calls: list[str] = []

    def of(*arguments: str, refused: str = "") -> tuple[int, list[str]]:
        def before_call(model: Any, **_: Any) -> Any:
            service = model.service_model.service_name.removesuffix("-realtime")
            calls.append(
                f"apigateway:{model.http['method']}" if service == "apigatewayv2" else f"{service}:{model.name}"
            )
            denied = {"Error": {"Code": "AccessDeniedException", "Message": "not authorized"}, "ResponseMetadata": {}}
            return (SimpleNamespace(status_code=403), denied) if model.name == refused else None

        def session(**settings: Any) -> boto3.Session:
            made = boto3.session.Session(**settings)
            made.events.register("before-call", before_call)
            return made

        monkeypatch.setattr(live.boto3, "Session", session)
        options = ["--region", aws.REGION, "--endpoint", own.endpoint, *arguments]
        return live.main(
            [*options, *(() if "--evidence" in arguments else ("--evidence", str(tmp_path / "out.json")))]
        ), calls

    return of


def test_all_probes_are_answered_and_nothing_stays(own, run, tmp_path):
    """What is just inside a limit is accepted, the answers say who gave them, and the policy allows what was called."""
    code, calls = run()
    records = json.loads((tmp_path / "out.json").read_text())
    assert set(records) == {probe.name for probe in PROBES}
    assert [name for name, each in records.items() if each["expected"] == "accepted" and not each["as_expected"]] == []
    assert {each["answered_by"] for each in records.values()} == {"an emulator"}
    assert records["stageExists: a second stage of a name"]["answer"] == "ConflictException: Stage already exists"
    assert code == live.UNEXPECTED
    assert _there(own) == OF_OTHERS
    allowed = [name for statement in policy("aws", aws.REGION)["Statement"] for name in statement["Action"]]
    asked = {call.replace("s3:ListBuckets", "s3:ListAllMyBuckets") for call in calls}
    assert asked - set(allowed) == {"sts:GetCallerIdentity"}  # which needs no permission


def test_an_answer_holds_nothing_of_the_account(run, tmp_path):
    """Ids and the account number are written as what they stand for."""
    run("--only", "missingRoute")
    text = (tmp_path / "out.json").read_text()
    assert "<an HTTP API with route GET /pets>" in text
    assert aws.ACCOUNT not in text


def test_what_an_earlier_run_left_over_is_deleted(own, run):
    """By its tag or its name, and nothing else."""
    tag = {TAG: "20261124-120000-abcdef"}
    service = own.client("apigatewayv2")
    service.create_api(Name="half", ProtocolType="HTTP", Tags=tag)
    own.client("ivs-realtime").create_stage(tags=tag)
    own.client("logs").create_log_group(logGroupName=f"{LOGS_PREFIX}-logs")
    own.client("s3").create_bucket(Bucket=f"{PREFIX}-x")
    run("--only", "stageName")
    assert _there(own) == OF_OTHERS


def test_nothing_stays_after_an_interrupt(own, run, monkeypatch):
    """Ctrl-C in the middle of a run deletes what the run has created."""
    ask, seen = Account.ask, []

    def interrupted(account: Account, probe: Any) -> str:
        ask(account, probe)
        seen.append(_there(own)["apis"])
        raise KeyboardInterrupt

    monkeypatch.setattr(Account, "ask", interrupted)
    assert run("--only", "stageName")[0] == live.UNEXPECTED
    assert len(seen[0]) == 2
    assert _there(own) == OF_OTHERS


def test_a_missing_permission_ends_with_the_policy(own, run, capsys):
    """The policy is printed, what was created is deleted, and the refusal is no evidence."""
    assert run("--only", "encoderSize", refused="CreateEncoderConfiguration")[0] == live.UNEXPECTED
    printed = capsys.readouterr().out
    text = printed[printed.index("{") : printed.rindex("}") + 1]
    assert json.loads(text) == policy("aws", aws.REGION)
    assert "A permission is missing: ivs-realtime:CreateEncoderConfiguration" in printed
    assert _there(own) == OF_OTHERS


def test_an_emulator_is_no_evidence(run, capsys):
    """The file of the documentation stays as it is."""
    before = live.EVIDENCE.read_text()
    run("--only", "tags", "--evidence", str(live.EVIDENCE))
    assert live.EVIDENCE.read_text() == before
    assert "An emulator is no evidence: evidence.json stays as it is." in capsys.readouterr().out
