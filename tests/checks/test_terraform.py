"""Stages in what `terraform show -json` prints of a plan or a state."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import pytest

from stage_constructs.checks import check_template
from stage_constructs.checks._command import main
from stage_constructs.checks._templates import findings_in
from stage_constructs.checks._terraform import read_terraform
from tests.docs.pages import ROOT

PLAN = ROOT / "examples" / "ci" / "terraform" / "plan.json"
STAGE = "aws_apigatewayv2_stage.this"
ZEROS = {
    "data_trace_enabled": False,
    "detailed_metrics_enabled": False,
    "logging_level": "",
    "throttling_burst_limit": 0,
    "throttling_rate_limit": 0,
}
"""What the state of a stage has for settings that nobody gave."""
DEFAULTS = "default_route_settings"


class Declared(NamedTuple):
    """A resource of a plan: what is known of it, and what its configuration refers to or writes."""

    values: dict[str, Any]
    expressions: dict[str, Any]
    action: str = "create"


def constant(values: dict[str, Any], action: str = "create", **references: str | list[str]) -> Declared:
    """A resource with constant values and references, such as `api_id="aws_apigatewayv2_api.this.id"`."""
    written = {name: {"constant_value": value} for name, value in values.items() if not isinstance(value, list)}
    blocks = {
        name: [{key: {"constant_value": item} for key, item in block.items()} for block in value]
        for name, value in values.items()
        if isinstance(value, list)
    }
    referring = {name: {"references": _references(value)} for name, value in references.items()}
    return Declared(values, {**written, **blocks, **referring}, action)


def _references(reference: str | list[str]) -> list[str]:
    """The references of an expression as Terraform lists them, each followed by what it is an attribute of."""
    if isinstance(reference, list):
        return reference
    return [reference, *([reference.rpartition(".")[0]] if reference.count(".") > 1 else [])]


def _resource(address: str, values: dict[str, Any]) -> dict[str, Any]:
    kind, name = re.sub(r"\[.*\]", "", address.rpartition("].")[2] if "module" in address else address).split(".")[-2:]
    return {"address": address, "mode": "managed", "type": kind, "name": name, "values": values}


def plan(resources: dict[str, Declared], **more: Any) -> dict[str, Any]:
    """A plan of resources of the root module, by their addresses."""
    return {
        "format_version": "1.2",
        "terraform_version": "1.13.5",
        "planned_values": {"root_module": {"resources": [_resource(a, each.values) for a, each in resources.items()]}},
        "resource_changes": [
            {"address": address, "change": {"actions": [each.action]}} for address, each in resources.items()
        ],
        "configuration": {
            "root_module": {
                "resources": list(
                    {
                        address: {"address": address, "expressions": each.expressions}
                        for address, each in ((re.sub(r"\[.*\]", "", key), each) for key, each in resources.items())
                    }.values()
                )
            }
        },
        **more,
    }


def state(resources: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A state of resources of the root module, by their addresses."""
    return {
        "format_version": "1.0",
        "terraform_version": "1.13.5",
        "values": {"root_module": {"resources": [_resource(a, values) for a, values in resources.items()]}},
    }


API_ID = "aws_apigatewayv2_api.this.id"


def api(protocol: str = "HTTP") -> Declared:
    """An API."""
    return constant({"name": "pets", "protocol_type": protocol})


def stage(values: dict[str, Any] | None = None, action: str = "create", **references: Any) -> Declared:
    """A stage of the API that deploys by itself."""
    own = {"name": "live", "auto_deploy": True, "route_settings": [], **(values or {})}
    return constant(own, action, **{"api_id": API_ID, **references})


def route(key: str, api_id: Any = API_ID) -> Declared:
    """A route of the API."""
    return constant({"route_key": key}, api_id=api_id)


@pytest.fixture
def check(tmp_path: Path) -> Any:
    """Addresses, rules and properties that are found in a file with some JSON."""

    def found(content: dict[str, Any], **options: Any) -> list[tuple[str, str, str]]:
        path = tmp_path / "terraform.json"
        path.write_text(json.dumps(content))
        return [(each.logical_id, each.rule, each.prop) for each in check_template(path, **options)]

    return found


