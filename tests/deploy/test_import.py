"""A stage that is there already is taken into a stack of ours by `cdk import`, without being replaced."""

from __future__ import annotations

import json

HERE = """
api = apigatewayv2.HttpApi.from_http_api_attributes(stack, "Api", http_api_id="{api_id}")
stage = HttpStage(stack, "Stage", api=api, stage_name="by-hand", description="{description}",
                  default_route_settings=RouteSettings(throttling_rate_limit=20))
stage.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
"""


def test_a_stage_made_by_hand_is_imported_and_then_changed_in_place(emulator, make_app):
    """The live stage keeps its date of creation through the import and the first deploy behind it."""
    service = emulator.client("apigatewayv2")
    api_id = service.create_api(Name="by-hand", ProtocolType="HTTP")["ApiId"]
    service.create_stage(ApiId=api_id, StageName="by-hand", AutoDeploy=True, Description="made by hand")
    created = service.get_stage(ApiId=api_id, StageName="by-hand")["CreatedDate"]

    cdk = make_app(HERE.format(api_id=api_id, description="made by hand"), stack="adopting")
    cdk("synth", "--quiet")
    template = json.loads((cdk.output / "adopting.template.json").read_text())
    [logical_id] = [name for name, each in template["Resources"].items() if each["Type"] == "AWS::ApiGatewayV2::Stage"]
    mapping = cdk.folder / "mapping.json"
    mapping.write_text(json.dumps({logical_id: {"ApiId": api_id, "StageName": "by-hand"}}))
    cdk("import", "adopting", "--force", "--resource-mapping", str(mapping))

    resources = emulator.client("cloudformation").describe_stack_resources(StackName="adopting")["StackResources"]
    assert {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources}[logical_id] == "by-hand"

    cdk = make_app(HERE.format(api_id=api_id, description="kept by a stack"), stack="adopting")
    cdk.deploy()
    live = service.get_stage(ApiId=api_id, StageName="by-hand")
    assert live["Description"] == "kept by a stack"
    assert live["DefaultRouteSettings"]["ThrottlingRateLimit"] == 20
    assert live["CreatedDate"] == created
    cdk.destroy()
    assert service.get_stage(ApiId=api_id, StageName="by-hand")["CreatedDate"] == created
    service.delete_api(ApiId=api_id)
