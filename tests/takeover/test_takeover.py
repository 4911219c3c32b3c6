"""The app that `stage-constructs takeover` writes declares what is live, under the logical ids of the mapping."""

from __future__ import annotations

import itertools

import pytest

from . import sources
from .sources import IVS_LIVE, IVS_PROPERTIES, ROOM, api_stage, resource, settings, terraform

LIVE_HTTP = {
    **sources.HTTP_PROPERTIES,
    "CreatedDate": "2026-11-24T10:00:00+00:00",
    "DeploymentId": "abc123",
    "LastDeploymentStatusMessage": "Successfully deployed stage with deployment ID 'abc123'",
}
LIVE_WEBSOCKET = {**sources.WEBSOCKET_PROPERTIES, "CreatedDate": "2026-11-24T10:00:00+00:00"}
del LIVE_HTTP["ApiId"], LIVE_WEBSOCKET["ApiId"]
AT_HTTP = {"ApiId": "aabbccddee", "StageName": "example-stage"}
AT_WEBSOCKET = {"ApiId": "wwbbccddee", "StageName": "example-stage"}
STATE = terraform(resource("aws_apigatewayv2_stage.pets", sources.HTTP))
IVS_STATE = terraform(resource("awscc_ivs_stage.room", sources.IVS, "awscc_ivs_stage"))


@pytest.mark.parametrize(
    ("content", "arguments", "properties", "identifier"),
    [
        (STATE, [], sources.HTTP_PROPERTIES, AT_HTTP),
        (sources.raw_state(STATE), [], sources.HTTP_PROPERTIES, AT_HTTP),
        (LIVE_HTTP, ["--api-id", "aabbccddee"], sources.HTTP_PROPERTIES, AT_HTTP),
        ({"Items": [LIVE_HTTP]}, ["--api-id", "aabbccddee"], sources.HTTP_PROPERTIES, AT_HTTP),
        (
            terraform(resource("aws_apigatewayv2_stage.chat", sources.WEBSOCKET)),
            [],
            sources.WEBSOCKET_PROPERTIES,
            AT_WEBSOCKET,
        ),
        ({"Items": [LIVE_WEBSOCKET]}, ["--api-id", "wwbbccddee"], sources.WEBSOCKET_PROPERTIES, AT_WEBSOCKET),
        (IVS_STATE, [], IVS_PROPERTIES, {"Arn": ROOM}),
        (IVS_LIVE, [], IVS_PROPERTIES, {"Arn": ROOM}),
    ],
    ids=["http", "tfstate", "get-stage", "get-stages", "websocket", "live-websocket", "ivs", "live-ivs"],
)
def test_every_property(app, take_over, content, arguments, properties, identifier) -> None:
    """Each property of the live stage is declared, and nothing else."""
    taken = take_over(content, *arguments)
    [(logical_id, declared)] = taken.stages(app).items()
    assert taken.mapping == {logical_id: identifier}
    assert declared["Properties"] == properties
    assert declared["DeletionPolicy"] == "Retain"


class TestThrottles:
    def test_limits_that_are_not_set(self, app, take_over) -> None:
        """A limit that is 0 in Terraform's state is not declared, and a comment says so."""
        route = settings(route_key="GET /pets", throttling_rate_limit=None)
        taken = take_over(terraform(resource("aws_apigatewayv2_stage.pets", api_stage(route_settings=[route]))))
        [declared] = taken.stages(app).values()
        assert declared["Properties"]["DefaultRouteSettings"] == {"DetailedMetricsEnabled": False}
        assert declared["Properties"]["RouteSettings"] == {"GET /pets": {"DetailedMetricsEnabled": False}}
        assert "default_route_settings=ACCOUNT_LIMIT," in taken.code
        assert "# - throttles of 0: the state of Terraform has 0 where none is set" in taken.code

    def test_a_live_limit_of_zero(self, app, take_over) -> None:
        """The AWS CLI prints a limit of 0 only where there is one."""
        live = {"StageName": "dev", "DefaultRouteSettings": {"ThrottlingRateLimit": 0.0}}
        [declared] = take_over(live, "--api-id", "abc").stages(app).values()
        assert declared["Properties"]["DefaultRouteSettings"] == {
            "DetailedMetricsEnabled": False,
            "ThrottlingRateLimit": 0,
        }

    def test_no_settings(self, app, take_over) -> None:
        """Without settings no limit is invented."""
        values = api_stage(default_route_settings=[], auto_deploy=None, tags=None, tags_all=None)
        [declared] = take_over(terraform(resource("aws_apigatewayv2_stage.pets", values))).stages(app).values()
        assert declared["Properties"] == {
            "ApiId": "aabbccddee",
            "AutoDeploy": False,
            "DefaultRouteSettings": {"DetailedMetricsEnabled": False},
            "StageName": "example-stage",
        }


ADDRESSES = [
    "aws_apigatewayv2_stage.this",
    'aws_apigatewayv2_stage.this["eu"]',
    'aws_apigatewayv2_stage.this["e.u"]',
    'aws_apigatewayv2_stage.this["E-u"]',
    "aws_apigatewayv2_stage.this[0]",
    'module.chat["a b"].aws_apigatewayv2_stage.this[1]',
    "aws_apigatewayv2_stage.example_stage",
    "aws_apigatewayv2_stage.cdk",
    "aws_apigatewayv2_stage.self",
    "aws_apigatewayv2_stage.api",
    'aws_apigatewayv2_stage.v["ü"]',
    f"aws_apigatewayv2_stage.{'long' * 70}",
]
NAMES = ["$default", "default", "1", "v1", "_", "-", "resource", "stage", "Default-Stage", "a_b", "a-b", "class"]


class TestNames:
    def test_logical_ids(self, app, take_over) -> None:
        """The logical ids of the mapping are those of the template, whatever modules and keys the addresses name."""
        numbers = itertools.count()
        nested = {"resources": [resource(ADDRESSES[5], api_stage(name=f"s{next(numbers)}"))]}
        stages = [resource(each, api_stage(name=f"s{next(numbers)}")) for each in ADDRESSES if "module" not in each]
        taken = take_over(terraform(*stages, modules=({"child_modules": [nested]},)))
        declared = {
            logical_id: {name: each["Properties"][name] for name in ("ApiId", "StageName")}
            for logical_id, each in taken.stages(app).items()
        }
        assert taken.mapping == declared
        assert len(declared) == len(ADDRESSES)

    def test_names_of_stages(self, app, take_over) -> None:
        """The same for stages that have no address but their name."""
        taken = take_over({"Items": [{"StageName": name} for name in NAMES]}, "--api-id", "abc")
        names = {logical_id: each["Properties"]["StageName"] for logical_id, each in taken.stages(app).items()}
        assert {logical_id: each["StageName"] for logical_id, each in taken.mapping.items()} == names
        assert sorted(names.values()) == sorted(NAMES)
