"""Events of stages in one log group, with one resource policy."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ivs
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from stage_constructs import StageConfigurationError, ivs

from .template_helpers import STAGE_ARN, properties, resource, resources, template, warnings

RULE = "AWS::Events::Rule"
LOG_GROUP = "AWS::Logs::LogGroup"
POLICY = "AWS::Logs::ResourcePolicy"


@pytest.fixture
def imported(stack: cdk.Stack) -> ivs.Stage:
    """A stage that was made elsewhere."""
    return ivs.Stage.from_stage_arn(stack, "Stage", STAGE_ARN)


def patterns(stack: cdk.Stack) -> list[dict[str, Any]]:
    """The event patterns of all rules."""
    return [rule["Properties"]["EventPattern"] for rule in resources(stack, RULE).values()]


def policy(stack: cdk.Stack) -> dict[str, Any]:
    """The only log resource policy, with `<Id.Attribute>` in place of what is known at deploy only."""
    document = properties(stack, POLICY)["PolicyDocument"]
    parts = document["Fn::Join"][1] if isinstance(document, dict) else [document]
    texts = [part if isinstance(part, str) else f"<{'.'.join(*part.values())}>" for part in map(flat, parts)]
    return dict(json.loads("".join(texts)))


def at_deployment(value: Any, stack_id: str) -> str:
    """A text as CloudFormation computes it in the stack of this id."""
    if isinstance(value, str):
        return value
    if value == {"Ref": "AWS::StackId"}:
        return stack_id
    if "Fn::Select" in value:
        index, split = value["Fn::Select"]
        separator, text = split["Fn::Split"]
        return at_deployment(text, stack_id).split(separator)[index]
    separator, parts = value["Fn::Join"]
    return str(separator).join(at_deployment(part, stack_id) for part in parts)


def flat(part: Any) -> Any:
    """A reference in the form of an attribute."""
    return {"Fn::GetAtt": [part["Ref"]]} if isinstance(part, dict) and "Ref" in part else part


def test_snapshot_minimal(stack: cdk.Stack, snapshot: Any) -> None:
    """The template of a log of all stages does not change unnoticed."""
    ivs.StageEventLog(stack, "Log")
    assert template(stack) == snapshot


def test_snapshot_everything(stack: cdk.Stack, snapshot: Any) -> None:
    """The template of a log with everything given does not change unnoticed."""
    ivs.StageEventLog(
        stack,
        "Log",
        stages=[ivs.Stage(stack, "One"), aws_ivs.CfnStage(stack, "Two")],
        event_types=list(ivs.StageEventType),
        retention=logs.RetentionDays.ONE_WEEK,
        removal_policy=cdk.RemovalPolicy.DESTROY,
        encryption_key=kms.Key(stack, "Key"),
    )
    assert template(stack) == snapshot


def test_all_stages(stack: cdk.Stack) -> None:
    """Without stages one rule takes the events of all of them."""
    ivs.StageEventLog(stack, "Log")
    assert patterns(stack) == [{"source": ["aws.ivs"], "detail-type": [one.value for one in ivs.StageEventType]}]


def test_some_stages(stack: cdk.Stack, imported: ivs.Stage) -> None:
    """With stages there is a rule for each of the two places where events name them."""
    other = aws_ivs.CfnStage(stack, "Other")
    ivs.StageEventLog(stack, "Log", stages=[imported, other])
    arns = [STAGE_ARN, {"Ref": "Other"}]
    assert patterns(stack) == [
        {
            "source": ["aws.ivs"],
            "detail-type": ["IVS Stage Update", "IVS Participant Recording State Change"],
            "resources": arns,
        },
        {"source": ["aws.ivs"], "detail-type": ["IVS Composition State Change"], "detail": {"stage_arn": arns}},
    ]


@pytest.mark.parametrize("event_type", ivs.StageEventType)
def test_one_type_of_events(stack: cdk.Stack, imported: ivs.Stage, event_type: ivs.StageEventType) -> None:
    """Where one type is chosen there is one rule."""
    ivs.StageEventLog(stack, "Log", stages=[imported], event_types=[event_type])
    (pattern,) = patterns(stack)
    assert pattern["detail-type"] == [event_type.value]


def test_many_stages(stack: cdk.Stack) -> None:
    """Forty-five stages are spread over patterns that stay short enough, and still have one policy."""
    arns = [STAGE_ARN.replace("AbCdEf", f"AbCd{number:02}") for number in range(45)]
    stages = [ivs.Stage.from_stage_arn(stack, f"Stage{number}", arn) for number, arn in enumerate(arns)]
    ivs.StageEventLog(stack, "Log", stages=stages)
    found = patterns(stack)
    assert len(found) == 6
    assert [arn for pattern in found for arn in pattern.get("resources", [])] == arns
    assert [arn for pattern in found for arn in pattern.get("detail", {}).get("stage_arn", [])] == arns
    assert all(len(json.dumps(pattern)) < 2048 for pattern in found)
    assert len(policy(stack)["Statement"][1]["Condition"]["ArnEquals"]["aws:SourceArn"]) == 6


def test_the_log_group_is_kept(stack: cdk.Stack) -> None:
    """The log group that is created outlives its stack, not the rollback of its creation; events expire in a year."""
    log = ivs.StageEventLog(stack, "Log")
    found = resource(stack, LOG_GROUP)
    assert (found["DeletionPolicy"], found["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    assert found["Properties"] == {"RetentionInDays": 365}
    assert stack.resolve(log.log_group.log_group_ref.log_group_name) == {"Ref": "LogLogGroup427F779C"}


def test_the_log_group_may_go(stack: cdk.Stack) -> None:
    """Retention and removal of the log group that is made can be chosen."""
    ivs.StageEventLog(stack, "Log", retention=logs.RetentionDays.ONE_DAY, removal_policy=cdk.RemovalPolicy.DESTROY)
    found = resource(stack, LOG_GROUP)
    assert found["DeletionPolicy"] == "Delete"
    assert found["Properties"] == {"RetentionInDays": 1}


def test_targets(stack: cdk.Stack, imported: ivs.Stage) -> None:
    """Rules write to the log group without a role, and the ARN does not end as that of log streams."""
    ivs.StageEventLog(stack, "Log", stages=[imported])
    for rule in resources(stack, RULE).values():
        (target,) = rule["Properties"]["Targets"]
        assert set(target) == {"Arn", "Id"}
        assert target["Arn"]["Fn::Join"][1] == [
            "arn:",
            {"Ref": "AWS::Partition"},
            ":logs:eu-west-1:123456789012:log-group:",
            {"Ref": "LogLogGroup427F779C"},
        ]


def test_one_policy_and_no_function(stack: cdk.Stack, imported: ivs.Stage) -> None:
    """Besides rules and log group there is one resource policy, and nothing that runs."""
    ivs.StageEventLog(stack, "Log", stages=[imported])
    types = sorted(one["Type"] for one in template(stack)["Resources"].values())
    assert types == [RULE, RULE, LOG_GROUP, POLICY]


def test_the_policy_names_its_source(stack: cdk.Stack, imported: ivs.Stage) -> None:
    """Only these rules write events, only this account makes streams, and only in this log group."""
    ivs.StageEventLog(stack, "Log", stages=[imported])
    streams, events = policy(stack)["Statement"]
    log_streams = "arn:<AWS::Partition>:logs:eu-west-1:123456789012:log-group:<LogLogGroup427F779C>:*"
    account = {"aws:SourceAccount": "123456789012"}
    principal = {"Service": ["events.amazonaws.com", "delivery.logs.amazonaws.com"]}
    assert streams == {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "logs:CreateLogStream",
        "Resource": log_streams,
        "Condition": {"StringEqualsIfExists": account},
    }
    rules = [f"<{rule_id}.Arn>" for rule_id in resources(stack, RULE)]
    assert events == {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "logs:PutLogEvents",
        "Resource": log_streams,
        "Condition": {"StringEqualsIfExists": account, "ArnEquals": {"aws:SourceArn": rules}},
    }


def test_the_policy_name_is_unique_to_the_stack() -> None:
    """One app, deployed twice into an account under two stack names, has two policies: the name holds the stack's id.

    Policies of one name overwrite each other, and deleting one stack would then silence the log of the other.
    """
    names = {}
    for stack_name, guid in (("Blue", "1b2f3c4d-0000"), ("Green", "5e6f7a8b-0000")):
        stack = cdk.Stack(cdk.App(analytics_reporting=False), "Video", stack_name=stack_name)
        ivs.StageEventLog(stack, "Events")
        stack_id = f"arn:aws:cloudformation:eu-west-1:123456789012:stack/{stack_name}/{guid}"
        names[stack_name] = at_deployment(properties(stack, POLICY)["PolicyName"], stack_id)
    assert names["Blue"].startswith("Blue-Events-")
    assert names["Blue"].endswith("-1b2f3c4d-0000")
    assert names["Green"].endswith("-5e6f7a8b-0000")


def test_the_longest_policy_name(stack: cdk.Stack) -> None:
    """However deep the log is, the name has no more than the 255 characters that CloudFormation takes."""
    scope: Construct = stack
    for _ in range(10):
        scope = Construct(scope, "Level" * 10)
    ivs.StageEventLog(scope, "Events")
    (policy,) = resources(stack, POLICY).values()
    (prefix, _) = policy["Properties"]["PolicyName"]["Fn::Join"][1]
    assert len(prefix) + 36 <= 255


@pytest.mark.parametrize(
    "make",
    [
        lambda stack: logs.LogGroup(stack, "Own", log_group_name="stages"),
        lambda stack: logs.LogGroup.from_log_group_name(stack, "Own", "stages"),
        lambda stack: logs.LogGroup.from_log_group_arn(
            stack, "Own", "arn:aws:logs:eu-west-1:123456789012:log-group:stages:*"
        ),
        lambda stack: logs.CfnLogGroup(stack, "Own", log_group_name="stages"),
    ],
    ids=["native", "name", "arn", "generated"],
)
def test_a_log_group_of_ones_own(stack: cdk.Stack, imported: ivs.Stage, make: Any) -> None:
    """An existing log group, of whatever kind, is written to and left as it is."""
    log_group = make(stack)
    log = ivs.StageEventLog(stack, "Log", stages=[imported], log_group=log_group)
    assert log.log_group is log_group
    assert len(policy(stack)["Statement"]) == 2
    (target,) = next(iter(resources(stack, RULE).values()))["Properties"]["Targets"]
    text = json.dumps(target["Arn"])
    assert ":logs:eu-west-1:123456789012:log-group:" in text
    assert ":*" not in text


def test_an_event_type_is_accepted_once_aws_has_it(stack: cdk.Stack) -> None:
    """AWS may add types of events: the rule is accepted on a scope."""
    cdk.Validations.of(stack).acknowledge(cdk.Acknowledgment(id="stage-constructs:eventTypes", reason="new"))
    ivs.StageEventLog(stack, "Log", event_types=["IVS Limit Breach"])
    assert patterns(stack)[0]["detail-type"] == ["IVS Limit Breach"]


def test_a_log_group_of_another_stack(app: cdk.App, stack: cdk.Stack) -> None:
    """The policy stands beside the rules, so that the stack of the log group depends on nothing here."""
    other = cdk.Stack(
        app,
        "Other",
        env=cdk.Environment(account="123456789012", region="eu-west-1"),
        synthesizer=cdk.BootstraplessSynthesizer(),
    )
    ivs.StageEventLog(other, "Log", log_group=logs.LogGroup(stack, "Own"))
    assert resources(stack, POLICY) == {}
    assert len(resources(other, POLICY)) == 1
    assert [one.node.id for one in other.dependencies] == ["Stack"]


def test_stages_of_another_region_warn(stack: cdk.Stack, imported: ivs.Stage) -> None:
    """A stage sends its events in its own Region: a log elsewhere would never hold them."""
    elsewhere = ivs.Stage.from_stage_arn(stack, "Elsewhere", STAGE_ARN.replace("eu-west-1", "us-east-1"))
    ivs.StageEventLog(stack, "Log", stages=[imported, elsewhere])
    (warning,) = warnings(stack)
    assert "stage-constructs:eventsOfAnotherRegion" in warning


def test_an_unknown_environment(agnostic: cdk.Stack) -> None:
    """In a stack that can be deployed anywhere the account is that of the deployment."""
    ivs.StageEventLog(agnostic, "Log")
    (streams, _) = policy(agnostic)["Statement"]
    assert streams["Condition"] == {"StringEqualsIfExists": {"aws:SourceAccount": "<AWS::AccountId>"}}


@pytest.mark.parametrize(
    ("props", "message"),
    [
        ({"stages": []}, "stages must name at least one stage.*leave stages out for all"),
        ({"stages": [STAGE_ARN]}, r"stages\[0\] must be a stage of Amazon IVS"),
        ({"event_types": []}, "event_types must be a list of StageEventType"),
        ({"event_types": "IVS Stage Update"}, "event_types must be a list of StageEventType"),
        ({"event_types": ["IVS Limit Breach"]}, "event_types must be StageEventType.STAGE_UPDATE"),
        ({"log_group": "stages"}, "log_group must be a log group.*from_log_group_name"),
    ],
)
def test_props_that_are_refused(stack: cdk.Stack, props: dict[str, Any], message: str) -> None:
    """What is not the list or the construct that is meant is refused."""
    with pytest.raises(StageConfigurationError, match=message):
        ivs.StageEventLog(stack, "Log", **props)
    assert stack.node.try_find_child("Log") is None


@pytest.mark.parametrize(
    ("prop", "value"),
    [
        ("retention", logs.RetentionDays.ONE_DAY),
        ("removal_policy", cdk.RemovalPolicy.DESTROY),
        ("encryption_key", "key"),
    ],
)
def test_settings_of_a_log_group_that_is_given(stack: cdk.Stack, prop: str, value: Any) -> None:
    """A log group that is given has its settings where it is declared."""
    log_group = logs.LogGroup.from_log_group_name(stack, "Own", "stages")
    settings: dict[str, Any] = {prop: value}
    with pytest.raises(StageConfigurationError, match=f"{prop} cannot be combined with a log group that exists"):
        ivs.StageEventLog(stack, "Log", log_group=log_group, **settings)


def test_stages_of_a_generator(stack: cdk.Stack, imported: ivs.Stage) -> None:
    """Stages are taken from any iterable, and each of them is looked at."""
    elsewhere = ivs.Stage.from_stage_arn(stack, "Elsewhere", STAGE_ARN.replace("eu-west-1", "us-east-1"))
    ivs.StageEventLog(stack, "Log", stages=(one for one in (imported, elsewhere)))
    assert patterns(stack)[0]["resources"] == [imported.stage_arn, elsewhere.stage_arn]
    (warning,) = warnings(stack)
    assert "stage-constructs:eventsOfAnotherRegion" in warning


@pytest.mark.parametrize("name", ["*", "/video/*", "/video/room?", "/video/${aws:PrincipalAccount}"])
def test_the_name_of_a_log_group_is_no_pattern(stack: cdk.Stack, name: str) -> None:
    """A name that stands for several log groups would let the rules write into all of them."""
    log_group = logs.LogGroup.from_log_group_name(stack, "Own", name)
    with pytest.raises(StageConfigurationError, match="log_group must have the name of one log group"):
        ivs.StageEventLog(stack, "Log", log_group=log_group)


def test_the_name_of_a_log_group_that_is_resolved_at_deployment(stack: cdk.Stack) -> None:
    """A dynamic reference is not judged."""
    log_group = logs.LogGroup.from_log_group_name(stack, "Own", "{{resolve:ssm:/video/log-group}}")
    ivs.StageEventLog(stack, "Log", log_group=log_group)
    assert "resolve:ssm" in json.dumps(policy(stack))


def logs_statement(key_policy: dict[str, Any]) -> dict[str, Any]:
    """The statement of CloudWatch Logs in the policy of a key."""
    (statement,) = [one for one in key_policy["Statement"] if "Service" in one["Principal"]]
    return dict(statement)


def at_group(statement: dict[str, Any]) -> str:
    """The log group that the statement is for."""
    arn = statement["Condition"]["ArnEquals"]["kms:EncryptionContext:aws:logs:arn"]
    parts = arn["Fn::Join"][1] if isinstance(arn, dict) else [arn]
    return "".join(part if isinstance(part, str) else f"<{part['Ref']}>" for part in parts)


def test_the_key_of_the_stack(stack: cdk.Stack) -> None:
    """CloudWatch Logs may use the key for this log group, whose name CloudFormation makes of stack and logical id."""
    ivs.StageEventLog(stack, "Log", encryption_key=kms.Key(stack, "Key"))
    statement = logs_statement(properties(stack, "AWS::KMS::Key")["KeyPolicy"])
    assert statement["Effect"] == "Allow"
    assert statement["Resource"] == "*"
    assert sorted(statement["Action"]) == [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
    ]
    assert at_group(statement) == (
        "arn:<AWS::Partition>:logs:eu-west-1:123456789012:log-group:Stack-LogLogGroup427F779C-*"
    )
    assert warnings(stack) == []


def test_the_key_of_another_stack(app: cdk.App, stack: cdk.Stack) -> None:
    """The policy of a key of another stack names the log group without a reference, so that no cycle comes of it."""
    env = cdk.Environment(account="123456789012", region="eu-west-1")
    other = cdk.Stack(app, "Keys", env=env, synthesizer=cdk.BootstraplessSynthesizer())
    ivs.StageEventLog(stack, "Log", encryption_key=kms.Key(other, "Key"))
    statement = logs_statement(properties(other, "AWS::KMS::Key")["KeyPolicy"])
    assert at_group(statement).endswith(":logs:eu-west-1:123456789012:log-group:Stack-LogLogGroup427F779C-*")
    assert [one.node.id for one in stack.dependencies] == ["Keys"]
    assert warnings(stack) == []


@pytest.mark.parametrize("key_is_nested", [True, False])
def test_a_log_in_a_nested_stack(app: cdk.App, key_is_nested: bool) -> None:
    """CloudFormation makes the name of a nested stack: it is referred to inside, and left open outside."""
    stack = cdk.Stack(app, "Outer")
    nested = cdk.NestedStack(stack, "Nested")
    owner = nested if key_is_nested else stack
    ivs.StageEventLog(nested, "Log", encryption_key=kms.Key(owner, "Key"))
    group = at_group(logs_statement(properties(owner, "AWS::KMS::Key")["KeyPolicy"]))
    logical_id = next(iter(resources(nested, LOG_GROUP)))
    assert group.endswith(f":log-group:{'<AWS::StackName>' if key_is_nested else '*'}-{logical_id}-*")


def test_an_imported_key(stack: cdk.Stack) -> None:
    """The policy of an imported key is out of reach: the warning shows the statement, ready to be copied."""
    arn = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    ivs.StageEventLog(stack, "Log", encryption_key=kms.Key.from_key_arn(stack, "Key", arn))
    (warning,) = warnings(stack)
    assert "encryption_key should be a key whose policy can be written here" in warning
    assert '"Service": "logs.eu-west-1.amazonaws.com"' in warning
    assert '"arn:aws:logs:eu-west-1:123456789012:log-group:Stack-LogLogGroup427F779C-*"' in warning
    assert "stage-constructs:logKeyPolicy" in warning


def test_a_log_group_of_ones_own_has_its_own_key(stack: cdk.Stack) -> None:
    """Without a key nothing is written for one."""
    ivs.StageEventLog(stack, "Log")
    assert resources(stack, "AWS::KMS::Key") == {}
