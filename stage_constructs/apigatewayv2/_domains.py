"""A stage under a domain name of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from aws_cdk import aws_apigatewayv2 as apigatewayv2

from .._arguments import has_member, violation
from .._validation import violations_of
from ..rules._resources import Resource
from ..rules.apigatewayv2.domain_mapping import MAPPING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk.interfaces.aws_apigatewayv2 import IApiRef

    from .._synthesis import Environment
    from ..errors import Violation
    from ._stage import StageBase


class DomainMapping(NamedTuple):
    """Domain name and path under which a stage is served."""

    domain_name: str
    key: str | None


def validate_domain_mapping(options: object) -> Iterator[Violation]:
    """A mapping names a domain name, and a key that API Gateway takes."""
    if options is None:
        return
    try:
        domain = getattr(options, "domain_name", None)
    except AssertionError:  # a struct of jsii, of which None was made
        domain = None
    if not has_member(domain, "domain_name_ref"):
        expected = "must be apigatewayv2.DomainMappingOptions(domain_name=...)"
        name = 'apigatewayv2.DomainName(self, "Domain", domain_name=..., certificate=...)'
        fix = f"write apigatewayv2.DomainMappingOptions(domain_name={name})"
        yield violation("domainMapping", "domain_mapping", options, expected, fix)
        return
    key = getattr(options, "mapping_key", None)
    if key == "":
        fix = "leave it out to serve the stage at the root of the domain"
        yield violation("domainMapping", "domain_mapping.mapping_key", "", "must not be empty", fix)
    yield from violations_of(Resource(MAPPING, {"ApiMappingKey": key}))


def map_domain(
    stage: StageBase, api: IApiRef, options: apigatewayv2.DomainMappingOptions, environment: Environment
) -> DomainMapping:
    """Map the domain name to the stage; the mapping is made after it and deleted before it."""
    mapping = apigatewayv2.ApiMapping(
        stage,
        "DomainMapping",
        api=api,
        domain_name=options.domain_name,
        stage=cast("apigatewayv2.IStage", stage),
        api_mapping_key=options.mapping_key,
    )
    environment.resources.append(cast("apigatewayv2.CfnApiMapping", mapping.node.default_child))
    return DomainMapping(options.domain_name.domain_name_ref.domain_name, options.mapping_key)
