"""Access logs: where they go and what stands in a line."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import aws_cdk as cdk
import pytest
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

from stage_constructs import StageConfigurationError
from stage_constructs._validation import violations_of
from stage_constructs.apigatewayv2 import AccessLogFormat, AccessLogSettings
from stage_constructs.rules._resources import Resource
from stage_constructs.rules.apigatewayv2.access_logs import HTTP_VARIABLES, WEBSOCKET_VARIABLES

from .cloudformation import LOG_GROUP, STAGE, deployed, properties, resource, resources, template
from .conftest import HTTP, WEBSOCKET, Kind

ARN = "arn:aws:logs:eu-west-1:123456789012:log-group:my-logs"


def destination(stack: cdk.Stack) -> Any:
    """The destination of the only stage, as it stands in the template."""
    return properties(stack)["AccessLogSettings"]["DestinationArn"]


def emitted_format(stack: cdk.Stack, kind: Kind, chosen: Any = None) -> str:
    """The format that a stage emits."""
    kind.stage(stack, access_log_settings=AccessLogSettings(destination_arn=ARN, format=chosen))
    return str(properties(stack)["AccessLogSettings"]["Format"])


class TestLogGroupThatIsMade:
    def test_name_retention_and_removal_policy(self, stack: cdk.Stack, kind: Kind) -> None:
        """Without a destination a log group for vended logs is created; a rollback of that deploy alone deletes it."""
        kind.stage(stack, access_log_settings=AccessLogSettings())
        made = resource(stack, LOG_GROUP)
        assert deployed(made["Properties"]["LogGroupName"]).startswith("/aws/vendedlogs/")
        assert made["Properties"]["RetentionInDays"] == 365
        assert (made["DeletionPolicy"], made["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
        assert "KmsKeyId" not in made["Properties"]

    def test_the_stage_writes_to_it(self, stack: cdk.Stack, kind: Kind) -> None:
        """The destination refers to the log group that was made, which the stage tells."""
        stage = kind.stage(stack, access_log_settings=AccessLogSettings())
        (logical_id,) = resources(stack, LOG_GROUP)
        assert stack.resolve(stage.log_group.log_group_ref.log_group_name) == {"Ref": logical_id}
        assert deployed(destination(stack), {logical_id: "my-logs"}) == ARN

    def test_overrides(self, stack: cdk.Stack, kind: Kind) -> None:
        """Retention, removal policy and key of the log group can be chosen."""
        kind.stage(
            stack,
            access_log_settings=AccessLogSettings(
                retention=logs.RetentionDays.ONE_DAY,
                removal_policy=cdk.RemovalPolicy.DESTROY,
                encryption_key=kms.Key.from_key_arn(
                    stack, "Key", "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
                ),
            ),
        )
        made = resource(stack, LOG_GROUP)
        assert made["Properties"]["RetentionInDays"] == 1
        assert (
            made["Properties"]["KmsKeyId"]
            == "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
        )
        assert made["DeletionPolicy"] == "Delete"

    def test_an_l1_key_is_a_key(self, stack: cdk.Stack, kind: Kind) -> None:
        """The key may be an L1."""
        key = kms.CfnKey(stack, "Key")
        kind.stage(stack, access_log_settings=AccessLogSettings(encryption_key=key))
        assert properties(stack, LOG_GROUP)["KmsKeyId"] == {"Fn::GetAtt": ["Key", "Arn"]}

    def test_infinite_retention_is_a_choice(self, stack: cdk.Stack, kind: Kind) -> None:
        """Events can be kept for ever."""
        kind.stage(stack, access_log_settings=AccessLogSettings(retention=logs.RetentionDays.INFINITE))
        assert "RetentionInDays" not in properties(stack, LOG_GROUP)

    def test_names_differ_between_stages_and_stacks(self, app: cdk.App, kind: Kind) -> None:
        """Two stages, also of the same id in stacks of the same name elsewhere, have log groups of their own."""
        names = set()
        stacks = [cdk.Stack(app, name) for name in ("One", "Two")]
        for stack in stacks:
            api = kind.imported_api(stack)
            for name in ("A", "B"):
                kind.stage(stack, name, api=api, stage_name=name, access_log_settings=AccessLogSettings())
        for stack in stacks:
            for made in resources(stack, LOG_GROUP).values():
                names.add(deployed(made["Properties"]["LogGroupName"]))
        assert len(names) == 4

    def test_names_hold_the_id_of_the_stack(self, stack: cdk.Stack, kind: Kind) -> None:
        """A stack that is made again does not collide with the log group that the first one left behind."""
        kind.stage(stack, access_log_settings=AccessLogSettings())
        name = properties(stack, LOG_GROUP)["LogGroupName"]
        assert deployed(name) != deployed(name, {"AWS::StackId": "arn:aws:cloudformation:x:1:stack/Stack/f00-1"})

    def test_long_paths_give_names_that_fit(self, app: cdk.App, kind: Kind) -> None:
        """However long the path of the stage, the name has at most the 512 characters of a log group."""
        stack = cdk.Stack(app, "S" * 100)
        scope: Any = stack
        for number in range(5):
            scope = cdk.Resource(scope, f"{'n' * 80}{number}")
        kind.stage(scope, "Stage" * 20, access_log_settings=AccessLogSettings())
        assert len(deployed(properties(stack, LOG_GROUP)["LogGroupName"])) <= 512

    @pytest.mark.parametrize("destination", ["log_group", "destination_arn"])
    @pytest.mark.parametrize(
        "extra",
        [
            {"retention": logs.RetentionDays.ONE_DAY},
            {"removal_policy": cdk.RemovalPolicy.RETAIN},
            {"encryption_key": "key"},
        ],
        ids=lambda extra: next(iter(extra)),
    )
    def test_fails_to_configure_a_log_group_that_is_not_made(
        self, stack: cdk.Stack, kind: Kind, destination: str, extra: dict[str, Any]
    ) -> None:
        """Settings of the log group beside a destination are refused, for they would be ignored."""
        log_group: Any = logs.LogGroup(stack, "L")
        if "encryption_key" in extra:
            extra = {"encryption_key": kms.Key(stack, "Key")}
        given: Any = {destination: log_group if destination == "log_group" else ARN}
        with pytest.raises(StageConfigurationError, match="cannot be combined with a log group that exists") as refused:
            kind.stage(stack, access_log_settings=AccessLogSettings(**given, **extra))
        assert refused.value.prop == f"access_log_settings.{next(iter(extra))}"


class TestDestination:
    def test_none_by_default(self, stack: cdk.Stack, kind: Kind) -> None:
        """A stage logs no requests unless asked to."""
        stage = kind.stage(stack)
        assert "AccessLogSettings" not in properties(stack)
        assert stage.log_group is None
        template(stack).resource_count_is(LOG_GROUP, 0)

    @pytest.mark.parametrize("arn", [ARN, f"{ARN}:*"])
    def test_literal_arn(self, stack: cdk.Stack, kind: Kind, arn: str) -> None:
        """A literal ARN is emitted without a `:*` at its end."""
        stage = kind.stage(stack, access_log_settings=AccessLogSettings(destination_arn=arn))
        assert destination(stack) == ARN
        assert stage.log_group is None

    @pytest.mark.parametrize("log_group", [logs.LogGroup, logs.CfnLogGroup])
    def test_existing_log_group(self, stack: cdk.Stack, kind: Kind, log_group: Any) -> None:
        """A log group of the stack, native or L1, is named by Ref, so that nothing is cut off at deploy."""
        given = log_group(stack, "L")
        stage = kind.stage(stack, access_log_settings=AccessLogSettings(log_group=given))
        (logical_id,) = resources(stack, LOG_GROUP)
        assert deployed(destination(stack), {logical_id: "my-logs"}) == ARN
        assert stage.log_group is given

    @pytest.mark.parametrize(
        "make",
        [
            lambda s: logs.LogGroup.from_log_group_name(s, "L", "my-logs"),
            lambda s: logs.LogGroup.from_log_group_arn(s, "L", ARN),
            lambda s: logs.LogGroup.from_log_group_arn(s, "L", f"{ARN}:*"),
        ],
    )
    def test_imported_log_group(self, stack: cdk.Stack, kind: Kind, make: Any) -> None:
        """A log group imported by name or ARN is named without `:*`."""
        kind.stage(stack, access_log_settings=AccessLogSettings(log_group=make(stack)))
        assert deployed(destination(stack)) == ARN

    @pytest.mark.parametrize("known", [ARN, f"{ARN}:*"])
    @pytest.mark.parametrize(
        "make",
        [
            lambda s: {"destination_arn": cdk.Fn.import_value("X")},
            lambda s: {"destination_arn": cdk.CfnParameter(s, "X").value_as_string},
            lambda s: {"destination_arn": f"{cdk.Fn.import_value('X')}:*"},
            lambda s: {"log_group": logs.LogGroup.from_log_group_arn(s, "L", cdk.Fn.import_value("X"))},
        ],
    )
    def test_token_arns_lose_the_wildcard_at_deploy(self, stack: cdk.Stack, kind: Kind, make: Any, known: str) -> None:
        """Whether or not an ARN that is known at deploy only ends in `:*`, the destination does not."""
        kind.stage(stack, access_log_settings=AccessLogSettings(**make(stack)))
        assert deployed(destination(stack), {"X": known}) == ARN

    @pytest.mark.parametrize("ending", ["", ":*"])
    def test_get_att_arn(self, stack: cdk.Stack, kind: Kind, ending: str) -> None:
        """The ARN attribute of a log group, which ends in `:*`, is cut."""
        log_group = logs.LogGroup(stack, "L")
        settings = AccessLogSettings(destination_arn=log_group.log_group_arn + ending)
        kind.stage(stack, access_log_settings=settings)
        (logical_id,) = resources(stack, LOG_GROUP)
        assert deployed(destination(stack), {f"{logical_id}.Arn": f"{ARN}:*"}) == ARN

    def test_arn_with_pseudo_parameters(self, stack: cdk.Stack, kind: Kind) -> None:
        """An ARN that is partly known is emitted as it is, without `:*`."""
        arn = f"arn:{cdk.Aws.PARTITION}:logs:{cdk.Aws.REGION}:{cdk.Aws.ACCOUNT_ID}:log-group:my-logs:*"
        kind.stage(stack, access_log_settings=AccessLogSettings(destination_arn=arn))
        assert deployed(destination(stack)) == ARN

    def test_imported_by_a_name_that_is_a_token(self, stack: cdk.Stack, kind: Kind) -> None:
        """A log group imported by a name that is known at deploy only is named by it."""
        log_group = logs.LogGroup.from_log_group_name(stack, "L", cdk.Fn.import_value("X"))
        kind.stage(stack, access_log_settings=AccessLogSettings(log_group=log_group))
        assert deployed(destination(stack), {"X": "my-logs"}) == ARN

    def test_log_group_of_another_stack(self, stack: cdk.Stack, other_stack: cdk.Stack, kind: Kind) -> None:
        """Of a log group of another stack the name is imported, not the ARN with its `:*`."""
        log_group = logs.LogGroup(other_stack, "L")
        kind.stage(stack, access_log_settings=AccessLogSettings(log_group=log_group))
        (output,) = template(other_stack).to_json()["Outputs"].values()
        assert output["Value"] == {"Ref": next(iter(resources(other_stack, LOG_GROUP)))}
        assert deployed(destination(stack), {output["Export"]["Name"]: "my-logs"}) == ARN

    def test_log_group_of_another_agnostic_stack(self, app: cdk.App, kind: Kind) -> None:
        """Two stacks whose environment is not known share a log group."""
        first, second = (cdk.Stack(app, name) for name in ("First", "Second"))
        log_group = logs.LogGroup(first, "L")
        kind.stage(second, access_log_settings=AccessLogSettings(log_group=log_group))
        (output,) = template(first).to_json()["Outputs"].values()
        assert deployed(destination(second), {output["Export"]["Name"]: "my-logs"}) == ARN

    def test_log_group_of_another_region(self, app: cdk.App, kind: Kind) -> None:
        """The ARN of a log group of another Region names that Region."""
        far = cdk.Stack(app, "Far", env=cdk.Environment(account="123456789012", region="us-east-1"))
        log_group = logs.LogGroup(far, "L", log_group_name=cdk.PhysicalName.GENERATE_IF_NEEDED)
        near = cdk.Stack(
            app,
            "Near",
            env=cdk.Environment(account="123456789012", region="eu-west-1"),
            cross_region_references=True,
        )
        kind.stage(near, access_log_settings=AccessLogSettings(log_group=log_group))
        arn = json.dumps(destination(near))
        assert ":logs:us-east-1:123456789012:log-group:" in arn
        assert ":*" not in arn

    def test_one_log_group_for_several_stages(self, stack: cdk.Stack, kind: Kind) -> None:
        """Stages may share a log group."""
        log_group = logs.LogGroup(stack, "L")
        for name in ("A", "B"):
            kind.stage(stack, name, stage_name=name, access_log_settings=AccessLogSettings(log_group=log_group))
        a, b = (r["Properties"]["AccessLogSettings"]["DestinationArn"] for r in resources(stack).values())
        assert a == b

    def test_a_reader_of_a_token_destination_reads_its_streams(self, stack: cdk.Stack, kind: Kind) -> None:
        """Reading is granted on the streams of the destination, whatever the token ends in."""
        from aws_cdk import aws_iam as iam

        from .cloudformation import statements

        stage = kind.stage(stack, access_log_settings=AccessLogSettings(destination_arn=cdk.Fn.import_value("X")))
        stage.grant_read_logs(iam.User(stack, "User"))
        statement, *_ = statements(stack)
        granted = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        assert deployed(granted[0], {"X": f"{ARN}:*"}) == f"{ARN}:*"

    def test_fails_with_two_destinations(self, stack: cdk.Stack, kind: Kind) -> None:
        """A log group and an ARN together are refused."""
        log_group = logs.LogGroup(stack, "L")
        with pytest.raises(StageConfigurationError, match="cannot be combined with log_group") as refused:
            kind.stage(stack, access_log_settings=AccessLogSettings(log_group=log_group, destination_arn=ARN))
        assert (refused.value.prop, refused.value.value) == ("access_log_settings.destination_arn", ARN)

    def test_firehose(self, stack: cdk.Stack, kind: Kind) -> None:
        """A delivery stream is refused on HTTP stages in the service's words, and left alone on WebSocket stages."""
        arn = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/amazon-apigateway-x"
        settings = AccessLogSettings(destination_arn=arn)
        if kind is HTTP:
            with pytest.raises(StageConfigurationError, match="'deliverystream/amazon-apigateway-x'"):
                kind.stage(stack, access_log_settings=settings)
        else:
            kind.stage(stack, access_log_settings=settings)
            assert destination(stack) == arn

    @pytest.mark.parametrize("partition", ["aws-cn", "aws-us-gov"])
    def test_arns_of_other_partitions(self, stack: cdk.Stack, kind: Kind, partition: str) -> None:
        """A literal ARN of another partition is taken."""
        arn = ARN.replace("arn:aws:", f"arn:{partition}:")
        kind.stage(stack, access_log_settings=AccessLogSettings(destination_arn=arn))
        assert destination(stack) == arn


