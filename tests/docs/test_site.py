"""The site is built strictly, asks nobody on the network, and shows diagrams of what the examples make."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ET

import pytest

from stage_constructs._argument_rules import ARGUMENT_RULES
from stage_constructs.rules import monitoring  # noqa: F401  registers its rules
from stage_constructs.rules.templates import all_rules

from .pages import PAGES, ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built site."""
    folder = tmp_path_factory.mktemp("site")
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert time.monotonic() - begun < 60
    return folder


@pytest.mark.slow
def test_pages_load_nothing_from_the_network(site):
    """Scripts, styles, fonts and pictures are files of the site."""
    pages = list(site.rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        text = page.read_text()
        loaded = re.findall(r"<(?:script|img|iframe|source)\b[^>]*\bsrc=\"?(https?:[^\s\">]+)", text)
        loaded += re.findall(
            r"<link\b[^>]*\brel=\"?(?:stylesheet|preconnect|icon)\"?[^>]*\bhref=\"?(https?:[^\s\">]+)", text
        )
        assert loaded == [], page
    for style in site.rglob("*.css"):
        assert not re.search(r"url\([\"']?https?:|@import", style.read_text()), style


@pytest.mark.parametrize("package", ["apigatewayv2", "checks", "ivs", "monitoring"])
def test_the_reference_has_every_member(site, package):
    """Members of its own and inherited ones, each with an anchor to link it by."""
    page = (site / "reference" / f"{package}.html").read_text()
    anchors = set(re.findall(rf'id="?stage_constructs\.{package}\.([\w.]+)', page))
    module = importlib.import_module(f"stage_constructs.{package}")
    for name in module.__all__:
        assert name in anchors
        thing = getattr(module, name)
        bases = thing.__mro__ if isinstance(thing, type) else ()
        members = {
            member
            for base in bases
            if base.__module__.startswith("stage_constructs")
            for member in [*vars(base), *getattr(base, "__annotations__", {})]
            if not member.startswith("_")
        }
        assert {f"{name}.{member}" for member in members} <= anchors


def test_private_names_are_in_no_reference(site):
    """What begins with an underscore is nobody's business."""
    for page in (site / "reference").glob("*.html"):
        assert not re.search(r'id="?stage_constructs\.[\w.]*\._', page.read_text())


def test_each_page_is_there_as_markdown(site):
    """It lies beside its HTML, and the reference is written out in it."""
    for page in PAGES:
        if page.is_relative_to(ROOT / "docs"):
            path = page.relative_to(ROOT / "docs")
            assert (site / path).with_suffix(".html").exists()
            assert (site / path).read_text().startswith(page.read_text().partition("\n")[0])
            assert not re.search(r"^:::", (site / path).read_text(), re.MULTILINE)
    reference = (site / "reference" / "apigatewayv2.md").read_text()
    assert "## stage_constructs.apigatewayv2.HttpStage\n" in reference
    assert re.search(r"^__init__\(scope: Construct, id: str, \*, api: .*stage_name: ", reference, re.MULTILINE)
    assert "### grant_invoke\n" in reference


def test_llms_txt_lists_each_page(site):
    """By its title and first sentence, below the name of its section."""
    text = (site / "llms.txt").read_text()
    listed = re.findall(r"^- \[.+?\]\((\S+?)\): .+\.$", text, re.MULTILINE)
    assert len(listed) == len(set(listed)) == text.count("\n- ")
    assert {*listed} - {"rules.json"} == {
        str(page.relative_to(ROOT / "docs")) for page in PAGES if page.is_relative_to(ROOT / "docs")
    }
    assert all((site / path).exists() for path in listed)
    assert "## Constructs: API Gateway v2\n\n- [HttpStage](constructs/http-stage.md): A stage of an HTTP API" in text


def test_rules_json_has_each_rule(site):
    """With a link to its section on the rules page."""
    records = json.loads((site / "rules.json").read_text())
    assert {record["id"] for record in records} == {rule.id for rule in all_rules()} | set(ARGUMENT_RULES)
    page = (site / "rules.html").read_text()
    for record in records:
        path, _, anchor = record["docs"].partition("#")
        assert path == "rules.html"
        assert re.search(rf'id="?{anchor}[" >]', page), anchor
    assert {
        "severity": "error",
        "kind": "conflict",
        "types": ["AWS::ApiGatewayV2::Stage"],
        "paths": ["DeploymentId"],
        "service": "Deployment ID cannot be set on this stage because AutoDeploy is enabled.",
    }.items() <= next(record for record in records if record["id"] == "deploymentWithAutoDeploy").items()


def test_the_start_page_fits_on_one_screen():
    """It is read at a glance."""
    assert len((ROOT / "docs" / "index.md").read_text().splitlines()) <= 40


@pytest.mark.slow
def test_diagrams_are_those_of_the_examples():
    """Whoever changes an example runs tools/diagrams.py."""
    done = subprocess.run(
        [sys.executable, "tools/diagrams.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"run tools/diagrams.py, these are stale:\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("name", ["blue-green", "http-api", "ivs-realtime", "watched", "websocket-chat"])
def test_diagrams_can_be_read(name):
    """They are well-formed and have a title, and several resources."""
    root = ET.fromstring((ROOT / "docs" / "diagrams" / f"{name}.svg").read_text())  # noqa: S314  our own file
    svg = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{svg}g/{svg}title") == name
    assert len([each for each in root.iter(f"{svg}g") if each.get("class") == "node"]) > 3


def test_members_of_a_class_are_grouped(site):
    """By what one does with them, in the same order for each class, each member once."""
    page = (site / "reference" / "apigatewayv2.html").read_text()
    of_class = page.partition('<h2 id="stage_constructs.apigatewayv2.HttpStage"')[2].partition("<h2 ")[0]
    groups = re.findall(r'<h3 id="([a-z]+)"', of_class)
    assert groups == ["import", "attributes", "methods", "grants", "metrics"]
    members = re.findall(r'<h4 id="stage_constructs\.apigatewayv2\.HttpStage\.(\w+)"', of_class)
    assert len(members) == len(set(members)) > 30
    assert members[0].startswith("from_")
    assert members[-1].startswith("metric_")


def test_the_first_sentence_of_a_class_is_not_said_twice(site):
    """A constructor does not begin by saying again what its class says."""
    page = (site / "reference" / "apigatewayv2.html").read_text()
    of_class = page.partition('id="stage_constructs.apigatewayv2.HttpStage"')[2].partition("Parameters:")[0]
    assert of_class.count("<p>Define ") == 1
