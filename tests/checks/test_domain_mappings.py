"""Domain mappings in templates of several tools, and which mappings are compared with each other."""

from __future__ import annotations

from typing import Any, cast

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigatewayv2 as v2
from aws_cdk import aws_certificatemanager as acm

from stage_constructs.apigatewayv2 import HttpStage
from stage_constructs.rules._messages import TEMPLATE, fix_text
from stage_constructs.rules._resources import Template

from .mapping_cases import BOTH, CERTIFICATE, IN_VIRGINIA, certified, domain_name, mapping
from .template_helpers import HTTP_API, WEBSOCKET_API, check, findings, route, rules, stage, template
from .test_stage_checks import new_app, reported

DEFAULT = {"StageName": "$default", "AutoDeploy": True}


def api(protocol: str = "HTTP", **properties: Any) -> dict[str, Any]:
    """An API of a protocol."""
    return {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"ProtocolType": protocol, **properties}}


def regional(name: Any, **properties: Any) -> dict[str, Any]:
    """A domain name with a certificate of the same template."""
    configuration = {"CertificateArn": {"Ref": "Certificate"}, "EndpointType": "REGIONAL"}
    return domain_name(name, DomainNameConfigurations=[configuration], **properties)


ORIGINS: dict[str, dict[str, Any]] = {
    "SAM, with two base paths": {
        "Orders": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": {"openapi": "3.0.1", "paths": {}}}},
        "OrdersApiGatewayDefaultStage": stage({"ApiId": {"Ref": "Orders"}, **DEFAULT}),
        "ApiGatewayDomainNameV2a1b2c3d4e5": regional("api.example.com", Tags={"httpapi:createdBy": "SAM"}),
        **{
            f"Orders{key}ApiMapping": mapping(
                "Orders",
                key,
                {"Ref": "ApiGatewayDomainNameV2a1b2c3d4e5"},
                {"Ref": "OrdersApiGatewayDefaultStage"},
            )
            for key in (None, "v1")
        },
    },
    "SAM, a WebSocket API with its own domain name": {
        "Chat": api("WEBSOCKET", RouteSelectionExpression="$request.body.action"),
        "ChatStage": stage({"ApiId": {"Ref": "Chat"}, "StageName": "default", "AutoDeploy": True}),
        "ApiGatewayDomainNameV2f6a7b8c9d0": regional({"Fn::Sub": "chat.${Zone}"}),
        "ChatApiMapping": mapping("Chat", None, {"Ref": "ApiGatewayDomainNameV2f6a7b8c9d0"}, {"Ref": "ChatStage"}),
    },
    "CDK, native constructs": {
        "ApiF70053CD": api(),
        "ApiDefaultStage189A7074": stage({"ApiId": {"Ref": "ApiF70053CD"}, **DEFAULT}),
        "LiveStage0E8C2AF5": stage({"ApiId": {"Ref": "ApiF70053CD"}, "StageName": "live"}),
        "Domain66AC69E0": regional("api.example.com"),
        "ApiDefaultStageSDomainundefined25683F0A": mapping(
            "ApiF70053CD",
            None,
            {"Ref": "Domain66AC69E0"},
            "$default",
            DependsOn=["ApiDefaultStage189A7074", "Domain66AC69E0"],
        ),
        "LiveStageSDomainliveab354BAB2": mapping(
            "ApiF70053CD",
            "live",
            {"Ref": "Domain66AC69E0"},
            "live",
            DependsOn=["Domain66AC69E0", "LiveStage0E8C2AF5"],
        ),
    },
    "Serverless, HTTP and WebSocket with domain names of their own": {
        "HttpApi": api(),
        "HttpApiStage": stage({"ApiId": {"Ref": "HttpApi"}, **DEFAULT}),
        "WebsocketsApi": api("WEBSOCKET", RouteSelectionExpression="$request.body.action"),
        "WebsocketsDeploymentStage": stage({"ApiId": {"Ref": "WebsocketsApi"}, "StageName": "dev"}),
        "HttpDomain": certified(CERTIFICATE, EndpointType="REGIONAL", SecurityPolicy="TLS_1_2"),
        "SocketDomain": domain_name("ws.dev.example.com"),
        "HttpMapping": mapping("HttpApi", "", {"Ref": "HttpDomain"}, "$default", DependsOn="HttpApiStage"),
        "SocketMapping": mapping(
            "WebsocketsApi", "dev", "ws.dev.example.com", "dev", DependsOn=["WebsocketsDeploymentStage", "SocketDomain"]
        ),
    },
    "by hand, with a domain name for production only": {
        "Api": HTTP_API,
        "Stage": stage(),
        "Domain": regional({"Ref": "DomainName"}, Condition="IsProduction"),
        "Production": mapping("Api", "v1", {"Ref": "Domain"}, {"Ref": "Stage"}, Condition="IsProduction"),
        "Development": mapping("Api", "v1", {"Ref": "Domain"}, {"Ref": "Stage"}, Condition="IsDevelopment"),
    },
    "by hand, HTTP and REST APIs on one domain name of REST APIs": {
        "Api": HTTP_API,
        "Stage": stage(),
        "Rest": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "rest"}},
        "Domain": {
            "Type": "AWS::ApiGateway::DomainName",
            "Properties": {"DomainName": "api.example.com", "RegionalCertificateArn": CERTIFICATE},
        },
        "New": mapping("Api", "orders/v2", {"Ref": "Domain"}, {"Ref": "Stage"}),
        "Old": mapping("Rest", "orders/v1", {"Ref": "Domain"}, "prod"),
    },
    "by hand, quick create": {
        "Api": api(Target={"Fn::GetAtt": ["Function", "Arn"]}),
        "Domain": regional({"Fn::Join": [".", ["api", {"Ref": "Zone"}]]}),
        "Mapping": mapping("Api", None, {"Ref": "Domain"}, "$default"),
    },
    "SST, in a stack with routes": {
        "ApiCD79AAA0": api(Name="dev-shop-Api"),
        "ApiDefaultStageEBC7A4A7": stage(
            {"ApiId": {"Ref": "ApiCD79AAA0"}, **DEFAULT, "DefaultRouteSettings": {"DetailedMetricsEnabled": True}},
            DependsOn=["ApiDomainName8F1A5F0B"],
        ),
        "ApiDomainName8F1A5F0B": regional("dev.api.example.com"),
        "ApiDefaultStageShopApiDomainName22AE4F2F": mapping(
            "ApiCD79AAA0",
            "shop",
            {"Ref": "ApiDomainName8F1A5F0B"},
            "$default",
            DependsOn=["ApiDefaultStageEBC7A4A7", "ApiDomainName8F1A5F0B"],
        ),
    },
    "SST, a WebSocket API under a name of another stack": {
        "WebsocketApi": api("WEBSOCKET", RouteSelectionExpression="$request.body.action"),
        "WebsocketStage": stage({"ApiId": {"Ref": "WebsocketApi"}, "StageName": "dev"}),
        "WebsocketMapping": mapping(
            "WebsocketApi", None, {"Fn::ImportValue": "shared:DomainName"}, {"Ref": "WebsocketStage"}
        ),
    },
}


