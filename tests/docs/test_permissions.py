"""The page of permissions and the docstrings of the grants name what the grants write."""

from __future__ import annotations

import inspect
import re

import pytest

from stage_constructs import apigatewayv2, ivs
from tools.permissions_table import TARGET, grant_statements, render

_CLASSES = {
    "HttpStage": apigatewayv2.HttpStage,
    "WebSocketStage": apigatewayv2.WebSocketStage,
    "Stage": ivs.Stage,
    "StorageConfiguration": ivs.StorageConfiguration,
    "StageSessions": ivs.StageSessions,
}


@pytest.fixture(scope="module")
def written():
    """The actions that each method writes, by class and method."""
    found: dict[str, dict[str, set[str]]] = {}
    for name, calls in grant_statements().items():
        for call, statements in calls.items():
            method = found.setdefault(name, {}).setdefault(call.partition("(")[0], set())
            for statement in statements:
                actions = statement["Action"]
                method |= {actions} if isinstance(actions, str) else set(actions)
    return found


def test_the_page_is_what_the_tool_writes():
    """`python -m tools.permissions_table` writes it anew."""
    assert TARGET.read_text(encoding="utf-8") == render()


def test_each_grant_is_on_the_page(written):
    """Each class of the library with grants, and each of its methods but the one that is another by its native name."""
    public = [getattr(package, name) for package in (apigatewayv2, ivs) for name in package.__all__]
    with_grants = {
        each.__name__: set(_grants_of(each)) for each in public if inspect.isclass(each) and _grants_of(each)
    }
    assert {name: set(methods) for name, methods in written.items()} == {
        name: methods - {"grant_management_api_access"} for name, methods in with_grants.items()
    }


def test_docstrings_name_the_actions(written):
    """A docstring names the actions that the method writes into a policy, and no others."""
    for name, methods in written.items():
        for method, actions in methods.items():
            if method != "grant":  # the caller names the actions
                documented = re.findall(r"`([a-z0-9-]+:[A-Z]\w+)`", getattr(_CLASSES[name], method).__doc__)
                assert sorted(documented) == sorted(actions), f"{name}.{method}"


def _grants_of(cls: type) -> list[str]:
    return [name for name in dir(cls) if name == "grant" or name.startswith("grant_")]