def of_stage(protocol: str = "HTTP", values: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
    """A plan with an API, a route and a stage."""
    return plan(
        {
            "aws_apigatewayv2_api.this": api(protocol),
            "aws_apigatewayv2_route.pets": route("GET /pets" if protocol == "HTTP" else "send"),
            "aws_api_gateway_account.this": constant({"cloudwatch_role_arn": "arn:aws:iam::123456789012:role/logs"}),
            STAGE: stage(values, **options),
        }
    )


class TestPlan:
    def test_the_example(self) -> None:
        """The plan of the example has one error, and limits of 0 that the provider sends."""
        error, burst, rate = check_template(PLAN)
        assert error.logical_id == "aws_apigatewayv2_stage.live"
        assert error.path == ("aws_apigatewayv2_stage.live", "access_log_settings.format")
        assert error.message.startswith("access_log_settings.format must name variables that an HTTP API has")
        assert [(each.rule, each.prop) for each in (burst, rate)] == [
            ("zeroThrottle", f"{DEFAULTS}.throttling_burst_limit"),
            ("zeroThrottle", f"{DEFAULTS}.throttling_rate_limit"),
        ]
        assert burst.fix.startswith("write both limits, or leave out the whole block")

    @pytest.mark.parametrize(
        ("values", "rule", "prop"),
        [
            ({"name": "my stage"}, "stageName", "name"),
            ({"stage_variables": {"a-b": "c"}}, "stageVariableName", 'stage_variables["a-b"]'),
            ({"tags": {"aws:team": "x"}}, "tags", 'tags["aws:team"]'),
            ({"client_certificate_id": "abc"}, "clientCertificateOnHttp", "client_certificate_id"),
            ({"deployment_id": "d1"}, "deploymentWithAutoDeploy", "deployment_id"),
            ({"auto_deploy": False}, "stageWithoutDeployment", "auto_deploy"),
            (
                {"access_log_settings": [{"destination_arn": "arn:aws:s3:::x", "format": "$context.requestId"}]},
                "accessLogDestination",
                "access_log_settings.destination_arn",
            ),
            (
                {DEFAULTS: [{**ZEROS, "throttling_burst_limit": 99_999, "throttling_rate_limit": 1}]},
                "throttleAboveQuota",
                f"{DEFAULTS}.throttling_burst_limit",
            ),
            (
                {
                    "route_settings": [
                        {"route_key": "GET /cats", "throttling_burst_limit": 1, "throttling_rate_limit": 1}
                    ]
                },
                "missingRoute",
                "route_settings",
            ),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_faults(self, check: Any, values: dict[str, Any], rule: str, prop: str) -> None:
        """A fault is found at the address, by the name that the attribute has in Terraform."""
        assert check(of_stage(values=values)) == [(STAGE, rule, prop)]

    def test_texts_are_spelled_as_in_terraform(self, tmp_path: Path) -> None:
        """A message shows arguments as Terraform has them."""
        path = tmp_path / "plan.json"
        path.write_text(json.dumps(of_stage(values={"deployment_id": "d1"})))
        [finding] = check_template(path)
        assert finding.message == 'deployment_id cannot be combined with auto_deploy = true, got "d1"'

    def test_nothing_is_found_in_a_right_plan(self, check: Any) -> None:
        """A stage with what is known only after apply is silent."""
        logs = [{"format": "$context.requestId"}]
        assert check(of_stage(values={"access_log_settings": logs, "tags": None, "description": None})) == []

    @pytest.mark.parametrize("block", [DEFAULTS, "route_settings"])
    @pytest.mark.parametrize("limit", [0, None])
    def test_limits_that_the_provider_sends_as_zero(self, check: Any, block: str, limit: int | None) -> None:
        """A block that the configuration has, or that is created with the stage, sends both limits."""
        settings = {**ZEROS, "throttling_burst_limit": 5, "throttling_rate_limit": limit}
        if block == "route_settings":
            settings["route_key"] = "GET /pets"
        content = of_stage(values={block: [settings]})
        assert [rule for _, rule, _ in check(content)] == ["zeroThrottle"]
        for each in content["configuration"]["root_module"]["resources"]:
            each["expressions"].pop(block, None)  # as of a dynamic block
        assert [rule for _, rule, _ in check(content)] == ["zeroThrottle"]

    def test_zeros_of_an_existing_stage(self, check: Any) -> None:
        """A block that only the state has says nothing about what is given."""
        content = of_stage(values={DEFAULTS: [ZEROS]}, action="update")
        del content["configuration"]["root_module"]["resources"][-1]["expressions"][DEFAULTS]
        assert check(content) == []

    def test_execution_logs_of_an_http_stage(self, check: Any) -> None:
        """The provider does not send log levels to an HTTP API, so they are no error; to a WebSocket API it does."""
        settings = {**ZEROS, "logging_level": "WARN", "throttling_burst_limit": 5, "throttling_rate_limit": 5}
        assert check(of_stage(values={DEFAULTS: [{**settings, "data_trace_enabled": True}]})) == []
        assert check(of_stage("WEBSOCKET", {DEFAULTS: [settings]})) == [
            (STAGE, "loggingLevel", f"{DEFAULTS}.logging_level")
        ]

    def test_log_level_that_is_computed(self, check: Any) -> None:
        """A log level that is known only after apply is not taken to be off."""
        settings = {**ZEROS, "data_trace_enabled": True, "throttling_burst_limit": 5, "throttling_rate_limit": 5}
        del settings["logging_level"]
        assert check(of_stage("WEBSOCKET", {DEFAULTS: [settings]})) == []

    @pytest.mark.parametrize(
        ("reference", "rules"),
        [
            ("aws_apigatewayv2_deployment.this.id", ["deploymentWithAutoDeploy"]),
            (["local.deploys", "aws_apigatewayv2_deployment.this.id", "aws_apigatewayv2_deployment.this"], []),
            ("var.deployment_id", []),
        ],
        ids=["reference", "condition", "variable"],
    )
    def test_a_deployment_with_automatic_deployment(self, check: Any, reference: Any, rules: list[str]) -> None:
        """A deployment that is surely given is an error beside automatic deployment; a computed one is none."""
        resources = {
            "aws_apigatewayv2_api.this": api(),
            "aws_apigatewayv2_route.pets": route("GET /pets"),
            "aws_apigatewayv2_deployment.this": constant({}, api_id=API_ID),
        }
        assert [rule for _, rule, _ in check(plan({**resources, STAGE: stage(deployment_id=reference)}))] == rules
        assert check(plan({**resources, STAGE: stage()})) == []

    def test_the_deployment_of_an_existing_stage(self, check: Any) -> None:
        """The deployment that automatic deployment made is none that is given, even where it is in the file."""
        made = constant({"id": "d1"}, api_id=API_ID)
        live = stage(action="update")
        live.values["deployment_id"] = "d1"
        resources = {"aws_apigatewayv2_api.this": api(), "aws_apigatewayv2_route.pets": route("GET /pets")}
        assert check(plan({**resources, "aws_apigatewayv2_deployment.this": made, STAGE: live})) == []

    def test_a_partial_plan(self, check: Any) -> None:
        """Where the plan is not complete, a route that is not in it may exist: a warning."""
        limits = {"throttling_burst_limit": 5, "throttling_rate_limit": 5}
        content = of_stage(values={"route_settings": [{"route_key": "GET /cats", **limits}]})
        assert check({**content, "complete": False}) == [(STAGE, "unknownRoute", "route_settings")]

    def test_region(self, check: Any) -> None:
        """The Region is an option: 1250 and 2500 in Regions with lower quotas."""
        content = of_stage(values={DEFAULTS: [{"throttling_burst_limit": 2000, "throttling_rate_limit": 5}]})
        assert check(content) == []
        assert [rule for _, rule, _ in check(content, region="eu-south-1")] == ["throttleAboveQuota"]

    def test_domain_names(self, check: Any) -> None:
        """Mappings belong to the domain name and the stage that they refer to."""
        domain = constant({"domain_name": "API.example.com", "domain_name_configuration": [{}]})
        mapping = constant(
            {"api_mapping_key": None},
            api_id=API_ID,
            domain_name="aws_apigatewayv2_domain_name.this.id",
            stage=f"{STAGE}.id",
        )
        closed = constant({"name": "pets", "protocol_type": "HTTP", "disable_execute_api_endpoint": True})
        resources = {"aws_apigatewayv2_api.this": closed, STAGE: stage()}
        assert check(plan(resources)) == [(STAGE, "disabledEndpoint", "the resource")]
        mapped = {**resources, "aws_apigatewayv2_domain_name.this": domain, "aws_apigatewayv2_api_mapping.one": mapping}
        found = check(plan({**mapped, "aws_apigatewayv2_api_mapping.two": mapping}))
        assert [each for each in found if each[1] != "domainName"] == [
            ("aws_apigatewayv2_api_mapping.one", "mappingExists", "api_mapping_key"),
            ("aws_apigatewayv2_api_mapping.two", "mappingExists", "api_mapping_key"),
        ]
        assert ("aws_apigatewayv2_api_mapping.one", "domainName", "domain_name") in found


class TestReferences:
    """The stage belongs to a WebSocket API, for which `$default` is a warning, only if the reference is followed."""

    FOUND = "webSocketDefaultStage"
    DEFAULT: ClassVar[dict[str, Any]] = {"name": "$default"}

    @pytest.mark.parametrize(
        ("address", "instance", "reference"),
        [
            ("aws_apigatewayv2_api.this", STAGE, API_ID),
            (
                "aws_apigatewayv2_api.this[0]",
                STAGE,
                ["aws_apigatewayv2_api.this[0].id", "aws_apigatewayv2_api.this[0]", "aws_apigatewayv2_api.this"],
            ),
            ('aws_apigatewayv2_api.this["a"]', f'{STAGE}["a"]', ["aws_apigatewayv2_api.this", "each.key"]),
            ("aws_apigatewayv2_api.this[1]", f"{STAGE}[1]", ["aws_apigatewayv2_api.this", "count.index"]),
            ("aws_apigatewayv2_api.this[0]", STAGE, ["aws_apigatewayv2_api.this"]),
        ],
        ids=["plain", "index", "each", "count", "one"],
    )
    def test_instances(self, check: Any, address: str, instance: str, reference: Any) -> None:
        """References to instances of count and for_each are followed."""
        others = {"aws_apigatewayv2_api.this2": api(), **({f"{address[:-3]}9]": api()} if "1]" in address else {})}
        content = plan({**others, address: api("WEBSOCKET"), instance: stage(self.DEFAULT, api_id=reference)})
        assert [(each, rule) for each, rule, _ in check(content)] == [
            (instance, self.FOUND),
            (instance, "autoDeployWithoutRoute"),
        ]

    @pytest.mark.parametrize(
        "reference",
        [
            ["aws_apigatewayv2_api.this.id", "aws_apigatewayv2_api.this", "aws_apigatewayv2_api.other"],
            "local.api_id",
            "var.api_id",
            "data.aws_apigatewayv2_api.this.id",
            "module.nosuch.api_id",
            "aws_apigatewayv2_api.nosuch.id",
        ],
        ids=str,
    )
    def test_what_is_not_sure_is_not_followed(self, check: Any, reference: Any) -> None:
        """A stage whose API is not sure is one of no known protocol, and no stage of the same API as another."""
        one = stage(self.DEFAULT, api_id=reference)
        resources = {"aws_apigatewayv2_api.this": api("WEBSOCKET"), "aws_apigatewayv2_api.other": api()}
        assert check(plan({**resources, STAGE: one, "aws_apigatewayv2_stage.two": one})) == []

    def test_ids_that_are_known(self, check: Any) -> None:
        """An id that an API of the file has is that API."""
        content = plan(
            {
                "aws_apigatewayv2_api.this": constant({"id": "a1b2", "protocol_type": "WEBSOCKET"}),
                STAGE: constant({"api_id": "a1b2", **self.DEFAULT, "auto_deploy": True}, "update"),
            }
        )
        assert self.FOUND in [rule for _, rule, _ in check(content)]

    def test_modules(self, check: Any) -> None:
        """Outputs of a module and variables of another are followed, for each instance."""
        called = {
            "resources": [{"address": STAGE, "expressions": {"api_id": {"references": ["var.api_id"]}}}],
            "variables": {"api_id": {}},
        }
        made = {
            "resources": [{"address": "aws_apigatewayv2_api.this", "expressions": {}}],
            "outputs": {"api_id": {"expression": {"references": [API_ID, "aws_apigatewayv2_api.this"]}}},
        }
        arguments = {"api_id": {"references": ["module.api.api_id", "module.api"]}}
        address = f'module.stages["a.b"].{STAGE}'
        content = plan(
            {},
            planned_values={
                "root_module": {
                    "child_modules": [
                        {
                            "address": "module.api",
                            "resources": [
                                _resource("module.api.aws_apigatewayv2_api.this", {"protocol_type": "WEBSOCKET"})
                            ],
                        },
                        {
                            "address": 'module.stages["a.b"]',
                            "resources": [_resource(address, {**self.DEFAULT, "auto_deploy": False})],
                        },
                    ]
                }
            },
            configuration={
                "root_module": {
                    "module_calls": {
                        "api": {"module": made, "expressions": {}},
                        "stages": {"module": called, "expressions": arguments},
                    }
                }
            },
        )
        assert (address, self.FOUND, "name") in check(content)


class TestState:
    LIVE: ClassVar[dict[str, Any]] = {
        "api_id": "a1b2",
        "name": "live",
        "id": "live",
        "auto_deploy": True,
        "deployment_id": "d1",
        "description": "",
        "client_certificate_id": "",
        "access_log_settings": [],
        DEFAULTS: [ZEROS],
        "route_settings": [{"route_key": "GET /pets", **ZEROS}],
        "stage_variables": {},
        "tags": None,
    }

    @pytest.mark.parametrize("protocol", ["HTTP", "WEBSOCKET", None])
    def test_what_the_provider_fills_in(self, check: Any, protocol: str | None) -> None:
        """Zeros, empty strings and the deployment of an automatic deployment are no findings."""
        api = {"aws_apigatewayv2_api.this": {"id": "a1b2", "protocol_type": protocol}} if protocol else {}
        logs = {**ZEROS, "logging_level": "" if protocol == "HTTP" else "INFO"}
        assert check(state({**api, STAGE: {**self.LIVE, DEFAULTS: [logs]}})) == []

    def test_a_warning(self, check: Any) -> None:
        """What works otherwise than meant is found in a state too."""
        api = {"aws_apigatewayv2_api.this": {"id": "a1b2", "protocol_type": "WEBSOCKET"}}
        traced = {**ZEROS, "logging_level": "INFO", "data_trace_enabled": True}
        assert check(state({**api, STAGE: {**self.LIVE, DEFAULTS: [traced]}})) == [
            (STAGE, "dataTraceLogsMessages", f"{DEFAULTS}.data_trace_enabled")
        ]

    def test_no_errors(self, check: Any) -> None:
        """The services have accepted what is in a state, whatever this release knows of it."""
        odd = {**self.LIVE, "name": "a b", "deployment_id": "d1", "tags": {"aws:x": "y"}}
        assert check(state({STAGE: odd, "awscc_ivs_stage.room": {"name": "a room"}})) == []


class TestIvs:
    def test_values_that_the_service_fills_in(self, check: Any) -> None:
        """Defaults that the provider reads back are no findings."""
        thumbnails = {"recording_mode": "DISABLED", "storage": ["SEQUENTIAL"], "target_interval_seconds": 60}
        recording = {
            "storage_configuration_arn": "",
            "media_types": ["AUDIO_VIDEO"],
            "recording_reconnect_window_seconds": 0,
            "hls_configuration": {"participant_recording_hls_configuration": {"target_segment_duration_seconds": 6}},
            "thumbnail_configuration": {"participant_thumbnail_configuration": thumbnails},
        }
        room = {"name": "room", "tags": [], "auto_participant_recording_configuration": recording}
        assert check(state({"awscc_ivs_stage.room": room})) == []
        assert check(plan({"awscc_ivs_stage.room": Declared(room, {}, "update")})) == []

    def test_faults(self, check: Any) -> None:
        """Resources of the provider awscc are those of CloudFormation in snake_case."""
        recording = {
            "storage_configuration_arn": "arn:aws:ivs:eu-west-1:123456789012:stage/a",
            "media_types": ["AUDIO"],
        }
        content = plan(
            {
                "awscc_ivs_stage.room": constant(
                    {"name": "a room", "auto_participant_recording_configuration": recording}
                ),
                "awscc_ivs_encoder_configuration.hd": constant({"video": {"width": 1921, "height": 720}}),
                "awscc_ivs_ingest_configuration.obs": constant({"ingest_protocol": "RTMP", "insecure_ingest": False}),
                "awscc_ivs_storage_configuration.bucket": constant(
                    {"s3": {"bucket_name": "B"}, "tags": [{"key": "aws:x", "value": "y"}]}
                ),
                "awscc_ivs_public_key.key": constant({"public_key_material": "nothing"}),
            }
        )
        recorded = "auto_participant_recording_configuration"
        assert check(content) == [
            ("awscc_ivs_stage.room", "name", "name"),
            ("awscc_ivs_stage.room", "arn", f"{recorded}.storage_configuration_arn"),
            ("awscc_ivs_stage.room", "mediaType", f"{recorded}.media_types"),
            ("awscc_ivs_encoder_configuration.hd", "encoderSize", "video.width"),
            ("awscc_ivs_ingest_configuration.obs", "insecureIngest", "insecure_ingest"),
            ("awscc_ivs_storage_configuration.bucket", "bucketName", "s3.bucket_name"),
            ("awscc_ivs_storage_configuration.bucket", "tags", 'tags["aws:x"]'),
            ("awscc_ivs_public_key.key", "publicKey", "public_key_material"),
        ]


class TestFiles:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ({"format_version": "1.2", "planned_values": {}}, "is a Terraform plan without stages"),
            ({"format_version": "1.0"}, "is a Terraform state without stages"),
            ({"format_version": "1.0", "values": {"root_module": {"resources": [None, 3]}}}, "state without stages"),
            ({"version": 4, "lineage": "x", "resources": []}, "write what `terraform show -json` prints"),
        ],
        ids=["plan", "empty state", "odd", "stored state"],
    )
    def test_files_without_stages(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: dict[str, Any], message: str
    ) -> None:
        """A plan or a state without stages is one line, and exit status 2."""
        path = tmp_path / "terraform.json"
        path.write_text(json.dumps(content))
        assert main(["check", str(path)]) == 2
        [line] = capsys.readouterr().err.splitlines()
        assert message in line

    def test_the_command(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The command says what it checked, and accepts rules as it does for templates."""
        assert main(["check", str(PLAN)]) == 1
        assert capsys.readouterr().out.splitlines()[-1] == "1 template checked: 1 HTTP stage; 1 error, 2 warnings"
        assert main(["check", str(PLAN), "--strict", "--accept", "accessLogVariable", "--accept", "zeroThrottle"]) == 0

    @pytest.mark.parametrize(
        "value", [None, 1, True, "x", [], {}, [[]], [None], {"Ref": "x"}, {"a": {"b": [1]}}], ids=str
    )
    def test_other_values_anywhere(self, value: Any) -> None:
        """Whatever is anywhere in a plan, it is checked, or a ValueError says what is wrong."""
        routes = {"route_settings": [{"route_key": "GET /pets", **ZEROS}], "stage_variables": {"a": "b"}}
        for content in (json.loads(PLAN.read_text()), of_stage(values=routes)):
            for container, key in list(_places(content)):
                before, container[key] = container[key], value
                with contextlib.suppress(ValueError):
                    findings = findings_in([read_terraform(content, "plan.json", None, None)])
                    assert all(str(each) for each in findings)
                container[key] = before


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield value, key
        yield from _places(item)
