"""The emulator starts and stops as its users rely on."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import zipfile
from http import HTTPStatus
from pathlib import Path
from urllib.request import urlopen

import pytest
from botocore.exceptions import ClientError, WaiterError

from emulator import aws

ROOT = Path(__file__).parents[2]


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_it_listens_on_this_machine_alone(emulator):
    """The port is open on 127.0.0.1 and on no other address."""
    own = socket.gethostbyname(socket.gethostname())
    assert _answers(emulator.port)
    with socket.socket() as probe:
        assert own.startswith("127.") or probe.connect_ex((own, emulator.port)) != 0


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="sockets are read as Linux shows them")
@pytest.mark.parametrize("settings", [{}, {"IOT_MTLS_ENABLED": "1"}], ids=["as the tutorial", "asked for more"])
def test_it_listens_at_one_port(tmp_path, settings):
    """The process that the tutorial starts has one listening socket, on 127.0.0.1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, **settings, "GATEWAY_PORT": str(port)}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "emulator"], cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log
        )
    try:
        assert _ready(port), (tmp_path / "log").read_text()
        assert _listening(process.pid) == [f"0100007F:{port:04X}"]
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)


def _ready(port: int) -> bool:
    """Wait until ministack says that all of its listeners are up."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urlopen(f"http://127.0.0.1:{port}/_ministack/ready", timeout=5) as answer:
            return answer.status == HTTPStatus.OK
        time.sleep(0.1)
    return False


def _listening(pid: int) -> list[str]:
    """Local addresses of the listening sockets of a process, in the notation of the kernel."""
    inodes = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            inodes.add(str(descriptor.readlink()).removeprefix("socket:[").removesuffix("]"))
    rows = [
        line.split() for table in ("tcp", "tcp6") for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    return sorted(row[1] for row in rows if row[3] == "0A" and row[9] in inodes)


ENVIRONMENT = """
import os

def handler(event, context):
    return dict(os.environ)
