"""Stages in what `terraform show -json` prints of a plan or a state, as a template of CloudFormation properties.

A plan tells what is given (`configuration`); values that it does not know are left out there, and are not validated.
A state does not tell what is given: the provider fills in zeros and empty strings, which are read as not given.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from .._spelling import snake_case
from ..rules._engine import Key
from ..rules._messages import Spelling
from ..rules._resources import Template, as_dict, as_list

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from ..rules._engine import Path, Rule

_API: Final = "aws_apigatewayv2_api"
_DEPLOYMENT: Final = "aws_apigatewayv2_deployment"
_MAPPING: Final = "aws_apigatewayv2_api_mapping"
_STAGE: Final = "aws_apigatewayv2_stage"
_IVS_STAGE: Final = "awscc_ivs_stage"
_TYPES: Final = {
    "aws_api_gateway_account": "AWS::ApiGateway::Account",
    _API: "AWS::ApiGatewayV2::Api",
    _MAPPING: "AWS::ApiGatewayV2::ApiMapping",
    _DEPLOYMENT: "AWS::ApiGatewayV2::Deployment",
    "aws_apigatewayv2_domain_name": "AWS::ApiGatewayV2::DomainName",
    "aws_apigatewayv2_route": "AWS::ApiGatewayV2::Route",
    _STAGE: "AWS::ApiGatewayV2::Stage",
    "awscc_ivs_encoder_configuration": "AWS::IVS::EncoderConfiguration",
    "awscc_ivs_ingest_configuration": "AWS::IVS::IngestConfiguration",
    "awscc_ivs_public_key": "AWS::IVS::PublicKey",
    _IVS_STAGE: "AWS::IVS::Stage",
    "awscc_ivs_storage_configuration": "AWS::IVS::StorageConfiguration",
}
_NAMES: Final = {
    "AWS::ApiGateway::Account": {"cloudwatch_role_arn": "CloudWatchRoleArn"},
    "AWS::ApiGatewayV2::DomainName": {"domain_name_configuration": "DomainNameConfigurations"},
    "AWS::ApiGatewayV2::Stage": {"name": "StageName"},
}
"""Attributes whose name is another one than that of the property, in snake_case."""
_LIMITS: Final = ("throttling_burst_limit", "throttling_rate_limit")
_SETTINGS: Final = ("data_trace_enabled", "detailed_metrics_enabled", "logging_level", *_LIMITS)
_BLOCKS: Final[Mapping[str, Sequence[str]]] = {
    "access_log_settings": ("destination_arn", "format"),
    "default_route_settings": _SETTINGS,
    "mutual_tls_authentication": (),
}
"""Blocks that are one object, and what is in them."""
_MAPS: Final = ("route_settings", "stage_variables", "tags")
_REFERENCES: Final = {"api_id": _API, "deployment_id": _DEPLOYMENT, "domain_name": "aws_apigatewayv2_domain_name"}
"""Attributes that refer to a resource, by its id."""
_AFTER_ALL_OTHERS: Final = (_STAGE, _DEPLOYMENT, _MAPPING)
_NOT_EVALUATED: Final = frozenset({"thumbnailsDisabled"})
"""Rules about values that the provider fills in."""
_NOT_OF_A_STATE: Final = frozenset({"accountLoggingRole", "unknownRoute"})
"""Rules about what must be there when a stage is created; a stage in a state has been."""
_INDEX: Final = r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]'
_CALL: Final = re.compile(rf"module\.([\w-]+)({_INDEX})?")
_REFERENCE: Final = re.compile(rf"([\w-]+)\.([\w-]+)({_INDEX})?(?:\.([\w-]+))?")


class TerraformSpelling(Spelling):
    """As in Terraform: `default_route_settings.throttling_rate_limit`, `auto_deploy = true`."""

    def prop(self, resource_type: str, path: Path) -> str:
        """The attributes with dots, keys in brackets."""
        names = {name: attribute for attribute, name in _NAMES.get(resource_type, {}).items()}
        shown = (
            f"[{json.dumps(str(name))}]" if isinstance(name, Key) else f".{names.get(name) or snake_case(name)}"
            for name in path
        )
        return "".join(shown).removeprefix(".") or "the resource"

    def equals(self, prop: str, value: str) -> str:
        """An argument with its value."""
        return f"{prop} = {value}" if prop else value


TERRAFORM: Final = TerraformSpelling()
_WRITE_BOTH: Final = "the provider sends 0 for a limit that a block leaves out, and 0 answers every request with 429"
FIXES: Final = {
    "throttle": "write a number; leave out the whole block for no limit of the stage's own",
    "throttleAboveQuota": "a stage cannot exceed the quota of its account; write at most that, or accept this rule if"
    " AWS has raised the quota",
    "zeroThrottle": f"write both limits, or leave out the whole block: {_WRITE_BOTH} Too Many Requests",
    "logGroupArnWildcard": "write the arn of the aws_cloudwatch_log_group, which has none",
}
"""What to write, where that is something else in Terraform."""


class TerraformTemplate(Template):
    """A plan or a state as a template; the logical ids are addresses."""

    def __init__(self, resources: Mapping[str, object], *, complete: bool, is_state: bool, **where: Any) -> None:
        super().__init__({"Resources": resources}, **where)
        self._complete = complete and not is_state
        self.is_state = is_state

    @functools.cached_property
    def is_complete(self) -> bool:
        """Whether the plan contains all resources."""
        return self._complete


def is_evaluated(rule: Rule, template: Template | None) -> bool:
    """Whether a rule is about a template: a state has only what the services have accepted, so no errors."""
    if not isinstance(template, TerraformTemplate):
        return True
    of_states = not rule.kind.is_error and rule.id not in _NOT_OF_A_STATE
    return rule.id not in _NOT_EVALUATED and (of_states or not template.is_state)


def is_terraform(content: object) -> bool:
    """Whether JSON is what `terraform show -json` prints, or a state as Terraform stores it."""
    return bool({"format_version", "lineage"} & as_dict(content).keys())


def read_terraform(content: Mapping[str, Any], path: str, region: str | None, account: str | None) -> Template:
    """Read what `terraform show -json` prints."""
    if "lineage" in content:
        raise ValueError(f"{path} is a state as Terraform stores it: write what `terraform show -json` prints")
    is_state = "planned_values" not in content
    values = as_dict(as_dict(content.get("values" if is_state else "planned_values")).get("root_module"))
    root = _Module("", "", as_dict(as_dict(content.get("configuration")).get("root_module")))
    changes = _dicts(content, "resource_changes")
    created = {
        str(each.get("address")) for each in changes if "create" in as_list(as_dict(each.get("change")).get("actions"))
    }
    resources = {each.address: each for each in _read(root, values, created)}
    if not any(each.type in (_STAGE, _IVS_STAGE) for each in resources.values()):
        raise ValueError(f"{path} is a Terraform {'state' if is_state else 'plan'} without stages")
    translated = {address: _translate(each, resources, is_state=is_state) for address, each in resources.items()}
    complete = content.get("complete") is not False
    return TerraformTemplate(
        translated, complete=complete, is_state=is_state, path=path, region=region, account=account
    )


@dataclass(frozen=True, slots=True)
class _Module:
    """An instance of a module."""

    address: str
    """Where the addresses of its resources begin."""
    index: str
    configuration: Mapping[str, object]
    arguments: Mapping[str, object] = field(default_factory=dict[str, object])
    parent: _Module | None = None

    def child(self, name: str, index: str) -> _Module:
        """An instance of a module that is called here."""
        call = as_dict(as_dict(self.configuration.get("module_calls")).get(name))
        address = f"{self.address}module.{name}{index}."
        return _Module(address, index, as_dict(call.get("module")), as_dict(call.get("expressions")), self)


@dataclass(frozen=True, slots=True)
class _Resource:
    """A resource of a plan or a state, and what the configuration says of it."""

    address: str
    index: str
    type: str
    module: _Module
    values: Mapping[str, Any]
    expressions: Mapping[str, object]
    is_created: bool
    """Whether the plan creates it, so that all blocks are those of the configuration."""


def _dicts(container: Mapping[str, object], name: str) -> Iterator[Mapping[str, Any]]:
    return (as_dict(each) for each in as_list(container.get(name)))


def _read(module: _Module, values: Mapping[str, object], created: Collection[str]) -> Iterator[_Resource]:
    """The resources of a module and of those in it, of the types that the rules are about."""
    configured = {
        str(each.get("address")): each.get("expressions") for each in _dicts(module.configuration, "resources")
    }
    for each in _dicts(values, "resources"):
        resource_type, address = str(each.get("type")), str(each.get("address"))
        if each.get("mode") == "managed" and resource_type in _TYPES:
            name = f"{resource_type}.{each.get('name')}"
            index = address.removeprefix(f"{module.address}{name}")
            expressions = as_dict(configured.get(name))
            resource = as_dict(each.get("values"))
            yield _Resource(address, index, resource_type, module, resource, expressions, address in created)
    for each in _dicts(values, "child_modules"):
        match = _CALL.fullmatch(str(each.get("address")).removeprefix(module.address))
        if match:
            yield from _read(module.child(match[1], match[2] or ""), each, created)


def _translate(resource: _Resource, resources: Mapping[str, _Resource], *, is_state: bool) -> dict[str, object]:
    """The declaration of a resource in a template."""
    values = dict(resource.values)
    for name in (*resource.expressions, *(["api_id"] if "apigatewayv2" in resource.type else [])):
        values.setdefault(name, _unknown(resource, name))
    for name, wanted in _REFERENCES.items():
        target = _target(resource, name, wanted, resources) if name in values and resource.type != wanted else None
        if target:
            values[name] = {"Ref": target}
    for name, members in _BLOCKS.items():
        if isinstance(values.get(name), list):
            unknown = {each: _unknown(resource, name) for each in members}
            values[name] = next(({**unknown, **each} for each in _dicts(values, name)), None)
    if resource.type == _STAGE:
        _complete_stage(resource, values, resources, is_state=is_state)
    names = _NAMES.get(_TYPES[resource.type], {})
    properties = {names.get(name) or _pascal(name): _property(name, value) for name, value in values.items()}
    return {
        "Type": _TYPES[resource.type],
        "Properties": {name: value for name, value in properties.items() if value not in (None, "", [])},
        "DependsOn": list(resources) if resource.type in _AFTER_ALL_OTHERS else [],
    }


def _complete_stage(
    stage: _Resource, values: dict[str, Any], resources: Mapping[str, _Resource], *, is_state: bool
) -> None:
    """Make of the values of a stage what the provider sends."""
    api = resources.get(_ref(values["api_id"]))
    is_http = api is not None and api.values.get("protocol_type") == "HTTP"

    def sent(name: str, block: Mapping[str, object]) -> dict[str, object]:
        is_given = not is_state and (stage.is_created or name in stage.expressions)
        settings = {each: block.get(each, _unknown(stage, name)) for each in _SETTINGS}
        for limit in _LIMITS:
            settings[limit] = settings[limit] or (0 if is_given else None)
        if is_http or settings["logging_level"] == "OFF":
            settings["logging_level"] = None
        if is_http:
            settings["data_trace_enabled"] = None
        return settings

    if as_dict(values.get("default_route_settings")):
        values["default_route_settings"] = sent("default_route_settings", values["default_route_settings"])
    if isinstance(values.get("route_settings"), list):
        values["route_settings"] = {
            each["route_key"]: _property("", sent("route_settings", each))
            for each in _dicts(values, "route_settings")
            if isinstance(each.get("route_key"), str)
        }
    if values.get("auto_deploy") is not False and not _is_surely_given(stage, values, "deployment_id"):
        values["deployment_id"] = None  # that of the automatic deployment


def _is_surely_given(resource: _Resource, values: Mapping[str, Any], name: str) -> bool:
    """Whether a plan tells that an attribute is written, not computed, and not left out by a condition."""
    expression = as_dict(resource.expressions.get(name))
    references = [str(each) for each in as_list(expression.get("references"))]
    is_condition = any(not each.startswith(f"{_REFERENCES[name]}.") for each in references)
    return "constant_value" in expression or bool(references and not is_condition and _ref(values.get(name)))


def _target(resource: _Resource, name: str, wanted: str, resources: Mapping[str, _Resource]) -> str | None:
    """The resource that an attribute refers to, by its id or in the configuration; None where that is not sure."""
    value = resource.values.get(name)
    if value is not None:
        of_type = (each for each in resources.values() if each.type == wanted)
        return next((each.address for each in of_type if each.values.get("id") == value), None)
    referred = _referred(resource.module, resource.index, resource.expressions.get(name), wanted)
    if len(referred) != 1:
        return None
    [address] = referred
    instances = [each for each in resources if each.startswith(f"{address}[")]
    return address if address in resources else instances[0] if len(instances) == 1 else None


def _referred(module: _Module, index: str, expression: object, wanted: str) -> set[str]:
    """The addresses of the resources of a type that an expression refers to, also through variables and outputs."""
    references = [str(each) for each in as_list(as_dict(expression).get("references"))]
    own_index = index if any(each.startswith(("each.", "count.")) for each in references) else ""
    found: set[str] = set()
    for reference in references:
        match = _REFERENCE.match(reference)
        if match is None or any(each.startswith((f"{reference}.", f"{reference}[")) for each in references):
            continue
        kind, name, written_index, attribute = match.groups()
        instance = written_index or own_index
        if kind == wanted:
            found.add(f"{module.address}{kind}.{name}{instance}")
        elif kind == "var" and module.parent:
            found |= _referred(module.parent, module.index, module.arguments.get(name), wanted)
        elif kind == "module":
            child = module.child(name, instance)
            output = as_dict(as_dict(child.configuration.get("outputs")).get(attribute))
            found |= _referred(child, "", output.get("expression"), wanted)
    return found


def _ref(value: object) -> str:
    """The address that a value refers to, empty where it refers to none."""
    return str(cast("dict[str, object]", value).get("Ref", "")) if isinstance(value, dict) else ""


def _unknown(resource: _Resource, name: str) -> dict[str, object]:
    """A value that is known only when Terraform applies the plan; equal to no other."""
    return {"Fn::GetAtt": [f"{resource.address}.{name}", "unknown"]}


def _property(name: str, value: Any) -> Any:
    """The value of an attribute as CloudFormation has it."""
    if isinstance(value, list):
        return [_property("", item) for item in cast("list[Any]", value)]
    if not as_dict(value) or name in _MAPS:
        return value
    members = {key: _property(key, item) for key, item in as_dict(value).items()}
    return {_pascal(key): item for key, item in members.items() if item not in (None, "")}


def _pascal(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))
