"""Mappings of custom domain names to stages."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from .._resources import as_dict, as_list
from .._unknown import is_unknown
from ._apis import CLOUDFORMATION, GUIDE, WEBSOCKET, api_of
from ._app import template_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .._resources import Resource

MAPPING: Final = "AWS::ApiGatewayV2::ApiMapping"
_MAPPINGS: Final = f"{GUIDE}http-api-mappings.html"
_MAX_KEY: Final = 300
_DOMAIN_NAMES: Final = frozenset({"AWS::ApiGatewayV2::DomainName", "AWS::ApiGateway::DomainName"})
"""Resources that declare a domain name; API Gateway v2 maps the regional ones of both."""

_mapping_rule = partial(rule, MAPPING, checked="2026-11")
_domain_rule = partial(rule, MAPPING, "DomainName", across=True, given=True, checked="2026-11")


@_mapping_rule(
    "ApiMappingKey",
    id="mappingKey",
    kind=Kind.GRAMMAR,
    value_type=str,
    service="An ApiMapping key may contain only letters, numbers and one of $-_.+!*'(),",
    source=_MAPPINGS,
)
def mapping_key(value: str, _: Context) -> Iterator[Problem]:
    """A mapping key has at most 300 letters, digits and characters of `$-_.+!*'(),`, with `/` between levels."""
    if not re.fullmatch(r"[A-Za-z0-9$\-_.+!*'(),/]*", value):
        suggestion = re.sub(r"[^A-Za-z0-9$\-_.+!*'(),/]+", "-", value).strip("-")[:300] or "v1"
        fix = "write {suggestion} for instance"
        yield Problem("must have letters, digits, / and $-_.+!*'(), only", fix, values={"suggestion": suggestion})
    elif len(value) > _MAX_KEY:
        fix = f"shorten it by {len(value) - _MAX_KEY}"
        yield Problem(f"must have at most {_MAX_KEY} characters", fix, quote_service=False)


@_domain_rule(
    id="mappingExists",
    kind=Kind.CONFLICT,
    service="ApiMapping key already exists for this domain name",
    source=_MAPPINGS,
)
def mapping_exists(_: object, at: Context) -> Iterator[Problem]:
    """A mapping key is unique within its domain name; one mapping has none."""
    key = _key(at.resource)
    other = next((other for other in _others(at.resource) if _key(other) == key), None)
    if key is not None and other is not None:
        taken = "has this key already; choose another" if key else "serves the root of the domain name; add a mapping"
        problem, fix = "must be unique within the domain name", f"{other.logical_id} {taken} key for one of the two"
        yield Problem(problem, fix, ("ApiMappingKey",), value=key)


@_mapping_rule(
    "Stage",
    id="mappingBeforeStage",
    kind=Kind.RUN_TIME,
    across=True,
    value_type=str,
    source=f"{CLOUDFORMATION}aws-resource-apigatewayv2-apimapping.html",
)
def mapping_before_stage(value: str, at: Context) -> Iterator[Problem]:
    """A mapping is created after its stage: it refers to the stage, or names it in `DependsOn`."""
    of_name = [stage for stage in api_of(at.resource).stages if stage.properties.get("StageName") == value]
    names = [stage.logical_id for stage in of_name if stage.template is at.template]
    if names and not at.template.transitive_dependencies(at.resource, names):
        yield Problem(
            "should be a reference to the stage of this template",
            f"write the Ref of {names[0]} or add it to DependsOn, in the CDK by `mapping.node.add_dependency(stage)`,"
            " or CloudFormation may create the mapping before the stage",
        )


@_domain_rule(
    id="domainName",
    kind=Kind.GRAMMAR,
    service="Invalid domain name identifier specified",
    source=f"{CLOUDFORMATION}aws-resource-apigatewayv2-domainname.html",
)
def domain_name(value: object, at: Context) -> Iterator[Problem]:
    """A domain name has no upper-case letters and no underscores."""
    name = _declared(value, at).get("DomainName", value)
    if isinstance(name, str) and not is_unknown(name) and re.search("[A-Z_]", name):
        suggestion = name.lower().replace("_", "-")
        problem = "must be a domain name without upper-case letters and underscores"
        yield Problem(problem, "write {suggestion}", values={"suggestion": suggestion}, value=name)


@_domain_rule(
    id="certificateRegion",
    kind=Kind.CONFLICT,
    service="Invalid certificate ARN: {arn}. Certificate must be in '{region}'.",
    source=f"{GUIDE}apigateway-regional-api-custom-domain-create.html",
)
def certificate_region(value: object, at: Context) -> Iterator[Problem]:
    """The certificate of a domain name is in the Region of the domain name."""
    region = at.resource.region
    for item in as_list(_declared(value, at).get("DomainNameConfigurations")):
        configuration = as_dict(item)
        arn = configuration.get("CertificateArn")
        match = re.match("arn:[^:]+:acm:([a-z0-9-]+):", arn) if isinstance(arn, str) else None
        regional = configuration.get("EndpointType", "REGIONAL") == "REGIONAL"
        if match and region and match[1] != region and regional:
            yield Problem(
                f"must be a domain name whose certificate is in {region}",
                f"request or import the certificate in {region}, in the CDK by acm.Certificate in a stack there",
                value=arn,
                values={"arn": arn, "region": region},
            )


@_domain_rule(
    id="routingRuleOnly",
    kind=Kind.RUN_TIME,
    source=f"{GUIDE}set-routing-mode.html",
)
def routing_rule_only(value: object, at: Context) -> Iterator[Problem]:
    """A domain name with mappings has a `RoutingMode` that serves them."""
    if _declared(value, at).get("RoutingMode") == "ROUTING_RULE_ONLY":
        yield Problem(
            "should be a domain name that serves API mappings",
            "with the RoutingMode ROUTING_RULE_ONLY it serves routing rules alone, and these lead to REST APIs only;"
            " write API_MAPPING_ONLY or ROUTING_RULE_THEN_API_MAPPING",
        )


@_domain_rule(
    id="sharedDomain",
    kind=Kind.CONFLICT,
    source=f"{GUIDE}websocket-api-mappings.html",
)
def shared_domain(_: object, at: Context) -> Iterator[Problem]:
    """A WebSocket API shares its domain name with no API of another kind."""
    protocol = _protocol(at.resource)
    if protocol is not None and {_protocol(other) for other in _others(at.resource)} - {protocol, None}:
        kind = "an HTTP" if protocol == WEBSOCKET else "a WebSocket"
        yield Problem(
            "must be a domain name of its own",
            f"{kind} API uses it already, and API Gateway does not let WebSocket APIs share a domain name with others;"
            " use another one for this stage",
        )


@_domain_rule(
    id="mutualTlsOnWebSocket",
    kind=Kind.PRACTICE,
    fix="mutual TLS is available for HTTP and REST APIs only, and AWS SAM refuses it here; use another domain name",
    service="Mutual TLS domain name association is not supported for Websocket APIs.",
    source=f"{GUIDE}websocket-api-custom-domain-names.html",
)
def mutual_tls_on_web_socket(value: object, at: Context) -> Iterator[Problem]:
    """The domain name of a WebSocket API does not ask for client certificates."""
    if _protocol(at.resource) == WEBSOCKET and as_dict(_declared(value, at).get("MutualTlsAuthentication")):
        yield Problem("should be a domain name without mutual TLS")


def _protocol(mapping: Resource) -> str | None:
    """The protocol of the mapped API, where it is known."""
    api_id = mapping.properties.get("ApiId")
    known = template_of(mapping).assembly.protocols.get(api_id) if isinstance(api_id, str) else None
    return api_of(mapping).protocol or known


def _key(mapping: Resource) -> str | None:
    """The key of a mapping, empty where it has none; None where it is not known."""
    key = mapping.properties.get("ApiMappingKey") or ""
    return key if isinstance(key, str) and not is_unknown(key) else None


def _declared(value: object, at: Context) -> Mapping[str, object]:
    """The properties of the domain name that a mapping refers to; none where it is declared elsewhere."""
    target = at.template.target(value)
    return target.properties if target is not None and target.type in _DOMAIN_NAMES else {}


def _others(mapping: Resource) -> list[Resource]:
    """The other mappings of a domain name in the app; mappings that a condition may leave out are none."""
    if mapping.is_conditional:
        return []
    of_domain = template_of(mapping).assembly.grouped(MAPPING, _domain).get(_domain(mapping), ())
    return [other for other in of_domain if other is not mapping and not other.is_conditional]


def _domain(mapping: Resource) -> str:
    """Equal for all mappings of one domain name, whether they refer to its resource or write its name."""
    template, name = template_of(mapping), mapping.properties.get("DomainName")
    target = template.target(name)
    if target is not None and target.type in _DOMAIN_NAMES and target.template is not None:
        template, name = target.template, target.properties.get("DomainName", name)
    return template.identity(name) if template.target(name) is None else f"{id(template)}/{name}"
