"""What a run does in an account: it creates, names and tags what is its own, and deletes that again."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.model import MapShape, Shape, StructureShape

from .probes import OPERATIONS, Given, Probe

if TYPE_CHECKING:
    import boto3

PREFIX: Final = "stage-constructs-verify"
TAG: Final = "stage-constructs:verify"
LOGS_PREFIX: Final = f"/aws/vendedlogs/{PREFIX}"
_AWS: Final = re.compile(r"https://[^/]+\.(amazonaws\.com(\.cn)?|amazonaws\.eu|api\.aws)")
_DENIED: Final = re.compile("AccessDenied|UnauthorizedOperation|Insufficient permissions to enable logging")
_DEEPER: Final = ("ParticipantRecordingHlsConfiguration", "ParticipantThumbnailConfiguration")
"""Structures that CloudFormation nests deeper than the API."""

Step = tuple[str, str, dict[str, Any], str]
_HTTP: Final = {"Name": Given.NAME, "ProtocolType": "HTTP"}
_WEBSOCKET: Final = {
    "Name": Given.NAME,
    "ProtocolType": "WEBSOCKET",
    "RouteSelectionExpression": "$request.body.action",
}
_STORAGE: Final = {"name": Given.NAME, "s3": {"bucketName": Given.BUCKET}}
_LOGS: Final = f"{LOGS_PREFIX}-logs"
STEPS: Final[Mapping[Given, tuple[Step, ...]]] = {
    Given.HTTP_API: (
        ("apigatewayv2", "CreateApi", _HTTP, "ApiId"),
        ("apigatewayv2", "CreateRoute", {"ApiId": Given.HTTP_API, "RouteKey": "GET /pets"}, ""),
    ),
    Given.WEBSOCKET_API: (
        ("apigatewayv2", "CreateApi", _WEBSOCKET, "ApiId"),
        ("apigatewayv2", "CreateRoute", {"ApiId": Given.WEBSOCKET_API, "RouteKey": "$default"}, ""),
    ),
    Given.EMPTY_API: (("apigatewayv2", "CreateApi", _HTTP, "ApiId"),),
    Given.STAGE: (("apigatewayv2", "CreateStage", {"ApiId": Given.HTTP_API, "StageName": "live"}, "StageName"),),
    Given.DEPLOYMENT: (("apigatewayv2", "CreateDeployment", {"ApiId": Given.HTTP_API}, "DeploymentId"),),
    Given.LOG_GROUP: (
        ("logs", "CreateLogGroup", {"logGroupName": _LOGS}, ""),
        ("logs", "DescribeLogGroups", {"logGroupNamePrefix": _LOGS}, "arn"),
    ),
    Given.BUCKET: (("s3", "CreateBucket", {"Bucket": Given.NAME}, "Bucket"),),
    Given.STORAGE: (("ivs-realtime", "CreateStorageConfiguration", _STORAGE, "arn"),),
}
"""How what a probe refers to is created: service, operation, request, and the member of the answer to refer to."""

LEFT_OVER: Final = (
    ("cloudformation", "DescribeStacks", "DeleteStack", {}),
    ("apigatewayv2", "GetApis", "DeleteApi", {}),
    ("apigatewayv2", "GetDomainNames", "DeleteDomainName", {}),
    ("ivs-realtime", "ListIngestConfigurations", "DeleteIngestConfiguration", {}),
    ("ivs-realtime", "ListStages", "DeleteStage", {}),
    ("ivs-realtime", "ListStorageConfigurations", "DeleteStorageConfiguration", {}),
    ("ivs-realtime", "ListEncoderConfigurations", "DeleteEncoderConfiguration", {}),
    ("ivs-realtime", "ListPublicKeys", "DeletePublicKey", {}),
    ("logs", "DescribeLogGroups", "DeleteLogGroup", {"logGroupNamePrefix": LOGS_PREFIX}),
    ("s3", "ListBuckets", "DeleteBucket", {"Prefix": PREFIX}),
)
"""How what an earlier run has left over is listed and deleted, in this order."""


class MissingPermissionError(RuntimeError):
    """The credentials do not allow a request."""


def answer_of(error: Exception) -> str:
    """The code and the message of a refusal."""
    if not isinstance(error, ClientError):
        return str(error)
    said = error.response["Error"]
    return f"{said['Code']}: {said.get('Message') or error.response.get('exceptionMessage', '')}"


def undo_of(operation: str) -> str:
    """The operation that deletes what another one creates."""
    return re.sub("^(Create|Import)", "Delete", operation)


class Account(contextlib.ExitStack):
    """An account in a Region; what is created within the block is deleted at its end, also after Ctrl-C."""

    def __init__(self, session: boto3.Session, run: str, endpoint: str | None = None) -> None:
        super().__init__()
        self.region: str = session.region_name
        self.name = f"{PREFIX}-{run}"
        self._run, self._session, self._endpoint = run, session, endpoint
        self._clients: dict[str, Any] = {}
        self._given: dict[Given, str] = {Given.NAME: self.name}
        self._places = {
            "<partition>": session.get_partition_for_region(self.region),
            "<region>": self.region,
            "<other region>": "us-west-2" if self.region == "us-east-1" else "us-east-1",
            "<account>": self.call("sts", "GetCallerIdentity", {})["Account"],
        }

    def client(self, service: str) -> Any:
        """A client that leaves it to the service what is valid."""
        if service not in self._clients:
            config = Config(parameter_validation=False, retries={"mode": "standard", "max_attempts": 10})
            self._clients[service] = self._session.client(service, endpoint_url=self._endpoint, config=config)
        return self._clients[service]

    @property
    def answered_by(self) -> str:
        """AWS, or an emulator of it."""
        urls = [self.client(service).meta.endpoint_url for service, *_ in LEFT_OVER]
        return "AWS" if all(map(_AWS.fullmatch, urls)) else "an emulator"

    def call(self, service: str, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """The answer of a service, of a list the whole.

        Raises:
            MissingPermissionError: The credentials do not allow the request.
            ClientError: The service refuses the request for another reason.
        """
        client, method = self.client(service), xform_name(operation)
        try:
            if client.can_paginate(method):
                answer: dict[str, Any] = client.get_paginator(method).paginate(**request).build_full_result()
            else:
                answer = getattr(client, method)(**request)
        except ClientError as error:
            if _DENIED.search(answer_of(error)):
                raise MissingPermissionError(f"{service}:{operation}, {answer_of(error)}") from None
            raise
        return answer

    def _shape(self, service: str, operation: str) -> StructureShape:
        return self.client(service).meta.service_model.operation_model(operation).input_shape

    def create(
        self, service: str, operation: str, request: Mapping[str, Any], undo: contextlib.ExitStack
    ) -> dict[str, Any]:
        """Create something with the tag of the run, and note how it is deleted; the request and the answer to it."""
        sent = _tagged(self._shape(service, operation), request, self._run)
        if operation == "CreateBucket":
            location = {} if self.region == "us-east-1" else {"LocationConstraint": self.region}
            sent["CreateBucketConfiguration"] = {"Tags": [{"Key": TAG, "Value": self._run}], **location}
        answer = self.call(service, operation, sent)
        known = {**request, **answer}
        for value in answer.values():
            known |= value if isinstance(value, dict) else {}
        delete = undo_of(operation)
        if delete != operation:
            fields = self._shape(service, delete).required_members
            undo.callback(self._delete, service, delete, {field: known[field] for field in fields})
        return known

    def _delete(self, service: str, operation: str, request: Mapping[str, Any]) -> None:
        try:
            self.call(service, operation, request)
        except (ClientError, MissingPermissionError) as error:
            print(f"Not deleted, the next run tries again: {operation} {dict(request)}: {error}")

    def remove_left_over(self) -> int:
        """Delete what earlier runs have left over, which their tag or their name tells; how much that was."""
        removed = 0
        for service, listing, delete, request in LEFT_OVER:
            [field] = self._shape(service, delete).required_members
            for item in filter(_is_of_a_run, _items(self.call(service, listing, request))):
                self._delete(service, delete, {field: item.get(field) or item["Name"]})
                removed += 1
        return removed

    def ask(self, probe: Probe) -> str:
        """The answer to a probe; what it creates is deleted at once.

        Raises:
            MissingPermissionError: The credentials do not allow a request.
            ClientError: What the probe refers to cannot be created.
        """
        properties = self._resolved(probe.properties)
        with contextlib.ExitStack() as undo:
            try:
                if probe.in_stack:
                    return self._without_ids(self._deploy(probe.type, properties, undo))
                service, operation = OPERATIONS[probe.type]
                self.create(service, operation, _request(self._shape(service, operation), properties), undo)
            except ClientError as error:
                return self._without_ids(answer_of(error))
        return "accepted"

    def _deploy(self, resource_type: str, properties: Any, undo: contextlib.ExitStack) -> str:
        template = {"Resources": {"It": {"Type": resource_type, "Properties": properties}}}
        request = {"StackName": self.name, "TemplateBody": json.dumps(template), "OnFailure": "DO_NOTHING"}
        self.create("cloudformation", "CreateStack", request, undo)
        status, named = "CREATE_IN_PROGRESS", {"StackName": self.name}
        while status == "CREATE_IN_PROGRESS":
            time.sleep(1)
            status = self.call("cloudformation", "DescribeStacks", named)["Stacks"][0]["StackStatus"]
        events = self.call("cloudformation", "DescribeStackEvents", named)["StackEvents"]
        failed = [event["ResourceStatusReason"] for event in events if event["ResourceStatus"] == "CREATE_FAILED"]
        return failed[-1] if failed else "accepted"

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, Given):
            return self._id_of(value)
        if isinstance(value, Mapping):
            return {name: self._resolved(item) for name, item in value.items()}
        for name, place in self._places.items() if isinstance(value, str) else ():
            value = value.replace(name, place)
        return [self._resolved(item) for item in value] if isinstance(value, list) else value

    def _id_of(self, given: Given) -> str:
        for service, operation, request, member in STEPS[given] if given not in self._given else ():
            known = self.create(service, operation, self._resolved(request), self)
            if member:
                found = known if member in known else _items(known)[0]
                self._given[given] = found[member].removesuffix(":*")
        return self._given[given]

    def _without_ids(self, text: str) -> str:
        """A text without what belongs to the account."""
        for given, value in self._given.items():
            text = text.replace(value, f"<{given.value}>") if given is not Given.STAGE else text
        return re.sub(r"\b\d{12}\b", "<account>", text)


def _items(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    return next((value for value in answer.values() if isinstance(value, list)), [])


def _is_of_a_run(item: Mapping[str, Any]) -> bool:
    tags = item.get("Tags") or item.get("tags") or {}
    keys = tags if isinstance(tags, dict) else {tag["Key"] for tag in tags}
    names = (str(item.get(name, "")) for name in ("name", "Name", "logGroupName"))
    return TAG in keys or any(name.startswith((PREFIX, LOGS_PREFIX)) for name in names)


def _tagged(shape: StructureShape, request: Mapping[str, Any], run: str) -> dict[str, Any]:
    """A request with the tag of the run, where the operation takes tags."""
    for name in {"Tags", "tags"} & set(shape.members):
        as_map = isinstance(shape.members[name], MapShape)
        tags: Any = {**request.get(name, {}), TAG: run} if as_map else [{"Key": TAG, "Value": run}]
        return {**request, name: tags}
    return dict(request)


def _request(shape: Shape, value: Any) -> Any:
    """Properties of a template as the SDK spells them."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        deeper = next((value[name] for name in _DEEPER if name in value), value)
        named = {name: name if name in shape.members else name[:1].lower() + name[1:] for name in deeper}
        return {named[name]: _request(shape.members[named[name]], item) for name, item in deeper.items()}
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: _request(shape.value, item) for key, item in value.items()}
    return value
