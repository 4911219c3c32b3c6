"""Log groups as CloudFormation creates them; ministack's overwrite a group that exists, and its events.

* A name that a group of the account has is refused.
* A group without a name in its template gets one that no other has.
* A key whose policy does not allow CloudWatch Logs to use it for the group is refused.
"""

from __future__ import annotations

import fnmatch
import json
import secrets
from typing import TYPE_CHECKING, Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch_logs, kms
from ministack.services.cloudformation import provisioners

if TYPE_CHECKING:
    from collections.abc import Iterator

Properties = dict[str, Any]


def register() -> None:
    """Let CloudFormation of this process create log groups as AWS does."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::Logs::LogGroup"]
    update = handlers["update"]

    def update_log_group(physical_id: str, old: Properties, new: Properties, *rest: Any, **named: Any) -> Any:
        if not old.get("LogGroupName") and not new.get("LogGroupName"):
            new = {**new, "LogGroupName": physical_id}
        _check_key(physical_id, new.get("KmsKeyId"))
        return update(physical_id, old, new, *rest, **named)

    handlers["create"], handlers["update"] = _create, update_log_group
    # The update handler creates the replacement itself.
    provisioners._cwlogs_create = _create


_create_anyway = provisioners._cwlogs_create


def _create(logical_id: str, props: Properties, stack_name: str) -> tuple[str, Properties]:
    name = props.get("LogGroupName") or f"{stack_name}-{logical_id}-{secrets.token_hex(6)}"
    if name in cloudwatch_logs._log_groups:
        identifier = json.dumps({"/properties/LogGroupName": name}, separators=(",", ":"))
        raise ValueError(f"Resource of type 'AWS::Logs::LogGroup' with identifier '{identifier}' already exists.")
    _check_key(name, props.get("KmsKeyId"))
    created: tuple[str, Properties] = _create_anyway(logical_id, {**props, "LogGroupName": name}, stack_name)
    return created


def _check_key(name: str, key_id: str | None) -> None:
    if not key_id:
        return
    arn = f"arn:aws:logs:{get_region()}:{get_account_id()}:log-group:{name}"
    key = kms._resolve_key(key_id)
    if not key or not any(fnmatch.fnmatchcase(arn, pattern) for pattern in _allowed_log_groups(key)):
        raise ValueError(f"The specified KMS key does not exist or is not allowed to be used with Arn '{arn}'")


def _allowed_log_groups(key: Properties) -> Iterator[str]:
    """ARNs, with wildcards, of the log groups that CloudWatch Logs may use a key for."""
    for statement in json.loads(key["Policy"])["Statement"]:
        services = statement.get("Principal", {}).get("Service", [])
        if f"logs.{get_region()}.amazonaws.com" not in _listed(services) or statement["Effect"] != "Allow":
            continue
        arns = [
            arn
            for operator in statement.get("Condition", {}).values()
            for arn in _listed(operator.get("kms:EncryptionContext:aws:logs:arn", []))
        ]
        yield from arns or ["*"]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
