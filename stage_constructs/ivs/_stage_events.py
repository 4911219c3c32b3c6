"""Rules on the events of a stage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from .. import _arguments
from .._arguments import plain, violation, warning
from .._validation import raise_if_invalid, warn
from ..rules._unknown import is_unknown
from ..rules._values import closest_of, join_or
from ..rules.ivs.events import EVENT_NAMES, UNCONFIRMED_EVENT_NAMES, StageEventType
from . import _events
from ._stage_base import StageBase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_cdk import aws_events as events
    from constructs import Construct

    from ..errors import Violation
    from ..rules.ivs.events import CompositionEvent, ParticipantRecordingEvent, StageUpdateEvent


class _RuleProps(NamedTuple):
    target: events.IRuleTarget | None
    description: str | None
    rule_name: str | None
    cross_stack_scope: Construct | None


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

        Events are sent to the default bus of the Region of the stage, best effort: late, twice, or not at all.

        Args:
            id: Id of the rule in this construct.
            target: Target of the rule. Default: none; add one by `rule.add_target`.
            event_pattern: Further conditions, such as `detail_type`. Default: none.
            description: Description of the rule, at most 512 characters. Default: none.
            rule_name: Name of the rule. Default: CloudFormation generates one.
            cross_stack_scope: Scope of the rule if target and stage are in different stacks. Default: this construct.

        Raises:
            StageConfigurationError: EventBridge refuses one of the values, or `detail_type` has the type of
                compositions and another one, which name the stage in different fields.
        """
        from aws_cdk import aws_events as events

        members: dict[str, Any] = dict(getattr(event_pattern, "_values", None) or {})
        types = {plain(detail_type) for detail_type in members.get("detail_type") or ()}
        composition = StageEventType.COMPOSITION_STATE_CHANGE.value
        violations = _events.too_long(event_pattern)
        if event_pattern is not None:
            violations += _arguments.value_object("event_pattern", event_pattern, events.EventPattern, rule="eventRule")
        if composition in types and len(types) > 1:
            prop, fix = (
                "event_pattern.detail_type",
                f'"{composition}" names the stage in another field; create two rules',
            )
            violations.append(violation("eventRule", prop, sorted(types), "must not mix these types", fix))
        pattern = _events.pattern(None, [self.stage_arn], of_compositions=composition in types)
        props = _RuleProps(target, description, rule_name, cross_stack_scope)
        rule = self._create_rule(id, pattern, violations, props)
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

        `event_names`, a list of at least one, limits the rule to these events; by default it matches all. The other
        parameters, and the errors, are those of `on_event`.
        """
        rule = _RuleProps(target, description, rule_name, cross_stack_scope)
        return self._on(id, StageEventType.STAGE_UPDATE, event_names, rule)

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

        `event_names`, a list of at least one, limits the rule to these events; by default it matches all. The other
        parameters, and the errors, are those of `on_event`.
        """
        rule = _RuleProps(target, description, rule_name, cross_stack_scope)
        return self._on(id, StageEventType.PARTICIPANT_RECORDING_STATE_CHANGE, event_names, rule)

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

        `event_names`, a list of at least one, limits the rule to these events; by default it matches all. The other
        parameters, and the errors, are those of `on_event`.
        """
        rule = _RuleProps(target, description, rule_name, cross_stack_scope)
        return self._on(id, StageEventType.COMPOSITION_STATE_CHANGE, event_names, rule)

    def _on(
        self, id: str, event_type: StageEventType, event_names: Sequence[str] | None, rule: _RuleProps
    ) -> events.Rule:
        violations = list(_invalid_event_names(event_names, event_type))
        raise_if_invalid(self, id, violations)
        pattern = _events.pattern([event_type], [self.stage_arn], event_names)
        return self._create_rule(id, pattern, [*violations, *_events.too_long(pattern)], rule)

    def _create_rule(
        self, id: str, event_pattern: events.EventPattern, violations: Sequence[Violation], props: _RuleProps
    ) -> events.Rule:
        from aws_cdk import aws_events as events

        violations = [*violations, *_invalid_rule(props)]
        raise_if_invalid(self, id, violations)
        rule = events.Rule(
            self,
            id,
            event_pattern=event_pattern,
            targets=None if props.target is None else [props.target],
            description=props.description,
            rule_name=props.rule_name,
            cross_stack_scope=props.cross_stack_scope,
        )
        warn(rule, [*violations, *_events.of_another_region(self.env.region, rule.env.region)])
        return rule


def _invalid_event_names(value: object, event_type: StageEventType) -> Iterator[Violation]:
    if value is None or (isinstance(value, list) and is_unknown(cast("object", value))):
        return
    if isinstance(value, str) or not isinstance(value, Sequence):
        yield from _arguments.sequence("event_names", value, "a list of event names", rule="eventNames")
        return
    names = cast("Sequence[object]", value)
    if not names:
        yield violation("eventNames", "event_names", [], "must name at least one event", "leave it out for all events")
    documented = EVENT_NAMES[event_type]
    unknown: list[str] = []
    for name in names:
        if not isinstance(name, str):
            yield violation("eventNames", "event_names", name, "must be a list of event names", "write names as texts")
        elif not is_unknown(name) and name not in documented and name not in UNCONFIRMED_EVENT_NAMES:
            unknown.append(plain(name))
    if unknown:
        text = f"should name events that AWS documents: {', '.join(documented)}"
        meant = list(dict.fromkeys(f'"{closest}"' for name in unknown if (closest := closest_of(name, documented))))
        fix = f"the rule will not match; did you mean {join_or(meant)}?" if meant else "the rule may never match"
        yield warning("unknownEventName", "event_names", unknown[0] if len(unknown) == 1 else unknown, text, fix)


def _invalid_rule(props: _RuleProps) -> Iterator[Violation]:
    if props.target is not None:
        expected = "the target of a rule, such as aws_events_targets.LambdaFunction(function)"
        yield from _arguments.construct("target", props.target, "bind", expected, rule="eventRule")
    for prop, value, pattern, expected in (
        ("description", props.description, r"(?s).{0,512}", "a string of at most 512 characters"),
        ("rule_name", props.rule_name, r"(?a)[.\w-]{1,64}", "1 to 64 letters, digits, dots, hyphens and underscores"),
    ):
        is_valid = isinstance(value, str) and (is_unknown(value) or re.fullmatch(pattern, value) is not None)
        if value is not None and not is_valid:
            yield violation("eventRule", prop, value, f"must be {expected}", "leave it out or shorten it")
