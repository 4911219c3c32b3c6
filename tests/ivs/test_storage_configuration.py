"""Storage configurations: the bucket's policy, what a bucket must be, and who may read recordings."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ivs
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from stage_constructs import StageConfigurationError, ivs

from .template_helpers import STAGE_ARN, properties, reported, resource, resources, statements, template, warnings

STORAGE = "AWS::IVS::StorageConfiguration"
POLICY = "AWS::S3::BucketPolicy"
ARN = "arn:aws:ivs:eu-west-1:123456789012:storage-configuration/AbCdEf123456"


def ivs_statements(stack: cdk.Stack) -> list[dict[str, Any]]:
    """The statements of bucket policies that let IVS write."""
    policies = resources(stack, POLICY).values()
    found = [one for policy in policies for one in policy["Properties"]["PolicyDocument"]["Statement"]]
    return [one for one in found if "ivs-composite" in json.dumps(one["Principal"])]


def test_defaults(stack: cdk.Stack) -> None:
    """A storage configuration with nothing but a bucket has no name and no tags."""
    storage = ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket(stack, "Bucket"))
    (bucket_name,) = properties(stack, STORAGE)["S3"].values()
    assert bucket_name == {"Ref": "Bucket83908E77"}
    assert set(properties(stack, STORAGE)) == {"S3"}
    assert storage.storage_configuration_name is None


def test_snapshot_minimal(stack: cdk.Stack, snapshot: Any) -> None:
    """The template of a storage configuration with nothing but a bucket does not change unnoticed."""
    ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket(stack, "Bucket"))
    assert template(stack) == snapshot


def test_snapshot_everything(stack: cdk.Stack, snapshot: Any) -> None:
    """The template of a storage configuration with everything given does not change unnoticed."""
    bucket = s3.Bucket(stack, "Bucket", enforce_ssl=True, encryption=s3.BucketEncryption.S3_MANAGED)
    storage = ivs.StorageConfiguration(
        stack, "Storage", bucket=bucket, storage_configuration_name="recordings", tags={"team": "chat"}
    )
    storage.grant_read_recordings(iam.Role(stack, "Player", assumed_by=iam.AccountRootPrincipal()))
    assert template(stack) == snapshot


def test_the_bucket_policy_lets_ivs_write(stack: cdk.Stack) -> None:
    """The bucket's own policy carries the statement that AWS documents, word by word."""
    ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket(stack, "Bucket"))
    assert ivs_statements(stack) == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "ivs-composite.eu-west-1.amazonaws.com"},
            "Action": ["s3:PutObject", "s3:PutObjectAcl"],
            "Resource": {"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket83908E77", "Arn"]}, "/*"]]},
            "Condition": {
                "StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"},
                "Bool": {"aws:SecureTransport": "true"},
            },
        }
    ]


@pytest.mark.parametrize("enforce_ssl", [True, False])
def test_the_policy_comes_first(stack: cdk.Stack, enforce_ssl: bool) -> None:
    """The storage configuration is made after the policy, which holds whatever else it held."""
    bucket = s3.Bucket(stack, "Bucket", enforce_ssl=enforce_ssl)
    ivs.StorageConfiguration(stack, "Storage", bucket=bucket)
    ((policy_id, policy),) = resources(stack, POLICY).items()
    assert resource(stack, STORAGE)["DependsOn"] == [policy_id]
    assert len(policy["Properties"]["PolicyDocument"]["Statement"]) == 1 + enforce_ssl


def test_a_statement_that_is_added_later_keeps_that_of_ivs(stack: cdk.Stack) -> None:
    """What the app adds to the policy afterwards stands beside the statement of IVS."""
    bucket = s3.Bucket(stack, "Bucket")
    ivs.StorageConfiguration(stack, "Storage", bucket=bucket)
    bucket.grant_read(iam.ServicePrincipal("mediaconvert.amazonaws.com"))
    assert len(ivs_statements(stack)) == 1


def test_two_storage_configurations_of_a_bucket(stack: cdk.Stack) -> None:
    """A bucket that serves two storage configurations has the statement once."""
    bucket = s3.Bucket(stack, "Bucket")
    ivs.StorageConfiguration(stack, "One", bucket=bucket)
    ivs.StorageConfiguration(stack, "Two", bucket=bucket)
    assert len(ivs_statements(stack)) == 1
    assert all("DependsOn" in one for one in resources(stack, STORAGE).values())


