"""The app that declares live stages, and the mapping from its logical ids to them."""

from __future__ import annotations

import ast
import hashlib
import re
import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ._arguments import api_stage_arguments, ivs_stage_arguments
from ._live_stages import API_GATEWAY
from ._python import call, comment, literal, over_lines

if TYPE_CHECKING:
    from ._arguments import Arguments
    from ._live_stages import LiveStage

_MODULE: Final = '''"""Stages that were live before they were declared here; `cdk import` takes them into the stack."""

{imports}


class Stages(cdk.Stack):
    """The stages, as they were when this file was written."""

    def __init__(self, scope: Construct, id: str, *, env: cdk.Environment | None = None) -> None:
        """Define the stages."""
        super().__init__(scope, id, env=env)
{body}

if __name__ == "__main__":
    app = cdk.App()
    {stack}
    app.synth()
'''
_CONSTRUCTORS: Final = {"HTTP": "HttpStage", "WEBSOCKET": "WebSocketStage", "": "ivs.Stage"}
_APIS: Final = {
    "HTTP": ("apigatewayv2.HttpApi.from_http_api_attributes", "http_api_id"),
    "WEBSOCKET": ("apigatewayv2.WebSocketApi.from_web_socket_api_attributes", "web_socket_id"),
}
_OUR_NAMES: Final = "ACCOUNT_LIMIT AccessLogSettings HttpStage LoggingLevel RouteSettings WebSocketStage".split()
_TERRAFORM_WORDS: Final = re.compile(r"\b(module|aws_apigatewayv2_stage|awscc_ivs_stage)\.")


@dataclass(slots=True)
class App:
    """An app of one stack, as it grows."""

    mapping: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """Identifiers of the stages by logical id, as `cdk import` takes them."""
    _body: list[str] = field(default_factory=list[str])
    _ids: set[str] = field(default_factory=set[str])
    _references: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])

    def add(self, stage: LiveStage) -> None:
        """Declare a stage, or say in a comment why it cannot be taken over."""
        if stage.obstacle:
            self._body += ["", *comment([f"{stage.name} cannot be taken over: {stage.obstacle}"])]
            return
        arguments = self._api_stage(stage) if stage.type == API_GATEWAY else self._ivs_stage(stage)
        construct_id, variable = self._unused_names(_TERRAFORM_WORDS.sub("", stage.name), "stage")
        notes = [f"{stage.name}; not taken over:", *(f"- {note}" for note in stage.notes)]
        given = [f"{name}={code}" for name, code in arguments.items() if code is not None]
        constructor = _CONSTRUCTORS[stage.protocol]
        self._body += [
            "",
            *comment(notes if stage.notes else [stage.name]),
            over_lines(f"{variable} = {constructor}(", ["self", literal(construct_id), *given], ")"),
            f"{variable}.apply_removal_policy(cdk.RemovalPolicy.RETAIN)",
        ]
        self.mapping[_logical_id(construct_id)] = stage.identifier

    def code(self, region: str | None, account: str | None) -> str:
        """The app as a module, for a Region and an account, None where they are not known."""
        body = "\n".join(self._body)
        names = {node.id for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Name)}
        ours = [f"    {name},\n" for name in _OUR_NAMES if name in names]
        imports = [
            "import aws_cdk as cdk",
            "from aws_cdk import aws_apigatewayv2 as apigatewayv2" if ours else "",
            "from constructs import Construct",
            "from stage_constructs import ivs" if "ivs" in names else "",
            f"from stage_constructs.apigatewayv2 import (\n{''.join(ours)})" if ours else "",
        ]
        known = {name: literal(value) for name, value in (("account", account), ("region", region)) if value}
        stack = call("Stages", "app", '"Stages"', env=call("cdk.Environment", **known) if known else None)
        return _MODULE.format(
            imports="\n".join(filter(None, imports)),
            body=textwrap.indent(body, " " * 8) + "\n",
            stack=textwrap.indent(stack, " " * 4).lstrip(),
        )

    def _api_stage(self, stage: LiveStage) -> Arguments:
        function, key = _APIS[stage.protocol]
        api_id = stage.identifier["ApiId"]
        return {"api": self._reference("api", api_id, function, key), **api_stage_arguments(stage)}

    def _ivs_stage(self, stage: LiveStage) -> Arguments:
        arn = stage.properties.get("AutoParticipantRecordingConfiguration", {}).get("StorageConfigurationArn")
        function = "ivs.StorageConfiguration.from_storage_configuration_arn"
        storage = self._reference("storage", arn, function, "storage_configuration_arn") if arn else None
        return ivs_stage_arguments(stage, storage)

    def _reference(self, name: str, identifier: str, function: str, parameter: str) -> str:
        """The variable of a resource that is imported by its identifier, once."""
        if (name, identifier) not in self._references:
            construct_id, variable = self._unused_names(name)
            imported = call(function, "self", literal(construct_id), **{parameter: literal(identifier)})
            self._body += ["", f"{variable} = {imported}"]
            self._references[name, identifier] = variable
        return self._references[name, identifier]

    def _unused_names(self, text: str, kind: str = "") -> tuple[str, str]:
        """Id of a construct and name of its variable: the words of a text, the kind, a number where it is needed."""
        words = re.findall("[A-Za-z0-9]+", text)
        if kind and [word.lower() for word in words[-1:]] != [kind]:
            words.append(kind)
        if words[0][0].isdigit():
            words.insert(0, kind)
        number = 1
        while True:
            numbered = [*words, str(number)] if number > 1 else words
            construct_id = "".join(word[0].upper() + word[1:] for word in numbered)
            if construct_id.lower() not in self._ids:
                self._ids.add(construct_id.lower())
                return construct_id, "_".join(numbered).lower()
            number += 1


def _logical_id(construct_id: str) -> str:
    """The logical id that the CDK gives to the child `Resource` of a construct in a stack."""
    digest = hashlib.md5(f"{construct_id}/Resource".encode(), usedforsecurity=False).hexdigest()
    return f"{construct_id[:240]}{digest[:8].upper()}"
