"""Stages: name, description, deployment, and how many of them an API has."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule, type_rule
from .._values import length
from ..tags import tag_rules
from ._apis import API_REFERENCE, CLOUDFORMATION, DEPLOYMENT, GUIDE, HTTP, STAGE, WEBSOCKET, api_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE: Final = f"{CLOUDFORMATION}aws-resource-apigatewayv2-stage.html"
_API_PAGE: Final = f"{API_REFERENCE}apis-apiid-stages.html"
_STAGE_NAME: Final = re.compile(r"\$default|[A-Za-z0-9_-]{1,128}")
_MAX_STAGES: Final = 10

_stage_rule = functools.partial(rule, STAGE, source=_PAGE, checked="2026-11")

type_rule(
    STAGE, "AutoDeploy", bool, id="autoDeploy", doc="`AutoDeploy` is true or false.", source=_PAGE, checked="2026-11"
)
tag_rules((STAGE,), max_value_length=1600, source=_API_PAGE)


@_stage_rule(
    "StageName", id="stageName", kind=Kind.GRAMMAR, value_type=str, service="Stage name only allows a-zA-Z0-9_"
)
def stage_name(value: str, _: Context) -> Iterator[Problem]:
    """A stage name is `$default`, or 1 to 128 letters, digits, hyphens and underscores."""
    if not _STAGE_NAME.fullmatch(value):
        suggestion = re.sub(r"[^A-Za-z0-9_-]+", "_", value).strip("_")[:128] or "prod"
        too_long = value.startswith(suggestion) and len(value) > len(suggestion)
        yield Problem(
            "must be $default or 1 to 128 letters, digits, hyphens and underscores",
            f"shorten it by {len(value) - 128}" if too_long else "write {suggestion} for instance",
            values={"suggestion": suggestion},
        )


@_stage_rule("StageName", id="webSocketDefaultStage", kind=Kind.PRACTICE, protocol=WEBSOCKET, value_type=str)
def web_socket_default_stage(value: str, _: Context) -> Iterator[Problem]:
    """The name of a stage of a WebSocket API is not `$default`."""
    if value == "$default":
        yield Problem(
            "should be a name of its own on a WebSocket API",
            "clients still have to connect to wss://.../$default, and execution logs and first connections have been"
            ' seen to fail; write "prod" for instance',
        )


_DEFAULT_STAGE: Final = (
    ", or change the stage that the API creates by itself: `api.default_stage.with_(StageSettings(...))`; or write"
    ' `HttpApi(self, "Api", create_default_stage=False)` with `HttpStage(api, "DefaultStage", api=api)`, which keeps'
    " its logical id"
)
"""Either way updates the stage that the CDK's `HttpApi` creates in place."""


@_stage_rule(
    "StageName",
    id="stageExists",
    kind=Kind.CONFLICT,
    across=True,
    value_type=str,
    service="Stage already exists",
    source=_API_PAGE,
)
def stage_exists(value: str, at: Context) -> Iterator[Problem]:
    """A stage name is unique within its API."""
    stage = at.resource
    same_name = (other for other in api_of(stage).stages if other.properties.get("StageName") == value)
    other = next((other for other in same_name if other is not stage and not other.is_conditional), None)
    if other is not None and not stage.is_conditional:
        fix = f"{other.logical_id} has this name already; choose another name"
        yield Problem("must be unique within the API", f"{fix}{_DEFAULT_STAGE if value == '$default' else ''}")


@_stage_rule("ApiId", id="manyStages", kind=Kind.QUOTA, across=True, given=True, source=f"{GUIDE}http-api-quotas.html")
def many_stages(_: object, at: Context) -> Iterator[Problem]:
    """An API has at most 10 stages."""
    stages = [stage for stage in api_of(at.resource).stages if not stage.is_conditional]
    if at.resource in stages[_MAX_STAGES:]:
        fix = "AWS refuses more unless the quota of the account was raised; once it is, accept this rule"
        yield Problem(f"should have at most {_MAX_STAGES} stages", fix, value=stages.index(at.resource) + 1)


@rule(
    (STAGE, DEPLOYMENT),
    "Description",
    id="description",
    kind=Kind.GRAMMAR,
    value_type=str,
    source=_API_PAGE,
    checked="2026-11",
)
def description(value: str, _: Context) -> Iterator[Problem]:
    """A description has at most 1,024 characters."""
    yield from length(value, 0, 1024)


@_stage_rule(
    ("DeploymentId", "ClientCertificateId"),
    id="identifier",
    kind=Kind.GRAMMAR,
    value_type=str,
    fix="leave it out instead",
)
def identifier(value: str, _: Context) -> Iterator[Problem]:
    """The id of a deployment or of a client certificate is not empty."""
    yield from length(value, 1, None)


@_stage_rule(
    "DeploymentId",
    id="deploymentWithAutoDeploy",
    kind=Kind.CONFLICT,
    given=True,
    service="Deployment ID cannot be set on this stage because AutoDeploy is enabled.",
    source=_API_PAGE,
)
def deployment_with_auto_deploy(_: object, at: Context) -> Iterator[Problem]:
    """`DeploymentId` cannot be combined with `AutoDeploy: true`."""
    if at.known("AutoDeploy") is True:
        yield Problem("cannot be combined with {AutoDeploy=true}", "remove one of the two")


@_stage_rule("ClientCertificateId", id="clientCertificateOnHttp", kind=Kind.PRACTICE, protocol=HTTP, given=True)
def client_certificate_on_http(_: object, __: Context) -> Iterator[Problem]:
    """AWS documents client certificates of stages for REST and WebSocket APIs only."""
    fix = "leave it out; AWS documents client certificates of stages for REST and WebSocket APIs only"
    yield Problem("should be left out on an HTTP stage", fix)


@_stage_rule("AccessPolicyId", id="unsupportedProperty", kind=Kind.GRAMMAR, given=True)
def access_policy(_: object, __: Context) -> Iterator[Problem]:
    """A stage has no property `AccessPolicyId`."""
    yield Problem("must be a property that the resource type has", "leave it out, API Gateway v2 has no such property")
