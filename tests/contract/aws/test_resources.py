"""Everything that the program declares on AWS can be made, read back as it was said, tagged, changed, deleted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.aws_daemon import Aws, running

POLICY = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
)
TAGS = [{"Key": "environment", "Value": "staging"}]


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """One daemon for the file; each test names its own things."""
    with running(tmp_path_factory.mktemp("aws")) as daemon:
        yield daemon


def refused(code: str, call: Any, **arguments: Any) -> None:
    """The call fails with that code."""
    with pytest.raises(ClientError) as error:
        call(**arguments)
    assert error.value.response["Error"]["Code"] == code


def test_a_kms_key_and_its_alias(aws: Aws) -> None:
    """A key keeps its policy, rotation, tags and alias, and is deleted after a delay."""
    kms = aws.client("kms")
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "root",
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }

    key = kms.create_key(
        Description="staging",
        Policy=json.dumps(policy),
        Tags=[{"TagKey": "environment", "TagValue": "staging"}],
    )["KeyMetadata"]
    kms.enable_key_rotation(KeyId=key["KeyId"], RotationPeriodInDays=365)
    kms.create_alias(AliasName="alias/one", TargetKeyId=key["KeyId"])

    assert key["Arn"] == f"arn:aws:kms:eu-central-1:123456789012:key/{key['KeyId']}"
    assert (key["KeyState"], key["KeyUsage"], key["KeySpec"]) == ("Enabled", "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT")
    assert (key["Description"], key["MultiRegion"], key["KeyManager"]) == ("staging", False, "CUSTOMER")
    assert kms.describe_key(KeyId="alias/one")["KeyMetadata"]["KeyId"] == key["KeyId"]
    assert json.loads(kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"]) == policy
    rotation = kms.get_key_rotation_status(KeyId=key["KeyId"])
    assert (rotation["KeyRotationEnabled"], rotation["RotationPeriodInDays"]) == (True, 365)
    assert kms.list_resource_tags(KeyId=key["KeyId"])["Tags"] == [{"TagKey": "environment", "TagValue": "staging"}]
    [alias] = kms.list_aliases(KeyId=key["KeyId"])["Aliases"]
    assert (alias["AliasName"], alias["TargetKeyId"]) == ("alias/one", key["KeyId"])
    assert alias["AliasArn"] == "arn:aws:kms:eu-central-1:123456789012:alias/one"

    kms.update_key_description(KeyId=key["KeyId"], Description="changed")
    kms.tag_resource(KeyId=key["KeyId"], Tags=[{"TagKey": "more", "TagValue": "1"}])
    kms.untag_resource(KeyId=key["KeyId"], TagKeys=["environment"])
    kms.delete_alias(AliasName="alias/one")
    kms.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=7)

    after = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
    assert (after["Description"], after["KeyState"]) == ("changed", "PendingDeletion")
    assert kms.list_resource_tags(KeyId=key["KeyId"])["Tags"] == [{"TagKey": "more", "TagValue": "1"}]
    assert kms.list_aliases(KeyId=key["KeyId"])["Aliases"] == []
    refused("KMSInvalidStateException", kms.encrypt, KeyId=key["KeyId"], Plaintext=b"x")


def test_an_ecr_repository_and_its_lifecycle(aws: Aws) -> None:
    """A repository keeps its immutability, scanning, encryption, tags, policy and lifecycle."""
    ecr = aws.client("ecr")
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    lifecycle = {
        "rules": [
            {
                "rulePriority": 1,
                "description": "keep 30",
                "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 30},
                "action": {"type": "expire"},
            }
        ]
    }

    made = ecr.create_repository(
        repositoryName="team/app",
        imageTagMutability="IMMUTABLE",
        imageScanningConfiguration={"scanOnPush": True},
        encryptionConfiguration={"encryptionType": "KMS", "kmsKey": key},
        tags=TAGS,
    )["repository"]
    ecr.put_lifecycle_policy(repositoryName="team/app", lifecyclePolicyText=json.dumps(lifecycle))

    [found] = ecr.describe_repositories(repositoryNames=["team/app"])["repositories"]
    assert found == made
    assert found["repositoryArn"] == "arn:aws:ecr:eu-central-1:123456789012:repository/team/app"
    assert found["repositoryUri"] == f"127.0.0.1:{aws.port('registry')}/team/app"
    assert (found["registryId"], found["imageTagMutability"]) == ("123456789012", "IMMUTABLE")
    assert found["imageScanningConfiguration"] == {"scanOnPush": True}
    assert found["encryptionConfiguration"] == {"encryptionType": "KMS", "kmsKey": key}
    assert ecr.list_tags_for_resource(resourceArn=found["repositoryArn"])["tags"] == TAGS
    text = ecr.get_lifecycle_policy(repositoryName="team/app")["lifecyclePolicyText"]
    assert json.loads(text) == lifecycle
    refused("RepositoryAlreadyExistsException", ecr.create_repository, repositoryName="team/app")
    refused("RepositoryPolicyNotFoundException", ecr.get_repository_policy, repositoryName="team/app")

    ecr.put_image_tag_mutability(repositoryName="team/app", imageTagMutability="MUTABLE")
    ecr.put_image_scanning_configuration(repositoryName="team/app", imageScanningConfiguration={"scanOnPush": False})
    ecr.tag_resource(resourceArn=found["repositoryArn"], tags=[{"Key": "more", "Value": "1"}])
    ecr.untag_resource(resourceArn=found["repositoryArn"], tagKeys=["environment"])
    ecr.delete_lifecycle_policy(repositoryName="team/app")

    [after] = ecr.describe_repositories(repositoryNames=["team/app"])["repositories"]
    assert (after["imageTagMutability"], after["imageScanningConfiguration"]) == ("MUTABLE", {"scanOnPush": False})
    assert ecr.list_tags_for_resource(resourceArn=found["repositoryArn"])["tags"] == [{"Key": "more", "Value": "1"}]
    refused("LifecyclePolicyNotFoundException", ecr.get_lifecycle_policy, repositoryName="team/app")

    ecr.delete_repository(repositoryName="team/app")

    refused("RepositoryNotFoundException", ecr.describe_repositories, repositoryNames=["team/app"])


def test_a_private_versioned_bucket(aws: Aws) -> None:
    """A bucket keeps each of its configurations, and one that was never set is reported as AWS does."""
    s3, bucket = aws.client("s3"), "private-bucket"
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    rule = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    blocked = dict.fromkeys(
        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
    )
    lifecycle = {
        "Rules": [
            {
                "ID": "daily",
                "Status": "Enabled",
                "Filter": {"Prefix": "daily/"},
                "Expiration": {"Days": 14},
                "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
            },
            {
                "ID": "uploads",
                "Status": "Enabled",
                "Filter": {"Prefix": ""},
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
            },
        ]
    }
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "tls",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }
    cors = [
        {
            "ID": "app",
            "AllowedHeaders": ["*"],
            "AllowedMethods": ["GET", "PUT"],
            "AllowedOrigins": ["https://cams.example"],
            "ExposeHeaders": ["ETag"],
            "MaxAgeSeconds": 300,
        }
    ]

    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})

    assert s3.head_bucket(Bucket=bucket)["BucketRegion"] == "eu-central-1"
    assert s3.get_bucket_location(Bucket=bucket)["LocationConstraint"] == "eu-central-1"
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    refused("NoSuchTagSet", s3.get_bucket_tagging, Bucket=bucket)
    refused("NoSuchBucketPolicy", s3.get_bucket_policy, Bucket=bucket)
    refused("NoSuchCORSConfiguration", s3.get_bucket_cors, Bucket=bucket)
    refused("NoSuchLifecycleConfiguration", s3.get_bucket_lifecycle_configuration, Bucket=bucket)
    refused("ObjectLockConfigurationNotFoundError", s3.get_object_lock_configuration, Bucket=bucket)
    [default] = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert default["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    owner = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert owner == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    blocked_at_first = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert blocked_at_first == blocked

    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": rule, "BucketKeyEnabled": True}]
        },
    )
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=blocked)
    s3.put_bucket_ownership_controls(
        Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    )
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=lifecycle)
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": cors})
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": TAGS})

    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    [encryption] = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert (encryption["ApplyServerSideEncryptionByDefault"], encryption["BucketKeyEnabled"]) == (rule, True)
    assert s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"] == blocked
    assert s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == lifecycle["Rules"]
    assert json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"]) == policy
    assert s3.get_bucket_cors(Bucket=bucket)["CORSRules"] == cors
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == TAGS

    put = s3.put_object(Bucket=bucket, Key="daily/a", Body=b"one")
    s3.put_object(Bucket=bucket, Key="daily/a", Body=b"two")

    assert (put["ServerSideEncryption"], put["SSEKMSKeyId"], put["BucketKeyEnabled"]) == ("aws:kms", key, True)
    first = s3.get_object(Bucket=bucket, Key="daily/a", VersionId=put["VersionId"])
    assert first["Body"].read() == b"one"
    refused("BucketNotEmpty", s3.delete_bucket, Bucket=bucket)

    for version in s3.list_object_versions(Bucket=bucket)["Versions"]:
        s3.delete_object(Bucket=bucket, Key="daily/a", VersionId=version["VersionId"])
    s3.delete_bucket_cors(Bucket=bucket)
    s3.delete_bucket_policy(Bucket=bucket)
    s3.delete_bucket_lifecycle(Bucket=bucket)
    s3.delete_bucket(Bucket=bucket)

    refused("404", s3.head_bucket, Bucket=bucket)


def test_a_bucket_that_locks_its_objects(aws: Aws) -> None:
    """Object Lock has a default retention, and a locked version can't be deleted."""
    s3, bucket = aws.client("s3"), "locked-bucket"
    configuration = {
        "ObjectLockEnabled": "Enabled",
        "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 30}},
    }

    s3.create_bucket(
        Bucket=bucket,
        ObjectLockEnabledForBucket=True,
        CreateBucketConfiguration={"LocationConstraint": "eu-central-1"},
    )
    s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=configuration)
    put = s3.put_object(Bucket=bucket, Key="a", Body=b"kept")

    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"] == configuration
    assert s3.head_object(Bucket=bucket, Key="a")["ObjectLockMode"] == "COMPLIANCE"
    refused("AccessDenied", s3.delete_object, Bucket=bucket, Key="a", VersionId=put["VersionId"])
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"kept"


