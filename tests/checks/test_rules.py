"""Each rule on templates that break it and on templates that do not."""

from __future__ import annotations

import re
from typing import Any

import pytest

from stage_constructs.rules._messages import TEMPLATE, fix_text, problem_text, service_text
from stage_constructs.rules._resources import Template
from stage_constructs.rules.templates import all_rules

from . import api_cases, cases, mapping_cases, template_helpers
from .template_helpers import Case, check, findings, rules, template

CASES = [*cases.CASES, *api_cases.CASES]
every_case = pytest.mark.parametrize("case", CASES, ids=[f"{index}-{case.rule}" for index, case in enumerate(CASES)])


@every_case
def test_a_fault_is_found(case: Case) -> None:
    """The template breaks this rule and no other, with its severity and at its property."""
    found = check(case.resources)
    assert {each.rule for each in found} == {case.rule}
    assert {each.severity for each in found} == {case.severity}
    assert {each.prop for each in found} == {case.prop}


@every_case
def test_a_finding_speaks_of_templates(case: Case) -> None:
    """No finding names a parameter, an enum or a call of Python."""
    for finding in findings(template(case.resources)):
        for said in (problem_text(finding, TEMPLATE, finding.value), fix_text(finding, TEMPLATE)):
            unquoted = re.sub(r'"[^"]*"|`[^`]*`', "", said)
            assert not re.search(r"\b[a-z]+_[a-z_]+\b|\b[A-Za-z]+\.[A-Z_]{2,}\b|\w\(|\bTrue\b|\bFalse\b", unquoted), (
                said
            )
            assert "ACCOUNT_LIMIT" not in said


def test_every_rule_has_a_case() -> None:
    """Each rule that a template can break is broken by one of the cases, region apart."""
    judged = {rule.id for rule in all_rules() if not rule.types[0].startswith("AWS::CloudWatch::")}
    assert {case.rule for case in CASES} | {"region"} == judged


