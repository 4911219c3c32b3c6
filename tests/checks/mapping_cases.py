"""Templates with domain mappings that break one rule each."""

from __future__ import annotations

from typing import Any

from .template_helpers import ERROR, HTTP_API, WARNING, WEBSOCKET_API, Case, stage

CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555"
IN_VIRGINIA = CERTIFICATE.replace("eu-west-1", "us-east-1")
REF_OF_DOMAIN = {"Ref": "Domain"}


def mapping(
    api: str, key: Any = None, domain: Any = REF_OF_DOMAIN, name: Any = "prod", **others: Any
) -> dict[str, Any]:
    """A mapping of a domain name to a stage of an API."""
    properties = {"ApiId": {"Ref": api}, "DomainName": domain, "Stage": name}
    of_key = {} if key is None else {"ApiMappingKey": key}
    return {"Type": "AWS::ApiGatewayV2::ApiMapping", "Properties": properties | of_key, **others}


def domain_name(name: Any = "x.example.com", **properties: Any) -> dict[str, Any]:
    """A domain name."""
    return {"Type": "AWS::ApiGatewayV2::DomainName", "Properties": {"DomainName": name, **properties}}


def certified(arn: Any, **configuration: Any) -> dict[str, Any]:
    """A domain name with a certificate."""
    return domain_name(DomainNameConfigurations=[{"CertificateArn": arn, **configuration}])


MUTUAL_TLS = domain_name(MutualTlsAuthentication={"TruststoreUri": "s3://x/y.pem"})
API = {"Api": HTTP_API}
BOTH = {"Api": HTTP_API, "Chat": WEBSOCKET_API}
DOMAIN = {"Domain": domain_name()}

CASES = [
    *(
        Case("mappingKey", ERROR, "ApiMappingKey", {**API, **DOMAIN, "A": mapping("Api", key)})
        for key in ("v 1", "k" * 301)
    ),
    *(
        Case("mappingExists", ERROR, "ApiMappingKey", {**API, **DOMAIN, "A": first, "B": second})
        for first, second in (
            (mapping("Api"), mapping("Api", name="live")),
            (mapping("Api"), mapping("Api", "")),
            (mapping("Api", "v1"), mapping("Api", "v1", domain={"Fn::Sub": "${Domain}"})),
            (mapping("Api", 1), mapping("Api", "1", domain="x.example.com")),
        )
    ),
    Case("mappingBeforeStage", WARNING, "Stage", {**API, **DOMAIN, "Stage": stage(), "A": mapping("Api")}),
    *(
        Case("domainName", ERROR, "DomainName", {**API, "Domain": domain_name(name), "A": mapping("Api")})
        for name in ("Api.example.com", "my_api.example.com")
    ),
    Case("domainName", ERROR, "DomainName", {**API, "A": mapping("Api", domain="Api.example.com")}),
    Case("certificateRegion", ERROR, "DomainName", {**API, "Domain": certified(IN_VIRGINIA), "A": mapping("Api")}),
    Case(
        "routingRuleOnly",
        WARNING,
        "DomainName",
        {**API, "Domain": domain_name(RoutingMode="ROUTING_RULE_ONLY"), "A": mapping("Api")},
    ),
    *(
        Case("sharedDomain", ERROR, "DomainName", {**BOTH, **DOMAIN, "A": mapping("Api"), "B": other})
        for other in (mapping("Chat", "b"), mapping("Chat", "b", domain="x.example.com"))
    ),
    Case(
        "mutualTlsOnWebSocket", WARNING, "DomainName", {"Api": WEBSOCKET_API, "Domain": MUTUAL_TLS, "A": mapping("Api")}
    ),
]
