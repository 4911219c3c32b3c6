"""What stands behind a reference to another resource, whoever made it."""

from __future__ import annotations


def arn_of(reference: object, resource: str) -> str | None:
    """The ARN behind an `I<Resource>Ref` of Amazon IVS; None where the object is none."""
    known = getattr(reference, f"{resource}_ref", None)
    arn: str | None = getattr(known, f"{resource}_arn", None)
    return arn
