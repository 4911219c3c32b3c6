"""The resource types of Amazon IVS real-time, and rules that several of them have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .._engine import Context, Kind, Problem, rule
from .._values import number_between

if TYPE_CHECKING:
    from collections.abc import Iterator

ENCODER: Final = "AWS::IVS::EncoderConfiguration"
INGEST: Final = "AWS::IVS::IngestConfiguration"
PUBLIC_KEY: Final = "AWS::IVS::PublicKey"
STAGE: Final = "AWS::IVS::Stage"
STORAGE: Final = "AWS::IVS::StorageConfiguration"
ALL: Final = (ENCODER, INGEST, PUBLIC_KEY, STAGE, STORAGE)

DOCS: Final = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ivs-"
CHECKED: Final = "2026-11"


def number_rule(
    resource_type: str, path: str, least: int, most: int, unit: str, *, subject: str, whole: bool = True, **columns: Any
) -> None:
    """Add the rule that a property, the subject of a sentence, is a number within a range."""
    expected = f"a {'whole ' if whole else ''}number from {least:,} to {most:,} {unit}"
    doc = f"{subject} is {expected}."
    columns |= {"kind": Kind.GRAMMAR, "checked": CHECKED, "doc": doc}

    @rule(resource_type, path, value_type=float, expected=expected, **columns)
    def number(value: float, _: Context) -> Iterator[Problem]:
        yield from number_between(value, least, most, unit, whole=whole)


def quota_rule(resource_type: str, limit: int, things: str, *, kind: Kind = Kind.QUOTA, **columns: Any) -> None:
    """Add the rule that an account has at most so many resources of a type in a Region."""

    @rule(resource_type, "", kind=kind, across=True, checked=CHECKED, **columns)
    def quota(_: object, at: Context) -> Iterator[Problem]:
        template = at.resource.template
        assert template is not None  # noqa: S101  judged in templates
        number = template.assembly.position(at.resource)
        if number > limit:
            verb = "must" if kind.is_error else "should"
            yield Problem(f"{verb} be one of at most {limit:,} {things} in one account and Region", value=number)
