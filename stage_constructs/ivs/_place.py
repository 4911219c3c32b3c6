"""The environment that a construct stands in, asked for once per stack."""

from __future__ import annotations

import collections
import functools
import weakref
from typing import TYPE_CHECKING

import aws_cdk as cdk

if TYPE_CHECKING:
    from constructs import Construct, IConstruct


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

    def count(self, kind: str) -> int:
        """How many of a kind there are in this app and environment; in this stack where that is not known."""
        if self.account is None or self.region is None:
            return self.made[kind]
        same = [place for place in _PLACES.values() if place.environment == self.environment and place.made[kind]]
        if same == [self]:
            return self.made[kind]
        return sum(place.made[kind] for place in same if place.root is self.root)


_PLACES: weakref.WeakKeyDictionary[IConstruct, Place] = weakref.WeakKeyDictionary()
_STACKS: weakref.WeakKeyDictionary[IConstruct, cdk.Stack] = weakref.WeakKeyDictionary()


def place_of(scope: Construct) -> Place:
    """The place of whatever is put into this scope."""
    stack = scope if isinstance(scope, cdk.Stack) else _STACKS.get(scope)
    if stack is None:
        stack = _STACKS[scope] = cdk.Stack.of(scope)
    place = _PLACES.get(stack)
    if place is None:
        place = _PLACES[stack] = Place(stack)
    return place
