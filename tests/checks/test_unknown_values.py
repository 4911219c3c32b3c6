"""Values that are known at deploy only are never guessed at."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from stage_constructs.rules._messages import TEMPLATE, problem_text

from . import api_cases, cases, mapping_cases, template_helpers
from .cases import Case
from .template_helpers import check

INTRINSICS: list[dict[str, Any]] = [
    {"Ref": "Parameter"},
    {"Fn::If": ["Condition", "a", {"Ref": "AWS::NoValue"}]},
    {"Fn::Sub": "${Parameter} !" + "x" * 3000},
    {"Fn::ImportValue": "x"},
    {"Fn::GetAtt": ["Other", "Some"]},
    {"Fn::FindInMap": ["Map", "a", "b"]},
    {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {}}},
]
PARAMETERS = {"Parameters": {"Parameter": {"Type": "String", "Default": "-1"}}}

Path = tuple[Any, ...]


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """The places of all values inside a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


def with_value(resources: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """The resources with another value at a place."""
    changed = copy.deepcopy(resources)
    where = changed
    for key in path[:-1]:
        where = where[key]
    where[path[-1]] = value
    return changed


def broken_resource(case: Case) -> str:
    """The first resource that has a finding."""
    return check(case.resources)[0].logical_id


def violating_property(case: Case) -> str | None:
    """The property that breaks the rule, None where the fault is that it is left out."""
    name = case.prop.partition(".")[0].partition("[")[0]
    return name if name in case.resources[broken_resource(case)].get("Properties", {}) else None


WRITTEN_AT_ALL = {"unsupportedProperty", "deploymentWithAutoDeploy", "clientCertificateOnHttp"}
"""Rules that a property breaks by being there, whatever its value is."""
OF_VALUES = [
    case
    for case in (*cases.BOTH_PROTOCOLS, *cases.HTTP_ONLY, *cases.WEBSOCKET_ONLY, *cases.IVS)
    if len(case.resources) < 5 and violating_property(case)
]


@pytest.mark.parametrize("case", OF_VALUES, ids=lambda case: case.rule)
def test_an_intrinsic_in_place_of_the_violation_is_not_judged(case: Case) -> None:
    """A property that CloudFormation computes is not reported, unless it must not be there and surely is."""
    path = (broken_resource(case), "Properties", violating_property(case))
    is_named = case.rule in WRITTEN_AT_ALL and case.prop in {"AccessPolicyId", "DeploymentId", "ClientCertificateId"}
    for intrinsic in INTRINSICS:
        found = {each.rule for each in check(with_value(case.resources, path, intrinsic), **PARAMETERS)}
        surely_there = "Fn::If" not in intrinsic and "Fn::Transform" not in intrinsic
        assert found == ({case.rule} if surely_there and is_named else set()), intrinsic


@pytest.mark.parametrize(
    "resources",
    [
        template_helpers.http(
            {
                **cases.logs(),
                **cases.SETTINGS,
                "AutoDeploy": True,
                "DefaultRouteSettings": {"ThrottlingBurstLimit": 5, "ThrottlingRateLimit": 1.5},
                "StageVariables": {"a": "b"},
                "Description": "d",
                "Tags": {"a": "b"},
            }
        ),
        template_helpers.websocket(
            {
                **cases.logs(),
                "RouteSettings": {"send": {"LoggingLevel": "INFO", "DataTraceEnabled": False}},
                "DefaultRouteSettings": {"LoggingLevel": "INFO", "DataTraceEnabled": False},
                "ClientCertificateId": "abc",
                "DeploymentId": "abc",
            }
        ),
        {
            "Api": template_helpers.HTTP_API,
            "Stage": template_helpers.stage(),
            "Domain": mapping_cases.certified(mapping_cases.CERTIFICATE, EndpointType="REGIONAL"),
            "One": mapping_cases.mapping("Api", "v1", DependsOn="Stage"),
            "Two": mapping_cases.mapping("Api", domain="x.example.com", DependsOn="Stage"),
        },
        cases.stored(cases.IVS_WRITES, DependsOn="Policy"),
        cases.thumbnails(RecordingMode="INTERVAL", TargetIntervalSeconds=60, Storage=["LATEST"]),
        cases.encoder(Width=1280, Height=720, Framerate=30, Bitrate=1),
        template_helpers.ivs("IngestConfiguration", {"IngestProtocol": "RTMP", "InsecureIngest": True, "UserId": "u"}),
        template_helpers.ivs("PublicKey", {"PublicKeyMaterial": cases.keys.P384, "Tags": [{"Key": "a", "Value": "b"}]}),
    ],
    ids=["http", "websocket", "mappings", "storage", "stage", "encoder", "ingest", "key"],
)
def test_any_value_may_be_an_intrinsic(resources: dict[str, Any]) -> None:
    """Clean templates stay clean when any of their properties, or any part of one, is computed at deploy."""
    assert check(resources) == []
    for path in places(resources):
        if len(path) > 2 and path[1] == "Properties":
            for intrinsic in INTRINSICS:
                found = check(with_value(resources, path, intrinsic), **PARAMETERS)
                assert [each.rule for each in found] == (["unknownRoute"] if path in OF_ROUTES else []), path


OF_ROUTES = {(route, "Properties", name) for route in ("Pets", "Send") for name in ("ApiId", "RouteKey")}
"""Where a route is unknown, it may or may not be the one that a stage has settings for."""


@pytest.mark.parametrize("junk", [None, [], {}, "", 0, True, [[]], {"a": {}}, "x"])
def test_junk_is_survived(junk: Any) -> None:
    """Whatever stands in a template, the checks read on."""
    others = (*cases.ACROSS_RESOURCES, *mapping_cases.CASES, *api_cases.CASES, *cases.IVS)
    for case in (*cases.CASES[:60], *cases.HTTP_ONLY, *others):
        if len(case.resources) < 10:
            for path in places(case.resources):
                if not (len(path) == 2 and path[1] == "Type"):
                    check(with_value(case.resources, path, junk))


def test_the_value_is_shown_as_the_template_has_it() -> None:
    """A fault about a value that is computed shows the function."""
    from .template_helpers import findings, template

    [finding] = findings(template(template_helpers.http({"AutoDeploy": True, "DeploymentId": {"Ref": "Deployment"}})))
    assert 'got {"Ref": "Deployment"}' in problem_text(finding, TEMPLATE, finding.value)