def test_the_principal_of_an_unknown_region(agnostic: cdk.Stack) -> None:
    """In a stack that can be deployed anywhere the principal is that of the Region it is deployed to."""
    ivs.StorageConfiguration(agnostic, "Storage", bucket=s3.Bucket(agnostic, "Bucket"))
    (statement,) = ivs_statements(agnostic)
    parts = ["", ["ivs-composite.", {"Ref": "AWS::Region"}, ".amazonaws.com"]]
    assert statement["Principal"] == {"Service": {"Fn::Join": parts}}


def test_a_bucket_of_another_stack(app: cdk.App, stack: cdk.Stack) -> None:
    """The statement goes to the bucket's stack, which is deployed first."""
    bucket = s3.Bucket(stack, "Bucket")
    other = cdk.Stack(
        app,
        "Other",
        env=cdk.Environment(account="123456789012", region="eu-west-1"),
        synthesizer=cdk.BootstraplessSynthesizer(),
    )
    ivs.StorageConfiguration(other, "Storage", bucket=bucket)
    assert len(ivs_statements(stack)) == 1
    assert resources(other, POLICY) == {}
    assert [one.node.id for one in other.dependencies] == ["Stack"]


@pytest.mark.parametrize(
    "make",
    [
        lambda stack: s3.Bucket.from_bucket_name(stack, "Bucket", "recordings"),
        lambda stack: s3.Bucket.from_bucket_arn(stack, "Bucket", "arn:aws:s3:::recordings"),
    ],
    ids=["name", "arn"],
)
def test_an_imported_bucket_warns(stack: cdk.Stack, make: Any) -> None:
    """The policy of an imported bucket is out of reach: a warning prints the statement that must stay in it."""
    ivs.StorageConfiguration(stack, "Storage", bucket=make(stack))
    (warning,) = warnings(stack)
    assert '"Principal": {"Service": "ivs-composite.eu-west-1.amazonaws.com"}' in warning
    assert '"Action": ["s3:PutObject", "s3:PutObjectAcl"]' in warning
    assert ":s3:::recordings/*" in warning
    assert '"s3:x-amz-acl": "bucket-owner-full-control"' in warning
    assert "stage-constructs:recordingBucketPolicy" in warning


def test_the_warning_of_an_unknown_bucket(agnostic: cdk.Stack) -> None:
    """A statement for a bucket and a Region that are not known yet has their names left open."""
    name = cdk.CfnParameter(agnostic, "Name").value_as_string
    ivs.StorageConfiguration(agnostic, "Storage", bucket=s3.Bucket.from_bucket_name(agnostic, "Bucket", name))
    (warning,) = warnings(agnostic)
    assert "ivs-composite.<region>.amazonaws.com" in warning
    assert ":s3:::<Name>/*" in warning
    assert "Token[" not in warning


def test_the_warning_can_be_acknowledged(stack: cdk.Stack) -> None:
    """Who has seen to the policy acknowledges the warning by its id."""
    bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "recordings")
    storage = ivs.StorageConfiguration(stack, "Storage", bucket=bucket)
    cdk.Annotations.of(storage).acknowledge_warning("stage-constructs:recordingBucketPolicy")
    assert warnings(stack) == []


@pytest.mark.parametrize(
    "encryption", [s3.BucketEncryption.KMS, s3.BucketEncryption.KMS_MANAGED, s3.BucketEncryption.DSSE_MANAGED]
)
def test_a_bucket_that_encrypts_by_kms_is_reported(
    app: cdk.App, stack: cdk.Stack, encryption: s3.BucketEncryption
) -> None:
    """Recording into a bucket that encrypts by KMS fails when it starts: a warning at synth, and no other."""
    ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket(stack, "Bucket", encryption=encryption))
    assert reported(app) == [("Stack/Storage/Resource", "bucketEncryption", "warning")]
    assert warnings(stack) == []


def test_an_imported_bucket_that_encrypts_by_kms_warns(stack: cdk.Stack) -> None:
    """The key of an imported bucket tells its encryption."""
    key = kms.Key(stack, "Key")
    bucket = s3.Bucket.from_bucket_attributes(stack, "Bucket", bucket_name="recordings", encryption_key=key)
    ivs.StorageConfiguration(stack, "Storage", bucket=bucket)
    assert any("bucket should encrypt by SSE-S3" in warning for warning in warnings(stack))


