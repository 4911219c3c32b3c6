"""A stage under a domain name of its own."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, NamedTuple, cast

from aws_cdk import aws_apigatewayv2 as apigatewayv2

from .._arguments import has_member, violation, warning
from ._api_info import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk.interfaces.aws_apigatewayv2 import IApiRef, IDomainNameRef

    from ..errors import Violation
    from ._stage import StageBase


class DomainMapping(NamedTuple):
    """Domain name and path under which a stage is served."""

    domain_name: str
    key: str | None


_PROTOCOLS: weakref.WeakKeyDictionary[object, Protocol] = weakref.WeakKeyDictionary()


def validate_domain_mapping(options: object, protocol: Protocol) -> Iterator[Violation]:
    """A mapping of a domain name that APIs of one protocol share."""
    if options is None:
        return
    try:
        domain = getattr(options, "domain_name", None)
    except AssertionError:  # a struct of jsii, of which None was made
        domain = None
    prop = "domain_mapping"
    if not has_member(domain, "domain_name_ref"):
        expected = "must be apigatewayv2.DomainMappingOptions(domain_name=...)"
        name = 'apigatewayv2.DomainName(self, "Domain", domain_name=..., certificate=...)'
        fix = f"write apigatewayv2.DomainMappingOptions(domain_name={name})"
        yield violation("domainMapping", prop, options, expected, fix)
        return
    if getattr(options, "mapping_key", None) == "":
        fix = "leave it out to serve the stage at the root of the domain"
        yield violation("domainMapping", f"{prop}.mapping_key", "", "must not be empty", fix)
    if _PROTOCOLS.get(domain) not in (None, protocol):
        other = "a WebSocket" if protocol is Protocol.HTTP else "an HTTP"
        fix = (
            f"{other} API of this app uses it already, and API Gateway does not let WebSocket APIs share a domain name"
            " with others; use another one for this stage"
        )
        yield violation("sharedDomain", f"{prop}.domain_name", domain, "must be a domain name of its own", fix)
    if protocol is Protocol.WEBSOCKET and _has_mutual_tls(cast("IDomainNameRef", domain)):
        fix = "mutual TLS is available for HTTP and REST APIs only, and AWS SAM refuses it; use another domain name"
        problem = "should be a domain name without mutual TLS"
        yield warning("mutualTlsOnWebSocket", f"{prop}.domain_name", domain, problem, fix)


def _has_mutual_tls(domain: IDomainNameRef) -> bool:
    resource = domain if isinstance(domain, apigatewayv2.CfnDomainName) else domain.node.default_child
    return isinstance(resource, apigatewayv2.CfnDomainName) and resource.mutual_tls_authentication is not None


def map_domain(stage: StageBase, api: IApiRef, options: apigatewayv2.DomainMappingOptions) -> DomainMapping:
    """Map the domain name to the stage; the mapping is made after it and deleted before it."""
    _PROTOCOLS[options.domain_name] = stage._protocol
    apigatewayv2.ApiMapping(
        stage,
        "DomainMapping",
        api=api,
        domain_name=options.domain_name,
        stage=cast("apigatewayv2.IStage", stage),
        api_mapping_key=options.mapping_key,
    )
    return DomainMapping(options.domain_name.domain_name_ref.domain_name, options.mapping_key)
