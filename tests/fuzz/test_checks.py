"""Whatever stands in a template, the checks report what they find: nothing there makes them fail."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stage_constructs.checks import StageChecks
from stage_constructs.checks._templates import findings_in
from stage_constructs.rules._resources import Template

OWN = {
    "AWS::ApiGatewayV2::Stage": "AccessLogSettings DefaultRouteSettings RouteSettings StageName Tags".split(),
    "AWS::Serverless::HttpApi": "AccessLogSettings DefaultRouteSettings RouteSettings StageName Tags".split(),
    "AWS::IVS::EncoderConfiguration": "Name Tags Video".split(),
    "AWS::IVS::IngestConfiguration": "IngestProtocol InsecureIngest Name Tags UserId".split(),
    "AWS::IVS::PublicKey": "Name PublicKeyMaterial Tags".split(),
    "AWS::IVS::Stage": "AutoParticipantRecordingConfiguration Name Tags".split(),
}
TYPES = [
    "AWS::ApiGatewayV2::Stage",
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Deployment",
    "AWS::ApiGatewayV2::ApiMapping",
    "AWS::ApiGatewayV2::DomainName",
    "AWS::ApiGateway::Account",
    "AWS::Logs::LogGroup",
    "AWS::IAM::Role",
    "AWS::IVS::Stage",
    "AWS::IVS::StorageConfiguration",
    "AWS::IVS::EncoderConfiguration",
    "AWS::IVS::IngestConfiguration",
    "AWS::IVS::PublicKey",
    "AWS::S3::Bucket",
    "AWS::S3::BucketPolicy",
]
PROPERTIES = """
    AccessLogSettings ApiId ApiMappingKey AutoDeploy AutoParticipantRecordingConfiguration Body BucketEncryption
    BucketName ClientCertificateId CloudWatchRoleArn DefaultRouteSettings DeploymentId Description DestinationArn
    DomainName Format InsecureIngest IngestProtocol MutualTlsAuthentication Name PolicyDocument ProtocolType
    PublicKeyMaterial RouteKey RouteSettings S3 Stage StageName StageVariables StorageConfigurationArn Tags Target
    ThrottlingBurstLimit ThrottlingRateLimit LoggingLevel DataTraceEnabled DetailedMetricsEnabled MediaTypes
    ThumbnailConfiguration RecordingMode TargetIntervalSeconds Storage UserId Video Width Height Framerate Bitrate
    HlsConfiguration RecordingReconnectWindowSeconds AssumeRolePolicyDocument
""".split()
IDS = st.sampled_from(["One", "Two", "Three", "Four"])
TEXT = st.text(max_size=10) | st.sampled_from(
    ["HTTP", "WEBSOCKET", "$default", "prod", "GET /pets", "INFO", "true", "1", "$context.requestId", "aws:kms", ""]
)
INTRINSIC = st.one_of(
    st.builds(lambda name: {"Ref": name}, IDS | st.just("AWS::NoValue")),
    st.builds(lambda name: {"Fn::GetAtt": [name, "Arn"]}, IDS),
    st.builds(lambda name: {"Fn::Sub": f"a-${{{name}}}"}, IDS),
    st.builds(lambda value: {"Fn::ImportValue": value}, TEXT),
    st.dictionaries(st.sampled_from(["Ref", "Fn::GetAtt", "Fn::Sub", "Fn::If"]), TEXT | st.lists(TEXT), max_size=2),
)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT | INTRINSIC,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(PROPERTIES) | TEXT, inner, max_size=3),
    max_leaves=10,
)


def _resource(kind: st.SearchStrategy[str], names: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    properties = st.dictionaries(st.sampled_from(names), VALUE, max_size=6)
    others = {"DependsOn": IDS | st.lists(IDS) | VALUE, "Condition": TEXT, "Metadata": VALUE}
    return st.fixed_dictionaries({"Type": kind, "Properties": properties}, optional=others)


RESOURCE = st.one_of(
    _resource(st.sampled_from(TYPES), PROPERTIES), *(_resource(st.just(kind), names) for kind, names in OWN.items())
)
TEMPLATE = st.fixed_dictionaries(
    {"Resources": st.dictionaries(IDS, RESOURCE | VALUE, min_size=1) | VALUE},
    optional={"Transform": VALUE, "Parameters": VALUE},
)


@pytest.mark.slow
def test_any_template(tmp_path: Path, record_property) -> None:
    """A report comes of it; some templates are without fault and some are not."""
    path = tmp_path / "some.template.json"
    stack = SimpleNamespace(template_path=str(path), region="eu-west-1", account_id="123456789012")
    context: Any = SimpleNamespace(
        stack_templates=[stack], region="eu-west-1", account_id="123456789012", app_construct=cdk.App()
    )
    ended = {True: 0, False: 0}

    @settings(max_examples=settings().max_examples * 2)
    @given(TEMPLATE)
    def attempt(template: dict[str, Any]) -> None:
        path.write_text(json.dumps(template), encoding="utf-8")
        assert all(str(finding) for finding in findings_in([Template(template)]))
        report = StageChecks().validate(context)
        assert isinstance(report, cdk.PolicyValidationPluginReport)
        ended[report.success] += 1

    attempt()
    record_property("ended", [("checks.StageChecks.validate", ended[True], ended[False])])
    assert min(ended.values()) > sum(ended.values()) / 20
