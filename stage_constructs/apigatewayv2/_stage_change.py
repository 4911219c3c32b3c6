"""Merges `StageSettings` with the properties of one stage, and writes them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast

import aws_cdk as cdk
import jsii

from .. import _arguments
from .._arguments import violation
from .._l1 import l1_arguments
from .._read_only import read_only
from .._spelling import PYTHON, snake_case
from .._synthesis import environment_of
from .._validation import report, violations_of
from ..rules._engine import Key
from ..rules._resources import Resource
from ..rules.apigatewayv2._apis import STAGE
from . import _secrets, _tree
from . import access_log_settings as access_logs
from ._api_info import Protocol
from ._route import settings_by_key
from ._stage_order import NativeStage, StageOrder
from .access_log_format import AccessLogFormat
from .route_settings import ACCOUNT_LIMIT, RouteSettings, expand_account_limit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aws_cdk import aws_apigatewayv2 as apigatewayv2

    from ..errors import Violation
    from ..rules._engine import Path
    from ._existing_stage import ExistingStage
    from ._stage import StageBase
    from .access_log_settings import AccessLogSettings
    from .stage_settings import StageSettings

_ROUTE_PROPERTIES: Final = frozenset({"DefaultRouteSettings", "RouteSettings"})
_PROTOCOL_PROPERTIES: Final = _ROUTE_PROPERTIES | {"AccessLogSettings", "ClientCertificateId"}
_TAG_PRIORITY: Final = 50
"""That of the tags that an L1 is created with; `Tags.of(...)` has a higher one."""


class StageChange:
    """The settings for one stage, merged with those that it has."""

    def __init__(self, given: StageSettings, stage: ExistingStage) -> None:
        self._given = given
        self._stage = stage
        self._keep = given._keep_existing
        self._routes, self._violations = settings_by_key(given._route_settings)
        self._properties: dict[str, Any] = {}
        """Properties to write, whole, by their CloudFormation names."""
        self._untouched: set[str] = set()
        """Values in them that the stage has already: they are not validated."""
        self._entries: dict[str, dict[str, Any]] = {}
        """Entries of maps to write."""
        self._creates_log_group = False
        defaults: object = expand_account_limit(given._default_route_settings)
        self._default_settings = defaults if isinstance(defaults, RouteSettings) else None

    def apply(self) -> None:
        """Validate the settings and write them; nothing is written where one of them is not valid."""
        given = self._given
        self._violations += self._validate_arguments()
        self._set("Description", _arguments.plain(given._description))
        self._set("ClientCertificateId", given._client_certificate_id)
        self._merge_route_settings()
        if isinstance(given._access_log_settings, access_logs.AccessLogSettings):
            self._merge_access_logs(given._access_log_settings)
        self._merge_map("StageVariables", given._stage_variables)
        self._merge_map("Tags", given._tags)
        self._violations += [each for each in self._broken_rules() if each.prop not in self._untouched]
        if self._violations:
            report(self._stage.construct, self._violations)
        if "AccessLogSettings" in self._properties:
            self._create_access_logs()
        for name, value in self._properties.items():
            self._write(name, value)
        if self._stage.owner is not None:
            self._update_owner(self._stage.owner)
        elif self._properties.keys() & (_ROUTE_PROPERTIES | {"AccessLogSettings"}):
            self._register()

    def _validate_arguments(self) -> Iterator[Violation]:
        given, resource = self._given, self._stage.resource
        defaults = given._default_route_settings
        if defaults is not None and self._default_settings is None:
            yield from _arguments.value_object(
                "default_route_settings", defaults, RouteSettings, rule="routeSettings", loglevel="logging_level"
            )
        yield from access_logs.validate_access_logs(given._access_log_settings)
        yield from _secrets.validate_readable(resource, given._description, given._stage_variables)
        yield from _arguments.map_of_texts(
            "stage_variables", given._stage_variables, key_rule="stageVariableName", value_rule="stageVariableValue"
        )
        yield from _arguments.map_of_texts("tags", given._tags, key_rule="tags", value_rule="tags")
        yield from _arguments.known_keys(resource, "tags", given._tags)

    def _broken_rules(self) -> list[Violation]:
        """Protocol and Region are asked for only where a value needs them."""
        names = self._properties.keys()
        region = environment_of(self._stage.resource).region if names & _ROUTE_PROPERTIES else None
        protocol = self._stage.protocol if names & _PROTOCOL_PROPERTIES else None
        resource = Resource(STAGE, self._properties, protocol=protocol and protocol.value, region=region)
        return violations_of(resource)

    def _set(self, name: str, value: object) -> None:
        if value is not None and not (self._keep and self._stage.properties.get(name) is not None):
            self._properties[name] = value

    def _merge_route_settings(self) -> None:
        given = self._default_settings
        if given is None and not self._routes:
            return
        defaults = self._current("DefaultRouteSettings", is_given=given is not None)
        if given is not None and defaults is not None:
            merged = self._merged(("DefaultRouteSettings",), defaults, self._fields(given), keep=self._keep)
            if merged != defaults:
                self._properties["DefaultRouteSettings"] = defaults = merged
        routes = self._current_routes(defaults or {})
        if routes is None:
            return
        for key, settings in self._routes.items():
            path, entry = ("RouteSettings", Key(key)), routes.get(key)
            if isinstance(entry, dict):
                routes[key] = self._merged(path, cast("dict[str, Any]", entry), self._fields(settings), keep=self._keep)
            else:  # API Gateway does not merge the settings of all routes into those of one
                routes[key] = self._merged(path, defaults or {}, self._fields(settings), keep=False)
        for key in routes.keys() - self._routes.keys():
            if isinstance(routes[key], Mapping):
                self._mark(("RouteSettings", Key(key)), routes[key])
        if routes:
            self._properties["RouteSettings"] = routes

    def _current_routes(self, defaults: Mapping[str, Any]) -> dict[str, Any] | None:
        """The settings of routes that the stage has; those of a stage of this library take new default settings."""
        owner = self._stage.owner
        if owner is not None:
            return {key: _overlaid(defaults, self._fields(own)) for key, own in owner._route_settings.items()}
        return self._current("RouteSettings", is_given=True) if self._routes else None

    def _fields(self, settings: RouteSettings) -> dict[str, Any]:
        """What is given, by CloudFormation names."""
        values = {
            "".join(word.capitalize() for word in field.name.split("_")): _arguments.plain(
                getattr(settings, field.name)
            )
            for field in dataclasses.fields(settings)
        }
        if values["DataTraceEnabled"] is False and self._stage.protocol is Protocol.HTTP:
            del values["DataTraceEnabled"]  # an HTTP stage traces nothing anyway
        return {name: value for name, value in values.items() if value is not None}

    def _merged(
        self, path: Path, current: Mapping[str, Any], given: Mapping[str, Any], *, keep: bool
    ) -> dict[str, Any]:
        written = {name: value for name, value in given.items() if not (keep and name in current)}
        self._mark(path, [name for name in current if name not in written])
        return _overlaid(current, written)

    def _mark(self, path: Path, names: Iterable[str]) -> None:
        """Values that the stage has already are not validated."""
        self._untouched.update(PYTHON.prop(STAGE, (*path, name)) for name in names)

    def _merge_access_logs(self, settings: AccessLogSettings) -> None:
        stage = self._stage
        if self._keep and stage.properties.get("AccessLogSettings") is not None:
            return
        current = stage.members("AccessLogSettings") or {}
        merged = access_logs.properties_of(settings, cast("Protocol", stage.protocol)) or {}
        has_destination = settings.log_group is not None or settings.destination_arn is not None
        if not has_destination and current.get("DestinationArn") is not None:
            merged["DestinationArn"] = current["DestinationArn"]
            self._untouched.add("access_log_settings.destination_arn")
            self._violations += access_logs.validate_no_created_group(settings)
        else:
            self._creates_log_group = not has_destination
        if settings.format is None and current.get("Format") is not None:
            merged["Format"] = current["Format"]
            self._untouched.add("access_log_settings.format")
        elif stage.protocol is None and (self._creates_log_group or _depends_on_protocol(settings.format)):
            problem, fix = "must be of an API whose protocol is known", "write log_group=... and format=... as a text"
            self._violations.append(violation("apiProtocol", "access_log_settings", settings, problem, fix))
        self._properties["AccessLogSettings"] = merged

    def _create_access_logs(self) -> None:
        merged, stage = self._properties["AccessLogSettings"], self._stage
        settings = cast("AccessLogSettings", self._given._access_log_settings)
        scope = stage.construct if self._creates_log_group else stage.resource
        if self._creates_log_group or "access_log_settings.destination_arn" not in self._untouched:
            settings = dataclasses.replace(settings, format=merged["Format"])
            created = access_logs.create_access_logs(
                cast("cdk.Resource", scope), settings, cast("Protocol", stage.protocol)
            )
            merged["DestinationArn"] = created.destination_arn
        elif stage.owner is not None and stage.owner._access_logs is not None:
            created = dataclasses.replace(stage.owner._access_logs, format=merged["Format"])
        else:
            return
        if stage.owner is not None:
            stage.owner._access_logs = created

    def _merge_map(self, name: str, given: object) -> None:
        if not isinstance(given, Mapping):
            self._set(name, given)
            return
        is_native = name == "StageVariables" and self._stage.adds_variables
        current = ({} if is_native else self._current(name, is_given=True)) if given else None
        if current is None:
            return
        entries = cast("dict[str, Any]", _arguments.plain(given))
        written = {key: value for key, value in entries.items() if not (self._keep and key in current)}
        if written:
            self._properties[name] = {**current, **written}
            self._entries[name] = written
            self._mark((name,), [Key(key) for key in current if key not in written])

    def _current(self, name: str, *, is_given: bool) -> dict[str, Any] | None:
        """What a property holds; None where that is not known at synth, so that nothing can be merged into it."""
        members = self._stage.members(name)
        if members is None and is_given and not self._keep:
            problem, fix = "cannot be merged with a token", "set it where the stage is declared"
            prop = snake_case(name)
            self._violations.append(violation(_RULES[name], prop, None, problem, fix, show_value=False))
        return members

    def _write(self, name: str, value: Any) -> None:
        resource, entries = self._stage.resource, self._entries.get(name)
        if name == "Tags" and entries is None:  # a token for the whole map, which an L1 does not take
            resource.add_property_override(name, value)
        elif name == "Tags":
            tags = resource.tags
            for key, tag in (entries or {}).items():
                tags.set_tag(key, tag, _TAG_PRIORITY)
        elif name == "StageVariables" and self._stage.adds_variables and self._keep:
            defaults = _Defaults(entries or {}, self._stage.properties[name])
            resource.stage_variables = cdk.Lazy.uncached_any(defaults)
        elif name == "StageVariables" and self._stage.adds_variables:
            native = cast("apigatewayv2.HttpStage", self._stage.construct)
            for key, variable in (entries or {}).items():
                native.add_stage_variable(key, variable)
        else:
            arguments = l1_arguments(STAGE, {name: value or None}, verbatim=_VERBATIM)
            setattr(resource, snake_case(name), arguments.get(snake_case(name)))

    def _update_owner(self, owner: StageBase) -> None:
        """What a stage of this library knows of itself."""
        properties = self._properties
        owner.description = properties.get("Description", owner.description)
        if "StageVariables" in properties:
            owner.stage_variables = read_only(properties["StageVariables"])
        if "Tags" in properties:
            owner.tags = read_only(properties["Tags"])
        if self._default_settings is not None:
            before, new = owner._default_route_settings, self._default_settings
            owner._default_route_settings = before._with_defaults(new) if self._keep else new._with_defaults(before)
        added = {key: own for key, own in self._routes.items() if not (self._keep and key in owner._route_settings)}
        owner._route_settings = owner._route_settings | {
            key: own._with_defaults(owner._route_settings.get(key, RouteSettings())) for key, own in added.items()
        }
        owner._register_synthesis_hook()

    def _register(self) -> None:
        """The rules over several resources judge the stage, and it is created after what it needs."""
        stage = self._stage
        environment = environment_of(stage.resource)
        environment.resources.append(stage.resource)
        logs_with_role = stage.protocol is Protocol.WEBSOCKET and self._writes_logs()
        if self._routes or logs_with_role:
            native = NativeStage(
                stage.properties["ApiId"], environment.stack, stage.resource, self._routes, logs_with_role
            )
            _tree.on_synthesis(StageOrder(native).add_dependencies, environment.stack)

    def _writes_logs(self) -> bool:
        routes: dict[str, object] = self._properties.get("RouteSettings", {})
        settings = [self._properties.get("DefaultRouteSettings"), *routes.values()]
        return "AccessLogSettings" in self._properties or any(_writes_execution_logs(each) for each in settings)


@jsii.implements(cdk.IAnyProducer)
class _Defaults:
    """Variables for a native stage that it has unless it is given others, however late."""

    def __init__(self, defaults: Mapping[str, str], variables: object) -> None:
        self._defaults = defaults
        self._variables = variables

    def produce(self, context: cdk.IResolveContext) -> object:
        """All of them; called by CDK at synth."""
        variables: dict[str, str] = context.resolve(self._variables) or {}
        return {**self._defaults, **variables}


def _writes_execution_logs(settings: object) -> bool:
    if not isinstance(settings, Mapping):
        return False
    return cast("Mapping[str, object]", settings).get("LoggingLevel") in {"ERROR", "INFO"}


def _depends_on_protocol(log_format: object) -> bool:
    if isinstance(log_format, AccessLogFormat):
        return log_format._for(Protocol.HTTP) != log_format._for(Protocol.WEBSOCKET)
    return log_format is None


_VERBATIM: Final = frozenset({"RouteSettings", "StageVariables"})
_RULES: Final = {
    "DefaultRouteSettings": "routeSettings",
    "RouteSettings": "routeSettings",
    "StageVariables": "stageVariables",
    "Tags": "tags",
}


def _overlaid(current: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Both together; `ACCOUNT_LIMIT` leaves a throttle out."""
    return {name: value for name, value in {**current, **given}.items() if value is not ACCOUNT_LIMIT}
