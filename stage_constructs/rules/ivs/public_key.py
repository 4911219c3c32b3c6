"""Public keys that verify participant tokens. No message shows the text of a key."""

from __future__ import annotations

import base64
import binascii
import json
import re
from functools import partial
from typing import TYPE_CHECKING, Final

from .._engine import Context, Kind, Problem, rule
from ._types import CHECKED, DOCS, PUBLIC_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PEM: Final = re.compile(r"-----BEGIN PUBLIC KEY-----\r?\n([a-zA-Z0-9+/=\r\n]+)\r?\n-----END PUBLIC KEY-----\s*")
_PRIVATE: Final = re.compile(r"PRIVATE\s+KEY", re.IGNORECASE)
_MAKE_KEY: Final = (
    "make a pair by `openssl ecparam -name secp384r1 -genkey -noout -out private.pem` and write its public half by"
    " `openssl ec -in private.pem -pubout -out public.pem`"
)
_EC: Final = bytes.fromhex("06072a8648ce3d0201")
_P384: Final = bytes.fromhex("3010") + _EC + bytes.fromhex("06052b81040022")
_OTHER_KEYS: Final = {
    bytes.fromhex("06082a8648ce3d030107"): "P-256",
    bytes.fromhex("06052b81040023"): "P-521",
    bytes.fromhex("06052b8104000a"): "secp256k1",
    bytes.fromhex("06092a864886f70d010101"): "RSA",
    bytes.fromhex("06032b6570"): "Ed25519",
}
_PRIME: Final = 2**384 - 2**128 - 2**96 + 2**32 - 1
_B: Final = 0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF
_COORDINATE: Final = 48
_key_rule = partial(rule, PUBLIC_KEY, kind=Kind.GRAMMAR, secret=True, source=f"{DOCS}publickey.html", checked=CHECKED)


@_key_rule(
    "",
    id="publicKey",
    doc="A public key has a PEM text.",
    fix="{the service requires one|is it an environment variable or a context key that is not set?}",
)
def required(properties: Mapping[str, object], _: Context) -> Iterator[Problem]:
    if properties.get("PublicKeyMaterial") is None:
        text = "must be the PEM text of a public key on the curve P-384"
        yield Problem(text, path=("PublicKeyMaterial",), show_value=False)


@_key_rule(
    "PublicKeyMaterial",
    id="privateKey",
    given=True,
    doc="A public key is given, never a private one; the text is not shown.",
    fix="{it is in the template for all to read: remove it, delete what was synthesized, create another pair, and"
    "|it went nowhere and is not shown; keep it out of templates and} write its public half by"
    " `openssl ec -in private.pem -pubout -out public.pem`",
)
def private_key(value: object, _: Context) -> Iterator[Problem]:
    if _PRIVATE.search(value if isinstance(value, str) else json.dumps(value, default=str)):
        yield Problem("must be a public key, and this holds a private one")


@_key_rule(
    "PublicKeyMaterial",
    id="publicKey",
    value_type=str,
    expected="a PEM text",
    doc="A public key is a PEM text from `BEGIN PUBLIC KEY` to `END PUBLIC KEY`.",
    fix="write the text of a file made by `openssl ec -in private.pem -pubout -out public.pem`",
)
def pem(value: str, _: Context) -> Iterator[Problem]:
    if not _PRIVATE.search(value) and not _PEM.fullmatch(value):
        text = "must be a PEM text from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----, not indented"
        yield Problem(text)


@_key_rule(
    "PublicKeyMaterial",
    id="publicKeyCurve",
    value_type=str,
    doc="A public key is on the curve P-384.",
    fix=_MAKE_KEY,
)
def curve(value: str, _: Context) -> Iterator[Problem]:
    match = None if _PRIVATE.search(value) else _PEM.fullmatch(value)
    found = _kind_of_key(match[1]) if match else "P-384"
    if found != "P-384":
        yield Problem(f"must be a key on the curve P-384 (secp384r1), and this is {found}")


def _kind_of_key(body: str) -> str:
    try:
        der = base64.b64decode("".join(body.split()), validate=True)
    except binascii.Error:
        return "no base64"
    header, length = der[2 : 2 + len(_P384)], der[1] if len(der) > 1 else 0
    if header == _P384:
        if len(der) != length + 2:
            return "a P-384 key that was cut"
        return "P-384" if _is_on_curve(der[len(_P384) + 5 :]) else "a P-384 key whose point is not on the curve"
    return next((f"a key of {kind}" for oid, kind in _OTHER_KEYS.items() if oid in der[:40]), "none that is known here")


def _is_on_curve(point: bytes) -> bool:
    """Whether y² = x³ - 3x + b has this solution; of a compressed point (2 or 3, then x) whether it has one."""
    form, x, y = point[:1], point[1 : 1 + _COORDINATE], point[1 + _COORDINATE :]
    number = int.from_bytes(x, "big")
    square = (number**3 - 3 * number + _B) % _PRIME
    if form == b"\x04" and len(y) == _COORDINATE:
        return (int.from_bytes(y, "big") ** 2 - square) % _PRIME == 0
    return form not in (b"\x02", b"\x03") or pow(square, (_PRIME - 1) // 2, _PRIME) in (0, 1)