CLEAN: dict[str, dict[str, Any]] = {
    "http": template_helpers.http(),
    "websocket": template_helpers.websocket(),
    "http settings": template_helpers.http(
        {
            "StageName": "$default",
            "AutoDeploy": True,
            "DefaultRouteSettings": {"DetailedMetricsEnabled": True, "ThrottlingRateLimit": 0.5},
            "RouteSettings": {"GET /pets": {"ThrottlingBurstLimit": "5"}, "$default": {"ThrottlingBurstLimit": 7}},
            "StageVariables": {"table": "pets", "number": 5, "flag": True},
            "Tags": {"team": "pets"},
            **cases.logs('{"requestId":"$context.requestId"}\n'),
        }
    ),
    "websocket settings": template_helpers.websocket(
        {
            "DeploymentId": {"Ref": "Deployment"},
            "DefaultRouteSettings": {"LoggingLevel": "INFO", "DataTraceEnabled": "false"},
            "RouteSettings": {"send": {"LoggingLevel": "ERROR"}, "$connect": {}, "$disconnect": {}},
            "ClientCertificateId": "abc",
            **cases.logs("$context.requestId $context.connectionId"),
        }
    )
    | {"Deployment": cases.DEPLOYMENT | {"DependsOn": ["Send"]}},
    "numbers as names": template_helpers.http({"StageName": 1, "Description": 5}),
    "data trace off": template_helpers.http({"DefaultRouteSettings": {"DataTraceEnabled": False}}),
    "no value": template_helpers.http(
        {"DefaultRouteSettings": {"LoggingLevel": {"Ref": "AWS::NoValue"}}, "Description": None}
    ),
    "a way over another resource": template_helpers.http(cases.SETTINGS, DependsOn="Wait")
    | {"Wait": {"Type": "AWS::CloudFormation::WaitConditionHandle", "DependsOn": ["Pets"]}},
    "a reference to the route": template_helpers.http(
        {**cases.SETTINGS, "StageVariables": {"route": {"Fn::Sub": "x${Pets}"}}}, DependsOn=[]
    ),
    "stages of one name under conditions": template_helpers.http()
    | {"Other": template_helpers.stage(Condition="Maybe")},
    "ten stages and one under a condition": template_helpers.http()
    | {f"S{index}": template_helpers.stage({"StageName": f"s{index}"}) for index in range(9)}
    | {"Other": template_helpers.stage({"StageName": "other"}, Condition="Maybe")},
    "shared domain": {
        "Api": template_helpers.HTTP_API,
        "Other": template_helpers.HTTP_API,
        "Domain": mapping_cases.MUTUAL_TLS,
        "A": mapping_cases.mapping("Api"),
        "B": mapping_cases.mapping("Other", "b"),
    },
    "a role by a custom resource": cases.LOGS_WITHOUT_ACCOUNT | {"C": {"Type": "Custom::ApiGatewayAccountRole"}},
    "role": cases.role("apigateway.amazonaws.com"),
    "role of several": cases.role(["lambda.amazonaws.com", "apigateway.amazonaws.com"]),
    "role that is computed": cases.role({"Ref": "Service"}),
    "stage": template_helpers.ivs("Stage"),
    "stage by names": template_helpers.ivs("Stage", {"Name": "a-B_9", "Tags": [{"Key": "team", "Value": ""}]}),
    "recording": cases.recording(MediaTypes=["AUDIO_ONLY"], RecordingReconnectWindowSeconds="300"),
    "recording off": template_helpers.ivs("Stage", {cases.RECORDING: {"StorageConfigurationArn": ""}}),
    "thumbnails": cases.thumbnails(
        RecordingMode="INTERVAL", TargetIntervalSeconds=86400, Storage=["LATEST", "SEQUENTIAL"]
    ),
    "thumbnails off": cases.thumbnails(RecordingMode="DISABLED"),
    "encoder": cases.encoder(Width=1920, Height="1080", Framerate=29.97, Bitrate=8_500_000),
    "upright encoder": cases.encoder(Width=1080, Height=1920),
    "empty encoder": template_helpers.ivs("EncoderConfiguration"),
    "ingest": template_helpers.ivs("IngestConfiguration", {"IngestProtocol": "RTMP", "InsecureIngest": "true"}),
    "public keys": cases.many("PublicKey", 3, {"PublicKeyMaterial": cases.keys.P384}),
    "public keys and one under a condition": cases.many("PublicKey", 3, {"PublicKeyMaterial": cases.keys.P384})
    | {"Other": template_helpers.ivs("PublicKey", {"PublicKeyMaterial": cases.keys.P384})["It"] | {"Condition": "C"}},
    "compressed key": template_helpers.ivs("PublicKey", {"PublicKeyMaterial": cases.keys.P384_COMPRESSED}),
    "policy": cases.stored(cases.IVS_WRITES, DependsOn="Policy"),
    "policy under a condition": cases.stored(cases.OTHERS_WRITE)
    | {"Policy": cases.stored(cases.OTHERS_WRITE)["Policy"] | {"Condition": "C"}},
    "policy of everyone": cases.stored(
        {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:PutObject"}]}, DependsOn="Policy"
    ),
    "policy of a parameter": cases.stored(
        {"Statement": [{"Effect": "Allow", "Principal": {"AWS": [{"Ref": "P"}]}, "Action": "s3:*"}]}, DependsOn="Policy"
    ),
    "short bucket": template_helpers.ivs("StorageConfiguration", {"S3": {"BucketName": "a.b"}}),
    "long bucket": template_helpers.ivs("StorageConfiguration", {"S3": {"BucketName": f"1{'-' * 61}b"}}),
    "long arn": template_helpers.ivs("IngestConfiguration", {"StageArn": cases.stage_arn("a" * 87)}),
    "event pattern": cases.event_rule(2048),
    "computed event pattern": cases.event_rule(2000, {"Fn::Sub": "${A}" + "e" * 4000}, {"Fn::If": ["C", "e", "f"]}),
    "event pattern of letters that JSON may escape": cases.event_rule(1000, "é" * 1000),
    "event pattern with a name that may be left out": cases.event_rule(2048, {"Fn::If": ["C", "e", "f"]}),
    "event pattern of computed resources": {
        "It": {
            "Type": "AWS::Events::Rule",
            "Properties": {"EventPattern": {"source": ["aws.ivs"], "resources": {"Fn::Split": [",", "e" * 4096]}}},
        }
    },
    "event pattern of others": {
        "It": {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"source": ["aws.s3", "e" * 4096]}}}
    },
    "tags": template_helpers.ivs("Stage", {"Tags": [{"Key": f"a b+-=._:/@é{i}", "Value": "v"} for i in range(50)]}),
    "tags under a condition": template_helpers.ivs(
        "Stage",
        {
            "Tags": [
                *({"Key": f"k{i}", "Value": "v"} for i in range(50)),
                {"Fn::If": ["C", {"Key": "k", "Value": "v"}, {"Ref": "AWS::NoValue"}]},
            ]
        },
    ),
    "no policy": cases.stored(None),
    **api_cases.CLEAN,
    "low latency": template_helpers.ivs("Channel", {"Name": "not ours !"}),
}


