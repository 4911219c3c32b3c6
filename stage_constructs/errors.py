"""The error that every construct of this library raises."""

from __future__ import annotations


class StageConfigurationError(ValueError):
    """What the service would refuse at deploy, or what cannot work, said at synth.

    The text names the property, the value as given, what is accepted, what to write instead and, where it is
    known, what the service itself would have answered. When several properties are wrong the text lists them
    all, and the attributes speak of the first.

    Attributes:
        construct_path: Path of the construct in the tree, such as `MyStack/Stage`.
        prop: The property as the caller wrote it, such as `default_route_settings.throttling_rate_limit`.
        value: The value as given.
    """

    def __init__(self, message: str, *, construct_path: str, prop: str, value: object) -> None:
        super().__init__(message)
        self.construct_path = construct_path
        self.prop = prop
        self.value = value
