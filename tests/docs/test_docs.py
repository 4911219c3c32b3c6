"""The documentation says what is true: every block of every page is run or accounted for."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import json
import re
from pathlib import Path

import aws_cdk as cdk
import pytest
import yaml
from aws_cdk import assertions
from constructs import Construct
from markdown.extensions.toc import slugify

from .pages import PAGES, ROOT, WrongPageError, blocks_of, check, local_commands

_TUTORIAL = "tests/docs/test_tutorial.py::test_from_an_empty_folder_to_a_running_chat"
_IMPORT = "tests/deploy/test_import.py::test_a_stage_made_by_hand_is_imported_and_then_changed_in_place"
_TAKEOVER = "tests/deploy/test_takeover.py::test_a_stage_of_api_gateway"
_TAKEOVER_OF_IVS = "tests/deploy/test_takeover.py::test_a_stage_of_ivs"
_IMPORT_OF_IVS = "tests/deploy/test_import.py::test_an_ivs_stage_made_by_hand_is_imported_and_then_changed_in_place"
_EXISTING = "tests/deploy/test_existing_stages.py::test_the_default_stage_of_a_native_api_is_changed_in_place"
_PLAN = "tests/checks/test_ci.py::TestApps::test_the_plan_is_that_of_the_configuration"
COVERED = {
    "pip install stage-constructs": "tests/docs/test_tutorial.py::test_what_the_page_installs_is_what_this_is",
    "cdk deploy --context live=newest": (
        "tests/deploy/test_blue_green.py::test_production_moves_when_it_is_told_to_and_back"
    ),
    "cdk import Pets --resource-mapping mapping.json": _IMPORT,
    "cdk drift Pets": _IMPORT,
    "cdk diff Pets": _IMPORT,
    "cdk deploy Pets": _IMPORT,
    "cdk import Video --resource-mapping mapping.json": _IMPORT_OF_IVS,
    "cdk drift Video": _IMPORT_OF_IVS,
    "cdk diff Video": _IMPORT_OF_IVS,
    "cdk deploy Video": _IMPORT_OF_IVS,
    "cdk diff Shop": _EXISTING,
    "cdk deploy Shop": _EXISTING,
    "cdk deploy --import-existing-resources": (
        "tests/deploy/test_operations.py::test_access_logs_are_turned_off_and_on_again"
    ),
    "npx cdk synth --quiet": "tests/checks/test_command.py::TestOutput::test_a_cloud_assembly",
    "terraform plan -out=tfplan": _PLAN,
    "terraform show -json tfplan > plan.json": _PLAN,
    **dict.fromkeys(
        (f"stage-constructs check {path}" for path in ("cdk.out", "template.yaml", "plan.json")),
        "tests/checks/test_ci.py::TestPage::test_outputs",
    ),
    'pip install "stage-constructs[cfn-lint]"': "tests/checks/test_cfn_lint.py::TestCommand::test_the_extra",
    "cfn-lint --append-rules=stage_constructs.cfn_lint template.yaml": (
        "tests/checks/test_cfn_lint.py::TestCommand::test_the_command"
    ),
    "aws cloudformation get-template --stack-name pets --template-stage Processed"
    " --query TemplateBody > processed.json": (
        "tests/checks/test_check_template.py::TestTemplates::test_the_findings_are_those_of_the_plugin"
    ),
    "stage-constructs check processed.json": "tests/checks/test_command.py::TestStatus::test_templates_of_other_tools",
    "terraform show -json > state.json": _TAKEOVER,
    "stage-constructs takeover state.json": "tests/takeover/test_page.py::test_the_page",
    "cd takeover": _TAKEOVER,
    'cdk import Stages --app "python stages.py" --resource-mapping import.json': _TAKEOVER,
    'cdk diff Stages --app "python stages.py"': _TAKEOVER,
    'cdk drift Stages --app "python stages.py"': _TAKEOVER,
    "aws apigatewayv2 get-stages --api-id aabbccddee > stages.json": _TAKEOVER,
    "stage-constructs takeover stages.json --api-id aabbccddee --region eu-west-1 --account 123456789012": _TAKEOVER,
    "aws ivs-realtime get-stage --arn arn:aws:ivs:eu-west-1:123456789012:stage/AbCdEf123456 > stage.json": (
        _TAKEOVER_OF_IVS
    ),
    "stage-constructs takeover stage.json": _TAKEOVER_OF_IVS,
}
"""Commands that are not run on the page's folder, and the test that shows what they do."""

_GENERATED = ROOT / "docs" / "rules.json"
"""The file of the site that is generated when it is built."""

READ_ALONE = {"hcl", "sql", "typescript"}
"""Languages of other tools, of which there is no parser here; the tests of those pages read them."""

