"""Events of stages in a log group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk

from .. import _arguments, _grants, _suggestions
from .._arguments import plain, violation
from .._other_names import KeywordNames
from .._synthesis import environment_of
from .._validation import message_of, raise_if_invalid, warn
from ..rules import Kind
from ..rules._unknown import is_unknown
from ..rules._values import join_or, values_of
from ..rules.ivs.events import StageEventType
from . import _events
from ._references import arn_of, has_wildcard, invalid_reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_cdk import aws_events as events
    from aws_cdk import aws_logs as logs
    from aws_cdk.interfaces.aws_ivs import IStageRef
    from aws_cdk.interfaces.aws_kms import IKeyRef
    from aws_cdk.interfaces.aws_logs import ILogGroupRef
    from constructs import Construct

    from ..errors import Violation

_STAGES_PER_RULE = 20
"""A pattern has at most 2048 characters, and the ARN of a stage some sixty."""


class StageEventLog(KeywordNames, cdk.Resource):
    """Define a log of the events of stages, which EventBridge writes: Amazon IVS real-time has no logs of its own.

    Creates two rules for each twenty stages, or one for all stages of the account and Region, one log resource policy,
    and the log group if none is given; no function. An account has at most ten log resource policies in a Region:
    prefer one log of many stages to many logs. The eleventh policy of an environment is reported at synth.

    Stages send their events to the default bus of their own Region: put the log there. There is no `region`, since the
    rules match what arrives at the bus of the stack's Region, and nothing else. To log in one Region what happens in
    several, forward the events to its default bus by a rule in each of the others; the rules here match these too.

    Events are best effort: late, twice, or not at all.

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
        event_types: Sequence[StageEventType | str] | None = tuple(StageEventType),
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
            log_group: An existing log group, of the same account and Region. Default: one is created. Its name must
                not have a wildcard: the log resource policy is for this one.
            retention: Retention of the log group that is created. Default: `ONE_YEAR`.
            removal_policy: Policy of the log group that is created. Default: `RETAIN_ON_UPDATE_OR_DELETE`.
                It is kept when the stack is deleted or no longer declares it, unless the deploy that creates it fails.
            encryption_key: KMS key for the log group that is created. Default: that of CloudWatch Logs.
                Its policy gets a statement that allows CloudWatch Logs to use it for this log group. The policy of an
                imported key cannot be written; a warning then shows the statement.

        Raises:
            StageConfigurationError: One of the values is not valid.
        """
        from aws_cdk import aws_events as events

        from ._log_group_target import LogGroupTarget

        # A generator can be read once.
        listed = list(stages) if isinstance(stages, Iterable) and not isinstance(stages, str) else stages
        arns = [arn_of(stage, "stage") for stage in listed] if isinstance(listed, list) else None
        types = tuple(StageEventType) if event_types is None else event_types
        settings = {"retention": retention, "removal_policy": removal_policy, "encryption_key": encryption_key}
        violations = [
            *_invalid_stages(listed, arns or ()),
            *_invalid_event_types(types),
            *_invalid_log_group(log_group, settings),
        ]
        raise_if_invalid(scope, id, violations)
        super().__init__(scope, id)
        self.log_group = log_group or self._create_log_group(retention, removal_policy, encryption_key)
        log_group_arn = self._arn_of(self.log_group)
        target = LogGroupTarget(log_group_arn)
        rules = [
            events.Rule(self, name, event_pattern=pattern, targets=[target])
            for name, pattern in _patterns([plain(each) for each in types], arns)
        ]
        self._allow_events_to_write(log_group_arn, rules)
        for stage in listed or ():
            violations += _events.of_another_region(stage.env.region, self.env.region)
        warn(self, violations)

    def _create_log_group(
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
        """CloudFormation generates the name of the log group: the name of the stack, the logical id, and a random part.

        The policy of the key must not refer to the log group, which refers to the key.
        """
        resource = cast("logs.CfnLogGroup", log_group.node.default_child)
        stack_name = self.stack.stack_name
        suffix = f"-{resource.logical_id}-*"
        nested = is_unknown(stack_name)
        name = f"{cdk.Aws.STACK_NAME if nested else stack_name}{suffix}"
        pattern = f"*{suffix}" if nested else name
        _grants.allow_logs_to_use_key(
            self, key, prop="encryption_key", log_group_name=name, log_group_name_pattern=pattern
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

    def _allow_events_to_write(self, log_group_arn: str, rules: list[events.Rule]) -> None:
        from aws_cdk import aws_iam as iam
        from aws_cdk import aws_logs as logs

        # EventBridge names the rule when it writes events and not when it makes the stream for them.
        account = {"StringEqualsIfExists": {"aws:SourceAccount": self.stack.account}}
        source = {"ArnEquals": {"aws:SourceArn": [rule.rule_arn for rule in rules]}}
        statements = [
            iam.PolicyStatement(actions=[action], resources=[f"{log_group_arn}:*"], conditions=conditions)
            for action, conditions in (("logs:CreateLogStream", account), ("logs:PutLogEvents", account | source))
        ]
        for statement in statements:
            for service in ("events", "delivery.logs"):
                statement.add_service_principal(f"{service}.amazonaws.com")
        policy = logs.ResourcePolicy(
            self, "Policy", resource_policy_name=self._unique_policy_name(), policy_statements=statements
        )
        resource = cast("logs.CfnResourcePolicy", policy.node.find_child("ResourcePolicy"))
        environment_of(self).resources.append(resource)

    def _unique_policy_name(self) -> str:
        """A name with the id of the stack: `PutResourcePolicy` overwrites a policy of the same name silently.

        The path alone repeats where one app is deployed twice into an account, under two stack names.
        """
        stack_guid = cdk.Fn.select(2, cdk.Fn.split("/", self.stack.stack_id))
        return f"{cdk.Names.unique_resource_name(self, max_length=200, separator='-')}-{stack_guid}"


def _patterns(
    event_types: Sequence[str], arns: Sequence[str | None] | None
) -> Iterator[tuple[str, events.EventPattern]]:
    if arns is None:
        yield "AllStages", _events.pattern(list(dict.fromkeys(event_types)), None)
        return
    composition = StageEventType.COMPOSITION_STATE_CHANGE.value
    of_stages = [each for each in dict.fromkeys(event_types) if each != composition]
    known = [arn for arn in arns if arn is not None]
    for start in range(0, len(known), _STAGES_PER_RULE):
        batch = known[start : start + _STAGES_PER_RULE]
        number = start // _STAGES_PER_RULE or ""
        if of_stages:
            yield f"Stages{number}", _events.pattern(of_stages, batch)
        if composition in event_types:
            yield f"Compositions{number}", _events.pattern([composition], batch)


def _invalid_stages(stages: object, arns: Sequence[str | None]) -> Iterator[Violation]:
    if stages is None:
        return
    if not isinstance(stages, list):
        yield violation("stages", "stages", stages, "must be a list of stages", "write stages=[stage]")
    elif not stages:
        fix = "leave stages out for all stages of the account and Region"
        yield violation("stages", "stages", [], "must name at least one stage", fix)
    else:
        for index, (stage, arn) in enumerate(zip(cast("list[object]", stages), arns, strict=True)):
            yield from invalid_reference(f"stages[{index}]", stage, arn, "stage")


def _invalid_event_types(value: object) -> Iterator[Violation]:
    expected = "a list of StageEventType"
    if isinstance(value, str) or not isinstance(value, Sequence):
        closest = _suggestions.closest_member(StageEventType, value)
        fix = f"write [StageEventType.{closest.name}]" if closest else "write such a list"
        yield violation("eventTypes", "event_types", value, f"must be {expected}", fix)
        return
    if not value:
        yield violation("eventTypes", "event_types", [], f"must be {expected}", "leave it out for all of them")
    for each in cast("Sequence[object]", value):
        if plain(each) not in values_of(StageEventType) and not (isinstance(each, str) and is_unknown(each)):
            names = join_or([f"StageEventType.{member.name}" for member in StageEventType])
            problem = f"event_types must be {names}, got {_suggestions.format_value(each)}"
            closest = _suggestions.closest_member(StageEventType, each) or StageEventType.STAGE_UPDATE
            fix = f"write StageEventType.{closest.name} for instance"
            yield message_of("eventTypes", "event_types", each, problem, fix, kind=Kind.SET)


def _invalid_log_group(log_group: object, settings: Mapping[str, object]) -> Iterator[Violation]:
    from aws_cdk import aws_logs as logs

    key, year = settings["encryption_key"], logs.RetentionDays.ONE_YEAR
    yield from _arguments.native_enum("retention", settings["retention"], year, "logs.", rule="logGroup")
    yield from _arguments.removal_policy("removal_policy", settings["removal_policy"], rule="logGroup")
    if key is not None:
        by_arn = 'kms.Key.from_key_arn(self, "Id", {})'
        yield from _arguments.construct(
            "encryption_key", key, "key_ref", "a key of KMS", rule="logGroup", by_arn=by_arn
        )
    if log_group is None:
        return
    by_name = 'logs.LogGroup.from_log_group_name(self, "Id", {})'
    by_arn = 'logs.LogGroup.from_log_group_arn(self, "Id", {})'
    yield from _arguments.construct(
        "log_group", log_group, "log_group_ref", "a log group", rule="logGroup", by_arn=by_arn, by_name=by_name
    )
    name = getattr(getattr(log_group, "log_group_ref", None), "log_group_name", None)
    if has_wildcard(name):
        fix = "a wildcard would allow EventBridge to write to other log groups; give the whole name"
        yield violation("logGroup", "log_group", name, "must have the name of one log group", fix)
    for prop, value in settings.items():
        if value is not None:
            fix = f"set {prop} where that log group is declared; here it is for one that is created"
            yield violation("logGroup", prop, value, "cannot be combined with a log group that exists", fix)
