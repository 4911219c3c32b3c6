"""Every public way into the library: classes, methods and imports, with what their parameters take."""

from __future__ import annotations

import enum
import functools
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_apigatewayv2 as apigatewayv2_native
from hypothesis import find
from hypothesis import strategies as st

import stage_constructs
from stage_constructs import apigatewayv2, checks, ivs, monitoring
from stage_constructs._metrics import MetricOptions

from . import strategies
from .sandbox import Sandbox
from .strategies import SandboxObject

_CLASS = "__init__"


@dataclass(frozen=True)
class Operation:
    """A public class, or a public method of one."""

    package: str
    cls: type[Any]
    method: str

    def __str__(self) -> str:
        name = f"{self.package}.{self.cls.__name__}"
        return name if self.method == _CLASS else f"{name}.{self.method}"

    @property
    def owner(self) -> str:
        """The class, as users name it."""
        return f"{self.package}.{self.cls.__name__}"

    @property
    def is_class(self) -> bool:
        """Whether it makes an object of the class."""
        return self.method == _CLASS

    @property
    def needs_object(self) -> bool:
        """Whether it is called on an object of the class."""
        return not self.is_class and inspect.isfunction(inspect.getattr_static(self.cls, self.method))

    @functools.cached_property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """Its parameters by name; keywords that are described elsewhere stand for themselves."""
        function = getattr(self.cls, self.method)
        if function is object.__init__:
            return {}
        found = dict(inspect.signature(function).parameters)
        found.pop("self", None)
        if "fields" in found:  # of any name
            found["fields"] = found["fields"].replace(annotation="dict[str, str]")
        if found.pop("options", None):
            keyword = inspect.Parameter.KEYWORD_ONLY
            found |= {name: inspect.Parameter(name, keyword, default=None) for name in MetricOptions.__annotations__}
        return found

    def right(self, name: str) -> st.SearchStrategy[Any]:
        """What a parameter takes."""
        for narrow in (self.owner, self.method.partition("_")[0]):
            if f"{narrow}.{name}" in strategies.RIGHT:
                return strategies.RIGHT[f"{narrow}.{name}"]
        return strategies.RIGHT[name]

    @functools.cached_property
    def simplest(self) -> dict[str, Any]:
        """Arguments that are right, for what must be given."""
        arguments = {each.name: self.right(each.name) for each in self.parameters.values() if _is_required(each)}
        if self.owner in _ALONE:
            arguments["scope"] = strategies.sandbox_object("new_stack")
        if self.needs_object:
            arguments["self"] = strategies.sandbox_object(*self._targets)
        return find(st.fixed_dictionaries(arguments), lambda _: True)

    @property
    def _targets(self) -> tuple[str, ...]:
        return (_CHANGED if self.method.startswith("add_") else _TARGETS)[self.owner]

    @property
    def calls(self) -> st.SearchStrategy[dict[str, Any]]:
        """Arguments: many of them right, some absurd; with the object that a method is called on."""
        if self.owner in _CHOICES and self.is_class:
            return _CHOICES[self.owner]
        parameters = self.parameters.values()
        required = {each.name: self.right(each.name) for each in parameters if _is_required(each)}
        optional = {each.name: self.right(each.name) for each in parameters if each.name not in required}
        arguments = strategies.props(required, optional)
        if self.owner in _ALONE:
            return arguments.map(_in_a_stack_of_its_own)
        if not self.needs_object:
            return arguments
        return st.builds(
            lambda one, given: {"self": one, **given}, strategies.sandbox_object(*self._targets), arguments
        )

    def call(self, sandbox: Sandbox, given: dict[str, Any]) -> object:
        """Do it with arguments that may stand in the sandbox, and put what comes of it to its use."""
        arguments = {name: sandbox.real(value) for name, value in given.items()}
        function = self.cls if self.is_class else getattr(arguments.pop("self", self.cls), self.method)
        positional = []
        if "actions" in arguments and self.method == "grant":
            positional = [arguments.pop("grantee"), *arguments.pop("actions")]
        made = function(*positional, **arguments.pop("fields", {}), **arguments)
        use = _USES.get(str(self)) or _USES.get(self.method.partition("_")[0]) or _USES.get(self.owner)
        return made if use is None else use(sandbox, made)


def _is_required(parameter: inspect.Parameter) -> bool:
    return parameter.default is parameter.empty and parameter.kind is not parameter.VAR_KEYWORD


_ALONE = {"apigatewayv2.ApiGatewayAccount", "ivs.PublicKey"}
"""Of which an environment has one or a few, which is known at synth only."""