@pytest.mark.parametrize("resources", ORIGINS.values(), ids=ORIGINS.keys())
def test_nothing_is_found_in_what_deploys(resources: dict[str, Any]) -> None:
    """Mappings as several tools and authors write them; the routes are left out here."""
    found = rules({"Certificate": {"Type": "AWS::CertificateManager::Certificate"}, **resources})
    assert [rule for rule in found if rule != "autoDeployWithoutRoute"] == []


DOMAIN = {"Domain": domain_name()}
TAKEN = {**BOTH, **DOMAIN, "A": mapping("Api", "a"), "B": mapping("Api", "a")}


class TestWhichMappingsAreCompared:
    @pytest.mark.parametrize(
        "second",
        [
            mapping("Api", "b"),
            mapping("Api"),
            mapping("Api", "A"),
            mapping("Api", "a", domain="y.example.com"),
            mapping("Api", "a", domain={"Ref": "Parameter"}),
            mapping("Api", {"Ref": "Key"}),
            mapping("Api", {"Fn::If": ["C", "a", {"Ref": "AWS::NoValue"}]}),
            mapping("Api", "{{resolve:ssm:/key}}"),
            mapping("Api", "a", Condition="Maybe"),
            mapping("Chat", "a", Condition="Maybe"),
        ],
    )
    def test_other_keys_other_domains_and_what_is_not_known(self, second: dict[str, Any]) -> None:
        """Nothing is said of another key, another domain name, unknown values and conditional mappings."""
        assert rules({**TAKEN, "B": second}) == []

    def test_two_keys_that_are_not_known(self) -> None:
        """Both mappings may have a key of their own."""
        mappings = {"A": mapping("Api", {"Ref": "Key"}), "B": mapping("Api", {"Ref": "Other"})}
        assert rules({**TAKEN, **mappings}) == []

    @pytest.mark.parametrize("domain", ["x.example.com", {"Ref": "Parameter"}, {"Fn::ImportValue": "domain"}])
    def test_one_value_is_one_domain(self, domain: Any) -> None:
        """A name, a parameter or an export of another app is one domain name wherever the template has it."""
        resources = {**TAKEN, "A": mapping("Api", "a", domain), "B": mapping("Api", "a", domain)}
        assert rules(resources) == ["mappingExists", "mappingExists"]

    def test_a_parameter_names_the_domain_of_a_resource(self) -> None:
        """A mapping by the name, and one by the resource that has the name, are on one domain name."""
        domain = {"Domain": domain_name({"Ref": "Name"})}
        resources = {**TAKEN, **domain, "A": mapping("Api", "a", {"Ref": "Name"})}
        assert rules(resources) == ["mappingExists", "mappingExists"]

    def test_attributes_of_one_resource_are_two_domains(self) -> None:
        """What a custom resource returns under two names may be two domain names."""
        domains = [{"Fn::GetAtt": ["Lookup", name]} for name in ("Http", "WebSocket")]
        lookup = {"Lookup": {"Type": "Custom::Lookup"}}
        by_lookup = {"A": mapping("Api", domain=domains[0]), "B": mapping("Chat", domain=domains[1])}
        by_resource = {"One": domain_name(domains[0]), "Two": domain_name(domains[1])}
        mapped = {"A": mapping("Api", domain={"Ref": "One"}), "B": mapping("Chat", domain={"Ref": "Two"})}
        assert rules({**BOTH, **lookup, **by_lookup}) == []
        assert rules({**BOTH, **lookup, **by_resource, **mapped}) == []

    @pytest.mark.parametrize(
        ("region", "other", "found"),
        [
            ("eu-west-1", "eu-west-1", ["mappingExists"] * 2),
            ("eu-west-1", "eu-central-1", []),
            (None, None, []),
        ],
    )
    def test_a_name_in_two_templates(self, region: str | None, other: str | None, found: list[str]) -> None:
        """A written name is one domain name in an account and Region, where these are known."""
        content = {"Resources": {**BOTH, "A": mapping("Api", "a", "x.example.com")}}
        templates = [
            Template(content, path=f"{each}{index}", region=each, account=each and "123456789012")
            for index, each in enumerate((region, other))
        ]
        assert [each.rule.id for each in findings(*templates)] == found

    def test_a_domain_name_of_another_template(self) -> None:
        """The protocols and the keys of all mappings of an exported domain name are compared."""
        exported = {"Name": {"Value": {"Ref": "Domain"}, "Export": {"Name": "domain"}}}
        here = {"Resources": {**BOTH, **DOMAIN, "A": mapping("Api")}, "Outputs": exported}
        there = {"Resources": {**BOTH, "B": mapping("Chat", domain={"Fn::ImportValue": "domain"})}}
        found = findings(Template(here, path="here"), Template(there, path="there"))
        assert sorted(each.rule.id for each in found) == ["mappingExists"] * 2 + ["sharedDomain"] * 2

    def test_the_other_mapping_is_named(self) -> None:
        """The fix names the other mapping."""
        first, second = findings(template(TAKEN))
        assert fix_text(first, TEMPLATE) == "B has this key already; choose another key for one of the two"
        assert fix_text(second, TEMPLATE).startswith("A has")


