"""The rules of this library as rules of cfn-lint, found by `cfn-lint --append-rules=stage_constructs.cfn_lint`.

Requires the extra: `pip install "stage-constructs[cfn-lint]"`. Each rule has a code of its own, such as `E9576` for
`stageName`; configuration, suppression and output formats are those of cfn-lint. It does not tell the Region and the
account of a template, so that rules about these are not evaluated.
"""

from __future__ import annotations

import functools
import importlib
from typing import TYPE_CHECKING, Any, Final

from .checks._files import with_text_keys
from .checks._findings import sentence
from .checks._loops import EXTRA
from .checks._templates import findings_in
from .rules._resources import Template
from .rules.templates import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .checks import Finding
    from .rules import Rule

try:
    _cfnlint: Final = importlib.import_module("cfnlint.rules")
except ImportError as error:
    raise ImportError(f"stage_constructs.cfn_lint requires cfn-lint: {EXTRA}") from error

NUMBERS: Final[Mapping[str, int]] = {
    "accessLogDestination": 9501,
    "accessLogEnvironment": 9502,
    "accessLogFormat": 9503,
    "accessLogVariable": 9504,
    "accountLoggingRole": 9505,
    "accountRolePermissions": 9506,
    "accountRoleTrust": 9507,
    "arn": 9508,
    "autoDeploy": 9509,
    "autoDeployWithoutRoute": 9510,
    "bitrate": 9511,
    "bucketEncryption": 9512,
    "bucketName": 9513,
    "certificateRegion": 9514,
    "clientCertificateOnHttp": 9515,
    "dataTrace": 9516,
    "dataTraceLogsMessages": 9517,
    "dataTraceWithoutLogging": 9518,
    "deploymentBeforeRoutes": 9519,
    "deploymentOfAnotherApi": 9520,
    "deploymentWithAutoDeploy": 9521,
    "deploymentWithoutRoute": 9522,
    "description": 9523,
    "detailedMetrics": 9524,
    "disabledEndpoint": 9525,
    "domainName": 9526,
    "emptyAccessLogVariable": 9527,
    "emptyRouteSettings": 9528,
    "emptyStageVariable": 9529,
    "encoderConfigurationQuota": 9530,
    "encoderPixels": 9531,
    "encoderSize": 9532,
    "eventLogQuota": 9533,
    "eventPattern": 9534,
    "executionLogsOnHttp": 9535,
    "firehoseOnWebSocket": 9536,
    "flatRouteSettings": 9537,
    "framerate": 9538,
    "hlsSegmentDuration": 9539,
    "httpRouteKey": 9540,
    "identifier": 9541,
    "incompleteAccessLogSettings": 9542,
    "ingestConfigurationQuota": 9543,
    "ingestProtocol": 9544,
    "insecureIngest": 9545,
    "logGroupArnWildcard": 9546,
    "loggingLevel": 9547,
    "longAccessLogFormat": 9548,
    "longEventPattern": 9549,
    "longStageVariable": 9550,
    "manyStages": 9551,
    "mappingBeforeStage": 9552,
    "mappingExists": 9553,
    "mappingKey": 9554,
    "mediaType": 9555,
    "missingRoute": 9556,
    "mutualTlsOnWebSocket": 9557,
    "name": 9558,
    "privateKey": 9559,
    "publicKey": 9560,
    "publicKeyCurve": 9561,
    "publicKeyQuota": 9562,
    "readableSecret": 9563,
    "reconnectWindow": 9564,
    "recordingBucketPolicy": 9565,
    "referenceElsewhere": 9566,
    "region": 9567,
    "routeSettings": 9568,
    "routeSettingsBeforeRoute": 9569,
    "routeSettingsSpelling": 9570,
    "routingRuleOnly": 9571,
    "secondAccount": 9572,
    "sharedDomain": 9573,
    "stageBeforeAccount": 9574,
    "stageExists": 9575,
    "stageName": 9576,
    "stageQuota": 9577,
    "stageVariableName": 9578,
    "stageVariableValue": 9579,
    "stageVariables": 9580,
    "stageWithoutDeployment": 9581,
    "storageConfigurationQuota": 9582,
    "tags": 9583,
    "throttle": 9584,
    "throttleAboveQuota": 9585,
    "thumbnailInterval": 9586,
    "thumbnailStorage": 9587,
    "thumbnails": 9588,
    "thumbnailsDisabled": 9589,
    "unexpandedTransform": 9590,
    "unknownAccessLogVariable": 9591,
    "unknownRoute": 9592,
    "unsupportedProperty": 9593,
    "usagePlanOnHttp": 9594,
    "userId": 9595,
    "webSocketDefaultStage": 9596,
    "zeroThrottle": 9597,
}
"""The numbers of the codes, by the ids of the rules. A number is never changed or used again; new rules are added."""


def code_of(rule: Rule) -> str:
    """The code of a rule, which begins with E for an error and with W for a warning."""
    return f"{'E' if rule.kind.is_error else 'W'}{NUMBERS[rule.id]}"


@functools.lru_cache(maxsize=1)
def _findings(cfn: Any) -> Mapping[str, Sequence[Finding]]:
    """The findings in a template as cfn-lint has read and transformed it, by the ids of their rules."""
    grouped: dict[str, list[Finding]] = {}
    for finding in findings_in([Template(with_text_keys(cfn.template))]):
        grouped.setdefault(finding.rule, []).append(finding)
    return grouped


def _rule_class(rows: Sequence[Rule]) -> type:
    """The class that cfn-lint registers for the rows of one rule."""
    rule = rows[0]

    def match(_: object, cfn: Any) -> Iterator[Any]:
        for finding in _findings(cfn).get(rule.id, ()):
            yield _cfnlint.RuleMatch(list(finding.path), sentence(finding))

    members = {
        "__module__": __name__,
        "id": code_of(rule),
        "shortdesc": f"stage-constructs:{rule.id}",
        "description": " ".join(dict.fromkeys(row.doc for row in rows)),
        "source_url": rule.source,
        "tags": ["stage-constructs", rule.id],
        "match": match,
    }
    return type(f"{rule.id[0].upper()}{rule.id[1:]}", (_cfnlint.CloudFormationLintRule,), members)


def _rule_classes() -> Iterator[type]:
    by_id: dict[str, list[Rule]] = {}
    for row in all_rules():
        by_id.setdefault(row.id, []).append(row)
    return (_rule_class(rows) for rule_id, rows in by_id.items() if rule_id in NUMBERS)


globals().update({each.__name__: each for each in _rule_classes()})
