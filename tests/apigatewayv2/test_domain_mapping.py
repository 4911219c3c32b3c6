"""Stages under domain names of their own, and under none."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_certificatemanager as acm

from stage_constructs import StageConfigurationError

from .cloudformation import deployed, properties, resource, resources, template
from .conftest import HTTP, WEBSOCKET, Kind, acknowledge, reported

MAPPING = "AWS::ApiGatewayV2::ApiMapping"
CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
SCHEME = {"http": "https", "websocket": "wss"}


def domain(stack: cdk.Stack, name: str = "api.example.com", id: str = "Domain") -> apigatewayv2.DomainName:
    """A native domain name."""
    certificate = acm.Certificate.from_certificate_arn(stack, f"{id}Certificate", CERTIFICATE)
    return apigatewayv2.DomainName(stack, id, domain_name=name, certificate=certificate)


def mapped(name: Any, **options: Any) -> apigatewayv2.DomainMappingOptions:
    """The mapping of a domain name."""
    return apigatewayv2.DomainMappingOptions(domain_name=name, **options)


class TestMapping:
    @pytest.mark.parametrize("key", [None, "v1", "a/b"])
    def test_is_made(self, stack: cdk.Stack, kind: Kind, key: str | None) -> None:
        """One mapping names API, stage, domain name and the path, if there is one."""
        kind.stage(stack, domain_mapping=mapped(domain(stack), mapping_key=key))
        expected = {"ApiId": "aabbccddee", "Stage": "prod", "DomainName": "api.example.com", "ApiMappingKey": key}
        found = properties(stack, MAPPING)
        name = found.pop("DomainName")
        assert found == {k: v for k, v in expected.items() if v is not None and k != "DomainName"}
        assert list(name) == ["Ref"]

    @pytest.mark.parametrize(("key", "path"), [(None, ""), ("v1", "v1")])
    def test_the_domain_url(self, stack: cdk.Stack, kind: Kind, key: str | None, path: str) -> None:
        """The URL under the domain has the scheme of the protocol and the path of the mapping, not the stage's name."""
        stage = kind.stage(stack, domain_mapping=mapped(domain(stack), mapping_key=key))
        (name,) = resources(stack, "AWS::ApiGatewayV2::DomainName")
        url = deployed(stack.resolve(stage.domain_url), {name: "api.example.com"})
        assert url == f"{SCHEME[kind.name]}://api.example.com/{path}"

    def test_is_made_after_the_stage(self, stack: cdk.Stack, kind: Kind) -> None:
        """The mapping waits for the stage: it is deleted first, and moved before a replaced stage goes."""
        kind.stage(stack, domain_mapping=mapped(domain(stack)))
        (stage_id,) = resources(stack)
        assert stage_id in resource(stack, MAPPING)["DependsOn"]

    def test_a_renamed_stage_keeps_its_mapping(self, app: cdk.App, kind: Kind) -> None:
        """A new stage name changes a property of the mapping and not its logical id, so it is updated in place."""
        found = []
        for name in ("one", "two"):
            stack = cdk.Stack(app, name, stack_name="same", synthesizer=cdk.BootstraplessSynthesizer())
            kind.stage(stack, stage_name=name, domain_mapping=mapped(domain(stack)))
            found.append(stack)
        one, two = (resources(stack, MAPPING) for stack in found)
        assert list(one) == list(two)
        assert [each["Properties"]["Stage"] for mappings in (one, two) for each in mappings.values()] == ["one", "two"]

    def test_an_imported_domain_name(self, stack: cdk.Stack, kind: Kind) -> None:
        """A domain name that is declared elsewhere is mapped by its name."""
        name = apigatewayv2.DomainName.from_domain_name_attributes(
            stack, "Domain", name="api.example.com", regional_domain_name="x", regional_hosted_zone_id="y"
        )
        stage = kind.stage(stack, domain_mapping=mapped(name))
        assert stage.domain_url == f"{SCHEME[kind.name]}://api.example.com/"
        assert properties(stack, MAPPING)["DomainName"] == "api.example.com"

    def test_two_stages_of_one_protocol_share_a_domain_name(self, stack: cdk.Stack, kind: Kind) -> None:
        """Paths of one domain name lead to different stages."""
        name = domain(stack)
        for path in ("a", "b"):
            kind.stage(stack, path, stage_name=path, domain_mapping=mapped(name, mapping_key=path))
        keys = {each["Properties"]["ApiMappingKey"] for each in resources(stack, MAPPING).values()}
        assert keys == {"a", "b"}

    @pytest.mark.parametrize("imported", [False, True])
    @pytest.mark.parametrize(("first", "second"), [(HTTP, WEBSOCKET), (WEBSOCKET, HTTP)])
    def test_fails_for_a_domain_name_of_the_other_protocol(
        self, stack: cdk.Stack, first: Kind, second: Kind, imported: bool
    ) -> None:
        """HTTP and WebSocket APIs, imported ones too, do not share a domain name."""
        name = domain(stack)
        for kind, key in ((first, "A"), (second, "B")):
            api = kind.imported_api(stack, f"{key}Api", key * 10) if imported else kind.api(stack, f"{key}Api")
            kind.stage(stack, key, api=api, domain_mapping=mapped(name, mapping_key=key))
        found = reported(stack)
        assert {each.place for each in found} == {("sharedDomain", f"Stack/{key}/DomainMapping") for key in "AB"}
        assert {(each.severity, each.prop) for each in found} == {("error", "DomainName")}

    @pytest.mark.parametrize(("imported", "accepted"), [(False, False), (True, False), (False, True)])
    def test_a_domain_name_with_mutual_tls(self, stack: cdk.Stack, kind: Kind, imported: bool, accepted: bool) -> None:
        """It is a warning on a WebSocket stage, unless that accepts it; an HTTP stage is served."""
        name = domain(stack)
        resource = name.node.default_child
        assert isinstance(resource, apigatewayv2.CfnDomainName)
        resource.mutual_tls_authentication = {"truststoreUri": "s3://truststore/x.pem"}
        api = kind.imported_api(stack) if imported else kind.api(stack)
        stage = kind.stage(stack, api=api, domain_mapping=mapped(name))
        if accepted:
            acknowledge(stage, "mutualTlsOnWebSocket")
        warned = kind is WEBSOCKET and not accepted
        assert [each.rule for each in reported(stack)] == ["mutualTlsOnWebSocket"] * warned

    def test_fails_for_a_key_that_another_stage_has(self, stack: cdk.Stack, kind: Kind) -> None:
        """Two stages are not served under one path of a domain name, imported or not."""
        names = [domain(stack), self.imported(stack, "One"), self.imported(stack, "Two")]
        for index, name in enumerate(names):
            kind.stage(stack, f"S{index}", stage_name=f"s{index}", domain_mapping=mapped(name, mapping_key="v1"))
        found = reported(stack)
        assert [each.place for each in found] == [
            ("mappingExists", f"Stack/S{index}/DomainMapping") for index in range(3)
        ]
        assert {(each.severity, each.prop) for each in found} == {("error", "ApiMappingKey")}
        assert "S1DomainMapping" in found[0].text

    def test_fails_for_two_protocols_on_a_domain_name_that_is_imported_twice(self, stack: cdk.Stack) -> None:
        """The name tells that it is one domain name."""
        for kind in (HTTP, WEBSOCKET):
            api = kind.imported_api(stack, f"{kind.name}Api", kind.name)
            options = mapped(self.imported(stack, kind.name), mapping_key=kind.name)
            kind.stage(stack, f"{kind.name}Stage", api=api, domain_mapping=options)
        assert [each.rule for each in reported(stack)] == ["sharedDomain"] * 2

    @pytest.mark.parametrize(
        ("name", "region", "mode", "rule"),
        [
            ("Api.example.com", "eu-west-1", None, "domainName"),
            ("api.example.com", "us-east-1", None, "certificateRegion"),
            ("api.example.com", "eu-west-1", "ROUTING_RULE_ONLY", "routingRuleOnly"),
            ("api.example.com", "eu-west-1", "ROUTING_RULE_THEN_API_MAPPING", None),
        ],
    )
    def test_a_domain_name_that_serves_no_stage(
        self, stack: cdk.Stack, kind: Kind, name: str, region: str, mode: str | None, rule: str | None
    ) -> None:
        """What is wrong with a domain name is reported at the stage that is mapped to it."""
        arn = CERTIFICATE.replace("eu-west-1", region)
        configuration = apigatewayv2.CfnDomainName.DomainNameConfigurationProperty(certificate_arn=arn)
        resource = apigatewayv2.CfnDomainName(
            stack, "Domain", domain_name=name, domain_name_configurations=[configuration], routing_mode=mode
        )
        kind.stage(stack, domain_mapping=mapped(resource))
        expected = [(rule, "Stack/Stage/DomainMapping")] if rule else []
        assert [each.place for each in reported(stack)] == expected

    def imported(self, stack: cdk.Stack, id: str, name: str = "api.example.com") -> Any:
        """A domain name that is declared elsewhere."""
        return apigatewayv2.DomainName.from_domain_name_attributes(
            stack, id, name=name, regional_domain_name="x", regional_hosted_zone_id="y"
        )

    def test_two_domain_names_for_two_protocols(self, stack: cdk.Stack) -> None:
        """Each protocol with a domain name of its own is accepted."""
        for kind in (HTTP, WEBSOCKET):
            options = mapped(domain(stack, f"{kind.name}.example.com", kind.name))
            api = kind.imported_api(stack, f"{kind.name}Api", kind.name)
            kind.stage(stack, f"{kind.name}Stage", api=api, domain_mapping=options)
        assert len(resources(stack, MAPPING)) == 2

    @pytest.mark.parametrize(
        "value",
        [
            "api.example.com",
            {"domain_name": "api.example.com"},
            5,
            apigatewayv2.DomainMappingOptions(domain_name="api.example.com"),  # type: ignore[arg-type]
        ],
    )
    def test_fails_for_what_is_no_mapping(self, stack: cdk.Stack, kind: Kind, value: Any) -> None:
        """A name in place of the construct is refused before anything is made."""
        api = kind.imported_api(stack)
        before = len(stack.node.find_all())
        with pytest.raises(StageConfigurationError, match="DomainMappingOptions") as refused:
            kind.stage(stack, api=api, domain_mapping=value)
        assert refused.value.prop == "domain_mapping"
        assert len(stack.node.find_all()) == before

    def test_fails_for_an_empty_path(self, stack: cdk.Stack, kind: Kind) -> None:
        """The root is meant by leaving the path out."""
        with pytest.raises(StageConfigurationError, match="leave it out to serve the stage at the root"):
            kind.stage(stack, domain_mapping=mapped(domain(stack), mapping_key=""))

    @pytest.mark.parametrize(("key", "shown"), [("v 1", 'write "v-1"'), ("k" * 301, "shorten it by 1")])
    def test_fails_for_a_key_that_is_none(self, stack: cdk.Stack, kind: Kind, key: str, shown: str) -> None:
        """The error names the key and one that API Gateway takes."""
        with pytest.raises(StageConfigurationError, match=shown) as refused:
            kind.stage(stack, domain_mapping=mapped(domain(stack), mapping_key=key))
        assert (refused.value.rule, refused.value.prop) == ("mappingKey", "domain_mapping.mapping_key")

    def test_fails_to_tell_a_domain_url_without(self, stack: cdk.Stack, kind: Kind) -> None:
        """A stage without a mapping has no domain URL; an imported one is not known to have one."""
        imported = kind.cls.from_stage_attributes(stack, "Elsewhere", api_id="aabbccddee", stage_name="prod")
        for stage in (kind.stage(stack), imported):
            with pytest.raises(StageConfigurationError, match="domain_mapping must be given for a domain_url"):
                _ = stage.domain_url

    def test_fails_to_tell_a_domain_callback_url_without(self, stack: cdk.Stack) -> None:
        """A WebSocket stage without a mapping has no callback URL under a domain; the error names the other one."""
        stage = WEBSOCKET.stage(stack)
        with pytest.raises(StageConfigurationError, match=r"domain_callback_url.*: read callback_url instead"):
            _ = stage.domain_callback_url

    @pytest.mark.parametrize(("key", "path"), [(None, ""), ("v1", "v1")])
    def test_the_domain_callback_url(self, stack: cdk.Stack, key: str | None, path: str) -> None:
        """Connections of a WebSocket stage under its own domain are managed by https, at the path of the mapping."""
        stage = WEBSOCKET.stage(stack, domain_mapping=mapped(domain(stack), mapping_key=key))
        (name,) = resources(stack, "AWS::ApiGatewayV2::DomainName")
        url = deployed(stack.resolve(stage.domain_callback_url), {name: "api.example.com"})
        assert url == f"https://api.example.com/{path}"

    def test_another_mapping_beside_it(self, stack: cdk.Stack, kind: Kind) -> None:
        """A native ApiMapping maps the stage once more."""
        api = kind.imported_api(stack)
        stage = kind.stage(stack, api=api, domain_mapping=mapped(domain(stack)))
        other = domain(stack, "other.example.com", "Other")
        apigatewayv2.ApiMapping(stack, "Mapping", api=api, domain_name=other, stage=stage)
        assert len(resources(stack, MAPPING)) == 2


