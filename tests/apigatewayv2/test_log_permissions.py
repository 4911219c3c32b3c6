"""Who may write and read the logs of a stage, and the keys that they are encrypted with."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

from stage_constructs import StageConfigurationError
from stage_constructs.apigatewayv2 import AccessLogSettings

from .cloudformation import LOG_GROUP, deployed, properties, resources, statements
from .conftest import HTTP, WEBSOCKET, Kind

KEY = "AWS::KMS::Key"
KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
READ = [
    "logs:DescribeLogStreams",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:GetLogGroupFields",
    "logs:StartQuery",
]


def role(stack: cdk.Stack) -> iam.Role:
    """Who may read."""
    return iam.Role(stack, "Reader", assumed_by=iam.AccountRootPrincipal())


def listed(value: Any) -> list[Any]:
    """What IAM writes as one or as many."""
    return value if isinstance(value, list) else [value]


def own_policy(stack: cdk.Stack) -> list[dict[str, Any]]:
    """The statements of the only log group's own policy."""
    return list(properties(stack, LOG_GROUP).get("ResourcePolicyDocument", {}).get("Statement", []))


class TestTheGroupsOwnPolicy:
    @pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
    def test_lets_log_delivery_write(self, agnostic_stack: cdk.Stack, partition: str) -> None:
        """Log delivery of this account and Region, and nobody else, may write to this group alone."""
        HTTP.stage(agnostic_stack, access_log_settings=AccessLogSettings())
        (statement,) = own_policy(agnostic_stack)
        region = {"aws": "eu-west-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}[partition]
        name = deployed(properties(agnostic_stack, LOG_GROUP)["LogGroupName"], partition=partition)
        assert (statement["Effect"], statement["Action"]) == ("Allow", ["logs:CreateLogStream", "logs:PutLogEvents"])
        assert statement["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
        arn = f"arn:{partition}:logs:{region}:123456789012:log-group:{name}:log-stream:*"
        assert deployed(statement["Resource"], partition=partition) == arn
        conditions = statement["Condition"]
        assert deployed(conditions["StringEquals"]["aws:SourceAccount"]) == "123456789012"
        source = deployed(conditions["ArnLike"]["aws:SourceArn"], partition=partition)
        assert source == f"arn:{partition}:logs:{region}:123456789012:*"
        assert set(conditions) == {"StringEquals", "ArnLike"}

    def test_does_not_refer_to_the_group_that_holds_it(self, stack: cdk.Stack) -> None:
        """The policy names its group by name: a reference to itself could not be deployed."""
        HTTP.stage(stack, access_log_settings=AccessLogSettings())
        (group,) = resources(stack, LOG_GROUP)
        assert group not in json.dumps(own_policy(stack))

    def test_is_none_on_websocket(self, stack: cdk.Stack) -> None:
        """WebSocket stages write with the role of the account, so their groups need no policy."""
        WEBSOCKET.stage(stack, access_log_settings=AccessLogSettings())
        assert "ResourcePolicyDocument" not in properties(stack, LOG_GROUP)

    def test_no_policy_of_the_account_is_made(self, stack: cdk.Stack, kind: Kind) -> None:
        """The account's ten log resource policies are left alone, however many stages log."""
        for number in range(3):
            kind.stage(stack, f"S{number}", stage_name=f"s{number}", access_log_settings=AccessLogSettings())
        assert resources(stack, "AWS::Logs::ResourcePolicy") == {}

    def test_a_given_group_is_left_alone(self, stack: cdk.Stack) -> None:
        """The policy of a group that was made elsewhere in the program is not touched."""
        group = logs.LogGroup(stack, "Group")
        HTTP.stage(stack, access_log_settings=AccessLogSettings(log_group=group))
        assert "ResourcePolicyDocument" not in properties(stack, LOG_GROUP)


class TestKeys:
    def test_the_policy_of_an_owned_key_lets_logs_use_it(self, stack: cdk.Stack, kind: Kind) -> None:
        """CloudWatch Logs of the Region may use the key, for this log group alone."""
        kind.stage(stack, access_log_settings=AccessLogSettings(encryption_key=kms.Key(stack, "Key")))
        *_, statement = properties(stack, KEY)["KeyPolicy"]["Statement"]
        assert deployed(statement["Principal"]["Service"]) == "logs.eu-west-1.amazonaws.com"
        assert statement["Action"] == [
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey",
            "kms:GenerateDataKeyWithoutPlaintext",
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
        ]
        ((operator, context),) = statement["Condition"].items()
        assert operator == "ArnEquals"
        name = deployed(properties(stack, LOG_GROUP)["LogGroupName"])
        ((variable, arn),) = context.items()
        assert variable == "kms:EncryptionContext:aws:logs:arn"
        assert deployed(arn) == f"arn:aws:logs:eu-west-1:123456789012:log-group:{name}"

    def test_the_principal_is_that_of_the_partition(self, agnostic_stack: cdk.Stack) -> None:
        """In another partition the service has another name."""
        HTTP.stage(agnostic_stack, access_log_settings=AccessLogSettings(encryption_key=kms.Key(agnostic_stack, "Key")))
        *_, statement = properties(agnostic_stack, KEY)["KeyPolicy"]["Statement"]
        service = deployed(statement["Principal"]["Service"], partition="aws-cn")
        assert service == "logs.cn-north-1.amazonaws.com.cn"

    def test_key_and_group_do_not_wait_for_each_other(self, stack: cdk.Stack, kind: Kind) -> None:
        """The key's policy names the group, and the group its key, without a circle."""
        kind.stage(stack, access_log_settings=AccessLogSettings(encryption_key=kms.Key(stack, "Key")))
        (group,) = resources(stack, LOG_GROUP)
        assert group not in json.dumps(properties(stack, KEY))

    @pytest.mark.parametrize("nested", [False, True])
    @pytest.mark.parametrize("environment", [{}, {"account": "123456789012", "region": "cn-north-1"}])
    def test_a_key_of_another_stack(self, app: cdk.App, kind: Kind, environment: dict[str, str], nested: bool) -> None:
        """The policy of such a key names the log group without a reference to the stack of the stage."""
        keys = cdk.Stack(app, "Keys", env=cdk.Environment(**environment))
        stages = (
            cdk.NestedStack(keys, "Stages") if nested else cdk.Stack(app, "Stages", env=cdk.Environment(**environment))
        )
        kind.stage(stages, access_log_settings=AccessLogSettings(encryption_key=kms.Key(keys, "Key")))
        assertions.Template.from_stack(stages)
        *_, statement = properties(keys, KEY)["KeyPolicy"]["Statement"]
        name = deployed(properties(stages, LOG_GROUP)["LogGroupName"], partition="aws-cn")
        pattern = deployed(
            statement["Condition"]["ArnEquals"]["kms:EncryptionContext:aws:logs:arn"], partition="aws-cn"
        )
        prefix, _, digits = pattern.rpartition("-")
        assert digits == "????????"
        assert f"arn:aws-cn:logs:cn-north-1:123456789012:log-group:{name}".startswith(f"{prefix}-")
        assert len(name.removeprefix(prefix.rpartition(":")[2])) == len("-????????")
        service = deployed(statement["Principal"]["Service"], partition="aws-cn")
        assert service == "logs.cn-north-1.amazonaws.com.cn"

    @pytest.mark.parametrize(
        "make",
        [
            lambda stack: kms.Key.from_key_arn(stack, "Key", KEY_ARN),
            lambda stack: kms.CfnKey(stack, "Key", key_policy={"Version": "2012-10-17", "Statement": []}),
        ],
        ids=["imported", "L1"],
    )
    def test_of_other_keys_the_statement_is_shown(self, stack: cdk.Stack, kind: Kind, make: Any) -> None:
        """Where the policy cannot be written, the warning holds the statement as JSON that can be pasted."""
        kind.stage(stack, access_log_settings=AccessLogSettings(encryption_key=make(stack)))
        found = assertions.Annotations.from_stack(stack).find_warning("*", assertions.Match.any_value())
        (text,) = (each.entry.data for each in found if "logKeyPolicy" in each.entry.data)
        statement, _ = json.JSONDecoder().raw_decode(text[text.index('{"') :])
        assert statement["Effect"] == "Allow"
        assert statement["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
        arn = statement["Condition"]["ArnEquals"]["kms:EncryptionContext:aws:logs:arn"]
        prefix = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/vendedlogs/apis/Stack-Stage-"
        assert arn.startswith(prefix)
        assert arn.endswith("-????????")


class TestGrantReadLogs:
    def test_http(self, stack: cdk.Stack) -> None:
        """The reader gets the reading actions on the events of the access logs' group alone."""
        stage = HTTP.stage(stack, access_log_settings=AccessLogSettings())
        stage.grant_read_logs(role(stack)).assert_success()
        statement, *_ = statements(stack)
        assert statement["Action"] == READ
        name = deployed(properties(stack, LOG_GROUP)["LogGroupName"])
        (group,) = resources(stack, LOG_GROUP)
        (arn,) = (deployed(each, {group: name}) for each in listed(statement["Resource"]))
        assert arn == f"arn:aws:logs:eu-west-1:123456789012:log-group:{name}:*"

    def test_websocket(self, stack: cdk.Stack) -> None:
        """On a WebSocket stage the execution logs' group can be read too."""
        stage = WEBSOCKET.stage(stack, access_log_settings=AccessLogSettings())
        stage.grant_read_logs(role(stack))
        statement, *_ = statements(stack)
        (group,) = resources(stack, LOG_GROUP)
        arns = {deployed(each, {group: "own"}) for each in statement["Resource"]}
        prefix = "arn:aws:logs:eu-west-1:123456789012:log-group:"
        assert arns == {f"{prefix}own:*", f"{prefix}/aws/apigateway/aabbccddee/prod:*"}

    def test_websocket_without_access_logs(self, stack: cdk.Stack) -> None:
        """Without access logs the execution logs alone are granted."""
        WEBSOCKET.stage(stack).grant_read_logs(role(stack))
        statement, *_ = statements(stack)
        assert deployed(statement["Resource"]).endswith(":log-group:/aws/apigateway/aabbccddee/prod:*")

    @pytest.mark.parametrize("given", [False, True])
    def test_with_a_key(self, stack: cdk.Stack, kind: Kind, given: bool) -> None:
        """Who reads an encrypted group may decrypt with its key, whether stage or program made the group."""
        key = kms.Key(stack, "Key")
        settings = (
            AccessLogSettings(log_group=logs.LogGroup(stack, "Group", encryption_key=key))
            if given
            else AccessLogSettings(encryption_key=key)
        )
        kind.stage(stack, access_log_settings=settings).grant_read_logs(role(stack))
        (key_id,) = resources(stack, KEY)
        decrypt = [each for each in statements(stack) if each["Action"] == "kms:Decrypt"]
        assert [each["Resource"] for each in decrypt] == [{"Fn::GetAtt": [key_id, "Arn"]}]

    def test_without_a_key_nothing_is_decrypted(self, stack: cdk.Stack, kind: Kind) -> None:
        """An unencrypted group needs no key."""
        kind.stage(stack, access_log_settings=AccessLogSettings()).grant_read_logs(role(stack))
        assert "kms" not in json.dumps(statements(stack))

    @pytest.mark.parametrize("given", ["arn:aws:logs:eu-west-1:123456789012:log-group:name", None])
    def test_an_arn_or_an_imported_group(self, stack: cdk.Stack, given: str | None) -> None:
        """A group that is declared elsewhere is granted by its ARN."""
        settings = (
            AccessLogSettings(destination_arn=given)
            if given
            else AccessLogSettings(log_group=logs.LogGroup.from_log_group_name(stack, "Group", "name"))
        )
        HTTP.stage(stack, access_log_settings=settings).grant_read_logs(role(stack))
        statement, *_ = statements(stack)
        assert deployed(statement["Resource"]) == "arn:aws:logs:eu-west-1:123456789012:log-group:name:*"

    def test_fails_without_logs(self, stack: cdk.Stack) -> None:
        """An HTTP stage that writes no logs has nothing to read."""
        with pytest.raises(StageConfigurationError, match="must be given for grant_read_logs"):
            HTTP.stage(stack).grant_read_logs(role(stack))

    def test_of_a_delivery_stream(self, stack: cdk.Stack) -> None:
        """Logs that go to Firehose are not in CloudWatch Logs, where they could be read."""
        stream = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/amazon-apigateway-x"
        settings = AccessLogSettings(destination_arn=stream)
        WEBSOCKET.stage(stack, access_log_settings=settings).grant_read_logs(role(stack))
        statement, *_ = statements(stack)
        assert deployed(statement["Resource"]).endswith(":log-group:/aws/apigateway/aabbccddee/prod:*")
        assert "firehose" not in str(statements(stack))

    def test_little_is_granted_on_everything(self, stack: cdk.Stack, kind: Kind) -> None:
        """Only the results of queries, for which IAM has no narrower resource; listing them is not granted."""
        settings = AccessLogSettings(encryption_key=kms.Key(stack, "Key"))
        kind.stage(stack, access_log_settings=settings).grant_read_logs(role(stack))
        wide = [each["Action"] for each in statements(stack) if "*" in listed(each["Resource"])]
        assert wide == [["logs:GetQueryResults", "logs:StopQuery"]]

    def test_the_key_is_for_this_group(self, stack: cdk.Stack, kind: Kind) -> None:
        """Events of other groups are not decrypted."""
        kind.stage(stack, access_log_settings=AccessLogSettings(encryption_key=kms.Key(stack, "Key"))).grant_read_logs(
            role(stack)
        )
        (decrypt,) = (each for each in statements(stack) if each["Action"] == "kms:Decrypt")
        (group,) = resources(stack, LOG_GROUP)
        arn = decrypt["Condition"]["ArnEquals"]["kms:EncryptionContext:aws:logs:arn"]
        assert deployed(arn, {group: "own"}) == "arn:aws:logs:eu-west-1:123456789012:log-group:own"

    def test_log_groups_can_be_found(self, stack: cdk.Stack, kind: Kind) -> None:
        """Listing log groups is no action on one of them."""
        kind.stage(stack, access_log_settings=AccessLogSettings()).grant_read_logs(role(stack))
        (found,) = (each for each in statements(stack) if each["Action"] == "logs:DescribeLogGroups")
        assert deployed(found["Resource"]) == "arn:aws:logs:eu-west-1:123456789012:log-group:*"


class TestLogGroupsThatMatchOthers:
    """Who may read the logs of a stage may read those of no other group."""

    PREFIX = "arn:aws:logs:eu-west-1:123456789012:log-group:"

    @pytest.mark.parametrize("name", ["*", "*:*", "pets*", "pets-?", "/aws/*/x:*", "${aws:username}", "a b"])
    def test_by_arn(self, stack: cdk.Stack, kind: Kind, name: str) -> None:
        """A wildcard in the name of a log group is refused, the one at the end of its ARN apart."""
        with pytest.raises(StageConfigurationError, match="must name one log group"):
            kind.stage(stack, access_log_settings=AccessLogSettings(destination_arn=self.PREFIX + name))
        region = cdk.Fn.import_value("Region")
        arn = f"arn:aws:logs:{region}:123456789012:log-group:{name}"
        with pytest.raises(StageConfigurationError, match="must name one log group"):
            kind.stage(stack, access_log_settings=AccessLogSettings(destination_arn=arn))

    def test_in_the_rest_of_the_arn(self, stack: cdk.Stack, kind: Kind) -> None:
        """The Region and the account are one each."""
        arn = "arn:aws:logs:*:123456789012:log-group:pets"
        with pytest.raises(StageConfigurationError, match="must name one log group"):
            kind.stage(stack, access_log_settings=AccessLogSettings(destination_arn=arn))

    def test_by_construct(self, stack: cdk.Stack, kind: Kind) -> None:
        """A log group that is imported by such a name is refused too."""
        group = logs.LogGroup.from_log_group_name(stack, "Group", "pets*")
        with pytest.raises(StageConfigurationError, match="must name one log group"):
            kind.stage(stack, access_log_settings=AccessLogSettings(log_group=group))

    @pytest.mark.parametrize("name", ["pets:*", "/aws/vendedlogs/a-b_c.d#e:*"])
    def test_an_arn_as_getatt_gives_it_passes(self, stack: cdk.Stack, kind: Kind, name: str) -> None:
        """The wildcard at its end stands for the events of the group."""
        kind.stage(stack, access_log_settings=AccessLogSettings(destination_arn=self.PREFIX + name))


class TestGrantLogDelivery:
    def test_the_documented_actions_in_two_scopes(self, stack: cdk.Stack) -> None:
        """Four actions on the log groups of account and Region, eight on all resources, and no other."""
        HTTP.stage(stack).grant_log_delivery(role(stack)).assert_success()
        by_resource = {json.dumps(each["Resource"]): each["Action"] for each in statements(stack)}
        assert sorted(len(actions) for actions in by_resource.values()) == [4, 8]
        assert len(by_resource['"*"']) == 8
        (groups,) = (each["Resource"] for each in statements(stack) if each["Resource"] != "*")
        assert deployed(groups) == "arn:aws:logs:eu-west-1:123456789012:log-group:*"

    def test_an_imported_stage_grants_too(self, stack: cdk.Stack) -> None:
        """The deployer of a stage that is declared elsewhere gets the same."""
        stage = HTTP.cls.from_stage_attributes(stack, "Elsewhere", api_id="aabbccddee", stage_name="prod")
        stage.grant_log_delivery(role(stack))
        assert len(statements(stack)) == 2

    def test_websocket_stages_have_none(self, stack: cdk.Stack) -> None:
        """WebSocket logs are not vended, so there is nothing to grant."""
        assert not hasattr(WEBSOCKET.stage(stack), "grant_log_delivery")
