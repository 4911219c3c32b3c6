"""Ingest configurations: how streaming software publishes into a stage."""

from __future__ import annotations

import enum
from functools import partial
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule, type_rule
from .._values import length, one_of, values_of
from ._types import CHECKED, DOCS, INGEST

if TYPE_CHECKING:
    from collections.abc import Iterator


class IngestProtocol(str, enum.Enum):
    """Protocol of an ingest configuration."""

    RTMPS = "RTMPS"
    """RTMP over TLS."""
    RTMP = "RTMP"
    """Not encrypted."""


_PAGE: Final = f"{DOCS}ingestconfiguration.html"
_ingest_rule = partial(rule, INGEST, source=_PAGE, checked=CHECKED)


@_ingest_rule(
    "IngestProtocol",
    id="ingestProtocol",
    kind=Kind.SET,
    doc="The ingest protocol is `RTMPS` or `RTMP`.",
    fix="write {|IngestProtocol.}RTMPS, the encrypted one",
)
def ingest_protocol(value: object, _: Context) -> Iterator[Problem]:
    yield from one_of(value, values_of(IngestProtocol))


type_rule(
    INGEST,
    "InsecureIngest",
    bool,
    id="insecureIngest",
    doc="`InsecureIngest` is true or false.",
    source=_PAGE,
    checked=CHECKED,
)


@_ingest_rule(
    "IngestProtocol",
    id="insecureIngest",
    kind=Kind.CONFLICT,
    doc="RTMP, which is not encrypted, requires `InsecureIngest: true`.",
    fix="write {IngestProtocol=RTMPS}, or {InsecureIngest=true} if the software does not support RTMPS",
)
def insecure_rtmp(value: object, at: Context) -> Iterator[Problem]:
    if value == IngestProtocol.RTMP.value and at.beside("InsecureIngest", default=False) is False:
        yield Problem("must be {=true} for RTMP, which is not encrypted", path=("InsecureIngest",), show_value=False)


@_ingest_rule(
    "UserId",
    id="userId",
    kind=Kind.GRAMMAR,
    value_type=str,
    doc="A user id has at most 128 characters.",
)
def user_id(value: str, _: Context) -> Iterator[Problem]:
    yield from length(value, 0, 128)
