"""Checks of templates that are files, dicts or cloud assemblies."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .._validation import PREFIX
from ..rules._resources import Template
from ..rules._values import closest_of
from ..rules.templates import all_rules, evaluate_templates
from ._files import read_path, template_content
from ._findings import finding_of
from ._terraform import is_evaluated

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ._findings import Finding


def check_template(
    template: Mapping[str, Any] | str | os.PathLike[str],
    *,
    region: str | None = None,
    account: str | None = None,
    accept: Iterable[str] = (),
) -> list[Finding]:
    """Check the stages of a template, and what belongs to them, by the rules of this library.

    For tests and scripts; it needs neither the CDK nor Node:

        assert check_template("cdk.out") == []

    Values that are known only at deploy time are not validated. All rules: `docs/rules.md`.

    Args:
        template: A CloudFormation template as a dict (`Template.from_stack(stack).to_json()`) or a file, or the
            directory of a cloud assembly (`cdk.out`), whose stacks are checked together with their nested stacks, or
            the file of what `terraform show -json` prints. A YAML file, or a loop (`Fn::ForEach`), requires cfn-lint:
            `pip install "stage-constructs[cfn-lint]"`.
        region: Region where the template is deployed. Default: that of the cloud assembly; otherwise what depends on
            the Region is not checked.
        account: Account where the template is deployed. Default: likewise.
        accept: Ids of rules that are not reported, such as `zeroThrottle`. Default: all rules are.

    Returns:
        The findings, errors and warnings, in the order of the resources. Empty: nothing is wrong.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is not a template, or an id in `accept` is not that of a rule.
        ImportError: It is YAML, and cfn-lint is not installed.
    """
    if isinstance(template, Mapping):
        templates = [Template(template_content(template, "the template"), region=region, account=account)]
    else:
        templates = read_path(os.fspath(template), region, account).templates
    return findings_in(templates, accepted_rules(accept))


def findings_in(templates: Sequence[Template], accepted: frozenset[str] = frozenset()) -> list[Finding]:
    """The findings in the templates of one app."""
    return [
        finding_of(each)
        for each in evaluate_templates(templates)
        if each.rule.id not in accepted and is_evaluated(each.rule, each.resource.template)
    ]


def accepted_rules(accept: Iterable[str]) -> frozenset[str]:
    """The ids of rules, which may have the prefix that they have among those of other tools."""
    accepted = frozenset(str(each).removeprefix(PREFIX) for each in ((accept,) if isinstance(accept, str) else accept))
    known = {rule.id for rule in all_rules()}
    for unknown in sorted(accepted - known):
        closest = closest_of(unknown, known)
        raise ValueError(
            f"accept must be ids of rules, got {unknown!r}" + (f"; did you mean {closest!r}?" * bool(closest))
        )
    return accepted
