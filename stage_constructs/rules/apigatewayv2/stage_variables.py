"""Stage variables. Their values may be secrets: no message shows them."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from .._unknown import is_unknown
from ._apis import API_REFERENCE, GUIDE, STAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTAS: Final = f"{GUIDE}http-api-quotas.html"
_MAX_VARIABLES: Final = 100
_MAX_LENGTH: Final = 512
_MAX_ACCEPTED: Final = 2048
_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,64}")
_VALUE: Final = re.compile(r"[A-Za-z0-9\-._~:/?#&=, ]*")
_SECRET: Final = re.compile(r"\{\{resolve:(?:secretsmanager|ssm-secure):|\bStreamKey\b")
"""Dynamic references of CloudFormation, and the attribute of an ingest configuration of Amazon IVS."""

_variable_rule = functools.partial(
    rule, STAGE, secret=True, source=f"{GUIDE}http-api-stages.stage-variables.html", checked="2026-11"
)
_value_rule = functools.partial(_variable_rule, "StageVariables.*", value_type=str)


@_variable_rule(
    "StageVariables",
    id="stageVariables",
    kind=Kind.LIMIT,
    value_type=dict,
    expected='{an object|a dict} such as {"tableName": "pets"}',
    source=_QUOTAS,
)
def stage_variables(value: Mapping[str, object], _: Context) -> Iterator[Problem]:
    """A stage has at most 100 variables."""
    if len(value) > _MAX_VARIABLES:
        fix = f"remove {len(value) - _MAX_VARIABLES} of them"
        yield Problem(f"must hold at most {_MAX_VARIABLES} variables", fix, value=len(value))


@_variable_rule(
    "StageVariables.*",
    id="stageVariableName",
    kind=Kind.GRAMMAR,
    given=True,
    service="Invalid stage variable name: {name}. Please use names with only word characters.",
)
def stage_variable_name(_: object, at: Context) -> Iterator[Problem]:
    """The name of a stage variable has 1 to 64 letters, digits and underscores."""
    if is_unknown(at.key) or not _NAME.fullmatch(at.key):
        suggestion = re.sub(r"[^A-Za-z0-9_]", "_", at.key)[:64] or "name"
        yield Problem(
            "must have a name of 1 to 64 letters, digits and underscores",
            "a token cannot be the name of a variable" if is_unknown(at.key) else "write {suggestion} for instance",
            show_value=False,
            values={"name": str(at.key), "suggestion": suggestion},
        )


@_value_rule(
    id="stageVariableValue",
    kind=Kind.GRAMMAR,
    service="Invalid stage variable value of key {name}.  Please use values with alphanumeric characters and the"
    " symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.",
)
def stage_variable_value(value: str, at: Context) -> Iterator[Problem]:
    """The value of a stage variable has letters, digits, spaces and characters of `-._~:/?#&=,` only."""
    if not _VALUE.fullmatch(value) or len(value) > _MAX_ACCEPTED:
        yield Problem(
            f'must be at most {_MAX_LENGTH} letters, digits, spaces and characters of "-._~:/?#&=,"',
            "store such a value in a parameter or a secret, and write its name here",
            values={"name": str(at.key)},
        )


@_value_rule(id="emptyStageVariable", kind=Kind.PRACTICE, source=f"{API_REFERENCE}apis-apiid-stages.html")
def empty_stage_variable(value: str, _: Context) -> Iterator[Problem]:
    """The value of a stage variable is not empty: API Gateway treats an empty value as a deletion."""
    if not value:
        fix = "API Gateway treats an empty value as a deletion; leave the variable out"
        yield Problem("should not be empty", fix)


@_value_rule(id="longStageVariable", kind=Kind.QUOTA, source=_QUOTAS)
def long_stage_variable(value: str, _: Context) -> Iterator[Problem]:
    """The value of a stage variable has at most 512 characters."""
    if _MAX_LENGTH < len(value) <= _MAX_ACCEPTED and _VALUE.fullmatch(value):
        fix = f"the quota of the service is {_MAX_LENGTH}; shorten it by {len(value) - _MAX_LENGTH}"
        yield Problem(f"should have at most {_MAX_LENGTH} characters", fix)


@_variable_rule(("Description", "StageVariables.*"), id="readableSecret", kind=Kind.PRACTICE, given=True)
def readable_secret(value: object, _: Context) -> Iterator[Problem]:
    """No secret is in a description or a stage variable: everyone with `apigateway:GET` can read them."""
    text = json.dumps(value, default=str) if isinstance(value, Mapping) else value
    if isinstance(text, str) and _SECRET.search(text):
        yield Problem(
            "should not be a secret",
            "everyone with apigateway:GET on the stage can read it; keep the secret in AWS Secrets Manager, give the"
            " integration permission to read it, and pass its name",
            show_value=False,
        )
