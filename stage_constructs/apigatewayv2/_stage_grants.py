"""Permissions on HTTP and WebSocket stages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import aws_cdk as cdk

from .. import _grants
from .._arguments import violation
from .._validation import report
from ..rules._unknown import is_unknown
from ._api_info import Protocol
from ._stage_attributes import StageAttributes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aws_cdk import aws_iam as iam

    from ..errors import Violation

_ACTION: Final = re.compile(r"(?:apigateway|execute-api):[A-Za-z*]+")
_READ_LOGS = (
    "logs:DescribeLogStreams",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:GetLogGroupFields",
    "logs:StartQuery",
)
_READ_QUERIES = ("logs:GetQueryResults", "logs:StopQuery")
"""Actions on queries of Logs Insights, for which IAM has no resource narrower than `*`: they need the id that
`logs:StartQuery` returns. `logs:DescribeQueries` is left out, since it lists the ids of all queries of the account."""


class StageGrants(StageAttributes):
    """The grants of a stage."""

    def grant(self, grantee: iam.IGrantable, *actions: str) -> iam.Grant:
        """Grant a principal permission for some actions on this stage.

        Actions of `execute-api` are granted on everything below `execution_arn`, those of `apigateway` on `stage_arn`.

        Args:
            grantee: The principal.
            actions: IAM actions, such as `execute-api:Invoke` or `apigateway:PATCH`.

        Raises:
            StageConfigurationError: There is no action, or one of another service.
        """
        report(self, _invalid_actions(actions))
        by_resource = {"execute-api": f"{self.execution_arn}/*", "apigateway": self.stage_arn}
        permissions = [
            _grants.Permission(of_service, [arn])
            for service, arn in by_resource.items()
            if (of_service := sorted(action for action in actions if action.startswith(f"{service}:")))
        ]
        return self._grant(grantee, *permissions)

    def grant_read_logs(self, grantee: iam.IGrantable) -> iam.Grant:
        """Grant a principal permission to read the logs of the stage, events and queries of CloudWatch Logs Insights.

        This includes permission to list the names of all log groups in the account and Region.

        Actions: `logs:DescribeLogGroups`, `logs:DescribeLogStreams`, `logs:FilterLogEvents`, `logs:GetLogEvents`,
        `logs:GetLogGroupFields`, `logs:GetQueryResults`, `logs:StartQuery`, `logs:StopQuery`; with an encryption key
        also `kms:Decrypt`.

        Args:
            grantee: The principal.

        Raises:
            StageConfigurationError: The stage writes no logs, or it is not known where.
        """
        arns = self._log_arns()
        if not arns:
            problem = "must be given for grant_read_logs"
            fix = "the stage writes no logs that are known here; if there is a log group, use its grant_read(...)"
            raise self._error("access_log_settings", None, problem, fix, show_value=False)
        permissions = [
            _grants.Permission(_READ_LOGS, arns),
            # It lists names: one group is none of it.
            _grants.Permission(("logs:DescribeLogGroups",), [self._log_group_arn("*")]),
            _grants.Permission(_READ_QUERIES, ["*"]),
        ]
        access_logs = self._access_logs
        if access_logs and access_logs.key_arn:
            of_group = {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": access_logs.destination_arn}}
            permissions.append(_grants.Permission(("kms:Decrypt",), [access_logs.key_arn], of_group))
        return self._grant(grantee, *permissions)

    def _log_arns(self) -> list[str]:
        readable = self._access_logs and self._access_logs.readable_arn
        return [readable] if readable else []

    def _log_group_arn(self, name: str) -> str:
        return self.stack.format_arn(
            service="logs",
            region=self._environment.region,
            account=self._environment.account,
            resource="log-group",
            resource_name=name,
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )

    def _grant(self, grantee: iam.IGrantable, *permissions: _grants.Permission) -> iam.Grant:
        kind = "HTTP" if self._protocol is Protocol.HTTP else "WebSocket"
        reason = f"{kind} APIs have no resource policies"
        return _grants.add_to_principal(self, grantee, *permissions, account=self._environment.account, reason=reason)


def _invalid_actions(actions: Sequence[object]) -> Iterator[Violation]:
    """What is no action of IAM on a stage."""
    expected = 'must be IAM actions on stages such as "execute-api:Invoke" or "apigateway:PATCH"'
    if not actions:
        yield violation("grantedActions", "actions", actions, expected, "name at least one")
    for action in actions:
        if not isinstance(action, str) or is_unknown(action) or not _ACTION.fullmatch(action):
            yield violation("grantedActions", "actions", action, expected, "write the action with its service")