class TestWaiting:
    """A mapping by the plain name of a stage of its template."""

    @pytest.mark.parametrize(
        "others",
        [
            {"A": mapping("Api", DependsOn="Stage")},
            {"A": mapping("Api", DependsOn=["Alias"]), "Alias": {"Type": "X::Y::Z", "DependsOn": "Stage"}},
            {"A": mapping("Api", name={"Ref": "Stage"})},
            {"A": mapping("Api", name={"Ref": "Name"})},
            {"A": mapping("Api", name="of another stack")},
            {"A": mapping("Chat")},
        ],
    )
    def test_nothing_is_found(self, others: dict[str, Any]) -> None:
        """A mapping waits by a reference or by DependsOn, or its stage is none of this template."""
        assert rules({**BOTH, **DOMAIN, "Stage": stage(), **others}) == []

    def test_one_of_two_conditional_stages(self) -> None:
        """Of stages with one name under conditions, the mapping waits for one at least."""
        stages = {name: stage(Condition=name) for name in ("One", "Two")}
        assert rules({**BOTH, **DOMAIN, **stages, "A": mapping("Api", DependsOn="Two")}) == []
        assert rules({**BOTH, **DOMAIN, **stages, "A": mapping("Api")}) == ["mappingBeforeStage"]

    def test_a_stage_of_another_template(self) -> None:
        """A mapping in another template than its stage cannot refer to it, and waits for the whole template."""
        exported = {"Id": {"Value": {"Ref": "Api"}, "Export": {"Name": "api"}}}
        here = {"Resources": {"Api": HTTP_API, "Stage": stage()}, "Outputs": exported}
        mapped = mapping("Api")
        mapped["Properties"]["ApiId"] = {"Fn::ImportValue": "api"}
        there = {"Resources": {**DOMAIN, "A": mapped}}
        assert findings(Template(here, path="here"), Template(there, path="there")) == []

    def test_a_wait_for_the_route_is_none_for_the_stage(self) -> None:
        """Other dependencies do not make it wait."""
        resources = {**BOTH, **DOMAIN, "Pets": route("GET /pets"), "Stage": stage()}
        assert rules({**resources, "A": mapping("Api", DependsOn=["Pets", "Domain"])}) == ["mappingBeforeStage"]


