"""The command `stage-constructs takeover`: what it prints, refuses, and leaves alone."""

from __future__ import annotations

import ast
import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stage_constructs.checks._command import main

from . import sources
from .sources import api_stage, resource, terraform

PETS = terraform(resource("aws_apigatewayv2_stage.pets", sources.HTTP))
DEPTH = 100_000


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not JSON"),
        (b"\xff\xfe\x00\x00", "is not JSON"),
        (b'{"values": ', "is not JSON"),
        (b'{"a":' * DEPTH + b"1" + b"}" * DEPTH, "is not JSON"),
        ([], "is neither Terraform state in JSON"),
        (5, "is neither Terraform state in JSON"),
        ({}, "is neither Terraform state in JSON"),
        ({"Resources": {}}, "is neither Terraform state in JSON"),
        ({"Items": [5]}, "is neither Terraform state in JSON"),
        ({"format_version": "1.2", "planned_values": {}}, "is a Terraform plan; write the JSON of the state"),
        ({"format_version": "1.0"}, "has no stages to take over"),
        ({"terraform_version": "1.9", "version": 4, "resources": []}, "has no stages to take over"),
        ({"format_version": "1.0", "values": {"root_module": {"resources": 5}}}, "has no stages to take over"),
        (terraform(resource("aws_s3_bucket.b", {}, "aws_s3_bucket")), "has no stages to take over"),
        (terraform({**resource("a.b", sources.HTTP), "mode": "data"}), "has no stages to take over"),
        ({"Items": []}, "has no stages to take over"),
        ({"Items": [{"StageName": "dev"}], "NextToken": "x"}, "is one page of the stages"),
        ({"StageName": "dev"}, "does not tell the API of its stages; add --api-id"),
        (terraform(resource("aws_apigatewayv2_stage.a", {"name": "dev"})), "no API id or no name of aws_apigatewayv2_"),
        (terraform(resource("awscc_ivs_stage.a", {"name": "a"}, "awscc_ivs_stage")), "no ARN of awscc_ivs_stage.a"),
        ({"stage": {}}, "has no ARN of the stage"),
    ],
)
def test_bad_input(run, tmp_path, content, message) -> None:
    """It is one line and status 2, and nothing is written."""
    status, printed, error = run(content)
    assert (status, printed, error.count("\n")) == (2, "", 1)
    assert error.startswith(f"stage-constructs: {tmp_path / 'live.json'} ")
    assert message in error
    assert not (tmp_path / "out").exists()


def test_a_stage_of_quick_create(run, take_over) -> None:
    """A stage that the service manages is named in a comment, and not in the mapping."""
    managed = {"StageName": "$default", "ApiGatewayManaged": True}
    status, _, error = run(managed, "--api-id", "abc")
    assert status == 2
    assert "has no stages to take over: $default: quick create made it" in error
    taken = take_over({"Items": [managed, {"StageName": "dev"}]}, "--api-id", "abc")
    assert [each["StageName"] for each in taken.mapping.values()] == ["dev"]
    assert "# $default cannot be taken over: quick create made it" in taken.code