def test_a_secret_and_its_versions(aws: Aws) -> None:
    """A secret keeps its key, tags and versions; a new version moves the old one to AWSPREVIOUS."""
    secrets = aws.client("secretsmanager")
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]

    made = secrets.create_secret(Name="cams/one", Description="first", KmsKeyId=key, Tags=TAGS)

    refused("ResourceNotFoundException", secrets.get_secret_value, SecretId="cams/one")
    described = secrets.describe_secret(SecretId=made["ARN"])
    assert (described["Name"], described["Description"], described["KmsKeyId"]) == ("cams/one", "first", key)
    assert described["Tags"] == TAGS
    assert described["ARN"].startswith("arn:aws:secretsmanager:eu-central-1:123456789012:secret:cams/one-")

    first = secrets.put_secret_value(SecretId=made["ARN"], SecretString="one")
    second = secrets.put_secret_value(SecretId=made["ARN"], SecretString="two")

    assert secrets.get_secret_value(SecretId="cams/one")["SecretString"] == "two"
    previous = secrets.get_secret_value(SecretId="cams/one", VersionStage="AWSPREVIOUS")
    assert (previous["SecretString"], previous["VersionId"]) == ("one", first["VersionId"])
    stages = secrets.describe_secret(SecretId=made["ARN"])["VersionIdsToStages"]
    assert stages == {first["VersionId"]: ["AWSPREVIOUS"], second["VersionId"]: ["AWSCURRENT"]}

    secrets.update_secret(SecretId=made["ARN"], Description="changed")
    secrets.tag_resource(SecretId=made["ARN"], Tags=[{"Key": "more", "Value": "1"}])
    secrets.untag_resource(SecretId=made["ARN"], TagKeys=["environment"])

    changed = secrets.describe_secret(SecretId=made["ARN"])
    assert (changed["Description"], changed["Tags"]) == ("changed", [{"Key": "more", "Value": "1"}])
    assert changed["KmsKeyId"] == key
    assert secrets.get_secret_value(SecretId="cams/one")["SecretString"] == "two"

    secrets.delete_secret(SecretId=made["ARN"], RecoveryWindowInDays=7)
    assert "DeletedDate" in secrets.describe_secret(SecretId=made["ARN"])
    secrets.restore_secret(SecretId=made["ARN"])
    secrets.delete_secret(SecretId=made["ARN"], ForceDeleteWithoutRecovery=True)

    refused("ResourceNotFoundException", secrets.describe_secret, SecretId=made["ARN"])


