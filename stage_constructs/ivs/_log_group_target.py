"""A log group as the target of a rule, without the function that the native target makes for each rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsii
from aws_cdk import aws_events as events

if TYPE_CHECKING:
    from aws_cdk.interfaces.aws_events import IRuleRef


@jsii.implements(events.IRuleTarget)
class LogGroupTarget:
    """A log group whose resource policy is written elsewhere; EventBridge takes no role for it."""

    def __init__(self, log_group_arn: str) -> None:
        self._log_group_arn = log_group_arn

    def bind(self, rule: IRuleRef, id: str | None = None) -> events.RuleTargetConfig:  # noqa: ARG002  jsii names them
        """What the rule has to know of the log group; called by JavaScript."""
        return events.RuleTargetConfig(arn=self._log_group_arn)