@pytest.mark.parametrize("resources", CLEAN.values(), ids=CLEAN.keys())
def test_nothing_is_found_in_clean_templates(resources: dict[str, Any]) -> None:
    """What the service accepts is not reported."""
    assert check(resources) == []


class TestProtocols:
    """Where the protocol of an API is known, and what is reported where it is not."""

    @pytest.mark.parametrize("case", cases.HTTP_ONLY, ids=lambda case: case.rule)
    def test_faults_of_http_need_an_http_api(self, case: Case) -> None:
        """A fault on an HTTP API is not reported on an imported API."""
        resources = {name: each for name, each in case.resources.items() if name not in {"Api", "Pets"}}
        assert [each for each in rules(resources) if each == case.rule] == []

    @pytest.mark.parametrize(
        "case",
        [case for case in cases.WEBSOCKET_ONLY if case.rule not in {"dataTrace", "accountLoggingRole"}],
        ids=lambda case: case.rule,
    )
    def test_faults_of_websocket_need_a_websocket_api(self, case: Case) -> None:
        """A fault on a WebSocket API is not reported on an imported API."""
        resources = {name: each for name, each in case.resources.items() if name not in {"Api", "Send"}}
        assert rules(resources) == []

    def test_a_logging_level_tells_a_websocket_stage(self) -> None:
        """A stage of an imported API that has a logging level is one of a WebSocket API, which needs the role."""
        without = {"Api", "Send", "Account"}
        for settings, found in ((cases.LOGGING, ["accountLoggingRole"]), (cases.logs(), [])):
            resources = template_helpers.websocket(settings)
            assert rules({name: each for name, each in resources.items() if name not in without}) == found

    @pytest.mark.parametrize("case", cases.BOTH_PROTOCOLS, ids=lambda case: case.rule)
    def test_faults_of_both_are_found_on_any_api(self, case: Case) -> None:
        """A fault on both is reported on an imported API too, but for routes that are not known."""
        resources = {name: each for name, each in case.resources.items() if name not in {"Api", "Pets", "Send"}}
        expected = [] if case.rule == "missingRoute" else [case.rule]
        assert rules(resources) == expected

    @pytest.mark.parametrize("api_id", [{"Ref": "Api"}, {"Fn::GetAtt": ["Api", "ApiId"]}, {"Fn::Sub": "${Api}"}])
    @pytest.mark.parametrize(
        "properties",
        [
            {"ProtocolType": "HTTP"},
            {"Body": {"openapi": "3.0.1"}},
            {"BodyS3Location": {"Bucket": "b"}},
            {"Target": "arn", "ProtocolType": "HTTP"},
        ],
    )
    def test_an_http_api_in_all_its_forms(self, api_id: dict[str, Any], properties: dict[str, Any]) -> None:
        """The API is found by any reference, and is HTTP when it is declared or imported from OpenAPI."""
        resources = {
            "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": properties},
            "Stage": template_helpers.stage({"ApiId": api_id, "DefaultRouteSettings": {"LoggingLevel": "OFF"}}),
        }
        assert rules(resources) == ["executionLogsOnHttp"]

    def test_a_protocol_by_a_parameter_is_not_known(self) -> None:
        """An API whose protocol is a parameter may be either."""
        api = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"ProtocolType": {"Ref": "Protocol"}}}
        assert rules(template_helpers.http({"DefaultRouteSettings": {"LoggingLevel": "OFF"}}) | {"Api": api}) == []