def test_no_file_is_overwritten(run, tmp_path) -> None:
    """A file that exists is left as it is, and the other is not written, unless `--force` is given."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "import.json").write_text("mine")
    status, printed, error = run(PETS)
    assert (status, printed) == (2, "")
    assert error == (
        f"stage-constructs: {tmp_path / 'out' / 'import.json'} exists; add --force to overwrite it,"
        " or --output for another folder\n"
    )
    assert {each.name: each.read_text() for each in (tmp_path / "out").iterdir()} == {"import.json": "mine"}
    assert run(PETS, "--force")[0] == 0
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == ["import.json", "stages.py"]


def test_nothing_is_half_written(run, tmp_path, monkeypatch) -> None:
    """If the second of the two files cannot be written, the first is left as it was."""
    assert run(PETS)[0] == 0
    before = (tmp_path / "out" / "stages.py").read_text()
    write = Path.write_text

    def write_until_full(path: Path, *arguments: object, **named: object) -> int:
        if path.name == "import.json":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return write(path, *arguments, **named)

    monkeypatch.setattr(Path, "write_text", write_until_full)
    status, printed, error = run({"StageName": "dev"}, "--api-id", "abc", "--force")
    assert (status, printed, error.count("\n")) == (2, "", 1)
    assert "No space left on device" in error
    assert (tmp_path / "out" / "stages.py").read_text() == before
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == ["import.json", "stages.py"]


def test_paths_that_cannot_be_used(run, tmp_path, capsys) -> None:
    """A folder that is a file, a file that is a folder, and an input that is not there are one line each."""
    (tmp_path / "file").write_text("")
    assert run(PETS, output="file")[::2] == (2, f"stage-constructs: {tmp_path / 'file'}: File exists\n")
    (tmp_path / "out" / "import.json").mkdir(parents=True)
    assert run(PETS, "--force")[::2] == (2, f"stage-constructs: {tmp_path / 'out' / 'import.json'} is a folder\n")
    assert not (tmp_path / "out" / "stages.py").exists()
    assert main(["takeover", str(tmp_path / "nosuch")]) == 2
    assert capsys.readouterr().err == f"stage-constructs: {tmp_path / 'nosuch'}: No such file or directory\n"


class TestEnvironment:
    ELSEWHERE = api_stage(name="us", execution_arn="arn:aws:execute-api:us-east-1:123456789012:aabbccddee/us")
    BOTH = terraform(
        resource("aws_apigatewayv2_stage.pets", sources.HTTP), resource("aws_apigatewayv2_stage.us", ELSEWHERE)
    )

    def test_of_the_state(self, take_over) -> None:
        """The Region and the account of the ARNs are those of the stack."""
        code = take_over(PETS).code
        assert 'env=cdk.Environment(account="123456789012", region="eu-west-1"),' in code

    def test_several_regions(self, run, take_over) -> None:
        """Stages of several Regions do not fit into a stack; `--region` chooses."""
        status, _, error = run(self.BOTH)
        assert status == 2
        assert "has stages of eu-west-1 and us-east-1, and a stack has one region: add --region" in error
        taken = take_over(self.BOTH, "--region", "us-east-1")
        assert [each["StageName"] for each in taken.mapping.values()] == ["us"]
        assert "aws_apigatewayv2_stage.us" in taken.printed
        assert "aws_apigatewayv2_stage.pets" not in taken.printed

    def test_as_given(self, take_over) -> None:
        """The AWS CLI prints neither for API Gateway; without them the stack has no environment."""
        live = {"StageName": "dev"}
        code = take_over(live, "--api-id", "abc", "--region", "eu-west-1", "--account", "123456789012").code
        assert 'env=cdk.Environment(account="123456789012", region="eu-west-1"),' in code
        assert 'Stages(app, "Stages")\n' in take_over(live, "--api-id", "abc", "--force").code


class TestProtocol:
    @pytest.mark.parametrize(
        ("stage", "arguments", "constructor"),
        [
            ({}, [], "HttpStage"),
            ({"DefaultRouteSettings": {"LoggingLevel": "OFF"}}, [], "WebSocketStage"),
            ({}, ["--protocol", "WEBSOCKET"], "WebSocketStage"),
        ],
    )
    def test_of_the_aws_cli(self, take_over, stage, arguments, constructor) -> None:
        """Only WebSocket stages have a log level; `--protocol` says it where there is none."""
        code = take_over({"StageName": "dev", **stage}, "--api-id", "abc", *arguments).code
        assert f"dev_stage = {constructor}(" in code


class TestNotes:
    @pytest.mark.parametrize(
        ("given", "note"),
        [
            ({"client_certificate_id": "a1"}, "client_certificate_id: API Gateway supports it on stages of WebSocket"),
            ({"default_route_settings": [sources.settings(logging_level="INFO")]}, "stages of HTTP APIs have no exec"),
            ({"tags_all": {"aws:x": "y"}}, "tags aws:x: only AWS sets tags whose keys begin with aws:"),
            ({"auto_deploy": True, "deployment_id": "a1"}, "deployment_id: the stage deploys by itself"),
        ],
    )
    def test_api_gateway(self, app, take_over, given, note) -> None:
        """What a stage of an HTTP API cannot be given is a comment with the reason."""
        values = {"default_route_settings": [], **given}
        taken = take_over(terraform(resource("aws_apigatewayv2_stage.pets", api_stage(**values))))
        assert f"# - {note}" in taken.code or note in taken.code
        assert len(taken.stages(app)) == 1

    @pytest.mark.parametrize(
        ("given", "note"),
        [
            ({"recordParticipantReplicas": False}, "recordParticipantReplicas, which is False"),
            ({"mediaTypes": ["NONE"]}, "mediaTypes NONE: CloudFormation takes AUDIO_VIDEO or AUDIO_ONLY"),
        ],
    )
    def test_ivs(self, app, take_over, given, note) -> None:
        """So is what CloudFormation has no property for."""
        live = sources.IVS_LIVE["stage"]
        recording = {**live["autoParticipantRecordingConfiguration"], **given}
        taken = take_over({"stage": {**live, "autoParticipantRecordingConfiguration": recording}})
        assert f"# - {note}" in taken.code
        assert len(taken.stages(app)) == 1


class TestPrinted:
    DEPLOYMENT = resource("aws_apigatewayv2_deployment.chat[0]", {"id": "abc123"}, "aws_apigatewayv2_deployment")
    STATE = terraform(
        DEPLOYMENT,
        resource('aws_apigatewayv2_stage.chat["eu"]', sources.WEBSOCKET),
        resource('aws_apigatewayv2_stage.chat["us"]', api_stage(stage_variables={"password": sources.SECRET})),
    )

    def test_terraform(self, take_over) -> None:
        """The stages are let go with the deployment that one serves: by resource, and by instance for `state rm`."""
        printed = take_over(self.STATE).printed
        blocks = [line.strip() for line in printed.splitlines() if "from = " in line]
        assert blocks == ["from = aws_apigatewayv2_stage.chat", "from = aws_apigatewayv2_deployment.chat"]
        assert [line.strip() for line in printed.splitlines() if "state rm" in line] == [
            "terraform state rm 'aws_apigatewayv2_stage.chat[\"eu\"]'",
            "terraform state rm 'aws_apigatewayv2_deployment.chat[0]'",
            "terraform state rm 'aws_apigatewayv2_stage.chat[\"us\"]'",
        ]
        assert printed.index("cdk import") < printed.index("cdk diff") < printed.index("removed {")

    def test_values_are_in_the_code_alone(self, take_over) -> None:
        """No value of a stage variable is printed."""
        taken = take_over(self.STATE)
        assert sources.SECRET in taken.code
        assert sources.SECRET not in taken.printed + json.dumps(taken.mapping)

    def test_of_the_aws_cli(self, take_over) -> None:
        """Nothing is said of Terraform for stages that were not found in its state."""
        assert "terraform" not in take_over(sources.IVS_LIVE).printed.lower()


def test_it_starts_no_node(tmp_path) -> None:
    """The command imports neither the CDK nor jsii."""
    (tmp_path / "state.json").write_text(json.dumps(PETS))
    code = (
        "import sys\nfrom stage_constructs.checks._command import main\n"
        f"status = main(['takeover', {str(tmp_path / 'state.json')!r}, '--output', {str(tmp_path)!r}])\n"
        "print(status, sorted({name.partition('.')[0] for name in sys.modules} & {'aws_cdk', 'constructs', 'jsii'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"


VALUES = [None, 5, "x", [], {}, [5], {"a": 5}, True]


FILES = {
    "terraform": PETS,
    "deployment": terraform(resource("aws_apigatewayv2_deployment.a", {"id": "a"}, "aws_apigatewayv2_deployment")),
    "awscc": terraform(resource("awscc_ivs_stage.room", sources.IVS, "awscc_ivs_stage")),
    "tfstate": sources.raw_state(PETS),
    "get-stages": {"Items": [sources.WEBSOCKET_PROPERTIES]},
    "get-stage": sources.IVS_LIVE,
}


@pytest.mark.slow
@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_whatever_stands_in_the_file(tmp_path, capsys, content) -> None:
    """A value of another kind anywhere in a file gives one line or an app that Python can read, never a traceback."""
    path = tmp_path / "live.json"
    for place in list(_places(content)):
        for value in VALUES:
            path.write_text(json.dumps(_replaced(content, place, value)))
            status = main(["takeover", str(path), "--api-id", "abc", "--output", str(tmp_path / "out"), "--force"])
            assert (status, capsys.readouterr().err.count("\n")) in {(0, 0), (2, 1)}
            if status == 0:
                ast.parse((tmp_path / "out" / "stages.py").read_text())


def _places(value, path=()):
    """The path of each value in a JSON value."""
    yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield from _places(member, (*path, key))


def _replaced(value, place, other):
    """The JSON value with another one at a place."""
    if not place:
        return other
    copy = list(value) if isinstance(value, list) else dict(value)
    copy[place[0]] = _replaced(value[place[0]], place[1:], other)
    return copy
