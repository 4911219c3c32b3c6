"""Secrets behind tokens, as far as they can be known without resolving the tree."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk

from .. import _checks
from . import _rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from constructs import IConstruct


def validate_readable(scope: object, description: object, stage_variables: object) -> Iterator[_checks.Fault]:
    """Warn of tokens of secrets in what everyone can read who can read the stage. Asks nothing of plain texts."""
    if description is not None and _is_secret(scope, description):
        yield _rules.readable_secret("description")
    if stage_variables and _checks.plays(stage_variables, "items"):
        for name, value in cast("Mapping[object, object]", stage_variables).items():
            if _is_secret(scope, value):
                yield _rules.readable_secret(f'stage_variables["{name}"]')


def _is_secret(scope: object, value: object) -> bool:
    if isinstance(value, cdk.SecretValue):
        return True
    if not isinstance(value, str) or "${Token[" not in value:
        return False
    stack = _checks.stack_of(scope)
    known = _KNOWN.setdefault(stack, {})
    text = str.__str__(value)
    if text not in known:
        known[text] = any(_is_secret_token(stack, token) for token in cdk.Tokenization.reverse_string(text).tokens)
    return known[text]


_KNOWN: weakref.WeakKeyDictionary[IConstruct, dict[str, bool]] = weakref.WeakKeyDictionary()
"""Many stages have one token."""


def _is_secret_token(stack: cdk.Stack, token: cdk.IResolvable) -> bool:
    if isinstance(token, cdk.CfnDynamicReference):
        return _rules.names_a_secret(str(stack.resolve(token)))
    if isinstance(token, cdk.Reference):
        no_echo = isinstance(token.target, cdk.CfnParameter) and token.target.no_echo
        return no_echo or token.display_name == "StreamKey"
    return isinstance(token, cdk.SecretValue)