COMMON = {"requestId", "ip", "requestTime", "routeKey", "status", "extendedRequestId"}
OWN = {"http": {"httpMethod", "protocol", "responseLength"}, "websocket": {"eventType", "connectionId"}}
DIAGNOSIS = {
    "http": {
        "responseLatency": "$context.responseLatency",
        "integrationLatency": "$context.integrationLatency",
        "integrationStatus": "$context.integration.status",
        "integrationErrorMessage": "$context.integrationErrorMessage",
        "errorMessage": "$context.error.message",
        "errorResponseType": "$context.error.responseType",
        "authorizerError": "$context.authorizer.error",
    },
    "websocket": {
        "integrationLatency": "$context.integrationLatency",
        "integrationStatus": "$context.integration.status",
        "integrationError": "$context.integration.error",
        "errorMessage": "$context.error.message",
        "errorResponseType": "$context.error.responseType",
        "authorizerError": "$context.authorizer.error",
        "authorizerStatus": "$context.authorizer.status",
    },
}


class TestFormat:
    def test_default_is_json_of_the_protocol(self, stack: cdk.Stack, kind: Kind) -> None:
        """Without a format a line is a JSON object with what AWS documents for the protocol, errors and latencies."""
        fields = json.loads(emitted_format(stack, kind))
        assert fields.pop("ip") == "$context.identity.sourceIp"
        documented = {name: f"$context.{name}" for name in (COMMON | OWN[kind.name]) - {"ip"}}
        assert fields == documented | DIAGNOSIS[kind.name]

    def test_default_has_room_for_fields_of_your_own(self, stack: cdk.Stack, kind: Kind) -> None:
        """The format stays below the shorter of the two lengths that AWS names, by a third."""
        assert len(emitted_format(stack, kind).encode()) < 700

    def test_default_is_valid_json_whatever_is_logged(self, stack: cdk.Stack, kind: Kind) -> None:
        """All variables are in quotes: a `-` for no value, a number, or a text with escaped quotes is a string."""
        template = emitted_format(stack, kind)
        for logged in ("-", "200", r"\"quoted\""):
            line = re.sub(r"\$context\.[A-Za-z.]+", lambda _, value=logged: value, template)
            assert set(json.loads(line).values()) == {json.loads(f'"{logged}"')}

    def test_detailed_is_valid_json(self, stack: cdk.Stack, kind: Kind) -> None:
        """Each value of the detailed format is one variable in quotes, so a line of plain or escaped values is JSON."""
        text = emitted_format(stack, kind, AccessLogFormat.detailed())
        assert "\n" not in text
        values = json.loads(text).values()
        assert all(re.fullmatch(r"\$context\.[A-Za-z.]+", value) for value in values)
        assert len(set(values)) == len(values)
        for logged in ("-", "200", "Mozilla/5.0 (X11; Linux x86_64)", r"\"quoted\" \\ text"):
            line = re.sub(r"\$context\.[A-Za-z.]+", lambda _, value=logged: value, text)
            assert set(json.loads(line).values()) == {json.loads(f'"{logged}"')}

    def test_detailed_holds_what_the_service_knows(self, stack: cdk.Stack, kind: Kind) -> None:
        """The detailed format has the members of the default and only variables of the protocol."""
        detailed = json.loads(emitted_format(stack, kind, AccessLogFormat.detailed()))
        default = json.loads(emitted_format(cdk.Stack(cdk.App(), "Other"), kind))
        assert default.items() < detailed.items()
        known = HTTP_VARIABLES if kind is HTTP else WEBSOCKET_VARIABLES
        assert {value.removeprefix("$context.") for value in detailed.values()} <= known
        assert {"integrationServiceStatus", "integrationRequestId", "userAgent", "stage"} <= detailed.keys()

    def test_json_is_the_default(self, stack: cdk.Stack, kind: Kind) -> None:
        """AccessLogFormat.json() is what a stage writes without a format."""
        chosen = emitted_format(stack, kind, AccessLogFormat.json())
        other = cdk.Stack(cdk.App(), "Other")
        assert chosen == emitted_format(other, kind)

    def test_json_of_own_fields(self, stack: cdk.Stack, kind: Kind) -> None:
        """Fields given are the only ones, quoted as JSON asks for."""
        text = emitted_format(stack, kind, AccessLogFormat.json(id="$context.requestId", note='say "café"'))
        assert json.loads(text) == {"id": "$context.requestId", "note": 'say "café"'}
        assert "café" in text

    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            (
                HTTP,
                (
                    '$context.identity.sourceIp - - [$context.requestTime] "$context.httpMethod $context.routeKey '
                    '$context.protocol" $context.status $context.responseLength $context.requestId '
                    "$context.extendedRequestId"
                ),
            ),
            (
                WEBSOCKET,
                (
                    '$context.identity.sourceIp - - [$context.requestTime] "$context.eventType $context.routeKey '
                    '$context.connectionId" $context.status $context.requestId $context.extendedRequestId'
                ),
            ),
        ],
    )
    def test_clf(self, stack: cdk.Stack, kind: Kind, expected: str) -> None:
        """The Common Log Format has the order that AWS documents."""
        assert emitted_format(stack, kind, AccessLogFormat.clf()) == expected

    def test_csv(self, stack: cdk.Stack, kind: Kind) -> None:
        """The comma-separated format has the fields of the JSON one."""
        text = emitted_format(stack, kind, AccessLogFormat.csv())
        columns = {column.removeprefix("$context.") for column in text.split(",")}
        assert columns == (COMMON - {"ip"}) | {"identity.sourceIp"} | OWN[kind.name]

    def test_xml(self, stack: cdk.Stack, kind: Kind) -> None:
        """The XML format is one element with the request's id as attribute and the other fields inside."""
        root = ET.fromstring(emitted_format(stack, kind, AccessLogFormat.xml()))  # noqa: S314  our own text
        assert (root.tag, root.attrib) == ("request", {"id": "$context.requestId"})
        assert {child.tag for child in root} == (COMMON - {"requestId"}) | OWN[kind.name]

    @pytest.mark.parametrize(
        "make",
        [
            *(AccessLogFormat.json, AccessLogFormat.detailed),
            *(AccessLogFormat.clf, AccessLogFormat.csv, AccessLogFormat.xml),
        ],
    )
    def test_ready_made_formats_are_clean(self, stack: cdk.Stack, kind: Kind, make: Any) -> None:
        """A format of the library breaks no rule on either protocol."""
        settings = {"DestinationArn": ARN, "Format": emitted_format(stack, kind, make())}
        assert violations_of(Resource(STAGE, {"AccessLogSettings": settings}, protocol=kind.name.upper())) == []

    @pytest.mark.parametrize(
        "chosen",
        [
            "$context.requestId $context.status",
            AccessLogFormat.custom("$context.requestId $context.status"),
            apigateway.AccessLogFormat.custom("$context.requestId $context.status"),
            "$context.requestId $context.status\n",
            "$context.requestId $context.status\r\n",
            AccessLogFormat.custom("$context.requestId $context.status\n"),
        ],
    )
    def test_text_of_any_kind(self, stack: cdk.Stack, kind: Kind, chosen: Any) -> None:
        """Text, our format and the native one are emitted alike, without a newline at the end."""
        assert emitted_format(stack, kind, chosen) == "$context.requestId $context.status"

    def test_anything_that_renders_itself(self, stack: cdk.Stack, kind: Kind) -> None:
        """An object with `to_string` is a format."""

        class Mine:
            def to_string(self) -> str:
                return "$context.extendedRequestId"

        assert emitted_format(stack, kind, Mine()) == "$context.extendedRequestId"

    def test_native_clf_of_rest_apis_on_http(self, stack: cdk.Stack) -> None:
        """The native CLF, which names the empty resourcePath, is taken as the service takes it."""
        text = emitted_format(stack, HTTP, apigateway.AccessLogFormat.clf())
        assert "$context.resourcePath" in text

    def test_token(self, stack: cdk.Stack, kind: Kind) -> None:
        """A format that is known at deploy only passes unchecked."""
        kind.stage(
            stack,
            access_log_settings=AccessLogSettings(destination_arn=ARN, format=cdk.Fn.import_value("Format")),
        )
        assert properties(stack)["AccessLogSettings"]["Format"] == {"Fn::ImportValue": "Format"}

    def test_token_within_a_text(self, stack: cdk.Stack, kind: Kind) -> None:
        """A format with a token in it passes unchecked, for the token may hold the request's id."""
        kind.stage(
            stack,
            access_log_settings=AccessLogSettings(
                destination_arn=ARN, format=AccessLogFormat.json(all=cdk.Fn.import_value("F"))
            ),
        )
        emitted = deployed(properties(stack)["AccessLogSettings"]["Format"], {"F": "x"})
        assert json.loads(emitted) == {"all": "x"}

    def test_one_format_for_both_protocols(self, stack: cdk.Stack) -> None:
        """A format can be shared between stages: each emits that of its protocol."""
        settings = AccessLogSettings(destination_arn=ARN, format=AccessLogFormat.json())
        HTTP.stage(stack, "H", api=HTTP.imported_api(stack, "HA"), access_log_settings=settings)
        WEBSOCKET.stage(
            stack, "W", stage_name="w", api=WEBSOCKET.imported_api(stack, "WA"), access_log_settings=settings
        )
        found = {key[0]: r["Properties"]["AccessLogSettings"]["Format"] for key, r in resources(stack).items()}
        assert "httpMethod" in found["H"]
        assert "connectionId" in found["W"]

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("$context.stage", "must include either $context.requestId or $context.extendedRequestId"),
            ("requestId", "must include either"),
            ("$context.requestIdentity", "must include either"),
            ("$context.requestId\n$context.status", "Access Log format must be single line"),
            ("$context.requestId\r$context.status", "Access Log format must be single line"),
        ],
    )
    def test_fails_with_the_words_of_the_service(self, stack: cdk.Stack, kind: Kind, text: str, words: str) -> None:
        """A format that the service refuses is refused in its words."""
        with pytest.raises(StageConfigurationError) as refused:
            emitted_format(stack, kind, text)
        assert words in str(refused.value)
        assert refused.value.prop == "access_log_settings.format"

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("nan")], object()])
    def test_fails_for_values_that_json_does_not_have(self, stack: cdk.Stack, kind: Kind, value: Any) -> None:
        """A value that would make the lines no JSON is refused by the stage that takes the format."""
        chosen = AccessLogFormat.json(id="$context.requestId", x=value)
        with pytest.raises(StageConfigurationError, match="must hold values that JSON has, got x=") as refused:
            emitted_format(stack, kind, chosen)
        assert (refused.value.prop, refused.value.rule) == ("access_log_settings.format", "accessLogFormat")

    def test_numbers_are_json(self, stack: cdk.Stack, kind: Kind) -> None:
        """Numbers, booleans and nested objects are values of JSON."""
        chosen: Any = {"id": "$context.requestId", "version": 1, "ok": True, "more": {"rate": 0.5}}
        assert json.loads(emitted_format(stack, kind, AccessLogFormat.json(**chosen))) == chosen

    def test_unknown_variables(self, stack: cdk.Stack, kind: Kind) -> None:
        """An unknown variable is refused on HTTP stages and emitted on WebSocket stages."""
        text = "$context.requestId $context.nosuch"
        if kind is WEBSOCKET:
            assert emitted_format(stack, kind, text) == text
            return
        with pytest.raises(StageConfigurationError, match=r"not supported: \[\$context.nosuch\]") as refused:
            emitted_format(stack, kind, text)
        assert refused.value.value == "$context.nosuch"

    def test_resource_path_is_emitted(self, stack: cdk.Stack, kind: Kind) -> None:
        """The REST variable resourcePath is accepted, as the service does."""
        assert "resourcePath" in emitted_format(stack, kind, "$context.requestId $context.resourcePath")


def test_settings_compare_by_value_and_cannot_be_changed() -> None:
    """Settings and formats are values."""
    assert AccessLogSettings(format=AccessLogFormat.clf()) == AccessLogSettings(format=AccessLogFormat.clf())
    assert AccessLogFormat.clf() != AccessLogFormat.csv()
    with pytest.raises(AttributeError):
        AccessLogSettings().retention = logs.RetentionDays.ONE_DAY  # type: ignore[misc]
