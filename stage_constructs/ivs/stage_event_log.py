"""Events of stages in a log group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk

from .. import _checks, _grants, _wording
from . import _events, _rules
from ._place import place_of
from ._references import arn_of
from .event_names import StageEventType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aws_cdk import aws_events as events
    from aws_cdk import aws_logs as logs
    from aws_cdk.interfaces.aws_ivs import IStageRef
    from aws_cdk.interfaces.aws_kms import IKeyRef
    from aws_cdk.interfaces.aws_logs import ILogGroupRef
    from constructs import Construct

_STAGES_OF_A_RULE = 20
"""A pattern may have 2048 characters, and the ARN of a stage some sixty."""


class StageEventLog(cdk.Resource):
    """Define a log of what happens on stages: Amazon IVS real-time writes none itself, so EventBridge does.

    Makes two rules for each twenty stages, or one for all stages of the account and Region, one log resource policy,
    and the log group where none is given; no function. Log resource policies are scarce: ten in a Region, and no
    more. So rather make one log of many stages than many logs; more than ten of them warn.

    Stages send their events in their own Region: put the log there. It can be in any Region, since it makes no resource
    of Amazon IVS.

    Events are best effort: some may come late, twice or never.

    Sources: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/eventbridge.html,
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
    """

    log_group: ILogGroupRef
    """Log group that holds the events."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        stages: Iterable[IStageRef] | None = None,
        event_types: Sequence[StageEventType] = tuple(StageEventType),
        log_group: ILogGroupRef | None = None,
        retention: logs.RetentionDays | None = None,
        removal_policy: cdk.RemovalPolicy | None = None,
        encryption_key: IKeyRef | None = None,
    ) -> None:
        """Define a log of events of stages.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            stages: The stages. Default: all stages of the account and Region, those created later included.
            event_types: Kinds of events to log. Default: all.
            log_group: An existing log group, of the same account and Region. Default: one is made. Its name, if it is
                known, must not have a wildcard: the log resource policy is for this one.
            retention: How long the log group that is made keeps its events, in days. Default: `ONE_YEAR`.
            removal_policy: Policy of the log group that is created. Default: `RETAIN_ON_UPDATE_OR_DELETE`.
                By default it is kept when the stack is deleted or no longer declares it; a deploy that creates it
                and fails deletes it.
            encryption_key: Key of KMS for the log group that is made. Default: CloudWatch's own.
                Its policy gets a statement by which CloudWatch Logs uses it for this log group. Of an imported key the
                policy cannot be written; a warning then shows the statement.

        Raises:
            StageConfigurationError: One of the values is not what it should be.
        """
        # A generator can be read once.
        listed = list(stages) if isinstance(stages, Iterable) and not isinstance(stages, str) else stages
        arns = [arn_of(stage, "stage") for stage in listed] if isinstance(listed, list) else None
        place = place_of(scope)
        made_with = {"retention": retention, "removal_policy": removal_policy, "encryption_key": encryption_key}
        faults = [
            *_stage_faults(listed, arns),
            *_rules.event_types(event_types),
            *_log_group_faults(log_group, made_with),
            *place.faults_of_next("event logs"),
        ]
        _checks.refuse(scope, id, faults)
        super().__init__(scope, id)
        place.made["event logs"] += 1

        self.log_group = log_group or self._make_log_group(retention, removal_policy, encryption_key)
        log_group_arn = self._arn_of(self.log_group)
        rules = self._make_rules(log_group_arn, _patterns(event_types, arns))
        self._let_events_write(log_group_arn, rules)
        for stage in listed or ():
            faults += _rules.event_region(stage.env.region, self.env.region)
        _checks.warn(self, faults)

    def _make_log_group(
        self,
        retention: logs.RetentionDays | None,
        removal_policy: cdk.RemovalPolicy | None,
        encryption_key: IKeyRef | None,
    ) -> logs.LogGroup:
        from aws_cdk import aws_logs as logs

        log_group = logs.LogGroup(
            self,
            "LogGroup",
            retention=retention or logs.RetentionDays.ONE_YEAR,
            removal_policy=removal_policy or cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
            encryption_key=encryption_key,
        )
        if encryption_key is not None:
            self._allow_logs_to_use_key(encryption_key, log_group)
        return log_group

    def _allow_logs_to_use_key(self, key: IKeyRef, log_group: logs.LogGroup) -> None:
        """CloudFormation makes the name of the log group: of the stack, the logical id, and a random part.

        The policy of the key must not refer to the log group, which refers to the key.
        """
        resource = cast("logs.CfnLogGroup", log_group.node.default_child)
        stack_name = self.stack.stack_name
        nested = _checks.is_token(stack_name)
        name = f"{cdk.Aws.STACK_NAME if nested else stack_name}-{resource.logical_id}-*"
        elsewhere = f"*-{resource.logical_id}-*" if nested else name
        _grants.allow_logs_to_use_key(
            self, key, prop="encryption_key", log_group_name=name, log_group_name_pattern=elsewhere
        )

    def _arn_of(self, log_group: ILogGroupRef) -> str:
        """The ARN without the `:*` that `Fn::GetAtt` puts at its end."""
        environment = log_group.env
        return self.stack.format_arn(
            service="logs",
            region=environment.region,
            account=environment.account,
            resource="log-group",
            resource_name=log_group.log_group_ref.log_group_name,
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )

    def _make_rules(self, log_group_arn: str, patterns: Iterator[tuple[str, events.EventPattern]]) -> list[events.Rule]:
        from aws_cdk import aws_events as events

        from ._log_group_target import LogGroupTarget

        target = LogGroupTarget(log_group_arn)
        return [events.Rule(self, name, event_pattern=pattern, targets=[target]) for name, pattern in patterns]

    def _let_events_write(self, log_group_arn: str, rules: list[events.Rule]) -> None:
        from aws_cdk import aws_iam as iam
        from aws_cdk import aws_logs as logs

        # EventBridge names the rule when it writes events and not when it makes the stream for them.
        account = {"aws:SourceAccount": self.stack.account}
        statements = [
            iam.PolicyStatement(
                actions=["logs:CreateLogStream"],
                resources=[f"{log_group_arn}:*"],
                conditions={"StringEqualsIfExists": account},
            ),
            iam.PolicyStatement(
                actions=["logs:PutLogEvents"],
                resources=[f"{log_group_arn}:*"],
                conditions={
                    "StringEqualsIfExists": account,
                    "ArnEquals": {"aws:SourceArn": [rule.rule_arn for rule in rules]},
                },
            ),
        ]
        for statement in statements:
            for service in ("events", "delivery.logs"):
                statement.add_service_principal(f"{service}.amazonaws.com")
        logs.ResourcePolicy(
            self, "Policy", resource_policy_name=self._unique_policy_name(), policy_statements=statements
        )

    def _unique_policy_name(self) -> str:
        """A name with the id of the stack: `PutResourcePolicy` overwrites a policy of the same name silently.

        The path alone repeats where one app is deployed twice into an account, under two stack names.
        """
        stack_guid = cdk.Fn.select(2, cdk.Fn.split("/", self.stack.stack_id))
        return f"{cdk.Names.unique_resource_name(self, max_length=200, separator='-')}-{stack_guid}"


