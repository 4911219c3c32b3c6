"""The bucket that recordings go to."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_ivs as ivs
from aws_cdk.interfaces.aws_ivs import IStorageConfigurationRef, StorageConfigurationReference

from .. import _arguments
from .._arguments import violation, warning
from .._grants import require_grantee
from .._synthesis import environment_of
from .._validation import report, warn
from ..errors import StageConfigurationError
from ..rules._unknown import is_unknown
from ._references import arns_of, has_wildcard, stage_id_of
from ._resource import ImportedResource, IvsResource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_s3 as s3
    from aws_cdk.interfaces.aws_ivs import IStageRef
    from constructs import Construct

    from ..errors import Violation

# <stage>/<session>/<participant>/<time> for participants, <prefix>/<composition>/<destination>/composite for
# compositions, and below either of them events and media.
_RECORDING = "*/*/*/*"
_FOLDERS = ("events", "media")


@jsii.implements(IStorageConfigurationRef)
class StorageConfiguration(IvsResource):
    """Define the S3 bucket that recordings of stages are written to.

    Creates one `AWS::IVS::StorageConfiguration`, and adds one statement to the bucket policy that allows IVS to write
    into the bucket. IVS adds such a statement by itself, but the next deployment that changes the policy would remove
    it, and recording would end without an error: so the statement belongs in the policy of the app, and the storage
    configuration is created after it.

    A change of `bucket` or `storage_configuration_name` replaces the storage configuration. The bucket and its content
    stay when it is deleted.

    The bucket must be in the same Region, encrypt by SSE-S3, and not have Object Ownership `OBJECT_WRITER`: recordings
    fail otherwise, and a warning says so where it is known. The role that deploys needs `s3:GetBucketLocation`,
    `s3:GetBucketPolicy`, `s3:PutBucketPolicy` and `s3:DeleteBucketPolicy` on the bucket, for IVS edits its policy.

    Sources: https://docs.aws.amazon.com/ivs/latest/RealTimeUserGuide/rt-composite-recording.html,
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ivs-storageconfiguration.html
    """

    _resource: ivs.CfnStorageConfiguration
    bucket: s3.IBucket | None
    """The bucket; None where the storage configuration is imported without it."""
    storage_configuration_name: str | None
    """Name of the storage configuration; None where it has none or it is not known."""

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
        arguments = [] if bucket is None else list(_invalid_bucket(bucket))
        attributes = {"bucket": bucket, "storage_configuration_name": None}
        kind = "storage-configuration"
        return _Imported(scope, id, kind, storage_configuration_arn, attributes, arguments=arguments)

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
            tags: At most 50 tags, beside those of `Tags.of`. Default: none.

        Raises:
            StageConfigurationError: One of the values is not valid.
        """
        arguments = list(_invalid_bucket(bucket))
        name = None if arguments else bucket.bucket_name
        arguments += () if arguments else _unsuitable_bucket(bucket, scope)
        properties: dict[str, object] = {"S3": {"BucketName": name}, "Name": storage_configuration_name}
        super().__init__(scope, id, ivs.CfnStorageConfiguration, properties, tags, arguments=arguments)
        self.bucket = bucket
        self.storage_configuration_name = storage_configuration_name
        self._let_ivs_write(bucket)

    @functools.cached_property
    def storage_configuration_arn(self) -> str:
        """ARN of the storage configuration."""
        return self._resource.attr_arn

    @property
    def storage_configuration_ref(self) -> StorageConfigurationReference:
        """Reference to the storage configuration, for whatever takes an `IStorageConfigurationRef`."""
        return StorageConfigurationReference(storage_configuration_arn=self.storage_configuration_arn)

    def grant_read_recordings(self, grantee: iam.IGrantable, *, stage: IStageRef | None = None) -> iam.Grant:
        """Grant a principal permission to read recordings: their media, thumbnails and metadata.

        Covers the objects that IVS writes and nothing else in the bucket. Keys can be listed below the prefix of a
        recording, as events name it.

        Actions: `s3:GetObject`, `s3:ListBucket`; if the bucket has an encryption key also `kms:Decrypt`.

        Args:
            grantee: The principal. A principal outside the account of the bucket gets the statements in the bucket
                policy, with the same conditions; of an imported bucket a warning then shows them. A service is held to
                the account of the bucket, unless the principal has an `aws:Source...` condition of its own. A role of
                another account also needs them in its own policy: they are written there if it is a role of the app.
            stage: Only the recordings of this stage's participants. Default: all stages, and compositions too.

        Raises:
            StageConfigurationError: The storage configuration is imported without its bucket.
        """
        from ._resource_grants import combine, grant

        require_grantee(self, grantee)
        bucket = self.bucket
        if bucket is None:
            text, fix = "must be known for grant_read_recordings", "give it to from_storage_configuration_arn(...)"
            raise StageConfigurationError(self.node.path, [violation("bucket", "bucket", None, text, fix)])
        if has_wildcard(bucket.bucket_arn):
            fix = "a wildcard or policy variable would grant access to other buckets; give the whole ARN"
            report(self, [violation("bucket", "bucket", bucket.bucket_arn, "must have the ARN of one bucket", fix)])
        recording = _RECORDING
        if stage is not None:
            [arn] = arns_of(self, stage=(stage, "stage"))
            recording = f"{stage_id_of(arn)}/*/*/*"
        media = [bucket.arn_for_objects(f"{recording}/{folder}/*") for folder in _FOLDERS]
        of_recordings = {"StringLike": {"s3:prefix": recording}}
        parts = {
            "bucket": [
                grant(grantee, bucket, "s3:GetObject", media),
                grant(grantee, bucket, "s3:ListBucket", [bucket.bucket_arn], conditions=of_recordings),
            ]
        }
        key = bucket.encryption_key
        if key is not None:
            through_s3 = {"StringEquals": {"kms:ViaService": f"s3.{bucket.env.region}.{cdk.Aws.URL_SUFFIX}"}}
            decrypt = grant(grantee, key, "kms:Decrypt", [key.key_arn], conditions=through_s3, resource_self_arns=["*"])
            parts["key of the bucket"] = [decrypt]
        return combine(self, grantee, parts)

    def _let_ivs_write(self, bucket: s3.IBucket) -> None:
        from aws_cdk import aws_iam as iam

        from ._resource_grants import show

        # The principal is the Region's own. AWS documents these two conditions and no others: with a further one,
        # such as aws:SourceAccount, recordings might fail without an error.
        conditions = {
            "StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"},
            "Bool": {"aws:SecureTransport": "true"},
        }
        statement = iam.PolicyStatement(
            actions=["s3:PutObject", "s3:PutObjectAcl"], resources=[bucket.arn_for_objects("*")], conditions=conditions
        )
        statement.add_service_principal(f"ivs-composite.{self.stack.region}.amazonaws.com")
        added = bucket.add_to_resource_policy(statement)
        if not added.statement_added:
            text = "should have a policy that this app writes, and it is imported"
            shown = show(statement, self.stack)
            fix = f"make sure that its policy has this statement, or recordings end without an error: {shown}"
            warn(self, [warning("recordingBucketPolicy", "bucket", bucket, text, fix, show_value=False)])
        elif added.policy_dependable is not None:
            self._resource.node.add_dependency(added.policy_dependable)


