"""Log groups as CloudFormation creates them; ministack's overwrite a group that exists, and its events.

* A name that a group of the account has is refused.
* A group without a name in its template gets one that no other has.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from ministack.services import cloudwatch_logs
from ministack.services.cloudformation import provisioners

Properties = dict[str, Any]


def register() -> None:
    """Let CloudFormation of this process create log groups as AWS does."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::Logs::LogGroup"]
    update = handlers["update"]

    def update_log_group(physical_id: str, old: Properties, new: Properties, *rest: Any, **named: Any) -> Any:
        if not old.get("LogGroupName") and not new.get("LogGroupName"):
            new = {**new, "LogGroupName": physical_id}
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
    created: tuple[str, Properties] = _create_anyway(logical_id, {**props, "LogGroupName": name}, stack_name)
    return created
