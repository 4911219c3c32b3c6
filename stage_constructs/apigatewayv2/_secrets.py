"""Secrets behind tokens, as far as they can be known without resolving the tree."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final, cast

import aws_cdk as cdk

from .._arguments import has_member, warning
from .._synthesis import environment_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..errors import Violation


def validate_readable(scope: object, description: object, stage_variables: object) -> Iterator[Violation]:
    """Warn of tokens of secrets in what everyone can read who can read the stage. Asks nothing of plain texts."""
    if description is not None and _is_secret(scope, description):
        yield _readable("description")
    if stage_variables and has_member(stage_variables, "items"):
        for name, value in cast("Mapping[object, object]", stage_variables).items():
            if _is_secret(scope, value):
                yield _readable(f'stage_variables["{name}"]')


def _is_secret(scope: object, value: object) -> bool:
    if isinstance(value, cdk.SecretValue):
        return True
    if not isinstance(value, str) or "${Token[" not in value:
        return False
    return _holds_secret(environment_of(scope).stack, str.__str__(value))


@functools.lru_cache(maxsize=1024)
def _holds_secret(stack: cdk.Stack, text: str) -> bool:
    """Whether a token in a text is a secret; many stages have one text."""
    return any(_is_secret_token(stack, token) for token in cdk.Tokenization.reverse_string(text).tokens)


def _is_secret_token(stack: cdk.Stack, token: cdk.IResolvable) -> bool:
    if isinstance(token, cdk.CfnDynamicReference):
        return _SECRET.search(str(stack.resolve(token))) is not None
    if isinstance(token, cdk.Reference):
        no_echo = isinstance(token.target, cdk.CfnParameter) and token.target.no_echo
        return no_echo or token.display_name == "StreamKey"
    return isinstance(token, cdk.SecretValue)


_SECRET: Final = re.compile(r"\{\{resolve:(?:secretsmanager|ssm-secure):")


def _readable(prop: str) -> Violation:
    fix = (
        "everyone with apigateway:GET on the stage can read it; keep the secret in AWS Secrets Manager, give the"
        " integration permission to read it, and pass its name"
    )
    return warning("readableSecret", prop, None, "should hold no secret", fix, show_value=False)