def test_a_bucket_of_another_stack_that_encrypts_by_kms_warns(app: cdk.App, stack: cdk.Stack) -> None:
    """A bucket of another stack is not in the template of the storage configuration."""
    env = cdk.Environment(account="123456789012", region="eu-west-1")
    other = cdk.Stack(app, "Other", env=env, synthesizer=cdk.BootstraplessSynthesizer())
    bucket = s3.Bucket(other, "Bucket", encryption=s3.BucketEncryption.KMS_MANAGED)
    ivs.StorageConfiguration(stack, "Storage", bucket=bucket)
    (warning,) = warnings(stack)
    assert "bucket should encrypt by SSE-S3" in warning
    assert "stage-constructs:bucketEncryption" in warning


@pytest.mark.parametrize("encryption", [s3.BucketEncryption.S3_MANAGED, s3.BucketEncryption.UNENCRYPTED, None])
def test_a_bucket_that_encrypts_by_s3(stack: cdk.Stack, encryption: s3.BucketEncryption | None) -> None:
    """A bucket that encrypts by SSE-S3, as all do by default, is accepted."""
    ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket(stack, "Bucket", encryption=encryption))
    assert resources(stack, STORAGE)


def test_a_bucket_of_another_region_warns(app: cdk.App, stack: cdk.Stack) -> None:
    """A storage configuration with a bucket of another Region deploys, and recording fails."""
    env = cdk.Environment(account="123456789012", region="us-east-1")
    bucket = s3.Bucket(cdk.Stack(app, "Other", env=env), "Bucket", bucket_name="recordings")
    ivs.StorageConfiguration(stack, "Storage", bucket=bucket)
    (warning,) = warnings(stack)
    assert "bucket should be in the Region of the storage configuration, eu-west-1" in warning
    assert "stage-constructs:bucketRegion" in warning


def test_an_imported_bucket_of_another_region_warns(stack: cdk.Stack) -> None:
    """The Region of an imported bucket is compared where it is known."""
    bucket = s3.Bucket.from_bucket_attributes(stack, "Bucket", bucket_name="recordings", region="us-east-1")
    ivs.StorageConfiguration(stack, "Storage", bucket=bucket)
    assert any("stage-constructs:bucketRegion" in warning for warning in warnings(stack))


@pytest.mark.parametrize(("bucket", "fix"), [("recordings", "from_bucket_name"), (None, "environment variable")])
def test_what_is_no_bucket_is_refused(stack: cdk.Stack, bucket: Any, fix: str) -> None:
    """A name is refused with the way to import the bucket, and a forgotten None as such."""
    with pytest.raises(StageConfigurationError, match=rf"bucket must be an S3 bucket.*{fix}"):
        ivs.StorageConfiguration(stack, "Storage", bucket=bucket)


@pytest.mark.parametrize("name", ["recordings_of_2015", "Recordings"])
def test_names_of_buckets_that_are_refused(stack: cdk.Stack, name: str) -> None:
    """Old buckets can have such names, which CDK imports and Amazon IVS refuses."""
    with pytest.raises(StageConfigurationError, match="bucket must have a name of 3 to 63") as raised:
        ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket.from_bucket_name(stack, "Bucket", name))
    assert raised.value.rule == "bucketName"


def test_a_generated_bucket_is_refused(stack: cdk.Stack) -> None:
    """A generated bucket has no policy to add to, and is refused with the way to wrap it."""
    bucket: Any = s3.CfnBucket(stack, "Bucket")
    with pytest.raises(StageConfigurationError, match="from_cfn_bucket"):
        ivs.StorageConfiguration(stack, "Storage", bucket=bucket)


def test_a_wrapped_bucket(stack: cdk.Stack) -> None:
    """A generated bucket that is wrapped gets the statement."""
    bucket = s3.Bucket.from_cfn_bucket(s3.CfnBucket(stack, "Bucket"))
    ivs.StorageConfiguration(stack, "Storage", bucket=bucket)
    assert len(ivs_statements(stack)) == 1


