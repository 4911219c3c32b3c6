"""Tags as the resources of Amazon IVS take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from collections.abc import Mapping


def render(tags: Mapping[str, str] | None) -> list[cdk.CfnTag] | None:
    """The tags as a list of key and value."""
    return [cdk.CfnTag(key=key, value=value) for key, value in tags.items()] if tags else None
