"""Mappings of custom domain names to stages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from .._resources import as_dict
from ._apis import WEBSOCKET, api_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._resources import Resource

MAPPING: Final = "AWS::ApiGatewayV2::ApiMapping"
_MAX_KEY: Final = 300
_PAGE: Final = "https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-custom-domain-names.html"


@rule(
    MAPPING,
    "ApiMappingKey",
    id="mappingKey",
    kind=Kind.GRAMMAR,
    value_type=str,
    doc="A mapping key has at most 300 letters, digits and characters of `$-_.+!*'(),`, with `/` between levels.",
    fix="Write `v1` or `orders/v1` for instance.",
    service="An ApiMapping key may contain only letters, numbers and one of $-_.+!*'(),",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mappings.html",
    checked="2026-11",
)
def mapping_key(value: str, _: Context) -> Iterator[Problem]:
    if not re.fullmatch(r"[A-Za-z0-9$\-_.+!*'(),/]*", value):
        suggestion = re.sub(r"[^A-Za-z0-9$\-_.+!*'(),/]+", "-", value).strip("-")[:300] or "v1"
        fix = "write {suggestion} for instance"
        yield Problem("must have letters, digits, / and $-_.+!*'(), only", fix, values={"suggestion": suggestion})
    elif len(value) > _MAX_KEY:
        fix = f"shorten it by {len(value) - _MAX_KEY}"
        yield Problem(f"must have at most {_MAX_KEY} characters", fix, quote_service=False)


@rule(
    MAPPING,
    "DomainName",
    id="sharedDomain",
    kind=Kind.CONFLICT,
    across=True,
    given=True,
    doc="A WebSocket API shares its domain name with no API of another kind.",
    fix="Use a domain name for each.",
    source=_PAGE,
    checked="2026-11",
)
def shared_domain(value: object, at: Context) -> Iterator[Problem]:
    template, protocol = at.resource.template, _protocol(at.resource)
    assert template is not None  # noqa: S101  judged in templates
    if protocol is None or at.resource.is_conditional:
        return
    domain = template.identity(value)
    others = {
        _protocol(mapping)
        for mapping in template.of_type(MAPPING)
        if template.identity(mapping.properties.get("DomainName")) == domain
    } - {protocol, None}
    if others:
        kind = "an HTTP" if protocol == WEBSOCKET else "a WebSocket"
        yield Problem(
            "must be a domain name of its own",
            f"{kind} API uses it already, and API Gateway does not let WebSocket APIs share a domain name with others;"
            " use another one for this stage",
        )


@rule(
    MAPPING,
    "DomainName",
    id="mutualTlsOnWebSocket",
    kind=Kind.PRACTICE,
    across=True,
    given=True,
    doc="The domain name of a WebSocket API does not ask for client certificates.",
    fix="mutual TLS is available for HTTP and REST APIs only, and AWS SAM refuses it here; use another domain name",
    service="Mutual TLS domain name association is not supported for Websocket APIs.",
    source=_PAGE,
    checked="2026-11",
)
def mutual_tls_on_web_socket(value: object, at: Context) -> Iterator[Problem]:
    domain = at.resource.template.target(value) if at.resource.template else None
    if domain is None or _protocol(at.resource) != WEBSOCKET:
        return
    if as_dict(domain.properties.get("MutualTlsAuthentication")):
        yield Problem("should be a domain name without mutual TLS")


def _protocol(mapping: Resource) -> str | None:
    """The protocol of the mapped API, where it is known."""
    template, api_id = mapping.template, mapping.properties.get("ApiId")
    known = template.assembly.protocols.get(api_id) if template and isinstance(api_id, str) else None
    return api_of(mapping).protocol or known
