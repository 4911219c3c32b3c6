"""Whatever a constructor is given ends in one of two ways: a template that is admissible, or an error before synth.

The judge of the template is cfn-lint, which knows the CloudFormation registry and nothing of this library.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_s3 as s3
from cfnlint.api import ManualArgs, lint
from hypothesis import given
from hypothesis import strategies as st

from stage_constructs import StageConfigurationError, ivs
from stage_constructs.apigatewayv2 import (
    AccessLogSettings,
    ApiGatewayAccount,
    Deployment,
    HttpStage,
    WebSocketStage,
)

from . import values

PEM = (
    "-----BEGIN PUBLIC KEY-----\n"
    "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEykzyPM/YZr4L6bjZTuyLI2aMISn/VHX6\n"
    "/h230d7nenkPsReL9qhRgc1xdUaLgNm3xaAoDA1pfNrSdt6wrYFcjjnND16uEl09\n"
    "9mQu2l1/s5TafUz1ya8R+FzusRuBWicU\n"
    "-----END PUBLIC KEY-----\n"
)


class Yard:
    """A stack with neighbours, in which cases are built; a new one for each hundred that were accepted."""

    def __init__(self) -> None:
        self.done: list[dict[str, Any]] = []
        self._open()

    def _open(self) -> None:
        app = cdk.App(analytics_reporting=False)
        self.stack = cdk.Stack(app, "Yard", env=cdk.Environment(account="123456789012", region="eu-west-1"))
        for name, kind in (("Number", "Number"), ("Text", "String"), ("Anything", "String")):
            cdk.CfnParameter(self.stack, name, type=kind)
        cdk.CfnParameter(self.stack, "Words", type="CommaDelimitedList")
        self.http_api = apigatewayv2.HttpApi(self.stack, "HttpApi", create_default_stage=False)
        apigatewayv2.CfnRoute(self.stack, "Route", api_id=self.http_api.api_id, route_key="GET /pets")
        self.bucket = s3.Bucket(self.stack, "Bucket")
        self.stage = ivs.Stage(self.stack, "Stage")
        self.storage = ivs.StorageConfiguration(self.stack, "Storage", bucket=self.bucket)
        self.accepted = 0

    def next_case(self) -> str:
        """The id of the next construct."""
        self.accepted += 1
        if self.accepted > 100:
            self.close()
            self._open()
        return f"Case{self.accepted}"

    def close(self) -> None:
        """Keep the template of what was accepted."""
        self.done.append(assertions.Template.from_stack(self.stack).to_json())


Make = Callable[[Yard, str, dict[str, Any]], object]


def _http(yard: Yard, case: str, props: dict[str, Any]) -> object:
    api = apigatewayv2.HttpApi.from_http_api_attributes(yard.stack, f"{case}Api", http_api_id=case)
    return HttpStage(yard.stack, case, **{"api": api, **props})


def _websocket(yard: Yard, case: str, props: dict[str, Any]) -> object:
    api = apigatewayv2.WebSocketApi.from_web_socket_api_attributes(yard.stack, f"{case}Api", web_socket_id=case)
    return WebSocketStage(yard.stack, case, **{"api": api, "stage_name": case, **props})


def _recording(yard: Yard, props: dict[str, Any]) -> dict[str, Any]:
    fields = props.pop("recording", None)
    if fields is not None:
        props["auto_participant_recording"] = ivs.ParticipantRecording(**{"storage": yard.storage, **fields})
    return props


STAGE = {
    "stage_name": values.NAME,
    "description": st.text(max_size=1024).filter(str.isprintable),
    "auto_deploy": st.booleans(),
    "deployment_id": st.just("abc123"),
    "default_route_settings": values.ROUTE_SETTINGS,
    "route_settings": st.dictionaries(st.just("$default"), values.ROUTE_SETTINGS, max_size=1),
    "access_log_settings": values.ACCESS_LOG_SETTINGS | st.just(AccessLogSettings()),
    "stage_variables": st.dictionaries(
        st.from_regex(r"\A\w{1,64}\Z"), st.from_regex(r"\A[A-Za-z0-9\-._~:/?#&=,]{1,512}\Z"), max_size=5
    ),
    "tags": values.TAGS,
}
NAMED = {"tags": values.TAGS}

CONSTRUCTORS: dict[str, tuple[Make, st.SearchStrategy[dict[str, Any]]]] = {
    "HttpStage": (_http, values.props(**STAGE, api=values.ABSURD)),
    "WebSocketStage": (_websocket, values.props(**STAGE, client_certificate_id=st.just("abc"), api=values.ABSURD)),
    "Deployment": (
        lambda yard, case, props: Deployment(yard.stack, case, **{"api": yard.http_api, **props}),
        values.props(description=st.text(max_size=100).filter(str.isprintable), triggers=values.TAGS),
    ),
    "ApiGatewayAccount": (
        lambda yard, case, props: ApiGatewayAccount(cdk.Stack(cdk.App(), case), case, **props),
        values.props(removal_policy=st.sampled_from(cdk.RemovalPolicy), role=st.none()),
    ),
    "ivs.Stage": (
        lambda yard, case, props: ivs.Stage(yard.stack, case, **_recording(yard, props)),
        values.props(
            stage_name=values.NAME,
            recording=values.props(
                media_type=values.MEDIA,
                reconnect_window=values.DURATION,
                hls_segment_duration=values.DURATION,
                thumbnails=values.THUMBNAILS,
            ),
            **NAMED,
        ),
    ),
    "ivs.StorageConfiguration": (
        lambda yard, case, props: ivs.StorageConfiguration(yard.stack, case, **{"bucket": yard.bucket, **props}),
        values.props(storage_configuration_name=values.NAME, bucket=values.ABSURD, **NAMED),
    ),
    "ivs.EncoderConfiguration": (
        lambda yard, case, props: ivs.EncoderConfiguration(yard.stack, case, **props),
        values.props(
            width=st.integers(1, 1000).map(lambda half: 2 * half),
            height=st.integers(1, 600).map(lambda half: 2 * half),
            framerate=st.floats(0, 70) | st.integers(1, 60),
            bitrate=st.integers(1, 9_000_000),
            encoder_configuration_name=values.NAME,
            **NAMED,
        ),
    ),
    "ivs.PublicKey": (
        lambda yard, case, props: ivs.PublicKey(
            cdk.Stack(cdk.App(), case), case, **{"public_key_material": PEM, **props}
        ),
        values.props(public_key_material=st.just(PEM), public_key_name=values.NAME, **NAMED),
    ),
    "ivs.IngestConfiguration": (
        lambda yard, case, props: ivs.IngestConfiguration(yard.stack, case, **{"stage": yard.stage, **props}),
        values.props(
            ingest_protocol=st.sampled_from(ivs.IngestProtocol),
            insecure_ingest=st.booleans(),
            user_id=st.from_regex(r"\A[a-z]{0,128}\Z"),
            ingest_configuration_name=values.NAME,
            stage=values.ABSURD,
            **NAMED,
        ),
    ),
    "ivs.StageEventLog": (
        lambda yard, case, props: ivs.StageEventLog(yard.stack, case, **props),
        values.props(
            stages=values.ABSURD,
            event_types=st.lists(st.sampled_from(ivs.StageEventType), min_size=1, max_size=3),
            removal_policy=st.sampled_from(cdk.RemovalPolicy),
        ),
    ),
    "ivs.StageSessions": (
        lambda yard, case, props: ivs.StageSessions(yard.stack, case, **{"tags": {"app": "video"}, **props}),
        values.props(tags=values.TAGS),
    ),
}


def _errors(template: dict[str, Any]) -> Iterator[str]:
    for match in lint(
        json.dumps(template, ensure_ascii=False), config=ManualArgs(regions=["eu-west-1"], ignore_checks=["W", "I"])
    ):
        yield str(match)


@pytest.mark.parametrize("name", CONSTRUCTORS)
def test_a_template_or_an_error(name: str) -> None:
    """Nothing but our error or a TypeError is raised, nothing is left behind it, and the rest is admissible."""
    make, strategy = CONSTRUCTORS[name]
    yard = Yard()
    ended = {"built": 0, "refused": 0}

    @given(strategy)
    def attempt(props: dict[str, Any]) -> None:
        case = yard.next_case()
        try:
            make(yard, case, dict(props))
            ended["built"] += 1
        except (StageConfigurationError, TypeError):
            ended["refused"] += 1
            assert yard.stack.node.try_find_child(case) is None

    attempt()
    yard.close()
    assert min(ended.values()) > 10, ended
    assert [error for template in yard.done for error in _errors(template)] == []