_FRAGMENTS = """```python
import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from stage_constructs.apigatewayv2 import HttpStage

app = cdk.App()
stack = cdk.Stack(app, "Stack")
stage = HttpStage(stack, "Stage", api=apigatewayv2.HttpApi(stack, "Api", create_default_stage=False))
```
"""
"""What goes before the page that is generated: it speaks of an app and a stage that there are."""


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _text(page: Path) -> str:
    text = page.read_text()
    if page.name == "rules.md":
        return _FRAGMENTS + text
    return text


each_page = pytest.mark.parametrize("page", PAGES, ids=_name)


@each_page
def test_every_block_gives_what_is_shown(page):
    """Python runs, templates and errors are those of the library."""
    check(_text(page), _name(page))


@each_page
def test_every_block_is_accounted_for(page):
    """A block of another language is parsed, or a test is named for it."""
    for block in blocks_of(_text(page)):
        where = f"{_name(page)}:{block.line}"
        if block.language == "yaml":
            assert yaml.load(block.text, Loader=_Tags), where  # noqa: S506  our own pages
        elif block.language == "json":
            assert json.loads(block.text), where
        elif block.language == "sh" and page.name != "tutorial.md":
            for command in block.text.replace("\\\n", " ").splitlines():
                plain = " ".join(command.split())
                if plain and command not in local_commands(block):
                    assert plain in COVERED, f"{where}: no test is named for `{plain}`"
        else:
            assert block.language in {"python", "sh", "text", *READ_ALONE}, where
            assert block.text.strip(), where
            assert block.language != "text" or block.title is None or page.name == "tutorial.md", where


@pytest.mark.parametrize("test", sorted({*COVERED.values(), _TUTORIAL}))
def test_the_tests_that_are_named_for_commands_exist(test):
    """No command rests on a test that is gone."""
    assert exists(test)


@each_page
def test_links_lead_somewhere(page):
    """Pages, headings and names of the reference that are linked exist."""
    text = _without_code(page.read_text())
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists() or linked == _GENERATED, f"{_name(page)}: {target}"
        if anchor and not anchor.startswith("stage_constructs"):
            assert anchor in _anchors(linked), f"{_name(page)}: {target}"
        elif anchor:
            assert f"::: {anchor}\n" in linked.read_text() + "\n", f"{_name(page)}: {target}"
            _resolve(anchor)


@each_page
def test_every_page_is_in_the_menu(page):
    """A page that nobody can find is no page."""
    if page.is_relative_to(ROOT / "docs"):
        assert str(page.relative_to(ROOT / "docs")) in (ROOT / "mkdocs.yml").read_text()


def test_every_public_name_is_in_the_reference():
    """Each name of each sub-package has its entry."""
    for package in ("apigatewayv2", "checks", "ivs", "monitoring"):
        reference = (ROOT / "docs" / "reference" / f"{package}.md").read_text()
        for name in importlib.import_module(f"stage_constructs.{package}").__all__:
            assert f"::: stage_constructs.{package}.{name}\n" in reference + "\n"


_SHOWN_ON = {
    "apigatewayv2.HttpStage": "http-stage",
    "apigatewayv2.WebSocketStage": "websocket-stage",
    "apigatewayv2.RouteSettings": "route-settings",
    "apigatewayv2.AccessLogSettings": "access-log-settings",
    "apigatewayv2.Deployment": "deployment",
    "apigatewayv2.ApiGatewayAccount": "api-gateway-account",
    "ivs.Stage": "ivs-stage",
    "ivs.ParticipantRecording": "ivs-stage",
    "ivs.StorageConfiguration": "storage-configuration",
    "ivs.EncoderConfiguration": "encoder-configuration",
    "ivs.PublicKey": "public-key",
    "ivs.IngestConfiguration": "ingest-configuration",
    "ivs.StageEventLog": "stage-event-log",
    "ivs.StageSessions": "stage-sessions",
    "monitoring.StageDashboard": "stage-dashboard",
    "monitoring.StageAlarms": "stage-alarms",
}
"""The page of each construct."""


@pytest.mark.parametrize("name", _SHOWN_ON)
def test_a_page_tells_every_property_and_member(name):
    """Each parameter stands in a table, with its default and reason; each attribute and method too."""
    shown = _resolve(f"stage_constructs.{name}")
    page = (ROOT / "docs" / "constructs" / f"{_SHOWN_ON[name]}.md").read_text()
    in_tables = {
        word for row in re.findall(r"^\|([^|]*)\|", page, re.MULTILINE) for word in re.findall(r"`(\w+)(?:\(\))?`", row)
    }
    assert isinstance(shown, type)
    parameters = set(inspect.signature(shown.__init__).parameters) - {"self", "scope", "id"}
    members = {
        member
        for base in shown.__mro__
        if base.__module__.startswith("stage_constructs")
        for member in [*vars(base), *getattr(base, "__annotations__", {})]
        if not member.startswith("_")
    }
    assert parameters | members <= in_tables, (parameters | members) - in_tables


def test_every_construct_has_its_page():
    """A class that is put into a tree, or given to one, is in the list above."""
    for package in ("apigatewayv2", "ivs", "monitoring"):
        for name in importlib.import_module(f"stage_constructs.{package}").__all__:
            thing = _resolve(f"stage_constructs.{package}.{name}")
            if isinstance(thing, type) and issubclass(thing, Construct):
                assert f"{package}.{name}" in _SHOWN_ON


