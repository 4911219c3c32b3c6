"""The ways into CI: the files of three apps, the action, the hook of pre-commit, and how long a check takes."""

from __future__ import annotations

import itertools
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from stage_constructs.checks._command import main
from tests.docs.pages import ROOT, blocks_of, plain

from . import template_helpers

APPS = ROOT / "examples" / "ci"
NESTED = "typescript/cdk.out/PetsApiD831FA66.nested.template.json"
FAULTY = {
    "typescript/cdk.out": ["routeSettingsBeforeRoute", "routeSettingsSpelling", "routeSettingsSpelling"],
    "sam/template.yaml": ["unexpandedTransform", "stageName", "executionLogsOnHttp"],
    "terraform/plan.json": ["accessLogVariable", "zeroThrottle", "zeroThrottle"],
}
"""What is checked of each app, and the rules that it breaks."""
FIXES = {
    "typescript/cdk.out": (
        NESTED,
        {
            "throttlingBurstLimit": "ThrottlingBurstLimit",
            "throttlingRateLimit": "ThrottlingRateLimit",
            '::Stage",': '::Stage", "DependsOn": "ApiGETpets3DE0B106",',
        },
    ),
    "sam/template.yaml": (
        "sam/template.yaml",
        {"live/eu": "live", "      DefaultRouteSettings:\n        LoggingLevel: INFO\n": ""},
    ),
    "terraform/plan.json": (
        "terraform/plan.json",
        {
            "$context.statusCode": "$context.status",
            '"throttling_burst_limit": null': '"throttling_burst_limit": 100',
            '"throttling_rate_limit": null': '"throttling_rate_limit": 50',
        },
    ),
}
"""The file of each app in which something is written otherwise, and what."""
ACCEPTED = ["--accept", "unexpandedTransform"]