class _Imported(ImportedResource, StorageConfiguration):
    """A storage configuration that is declared elsewhere."""


def _invalid_bucket(value: object) -> Iterator[Violation]:
    by_arn, by_name = 's3.Bucket.from_bucket_arn(self, "Id", {})', 's3.Bucket.from_bucket_name(self, "Id", {})'
    expected = "an S3 bucket with a policy, such as s3.Bucket(...) or s3.Bucket.from_cfn_bucket(...)"
    yield from _arguments.construct(
        "bucket", value, "add_to_resource_policy", expected, rule="bucket", by_arn=by_arn, by_name=by_name
    )


def _unsuitable_bucket(bucket: s3.IBucket, scope: Construct) -> Iterator[Violation]:
    """A bucket of another Region, or one that encrypts by KMS and is not in the template of the stack.

    A rule judges the encryption of the bucket in the template.
    """
    of_bucket, of_stack = bucket.env.region, environment_of(scope)
    failure = 'each recording would end in event "Recording Start Failure"'
    if of_stack.region is not None and not is_unknown(of_bucket) and of_bucket != of_stack.region:
        text = f"should be in the Region of the storage configuration, {of_stack.region}"
        fix = f"create a bucket for recordings in each Region; {failure}"
        yield warning("bucketRegion", "bucket", of_bucket, text, fix)
    encryption = _encryption_outside(of_stack.stack, bucket)
    if encryption is not None and encryption.startswith("aws:kms"):
        fix = f"use a bucket for recordings with encryption=s3.BucketEncryption.S3_MANAGED; {failure}"
        text = "should encrypt by SSE-S3, and this bucket encrypts by KMS"
        yield warning("bucketEncryption", "bucket", encryption, text, fix)


def _encryption_outside(stack: cdk.Stack, bucket: s3.IBucket) -> str | None:
    """The algorithm of the default encryption of a bucket outside of the stack, as far as it is known."""
    from aws_cdk import aws_s3 as s3

    resource = bucket.node.default_child
    if not isinstance(resource, s3.CfnBucket):
        return None if bucket.encryption_key is None else "aws:kms"
    if environment_of(resource).stack is stack:
        return None
    rules = getattr(resource.bucket_encryption, "server_side_encryption_configuration", None)
    first = cast("list[object]", rules)[0] if isinstance(rules, list) and rules else None
    default = getattr(first, "server_side_encryption_by_default", None)
    algorithm: str | None = getattr(default, "sse_algorithm", None)
    return algorithm
