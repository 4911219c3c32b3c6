"""The environment that a construct stands in, asked for once per stack."""

from __future__ import annotations

import collections
import functools
import weakref
from typing import TYPE_CHECKING

from .. import _checks
from . import _rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    import aws_cdk as cdk
    from constructs import Construct, IConstruct

    from .._checks import Fault


class Place:
    """A stack, its Region and account as far as they are known, and what this library made there."""

    def __init__(self, stack: cdk.Stack) -> None:
        self.stack = stack
        self.environment = stack.environment
        account, region = self.environment.removeprefix("aws://").split("/")
        self.account = None if account == "unknown-account" else account
        self.region = None if region == "unknown-region" else region
        self.made: collections.Counter[str] = collections.Counter()

    @functools.cached_property
    def root(self) -> IConstruct:
        """The app."""
        return self.stack.node.root

    def faults_of_next(self, kind: str) -> Iterator[Fault]:
        """What is wrong with one more of a kind in this app and environment, or in this stack where it is agnostic."""
        most = _rules.QUOTAS[kind]
        same = [self]
        if self.account is not None and self.region is not None:
            same = [place for place in _PLACES.values() if place.environment == self.environment]
        number = sum(place.made[kind] for place in same) + 1
        if number > most:  # another app may be among them
            number = sum(place.made[kind] for place in same if place.root is self.root) + 1
        yield from _rules.event_log_quota(number) if kind == "event logs" else _rules.quota(kind, number)


_PLACES: weakref.WeakKeyDictionary[IConstruct, Place] = weakref.WeakKeyDictionary()


def place_of(scope: Construct) -> Place:
    """The place of whatever is put into this scope."""
    stack = _checks.stack_of(scope)
    place = _PLACES.get(stack)
    if place is None:
        place = _PLACES[stack] = Place(stack)
    return place
