"""Values that are not known at synth: tokens, dynamic references, lookups without an answer, intrinsic functions.

Rules never judge them. Tokens are recognized by their form, so that this module needs neither CDK nor Node.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping, Sequence
from typing import Final, cast

_TOKEN_NUMBER: Final = b"\xfb\xff"
"""How the bytes of a number begin that stands for a token."""
_UNKNOWN_TEXT: Final = re.compile(r"\$\{Token\[|\{\{resolve:|^dummy-value-for-")


def is_unknown(value: object) -> bool:
    """Whether a value, in a program or in a template, is known only at deploy time."""
    if value is None or isinstance(value, (bool, int)):
        return False
    if isinstance(value, str):
        return ("{" in value or value.startswith("dummy-")) and _UNKNOWN_TEXT.search(value) is not None
    if isinstance(value, float):
        return struct.pack(">d", value)[:2] == _TOKEN_NUMBER
    if isinstance(value, Mapping):
        return is_intrinsic(cast("Mapping[str, object]", value))
    if isinstance(value, Sequence):
        items = cast("Sequence[object]", value)
        return any(isinstance(item, str) and item.startswith("#{Token[") for item in items)
    return is_resolvable(value)


def is_resolvable(value: object) -> bool:
    """Whether an object is a token of CDK, native or written in Python."""
    parts: Sequence[object] = getattr(value, "_delegates", None) or (value,)
    return any(hasattr(type(part), "resolve") and hasattr(type(part), "creation_stack") for part in parts)


def is_intrinsic(members: Mapping[str, object]) -> bool:
    """Whether CloudFormation replaces an object of a template by another value."""
    if len(members) == 1 and "Ref" in members:
        return True
    for name in members:  # noqa: SIM110  called for each object of each resource: half the time of any()
        if name[:4] == "Fn::":
            return True
    return False


def may_be_absent(value: object) -> bool:
    """Whether a property with this value may turn out to be left out, by a condition or a macro."""
    if isinstance(value, Mapping):
        members = cast("Mapping[str, object]", value)
        if "Fn::Transform" in members or members == NO_VALUE:
            return True
        return is_intrinsic(members) and any(may_be_absent(item) for item in members.values())
    if isinstance(value, (list, tuple)):
        return any(may_be_absent(item) for item in cast("Sequence[object]", value))
    return False


NO_VALUE: Final = {"Ref": "AWS::NoValue"}
"""What CloudFormation reads as a property that is left out."""
