"""Sentences are plain technical English: wordings that readers had to decipher do not come back."""

from __future__ import annotations

import re

import pytest

from .pages import PAGES, ROOT

PHRASES = (
    "must be that of no other stage",
    "takes an empty value for",
    "should be given, for this stage",
    "one may be away",
    "that may come at once",
    "the token bucket fills",
    "is let use",
    "at whose change",
    "where access logs are asked for",
    "it makes that too",
    "sound and picture",
    "put participants out",
    "everything is changed in place",
    "nothing ever replaces",
    "tokens pass everywhere",
    "is left to the service",
    "what is not there or may not be called",
    "the smallest example",
    "the fullest",
    "stands in",
    "stand in",
    "of ours",
    "is said at synth",
    "is told at synth",
    "knows its url",
    "none that a stage can have",
)
TEXTS = [*PAGES, *sorted((ROOT / "stage_constructs").rglob("*.py")), *sorted((ROOT / "examples").rglob("*.py"))]


@pytest.mark.parametrize("phrase", PHRASES)
def test_no_page_and_no_docstring_has_the_phrase(phrase: str) -> None:
    """The README, the pages, and the code that the reference is made of; examples too."""
    pattern = re.compile(rf"\b{phrase}\b".replace(" ", r"[\s#]+"), re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}"
        for path, text in ((path, path.read_text(encoding="utf-8")) for path in TEXTS)
        for match in pattern.finditer(text)
    ]
    assert found == []
