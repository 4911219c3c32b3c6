"""Live resources, as Cloud Control tells them to the CDK CLI at synth.

The CLI is asked by a question in the context; until it has answered there is a placeholder. It fails on a property
that the resource does not have, and says which: then it is asked for the others.
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
_RETURNED = re.compile(r":propertiesToReturn\.\d+=[^:]*")
_ABSENT = re.compile(r"Cannot read field (\w+)\.")


class LookupFailedError(Exception):
    """The CLI has no answer; the text is its own."""


def look_up(
    scope: Construct,
    type_name: str,
    query: Mapping[str, object],
    *,
    required: Sequence[str],
    optional: Sequence[str],
    placeholder: Mapping[str, object],
) -> list[dict[str, Any]]:
    """The resources that answer a query, with those properties that they have.

    Args:
        scope: Where the question is asked, in a stack with a concrete account and Region.
        type_name: CloudFormation type.
        query: `exactIdentifier` or `propertyMatch`, and account and Region where they are not the stack's.
        required: Properties that every such resource has.
        optional: Properties that it may have.
        placeholder: What stands for the answer until the CLI has it.

    Raises:
        LookupFailedError: The CLI has tried, in vain.
    """
    context = cast("dict[str, Any]", scope.node.get_all_context())
    wanted = [*required, *optional]
    props = {"typeName": type_name, **query}
    key = _key(scope, {**props, "propertiesToReturn": wanted})
    question = _RETURNED.sub("", key)
    for known, answer in context.items():
        if isinstance(answer, list) and known.startswith(_PROVIDER) and _RETURNED.sub("", known) == question:
            return cast("list[dict[str, Any]]", answer)
    while isinstance(failure := context.get(key), dict):
        said = str(cast("dict[str, object]", failure).get("$providerError"))
        absent = _ABSENT.search(said)
        if absent is None or absent[1] not in optional or absent[1] not in wanted:
            raise LookupFailedError(said)
        wanted.remove(absent[1])
        key = _key(scope, {**props, "propertiesToReturn": wanted})
    asked = cdk.ContextProvider.get_value(
        scope,
        provider=_PROVIDER,
        props={**props, "propertiesToReturn": wanted},
        dummy_value=[dict(placeholder)],
    )
    return cast("list[dict[str, Any]]", asked.value)


def require_environment(scope: Construct, construct_id: str) -> None:
    """Refuse a lookup where the CLI would not know which account and Region to ask."""
    environment = environment_of(scope)
    if environment.account is None or environment.region is None:
        problem = "must name an account and a Region for a lookup"
        fix = 'write Stack(app, "Stack", env=cdk.Environment(account=..., region=...)), or use from_stage_arn(...)'
        given = environment.stack.environment
        raise configuration_error(scope, construct_id, violation("lookupEnvironment", "env", given, problem, fix))


def _key(scope: Construct, props: dict[str, Any]) -> str:
    return cdk.ContextProvider.get_key(scope, provider=_PROVIDER, props=props).key
