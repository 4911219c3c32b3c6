"""Whatever is given to the library ends in one of two ways: a template that is admissible, or an error before synth."""

from __future__ import annotations

import enum
import inspect
from typing import Any

import pytest
from hypothesis import given, settings

import stage_constructs

from .batch import Batch
from .public_api import OPERATIONS, Operation

PUBLIC = [
    (package, name)
    for package in ("apigatewayv2", "checks", "ivs", "monitoring")
    for name in getattr(stage_constructs, package).__all__
]
ELSEWHERE = {
    "apigatewayv2.StageSettings.apply_to",
    "apigatewayv2.StageSettings.supports",
    "checks.StageChecks.validate",
    "ivs.Stage.is_stage",
}
"""What CDK calls, with constructs, or with templates: see test_checks.py. A type test refuses nothing."""
CLASSES = [each for each in OPERATIONS if each.is_class]
OWNERS = sorted({each.owner for each in OPERATIONS if not each.is_class and str(each) not in ELSEWHERE})
COSTLY = {"apigatewayv2.ApiGatewayAccount": 25}
"""Of which fewer stand side by side: at synth each looks at all others."""


@pytest.mark.parametrize(("package", "name"), PUBLIC, ids=str)
def test_every_public_name_is_tried(package: str, name: str) -> None:
    """Each class and each method of it is an operation, and it is known what each of its parameters takes."""
    public = getattr(getattr(stage_constructs, package), name)
    operations = {each.method: each for each in OPERATIONS if each.cls is public}
    if not isinstance(public, type) or issubclass(public, (enum.Enum, stage_constructs.checks.Finding)):
        assert operations == {}
        return
    ours = {member for member, found in inspect.getmembers(public) if _is_ours(found) and not member.startswith("_")}
    assert {*ours, "__init__"} == operations.keys()
    for operation in operations.values():
        if str(operation) not in ELSEWHERE:
            assert None not in [operation.right(parameter) for parameter in operation.parameters]


def _is_ours(member: object) -> bool:
    return callable(member) and (getattr(member, "__module__", None) or "").startswith(stage_constructs.__name__)


def _try(batch: Batch, operation: Operation, share: int = 1) -> tuple[str, int, int]:
    """How many cases were accepted and refused: of both there are some."""

    @settings(max_examples=settings().max_examples // share)
    @given(operation.calls)
    def attempt(arguments: dict[str, Any]) -> None:
        batch.run(operation, arguments)

    attempt()
    accepted, refused = (batch.ended[str(operation), end] for end in ("accepted", "refused"))
    assert accepted >= (accepted + refused) / 20
    assert refused >= (accepted + refused) / 20 or operation.parameters.keys() <= {"scope", "id", "x"}
    return str(operation), accepted, refused


@pytest.mark.slow
@pytest.mark.parametrize("operation", CLASSES, ids=str)
def test_a_class(operation: Operation, record_property) -> None:
    """Of each class, with any mix of right and absurd arguments."""
    batch = Batch(COSTLY.get(str(operation), 100))
    record_property("ended", [_try(batch, operation)])
    batch.judge()
    assert batch.problems == []


@pytest.mark.slow
@pytest.mark.parametrize("owner", OWNERS)
def test_methods(owner: str, record_property) -> None:
    """Of all methods and imports of a class."""
    batch = Batch()
    methods = [each for each in OPERATIONS if each.owner == owner and not each.is_class and str(each) not in ELSEWHERE]
    record_property("ended", [_try(batch, method, share=5) for method in methods])
    batch.judge()
    assert batch.problems == []
