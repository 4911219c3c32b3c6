"""The stage of a live native API, changed in place: by `StageSettings`, and by an `HttpStage` of the same path."""

from __future__ import annotations

import pytest

from emulator import clients, live_state

API = """
from aws_cdk import aws_lambda
from aws_cdk.aws_apigatewayv2_integrations import HttpLambdaIntegration
function = aws_lambda.Function(
    stack, "Function", runtime=aws_lambda.Runtime.PYTHON_3_13, handler="index.handler",
    code=aws_lambda.Code.from_inline("def handler(event, context): return 'served'"),
)
api = apigatewayv2.HttpApi(stack, "Api"{arguments})
api.add_routes(path="/pets", methods=[apigatewayv2.HttpMethod.GET], integration=HttpLambdaIntegration("Pets", function))
{stage}
cdk.CfnOutput(stack, "Url", value=f"{{api.api_endpoint}}/")
"""
NATIVE = API.format(arguments="", stage="")
MIXIN = API.format(
    arguments="",
    stage="""
api.default_stage.with_(StageSettings(
    access_log_settings=AccessLogSettings(),
    route_settings={"GET /pets": RouteSettings(throttling_burst_limit=5, throttling_rate_limit=2)},
))
""",
)
PATH = API.format(
    arguments=", create_default_stage=False",
    stage="""
HttpStage(api, "DefaultStage", api=api, description="owned", default_route_settings=ACCOUNT_LIMIT)
""",
)
STAGE = "ApiDefaultStage189A7074"


@pytest.mark.parametrize("changed", [MIXIN, PATH], ids=["mixin", "path"])
def test_the_default_stage_of_a_native_api_is_changed_in_place(emulator, make_app, changed):
    """`cdk diff` shows an update, the stage stays the one that was created, and requests are answered all the while."""
    name = "changed"
    make_app(NATIVE, stack=name).deploy()
    before = live_state.stages(emulator, name)[STAGE]
    url = live_state.outputs(emulator, name)["Url"] + "pets"
    cdk = make_app(changed, stack=name)
    with clients.repeated(emulator, "GET", url) as answered:
        diff = cdk("diff")
        assert f"[~] AWS::ApiGatewayV2::Stage Api/DefaultStage {STAGE}" in diff
        assert not {"[-]", "destroy", "replace"} & set(diff.split())
        cdk.deploy()
    assert len(answered) > 1
    assert set(answered) == {(200, "served")}
    after = live_state.stages(emulator, name)[STAGE]
    assert after["CreatedDate"] == before["CreatedDate"]
    assert live_state.differences(emulator, name, cdk.output) == []
    if changed is MIXIN:
        assert after["RouteSettings"] == {"GET /pets": {"ThrottlingBurstLimit": 5, "ThrottlingRateLimit": 2}}
        assert "/aws/vendedlogs/apis/changed-Api-DefaultStage" in after["AccessLogSettings"]["DestinationArn"]
    else:
        assert after["Description"] == "owned"
        assert after["DefaultRouteSettings"] == {"DetailedMetricsEnabled": False}
    cdk.destroy()