def _patterns(
    event_types: Sequence[StageEventType], arns: Sequence[str | None] | None
) -> Iterator[tuple[str, events.EventPattern]]:
    if arns is None:
        yield "AllStages", _events.pattern(list(dict.fromkeys(event_types)), None)
        return
    of_stages = [one for one in dict.fromkeys(event_types) if one != StageEventType.COMPOSITION_STATE_CHANGE]
    known = [arn for arn in arns if arn is not None]
    for start in range(0, len(known), _STAGES_OF_A_RULE):
        some = known[start : start + _STAGES_OF_A_RULE]
        number = start // _STAGES_OF_A_RULE or ""
        if of_stages:
            yield f"Stages{number}", _events.pattern(of_stages, some)
        if StageEventType.COMPOSITION_STATE_CHANGE in event_types:
            yield f"Compositions{number}", _events.pattern([StageEventType.COMPOSITION_STATE_CHANGE], some)


def _stage_faults(stages: object, arns: Sequence[str | None] | None) -> Iterator[_checks.Fault]:
    if stages is None:
        return
    if arns is None or not isinstance(stages, list):
        yield _checks.wrong_type("stages", stages, "a list of stages", rule="stages", remedy="write stages=[stage]")
        return
    if not arns:
        yield _checks.Fault(
            rule="stages",
            prop="stages",
            value=[],
            problem="must name at least one stage",
            remedy="leave stages out for all stages of the account and Region",
        )
    for index, (stage, arn) in enumerate(zip(cast("list[object]", stages), arns, strict=True)):
        yield from _rules.reference(f"stages[{index}]", stage, arn, "stage")


def _log_group_faults(log_group: object, made_with: Mapping[str, object]) -> Iterator[_checks.Fault]:
    from aws_cdk import aws_logs as logs

    retention, key = made_with["retention"], made_with["encryption_key"]
    if retention is not None and not isinstance(retention, logs.RetentionDays):
        expected, remedy = "a RetentionDays of aws_logs", _wording.retention(retention)
        yield _checks.wrong_type("retention", retention, expected, rule="logGroup", remedy=remedy)
    if key is not None and not _checks.plays(key, "key_ref"):
        yield _checks.wrong_type("encryption_key", key, "a key of KMS", rule="logGroup", remedy=_wording.key(key))
    yield from _checks.removal_policy("removal_policy", made_with["removal_policy"], rule="logGroup")
    if log_group is None:
        return
    if not _checks.plays(log_group, "log_group_ref"):
        remedy = _wording.log_group(log_group)
        yield _checks.wrong_type("log_group", log_group, "a log group", rule="logGroup", remedy=remedy)
    else:
        yield from _rules.log_group_name("log_group", cast("ILogGroupRef", log_group).log_group_ref.log_group_name)
    for name, value in made_with.items():
        if value is not None:
            yield _checks.Fault(
                rule="logGroup",
                prop=name,
                value=value,
                problem="cannot be combined with a log group that exists",
                remedy=f"set {name} where that log group is declared; here it is for one that is made",
            )