class TestComingFromNative:
    """The mapping of a native stage is kept by its logical id, which holds the path of the domain name and the key."""

    def stack(self) -> cdk.Stack:
        """A stack with a domain name; each has the same names."""
        stack = cdk.Stack(cdk.App(), "Pets")
        domain(stack)
        return stack

    def options(self, stack: cdk.Stack, key: str | None) -> apigatewayv2.DomainMappingOptions:
        """A mapping of that domain name."""
        return mapped(stack.node.find_child("Domain"), mapping_key=key)

    def keep(self, stage: Any, logical_id: str) -> None:
        """Give the mapping of a stage the logical id that it had."""
        stage.node.find_child("DomainMapping").node.default_child.override_logical_id(logical_id)

    @pytest.mark.parametrize("key", ["v1", None])
    def test_a_named_stage(self, kind: Kind, key: str | None) -> None:
        """The mapping has the same properties: with the same logical id nothing happens to it."""
        before, after = self.stack(), self.stack()
        native = apigatewayv2.HttpStage if kind is HTTP else apigatewayv2.WebSocketStage
        api = {"http_api" if kind is HTTP else "web_socket_api": kind.api(before)}
        native(before, "Stage", **api, stage_name="prod", domain_mapping=self.options(before, key))  # type: ignore[arg-type]
        stage = kind.stage(after, api=kind.api(after), domain_mapping=self.options(after, key))
        self.keep(stage, self.mapping(before)[0])
        assert self.mapping(before) == self.mapping(after)

    def test_the_default_stage_of_an_api(self) -> None:
        """`default_domain_mapping` of the API becomes `domain_mapping` of the stage under the same path."""
        before, after = self.stack(), self.stack()
        apigatewayv2.HttpApi(before, "Api", default_domain_mapping=self.options(before, "v1"))
        api = HTTP.api(after)
        stage = HTTP.stage(
            api, "DefaultStage", api=api, stage_name="$default", domain_mapping=self.options(after, "v1")
        )
        self.keep(stage, self.mapping(before)[0])
        assert self.mapping(before) == self.mapping(after)

    def mapping(self, stack: cdk.Stack) -> tuple[str, Any]:
        """The logical id and the properties of the mapping."""
        [(logical_id, found)] = resources(stack, MAPPING).items()
        return logical_id, found["Properties"]


