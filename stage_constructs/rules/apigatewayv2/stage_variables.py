"""Stage variables. Their values may be secrets: no message shows them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from .._unknown import is_unknown
from ._apis import STAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE: Final = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.stage-variables.html"
_QUOTAS: Final = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"
MAX_VARIABLES: Final = 100
MAX_LENGTH: Final = 512
_MAX_ACCEPTED: Final = 2048
_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,64}")
_VALUE: Final = re.compile(r"[A-Za-z0-9\-._~:/?#&=, ]*")


@rule(
    STAGE,
    "StageVariables",
    id="stageVariables",
    kind=Kind.LIMIT,
    secret=True,
    value_type=dict,
    expected='{an object|a dict} such as {"tableName": "pets"}',
    doc=f"A stage has at most {MAX_VARIABLES} variables.",
    fix="Remove some.",
    source=_QUOTAS,
    checked="2026-11",
)
def stage_variables(value: Mapping[str, object], _: Context) -> Iterator[Problem]:
    if len(value) > MAX_VARIABLES:
        excess = len(value) - MAX_VARIABLES
        yield Problem(f"must hold at most {MAX_VARIABLES} variables", f"remove {excess} of them", value=len(value))


@rule(
    STAGE,
    "StageVariables.*",
    id="stageVariableName",
    kind=Kind.GRAMMAR,
    given=True,
    secret=True,
    doc="The name of a stage variable has 1 to 64 letters, digits and underscores.",
    fix="Choose such a name.",
    service="Invalid stage variable name: {name}. Please use names with only word characters.",
    source=_PAGE,
    checked="2026-11",
)
def stage_variable_name(_: object, at: Context) -> Iterator[Problem]:
    if is_unknown(at.key) or not _NAME.fullmatch(at.key):
        suggestion = re.sub(r"[^A-Za-z0-9_]", "_", at.key)[:64] or "name"
        yield Problem(
            "must have a name of 1 to 64 letters, digits and underscores",
            "a token cannot be the name of a variable" if is_unknown(at.key) else "write {suggestion} for instance",
            show_value=False,
            values={"name": str(at.key), "suggestion": suggestion},
        )


@rule(
    STAGE,
    "StageVariables.*",
    id="stageVariableValue",
    kind=Kind.GRAMMAR,
    value_type=str,
    secret=True,
    doc="The value of a stage variable has letters, digits, spaces and characters of `-._~:/?#&=,` only.",
    fix="Keep other values in a parameter or a secret, and give its name in the variable.",
    service="Invalid stage variable value of key {name}.  Please use values with alphanumeric characters and the"
    " symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.",
    source=_PAGE,
    checked="2026-11",
)
def stage_variable_value(value: str, at: Context) -> Iterator[Problem]:
    if not _VALUE.fullmatch(value) or len(value) > _MAX_ACCEPTED:
        yield Problem(
            f'must be at most {MAX_LENGTH} letters, digits, spaces and characters of "-._~:/?#&=,"',
            "keep such a value in a parameter or a secret and give its name here",
            values={"name": str(at.key)},
        )


@rule(
    STAGE,
    "StageVariables.*",
    id="emptyStageVariable",
    kind=Kind.PRACTICE,
    value_type=str,
    secret=True,
    doc="A stage variable has a value: API Gateway treats an empty value as a deletion.",
    fix="API Gateway treats an empty value as a deletion; leave the variable out",
    source="https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages.html",
    checked="2026-11",
)
def empty_stage_variable(value: str, _: Context) -> Iterator[Problem]:
    if not value:
        yield Problem("should not be empty")


@rule(
    STAGE,
    "StageVariables.*",
    id="longStageVariable",
    kind=Kind.QUOTA,
    value_type=str,
    secret=True,
    doc=f"The value of a stage variable has at most {MAX_LENGTH} characters.",
    fix="Shorten it.",
    source=_QUOTAS,
    checked="2026-11",
)
def long_stage_variable(value: str, _: Context) -> Iterator[Problem]:
    if MAX_LENGTH < len(value) <= _MAX_ACCEPTED and _VALUE.fullmatch(value):
        yield Problem(
            f"should have at most {MAX_LENGTH} characters",
            f"the quota of the service is {MAX_LENGTH}; shorten it by {len(value) - MAX_LENGTH}",
        )


_SECRET: Final = re.compile(r"\{\{resolve:(?:secretsmanager|ssm-secure):|\bStreamKey\b")
"""Dynamic references of CloudFormation, and the attribute of an ingest configuration of Amazon IVS."""


@rule(
    STAGE,
    ("Description", "StageVariables.*"),
    id="readableSecret",
    kind=Kind.PRACTICE,
    given=True,
    secret=True,
    doc="A description and the value of a stage variable are no secret: everyone with `apigateway:GET` can read them.",
    fix="everyone with apigateway:GET on the stage can read it; keep the secret in AWS Secrets Manager, give the"
    " integration permission to read it, and pass its name",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.stage-variables.html",
    checked="2026-11",
)
def readable_secret(value: object, _: Context) -> Iterator[Problem]:
    text = json.dumps(value) if isinstance(value, Mapping) else value
    if isinstance(text, str) and _SECRET.search(text):
        yield Problem("should not be a secret", show_value=False)