class TestRoutes:
    """A key without a route is an error only where all routes are known."""

    MISSING = template_helpers.http({"RouteSettings": {"GET /nosuch": {"ThrottlingBurstLimit": 5}}})

    @pytest.mark.parametrize(
        "others",
        [
            {"Other": template_helpers.route({"Ref": "Key"})},
            {"Other": {"Type": "AWS::ApiGatewayV2::Route", "Properties": {"ApiId": {"Ref": "Some"}, "RouteKey": "x"}}},
            {"Nested": {"Type": "AWS::CloudFormation::Stack"}},
            {"Custom": {"Type": "Custom::Routes"}},
        ],
    )
    def test_not_all_routes_are_known(self, others: dict[str, Any]) -> None:
        """A key may be that of a route which is not known here: a warning."""
        assert rules(self.MISSING | others) == ["unknownRoute"]

    @pytest.mark.parametrize("inline", [{"Body": {}}, {"BodyS3Location": {"Bucket": "b"}}, {"Target": "arn"}])
    def test_an_api_may_bring_its_routes(self, inline: dict[str, Any]) -> None:
        """Routes of an OpenAPI definition or of a quick create are no resources."""
        api = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"ProtocolType": "HTTP", **inline}}
        assert rules(self.MISSING | {"Api": api}) == []

    def test_a_loop_may_add_routes(self) -> None:
        """What a loop of CloudFormation creates is not known, what is beside it is checked."""
        assert rules(self.MISSING | {"Fn::ForEach::Routes": ["Name", ["a", "b"], {}]}) == ["unknownRoute"]

    def test_a_macro_may_add_routes(self) -> None:
        """What a transform adds is not known."""
        assert rules(self.MISSING, Transform="AWS::LanguageExtensions") == ["unknownRoute"]

    def test_no_route_stands_here(self) -> None:
        """The routes of an API may stand elsewhere."""
        resources = {name: each for name, each in self.MISSING.items() if name != "Pets"}
        assert rules(resources) == ["unknownRoute"]

    def test_an_api_that_stands_elsewhere_is_left_alone(self) -> None:
        """Of an imported API nothing is known."""
        resources = {name: each for name, each in self.MISSING.items() if name not in {"Api", "Pets"}}
        assert rules(resources) == []

    def test_parameters_of_two_templates_are_two_apis(self) -> None:
        """A reference to what is not in the app means nothing beyond its template; a written id does, in one place."""
        one = {"Stage": template_helpers.stage({"ApiId": {"Ref": "Parameter"}})}
        written = {"Stage": template_helpers.stage({"ApiId": "abc123"})}
        for resources, region, found in (
            (one, "eu-west-1", []),
            (written, None, []),
            (written, "eu-west-1", ["stageExists"] * 2),
        ):
            account = region and "123456789012"
            templates = [
                Template({"Resources": resources}, path=f"{n}", region=region, account=account) for n in range(2)
            ]
            assert [each.rule.id for each in findings(*templates)] == found

    def test_routes_of_another_template_are_known(self) -> None:
        """An API that another template imports has its routes there."""
        exported = {"A": {"Value": {"Ref": "Api"}, "Export": {"Name": "api"}}}
        here = {"Resources": {"Api": template_helpers.HTTP_API, "Stage": self.MISSING["Stage"]}, "Outputs": exported}
        there = {"Resources": {"Pets": template_helpers.route("GET /nosuch")}}
        there["Resources"]["Pets"]["Properties"]["ApiId"] = {"Fn::ImportValue": "api"}
        for first, second in ((here, there), (there, here)):
            assert findings(Template(first, path="1"), Template(second, path="2")) == []

    def test_the_closest_key_is_named(self) -> None:
        """The fix names the route that comes closest."""
        [finding] = findings(template(self.MISSING))
        assert '"GET /pets"' in fix_text(finding, TEMPLATE)
        assert "Unable to find Route by key GET /nosuch" in service_text(finding)

    def test_one_of_two_routes_of_a_key_is_enough(self) -> None:
        """Of two routes with one key, made under conditions, the stage waits for one at least."""
        resources = template_helpers.http(cases.SETTINGS) | {
            "Other": template_helpers.route("GET /pets", Condition="Maybe")
        }
        assert rules(resources) == []

    def test_a_circle_ends(self) -> None:
        """Resources that need each other do not keep the search busy for ever."""
        resources = template_helpers.http(cases.SETTINGS, DependsOn="A") | {
            "A": {"Type": "X::Y::Z", "DependsOn": "B"},
            "B": {"Type": "X::Y::Z", "DependsOn": ["A", "Nosuch"]},
        }
        assert rules(resources) == ["routeSettingsBeforeRoute"]


