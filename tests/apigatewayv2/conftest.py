"""What the tests of API Gateway stages share: the two kinds of stage, each with its API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigatewayv2 as apigatewayv2

from stage_constructs.apigatewayv2 import HttpStage, WebSocketStage


@dataclass(frozen=True)
class Kind:
    """One kind of stage and how to make its API and itself."""

    name: str

    @property
    def cls(self) -> Any:
        """The class of the stage."""
        return HttpStage if self.name == "http" else WebSocketStage

    def api(self, scope: Any, id: str = "Api") -> Any:
        """A native API of this protocol."""
        if self.name == "http":
            return apigatewayv2.HttpApi(scope, id, create_default_stage=False)
        return apigatewayv2.WebSocketApi(scope, id)

    def cfn_api(self, scope: Any, id: str = "Api") -> apigatewayv2.CfnApi:
        """An L1 API of this protocol."""
        if self.name == "http":
            return apigatewayv2.CfnApi(scope, id, name="api", protocol_type="HTTP")
        return apigatewayv2.CfnApi(
            scope, id, name="api", protocol_type="WEBSOCKET", route_selection_expression="$request.body.action"
        )

    def imported_api(self, scope: Any, id: str = "Api", api_id: str = "aabbccddee") -> Any:
        """An API of this protocol that is declared elsewhere."""
        if self.name == "http":
            return apigatewayv2.HttpApi.from_http_api_attributes(scope, id, http_api_id=api_id)
        return apigatewayv2.WebSocketApi.from_web_socket_api_attributes(scope, id, web_socket_id=api_id)

    def stage(self, scope: Any, id: str = "Stage", **props: Any) -> Any:
        """A stage named `prod` of an imported API, unless the props say otherwise."""
        if "api" not in props:
            props["api"] = scope.node.try_find_child("Imported") or self.imported_api(scope, "Imported")
        return self.cls(scope, id, **{"stage_name": "prod", **props})


HTTP = Kind("http")
WEBSOCKET = Kind("websocket")


class Reported(NamedTuple):
    """A violation of a rule over several resources, as CDK reports it at synth."""

    rule: str
    severity: str
    construct_path: str
    prop: str
    text: str

    @property
    def place(self) -> tuple[str, str]:
        """The rule and the construct that it is about."""
        return self.rule, self.construct_path


def reported(scope: Any) -> list[Reported]:
    """What the rules over several resources find in the synthesized templates of an app.

    `autoDeployWithoutRoute` is left out: the APIs of most tests have no routes.
    """
    app = scope.node.root
    try:
        app.synth()
    except RuntimeError as error:
        assert "ValidationFailed" in str(error), error  # noqa: PT017  another error is a fault of the test
    path = Path(app.outdir) / "validation-report.json"
    reports = json.loads(path.read_text())["pluginReports"] if path.is_file() else []
    return [
        Reported(
            violation["ruleName"].removeprefix("Annotation::stage-constructs:"),
            violation["severity"],
            construct["constructPath"].removesuffix("/Resource"),
            construct["cloudFormationResource"]["propertyPaths"][0].removeprefix("Properties."),
            f"{violation['description']}: {violation['suggestedFix']}",
        )
        for report in reports
        if report["pluginName"] == "stage-constructs"
        for violation in report["violations"]
        if not violation["ruleName"].endswith(":autoDeployWithoutRoute")
        for construct in violation["violatingConstructs"]
    ]


def acknowledge(scope: Any, rule: str) -> None:
    """Accept a rule for a scope, as CDK has it for what is reported of templates."""
    cdk.Validations.of(scope).acknowledge(cdk.Acknowledgment(id=f"stage-constructs:{rule}", reason="known"))


@pytest.fixture(params=[HTTP, WEBSOCKET], ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Each kind of stage."""
    return request.param


@pytest.fixture
def agnostic_stack(app: cdk.App) -> cdk.Stack:
    """A stack whose Region and account are known at deploy only."""
    return cdk.Stack(app, "Agnostic", synthesizer=cdk.BootstraplessSynthesizer())


@pytest.fixture
def other_stack(app: cdk.App) -> cdk.Stack:
    """A second stack in the environment of the first."""
    return cdk.Stack(
        app,
        "Other",
        env=cdk.Environment(account="123456789012", region="eu-west-1"),
        synthesizer=cdk.BootstraplessSynthesizer(),
    )


@pytest.fixture
def outer_stack(app: cdk.App) -> cdk.Stack:
    """A stack that can hold nested stacks, whose templates are assets."""
    return cdk.Stack(app, "Outer", env=cdk.Environment(account="123456789012", region="eu-west-1"))
