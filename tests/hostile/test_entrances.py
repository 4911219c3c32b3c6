"""Whatever is given to the library ends in one of two ways: a template that is admissible, or an error before synth."""

from __future__ import annotations

import enum
import inspect
from typing import Any

import pytest
from hypothesis import given, settings

import stage_constructs

from .entrances import ENTRANCES, Entrance
from .trials import Trials

PUBLIC = [
    (package, name)
    for package in ("apigatewayv2", "checks", "ivs", "monitoring")
    for name in getattr(stage_constructs, package).__all__
]
ELSEWHERE = {"checks.StageChecks.validate"}
"""What CDK calls, with templates: see test_checks.py."""
CLASSES = [each for each in ENTRANCES if each.is_class]
OWNERS = sorted({each.owner for each in ENTRANCES if not each.is_class and str(each) not in ELSEWHERE})
COSTLY = {"apigatewayv2.ApiGatewayAccount": 25}
"""Of which fewer stand side by side: at synth each looks at all others."""


@pytest.mark.parametrize(("package", "name"), PUBLIC, ids=str)
def test_every_public_name_is_tried(package: str, name: str) -> None:
    """Each class and each method of it is an entrance, and it is known what each of its parameters takes."""
    public = getattr(getattr(stage_constructs, package), name)
    entrances = {each.method: each for each in ENTRANCES if each.cls is public}
    if not isinstance(public, type) or issubclass(public, enum.Enum):
        assert entrances == {}
        return
    ours = {member for member, found in inspect.getmembers(public) if _is_ours(found) and not member.startswith("_")}
    assert {*ours, "__init__"} == entrances.keys()
    for entrance in entrances.values():
        if str(entrance) not in ELSEWHERE:
            assert None not in [entrance.right(parameter) for parameter in entrance.parameters]


def _is_ours(member: object) -> bool:
    return callable(member) and (getattr(member, "__module__", None) or "").startswith(stage_constructs.__name__)


def _try(trials: Trials, entrance: Entrance, share: int = 1) -> tuple[str, int, int]:
    """How many cases were accepted and refused: of both there are some."""

    @settings(max_examples=settings().max_examples // share)
    @given(entrance.calls)
    def attempt(arguments: dict[str, Any]) -> None:
        trials.run(entrance, arguments)

    attempt()
    accepted, refused = (trials.ended[str(entrance), end] for end in ("accepted", "refused"))
    assert accepted >= (accepted + refused) / 20
    assert refused >= (accepted + refused) / 20 or not entrance.parameters
    return str(entrance), accepted, refused


@pytest.mark.parametrize("entrance", CLASSES, ids=str)
def test_a_class(entrance: Entrance, record_property) -> None:
    """Of each class, with any mix of right and absurd arguments."""
    trials = Trials(COSTLY.get(str(entrance), 200))
    record_property("ended", [_try(trials, entrance)])
    trials.judge()
    assert trials.faults == []


@pytest.mark.parametrize("owner", OWNERS)
def test_methods(owner: str, record_property) -> None:
    """Of all methods and imports of a class."""
    trials = Trials()
    methods = [each for each in ENTRANCES if each.owner == owner and not each.is_class]
    record_property("ended", [_try(trials, method, share=5) for method in methods])
    trials.judge()
    assert trials.faults == []
