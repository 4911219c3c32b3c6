"""Lookups of live resources, which the CDK CLI answers at synth by Cloud Control.

The first synth asks a question in the context and uses a placeholder. The CLI fails for a property that the resource
does not have, and names it; the next synth asks for the others.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

import aws_cdk as cdk

from ._arguments import violation
from ._synthesis import environment_of
from ._validation import configuration_error

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from constructs import Construct

_PROVIDER = "cc-api-provider"
_PROPERTIES_IN_KEY = re.compile(r":propertiesToReturn\.\d+=[^:]*")
_ABSENT = re.compile(r"Cannot read field (\w+)\.")


class LookupFailedError(Exception):
    """The error of the CLI, in its own words."""


def look_up(
    scope: Construct,
    type_name: str,
    query: Mapping[str, object],
    *,
    required: Sequence[str],
    optional: Sequence[str],
    placeholder: Mapping[str, object],
) -> list[dict[str, Any]]:
    """The resources that match a query, with the properties that they have.

    Args:
        scope: A construct in a stack with a concrete account and Region.
        type_name: CloudFormation type.
        query: `exactIdentifier` or `propertyMatch`, and account and Region where they are not those of the stack.
        required: Properties that each such resource has.
        optional: Properties that it may have.
        placeholder: The answer until the CLI has one.

    Raises:
        LookupFailedError: The CLI has failed.
    """
    context = cast("dict[str, Any]", scope.node.get_all_context())
    properties = [*required, *optional]
    props = {"typeName": type_name, **query, "propertiesToReturn": properties}
    question = _PROPERTIES_IN_KEY.sub("", _key(scope, props))
    for key, answer in context.items():
        if isinstance(answer, list) and key.startswith(_PROVIDER) and _PROPERTIES_IN_KEY.sub("", key) == question:
            return cast("list[dict[str, Any]]", answer)
    while isinstance(failure := context.get(_key(scope, props)), dict):
        message = str(cast("dict[str, object]", failure).get("$providerError"))
        absent = _ABSENT.search(message)
        if absent is None or absent[1] not in optional or absent[1] not in properties:
            raise LookupFailedError(message)
        properties.remove(absent[1])  # and from `props`, which holds the list
    answered = cdk.ContextProvider.get_value(scope, provider=_PROVIDER, props=props, dummy_value=[dict(placeholder)])
    return cast("list[dict[str, Any]]", answered.value)


def _key(scope: Construct, props: dict[str, Any]) -> str:
    return cdk.ContextProvider.get_key(scope, provider=_PROVIDER, props=props).key


def require_environment(scope: Construct, construct_id: str) -> None:
    """Raise unless the account and the Region of a lookup are known."""
    environment = environment_of(scope)
    if environment.account is None or environment.region is None:
        problem = "must name an account and a Region for a lookup"
        fix = 'write Stack(app, "Stack", env=cdk.Environment(account=..., region=...)), or use from_stage_arn(...)'
        value = environment.stack.environment
        raise configuration_error(scope, construct_id, violation("lookupEnvironment", "env", value, problem, fix))
