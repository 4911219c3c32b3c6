"""Rules that are acknowledged in the constructs of a cloud assembly, as the CDK writes them beside the templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .._validation import PREFIX
from ..rules._resources import as_dict, as_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..rules._resources import Template

_ACKNOWLEDGED: Final = "aws:cdk:acknowledged-rules"


def accept_acknowledged(templates: Iterable[Template], metadata: Mapping[str, object]) -> None:
    """Do not report what a construct acknowledges, or one that it is in.

    Args:
        templates: The templates of a stack; they tell the paths of their constructs unless path metadata are off.
        metadata: The metadata of the constructs of the stack, by their paths.
    """
    acknowledged = {path: rules for path, entries in metadata.items() if (rules := _acknowledged(entries))}
    for resource in (each for template in templates for each in template.resources.values()):
        for path, rules in acknowledged.items():
            if f"/{resource.construct_path}/".startswith(f"{path}/"):
                resource.accepted |= rules


def _acknowledged(entries: object) -> frozenset[str]:
    """Ids of the rules of this library; the CDK writes `Annotation::` before ids."""
    of_construct = (as_dict(each) for each in as_list(entries))
    ids = (key for each in of_construct if each.get("type") == _ACKNOWLEDGED for key in as_dict(each.get("data")))
    return frozenset(rule_id.rpartition(PREFIX)[2] for rule_id in ids if PREFIX in rule_id)
