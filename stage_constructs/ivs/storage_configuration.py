"""The bucket that recordings go to."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_ivs as ivs
from aws_cdk.interfaces.aws_ivs import IStorageConfigurationRef, StorageConfigurationReference

from .. import _checks
from . import _rules, _tags
from ._place import place_of
from ._references import arn_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_s3 as s3
    from aws_cdk.interfaces.aws_ivs import IStageRef
    from constructs import Construct

_CONDITIONS = {
    "StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"},
    "Bool": {"aws:SecureTransport": "true"},
}
_ACTIONS = ["s3:PutObject", "s3:PutObjectAcl"]

# <stage>/<session>/<participant>/<time> for participants, <prefix>/<composition>/<destination>/composite for
# compositions, and below either of them events and media.
_RECORDING = "*/*/*/*"
_FOLDERS = ("events", "media")


@jsii.implements(IStorageConfigurationRef)
class StorageConfiguration(cdk.Resource):
    """Define the S3 bucket that recordings of stages go to.

    Makes one `AWS::IVS::StorageConfiguration`, and adds one statement to the bucket's policy by which IVS may write
    into the bucket. IVS adds such a statement by itself, but the next deployment that touches the policy would write
    it over, and recording would end without an error: so the statement belongs into the policy of the app, and the
    storage configuration is made after it.

    A change of the bucket or the name replaces the storage configuration. The bucket and what is in it are left alone
    when it is deleted.

    The bucket must stand in the same Region, encrypt by SSE-S3, and not have Object Ownership `OBJECT_WRITER`, by
    which recordings fail. The role that deploys needs `s3:GetBucketLocation`, `s3:GetBucketPolicy`,
    `s3:PutBucketPolicy` and `s3:DeleteBucketPolicy` on the bucket, for IVS edits its policy.

    Sources: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/rt-composite-recording.html,
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ivs-storageconfiguration.html
    """

    bucket: s3.IBucket | None
    """The bucket; None where the storage configuration is imported without it."""

    storage_configuration_name: str | None
    """Name of the storage configuration; None where it has none or it is not known."""
    tags: dict[str, str]
    """Tags as given."""

    @classmethod
    def from_storage_configuration_arn(
        cls, scope: Construct, id: str, storage_configuration_arn: str, *, bucket: s3.IBucket | None = None
    ) -> StorageConfiguration:
        """Import a storage configuration by its ARN.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            storage_configuration_arn: Its ARN.
            bucket: Its bucket, for `grant_read_recordings`. Default: not known.
                The policy of the bucket is left as it is.

        Raises:
            StageConfigurationError: The ARN is not that of a storage configuration, or the bucket is none.
        """
        faults = [
            *_rules.arn("storage_configuration_arn", storage_configuration_arn, "storage-configuration"),
            *_rules.imported_bucket(bucket, plays_bucket=_checks.plays(bucket, "add_to_resource_policy")),
        ]
        _checks.refuse(scope, id, faults)
        return _ImportedStorageConfiguration(scope, id, storage_configuration_arn, bucket)

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        bucket: s3.IBucket,
        storage_configuration_name: str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """Define a storage configuration.

        Args:
            scope: Where to put the construct.
            id: Id of the construct in that scope.
            bucket: The bucket. Of an imported one the policy cannot be written; a warning then shows the statement.
            storage_configuration_name: At most 128 letters, digits, hyphens and underscores. Default: none.
                It need not be unique.
            tags: At most 50 tags, beside those of `Tags.of`. Default: none.

        Raises:
            StageConfigurationError: The service would refuse one of the values, or could not record into the bucket.
        """
        place = place_of(scope)
        plays_bucket = _checks.plays(bucket, "add_to_resource_policy")
        faults = [
            *_rules.region(place.region),
            *_rules.bucket(
                bucket,
                plays_bucket=plays_bucket,
                bucket_region=bucket.env.region if plays_bucket else None,
                own_region=place.region,
                encryption=_encryption_of(bucket) if plays_bucket else None,
            ),
            *_rules.name("storage_configuration_name", storage_configuration_name),
            *_rules.tags(tags),
            *place.faults_of_next("storage configurations"),
        ]
        _checks.refuse(scope, id, faults)
        super().__init__(scope, id)
        place.made["storage configurations"] += 1

        self.bucket = bucket
        self.storage_configuration_name = storage_configuration_name
        self.tags = dict(tags or {})
        self._resource = ivs.CfnStorageConfiguration(
            self,
            "Resource",
            s3=ivs.CfnStorageConfiguration.S3StorageConfigurationProperty(bucket_name=bucket.bucket_name),
            name=storage_configuration_name,
            tags=_tags.render(tags),
        )
        faults += self._let_ivs_write(bucket)
        _checks.warn(self, faults)

    @functools.cached_property
    def storage_configuration_arn(self) -> str:
        """ARN of the storage configuration."""
        return self._resource.attr_arn

    @property
    def storage_configuration_ref(self) -> StorageConfigurationReference:
        """Reference to the storage configuration, for whatever takes an `IStorageConfigurationRef`."""
        return StorageConfigurationReference(storage_configuration_arn=self.storage_configuration_arn)

    def grant_read_recordings(self, grantee: iam.IGrantable, *, stage: IStageRef | None = None) -> iam.Grant:
        """Let a principal read recordings: their media, their thumbnails and the files that tell of their course.

        Reaches objects that lie where IVS puts recordings and nothing else in the bucket. Keys can be listed below
        the prefix of a recording, as events name it.

        Args:
            grantee: Who may read. A principal outside the account of the bucket gets the statements in the bucket
                policy, with the same conditions; of an imported bucket a warning then shows them. A service is held to
                the account of the bucket, unless the principal has an `aws:Source...` condition of its own. A role of
                another account also needs them in its own policy: they are written there if it is a role of the app.
            stage: Only the recordings of this stage's participants. Default: all stages, and compositions too.

        Raises:
            StageConfigurationError: The storage configuration is imported without its bucket.
        """
        from . import _resource_grants

        _checks.require_grantee(self, grantee)
        bucket = self.bucket
        if bucket is None:
            fault = _checks.Fault(
                rule="bucket",
                prop="bucket",
                value=None,
                tells_value=False,
                problem="must be known for grant_read_recordings",
                remedy="write StorageConfiguration.from_storage_configuration_arn(scope, id, arn, bucket=...)",
            )
            raise _checks.error(self.node.path, fault)
        wide = list(_rules.bucket_arn(bucket.bucket_arn))
        if wide:
            raise _checks.error(self.node.path, *wide)
        recording = _RECORDING
        if stage is not None:
            arn = arn_of(stage, "stage")
            faults = list(_rules.reference("stage", stage, arn, "stage"))
            if arn is None or faults:
                raise _checks.error(self.node.path, *faults)
            stage_id = cdk.Fn.select(1, cdk.Fn.split("/", arn)) if _checks.is_token(arn) else arn.partition("/")[2]
            recording = f"{stage_id}/*/*/*"
        media = [bucket.arn_for_objects(f"{recording}/{folder}/*") for folder in _FOLDERS]
        keys_of_recordings = {"StringLike": {"s3:prefix": recording}}
        parts = [
            _resource_grants.grant(grantee, bucket, "s3:GetObject", media),
            _resource_grants.grant(
                grantee, bucket, "s3:ListBucket", [bucket.bucket_arn], conditions=keys_of_recordings
            ),
        ]
        unwritten = {"bucket": [part.unwritten for part in parts if part.unwritten]}
        key = bucket.encryption_key
        if key is not None:
            through_s3 = {"StringEquals": {"kms:ViaService": f"s3.{bucket.env.region}.{cdk.Aws.URL_SUFFIX}"}}
            decrypt = _resource_grants.grant(
                grantee, key, "kms:Decrypt", [key.key_arn], conditions=through_s3, resource_self_arns=["*"]
            )
            parts.append(decrypt)
            unwritten["key of the bucket"] = [decrypt.unwritten] if decrypt.unwritten else []
        for owner, statements in unwritten.items():
            shown = ", ".join(_resource_grants.show(statement, self.stack) for statement in statements)
            _checks.warn(self, _rules.unwritten_statements(grantee, owner, shown) if shown else ())
        if any(part.in_resource for part in parts) and _resource_grants.is_everyone(grantee):
            _checks.warn(self, _rules.public_recordings(grantee))
        granted, *others = (part.grant for part in parts)
        for other in others:
            granted = granted.combine(other)
        return granted

    def _let_ivs_write(self, bucket: s3.IBucket) -> list[_checks.Fault]:
        from aws_cdk import aws_iam as iam

        # The principal is the Region's own. AWS documents these two conditions and no others: with a further one,
        # such as aws:SourceAccount, recordings might fail without an error.
        principal = f"ivs-composite.{self.stack.region}.amazonaws.com"
        statement = iam.PolicyStatement(
            actions=_ACTIONS, resources=[bucket.arn_for_objects("*")], conditions=_CONDITIONS
        )
        statement.add_service_principal(principal)
        added = bucket.add_to_resource_policy(statement)
        if added.statement_added:
            if added.policy_dependable is not None:
                self._resource.node.add_dependency(added.policy_dependable)
            return []
        name = bucket.bucket_name
        wanted = {
            "Effect": "Allow",
            "Principal": {"Service": "ivs-composite.<region>.amazonaws.com"},
            "Action": _ACTIONS,
            "Resource": f"arn:<partition>:s3:::{'<bucket>' if _checks.is_token(name) else name}/*",
            "Condition": _CONDITIONS,
        }
        if not _checks.is_token(principal):
            wanted["Principal"] = {"Service": principal}
        return [_rules.bucket_policy("<bucket>" if _checks.is_token(name) else name, json.dumps(wanted))]


class _ImportedStorageConfiguration(StorageConfiguration):
    def __init__(self, scope: Construct, id: str, arn: str, bucket: s3.IBucket | None) -> None:
        cdk.Resource.__init__(self, scope, id, environment_from_arn=arn)
        self.storage_configuration_arn = arn
        self.storage_configuration_name = None
        self.bucket = bucket
        self.tags = {}


def _encryption_of(bucket: s3.IBucket) -> str | None:
    """The algorithm of a bucket's default encryption, as far as it is known here."""
    from aws_cdk import aws_s3 as s3

    if bucket.encryption_key is not None:
        return "aws:kms"
    resource = bucket.node.default_child
    encryption = resource.bucket_encryption if isinstance(resource, s3.CfnBucket) else None
    rules = getattr(encryption, "server_side_encryption_configuration", None)
    first = cast("list[object]", rules)[0] if isinstance(rules, list) and rules else None
    default = getattr(first, "server_side_encryption_by_default", None)
    algorithm: str | None = getattr(default, "sse_algorithm", None)
    return algorithm