"""


def test_its_functions_see_nothing_of_the_account_of_who_starts_it(monkeypatch, tmp_path):
    """Neither credentials nor a profile, and the files that hold them are not read."""
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "PROFILE", "CONFIG_FILE", "ROLE_ARN"):
        monkeypatch.setenv(f"AWS_{name}", "of-the-developer")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("index.py", ENVIRONMENT)
    with aws.running(tmp_path / "log") as running:
        functions = running.client("lambda")
        functions.create_function(
            FunctionName="environment",
            Runtime="python3.13",
            Handler="index.handler",
            Role=f"arn:aws:iam::{aws.ACCOUNT}:role/function",
            Code={"ZipFile": archive.getvalue()},
        )
        seen = json.load(functions.invoke(FunctionName="environment")["Payload"])
    assert "of-the-developer" not in seen.values()
    assert seen["AWS_CONFIG_FILE"] == seen["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert seen["AWS_ENDPOINT_URL"] == running.endpoint


def test_a_second_stage_of_a_name_is_refused(emulator):
    """API Gateway answers 409, and the first stage stays as it is."""
    service = emulator.client("apigatewayv2")
    api_id = service.create_api(Name="twice", ProtocolType="HTTP")["ApiId"]
    service.create_stage(ApiId=api_id, StageName="live", Description="first")
    with pytest.raises(service.exceptions.ConflictException, match="Stage already exists"):
        service.create_stage(ApiId=api_id, StageName="live", Description="second")
    assert service.get_stage(ApiId=api_id, StageName="live")["Description"] == "first"
    service.delete_api(ApiId=api_id)


@pytest.fixture
def http_api(emulator):
    """The id of an HTTP API with a route."""
    service = emulator.client("apigatewayv2")
    api_id = service.create_api(Name="http", ProtocolType="HTTP")["ApiId"]
    service.create_route(ApiId=api_id, RouteKey="GET /pets")
    yield api_id
    service.delete_api(ApiId=api_id)


@pytest.mark.parametrize(
    ("operation", "parameters", "said"),
    [
        ("create_stage", {"StageName": "s" * 129}, "BadRequest.*CreateStage.StageName is 129, not within 1 and 128"),
        ("create_stage", {"Description": "d" * 1025}, "BadRequest.*CreateStage.Description is 1025"),
        ("create_stage", {"StageVariables": {"key": "v" * 2049}}, "BadRequest.*StageVariables.key is 2049"),
        ("create_stage", {"DefaultRouteSettings": {"LoggingLevel": "DEBUG"}}, "LoggingLevel is none of"),
        ("create_stage", {"DefaultRouteSettings": {"LoggingLevel": "OFF"}}, "not supported on protocolType HTTP"),
        ("create_stage", {"RouteSettings": {"GET /cats": {}}}, "NotFound.*Unable to find Route by key GET /cats"),
        ("create_stage", {"AutoDeploy": True, "DeploymentId": "abc"}, "because AutoDeploy is enabled"),
        ("create_stage", {"DeploymentId": "abc"}, "NotFound.*Unable to find Deployment by id abc"),
        ("create_route", {"RouteKey": "GET /pets"}, "Conflict.*Route with key GET /pets already exists for this API"),
    ],
    ids=str,
)
def test_a_request_to_api_gateway_is_refused(emulator, http_api, operation, parameters, said):
    """What the model of botocore does not allow, and what conflicts with the API; a template meets the same."""
    service = emulator.client("apigatewayv2")
    stage = {"StageName": "live"} if operation == "create_stage" else {}
    with pytest.raises(ClientError, match=said):
        getattr(service, operation)(ApiId=http_api, **{**stage, **parameters})
    assert service.get_stages(ApiId=http_api)["Items"] == []
    kind = "Stage" if operation == "create_stage" else "Route"
    resource = {"Type": f"AWS::ApiGatewayV2::{kind}", "Properties": {"ApiId": http_api, **stage, **parameters}}
    cloudformation = emulator.client("cloudformation")
    cloudformation.create_stack(StackName="refused", TemplateBody=json.dumps({"Resources": {"It": resource}}))
    with contextlib.suppress(WaiterError):
        cloudformation.get_waiter("stack_create_complete").wait(StackName="refused", WaiterConfig={"Delay": 1})
    events = cloudformation.describe_stack_events(StackName="refused")["StackEvents"]
    [failed] = [each["ResourceStatusReason"] for each in events if each["ResourceStatus"] == "CREATE_FAILED"]
    cloudformation.delete_stack(StackName="refused")
    assert re.search(said, failed)


def test_what_is_in_use_is_not_deleted(emulator, http_api):
    """A deployment that a stage points to, and an API that a domain name leads to."""
    service = emulator.client("apigatewayv2")
    deployment = service.create_deployment(ApiId=http_api)["DeploymentId"]
    service.create_stage(ApiId=http_api, StageName="live", DeploymentId=deployment)
    with pytest.raises(ClientError, match="Active stages pointing to this deployment must be moved or deleted"):
        service.delete_deployment(ApiId=http_api, DeploymentId=deployment)
    certificate = f"arn:aws:acm:{aws.REGION}:{aws.ACCOUNT}:certificate/11111111-2222-3333-4444-555555555555"
    configuration = {"CertificateArn": certificate, "EndpointType": "REGIONAL"}
    service.create_domain_name(DomainName="used.example", DomainNameConfigurations=[configuration])
    service.create_api_mapping(DomainName="used.example", ApiId=http_api, Stage="live")
    for delete, named in ((service.delete_stage, {"StageName": "live"}), (service.delete_api, {})):
        with pytest.raises(ClientError, match="Please remove all API mappings"):
            delete(ApiId=http_api, **named)
    service.delete_domain_name(DomainName="used.example")


def test_mappings_of_a_domain_name_are_refused(emulator):
    """A key that exists, one of other characters, and a stage that does not exist, in the words of API Gateway."""
    service = emulator.client("apigatewayv2")
    api_id = service.create_api(Name="mapped", ProtocolType="HTTP")["ApiId"]
    service.create_stage(ApiId=api_id, StageName="live")
    certificate = f"arn:aws:acm:{aws.REGION}:{aws.ACCOUNT}:certificate/11111111-2222-3333-4444-555555555555"
    service.create_domain_name(
        DomainName="twice.example",
        DomainNameConfigurations=[{"CertificateArn": certificate, "EndpointType": "REGIONAL"}],
    )

    def map_stage(key, stage="live"):
        return service.create_api_mapping(DomainName="twice.example", ApiId=api_id, Stage=stage, ApiMappingKey=key)

    first = map_stage("orders/v1")["ApiMappingId"]
    second = map_stage("orders/v2")["ApiMappingId"]
    with pytest.raises(service.exceptions.ConflictException, match="ApiMapping key already exists for this domain"):
        map_stage("orders/v1")
    with pytest.raises(service.exceptions.BadRequestException, match="may contain only letters, numbers and one of"):
        map_stage("orders v3")
    with pytest.raises(service.exceptions.BadRequestException, match="Invalid stage identifier specified"):
        map_stage("orders/v3", stage="none")
    for key, error in (("orders/v1", "ConflictException"), ("orders v2", "BadRequestException")):
        with pytest.raises(getattr(service.exceptions, error)):
            service.update_api_mapping(
                DomainName="twice.example", ApiMappingId=second, ApiId=api_id, Stage="live", ApiMappingKey=key
            )
    kept = service.get_api_mappings(DomainName="twice.example")["Items"]
    assert {each["ApiMappingId"]: each["ApiMappingKey"] for each in kept} == {first: "orders/v1", second: "orders/v2"}
    service.delete_domain_name(DomainName="twice.example")
    service.delete_api(ApiId=api_id)


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"LogGroupName": "by-hand"}, """identifier '{"/properties/LogGroupName":"by-hand"}' already exists."""),
        ({"KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}, "KMS key does not exist or is not allowed to be used with Arn"),
        ({}, None),
    ],
    ids=["of a name that exists", "with a key that is not for it", "neither"],
)
def test_a_log_group_is_refused(emulator, properties, said):
    """CloudFormation does not create a group that exists, or one that CloudWatch Logs could not encrypt."""
    logs, cloudformation = emulator.client("logs"), emulator.client("cloudformation")
    with contextlib.suppress(logs.exceptions.ResourceAlreadyExistsException):
        logs.create_log_group(logGroupName="by-hand")
    root = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{aws.ACCOUNT}:root"}, "Action": "*", "Resource": "*"}
    key = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": [root]}}}
    resources = {"Group": {"Type": "AWS::Logs::LogGroup", "Properties": properties}, "Key": key}
    cloudformation.create_stack(StackName="group", TemplateBody=json.dumps({"Resources": resources}))
    with contextlib.suppress(WaiterError):
        cloudformation.get_waiter("stack_create_complete").wait(StackName="group", WaiterConfig={"Delay": 1})
    events = cloudformation.describe_stack_events(StackName="group")["StackEvents"]
    failed = [each["ResourceStatusReason"] for each in events if each["ResourceStatus"] == "CREATE_FAILED"]
    cloudformation.delete_stack(StackName="group")
    assert [said in reason for reason in failed] == ([] if said is None else [True])


def test_it_stops_with_its_block(tmp_path):
    """Nothing listens any more behind the with block, even when that ends in an error."""
    with pytest.raises(ZeroDivisionError), aws.running(tmp_path / "log") as running:
        raise ZeroDivisionError
    assert not _answers(running.port)


def test_two_run_at_once(emulator, tmp_path):
    """A second emulator takes another port and knows nothing of the first."""
    with aws.running(tmp_path / "log") as second:
        assert second.port != emulator.port
        second.client("s3").create_bucket(Bucket="only-here")
        names = {bucket["Name"] for bucket in emulator.client("s3").list_buckets()["Buckets"]}
    assert "only-here" not in names


def test_a_taken_port_is_said_in_one_line(emulator, tmp_path):
    """The error names the port."""
    with pytest.raises(aws.EmulatorError, match=rf"^port {emulator.port} of 127.0.0.1 cannot be used: .*$"):
        aws.running(tmp_path / "log", emulator.port).__enter__()


def test_the_demo_says_in_one_line_that_its_port_is_taken(emulator):
    """The demo ends with 1 and names the port."""
    done = subprocess.run(
        [sys.executable, "-m", "emulator.demo", "--port", str(emulator.port)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"demo: port {emulator.port} of 127.0.0.1 cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_it_ends_when_the_process_that_started_it_is_killed(tmp_path):
    """No emulator outlives its parent, however that ends."""
    program = (
        "import pathlib, sys, time\n"
        "from emulator import aws\n"
        f"with aws.running(pathlib.Path({str(tmp_path / 'log')!r})) as running:\n"
        "    print(running.port, flush=True)\n"
        "    time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    port = int(parent.stdout.readline())
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 15
    while _answers(port) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _answers(port)
