"""APIs of AWS SAM, whose stages are not in the template until its transform has expanded it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, RuleViolation, evaluate, rule
from .._resources import Resource, as_dict, read_properties
from ._apis import HTTP, STAGE, WEBSOCKET
from ._app import template_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_HTTP_API: Final = "AWS::Serverless::HttpApi"
_WEBSOCKET_API: Final = "AWS::Serverless::WebSocketApi"
_FUNCTION: Final = "AWS::Serverless::Function"
_PROTOCOLS: Final = {_HTTP_API: HTTP, _WEBSOCKET_API: WEBSOCKET}
_OF_THE_STAGE: Final = (
    "AccessLogSettings",
    "DefaultRouteSettings",
    "RouteSettings",
    "StageName",
    "StageVariables",
    "Tags",
)
"""Properties that SAM passes to the stage as they are."""


@rule(
    (_HTTP_API, _WEBSOCKET_API, _FUNCTION),
    "",
    id="unexpandedTransform",
    kind=Kind.PRACTICE,
    across=True,
    given=True,
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-aws-serverless.html",
    checked="2026-11",
)
def unexpanded_transform(_: object, at: Context) -> Iterator[Problem]:
    """A SAM API is expanded before it is checked: otherwise only its own properties of the stage are."""
    apis = (each for each in at.template.of_type(_HTTP_API, _WEBSOCKET_API, _FUNCTION) if _has_stage(each))
    if next(apis, None) is at.resource:
        yield Problem(
            "should be checked as AWS SAM expands it: only its own properties of the stage have been checked",
            "check the output of `aws cloudformation get-template --template-stage Processed` too, or accept this rule",
            path=(),
            show_value=False,
        )


def _has_stage(resource: Resource) -> bool:
    """Whether SAM creates a stage for a resource: for an API, and for a function with events of the implicit API."""
    if resource.type in _PROTOCOLS:
        return True
    events = as_dict(resource.properties.get("Events")).values()
    return any(as_dict(event).get("Type") == "HttpApi" for event in events)


def stage_violations(resource: Resource) -> Iterator[RuleViolation]:
    """The rules that the stage of a SAM API breaks by itself; empty for other resources."""
    if resource.type in _PROTOCOLS:
        stage = Resource(
            STAGE,
            {**read_properties(STAGE, _stage_properties(resource)), "AutoDeploy": True},
            protocol=_PROTOCOLS[resource.type],
            region=resource.region,
            account=resource.account,
        )
        for violation in evaluate(stage):
            yield dataclasses.replace(violation, resource=resource)


def _stage_properties(api: Resource) -> dict[str, object]:
    """What SAM passes to the stage: the properties of the API, merged with the global ones of the template."""
    shared = as_dict(template_of(api).sam_globals.get(api.type.rpartition("::")[2]))
    return {
        name: _merged(shared.get(name), api.declared.get(name, shared.get(name)))
        for name in (*api.declared, *shared)
        if name in _OF_THE_STAGE
    }


def _merged(shared: object, own: object) -> object:
    """An object has the members of both; otherwise the own value wins."""
    if not (as_dict(shared) and as_dict(own)):
        return own
    return {
        **as_dict(shared),
        **{name: _merged(as_dict(shared).get(name), value) for name, value in as_dict(own).items()},
    }