def run(code: str, *arguments: str) -> str:
    """What a fresh Python prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True, timeout=120, cwd=ROOT
    )
    return done.stdout


@pytest.fixture
def apps(tmp_path: Path) -> Path:
    """A copy of the apps."""
    return Path(shutil.copytree(APPS, tmp_path / "apps"))


def fix(apps: Path, app: str) -> None:
    """Write what is right."""
    name, changes = FIXES[app]
    text = (apps / name).read_text()
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after)
    (apps / name).write_text(text)


class TestApps:
    @pytest.mark.parametrize("app", FAULTY)
    def test_from_a_failing_to_a_passing_check(self, app: str, apps: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Each app fails with its faults, and passes strictly once they are mended."""
        assert main(["check", str(apps / app)]) == 1
        assert re.findall(r"\[stage-constructs:(\w+)\]", capsys.readouterr().out) == FAULTY[app]
        fix(apps, app)
        assert main(["check", "--strict", str(apps / app), *ACCEPTED]) == 0
        assert capsys.readouterr().out == "1 template checked: 1 {} stage; 0 errors, 0 warnings\n".format(
            "SAM HTTP (not expanded)" if "sam" in app else "HTTP"
        )

    def test_all_together(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Several kinds of files are checked in one go."""
        assert main(["check", *(str(APPS / app) for app in FAULTY), *ACCEPTED]) == 1
        assert capsys.readouterr().out.splitlines()[-1] == (
            "3 templates checked: 2 HTTP stages, 1 SAM HTTP (not expanded) stage; 6 errors, 2 warnings"
        )

    def test_the_plan_is_that_of_the_configuration(self) -> None:
        """The plan has the resources of `main.tf`, each with the arguments that are written there."""
        plan = json.loads((APPS / "terraform" / "plan.json").read_text())
        declared = re.findall(
            r'^resource "(\w+)" "(\w+)" {\n(.*?)^}', (APPS / "terraform/main.tf").read_text(), re.MULTILINE | re.DOTALL
        )
        configured = plan["configuration"]["root_module"]["resources"]
        assert {(each["type"], each["name"]): sorted(each["expressions"]) for each in configured} == {
            (kind, name): sorted(re.findall(r"^  (\w+) +[={]", body, re.MULTILINE)) for kind, name, body in declared
        }
        addresses = [each["address"] for each in configured]
        assert [each["address"] for each in plan["planned_values"]["root_module"]["resources"]] == addresses
        assert [each["address"] for each in plan["resource_changes"]] == addresses


class TestPage:
    """The page shows the files and what the command says of them."""

    BLOCKS = blocks_of((ROOT / "docs" / "how-to" / "ci.md").read_text())

    def test_files(self) -> None:
        """The sources are those of the apps; of Terraform it is the stage."""
        shown = [each.text for each in self.BLOCKS if each.language in {"typescript", "hcl"} or each.title]
        typescript, fixed, sam, stage = shown
        assert typescript == (APPS / "typescript" / "pets.ts").read_text()
        assert sam == (APPS / "sam" / "template.yaml").read_text()
        assert (APPS / "terraform" / "main.tf").read_text().endswith(f"\n{stage}")
        changed = [line for line in fixed.splitlines() if line not in typescript.splitlines()]
        assert changed == [
            "      'GET /pets': { ThrottlingBurstLimit: 10, ThrottlingRateLimit: 5 },",
            "    stage.node.addDependency(route);",
        ]

    @pytest.mark.parametrize("app", FAULTY)
    def test_outputs(
        self, app: str, apps: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The text below a command is what it prints, apart from where lines are broken."""
        folder, path = app.split("/")
        monkeypatch.chdir(apps / folder)
        main(["check", path])
        command = f"stage-constructs check {path}"
        [shown] = [
            text.text
            for block, text in itertools.pairwise(self.BLOCKS)
            if text.language == "text" and command in block.text.splitlines()
        ]
        assert plain(shown) == plain(capsys.readouterr().out)


class TestAction:
    ACTION = yaml.safe_load((ROOT / "action.yml").read_text())

    @pytest.fixture
    def execute(self, tmp_path: Path) -> Any:
        """Runs the last step of the action as GitHub does, with the command of this checkout."""
        programs = tmp_path / "stage-constructs" / "bin"
        programs.mkdir(parents=True)
        program = programs / "stage-constructs"
        path = f"import sys; sys.path.insert(0, '{ROOT}')"
        code = f"{path}; from stage_constructs.checks._command import main; sys.exit(main())"
        program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c "{code}" "$@"\n')
        program.chmod(0o755)
        step = self.ACTION["runs"]["steps"][-1]

        def execute(**inputs: str) -> subprocess.CompletedProcess[str]:
            values = {name: each["default"] for name, each in self.ACTION["inputs"].items()} | inputs
            environment = {
                name: values[re.fullmatch(r"\${{ inputs\.(\w+) }}", value)[1]]  # type: ignore[index]
                for name, value in step["env"].items()
            }
            return subprocess.run(
                ["/bin/bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
                env={**os.environ, **environment, "RUNNER_TEMP": str(tmp_path)},
                cwd=APPS,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )

        return execute

    def test_shape(self) -> None:
        """The action is a composite one whose steps read its inputs."""
        assert self.ACTION["runs"]["using"] == "composite"
        assert all(each["shell"] == "bash" and each["run"] for each in self.ACTION["runs"]["steps"])
        used = re.findall(r"inputs\.(\w+)", json.dumps(self.ACTION["runs"]))
        assert sorted(used) == sorted(self.ACTION["inputs"])
        assert all(each["description"] and "default" in each for each in self.ACTION["inputs"].values())
        assert '"stage-constructs[cfn-lint]${VERSION:+==$VERSION}"' in self.ACTION["runs"]["steps"][0]["run"]

    @pytest.mark.parametrize(
        ("inputs", "status"),
        [
            ({"paths": "typescript/cdk.out"}, 1),
            ({"paths": "typescript/*.out terraform/plan.json"}, 1),
            ({"paths": "typescript/cdk.out", "accept": "routeSettingsSpelling routeSettingsBeforeRoute"}, 0),
            ({"paths": "terraform/plan.json", "accept": "accessLogVariable"}, 0),
            ({"paths": "terraform/plan.json", "accept": "accessLogVariable", "strict": "true"}, 1),
            ({}, 2),
        ],
        ids=["errors", "wildcard", "accepted", "warnings", "strict", "no cdk.out"],
    )
    def test_status(self, execute: Any, inputs: dict[str, str], status: int) -> None:
        """The step fails as the command does."""
        done = execute(**inputs)
        assert done.returncode == status, done.stderr
        assert " checked: " in done.stdout

    def test_sarif(self, execute: Any, tmp_path: Path) -> None:
        """The findings are written for code scanning too, and the step fails all the same."""
        report = tmp_path / "stages.sarif"
        done = execute(paths="sam/template.yaml", sarif=str(report))
        assert done.returncode == 1, done.stderr
        results = json.loads(report.read_text())["runs"][0]["results"]
        location = results[1]["locations"][0]["physicalLocation"]
        assert (location["artifactLocation"]["uri"], location["region"]["startLine"]) == ("sam/template.yaml", 6)


class TestPreCommit:
    def test_the_hook(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The entry of the hook is the command, and takes the files that its pattern names."""
        [hook] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
        assert (hook["id"], hook["language"]) == ("stage-constructs-check", "python")
        assert hook["additional_dependencies"] == [".[cfn-lint]"]
        program, *arguments = shlex.split(hook["entry"])
        assert f"\n{program} = " in (ROOT / "pyproject.toml").read_text()
        names = [str(path.relative_to(ROOT)) for path in sorted(APPS.rglob("*")) if path.is_file()]
        found = [name for name in names if re.search(hook["files"], name)]
        assert found == [
            f"examples/ci/{name}" for name in ("sam/template.yaml", "typescript/cdk.out/Pets.template.json", NESTED)
        ]
        assert main([*arguments, *(str(ROOT / name) for name in found)]) == 1
        assert capsys.readouterr().out.splitlines()[-1].startswith("3 templates checked: ")


class TestCost:
    @pytest.mark.parametrize(
        "arguments", [[app] for app in FAULTY] + [["sam/template.yaml", "--format", "parseable"]], ids=str
    )
    def test_no_cdk_and_no_node(self, arguments: list[str]) -> None:
        """No kind of file loads the CDK or starts a program, nor does the module for cfn-lint."""
        code = (
            "import subprocess, sys\n"
            "def start(*args, **options): raise AssertionError(args)\n"
            "subprocess.Popen.__init__ = start\n"
            "import stage_constructs.cfn_lint\n"
            "from stage_constructs.checks._command import main\n"
            "status = main(['check', *sys.argv[1:]])\n"
            "loaded = {name.partition('.')[0] for name in sys.modules}\n"
            "print(status, sorted(loaded & {'aws_cdk', 'constructs', 'jsii'}))"
        )
        path, *options = arguments
        assert run(code, str(APPS / path), *options).splitlines()[-1] == "1 []"

    @pytest.mark.slow
    def test_a_hundred_templates(self, tmp_path: Path) -> None:
        """A cloud assembly with 100 large templates is checked within 20 s and 500 MiB."""
        artifacts = {}
        for number in range(100):
            name = f"Stack{number}"
            artifacts[name] = {
                "type": "aws:cloudformation:stack",
                "environment": "aws://123456789012/eu-west-1",
                "properties": {"templateFile": f"{name}.template.json"},
            }
            (tmp_path / f"{name}.template.json").write_text(json.dumps({"Resources": large(number)}, indent=1))
        (tmp_path / "manifest.json").write_text(json.dumps({"version": "55.0.0", "artifacts": artifacts}))
        code = (
            "import resource, sys, time\n"
            "began = time.monotonic()\n"
            "from stage_constructs.checks._command import main\n"
            "status = main(['check', sys.argv[1]])\n"
            "unit = 2**20 if sys.platform == 'darwin' else 2**10\n"
            "print(status, time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)"
        )
        *_, summary, measured = run(code, str(tmp_path)).splitlines()
        assert (
            summary == "100 templates checked: 400 HTTP stages, 100 WebSocket stages; 1 error, 99 warnings"
        )  # 99: secondAccount
        status, seconds, mebibytes = map(float, measured.split())
        assert (status, seconds < 20, mebibytes < 500) == (1, True, True), measured


def large(number: int) -> dict[str, Any]:
    """A template with 4 HTTP APIs of 20 routes and settings for each, a WebSocket API, and 300 other resources."""
    resources: dict[str, Any] = {
        f"Function{index}": {
            "Type": "AWS::Lambda::Function",
            "Properties": {"Code": {"ZipFile": "x" * 200}, "Role": {"Fn::GetAtt": ["Role", "Arn"]}},
        }
        for index in range(300)
    }
    for index in range(4):
        api, keys = f"Api{index}", [f"GET /pets/{each}" for each in range(20)]
        routes = {f"{api}Route{each}": key for each, key in enumerate(keys)}
        resources[api] = template_helpers.HTTP_API
        for route, key in routes.items():
            resources[route] = template_helpers.route(key)
            resources[route]["Properties"]["ApiId"] = {"Ref": api}
        settings = {key: {"ThrottlingBurstLimit": 10, "ThrottlingRateLimit": 5} for key in keys}
        own = {"ApiId": {"Ref": api}, "RouteSettings": settings}
        resources[f"{api}Stage"] = template_helpers.stage(own, DependsOn=list(routes))
    resources |= template_helpers.websocket({"StageName": "a b"} if number == 99 else None)
    return resources