def test_a_secret_on_its_way_out_is_neither_read_nor_written(aws: Aws) -> None:
    """Its name is taken until it is restored, with the value that it had."""
    secrets = aws.client("secretsmanager")
    secrets.create_secret(Name="cams/out", SecretString="one")
    secrets.delete_secret(SecretId="cams/out", RecoveryWindowInDays=7)

    refused("InvalidRequestException", secrets.get_secret_value, SecretId="cams/out")
    refused("InvalidRequestException", secrets.put_secret_value, SecretId="cams/out", SecretString="two")
    refused("InvalidRequestException", secrets.create_secret, Name="cams/out", SecretString="two")

    secrets.restore_secret(SecretId="cams/out")
    assert secrets.get_secret_value(SecretId="cams/out")["SecretString"] == "one"


def test_a_secret_is_no_longer_than_aws_keeps(aws: Aws) -> None:
    """65,536 bytes, not letters."""
    secrets, longest = aws.client("secretsmanager"), "ü" * 32_768
    secrets.create_secret(Name="cams/long", SecretString=longest)

    refused("ValidationException", secrets.put_secret_value, SecretId="cams/long", SecretString=longest + "x")
    refused("ValidationException", secrets.create_secret, Name="cams/longer", SecretString=longest + "x")
    assert secrets.get_secret_value(SecretId="cams/long")["SecretString"] == longest