@pytest.mark.parametrize("template_of", [template_helpers.http, template_helpers.websocket])
def test_a_list_of_route_settings_is_one_violation(template_of: Any) -> None:
    """What is in a value of the wrong type is not validated: the items of a list are no routes."""
    settings = [{"RouteKey": "GET /pets", "ThrottlingBurstLimit": 5}]
    assert rules(template_of({"RouteSettings": settings})) == ["routeSettings"]


class TestRegions:
    @pytest.mark.parametrize(
        ("region", "found"), [("eu-south-1", ["throttleAboveQuota"] * 2), ("eu-west-1", []), (None, [])]
    )
    def test_throttles_are_held_to_the_quota_of_the_region(self, region: str | None, found: list[str]) -> None:
        """Throttles of a stage are compared with AWS's default quota where the stack is deployed."""
        settings = {"DefaultRouteSettings": {"ThrottlingBurstLimit": 5000, "ThrottlingRateLimit": 2501}}
        content = {"Resources": template_helpers.http(settings)}
        assert [each.rule.id for each in findings(Template(content, region=region))] == found

    def test_a_region_without_ivs(self) -> None:
        """Each resource of Amazon IVS in a Region that does not have it is reported."""
        content = {"Resources": template_helpers.ivs("Stage")}
        [finding] = findings(Template(content, region="eu-north-1"))
        assert finding.rule.id == "region"
        assert findings(Template(content)) == []

    def test_a_reference_from_an_unknown_place_is_not_judged(self) -> None:
        """What is in another Region or account is known only where the own one is."""
        elsewhere = cases.STORAGE.replace("eu-west-1", "us-east-1").replace("123456789012", "210987654321")
        content = {"Resources": cases.recording(StorageConfigurationArn=elsewhere)}
        assert findings(Template(content)) == []
        assert len(findings(Template(content, region="eu-west-1"))) == 1

    def test_public_keys_are_counted_by_environment(self) -> None:
        """Keys of one account and Region are counted together, those of unknown places by template."""
        content = {"Resources": cases.many("PublicKey", 2, {"PublicKeyMaterial": cases.keys.P384})}
        here = [Template(content, path=f"{n}", region="eu-west-1", account="123456789012") for n in range(2)]
        assert [each.rule.id for each in findings(*here)] == ["publicKeyQuota"]
        elsewhere = Template(content, path="3", region="us-east-1", account="123456789012")
        assert findings(here[0], elsewhere) == []
        assert findings(*(Template(content, path=f"{n}") for n in range(2))) == []


