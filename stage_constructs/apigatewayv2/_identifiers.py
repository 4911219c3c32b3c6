"""Identifiers that become parts of ARNs: ids of APIs, methods, paths and keys of routes.

IAM interprets wildcards and policy variables in an ARN: with one of them a grant would cover more than intended.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from .. import _suggestions
from .._arguments import NOT_SET, violation, warning
from ..rules._unknown import is_unknown
from ..rules._values import join_or

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..errors import Violation

_TOKEN: Final = re.compile(r"\$\{Token\[(?:[^\[\]{}]*\]\}|\{.*)", re.DOTALL)
"""A token of CDK, or an intrinsic function of a template, which is the whole text."""
_POLICY_VARIABLE: Final = re.compile(r"\$\{")
_WILDCARD: Final = re.compile(r"[*?]|\$\{")
_NOT_IN_AN_ARN: Final = re.compile(r"[*?\s]|\$\{")
_NOT_IN_AN_ID: Final = re.compile(r"[*?\s/:]|\$\{")
_PARAMETER: Final = re.compile(r"(?<!\$)\{[^{}]*\}")
_LETTERS: Final = re.compile(r"[A-Za-z]+")
_METHODS: Final = frozenset({"ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


def _not_empty(rule: str, prop: str, value: object) -> Iterator[Violation]:
    if not isinstance(value, str):
        yield violation(rule, prop, value, "must be a string", NOT_SET if value is None else "write a text")
    elif not value:
        yield violation(rule, prop, value, "must not be empty", NOT_SET)


def api_id(value: object, *, prop: str = "api_id") -> Iterator[Violation]:
    """The id of one API: it becomes a part of ARNs, in which IAM interprets wildcards and policy variables."""
    yield from _not_empty("identifier", prop, value)
    if isinstance(value, str) and _NOT_IN_AN_ID.search(literals(value)):
        problem = "must be the id of one API, without wildcards, blanks, slashes and policy variables"
        fix = "copy it as the service shows it; in a policy it would stand for other APIs too"
        yield violation("identifier", prop, value, problem, fix)


def literals(value: str) -> str:
    """What is known of a text that may hold tokens."""
    return _TOKEN.sub("", value)


def execute_api_method(value: object) -> Iterator[Violation]:
    """An HTTP method, `ANY`, or `*` alone."""
    yield from _not_empty("executeApi", "method", value)
    if not isinstance(value, str) or is_unknown(value) or value in ("", "*") or value.upper() in _METHODS:
        return
    if _LETTERS.fullmatch(value):
        problem = f"should be {join_or(sorted(_METHODS))}"
        fix = "HTTP APIs have no routes for other methods, ANY routes apart"
        yield warning("unknownHttpMethod", "method", value, problem, fix)
        return
    method, _, path = value.partition("/" if " " not in value else " ")
    fix = 'write "GET" for instance'
    if method.upper() in _METHODS and path:
        fix = f'write method="{method.upper()}", path="/{path.lstrip("/")}"'
    yield violation("executeApi", "method", value, 'must be one HTTP method, or "*" alone for each of them', fix)


def execute_api_path(value: object) -> Iterator[Violation]:
    """A path with parameters in braces, or `*` alone."""
    yield from _not_empty("executeApi", "path", value)
    if not isinstance(value, str) or value in ("*", "/*"):
        return
    known = literals(value)
    method, _, path = value.partition(" ")
    if _POLICY_VARIABLE.search(known):
        fix = "policy variables are not supported; write a parameter such as {id} for what may vary"
    elif _NOT_IN_AN_ARN.search(known) and method.upper() in _METHODS:
        fix = f'write method="{method.upper()}", path={_suggestions.format_value(path)}'
    elif _NOT_IN_AN_ARN.search(known):
        fix = f"write {_suggestions.format_value(re.sub(r'[*?]+', '{proxy+}', value))}, a parameter matches anything"
    elif set("{}") & set(_PARAMETER.sub("", known)):
        fix = "write a parameter in braces, as in /pets/{id}"
    else:
        return
    yield violation("executeApi", "path", value, 'must be a path such as /pets/{id}, or "*" alone for every path', fix)


def executed_path(value: str) -> str:
    """A path as ARNs have it: a parameter, which is greedy there, is `*`."""
    return _PARAMETER.sub("*", value).lstrip("/")


def executed_route_key(value: object) -> Iterator[Violation]:
    """The key of one route of a WebSocket API, or `*` alone."""
    yield from _not_empty("routeKey", "route_key", value)
    if isinstance(value, str) and value != "*" and _WILDCARD.search(literals(value)):
        problem = 'must be the key of one route, or "*" alone for every route'
        fix = "a wildcard or policy variable in it would stand for other routes too; grant each route by its key"
        yield violation("routeKey", "route_key", value, problem, fix)
