"""The log group that access logs go to, and what a format cannot refer to."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from ._apis import CLOUDFORMATION, GUIDE, STAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE: Final = f"{CLOUDFORMATION}aws-properties-apigatewayv2-stage-accesslogsettings.html"
_ARN: Final = re.compile(r"arn:([^:]*):logs:([^:]*):([^:]*):log-group:([^:]+)(?::(.*))?", re.DOTALL)
_NAME: Final = re.compile(r"[.\-_/#A-Za-z0-9]{1,512}")
_SEVERAL_GROUPS: Final = re.compile(r"[*?\s]|\$\{")
"""What another rule about the destination reports."""
_PARTITIONS: Final = {
    "cn": "aws-cn",
    "us-gov": "aws-us-gov",
    "us-iso": "aws-iso",
    "us-isob": "aws-iso-b",
    "eu-isoe": "aws-iso-e",
    "us-isof": "aws-iso-f",
    "eusc": "aws-eusc",
}
_NOT_CONTEXT: Final = re.compile(r"\$\{?(input|stageVariables|util)\b")

_rule = functools.partial(rule, STAGE, value_type=str, checked="2026-11")


@_rule(
    "AccessLogSettings.DestinationArn",
    id="accessLogDestination",
    kind=Kind.GRAMMAR,
    source="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
)
def destination_is_a_log_group(value: str, _: Context) -> Iterator[Problem]:
    """The destination is a log group, not a log stream, and has a name that a log group can have."""
    match = _ARN.fullmatch(value)
    if match is None or _SEVERAL_GROUPS.search(value.removesuffix(":*")):
        return
    partition, region, account, name, rest = match.groups()
    if not _NAME.fullmatch(name):
        yield Problem(
            "must name a log group, of 1 to 512 letters, digits and . - _ / #", "no log group can have this name"
        )
    elif rest not in (None, "*"):
        kind = "this is the ARN of a log stream" if rest.startswith("log-stream:") else "end it after the name"
        group = f"arn:{partition}:logs:{region}:{account}:log-group:{name}"
        yield Problem("must be the ARN of a log group", kind + "; write {suggestion}", values={"suggestion": group})


@_rule(
    "AccessLogSettings.DestinationArn",
    id="accessLogEnvironment",
    kind=Kind.RUN_TIME,
    across=True,
    fix="use a log group of the stage's own environment, and a subscription filter to send the events elsewhere",
    source=_PAGE,
)
def destination_is_in_the_environment(value: str, at: Context) -> Iterator[Problem]:
    """Access logs go to a log group in the Region, account and partition of the stage."""
    match, template = _ARN.match(value), at.template
    if match is None or _SEVERAL_GROUPS.search(value.removesuffix(":*")):
        return
    partition, region, account = match[1], match[2], match[3]
    if template.region and region != template.region:
        yield Problem(f"should be a log group in the Region of the stage, {template.region}")
    elif template.account and account != template.account:
        yield Problem(f"should be a log group in the account of the stage, {template.account}")
    elif template.region and partition != _partition(template.region):
        yield Problem(f"should be a log group in the partition of the stage, {_partition(template.region)}")


def _partition(region: str) -> str:
    """The partition of a Region: its name begins as that of all Regions of the partition."""
    return next((name for start, name in _PARTITIONS.items() if region.startswith(f"{start}-")), "aws")


@_rule(
    "AccessLogSettings.Format",
    id="unknownAccessLogVariable",
    kind=Kind.RUN_TIME,
    fix="access logs know $context variables only; remove it",
    source=f"{GUIDE}set-up-logging.html",
)
def only_context_variables(value: str, _: Context) -> Iterator[Problem]:
    """The format refers to `$context` variables only, neither to `$input` nor to `$stageVariables`."""
    for name in dict.fromkeys(_NOT_CONTEXT.findall(value)):
        yield Problem("should refer to $context variables only", value=f"${name}")
