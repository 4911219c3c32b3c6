"""Values that nobody should give, and those that somebody will."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import aws_cdk as cdk
from hypothesis import strategies as st

from stage_constructs.apigatewayv2 import (
    ACCOUNT_LIMIT,
    AccessLogFormat,
    AccessLogSettings,
    LoggingLevel,
    RouteSettings,
)
from stage_constructs.ivs import MediaType, Thumbnails, ThumbnailStorage

# Without control characters: the judge reads YAML, which cannot hold them.
TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=40) | st.sampled_from(
    ["", " ", "$default", "prod", "a" * 129, "a" * 5000, "\n", "${AWS::Region}", "arn:aws:s3:::x", "é" * 10]
)
NUMBER = (
    st.integers(-(2**40), 2**40)
    | st.floats(allow_nan=True, allow_infinity=True)
    | st.sampled_from([0, -0.0, -1, 1.5, 5000.0, math.inf, 1e308])
)
# Not those whose value the judge believes to know, such as the name of the stack.
TOKEN = st.sampled_from(
    [
        cdk.Fn.import_value("elsewhere"),
        cdk.Token.as_number({"Ref": "Number"}),
        cdk.Token.as_string({"Ref": "Text"}),
        cdk.Token.as_any({"Ref": "Anything"}),
        cdk.Token.as_list({"Ref": "Words"}),
    ]
)


class Nothing:
    """An object that is none of what anyone takes."""


ABSURD = (
    st.none()
    | st.booleans()
    | NUMBER
    | TEXT
    | st.binary(max_size=5)
    | TOKEN
    | st.lists(TEXT, max_size=3)
    | st.dictionaries(TEXT, NUMBER | TEXT, max_size=3)
    | st.tuples(TEXT)
    | st.builds(Nothing)
    | st.sampled_from([Nothing, len, LoggingLevel.INFO, ACCOUNT_LIMIT, RouteSettings(), AccessLogFormat.json()])
)

NAME = st.from_regex(r"\A[A-Za-z0-9_-]{1,128}\Z")
TAGS = st.dictionaries(st.from_regex(r"\A[A-Za-z0-9]{1,20}\Z"), st.from_regex(r"\A[A-Za-z0-9 ]{0,20}\Z"), max_size=5)
DURATION = st.integers(0, 100_000).map(cdk.Duration.seconds) | st.integers(1, 5000).map(cdk.Duration.millis)


def mostly(valid: st.SearchStrategy[Any], wrong: st.SearchStrategy[Any] = ABSURD) -> st.SearchStrategy[Any]:
    """The values of a property: as often right as wrong."""
    return valid | wrong


def props(**valid: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Keywords: each property is left out, right, or, in few places, wrong."""
    right = st.fixed_dictionaries({}, optional=valid)
    wrong = st.dictionaries(st.sampled_from(sorted(valid)), ABSURD, max_size=2)
    return st.builds(lambda one, other: {**one, **other}, right, wrong)


def filled(kind: type[Any], **valid: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Value objects whose fields are mostly right."""
    assert {field.name for field in dataclasses.fields(kind)} >= valid.keys()
    return props(**valid).map(lambda fields: kind(**fields))


ROUTE_SETTINGS = filled(
    RouteSettings,
    data_trace_enabled=st.booleans(),
    detailed_metrics_enabled=st.booleans(),
    logging_level=st.sampled_from(LoggingLevel),
    throttling_burst_limit=st.integers(0, 10_000) | st.just(ACCOUNT_LIMIT),
    throttling_rate_limit=st.floats(0, 10_000) | st.just(ACCOUNT_LIMIT),
)
FORMAT = st.sampled_from(
    [
        AccessLogFormat.json(),
        AccessLogFormat.clf(),
        AccessLogFormat.csv(),
        AccessLogFormat.xml(),
        AccessLogFormat.json(id="$context.requestId", path="$context.resourcePath"),
        "$context.requestId",
        "$context.extendedRequestId $context.status\n",
    ]
)
ACCESS_LOG_SETTINGS = filled(
    AccessLogSettings,
    destination_arn=st.just("arn:aws:logs:eu-west-1:123456789012:log-group:there")
    | st.just("arn:aws:logs:eu-west-1:123456789012:log-group:there:*"),
    format=FORMAT,
)
THUMBNAILS = st.just(Thumbnails.disabled()) | st.builds(
    Thumbnails.interval, DURATION, st.lists(st.sampled_from(ThumbnailStorage), max_size=3)
)
MEDIA = st.sampled_from(MediaType)
