"""Classes that claim a jsii interface have all its members, and siblings agree in their signatures."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_apigatewayv2 as apigatewayv2

import stage_constructs
from stage_constructs.apigatewayv2 import HttpStage, WebSocketStage


def unseen_members(cls: type) -> list[str]:
    """The members of the interfaces that a class claims and that JavaScript would not see in it.

    jsii sees functions and data descriptors of the classes that stand before the first jsii class.
    """
    own: list[type] = []
    klass: type = object
    for klass in cls.__mro__:
        if getattr(klass, "__jsii_declared_type__", None) is not None or klass is object:
            break
        own.append(klass)
    interfaces = {interface for one in own for interface in vars(one).get("__jsii_ifaces__", ())}
    wanted = {
        name
        for interface in interfaces
        for base in interface.__mro__
        for name, value in vars(base).items()
        if not name.startswith("_") and (inspect.isfunction(value) or isinstance(value, property))
    }

    def seen(name: str) -> bool:
        found = next((vars(one)[name] for one in own if name in vars(one)), None)
        return inspect.isfunction(found) or inspect.isdatadescriptor(found)

    return sorted(name for name in wanted if not hasattr(klass, name) and not seen(name))


def sub_packages() -> list[str]:
    """The names of the sub-packages of the library."""
    return [
        f"stage_constructs.{module.name}" for module in pkgutil.iter_modules(stage_constructs.__path__) if module.ispkg
    ]


def families(cls: type) -> Iterator[type]:
    """A class and all classes of the library that are made of it."""
    yield cls
    for derived in type.__subclasses__(cls):
        if derived.__module__.startswith("stage_constructs"):
            yield from families(derived)


def implementers() -> list[type]:
    """Every class of the library, public or made of a public one, that claims a jsii interface."""
    modules = [importlib.import_module(package) for package in sub_packages()]
    members = [getattr(module, name) for module in modules for name in getattr(module, "__all__", ())]
    public = [member for member in members if inspect.isclass(member)]
    found = dict.fromkeys(one for cls in public for one in families(cls))
    return [cls for cls in found if getattr(cls, "__jsii_ifaces__", None)]


@pytest.mark.parametrize("cls", implementers(), ids=lambda cls: f"{cls.__module__}.{cls.__name__}")
def test_claimed_interfaces_are_whole(cls: type) -> None:
    """JavaScript sees every member of every interface that a class claims."""
    assert unseen_members(cls) == []


def test_the_stages_are_among_them() -> None:
    """The guard looks at the stages and at their imported variants."""
    names = {cls.__name__ for cls in implementers()}
    assert {"HttpStage", "WebSocketStage", "_ImportedHttpStage", "_ImportedWebSocketStage"} <= names


def test_stages_claim_the_wide_interfaces() -> None:
    """Native constructs that want a whole stage take ours."""
    for cls, interface in ((HttpStage, apigatewayv2.IHttpStage), (WebSocketStage, apigatewayv2.IWebSocketStage)):
        for one in families(cls):
            assert interface in getattr(one, "__jsii_ifaces__", ()), one


class _Mixin:
    @property
    def stage_ref(self) -> Any:
        return None


@pytest.mark.parametrize("fault", ["missing", "cached", "class attribute", "instance attribute", "misplaced"])
def test_the_guard_finds_members_that_javascript_does_not_see(fault: str) -> None:
    """A member that is missing, cached, an attribute, or in a mixin behind the jsii class is found."""
    bases: tuple[type, ...] = (cdk.Resource,)
    body: dict[str, Any] = {}
    if fault == "cached":
        body["stage_ref"] = functools.cached_property(lambda _: None)
        body["stage_ref"].__set_name__(None, "stage_ref")
    elif fault == "class attribute":
        body["stage_ref"] = None
    elif fault == "instance attribute":
        body["__annotations__"] = {"stage_ref": Any}
    elif fault == "misplaced":
        bases = (cdk.Resource, _Mixin)
    from aws_cdk.interfaces.aws_apigatewayv2 import IStageRef

    broken = jsii.implements(IStageRef)(type(cdk.Resource)("Broken", bases, body))
    assert unseen_members(broken) == ["stage_ref"]


def test_the_guard_passes_what_is_whole() -> None:
    """A property in the class or in a mixin before the jsii class is seen."""
    from aws_cdk.interfaces.aws_apigatewayv2 import IStageRef

    @jsii.implements(IStageRef)
    class Whole(_Mixin, cdk.Resource):
        pass

    assert unseen_members(Whole) == []


SHARED = [
    "add_stage_variable",
    "from_stage_arn",
    "from_stage_attributes",
    "from_stage_id",
    "from_stage_ref",
    "grant_read_logs",
    "metric",
    "metric_client_error",
    "metric_integration_latency",
]


@pytest.mark.parametrize("name", SHARED)
def test_parallel_methods_agree(name: str) -> None:
    """What both stages can do is called alike on both."""
    assert inspect.signature(getattr(HttpStage, name)) == inspect.signature(getattr(WebSocketStage, name))


def test_parallel_constructors_agree() -> None:
    """The constructors differ in what the protocols differ in, and in nothing else."""
    http, websocket = (dict(inspect.signature(cls.__init__).parameters) for cls in (HttpStage, WebSocketStage))
    assert http.pop("stage_name").default == "$default"
    assert websocket.pop("stage_name").default is inspect.Parameter.empty
    for only_websocket in ("client_certificate_id", "account"):
        websocket.pop(only_websocket, None)
    assert list(http.items()) == list(websocket.items())


@pytest.mark.parametrize("cls", [HttpStage, WebSocketStage])
def test_everything_but_scope_and_id_is_by_keyword(cls: type) -> None:
    """Props are keyword-only, and there is no bag of them."""
    _, scope, construct_id, *props = inspect.signature(cls.__init__).parameters.values()
    assert (scope.name, construct_id.name) == ("scope", "id")
    assert {prop.kind for prop in props} == {inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize("cls", [HttpStage, WebSocketStage])
def test_all_metrics_take_the_same_options(cls: type) -> None:
    """Each metric method has `route` and every native option by name, which JavaScript's calls need."""
    from aws_cdk import aws_cloudwatch as cloudwatch

    native = inspect.signature(cloudwatch.MetricOptions.__init__).parameters.keys() - {"self"}
    methods = [name for name in dir(cls) if name.startswith("metric")]
    assert len(methods) == 7
    for name in methods:
        parameters = inspect.signature(getattr(cls, name)).parameters.values()
        keywords = {one.name for one in parameters if one.kind is inspect.Parameter.KEYWORD_ONLY}
        assert keywords == native | {"route"}, name