def test_a_private_key_in_a_template_is_out() -> None:
    """The constructor keeps a private key out of the template; found in one, it is no secret any more."""
    case = next(case for case in cases.CASES if case.rule == "privateKey")
    (finding,) = findings(template(case.resources))
    assert "delete what was synthesized, create another pair" in fix_text(finding, TEMPLATE)


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("eu-west-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eu-isoe-west-1", "aws-iso-e"),
        ("us-isof-south-1", "aws-iso-f"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_a_log_group_is_in_the_partition_of_the_region(region: str, partition: str) -> None:
    """The log group of a stage is in its Region, account and partition, where these are known."""
    resources, other = (
        {"Resources": template_helpers.http(cases.logs(arn=arn))}
        for arn in (
            cases.GROUP.replace("eu-west-1", region).replace("aws", each, 1) for each in (partition, "aws-other")
        )
    )
    assert findings(Template(resources, region=region, account="123456789012")) == []
    assert [each.rule.id for each in findings(Template(other, region=region))] == ["accessLogEnvironment"]
    assert findings(Template(other)) == []


@pytest.mark.parametrize(
    ("key", "fix"),
    [
        ("post/pets", 'write "POST /pets" for instance'),
        ("/pets", 'write "ANY /pets" for instance'),
        ("$connect", "only WebSocket APIs have this route"),
    ],
)
def test_the_key_that_was_meant_is_named(key: str, fix: str) -> None:
    """The fix of a key of an HTTP API is the key with its method and slash."""
    assert [fix_text(each, TEMPLATE) for each in findings(template(api_cases.keyed(key)))] == [fix]


@pytest.mark.parametrize(("template_of", "limit"), [(template_helpers.http, 3072), (template_helpers.websocket, 1024)])
def test_the_length_of_a_format_is_counted_in_bytes(template_of: Any, limit: int) -> None:
    """Two bytes for a letter such as é."""
    text = "$context.requestId "
    longest = text + "é" * ((limit - len(text)) // 2) + "x" * ((limit - len(text)) % 2)
    assert len(longest.encode()) == limit
    assert rules(template_of(cases.logs(longest))) == []
    assert rules(template_of(cases.logs(f"{longest}x"))) == ["longAccessLogFormat"]
    assert len(f"{longest}x") < limit


@pytest.mark.parametrize(
    "case",
    [case for case in api_cases.CASES if case.rule in {"autoDeployWithoutRoute", "stageWithoutDeployment"}],
    ids=lambda case: case.rule,
)
def test_another_template_may_create_what_is_missing(case: Case) -> None:
    """Nothing is missing in an app where a custom resource of any template may create it."""
    other = Template({"Resources": {"Custom": {"Type": "Custom::Routes"}}}, path="other")
    assert findings(template(case.resources), other) == []
    assert findings(template(case.resources), Template({"Resources": {}}, path="other")) != []


def test_a_variable_is_reported_once() -> None:
    """However often the format refers to `$input`, this is one violation."""
    found = rules(template_helpers.http(cases.logs("$context.requestId $input.a $input.b")))
    assert found == ["unknownAccessLogVariable"]


@pytest.mark.parametrize(
    ("template_of", "rule"),
    [(template_helpers.http, "accessLogVariable"), (template_helpers.websocket, "unknownAccessLogVariable")],
)
def test_an_authorizer_may_return_anything(template_of: Any, rule: str) -> None:
    """Variables below `authorizer.` are those that the authorizer returns; others that begin so are not."""
    assert rules(template_of(cases.logs("$context.requestId $context.authorizer.tenant"))) == []
    assert rules(template_of(cases.logs("$context.requestId $context.authorizers.tenant"))) == [rule]
    assert rules(template_of(cases.logs("$context.requestId $context.authorizer"))) == [rule]
