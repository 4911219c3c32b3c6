"""Stages: name, description, deployment, and how many of them an API has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from .._values import length
from ..tags import tag_rules
from ._apis import HTTP, STAGE, WEBSOCKET, api_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE: Final = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigatewayv2-stage.html"
_API_PAGE: Final = "https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages.html"
_QUOTAS: Final = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"
_STAGE_NAME: Final = re.compile(r"\$default|[A-Za-z0-9_-]{1,128}")
MAX_STAGES: Final = 10


@rule(
    STAGE,
    "StageName",
    id="stageName",
    kind=Kind.GRAMMAR,
    value_type=str,
    doc="A stage name is `$default`, or 1 to 128 letters, digits, hyphens and underscores.",
    fix="Choose such a name.",
    service="Stage name only allows a-zA-Z0-9_",
    source=_PAGE,
    checked="2026-11",
)
def stage_name(value: str, _: Context) -> Iterator[Problem]:
    if _STAGE_NAME.fullmatch(value):
        return
    suggestion = re.sub(r"[^A-Za-z0-9_-]+", "_", value).strip("_")[:128] or "prod"
    too_long = value.startswith(suggestion) and len(value) > len(suggestion)
    yield Problem(
        "must be $default or 1 to 128 letters, digits, hyphens and underscores",
        f"shorten it by {len(value) - 128}" if too_long else "write {suggestion} for instance",
        values={"suggestion": suggestion},
    )


@rule(
    STAGE,
    "StageName",
    id="webSocketDefaultStage",
    kind=Kind.PRACTICE,
    protocol=WEBSOCKET,
    value_type=str,
    doc="A stage of a WebSocket API has a name of its own.",
    fix="Choose another name than `$default`, `prod` for instance.",
    source=_PAGE,
    checked="2026-11",
)
def web_socket_default_stage(value: str, _: Context) -> Iterator[Problem]:
    if value == "$default":
        yield Problem(
            "should be a name of its own on a WebSocket API",
            "clients still have to connect to wss://.../$default, and execution logs and first connections have been"
            ' seen to fail; write "prod" for instance',
        )


@rule(
    STAGE,
    "StageName",
    id="stageExists",
    kind=Kind.CONFLICT,
    across=True,
    value_type=str,
    doc="A stage name is unique within its API.",
    fix="Choose another name for one of the two.",
    service="Stage already exists",
    source=_API_PAGE,
    checked="2026-11",
)
def stage_exists(value: str, at: Context) -> Iterator[Problem]:
    stage = at.resource
    same_name = (other for other in api_of(stage).stages if other.properties.get("StageName") == value)
    other = next((other for other in same_name if other is not stage and not other.is_conditional), None)
    if other is not None and not stage.is_conditional:
        yield Problem(
            "must be unique within the API",
            f"{other.logical_id} has this name already; choose another name, or `HttpApi(create_default_stage=False)`"
            " where the API created that stage by itself",
        )


@rule(
    STAGE,
    "ApiId",
    id="manyStages",
    kind=Kind.QUOTA,
    across=True,
    given=True,
    doc=f"An API has at most {MAX_STAGES} stages.",
    fix="Have the quota raised and accept the rule, or use another API.",
    source=_QUOTAS,
    checked="2026-11",
)
def many_stages(_: object, at: Context) -> Iterator[Problem]:
    stages = [stage for stage in api_of(at.resource).stages if not stage.is_conditional]
    if at.resource in stages[MAX_STAGES:]:
        yield Problem(
            f"should have at most {MAX_STAGES} stages",
            "AWS refuses more unless the quota of the account was raised; once it is, accept this rule",
            value=stages.index(at.resource) + 1,
        )


@rule(
    STAGE,
    "Description",
    id="description",
    kind=Kind.GRAMMAR,
    value_type=str,
    doc="A description has at most 1,024 characters.",
    fix="Shorten it.",
    source=_API_PAGE,
    checked="2026-11",
)
def description(value: str, _: Context) -> Iterator[Problem]:
    yield from length(value, 0, 1024)


@rule(
    STAGE,
    ("DeploymentId", "ClientCertificateId"),
    id="identifier",
    kind=Kind.GRAMMAR,
    value_type=str,
    doc="The id of a deployment or of a client certificate is not empty.",
    fix="leave it out instead",
    source=_PAGE,
    checked="2026-11",
)
def identifier(value: str, _: Context) -> Iterator[Problem]:
    yield from length(value, 1, None)


@rule(
    STAGE,
    "AutoDeploy",
    id="autoDeploy",
    kind=Kind.GRAMMAR,
    value_type=bool,
    doc="`AutoDeploy` is true or false.",
    fix="write {=true} or {=false}",
    source=_PAGE,
    checked="2026-11",
)
def auto_deploy(_: bool, __: Context) -> Iterator[Problem]:
    return iter(())


@rule(
    STAGE,
    "DeploymentId",
    id="deploymentWithAutoDeploy",
    kind=Kind.CONFLICT,
    given=True,
    doc="`DeploymentId` cannot be combined with `AutoDeploy: true`.",
    fix="remove one of the two",
    service="Deployment ID cannot be set on this stage because AutoDeploy is enabled.",
    source=_API_PAGE,
    checked="2026-11",
)
def deployment_with_auto_deploy(_: object, at: Context) -> Iterator[Problem]:
    if at.known("AutoDeploy") is True:
        yield Problem("cannot be combined with {AutoDeploy=true}")


@rule(
    STAGE,
    "ClientCertificateId",
    id="clientCertificateOnHttp",
    kind=Kind.PRACTICE,
    protocol=HTTP,
    given=True,
    doc="A stage of an HTTP API has no client certificate.",
    fix="leave it out; AWS documents client certificates of stages for REST and WebSocket APIs only",
    source=_PAGE,
    checked="2026-11",
)
def client_certificate_on_http(_: object, __: Context) -> Iterator[Problem]:
    yield Problem("should be left out on an HTTP stage")


@rule(
    STAGE,
    "AccessPolicyId",
    id="unsupportedProperty",
    kind=Kind.GRAMMAR,
    given=True,
    doc="A stage has no property `AccessPolicyId`.",
    fix="leave it out, API Gateway v2 has no such property",
    source=_PAGE,
    checked="2026-11",
)
def access_policy(_: object, __: Context) -> Iterator[Problem]:
    yield Problem("must be a property that the resource type has")


tag_rules((STAGE,), max_value_length=1600, source=_API_PAGE)
