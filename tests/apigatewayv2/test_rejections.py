"""The 41 known rejections: how each is caught before deploy, or why it cannot be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks import rejections
from benchmarks.rejections import NOT_KNOWABLE

ROWS = range(1, 42)
BY_ROW = {case.row: case for case in rejections.CASES}
README = Path(__file__).parents[2].joinpath("README.md").read_text()


def ends(row: int) -> tuple[str, str]:
    """How the program with the fault ends here, where that without it is silent; and what is said."""
    case = BY_ROW[row]
    return rejections.caught(case, case.ours)


def error(row: int) -> str:
    """The error that the fault ends in."""
    how, said = ends(row)
    assert how == "error"
    return said


def warning(row: int) -> str:
    """The warning that the fault raises."""
    how, said = ends(row)
    assert how == "warning"
    return said


def is_made_right(row: int) -> bool:
    """Whether the fault does not reach the template."""
    return ends(row)[0] == "made right"


def test_all_rows_are_accounted_for() -> None:
    """Each row is caught by a test of its own here, or cannot be known."""
    tested = [int(row) for name in globals() for row in re.findall(r"^test_row_(\d\d)_", name)]
    assert sorted([*tested, *NOT_KNOWABLE]) == list(ROWS)
    assert sorted(BY_ROW) == sorted(tested)
    assert all(NOT_KNOWABLE.values())


def test_row_01_log_level_on_http() -> None:
    """Any log level on an HTTP stage, OFF too, is an error in the service's words."""
    assert "Execution logs are not supported on protocolType HTTP" in error(1)


def test_row_02_data_trace_on_http() -> None:
    """Data tracing on an HTTP stage is an error in the service's words."""
    assert "Execution logs are not supported on protocolType HTTP" in error(2)


def test_row_03_no_role_of_the_account() -> None:
    """A WebSocket stage that logs without a role of the account warns in the service's words."""
    said = warning(3)
    assert "stage-constructs:accountLoggingRole" in said
    assert "CloudWatch Logs role ARN must be set in account settings to enable logging" in said


def test_row_04_role_that_api_gateway_cannot_assume() -> None:
    """A role of the app that API Gateway may not assume warns."""
    said = warning(4)
    assert "stage-constructs:accountRoleTrust" in said
    assert "Please grant trust permission for API Gateway" in said


def test_row_05_route_key_without_route() -> None:
    """Settings for a route that the API does not have are an error at synth."""
    assert "Unable to find Route by key GET /nosuch within the provided RouteSettings" in error(5)


def test_row_06_rollback() -> None:
    """The stage depends on the route, so that on a rollback the settings go before the route."""
    assert is_made_right(6)


def test_row_07_flat_settings() -> None:
    """Settings that are not by route are an error."""
    assert 'route_settings["LoggingLevel"] must be RouteSettings(...)' in error(7)


def test_row_08_camel_case() -> None:
    """Settings as a dict, in whatever case, are an error."""
    assert 'route_settings["$default"] must be RouteSettings(...)' in error(8)


def test_row_09_format_without_request_id() -> None:
    """A format that does not name the request is an error in the service's words."""
    assert "must include either $context.requestId or $context.extendedRequestId" in error(9)


def test_row_10_format_of_two_lines() -> None:
    """A newline in a format is an error in the service's words."""
    assert "Access Log format must be single line" in error(10)


def test_row_11_unknown_variable() -> None:
    """A variable that an HTTP API does not have is an error in the service's words."""
    assert "The following context variables are not supported: [$context.nosuch]" in error(11)


def test_row_12_destination_without_format() -> None:
    """A stage that logs has both destination and format."""
    assert is_made_right(12)


def test_row_13_destination_that_is_no_arn() -> None:
    """A destination that is no ARN of a log group is an error."""
    assert "must be the ARN of a log group" in error(13)


def test_row_14_firehose() -> None:
    """Firehose as destination of an HTTP stage is an error in the service's words."""
    assert "Access log destination must only contain characters" in error(14)


def test_row_19_deployment_id_with_auto_deploy() -> None:
    """A deployment id beside auto_deploy=True is an error in the service's words."""
    assert "Deployment ID cannot be set on this stage because AutoDeploy is enabled." in error(19)


def test_row_20_deployment_without_route() -> None:
    """A deployment of an API without routes is an error at synth in the service's words."""
    assert "At least one route is required before deploying the Api" in error(20)


def test_row_21_deployment_in_use() -> None:
    """A changed API has a deployment of another logical id: the old one is deleted when no stage serves it."""
    assert is_made_right(21)


def test_row_22_stage_name() -> None:
    """A name with other characters is an error in the service's words."""
    assert "Stage name only allows a-zA-Z0-9_" in error(22)