def test_an_ssm_parameter_and_its_history(aws: Aws) -> None:
    """A parameter has versions and tags, plain or encrypted."""
    ssm = aws.client("ssm")

    ssm.put_parameter(Name="/cams/staging/release", Value="one", Type="String", Description="the release", Tags=TAGS)
    refused("ParameterAlreadyExists", ssm.put_parameter, Name="/cams/staging/release", Value="x", Type="String")
    ssm.put_parameter(Name="/cams/staging/release", Value="two", Type="String", Overwrite=True)
    ssm.put_parameter(Name="/cams/staging/secret", Value="hidden", Type="SecureString")

    found = ssm.get_parameter(Name="/cams/staging/release")["Parameter"]
    assert (found["Value"], found["Version"], found["Type"], found["DataType"]) == ("two", 2, "String", "text")
    assert found["ARN"] == "arn:aws:ssm:eu-central-1:123456789012:parameter/cams/staging/release"
    assert [each["Value"] for each in ssm.get_parameter_history(Name=found["Name"])["Parameters"]] == ["one", "two"]
    assert ssm.get_parameter(Name="/cams/staging/secret", WithDecryption=True)["Parameter"]["Value"] == "hidden"
    assert ssm.get_parameter(Name="/cams/staging/secret")["Parameter"]["Value"] != "hidden"
    names = [each["Name"] for each in ssm.get_parameters_by_path(Path="/cams/staging")["Parameters"]]
    assert names == ["/cams/staging/release", "/cams/staging/secret"]
    [described] = ssm.describe_parameters(
        ParameterFilters=[{"Key": "Name", "Option": "Equals", "Values": ["/cams/staging/release"]}]
    )["Parameters"]
    assert (described["Tier"], described["Version"]) == ("Standard", 2)
    listed = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=found["Name"])["TagList"]
    assert listed == TAGS

    ssm.remove_tags_from_resource(ResourceType="Parameter", ResourceId=found["Name"], TagKeys=["environment"])
    ssm.delete_parameter(Name="/cams/staging/release")

    refused("ParameterNotFound", ssm.get_parameter, Name="/cams/staging/release")


