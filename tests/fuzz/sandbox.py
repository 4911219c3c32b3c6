"""Where cases are built and judged.

The judge is cfn-lint, which knows the CloudFormation registry and nothing of this library.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ivs as native_ivs
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from cfnlint.api import lint
from cfnlint.config import ConfigMixIn, ManualArgs
from cfnlint.rules import RulesCollection
from cfnlint.runner import Runner

from stage_constructs import ivs
from stage_constructs.apigatewayv2 import AccessLogSettings, ApiGatewayAccount, Deployment, HttpStage, WebSocketStage

from .strategies import PEM, SandboxObject, ValueObject

_HERE = cdk.Environment(account="123456789012", region="eu-west-1")
_NO_OTHER_JUDGE = {"builtin_cloud_formation_validation": False}
_ONE_JUDGE = {name: value for name, value in _NO_OTHER_JUDGE.items() if hasattr(cdk.AppProps, name)}
_CASE = re.compile(r"Case\d+Z")


class Sandbox:
    """A stack with neighbours, each made when it is first asked for; those called new are made each time."""

    case: str

    def __init__(self) -> None:
        self.app = cdk.App(analytics_reporting=False, **_ONE_JUDGE)
        self.stack = cdk.Stack(self.app, "Sandbox", env=_HERE)
        for name, kind in (
            ("Number", "Number"),
            ("Text", "String"),
            ("Anything", "String"),
            ("Words", "CommaDelimitedList"),
        ):
            cdk.CfnParameter(self.stack, name, type=kind)

    def real(self, value: Any) -> Any:
        """A value with what stands here in the place of its name."""
        if isinstance(value, SandboxObject):
            return getattr(self, value.name)
        if isinstance(value, ValueObject):
            return value.kind(**self.real(value.fields))
        if isinstance(value, dict):
            return {self.real(key): self.real(each) for key, each in value.items()}
        return [self.real(each) for each in value] if isinstance(value, list) else value

    def show(self, metric: cloudwatch.IMetric) -> object:
        """Put a metric on a dashboard."""
        widget = cloudwatch.GraphWidget(left=[metric])
        self.dashboard.add_widgets(widget)
        return widget

    @property
    def new_stack(self) -> cdk.Stack:
        """A stack in an account of its own, for what there may be one of."""
        account = self.case[4:-1].zfill(12)
        return cdk.Stack(self.app, self.case, env=cdk.Environment(account=account, region="eu-west-1"))

    @property
    def new_http_api(self) -> apigatewayv2.IHttpApi:
        return apigatewayv2.HttpApi.from_http_api_attributes(self.stack, f"Api{self.case}", http_api_id=self.case)

    @property
    def new_websocket_api(self) -> apigatewayv2.IWebSocketApi:
        return apigatewayv2.WebSocketApi.from_web_socket_api_attributes(
            self.stack, f"Api{self.case}", web_socket_id=self.case
        )

    @property
    def new_http_stage(self) -> HttpStage:
        return HttpStage(self.stack, f"Of{self.case[:-1]}", api=self.new_http_api)

    @property
    def new_websocket_stage(self) -> WebSocketStage:
        return WebSocketStage(self.stack, f"Of{self.case[:-1]}", api=self.new_websocket_api, stage_name="live")

    @property
    def new_domain_name(self) -> apigatewayv2.IDomainName:
        return apigatewayv2.DomainName.from_domain_name_attributes(
            self.stack,
            f"Domain{self.case}",
            name=f"{self.case.lower()}.example.com",
            regional_domain_name="b.example.com",
            regional_hosted_zone_id="Z1",
        )

    @property
    def new_role(self) -> iam.IRole:
        """An imported role, which has no policy in the template before something is granted."""
        return iam.Role.from_role_arn(self.stack, f"Role{self.case}", f"arn:aws:iam::123456789012:role/{self.case}")

    @functools.cached_property
    def other_stack(self) -> cdk.Stack:
        return cdk.Stack(self.app, "Other", env=_HERE)

    @functools.cached_property
    def dashboard(self) -> cloudwatch.Dashboard:
        return cloudwatch.Dashboard(self.stack, "Dashboard")

    @functools.cached_property
    def http_api(self) -> apigatewayv2.HttpApi:
        api = apigatewayv2.HttpApi(self.stack, "HttpApi", create_default_stage=False)
        apigatewayv2.CfnRoute(self.stack, "Route", api_id=api.api_id, route_key="GET /cats")
        return api

    @functools.cached_property
    def http_route(self) -> apigatewayv2.CfnRoute:
        return apigatewayv2.CfnRoute(self.stack, "HttpRoute", api_id=self.http_api.api_id, route_key="GET /dogs")

    @functools.cached_property
    def http_stage(self) -> HttpStage:
        logs = AccessLogSettings(log_group=self.log_group)
        return HttpStage(self.stack, "HttpStage", api=self.http_api, access_log_settings=logs)

    @functools.cached_property
    def native_http_stage(self) -> apigatewayv2.CfnStage:
        return apigatewayv2.CfnStage(self.stack, "NativeHttp", api_id=self.http_api.api_id, stage_name="native")

    @functools.cached_property
    def imported_http_stage(self) -> HttpStage:
        return HttpStage.from_stage_id(self.stack, "ImportedHttp", "aabbccddee/prod")

    @functools.cached_property
    def websocket_api(self) -> apigatewayv2.WebSocketApi:
        return apigatewayv2.WebSocketApi(self.stack, "WebSocketApi")

    @functools.cached_property
    def websocket_stage(self) -> WebSocketStage:
        return WebSocketStage(self.stack, "WebSocketStage", api=self.websocket_api, stage_name="live")

    @functools.cached_property
    def native_websocket_stage(self) -> apigatewayv2.WebSocketStage:
        return apigatewayv2.WebSocketStage(
            self.stack, "NativeWebSocket", web_socket_api=self.websocket_api, stage_name="native"
        )

    @functools.cached_property
    def imported_websocket_stage(self) -> WebSocketStage:
        return WebSocketStage.from_stage_id(self.stack, "ImportedWebSocket", "aabbccddee/live")

    @functools.cached_property
    def deployment(self) -> Deployment:
        return Deployment(self.stack, "Deployment", api=self.http_api)

    @functools.cached_property
    def certificate(self) -> apigateway.CfnClientCertificate:
        return apigateway.CfnClientCertificate(self.stack, "Certificate")

    @functools.cached_property
    def account(self) -> ApiGatewayAccount:
        return ApiGatewayAccount(self.stack, "Account")

    @functools.cached_property
    def log_group(self) -> logs.LogGroup:
        return logs.LogGroup(self.stack, "LogGroup")

    @functools.cached_property
    def key(self) -> kms.Key:
        return kms.Key(self.stack, "Key")

    @functools.cached_property
    def role(self) -> iam.Role:
        return iam.Role(self.stack, "Role", assumed_by=self.principal)

    @property
    def role_of_account(self) -> iam.IRole:
        return iam.Role.from_role_name(self.stack, f"Role{self.case}", "logs")

    @functools.cached_property
    def principal(self) -> iam.ServicePrincipal:
        return iam.ServicePrincipal("apigateway.amazonaws.com")

    @functools.cached_property
    def bucket(self) -> s3.Bucket:
        return s3.Bucket(self.stack, "Bucket")

    @functools.cached_property
    def imported_bucket(self) -> s3.IBucket:
        return s3.Bucket.from_bucket_name(self.stack, "ImportedBucket", "recordings")

    @functools.cached_property
    def stage(self) -> ivs.Stage:
        return ivs.Stage(self.stack, "Stage")

    @functools.cached_property
    def native_stage(self) -> native_ivs.CfnStage:
        return native_ivs.CfnStage(self.stack, "NativeStage")

    @functools.cached_property
    def imported_stage(self) -> ivs.Stage:
        arn = "arn:aws:ivs:eu-west-1:123456789012:stage/abcdABCDefgh"
        return ivs.Stage.from_stage_arn(self.stack, "ImportedStage", arn)

    @functools.cached_property
    def storage(self) -> ivs.StorageConfiguration:
        return ivs.StorageConfiguration(self.stack, "Storage", bucket=self.bucket)

    @functools.cached_property
    def imported_storage(self) -> ivs.StorageConfiguration:
        arn = "arn:aws:ivs:eu-west-1:123456789012:storage-configuration/abcdABCDefgh"
        return ivs.StorageConfiguration.from_storage_configuration_arn(self.stack, "ImportedStorage", arn)

    @functools.cached_property
    def encoder(self) -> ivs.EncoderConfiguration:
        return ivs.EncoderConfiguration(self.stack, "Encoder")

    @functools.cached_property
    def channel(self) -> native_ivs.CfnChannel:
        return native_ivs.CfnChannel(self.stack, "Channel")

    @functools.cached_property
    def sessions(self) -> ivs.StageSessions:
        return ivs.StageSessions(self.stack, "Sessions", tags={"app": "video"})

    @functools.cached_property
    def target(self) -> targets.SqsQueue:
        arn = "arn:aws:sqs:eu-west-1:123456789012:events"
        return targets.SqsQueue(sqs.Queue.from_queue_arn(self.stack, "Queue", arn))

    @functools.cached_property
    def alarm_action(self) -> cloudwatch_actions.SnsAction:
        return cloudwatch_actions.SnsAction(sns.Topic(self.stack, "Topic"))

    @functools.cached_property
    def pem_file(self) -> Path:
        path = Path(mkdtemp()) / "public.pem"
        path.write_text(PEM, encoding="ascii")
        return path

    def template(self) -> dict[str, dict[str, Any]]:
        """What all stacks hold, as one template: what cases make bears their names."""
        whole: dict[str, dict[str, Any]] = {}
        for stack in self.app.synth().stacks:
            for section in ("Parameters", "Resources", "Outputs"):
                whole.setdefault(section, {}).update(stack.template.get(section, {}))
        del whole["Parameters"]["BootstrapVersion"]
        return whole


def cases_in(text: str) -> set[str]:
    """The cases that a text names."""
    return set(_CASE.findall(text))


_CONFIG = ManualArgs(regions=["eu-west-1"], ignore_checks=["W", "I", "E1029", "E3010", "E3019", "E6010"])
"""Errors alone, and not those that many cases in one template make: too many of them, or two with one name.

E1029 is none: it takes a text such as `${AWS::Region}`, which is sent as it is, for a forgotten `Fn::Sub`.
"""


@functools.cache
def _rules() -> RulesCollection:
    return Runner(ConfigMixIn(**_CONFIG)).rules


def errors_in(template: dict[str, Any]) -> Iterator[str]:
    """What the judge says of a template."""
    for match in lint(json.dumps(template, ensure_ascii=False), _rules(), config=_CONFIG):
        yield f"{'/'.join(str(step) for step in getattr(match, 'path', None) or ())}: {match}"