def test_row_23_long_stage_name() -> None:
    """A name of 129 characters is an error."""
    assert "1 to 128 letters" in error(23)


def test_row_24_stage_that_exists() -> None:
    """A second `$default` beside the one that HttpApi makes is an error at synth, with the way out."""
    said = error(24)
    assert "Stage already exists" in said
    assert "create_default_stage=False" in said
    assert "has this name already" in said


def test_row_25_variable_name() -> None:
    """A variable name with other characters is an error in the service's words."""
    assert "Invalid stage variable name: bad-key. Please use names with only word characters." in error(25)


def test_row_26_variable_value() -> None:
    """A variable value with other characters is an error in the service's words."""
    assert "Invalid stage variable value of key table." in error(26)


def test_row_27_empty_variable() -> None:
    """An empty variable warns: the service may take it for a deletion."""
    assert "stage-constructs:emptyStageVariable" in warning(27)


def test_row_28_variables() -> None:
    """101 variables are an error."""
    assert "at most 100 variables, got 101" in error(28)


def test_row_29_description() -> None:
    """A description of 1025 characters is an error."""
    assert "at most 1,024 characters" in error(29)


def test_row_30_mapping() -> None:
    """The mapping depends on its stage: it is deleted before, and moved to a new one first."""
    assert is_made_right(30)


def test_row_31_tags() -> None:
    """Tags as a list are an error."""
    assert "tags must be a dict" in error(31)


def test_row_32_access_policy() -> None:
    """There is no access policy id to set."""
    assert "access_policy_id" in error(32)


def test_row_33_accounts() -> None:
    """A second account resource for one account and Region warns: the one that is deployed last wins."""
    said = warning(33)
    assert "stage-constructs:secondAccount" in said
    assert "should be the only resource that sets the CloudWatch role of its account and Region" in said


def test_row_34_stages() -> None:
    """The eleventh stage of an API warns, for the quota can be raised."""
    assert "stage-constructs:manyStages" in warning(34)


def test_row_36_negative_throttle() -> None:
    """A negative throttle is an error."""
    assert "0 or more, got -1" in error(36)


def test_row_37_zero_throttle() -> None:
    """A throttle of 0 warns of the outage that it is."""
    assert "429 Too Many Requests" in warning(37)


def test_row_38_client_certificate_on_http() -> None:
    """An HTTP stage has no client certificate to set."""
    assert "client_certificate_id" in error(38)


def test_row_39_mutual_tls_on_websocket() -> None:
    """A WebSocket stage under a domain name with mutual TLS warns."""
    assert "stage-constructs:mutualTlsOnWebSocket" in warning(39)


def test_row_40_shared_domain() -> None:
    """A domain name for APIs of both protocols is an error."""
    assert "must be a domain name of its own" in error(40)


def test_row_41_log_level() -> None:
    """A log level that is none is an error that names the three."""
    assert "must be OFF, ERROR or INFO" in error(41)


def test_a_stage_of_the_same_name_elsewhere_is_none() -> None:
    """Stages of one name on two APIs, and stages of two names on one, are no twins."""
    import aws_cdk as cdk
    from aws_cdk import aws_apigatewayv2 as apigatewayv2

    from stage_constructs.apigatewayv2 import HttpStage

    def build(stack: cdk.Stack, _: bool) -> None:
        for api in (apigatewayv2.HttpApi(stack, name, create_default_stage=False) for name in "AB"):
            for stage in ("$default", "prod"):
                HttpStage(stack, f"{api.node.id}{stage}", api=api, stage_name=stage)

    assert not rejections.outcome(build, False).error


@pytest.mark.parametrize("removed", [True, False])
def test_stages_of_one_name_that_a_condition_chooses_are_accepted(removed: bool) -> None:
    """Of two stages of one name a condition may make only one; and a removed native stage is none."""
    import aws_cdk as cdk
    from aws_cdk import aws_apigatewayv2 as apigatewayv2

    from stage_constructs.apigatewayv2 import HttpStage

    def build(stack: cdk.Stack, _: bool) -> None:
        api = apigatewayv2.HttpApi(stack, "Api")
        stage = HttpStage(stack, "Stage", api=api)
        if removed:
            api.node.try_remove_child("DefaultStage")
        else:
            condition = cdk.CfnCondition(stack, "Condition", expression=cdk.Fn.condition_equals("a", "b"))
            stage.node.default_child.cfn_options.condition = condition  # type: ignore[union-attr]

    assert not rejections.outcome(build, False).error


@pytest.mark.slow
def test_the_readme_states_what_the_comparison_finds() -> None:
    """The line of the README with the totals is the last line of `make rejections`."""
    assert rejections.summary(list(rejections.table())) in " ".join(README.split())