URLS = [(HTTP, "url"), (WEBSOCKET, "url"), (WEBSOCKET, "callback_url")]


@pytest.mark.parametrize(("kind", "attribute"), URLS)
class TestDisabledEndpoint:
    def make(self, stack: cdk.Stack, kind: Kind, l1: bool, disabled: Any = True) -> Any:
        """An API without a URL of its own."""
        if l1:
            api: Any = kind.cfn_api(stack)
            api.disable_execute_api_endpoint = disabled
        elif kind is HTTP:
            api = apigatewayv2.HttpApi(stack, "Api", create_default_stage=False, disable_execute_api_endpoint=disabled)
        else:
            api = kind.api(stack)
            api.node.default_child.disable_execute_api_endpoint = disabled
        return api

    @pytest.mark.parametrize("l1", [False, True])
    def test_fails(self, stack: cdk.Stack, kind: Kind, attribute: str, l1: bool) -> None:
        """Where the API is known to have no endpoint, the error names the attribute of the domain."""
        stage = kind.stage(stack, api=self.make(stack, kind, l1))
        way_out = f"disable_execute_api_endpoint=True, read domain_{attribute} instead, which needs domain_mapping"
        with pytest.raises(StageConfigurationError, match=way_out):
            getattr(stage, attribute)

    @pytest.mark.parametrize("disabled", [False, None])
    def test_is_told_where_it_is_there(self, stack: cdk.Stack, kind: Kind, attribute: str, disabled: Any) -> None:
        """An API whose endpoint is not disabled has its URL."""
        stage = kind.stage(stack, api=self.make(stack, kind, True, disabled))
        assert "execute-api" in getattr(stage, attribute)

    def test_the_domain_url_is_told(self, stack: cdk.Stack, kind: Kind, attribute: str) -> None:
        """Under its domain name the stage is reached nevertheless."""
        stage = kind.stage(stack, api=self.make(stack, kind, False), domain_mapping=mapped(domain(stack)))
        assert stage.domain_url.startswith(f"{SCHEME[kind.name]}://")
        with pytest.raises(StageConfigurationError, match="use the domain name of domain_mapping instead"):
            _ = stage.host
        assert getattr(type(stage), attribute)


def test_snapshot(stack: cdk.Stack, kind: Kind, snapshot: Any) -> None:
    """A mapped stage has this template."""
    stage = kind.stage(stack, api=kind.api(stack), domain_mapping=mapped(domain(stack), mapping_key="v1"))
    cdk.CfnOutput(stack, "Url", value=stage.domain_url)
    assert template(stack).to_json() == snapshot
