"""Words that the native constructs, CloudFormation, Terraform and SAM have for keywords of this library."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from stage_constructs import apigatewayv2, ivs, monitoring
from stage_constructs._other_names import OTHER_NAMES

NAMES = [(name, word, ours) for name, words in OTHER_NAMES.items() for word, ours in words.items()]


def class_of(name: str) -> Any:
    """The public class of a name."""
    return next(getattr(module, name) for module in (apigatewayv2, ivs, monitoring) if hasattr(module, name))


def keywords_of(name: str) -> set[str]:
    """The keywords that a class takes."""
    return set(inspect.signature(class_of(name).__init__).parameters)


@pytest.mark.parametrize(("name", "word", "ours"), NAMES)
def test_the_error_names_the_keyword_here(name: str, word: str, ours: str) -> None:
    """Another tool's word gets Python's own text, and the keyword to write."""
    expected = f"{name}.__init__() got an unexpected keyword argument '{word}': write {ours}"
    with pytest.raises(TypeError, match=re.escape(expected)):
        class_of(name)(**{word: None})


@pytest.mark.parametrize(("name", "word", "ours"), NAMES)
def test_what_is_named_exists(name: str, word: str, ours: str) -> None:
    """The keyword of the explanation is one of the class, and the other tool's word is none."""
    [keyword] = re.findall(r"^\w+", ours)
    assert keyword in keywords_of(name)
    assert word not in keywords_of(name)


@pytest.mark.parametrize("word", ["StageName", "stageName", "ThrottlingBurstLimit"])
def test_words_of_cloudformation(word: str) -> None:
    """A property of CloudFormation is spelled in snake_case here."""
    with pytest.raises(TypeError, match=rf"unexpected keyword argument '{word}': write (stage_name=\.\.\.|default_r)"):
        apigatewayv2.HttpStage(**{word: "x"})  # type: ignore[call-arg]  what the test is about


@pytest.mark.parametrize("word", ["colour", "FailOnWarnings", "_name"])
def test_other_words_get_the_text_of_python(word: str) -> None:
    """A word that no tool uses has Python's TypeError alone."""
    with pytest.raises(TypeError) as raised:
        apigatewayv2.HttpStage(cdk.Stack(), "Stage", api=None, **{word: "x"})
    assert str(raised.value).endswith(f"got an unexpected keyword argument '{word}'")


def test_a_class_of_the_user_has_its_own_keywords() -> None:
    """A subclass may name its keywords as it likes."""

    class Named(apigatewayv2.RouteSettings):
        def __init__(self, *, rate_limit: float) -> None:
            super().__init__(throttling_rate_limit=rate_limit)

    assert Named(rate_limit=5).throttling_rate_limit == 5


def test_the_documentation_has_the_same_words() -> None:
    """Each word is in the table of the page about other tools' words."""
    page = (Path(__file__).parents[1] / "docs" / "coming-from" / "words.md").read_text()
    rows = set(re.findall(r"^\| `(\w+)` \| `(\w+)` \| `(.+?)`", page, re.MULTILINE))
    assert rows == set(NAMES)