def test_every_feature_has_its_test_or_its_reason():
    """Whoever says yes names a test that exists, whoever says no a reason."""
    rows = re.findall(
        r"^\| (?!feature|---)(.+) \| (.+) \| (.+) \|$", (ROOT / "docs/features.md").read_text(), re.MULTILINE
    )
    assert len(rows) > 50
    for feature, said, shown in rows:
        if said.startswith("yes"):
            assert exists(shown.strip("`")), f"{feature}: {shown}"
        else:
            assert said == "no", feature
            assert len(shown.split()) > 5, feature


def test_every_warning_is_explained():
    """Each id of the README has its heading, and the warning itself below it."""
    listed = set(re.findall(r"`(?:stage-constructs:)?(\w+)`", _section(ROOT / "README.md", "## Warnings")))
    page = (ROOT / "docs" / "warnings.md").read_text()
    explained = {name for heading in re.findall(r"^### (.+)$", page, re.MULTILINE) for name in heading.split(", ")}
    assert explained == {name for name in listed if name[:1].islower()}
    shown = set(re.findall(r"(?:ack:\s+|Annotation::)stage-constructs:(\w+)", page))
    assert explained - shown == {"stageQuota"}  # a thousand stages take a while


def test_the_mappings_of_an_import_name_what_the_apps_above_them_declare(tmp_path, monkeypatch):
    """Each key is the logical id of a stage."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    mapped = []
    for block in blocks_of((ROOT / "docs" / "how-to" / "cdk-import.md").read_text()):
        if block.title == "app.py":
            exec(block.text, names)  # noqa: S102  our own page
        elif block.title == "mapping.json":
            stack = names["stack"]
            assert isinstance(stack, cdk.Stack)
            resources = assertions.Template.from_stack(stack).to_json()["Resources"]
            mapped += [(resources[key]["Type"], set(identifier)) for key, identifier in json.loads(block.text).items()]
    assert mapped == [("AWS::ApiGatewayV2::Stage", {"ApiId", "StageName"}), ("AWS::IVS::Stage", {"Arn"})]


def _section(page: Path, heading: str) -> str:
    return page.read_text().partition(f"{heading}\n")[2].partition("\n## ")[0]


_PAGE = """
```python
import aws_cdk as cdk
from stage_constructs.ivs import Stage

stack = cdk.Stack(cdk.App(), "Video")
Stage(stack, "Room", stage_name="{name}")
{more}
```

```{language}
{shown}
```
"""
_ROOM = """{"Room4AB29A70": {"Type": "AWS::IVS::Stage", "Properties": {
  "AutoParticipantRecordingConfiguration": {"StorageConfigurationArn": ""}, "Name": "room"}}}"""


@pytest.mark.parametrize(
    ("name", "more", "language", "shown"),
    [
        ("hall", "", "json", _ROOM),
        ("room", "", "json", _ROOM.replace("Room4AB29A70", "Room")),
        ("a room", "", "json", _ROOM),
        ("a room", "", "text", "Video/Room: stage_name is wrong"),
        ("room", "print('one')", "text", "two"),
        ("room", "print('one')", "text", ""),
        ("room", "", "text", "anything"),
        ("room", "raise KeyError", "json", _ROOM),
    ],
)
def test_a_wrong_block_is_noticed(name, more, language, shown):
    """Another template, another id, another error, another output, no error, an error: none passes."""
    page = _PAGE.format(name=name, more=more, language=language, shown=shown)
    with pytest.raises(WrongPageError):
        check(page, "page")


def test_a_right_block_passes():
    """The page of the test before, as it should be."""
    page = _PAGE.format(name="room", more="print('one')", language="json", shown=_ROOM)
    assert check(page + "\n```text\none\n```\n", "page") == 3


def exists(test: str) -> bool:
    """Whether a test, named as pytest names it, is there."""
    path, *names = test.partition("[")[0].split("::")
    tree: ast.AST = _tree(path)
    for name in names:
        found = [each for each in ast.iter_child_nodes(tree) if getattr(each, "name", None) == name]
        if not found:
            return False
        tree = found[0]
    return bool(names)


@functools.cache
def _tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text()) if (ROOT / path).exists() else ast.Module([], [])


@functools.cache
def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", _without_code(page.read_text()), re.MULTILINE)
    return {slugify(re.sub(r"[`*]", "", heading), "-") for heading in headings}


def _without_code(text: str) -> str:
    return re.sub(r"^ *```.*?^ *```$", "", text, flags=re.MULTILINE | re.DOTALL)


def _resolve(name: str) -> object:
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)


class _Tags(yaml.SafeLoader):
    """YAML with the tags of CloudFormation."""


_Tags.add_multi_constructor("!", lambda loader, suffix, node: (suffix, str(node.value)))
