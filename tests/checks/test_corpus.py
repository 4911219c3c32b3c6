"""Templates as other tools write them, each as it should be and with faults, included by `CfnInclude`."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import cloudformation_include as include

from . import cases
from .test_stage_checks import new_app, reported

CORPUS = Path(__file__).parent / "corpus"
FAULTY = {
    "sam-faulty.json": {
        ("ServerlessHttpApiApiGatewayDefaultStage", "executionLogsOnHttp", "DefaultRouteSettings.LoggingLevel"),
        ("ServerlessHttpApiApiGatewayDefaultStage", "executionLogsOnHttp", "DefaultRouteSettings.DataTraceEnabled"),
        ("ServerlessHttpApiApiGatewayDefaultStage", "accessLogVariable", "AccessLogSettings.Format"),
        ("ServerlessHttpApiApiGatewayDefaultStage", "logGroupArnWildcard", "AccessLogSettings.DestinationArn"),
        ("ChatApiStage", "missingRoute", "RouteSettings"),
        ("ChatApiStage", "routeSettingsSpelling", 'RouteSettings["send"]["throttlingBurstLimit"]'),
        ("ChatApiStage", "loggingLevel", "DefaultRouteSettings.LoggingLevel"),
    },
    "serverless-faulty.json": {
        ("HttpApiStage", "routeSettingsBeforeRoute", 'RouteSettings["GET /pets"]'),
        ("HttpApiStage", "missingRoute", "RouteSettings"),
        ("WebsocketsDeploymentStage", "deploymentWithAutoDeploy", "DeploymentId"),
        ("WebsocketsDeploymentStage", "dataTraceLogsMessages", "DefaultRouteSettings.DataTraceEnabled"),
        ("WebsocketsDeploymentStage", "accountLoggingRole", "DefaultRouteSettings.LoggingLevel"),
        ("WebsocketsDeploymentqh7tM", "deploymentBeforeRoutes", "DependsOn"),
    },
    "handwritten-faulty.yaml": {
        ("One", "flatRouteSettings", 'RouteSettings["ThrottlingBurstLimit"]'),
        ("One", "flatRouteSettings", 'RouteSettings["LoggingLevel"]'),
        ("One", "accessLogDestination", "AccessLogSettings.DestinationArn"),
        ("One", "accessLogFormat", "AccessLogSettings.Format"),
        ("One", "stageExists", "StageName"),
        ("One", "stageWithoutDeployment", "AutoDeploy"),
        ("Two", "stageExists", "StageName"),
        ("Two", "stageWithoutDeployment", "AutoDeploy"),
        ("Two", "stageVariableName", 'StageVariables["table-name"]'),
        ("Two", "emptyStageVariable", 'StageVariables["empty"]'),
        ("Two", "incompleteAccessLogSettings", "AccessLogSettings.DestinationArn"),
        ("Deployment", "deploymentWithoutRoute", "ApiId"),
    },
    "terraform-faulty.yaml": {
        ("stage", "stageName", "StageName"),
        ("stage", "deploymentWithAutoDeploy", "DeploymentId"),
        ("stage", "zeroThrottle", "DefaultRouteSettings.ThrottlingBurstLimit"),
        ("stage", "throttle", "DefaultRouteSettings.ThrottlingRateLimit"),
        ("stage", "routeSettingsSpelling", 'RouteSettings["$default"]["throttling_burst_limit"]'),
        ("stage", "logGroupArnWildcard", "AccessLogSettings.DestinationArn"),
        ("stage", "accessLogFormat", "AccessLogSettings.Format"),
    },
    "ivs-faulty.yaml": {
        (
            "Stage",
            "thumbnailsDisabled",
            f"{cases.RECORDING}.{cases.THUMBNAILS}.TargetIntervalSeconds",
        ),
        ("Storage", "bucketEncryption", "S3.BucketName"),
        ("Storage", "recordingBucketPolicy", "S3.BucketName"),
        ("Square", "encoderPixels", "Video.Height"),
        ("Odd", "encoderSize", "Video.Width"),
        ("Plain", "insecureIngest", "InsecureIngest"),
        ("Nothing", "publicKey", "PublicKeyMaterial"),
    },
}
CLEAN = sorted(path.name for path in CORPUS.iterdir() if path.name not in FAULTY)


def included(name: str) -> cdk.App:
    """An app with a template of the corpus."""
    app = new_app()
    stack = cdk.Stack(app, "Stack", env=cdk.Environment(account="123456789012", region="eu-west-1"))
    include.CfnInclude(stack, "Included", template_file=str(CORPUS / name))
    return app


@pytest.mark.parametrize("name", FAULTY)
def test_every_fault_is_found(name: str) -> None:
    """The faults of a template are found, each at its resource and its property, and no others."""
    found = reported(included(name))
    assert {(each.logical_id, each.rule, each.locations[0].removeprefix("Properties.")) for each in found} == FAULTY[
        name
    ]
    assert {each.construct_path for each in found} == {f"Stack/Included/{each[0]}" for each in FAULTY[name]}


@pytest.mark.parametrize("name", CLEAN)
def test_nothing_is_found_where_nothing_is_wrong(name: str) -> None:
    """A template of the same tool without faults is silent, whatever its parameters default to."""
    assert reported(included(name)) == []


def test_each_template_has_its_counterpart() -> None:
    """Each tool's template stands there with faults and without."""
    assert {name.replace("-faulty", "") for name in FAULTY} == set(CLEAN)
