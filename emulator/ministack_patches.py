"""What ministack does otherwise than AWS, patched where the examples and tests would notice.

* Settings of routes: ministack keeps a template's spelling (`ThrottlingBurstLimit`), so that an SDK, which looks
  for `throttlingBurstLimit`, sees none.
* Stage variables: AWS hands them to the function of an HTTP API, ministack does not.
* `$connect` and `$disconnect`: AWS calls nothing where an API has no such route, ministack calls `$default`.
* Alarms on metric math: ministack keeps them, but refuses to make them from a template.
* Import: AWS says by which properties a type is identified, which the CDK CLI asks for, and looks for drift in a stack
  that has just imported.
* Host names: a function reaches a deployed API by its host name, which resolves to AWS. Environment variables that
  hold such a URL are given the emulator's address instead.
"""

from __future__ import annotations

import os
import re
from typing import Any

from ministack.services import apigateway
from ministack.services.cloudformation import changesets, drift, handlers, provisioners

Properties = dict[str, Any]

_EXECUTE_API = re.compile(r"https?://(?P<api>[0-9a-z]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?P<path>/\S*)")


def apply() -> None:
    """Mend the ministack of this process."""
    _spell_route_settings_as_the_service()
    _hand_over_stage_variables()
    _keep_default_route_from_connections()
    _take_alarms_of_metric_math()
    _say_how_types_are_identified()
    drift.DRIFT_DETECTABLE_STATUSES |= {"IMPORT_COMPLETE"}
    _lead_functions_to_the_emulator()


def _spell_route_settings_as_the_service() -> None:
    stage_props = provisioners._apigw_v2_stage_props

    def patched(props: Properties) -> Properties:
        stage = stage_props(props)
        stage["defaultRouteSettings"] = _camel(stage["defaultRouteSettings"])
        stage["routeSettings"] = {key: _camel(settings) for key, settings in stage["routeSettings"].items()}
        return stage

    provisioners._apigw_v2_stage_props = patched


def _camel(settings: Properties) -> Properties:
    return {name[:1].lower() + name[1:]: value for name, value in settings.items()}


def _hand_over_stage_variables() -> None:
    run = apigateway.run_reentrant

    async def patched(function: Any, *arguments: Any, **named: Any) -> Any:
        for event in arguments:
            if isinstance(event, dict) and event.get("version") == "2.0":
                context = event["requestContext"]
                variables = apigateway._get_stage_variables(context["apiId"], context["stage"])
                if variables:
                    event["stageVariables"] = dict(variables)
        return await run(function, *arguments, **named)

    apigateway.run_reentrant = patched


def _keep_default_route_from_connections() -> None:
    match = apigateway._match_ws_route

    def patched(api_id: str, route_key: str) -> Properties | None:
        route: Properties | None = match(api_id, route_key)
        of_connection = route_key in {"$connect", "$disconnect"}
        return None if route and of_connection and route["routeKey"] != route_key else route

    apigateway._match_ws_route = patched


def _take_alarms_of_metric_math() -> None:
    record = provisioners._cw_metric_alarm_record

    def patched(name: str, props: Properties) -> Properties:
        if not props.get("Metrics"):
            return record(name, props)
        alarm: Properties = record(name, {**props, "Metrics": None, "MetricName": "math", "Namespace": "math"})
        of_one_metric = {"MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions", "Unit"}
        return {key: value for key, value in alarm.items() if key not in of_one_metric} | {"Metrics": props["Metrics"]}

    provisioners._cw_metric_alarm_record = patched


def _say_how_types_are_identified() -> None:
    summarize = handlers._ACTION_HANDLERS["GetTemplateSummary"]

    def patched(params: Properties) -> tuple[int, Properties, bytes]:
        status, headers, body = summarize(params)
        said = body.decode()
        identified = "".join(
            f"<member><ResourceType>{name}</ResourceType>"
            f"<ResourceIdentifiers><member>{','.join(keys)}</member></ResourceIdentifiers></member>"
            for name, (keys, _) in changesets._IMPORT_LOOKUPS.items()
            if f"<member>{name}</member>" in said
        )
        end = "</GetTemplateSummaryResult>"
        summaries = f"<ResourceIdentifierSummaries>{identified}</ResourceIdentifierSummaries>{end}"
        return status, headers, said.replace(end, summaries).encode()

    handlers._ACTION_HANDLERS["GetTemplateSummary"] = patched


def _lead_functions_to_the_emulator() -> None:
    function = provisioners._RESOURCE_HANDLERS["AWS::Lambda::Function"]
    create, update = function["create"], function["update"]

    def patched_create(logical_id: str, props: Properties, *rest: Any) -> Any:
        return create(logical_id, _with_local_hosts(props), *rest)

    def patched_update(physical_id: str, old: Properties, new: Properties, *rest: Any, **named: Any) -> Any:
        return update(physical_id, _with_local_hosts(old), _with_local_hosts(new), *rest, **named)

    function["create"], function["update"] = patched_create, patched_update


def _with_local_hosts(props: Properties) -> Properties:
    variables = props.get("Environment", {}).get("Variables", {})
    if not variables:
        return props
    here = rf"http://127.0.0.1:{os.environ['GATEWAY_PORT']}/_aws/execute-api/\g<api>\g<path>"
    local = {name: _EXECUTE_API.sub(here, value) for name, value in variables.items()}
    return {**props, "Environment": {"Variables": local}}