def test_an_iam_role_and_its_policy(aws: Aws) -> None:
    """A role keeps its trust, session length, tags and inline policy."""
    iam = aws.client("iam")
    trust: dict[str, Any] = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.example"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": {"token.example:aud": "sts.amazonaws.com"}},
            }
        ],
    }

    made = iam.create_role(
        RoleName="deploy",
        Path="/cams/",
        Description="deploys",
        MaxSessionDuration=7200,
        AssumeRolePolicyDocument=json.dumps(trust),
        Tags=TAGS,
    )["Role"]
    iam.put_role_policy(RoleName="deploy", PolicyName="inline", PolicyDocument=POLICY)

    found = iam.get_role(RoleName="deploy")["Role"]
    assert found["Arn"] == made["Arn"] == "arn:aws:iam::123456789012:role/cams/deploy"
    assert found["RoleId"].startswith("AROA")
    assert (found["Path"], found["Description"], found["MaxSessionDuration"]) == ("/cams/", "deploys", 7200)
    assert (found["AssumeRolePolicyDocument"], found["Tags"]) == (trust, TAGS)
    assert iam.list_role_policies(RoleName="deploy")["PolicyNames"] == ["inline"]
    inline = iam.get_role_policy(RoleName="deploy", PolicyName="inline")
    assert inline["PolicyDocument"] == json.loads(POLICY)
    assert iam.list_attached_role_policies(RoleName="deploy")["AttachedPolicies"] == []
    refused("DeleteConflict", iam.delete_role, RoleName="deploy")

    trust["Statement"][0]["Condition"]["StringEquals"]["token.example:aud"] = "other"
    iam.update_assume_role_policy(RoleName="deploy", PolicyDocument=json.dumps(trust))
    iam.update_role(RoleName="deploy", Description="changed", MaxSessionDuration=3600)
    iam.tag_role(RoleName="deploy", Tags=[{"Key": "more", "Value": "1"}])
    iam.untag_role(RoleName="deploy", TagKeys=["environment"])

    after = iam.get_role(RoleName="deploy")["Role"]
    assert (after["AssumeRolePolicyDocument"], after["Description"]) == (trust, "changed")
    assert (after["MaxSessionDuration"], after["Tags"]) == (3600, [{"Key": "more", "Value": "1"}])

    iam.delete_role_policy(RoleName="deploy", PolicyName="inline")
    refused("NoSuchEntity", iam.get_role_policy, RoleName="deploy", PolicyName="inline")
    iam.delete_role(RoleName="deploy")

    refused("NoSuchEntity", iam.get_role, RoleName="deploy")


def test_an_iam_user_with_a_policy_and_a_key(aws: Aws) -> None:
    """A user keeps path, tags and policy; its key works until it is switched off."""
    iam = aws.client("iam")

    user = iam.create_user(UserName="pull", Path="/cams/", Tags=TAGS)["User"]
    iam.put_user_policy(UserName="pull", PolicyName="inline", PolicyDocument=POLICY)
    key = iam.create_access_key(UserName="pull")["AccessKey"]

    assert user["Arn"] == "arn:aws:iam::123456789012:user/cams/pull"
    found = iam.get_user(UserName="pull")["User"]
    assert (found["Arn"], found["Path"], found["Tags"]) == (user["Arn"], "/cams/", TAGS)
    inline = iam.get_user_policy(UserName="pull", PolicyName="inline")
    assert inline["PolicyDocument"] == json.loads(POLICY)
    [listed] = iam.list_access_keys(UserName="pull")["AccessKeyMetadata"]
    assert (listed["AccessKeyId"], listed["Status"]) == (key["AccessKeyId"], "Active")
    assert aws.client("sts", key).get_caller_identity()["Arn"] == user["Arn"]
    refused("DeleteConflict", iam.delete_user, UserName="pull")

    iam.tag_user(UserName="pull", Tags=[{"Key": "more", "Value": "1"}])
    iam.untag_user(UserName="pull", TagKeys=["environment"])
    iam.update_access_key(UserName="pull", AccessKeyId=key["AccessKeyId"], Status="Inactive")

    assert iam.get_user(UserName="pull")["User"]["Tags"] == [{"Key": "more", "Value": "1"}]
    refused("InvalidClientTokenId", aws.client("sts", key).get_caller_identity)

    iam.delete_access_key(UserName="pull", AccessKeyId=key["AccessKeyId"])
    iam.delete_user_policy(UserName="pull", PolicyName="inline")
    iam.delete_user(UserName="pull")

    refused("NoSuchEntity", iam.get_user, UserName="pull")