@pytest.mark.parametrize("name", ["x" * 128, "a_b-c"])
def test_names(stack: cdk.Stack, name: str) -> None:
    """A name has up to 128 letters, digits, hyphens and underscores."""
    ivs.StorageConfiguration(stack, "S", bucket=s3.Bucket(stack, "Bucket"), storage_configuration_name=name)
    assert properties(stack, STORAGE)["Name"] == name


@pytest.mark.parametrize("name", ["x" * 129, "a b"])
def test_names_that_are_refused(stack: cdk.Stack, name: str) -> None:
    """Any other name is refused."""
    with pytest.raises(StageConfigurationError, match="storage_configuration_name must have at most 128"):
        ivs.StorageConfiguration(stack, "S", bucket=s3.Bucket(stack, "Bucket"), storage_configuration_name=name)


def test_tags(stack: cdk.Stack) -> None:
    """Tags are emitted as keys and values."""
    ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket(stack, "Bucket"), tags={"team": "chat"})
    assert properties(stack, STORAGE)["Tags"] == [{"Key": "team", "Value": "chat"}]


def test_attributes(stack: cdk.Stack) -> None:
    """ARN and reference are those of the resource."""
    bucket = s3.Bucket(stack, "Bucket")
    storage = ivs.StorageConfiguration(stack, "Storage", bucket=bucket)
    arn = {"Fn::GetAtt": ["Storage07F31EBC", "Arn"]}
    assert stack.resolve(storage.storage_configuration_arn) == arn
    assert stack.resolve(aws_ivs.CfnStorageConfiguration.arn_for_storage_configuration(storage)) == arn
    assert storage.bucket is bucket


def test_import(stack: cdk.Stack) -> None:
    """An imported storage configuration knows its ARN and leaves the bucket alone."""
    bucket = s3.Bucket(stack, "Bucket")
    storage = ivs.StorageConfiguration.from_storage_configuration_arn(stack, "Storage", ARN, bucket=bucket)
    assert storage.storage_configuration_ref.storage_configuration_arn == ARN
    assert (storage.storage_configuration_name, storage.tags) == (None, {})
    assert resources(stack, POLICY) == {}


@pytest.mark.parametrize("arn", [STAGE_ARN, "recordings", ARN.replace("arn:aws:", "arn:azure:")])
def test_arns_that_are_refused(stack: cdk.Stack, arn: str) -> None:
    """An ARN of anything else is refused."""
    with pytest.raises(StageConfigurationError, match="storage_configuration_arn must be"):
        ivs.StorageConfiguration.from_storage_configuration_arn(stack, "Storage", arn)


def bucket_path(path: str) -> dict[str, Any]:
    """The ARN of objects of the bucket, as rendered."""
    return {"Fn::Join": ["", [{"Fn::GetAtt": ["Bucket83908E77", "Arn"]}, path]]}


