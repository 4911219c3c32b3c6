"""Reading dashboards and alarms out of a template."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
from aws_cdk import assertions


def template(stack: cdk.Stack) -> dict[str, Any]:
    """The whole template."""
    return dict(assertions.Template.from_stack(stack).to_json())


def resources(stack: cdk.Stack, resource_type: str) -> list[dict[str, Any]]:
    """The properties of the resources of a type."""
    return [one["Properties"] for one in template(stack)["Resources"].values() if one["Type"] == resource_type]


def plain(value: Any) -> str:
    """A text of a template, with references shown as `<LogicalId>` or `<function>`."""
    if isinstance(value, str):
        return value
    [(function, argument)] = value.items()
    if function == "Fn::Join":
        return "".join(plain(part) for part in argument[1])
    return f"<{argument}>" if function == "Ref" else f"<{function}>"


def body(stack: cdk.Stack) -> dict[str, Any]:
    """The body of the only dashboard."""
    (dashboard,) = resources(stack, "AWS::CloudWatch::Dashboard")
    return dict(json.loads(plain(dashboard["DashboardBody"])))


def headings(stack: cdk.Stack) -> list[str]:
    """The headings of the dashboard, from top to bottom."""
    return [one["properties"]["markdown"] for one in body(stack)["widgets"] if one["type"] == "text"]


def charts(stack: cdk.Stack) -> list[dict[str, Any]]:
    """The properties of the charts of the dashboard, from top to bottom."""
    return [one["properties"] for one in body(stack)["widgets"] if one["type"] == "metric"]


def logs(stack: cdk.Stack) -> list[dict[str, Any]]:
    """The properties of the log widgets of the dashboard, from top to bottom."""
    return [one["properties"] for one in body(stack)["widgets"] if one["type"] == "log"]


def metrics(stack: cdk.Stack) -> list[dict[str, Any]]:
    """The metrics of all charts: namespace, name, dimensions and options."""
    return [
        {
            "namespace": namespace,
            "name": name,
            "dimensions": dict(zip(rest[:-1:2], rest[1:-1:2], strict=True)),
            **rest[-1],
        }
        for chart in charts(stack)
        for namespace, name, *rest in chart["metrics"]
    ]


def alarms(stack: cdk.Stack) -> dict[str, dict[str, Any]]:
    """The properties of the alarms, by their logical ids without the hash."""
    return {
        logical_id[: -len("12345678")]: dict(one["Properties"])
        for logical_id, one in template(stack)["Resources"].items()
        if one["Type"] == "AWS::CloudWatch::Alarm"
    }


def warnings(stack: cdk.Stack, rule: str) -> list[str]:
    """The warnings of a rule in a stack."""
    found = assertions.Annotations.from_stack(stack).find_warning("*", assertions.Match.any_value())
    return [one.entry.data for one in found if one.entry.data.endswith(f"[ack: stage-constructs:{rule}]")]