def test_an_oidc_provider(aws: Aws) -> None:
    """A provider keeps its audiences, thumbprints and tags."""
    iam = aws.client("iam")

    arn = iam.create_open_id_connect_provider(
        Url="https://token.example/path", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["a" * 40], Tags=TAGS
    )["OpenIDConnectProviderArn"]

    assert arn == "arn:aws:iam::123456789012:oidc-provider/token.example/path"
    found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert (found["Url"], found["ClientIDList"]) == ("token.example/path", ["sts.amazonaws.com"])
    assert (found["ThumbprintList"], found["Tags"]) == (["a" * 40], TAGS)

    iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=arn, ThumbprintList=["b" * 40])
    iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="other")
    iam.untag_open_id_connect_provider(OpenIDConnectProviderArn=arn, TagKeys=["environment"])

    after = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert (after["ThumbprintList"], after["ClientIDList"]) == (["b" * 40], ["sts.amazonaws.com", "other"])
    assert after.get("Tags", []) == []
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    refused("NoSuchEntity", iam.get_open_id_connect_provider, OpenIDConnectProviderArn=arn)


def test_an_alarm_and_its_topic(aws: Aws) -> None:
    """An alarm and a topic keep everything that was said, and an alarm can be changed in place."""
    cloudwatch, sns = aws.client("cloudwatch"), aws.client("sns")
    topic = sns.create_topic(Name="alarms", Tags=TAGS, Attributes={"DisplayName": "Alarms"})["TopicArn"]
    alarm = {
        "AlarmName": "no-backup",
        "AlarmDescription": "no backup for 26 h",
        "Namespace": "Slipway",
        "MetricName": "BackupAge",
        "Dimensions": [{"Name": "environment", "Value": "staging"}],
        "Statistic": "Maximum",
        "Period": 3600,
        "EvaluationPeriods": 2,
        "DatapointsToAlarm": 1,
        "Threshold": 26.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "breaching",
        "ActionsEnabled": True,
        "AlarmActions": [topic],
        "OKActions": [topic],
    }

    cloudwatch.put_metric_alarm(**alarm, Tags=TAGS)

    assert topic == "arn:aws:sns:eu-central-1:123456789012:alarms"
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["DisplayName"] == "Alarms"
    assert sns.list_tags_for_resource(ResourceArn=topic)["Tags"] == TAGS
    [found] = cloudwatch.describe_alarms(AlarmNames=["no-backup"])["MetricAlarms"]
    assert {name: found[name] for name in alarm} == alarm
    assert found["AlarmArn"] == "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:no-backup"
    assert cloudwatch.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"] == TAGS

    cloudwatch.put_metric_alarm(**{**alarm, "Threshold": 30.0})
    cloudwatch.tag_resource(ResourceARN=found["AlarmArn"], Tags=[{"Key": "more", "Value": "1"}])
    cloudwatch.untag_resource(ResourceARN=found["AlarmArn"], TagKeys=["environment"])
    sns.set_topic_attributes(TopicArn=topic, AttributeName="DisplayName", AttributeValue="Changed")
    sns.untag_resource(ResourceArn=topic, TagKeys=["environment"])

    [after] = cloudwatch.describe_alarms(AlarmNames=["no-backup"])["MetricAlarms"]
    assert after["Threshold"] == 30.0
    tags = cloudwatch.list_tags_for_resource(ResourceARN=found["AlarmArn"])["Tags"]
    assert tags == [{"Key": "more", "Value": "1"}]
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["DisplayName"] == "Changed"
    assert sns.list_tags_for_resource(ResourceArn=topic)["Tags"] == []

    cloudwatch.delete_alarms(AlarmNames=["no-backup"])
    sns.delete_topic(TopicArn=topic)

    assert cloudwatch.describe_alarms(AlarmNames=["no-backup"])["MetricAlarms"] == []
    refused("NotFound", sns.get_topic_attributes, TopicArn=topic)


def test_the_region_of_the_request_is_the_region_of_the_resource(aws: Aws) -> None:
    """What is made in one region is not seen in another."""
    here, there = aws.client("ssm"), aws.client("ssm", region_name="us-west-2")

    there.put_parameter(Name="/elsewhere", Value="x", Type="String")

    found = there.get_parameter(Name="/elsewhere")["Parameter"]["ARN"]
    assert found == "arn:aws:ssm:us-west-2:123456789012:parameter/elsewhere"
    refused("ParameterNotFound", here.get_parameter, Name="/elsewhere")