def test_grant_read_recordings(stack: cdk.Stack, grantee: iam.IGrantable) -> None:
    """Readers reach objects where IVS puts recordings, and keys below the prefix of a recording."""
    storage = ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket(stack, "Bucket"))
    storage.grant_read_recordings(grantee).assert_success()
    assert statements(stack) == [
        {
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": [bucket_path("/*/*/*/*/events/*"), bucket_path("/*/*/*/*/media/*")],
        },
        {
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": {"Fn::GetAtt": ["Bucket83908E77", "Arn"]},
            "Condition": {"StringLike": {"s3:prefix": "*/*/*/*"}},
        },
    ]


def test_grant_read_recordings_of_a_stage(stack: cdk.Stack, role: iam.Role) -> None:
    """Readers of one stage reach what lies below its id."""
    storage = ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket(stack, "Bucket"))
    stage = ivs.Stage.from_stage_arn(stack, "Stage", STAGE_ARN)
    storage.grant_read_recordings(role, stage=stage)
    objects, keys = statements(stack)
    prefix = "AbCdEf123456/*/*/*"
    assert objects["Resource"] == [bucket_path(f"/{prefix}/events/*"), bucket_path(f"/{prefix}/media/*")]
    assert keys["Condition"] == {"StringLike": {"s3:prefix": prefix}}


def test_grant_read_recordings_of_a_stage_of_the_stack(stack: cdk.Stack, role: iam.Role) -> None:
    """The id of a stage that is only just made is left to CloudFormation."""
    storage = ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket(stack, "Bucket"))
    storage.grant_read_recordings(role, stage=ivs.Stage(stack, "Stage"))
    assert "Fn::Select" in json.dumps(statements(stack)[0]["Resource"])


def test_grant_read_recordings_of_something_else(stack: cdk.Stack, role: iam.Role) -> None:
    """What is no stage is refused."""
    storage = ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket(stack, "Bucket"))
    other: Any = "lobby"
    with pytest.raises(StageConfigurationError, match="stage must be a stage of Amazon IVS"):
        storage.grant_read_recordings(role, stage=other)


def test_grant_read_recordings_to_a_service(stack: cdk.Stack) -> None:
    """A service reads by the bucket's policy."""
    storage = ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket(stack, "Bucket"))
    storage.grant_read_recordings(iam.ServicePrincipal("mediaconvert.amazonaws.com"))
    policy = json.dumps(properties(stack, POLICY)["PolicyDocument"])
    assert "mediaconvert.amazonaws.com" in policy
    assert "/*/*/*/*/media/*" in policy


OTHER_ACCOUNT = "210987654321"
BY_S3 = {
    "StringEquals": {"kms:ViaService": {"Fn::Join": ["", ["s3.eu-west-1.", {"Ref": "AWS::URLSuffix"}]]}},
}
ROLE_OF_ANOTHER_ACCOUNT = f"arn:aws:iam::{OTHER_ACCOUNT}:role/player"


def foreign_role(stack: cdk.Stack) -> iam.Role:
    """A role of a stack of the app in another account."""
    env = cdk.Environment(account=OTHER_ACCOUNT, region="eu-west-1")
    foreign = cdk.Stack(stack.node.root, "Foreign", env=env, synthesizer=cdk.BootstraplessSynthesizer())
    return iam.Role(foreign, "Role", role_name="player", assumed_by=iam.AccountRootPrincipal())


FOREIGN_PRINCIPALS: dict[str, Callable[[cdk.Stack], iam.IGrantable]] = {
    "account": lambda _: iam.AccountPrincipal(OTHER_ACCOUNT),
    "own account": lambda _: iam.AccountPrincipal("123456789012"),
    "arn": lambda _: iam.ArnPrincipal(ROLE_OF_ANOTHER_ACCOUNT),
    "service": lambda _: iam.ServicePrincipal("mediaconvert.amazonaws.com"),
    "organization": lambda _: iam.OrganizationPrincipal("o-1234567890"),
    "imported role": lambda stack: iam.Role.from_role_arn(stack, "Grantee", ROLE_OF_ANOTHER_ACCOUNT),
    "role of the app": foreign_role,
}


@pytest.mark.parametrize("make", FOREIGN_PRINCIPALS.values(), ids=FOREIGN_PRINCIPALS)
def test_a_bucket_statement_keeps_its_conditions(stack: cdk.Stack, make: Callable[[cdk.Stack], iam.IGrantable]) -> None:
    """Whoever needs a statement in the bucket policy lists the keys of recordings and no others."""
    bucket = s3.Bucket(stack, "Bucket", bucket_name="recordings")
    storage = ivs.StorageConfiguration(stack, "Storage", bucket=bucket)
    storage.grant_read_recordings(make(stack), stage=ivs.Stage.from_stage_arn(stack, "Stage", STAGE_ARN))
    document = properties(stack, POLICY)["PolicyDocument"]["Statement"]
    (objects,) = [one for one in document if one["Action"] == "s3:GetObject"]
    (keys,) = [one for one in document if one["Action"] == "s3:ListBucket"]
    assert objects["Principal"] == keys["Principal"]
    assert objects["Resource"] == [bucket_path(f"/AbCdEf123456/*/*/*/{folder}/*") for folder in ("events", "media")]
    assert keys["Resource"] == {"Fn::GetAtt": ["Bucket83908E77", "Arn"]}
    assert keys["Condition"]["StringLike"] == {"s3:prefix": "AbCdEf123456/*/*/*"}


def test_a_role_of_another_account_of_the_app_gets_both_statements(stack: cdk.Stack) -> None:
    """Across accounts IAM needs the statement of the role and that of the bucket, both with the condition."""
    storage = ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket(stack, "Bucket", bucket_name="recordings"))
    role = foreign_role(stack)
    storage.grant_read_recordings(role).assert_success()
    objects, keys = statements(cdk.Stack.of(role))
    parts = ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::recordings"]]
    assert objects["Action"] == "s3:GetObject"
    assert keys == {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": {"Fn::Join": parts},
        "Condition": {"StringLike": {"s3:prefix": "*/*/*/*"}},
    }


def test_conditions_of_the_principal_are_kept(stack: cdk.Stack) -> None:
    """An organization is everyone with a condition, which stands beside that of the keys."""
    storage = ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket(stack, "Bucket"))
    storage.grant_read_recordings(iam.OrganizationPrincipal("o-1234567890"))
    (_, objects, keys) = properties(stack, POLICY)["PolicyDocument"]["Statement"]
    organization = {"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}
    assert objects["Condition"] == organization
    assert keys["Condition"] == {**organization, "StringLike": {"s3:prefix": "*/*/*/*"}}


def test_a_service_reads_for_this_account_only(stack: cdk.Stack) -> None:
    """A service is held to the account of the bucket, so that nobody else can read by it."""
    storage = ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket(stack, "Bucket"))
    storage.grant_read_recordings(iam.ServicePrincipal("mediaconvert.amazonaws.com"))
    (_, objects, keys) = properties(stack, POLICY)["PolicyDocument"]["Statement"]
    account = {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    assert objects["Condition"] == account
    assert keys["Condition"] == {**account, "StringLike": {"s3:prefix": "*/*/*/*"}}


@pytest.mark.parametrize(
    "source",
    [
        {"StringEquals": {"AWS:SourceArn": "arn:aws:cloudfront::123456789012:distribution/E1"}},
        {"StringEquals": {"aws:SourceAccount": OTHER_ACCOUNT}},
        {"StringEquals": {"aws:SourceOrgID": "o-1234567890"}},
    ],
)
def test_the_source_of_a_service_can_be_given(stack: cdk.Stack, source: dict[str, Any]) -> None:
    """A service principal that names its source itself is taken at its word."""
    storage = ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket(stack, "Bucket"))
    storage.grant_read_recordings(iam.ServicePrincipal("cloudfront.amazonaws.com", conditions=source))
    (_, objects, keys) = properties(stack, POLICY)["PolicyDocument"]["Statement"]
    assert objects["Condition"] == source
    assert keys["Condition"] == {**source, "StringLike": {"s3:prefix": "*/*/*/*"}}


def test_grant_read_recordings_of_an_import(stack: cdk.Stack, role: iam.Role) -> None:
    """An imported storage configuration can be read once its bucket is given."""
    bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "recordings")
    storage = ivs.StorageConfiguration.from_storage_configuration_arn(stack, "Storage", ARN, bucket=bucket)
    storage.grant_read_recordings(role)
    assert len(statements(stack)) == 2


def test_grant_read_recordings_without_a_bucket(storage: ivs.StorageConfiguration, role: iam.Role) -> None:
    """Without its bucket there is nothing to grant."""
    with pytest.raises(StageConfigurationError, match="bucket must be known for grant_read_recordings") as raised:
        storage.grant_read_recordings(role)
    assert raised.value.construct_path == "Stack/Storage"


def test_import_of_something_else_as_bucket(stack: cdk.Stack) -> None:
    """A name is refused at the import, with the way to import the bucket."""
    bucket: Any = "recordings"
    with pytest.raises(StageConfigurationError, match=r"bucket must be an S3 bucket.*from_bucket_name"):
        ivs.StorageConfiguration.from_storage_configuration_arn(stack, "Storage", ARN, bucket=bucket)
    assert stack.node.try_find_child("Storage") is None


def test_grant_read_recordings_of_more_than_one_bucket(stack: cdk.Stack, role: iam.Role) -> None:
    """An ARN with a wildcard would let the principal read other buckets."""
    bucket = s3.Bucket.from_bucket_attributes(
        stack, "Bucket", bucket_arn="arn:aws:s3:::recordings*", bucket_name="recordings"
    )
    storage = ivs.StorageConfiguration.from_storage_configuration_arn(stack, "Storage", ARN, bucket=bucket)
    with pytest.raises(StageConfigurationError, match="bucket must have the ARN of one bucket"):
        storage.grant_read_recordings(role)


@pytest.mark.parametrize(
    "make", [principal for kind, principal in FOREIGN_PRINCIPALS.items() if kind != "role of the app"]
)
def test_a_bucket_policy_out_of_reach(stack: cdk.Stack, make: Callable[[cdk.Stack], iam.IGrantable]) -> None:
    """The policy of an imported bucket cannot be written: the warning shows the two statements that it needs."""
    bucket = s3.Bucket.from_bucket_name(stack, "Bucket", "recordings")
    storage = ivs.StorageConfiguration.from_storage_configuration_arn(stack, "Storage", ARN, bucket=bucket)
    storage.grant_read_recordings(make(stack))
    iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    (warning,) = warnings(stack)
    assert "stage-constructs:grantWithoutEffect" in warning
    assert '"Action": "s3:GetObject"' in warning
    assert '"Action": "s3:ListBucket"' in warning
    assert '"StringLike": {"s3:prefix": "*/*/*/*"}' in warning
    assert "arn:<partition>:s3:::recordings" in warning


def test_an_encrypted_bucket(stack: cdk.Stack, role: iam.Role) -> None:
    """Objects that are encrypted by a key are read with the key, by S3 alone."""
    bucket = s3.Bucket(stack, "Bucket", encryption_key=kms.Key(stack, "Key"))
    storage = ivs.StorageConfiguration.from_storage_configuration_arn(stack, "Storage", ARN, bucket=bucket)
    storage.grant_read_recordings(role)
    assert statements(stack)[-1] == {
        "Effect": "Allow",
        "Action": "kms:Decrypt",
        "Resource": {"Fn::GetAtt": ["Key961B73FD", "Arn"]},
        "Condition": BY_S3,
    }
    assert len(properties(stack, "AWS::KMS::Key")["KeyPolicy"]["Statement"]) == 1


def test_an_encrypted_bucket_for_another_account(stack: cdk.Stack) -> None:
    """Another account needs the statement in the policy of the key too, with the same condition."""
    bucket = s3.Bucket(stack, "Bucket", encryption_key=kms.Key(stack, "Key"))
    storage = ivs.StorageConfiguration.from_storage_configuration_arn(stack, "Storage", ARN, bucket=bucket)
    storage.grant_read_recordings(iam.AccountPrincipal(OTHER_ACCOUNT))
    (_, statement) = properties(stack, "AWS::KMS::Key")["KeyPolicy"]["Statement"]
    assert (statement["Action"], statement["Resource"]) == ("kms:Decrypt", "*")
    assert OTHER_ACCOUNT in json.dumps(statement["Principal"])
    assert statement["Condition"] == BY_S3


def test_a_service_beside_an_account(stack: cdk.Stack) -> None:
    """Of a composite principal the account sends no source, and is let in all the same."""
    storage = ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket(stack, "Bucket"))
    service = iam.ServicePrincipal("mediaconvert.amazonaws.com")
    storage.grant_read_recordings(iam.CompositePrincipal(iam.AccountPrincipal(OTHER_ACCOUNT), service))
    (_, objects, keys) = properties(stack, POLICY)["PolicyDocument"]["Statement"]
    held = {"StringEqualsIfExists": {"aws:SourceAccount": "123456789012"}}
    assert objects["Condition"] == held
    assert keys["Condition"] == {**held, "StringLike": {"s3:prefix": "*/*/*/*"}}


@pytest.mark.parametrize("everyone", [iam.AnyPrincipal, iam.StarPrincipal])
def test_everyone_warns(stack: cdk.Stack, everyone: Any) -> None:
    """Recordings that everyone can read are hardly meant."""
    storage = ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket(stack, "Bucket"))
    storage.grant_read_recordings(everyone())
    (warning,) = warnings(stack)
    assert "stage-constructs:publicRecordings" in warning


def test_everyone_of_an_organization_does_not_warn(stack: cdk.Stack) -> None:
    """Everyone with a condition is somebody."""
    storage = ivs.StorageConfiguration(stack, "Storage", bucket=s3.Bucket(stack, "Bucket"))
    storage.grant_read_recordings(iam.OrganizationPrincipal("o-1234567890"))
    assert warnings(stack) == []
