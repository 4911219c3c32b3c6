"""By which address clients reach a stage, and who is counted there."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from .._resources import as_dict, as_list
from .._unknown import is_unknown
from ._apis import GUIDE, HTTP, STAGE, api_of
from ._app import app_is_complete, resources_in_app
from .domain_mapping import MAPPING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._resources import Resource, Template

_USAGE_PLAN: Final = "AWS::ApiGateway::UsagePlan"

_rule = functools.partial(rule, STAGE, "", across=True, checked="2026-11")


@_rule(
    id="disabledEndpoint",
    kind=Kind.RUN_TIME,
    source=f"{GUIDE}http-api-disable-default-endpoint.html",
)
def disabled_endpoint(_: object, at: Context) -> Iterator[Problem]:
    """A stage of an API without its default endpoint is mapped to a domain name."""
    api = api_of(at.resource).resource
    if api is None or str(api.properties.get("DisableExecuteApiEndpoint")).lower() != "true":
        return
    mappings = list(resources_in_app(at.resource, MAPPING))
    if app_is_complete(at.resource) and not any(_may_map(*mapping, at.resource) for mapping in mappings):
        yield Problem(
            "should be mapped to a domain name",
            f"the endpoint of {api.logical_id} is disabled, so that no client reaches the stage; map it to a domain"
            " name, or accept this rule if another app does",
            show_value=False,
        )


def _may_map(template: Template, mapping: Resource, stage: Resource) -> bool:
    """Whether a mapping is one to a stage, or may be."""
    api_id, name = (mapping.properties.get(each) for each in ("ApiId", "Stage"))
    mapped, own = api_of(mapping), api_of(stage)
    if mapped is not own:
        return mapped.resource is None and is_unknown(api_id)
    return _names(template, name, stage) is not False


def _names(template: Template, name: object, stage: Resource) -> bool | None:
    """Whether a value is the name of a stage; None where that is not known."""
    target, own = template.target(name), stage.properties.get("StageName")
    if target is not None and target.type == STAGE:
        return target is stage
    return None if is_unknown(name) or is_unknown(own) else name == own


@_rule(
    id="usagePlanOnHttp",
    kind=Kind.PRACTICE,
    protocol=HTTP,
    fix="remove it from the plan; HTTP APIs have neither usage plans nor API keys, their stages throttle by"
    " {RouteSettings}",
    source=f"{GUIDE}http-api-vs-rest.html",
)
def usage_plan_on_http(_: object, at: Context) -> Iterator[Problem]:
    """A stage of an HTTP API is in no usage plan: API keys and usage plans are of REST and WebSocket APIs."""
    own = at.template.identity(at.resource.properties.get("ApiId"))
    for template, plan in resources_in_app(at.resource, _USAGE_PLAN):
        for each in as_list(plan.properties.get("ApiStages")):
            member = as_dict(each)
            of_api = template.identity(member.get("ApiId")) == own
            if of_api and _names(template, member.get("Stage"), at.resource):
                yield Problem(f"should not be in the usage plan {plan.logical_id}", show_value=False)
