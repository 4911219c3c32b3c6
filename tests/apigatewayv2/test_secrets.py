"""Secrets in what can be read with the stage, and values of stage variables in messages."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_ivs as ivs

from stage_constructs import StageConfigurationError
from stage_constructs.rules import _messages

from ..checks import template_helpers
from ..kernel import KernelRequests
from .conftest import Kind

SECRETS = {
    "secret": lambda _: cdk.SecretValue.secrets_manager("db").to_string(),
    "secret within a text": lambda _: f"https://{cdk.SecretValue.secrets_manager('db').to_string()}@host",
    "unwrapped secret": lambda _: cdk.SecretValue.secrets_manager("db").unsafe_unwrap(),
    "secure parameter": lambda _: cdk.SecretValue.ssm_secure("db", "1").unsafe_unwrap(),
    "stream key": lambda stack: ivs.CfnIngestConfiguration(stack, "Ingest").attr_stream_key,
    "hidden parameter": lambda stack: cdk.CfnParameter(stack, "Hidden", no_echo=True).value_as_string,
    "dynamic reference": lambda _: "{{resolve:secretsmanager:db}}",
}
OTHERS = {
    "parameter": lambda stack: cdk.CfnParameter(stack, "Plain").value_as_string,
    "parameter of Systems Manager": lambda _: cdk.CfnDynamicReference(
        cdk.CfnDynamicReferenceService.SSM, "name:1"
    ).to_string(),
    "dynamic reference": lambda _: "{{resolve:ssm:name}}",
    "attribute": lambda stack: ivs.CfnIngestConfiguration(stack, "Ingest").attr_arn,
}


def warnings(stack: cdk.Stack) -> list[str]:
    """The warnings of a stack."""
    found = assertions.Annotations.from_stack(stack).find_warning("*", assertions.Match.any_value())
    return [str(each.entry.data) for each in found]


class TestSecrets:
    @pytest.mark.parametrize("secret", SECRETS)
    def test_warn(self, kind: Kind, secret: str) -> None:
        """A secret as a description or a stage variable, given or added, warns; CloudFormation refuses some."""
        stack = cdk.Stack(cdk.App(analytics_reporting=False), "Unvalidated")
        value = SECRETS[secret](stack)
        stage = kind.stage(stack, description=value, stage_variables={"given": value})
        stage.add_stage_variable("added", value)
        found = [each for each in warnings(stack) if "readableSecret" in each]
        assert [each.partition(" ")[0] for each in found] == [
            "description",
            'stage_variables["given"]',
            'stage_variables["added"]',
        ]

    @pytest.mark.parametrize("other", OTHERS)
    def test_others_do_not(self, stack: cdk.Stack, kind: Kind, other: str) -> None:
        """What is known at deploy only and no secret is silent."""
        value = OTHERS[other](stack)
        kind.stage(stack, description=value, stage_variables={"given": value})
        assert warnings(stack) == []

    def test_plain_texts_are_not_asked(self, stack: cdk.Stack, kind: Kind, kernel_requests: KernelRequests) -> None:
        """The check of plain texts costs no requests, and that of a token is made once."""
        token = cdk.CfnParameter(stack, "Plain").value_as_string
        api = kind.imported_api(stack)
        kind.stage(stack, "First", api=api, stage_name="first", stage_variables={"a": token})
        with kernel_requests as sent:
            kind.stage(stack, "A", api=api, stage_name="a", description="x", stage_variables={"a": "b", "c": token})
        assert sent.count == 2


PASSWORD = "Tr0ub4dor+3;hunter2"
"""Has a character that stage variables do not take."""
ALLOWED = "Tr0ub4dor.3.hunter2"


def failures(stack: cdk.Stack, kind: Kind) -> list[Any]:
    """Every way in which a stage variable can be refused or warned of."""
    stage = kind.stage(stack, stage_variables={"taken": ALLOWED})
    imported = kind.cls.from_stage_attributes(stack, "Elsewhere", api_id="aabbccddee", stage_name="live")
    many = {f"v{number}": ALLOWED for number in range(101)}
    values: list[Any] = [
        PASSWORD,
        PASSWORD * 200,
        f"{ALLOWED}\n",
        [ALLOWED],
        {ALLOWED: ALLOWED},
        20260101,
        20260101.5,
        ALLOWED.encode(),
    ]
    return [
        *(lambda value=value: kind.stage(stack, "S", stage_variables={"a": value}) for value in values),
        *(lambda value=value: stage.add_stage_variable("a", value) for value in values),
        *(
            lambda value=value: kind.stage(stack, "S", stage_variables=value)
            for value in (ALLOWED, [ALLOWED], [("a", ALLOWED)], {ALLOWED}, 20260101)
        ),
        lambda: kind.stage(stack, "S", stage_variables={"a-b": ALLOWED}),
        lambda: kind.stage(stack, "S", stage_variables=many),
        lambda: stage.add_stage_variable("taken", ALLOWED),
        lambda: stage.add_stage_variable("a-b", ALLOWED),
        lambda: imported.add_stage_variable("a", ALLOWED),
    ]


def test_values_of_stage_variables_are_never_shown(stack: cdk.Stack, kind: Kind) -> None:
    """Errors name the variable, and nothing of its value."""
    for failing in failures(stack, kind):
        with pytest.raises(StageConfigurationError) as refused:
            failing()
        said = str(refused.value)
        assert "stage_variables" in said
        for part in ("Tr0ub", "hunter", "20260101", ";h"):
            assert part not in said


def test_warnings_show_no_values(stack: cdk.Stack, kind: Kind) -> None:
    """A long value warns without being shown."""
    kind.stage(stack, stage_variables={"a": ALLOWED * 40})
    (warning,) = warnings(stack)
    assert "longStageVariable" in warning
    assert "hunter" not in warning


@pytest.mark.parametrize("value", [PASSWORD, PASSWORD * 200, ALLOWED * 40, [ALLOWED], {"b": ALLOWED}])
def test_template_checks_show_no_values(value: Any) -> None:
    """StageChecks names the variable too."""
    found = template_helpers.findings(
        template_helpers.template(template_helpers.http({"StageVariables": {"a": value}}))
    )
    assert found
    for violation in found:
        assert violation.path[0] == "StageVariables"
        for text in (
            _messages.problem_text(violation, _messages.TEMPLATE, violation.value),
            _messages.fix_text(violation, _messages.TEMPLATE),
            _messages.service_text(violation),
        ):
            assert "hunter" not in text
            assert ";h" not in text
