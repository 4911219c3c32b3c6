"""A stage under a domain name of its own."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, NamedTuple, cast

from aws_cdk import aws_apigatewayv2 as apigatewayv2

from .._checks import plays
from . import _rules
from ._api import Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk.interfaces.aws_apigatewayv2 import IApiRef, IDomainNameRef

    from .._checks import Fault
    from ._stage import StageBase


class DomainMapping(NamedTuple):
    """Domain name and path under which a stage is served."""

    domain_name: str
    key: str | None


_PROTOCOLS: weakref.WeakKeyDictionary[object, Protocol] = weakref.WeakKeyDictionary()


def faults_of(options: apigatewayv2.DomainMappingOptions | None, protocol: Protocol) -> Iterator[Fault]:
    """What is wrong with the mapping of a stage of this protocol."""
    try:
        domain = getattr(options, "domain_name", None)
    except AssertionError:  # a struct of jsii, of which None was made
        domain = None
    other = _PROTOCOLS.get(domain) if plays(domain, "domain_name_ref") else None
    yield from _rules.domain_mapping(options, domain, other, protocol)
    if protocol is Protocol.WEBSOCKET and plays(domain, "domain_name_ref"):
        yield from _rules.mutual_tls(domain, _has_mutual_tls(cast("IDomainNameRef", domain)))


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
