"""Rules on the events of a stage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from .. import _suggestions
from .._arguments import has_member, plain, violation, warning
from .._validation import raise_if_invalid, warn
from ..rules._unknown import is_unknown
from ..rules._values import closest_of
from ..rules.ivs.events import EVENT_NAMES, UNCONFIRMED_EVENT_NAMES, StageEventType
from . import _events
from ._stage_base import StageBase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk import aws_events as events
    from constructs import Construct

    from ..errors import Violation
    from ..rules.ivs.events import CompositionEvent, ParticipantRecordingEvent, StageUpdateEvent

_RULE_NAME: Final = re.compile(r"[.\-_A-Za-z0-9]{1,64}")
_MAX_DESCRIPTION: Final = 512


class StageEvents(StageBase):
    """The events of a stage."""

    def on_event(
        self,
        id: str,
        *,
        target: events.IRuleTarget | None = None,
        event_pattern: events.EventPattern | None = None,
        description: str | None = None,
        rule_name: str | None = None,
        cross_stack_scope: Construct | None = None,
    ) -> events.Rule:
        """Create a rule that matches events of the stage.

        Without a `detail_type` it matches all events that name the stage as their resource, which those of
        compositions do not: `on_composition_state_change` matches these.

        Args:
            id: Id of the rule in this construct.
            target: Target of the rule. Default: none; add one by `rule.add_target`.
            event_pattern: Further conditions, such as `detail_type`. Default: none.
            description: Description of the rule. Default: none.
            rule_name: Name of the rule. Default: CloudFormation generates one.
            cross_stack_scope: Scope of the rule if target and stage are in different stacks. Default: this construct.

        Raises:
            StageConfigurationError: EventBridge refuses one of the values, or `detail_type` has the type of
                compositions and another one, which name the stage in different fields.
        """
        members: dict[str, Any] = dict(getattr(event_pattern, "_values", None) or {})
        types = [plain(detail_type) for detail_type in members.get("detail_type") or ()]
        of_compositions = StageEventType.COMPOSITION_STATE_CHANGE.value in types
        violations = list(_invalid_pattern(event_pattern, types))
        rule = self._create_rule(
            id,
            _events.pattern(None, [self.stage_arn], of_compositions=of_compositions),
            violations,
            target=target,
            description=description,
            rule_name=rule_name,
            cross_stack_scope=cross_stack_scope,
        )
        if members:
            rule.add_event_pattern(**members)
        return rule

    def on_stage_update(
        self,
        id: str,
        *,
        target: events.IRuleTarget | None = None,
        event_names: Sequence[StageUpdateEvent | str] | None = None,
        description: str | None = None,
        rule_name: str | None = None,
        cross_stack_scope: Construct | None = None,
    ) -> events.Rule:
        """Create a rule that matches when participants publish, stop publishing, or fail to publish.

        Events are sent to the default bus of the Region of the stage, best effort: late, twice, or not at all.

        Args:
            id: Id of the rule in this construct.
            target: Target of the rule. Default: none; add one by `rule.add_target`.
            event_names: Only these events. Default: all.
            description: Description of the rule. Default: none.
            rule_name: Name of the rule. Default: CloudFormation generates one.
            cross_stack_scope: Scope of the rule if target and stage are in different stacks. Default: this construct.

        Raises:
            StageConfigurationError: `event_names` is empty or not a list, or EventBridge refuses one of the values.
        """
        return self._on(
            id,
            StageEventType.STAGE_UPDATE,
            event_names,
            target=target,
            description=description,
            rule_name=rule_name,
            cross_stack_scope=cross_stack_scope,
        )

    def on_participant_recording_state_change(
        self,
        id: str,
        *,
        target: events.IRuleTarget | None = None,
        event_names: Sequence[ParticipantRecordingEvent | str] | None = None,
        description: str | None = None,
        rule_name: str | None = None,
        cross_stack_scope: Construct | None = None,
    ) -> events.Rule:
        """Create a rule that matches when the recording of a participant starts, ends, or fails.

        The event names the bucket and the prefix of the recording: `detail.recording_s3_bucket_name` and
        `detail.recording_s3_key_prefix`.

        Args:
            id: Id of the rule in this construct.
            target: Target of the rule. Default: none; add one by `rule.add_target`.
            event_names: Only these events. Default: all.
            description: Description of the rule. Default: none.
            rule_name: Name of the rule. Default: CloudFormation generates one.
            cross_stack_scope: Scope of the rule if target and stage are in different stacks. Default: this construct.

        Raises:
            StageConfigurationError: `event_names` is empty or not a list, or EventBridge refuses one of the values.
        """
        return self._on(
            id,
            StageEventType.PARTICIPANT_RECORDING_STATE_CHANGE,
            event_names,
            target=target,
            description=description,
            rule_name=rule_name,
            cross_stack_scope=cross_stack_scope,
        )

    def on_composition_state_change(
        self,
        id: str,
        *,
        target: events.IRuleTarget | None = None,
        event_names: Sequence[CompositionEvent | str] | None = None,
        description: str | None = None,
        rule_name: str | None = None,
        cross_stack_scope: Construct | None = None,
    ) -> events.Rule:
        """Create a rule that matches when a composition of the stage or one of its destinations starts, ends or fails.

        A composition has no metrics: these events are how its failure becomes known.

        Args:
            id: Id of the rule in this construct.
            target: Target of the rule. Default: none; add one by `rule.add_target`.
            event_names: Only these events. Default: all.
            description: Description of the rule. Default: none.
            rule_name: Name of the rule. Default: CloudFormation generates one.
            cross_stack_scope: Scope of the rule if target and stage are in different stacks. Default: this construct.

        Raises:
            StageConfigurationError: `event_names` is empty or not a list, or EventBridge refuses one of the values.
        """
        return self._on(
            id,
            StageEventType.COMPOSITION_STATE_CHANGE,
            event_names,
            target=target,
            description=description,
            rule_name=rule_name,
            cross_stack_scope=cross_stack_scope,
        )

    def _on(self, id: str, event_type: StageEventType, event_names: Sequence[str] | None, **rule: Any) -> events.Rule:
        violations = list(_invalid_event_names(event_names, event_type))
        raise_if_invalid(self, id, violations)
        return self._create_rule(id, _events.pattern([event_type], [self.stage_arn], event_names), violations, **rule)

    def _create_rule(
        self,
        id: str,
        event_pattern: events.EventPattern,
        violations: Sequence[Violation],
        *,
        target: events.IRuleTarget | None,
        **rule: Any,
    ) -> events.Rule:
        from aws_cdk import aws_events as events

        violations = [*violations, *_invalid_rule(target, rule["description"], rule["rule_name"])]
        raise_if_invalid(self, id, violations)
        targets = None if target is None else [target]
        created = events.Rule(self, id, event_pattern=event_pattern, targets=targets, **rule)
        warn(created, [*violations, *events_of_another_region(self.env.region, created.env.region)])
        return created


def events_of_another_region(region_of_stage: str, region_of_rule: str) -> Iterator[Violation]:
    """Events of a stage are sent in its own Region."""
    if not is_unknown(region_of_stage) and not is_unknown(region_of_rule) and region_of_stage != region_of_rule:
        fix = (
            "events are sent in the Region of the stage, so this rule will not match; put it into a stack in"
            f" {region_of_stage}"
        )
        text = f"should be in the Region of the rule, {region_of_rule}"
        yield warning("eventsOfAnotherRegion", "stage", region_of_stage, text, fix)


def _invalid_pattern(event_pattern: object, types: Sequence[str]) -> Iterator[Violation]:
    if event_pattern is not None and not hasattr(event_pattern, "_values"):
        fix = "write events.EventPattern(detail_type=[...]) for instance"
        yield violation("eventRule", "event_pattern", event_pattern, "must be an EventPattern of aws_events", fix)
    composition = StageEventType.COMPOSITION_STATE_CHANGE.value
    if composition in types and len(set(types)) > 1:
        fix = f'"{composition}" names the stage in another field; create two rules'
        yield violation("eventRule", "event_pattern.detail_type", types, "must not mix these types", fix)


def _invalid_event_names(value: object, event_type: StageEventType) -> Iterator[Violation]:
    if value is None or (isinstance(value, list) and is_unknown(cast("object", value))):
        return
    if isinstance(value, str) or not isinstance(value, Sequence):
        fix = f"write [{_suggestions.format_value(value)}]" if isinstance(value, str) else "write such a list"
        yield violation("eventNames", "event_names", value, "must be a list of event names", fix)
        return
    names = cast("Sequence[object]", value)
    if not names:
        yield violation("eventNames", "event_names", [], "must name at least one event", "leave it out for all events")
    documented = EVENT_NAMES[event_type]
    for name in names:
        if not isinstance(name, str):
            yield violation("eventNames", "event_names", name, "must be a list of event names", "give names as texts")
        elif not is_unknown(name) and name not in documented and name not in UNCONFIRMED_EVENT_NAMES:
            text = f"should name events that AWS documents: {', '.join(documented)}"
            closest = closest_of(name, documented)
            fix = f'the rule will not match; did you mean "{closest}"?' if closest else "the rule may never match"
            yield warning("unknownEventName", "event_names", plain(name), text, fix)


def _invalid_rule(target: object, description: object, rule_name: object) -> Iterator[Violation]:
    if target is not None and not has_member(target, "bind"):
        fix = "give one of aws_events_targets, such as LambdaFunction(function)"
        yield violation("eventRule", "target", target, "must be the target of a rule", fix)
    if description is not None and not _is_text(description, _MAX_DESCRIPTION):
        text = f"must be a string of at most {_MAX_DESCRIPTION} characters"
        yield violation("eventRule", "description", description, text, "shorten it")
    if rule_name is not None and not _is_text(rule_name, pattern=_RULE_NAME):
        text = "must be 1 to 64 letters, digits, dots, hyphens and underscores"
        fix = "leave it out for a name that CloudFormation generates"
        yield violation("eventRule", "rule_name", rule_name, text, fix)


def _is_text(value: object, max_length: int | None = None, pattern: re.Pattern[str] | None = None) -> bool:
    if not isinstance(value, str) or is_unknown(value):
        return isinstance(value, str)
    return (max_length is None or len(value) <= max_length) and (pattern is None or bool(pattern.fullmatch(value)))
