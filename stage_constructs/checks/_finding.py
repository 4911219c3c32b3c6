"""What a check found, told in the words of a template."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from .._wording import InWords
from ._template import Unknown

if TYPE_CHECKING:
    from .._checks import Fault
    from ._template import Resource

PREFIX: Final = "stage-constructs:"
_SHOWN: Final = 120
_PATH: Final = re.compile(r'"[^"]*"|[A-Za-z_]+')
PYTHON: Final = {
    r"cannot be combined with auto_deploy=True": "cannot be combined with AutoDeploy: true",
    r"; with a deployment, auto_deploy is False by itself": "",
    r"write AccessLogFormat\.json\(.*$": "write it as one text",
    r"; AccessLogFormat\.json\(\.\.\.\) writes one": "",
    r"a string or an AccessLogFormat": "a string",
    r"write log_group=logs\.LogGroup\..*$": "copy it as the service shows it",
    r"or ACCOUNT_LIMIT for no limit": "or leave it out for no limit",
    r"write ACCOUNT_LIMIT for no limit": "leave it out for no limit",
    r"ACCOUNT_LIMIT sets no limit": "left out it sets no limit",
    r"RouteSettings\(throttling_burst_limit=100\)": '{"ThrottlingBurstLimit": 100}',
    r"RouteSettings\(\.\.\.\)": "an object with ThrottlingBurstLimit and the like",
    r", by add_routes\(\.\.\.\) of the API for instance": "",
    r"write Thumbnails\.interval\(.*\)$": "write RecordingMode: INTERVAL",
    r"a list of ThumbnailStorage": "a list of SEQUENTIAL and LATEST",
    r"encryption=s3\.BucketEncryption\.S3_MANAGED": "SSEAlgorithm: AES256",
    r"make it with assumed_by=iam\.ServicePrincipal\((.*)\)": r"let service \1 assume it",
    r"\b(?:LoggingLevel|MediaType|IngestProtocol|ThumbnailStorage)\.([A-Z_]+)": r"\1",
}
"""What the rules say to those who write Python, and what stands for it in a template."""
_WORD: Final = re.compile(r'"[^"]*"|\b([a-z]+(?:_[a-z]+)+)(=)?|\b(True|False)\b')


@dataclass(frozen=True)
class Finding:
    """One fault of one resource."""

    resource: Resource
    fault: Fault
    of_the_whole: bool = False
    """Whether it speaks of the resource as such and of none of its properties."""

    @property
    def rule(self) -> str:
        """The id by which the finding is acknowledged, that of the construct's warning."""
        return f"{PREFIX}{self.fault.rule}"

    @property
    def severity(self) -> str:
        """`error` for what the service refuses, `warning` for what is surely a mistake."""
        return "error" if self.fault.fatal else "warning"

    @property
    def prop(self) -> str:
        """The property as CloudFormation spells it, such as `DefaultRouteSettings.ThrottlingBurstLimit`."""
        prop = self.fault.prop
        return prop if self.of_the_whole else _PATH.sub(lambda match: _capitalized(match[0]), prop)

    @property
    def location(self) -> str:
        """Where in the resource of the template that is."""
        if self.of_the_whole:
            return "Type"
        return self.prop if self.prop == "DependsOn" else f"Properties.{self.prop}"

    @property
    def problem(self) -> str:
        """The property, what is accepted, what was given, and the service's own words."""
        fault = self.fault
        answer = f" (the service answers: {fault.service_says})" if fault.service_says else ""
        given = f", got {_shown(fault.value)}" if fault.tells_value else ""
        return f"{self.prop} {_in_a_template(fault.problem)}{given}{answer}"

    @property
    def remedy(self) -> str:
        """What to change."""
        return _in_a_template(self.fault.remedy)


def _capitalized(name: str) -> str:
    return name if name.startswith('"') else "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def _in_a_template(said: str) -> str:
    for python, template in PYTHON.items():
        said = re.sub(python, template, said)
    return _WORD.sub(_word_in_a_template, said)


def _word_in_a_template(match: re.Match[str]) -> str:
    argument, given, truth = match.groups()
    if argument:
        return _capitalized(argument) + (": " if given else "")
    return truth.lower() if truth else match[0]


def _shown(value: object) -> str:
    if isinstance(value, InWords):
        return value
    raw = value.intrinsic if isinstance(value, Unknown) else value
    shown = json.dumps(raw, ensure_ascii=False, default=str)
    return shown if len(shown) <= _SHOWN else f"{shown[:100]}... ({len(shown)} characters)"