class TestDomainNames:
    @pytest.mark.parametrize(
        "name", ["x.example.com", "x-y.example.com", "*.example.com", {"Ref": "Name"}, "{{resolve:ssm:/Name}}"]
    )
    def test_names_that_are_accepted(self, name: Any) -> None:
        """Lower-case names, wildcards and names that are not known."""
        for resources in ({"Domain": domain_name(name), "A": mapping("Api")}, {"A": mapping("Api", domain=name)}):
            assert rules({**BOTH, **resources}) == []

    def test_a_custom_resource_is_not_read(self) -> None:
        """What a custom resource does with its properties is not known."""
        properties = {"DomainName": "Api.example.com", "RoutingMode": "ROUTING_RULE_ONLY"}
        domain = {"Type": "Custom::Domain", "Properties": properties}
        assert rules({**BOTH, "Domain": domain, "A": mapping("Api")}) == []

    @pytest.mark.parametrize(
        "domain",
        [
            certified(CERTIFICATE),
            certified(IN_VIRGINIA, EndpointType="EDGE"),
            certified({"Ref": "Certificate"}),
            certified("{{resolve:ssm:/certificate}}"),
            certified("arn:aws:iam::123456789012:server-certificate/old"),
            domain_name(DomainNameConfigurations={"Ref": "Configurations"}),
        ],
    )
    def test_certificates_that_are_accepted(self, domain: dict[str, Any]) -> None:
        """Those of the Region, of an edge-optimized domain name, and those that are not known."""
        assert rules({**BOTH, "Domain": domain, "A": mapping("Api")}) == []

    def test_the_region_of_the_template_may_be_unknown(self) -> None:
        """A template that may be deployed anywhere is not judged."""
        content = {"Resources": {**BOTH, "Domain": certified(IN_VIRGINIA), "A": mapping("Api")}}
        assert findings(Template(content)) == []

    @pytest.mark.parametrize("mode", ["API_MAPPING_ONLY", "ROUTING_RULE_THEN_API_MAPPING", {"Ref": "Mode"}])
    def test_routing_modes_that_serve_mappings(self, mode: Any) -> None:
        """The other modes serve API mappings."""
        assert rules({**BOTH, "Domain": domain_name(RoutingMode=mode), "A": mapping("Api")}) == []

    def test_a_domain_name_of_rest_apis_is_read_alike(self) -> None:
        """The older resource has the same properties."""
        properties = {"DomainName": "X.example.com", "RoutingMode": "ROUTING_RULE_ONLY"}
        domain = {"Type": "AWS::ApiGateway::DomainName", "Properties": properties}
        resources = {"Api": WEBSOCKET_API, "Domain": domain, "A": mapping("Api")}
        assert [each.rule for each in check(resources)] == ["domainName", "routingRuleOnly"]