def _in_a_stack_of_its_own(given: dict[str, Any]) -> dict[str, Any]:
    scope = given["scope"]
    return (
        {**given, "scope": SandboxObject("new_stack")}
        if isinstance(scope, SandboxObject) and scope.name != "app"
        else given
    )


_TARGETS = {
    "apigatewayv2.HttpStage": ("http_stage", "imported_http_stage"),
    "apigatewayv2.WebSocketStage": ("websocket_stage", "imported_websocket_stage"),
    "ivs.Stage": ("stage", "imported_stage"),
    "ivs.StorageConfiguration": ("storage", "imported_storage"),
    "ivs.StageSessions": ("sessions",),
}
_CHANGED = {
    "apigatewayv2.HttpStage": ("new_http_stage", "new_http_stage", "imported_http_stage"),
    "apigatewayv2.WebSocketStage": ("new_websocket_stage", "new_websocket_stage", "imported_websocket_stage"),
}
_ALWAYS = {"scope": strategies.RIGHT["scope"], "id": strategies.RIGHT["id"]}
_CHOICES = {
    "monitoring.StageAlarms": st.one_of(
        strategies.props(
            {**_ALWAYS, "stage": strategies.sandbox_object(stage)},
            {
                name: strategies.RIGHT.get(f"monitoring.StageAlarms.{name}", strategies.RIGHT[name])
                for name in (
                    *thresholds,
                    *("actions", "ok_actions", "warning_actions", "period", "evaluation_periods"),
                    *("datapoints_to_alarm", "alarm_name_prefix", "runbook_url"),
                )
            },
        )
        for stage, thresholds in strategies.ALARMS.items()
    )
}


def _log_by(sandbox: Sandbox, settings: Any) -> object:
    return apigatewayv2.HttpStage(
        sandbox.stack, sandbox.case, api=sandbox.new_http_api, access_log_settings=settings, stage_name=sandbox.case
    )


def _log_as(sandbox: Sandbox, line: Any) -> object:
    return _log_by(sandbox, apigatewayv2.AccessLogSettings(log_group=sandbox.log_group, format=line))


def _record(sandbox: Sandbox, recording: Any) -> object:
    return ivs.Stage(sandbox.stack, sandbox.case, auto_participant_recording=recording)


def _route(sandbox: Sandbox, settings: Any) -> object:
    return apigatewayv2.WebSocketStage(
        sandbox.stack,
        sandbox.case,
        api=sandbox.new_websocket_api,
        stage_name=sandbox.case,
        default_route_settings=settings,
    )


def _change(sandbox: Sandbox, settings: Any) -> object:
    stage = apigatewayv2_native.HttpStage(sandbox.stack, f"Of{sandbox.case[:-1]}", http_api=sandbox.new_http_api)
    settings.apply_to(stage.node.default_child)
    return stage


_USES: dict[str, Callable[[Sandbox, Any], object]] = {
    "metric": lambda sandbox, metric: sandbox.show(metric),
    "apigatewayv2.AccessLogFormat": _log_as,
    "apigatewayv2.AccessLogSettings": _log_by,
    "apigatewayv2.RouteSettings": _route,
    "apigatewayv2.StageSettings": _change,
    "monitoring.Threshold": lambda sandbox, threshold: monitoring.StageAlarms(
        sandbox.stack, f"Of{sandbox.case[:-1]}", stage=sandbox.http_stage, latency_ms=threshold
    ),
    "ivs.ParticipantRecording": _record,
    "ivs.Thumbnails": lambda sandbox, thumbnails: _record(
        sandbox, ivs.ParticipantRecording(storage=sandbox.storage, thumbnails=thumbnails)
    ),
}
"""What a value is for: nothing is checked before something takes it."""


def _operations() -> Iterator[Operation]:
    for package in ("apigatewayv2", "checks", "ivs", "monitoring"):
        module = getattr(stage_constructs, package)
        for name in module.__all__:
            public = getattr(module, name)
            if not isinstance(public, type) or issubclass(public, (enum.Enum, checks.Finding)):
                continue
            own = [base for base in public.__mro__ if base.__module__.startswith(stage_constructs.__name__)]
            members = {member: public for base in own for member in vars(base) if not member.startswith("_")}
            yield Operation(package, public, _CLASS)
            for member in members:
                found = inspect.getattr_static(public, member)
                if inspect.isfunction(found) or isinstance(found, (classmethod, staticmethod)):
                    yield Operation(package, public, member)


OPERATIONS = list(_operations())