class TestWhoeverMapped:
    """Mappings of native constructs and L1s, to stages of this library and to native ones."""

    @pytest.fixture
    def app(self) -> cdk.App:
        """An app with the checks."""
        return new_app()

    @pytest.fixture
    def stack(self, app: cdk.App) -> cdk.Stack:
        """A stack with an HTTP API, a stage and a domain name."""
        stack = cdk.Stack(app, "Stack", env=cdk.Environment(account="123456789012", region="eu-west-1"))
        api = v2.HttpApi(stack, "Api", create_default_stage=False)
        HttpStage(stack, "Stage", api=api, stage_name="prod")
        certificate = acm.Certificate.from_certificate_arn(stack, "Certificate", CERTIFICATE)
        v2.DomainName(stack, "Domain", domain_name="x.example.com", certificate=certificate)
        return stack

    def cfn_mapping(self, stack: cdk.Stack, id: str = "Mapping", **properties: Any) -> v2.CfnApiMapping:
        """An L1 mapping of the domain name to the stage, which it names as text."""
        stage, domain = stack.node.find_child("Stage"), stack.node.find_child("Domain")
        assert isinstance(stage, HttpStage)
        assert isinstance(domain, v2.DomainName)
        own = {"api_id": stage.api_id, "domain_name": domain.name, "stage": stage.stage_name}
        return v2.CfnApiMapping(stack, id, **{**own, **properties})

    def test_an_l1_that_does_not_wait(self, app: cdk.App, stack: cdk.Stack) -> None:
        """`stage_name` is plain text: reading it makes nothing wait for the stage."""
        self.cfn_mapping(stack)
        assert [(each.construct_path, each.rule) for each in reported(app)] == [("Stack/Mapping", "mappingBeforeStage")]

    def test_the_fix_of_the_finding(self, app: cdk.App, stack: cdk.Stack) -> None:
        """The dependency that the finding shows is enough."""
        mapping = self.cfn_mapping(stack)
        stage = stack.node.find_child("Stage")
        mapping.node.add_dependency(stage)
        assert reported(app) == []

    @pytest.mark.parametrize("key", ["v 1", "k" * 301])
    def test_a_key_of_a_native_mapping(self, app: cdk.App, stack: cdk.Stack, key: str) -> None:
        """The native construct lets through what API Gateway refuses."""
        stage, domain = stack.node.find_child("Stage"), stack.node.find_child("Domain")
        assert isinstance(stage, HttpStage)
        assert isinstance(domain, v2.DomainName)
        api = stage.api
        v2.ApiMapping(stack, "Mapping", api=api, domain_name=domain, stage=cast("Any", stage), api_mapping_key=key)
        assert [(each.construct_path, each.rule, each.severity) for each in reported(app)] == [
            ("Stack/Mapping/Resource", "mappingKey", "error")
        ]

    def test_native_stages_under_one_path(self, app: cdk.App, stack: cdk.Stack) -> None:
        """Both mappings are reported, whoever made them."""
        stage, domain = stack.node.find_child("Stage"), stack.node.find_child("Domain")
        assert isinstance(stage, HttpStage)
        options = v2.DomainMappingOptions(domain_name=cast("Any", domain), mapping_key="v1")
        api = cast("Any", stage.api)
        v2.HttpStage(stack, "Native", http_api=api, stage_name="native", auto_deploy=True, domain_mapping=options)
        HttpStage(stack, "Ours", api=stage.api, stage_name="ours", domain_mapping=options)
        assert [(each.logical_id[:6], each.rule) for each in reported(app)] == [
            ("Native", "mappingExists"),
            ("OursDo", "mappingExists"),
        ]
