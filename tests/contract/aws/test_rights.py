"""Rights that take more than one call to see: batches, the registry, words, what a grant or an ACL leaves behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from tests.contract.aws.test_registry import Client, digest_of, image
from tests.support.aws_daemon import Aws, refused

ACCOUNT, REGION = "123456789012", "eu-central-1"
User = Callable[..., dict[str, str]]


def allow(*actions: str, resource: str | list[str] = "*", **more: Any) -> dict[str, Any]:
    """A statement."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


def document(*statements: dict[str, Any]) -> str:
    """A policy."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.fixture
def user(aws: Aws, request: pytest.FixtureRequest) -> User:
    """Makes a user of the test's own with these statements; gives the key."""
    iam, made = aws.client("iam"), iter(range(9))

    def make(*statements: dict[str, Any]) -> dict[str, str]:
        name = f"{request.node.name[:50]}-{next(made)}"
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=document(*statements))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return {**key, "Arn": f"arn:aws:iam::{ACCOUNT}:user/{name}"}

    return make


def bucket(aws: Aws, name: str, **options: Any) -> str:
    """A new bucket."""
    place = {"LocationConstraint": REGION}
    aws.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=place, **options)
    return name


def test_each_object_of_a_batch_is_asked_for(aws: Aws, user: User) -> None:
    """What may be deleted is; the rest is told with its keys, and is still there."""
    name, s3 = bucket(aws, "rights-batch"), aws.client("s3")
    for key in ("own/one", "own/two", "others/one"):
        s3.put_object(Bucket=name, Key=key, Body=b"x")
    mine = aws.client("s3", user(allow("s3:DeleteObject", resource=f"arn:aws:s3:::{name}/own/*")))

    keys = [{"Key": key} for key in ("own/one", "others/one", "own/two")]
    answer = mine.delete_objects(Bucket=name, Delete={"Objects": keys})

    assert sorted(each["Key"] for each in answer["Deleted"]) == ["own/one", "own/two"]
    assert [(each["Key"], each["Code"]) for each in answer["Errors"]] == [("others/one", "AccessDenied")]
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=name)["Contents"]] == ["others/one"]


def test_versions_of_a_batch_need_their_own_right(aws: Aws, user: User) -> None:
    """Who may delete objects may not destroy their versions; the right over retention is asked for too."""
    name, s3 = bucket(aws, "rights-batch-versions", ObjectLockEnabledForBucket=True), aws.client("s3")
    version = s3.put_object(Bucket=name, Key="k", Body=b"x")["VersionId"]
    only_objects = aws.client("s3", user(allow("s3:DeleteObject")))
    versions_too = aws.client("s3", user(allow("s3:DeleteObject", "s3:DeleteObjectVersion")))
    wanted = {"Bucket": name, "Delete": {"Objects": [{"Key": "k", "VersionId": version}]}}

    assert [each["Code"] for each in only_objects.delete_objects(**wanted)["Errors"]] == ["AccessDenied"]
    with_bypass = versions_too.delete_objects(**wanted, BypassGovernanceRetention=True)
    assert [each["Code"] for each in with_bypass["Errors"]] == ["AccessDenied"]
    assert "s3:BypassGovernanceRetention" in with_bypass["Errors"][0]["Message"]
    assert "Errors" not in versions_too.delete_objects(**wanted)


@pytest.mark.parametrize("host", ["s3.amazonaws.com", "localhost", "example.com"])
def test_a_host_opens_no_bucket(aws: Aws, host: str) -> None:
    """Only the path names a bucket: one in the name of the host is not looked at, by IAM or by S3."""
    name, s3 = bucket(aws, f"rights-host-{host.replace('.', '-')}"), aws.client("s3")
    s3.put_object(Bucket=name, Key="k", Body=b"x")
    host = f"{name}.{host}"

    answers = [
        requests.request(method, f"{aws.url}{path}", headers={"Host": host}, timeout=10)
        for method, path in (("GET", "/k"), ("DELETE", "/k"), ("PUT", "/k/n"), ("GET", "/"), ("PUT", "/other"))
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 403, 403]
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=name)["Contents"]] == ["k"]


def test_the_words_of_a_refusal(aws: Aws, user: User) -> None:
    """Who, what, which resource, and which kind of policy is in the way."""
    name, key = bucket(aws, "rights-words"), user(allow("s3:ListBucket"))

    with pytest.raises(ClientError) as error:
        aws.client("s3", key).get_object(Bucket=name, Key="a b/c")

    said = error.value.response["Error"]["Message"]
    assert said == (
        f"User: {key['Arn']} is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::{name}/a b/c "
        "because no identity-based policy allows the s3:GetObject action"
    )


def test_a_new_object_is_private_in_a_public_bucket(aws: Aws) -> None:
    """The bucket's ACL lets everybody list it; its objects have ACLs of their own."""
    name, s3 = bucket(aws, "rights-public", ObjectOwnership="ObjectWriter"), aws.client("s3")
    s3.delete_public_access_block(Bucket=name)
    s3.put_bucket_acl(Bucket=name, ACL="public-read")
    s3.put_object(Bucket=name, Key="k", Body=b"x")

    listed, got = (requests.get(f"{aws.url}/{path}", timeout=10) for path in (name, f"{name}/k"))

    assert (listed.status_code, got.status_code) == (200, 403)
    assert "<Code>AccessDenied</Code><Message>Access Denied</Message>" in got.text


def test_whether_a_policy_is_public(aws: Aws) -> None:
    """Everybody is, everybody of one address is not; without a policy that is said."""
    name, s3 = bucket(aws, "rights-status"), aws.client("s3")
    s3.delete_public_access_block(Bucket=name)
    everybody = allow("s3:GetObject", resource=f"arn:aws:s3:::{name}/*", Principal="*")

    refused("NoSuchBucketPolicy", s3.get_bucket_policy_status, Bucket=name)
    s3.put_bucket_policy(Bucket=name, Policy=document(everybody))
    assert s3.get_bucket_policy_status(Bucket=name)["PolicyStatus"] == {"IsPublic": True}
    narrow = {**everybody, "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}
    s3.put_bucket_policy(Bucket=name, Policy=document(narrow))

    assert s3.get_bucket_policy_status(Bucket=name)["PolicyStatus"] == {"IsPublic": False}


def test_a_key_for_one_bucket_through_s3_alone(aws: Aws, user: User) -> None:
    """The context that S3 gives is the bucket's with a bucket key; the user cannot decrypt by himself."""
    name, s3, kms = bucket(aws, "rights-sealed"), aws.client("s3"), aws.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    s3.put_object(Bucket=name, Key="k", Body=b"x")
    condition = {"kms:ViaService": f"s3.{REGION}.amazonaws.com", "kms:EncryptionContext:aws:s3:arn": "{}"}

    def reader(arn: str) -> dict[str, str]:
        said = {"StringEquals": {**condition, "kms:EncryptionContext:aws:s3:arn": arn}}
        return user(allow("s3:GetObject"), allow("kms:*", resource=key, Condition=said))

    of_bucket, of_object = reader(f"arn:aws:s3:::{name}"), reader(f"arn:aws:s3:::{name}/k")

    assert aws.client("s3", of_bucket).get_object(Bucket=name, Key="k")["Body"].read() == b"x"
    refused("AccessDenied", aws.client("s3", of_object).get_object, Bucket=name, Key="k")
    refused("AccessDeniedException", aws.client("kms", of_bucket).encrypt, KeyId=key, Plaintext=b"x")


def test_who_pulls_pulls_only_that_and_pushes_nothing(aws: Aws, user: User) -> None:
    """The login token stands for who asked for it, with ECR's rights on each repository."""
    ecr, administrator = aws.client("ecr"), Client(aws)
    for name in ("rights/own", "rights/other"):
        ecr.create_repository(repositoryName=name)
        administrator.push_image(name, "v1", b"layer")
    own = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/rights/own"
    pull = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
    key = user(allow("ecr:GetAuthorizationToken"), allow(*pull, resource=own))
    client, layer = Client(aws, key), digest_of(b"layer")

    got = [client("GET", f"/v2/rights/{name}/manifests/v1") for name in ("own", "other")]
    blobs = [client(method, f"/v2/rights/own/blobs/{layer}").status_code for method in ("HEAD", "GET")]
    push = client("POST", "/v2/rights/own/blobs/uploads/")
    overwrite = client.put("rights/own", "v1", image(b"layer"))

    assert [answer.status_code for answer in got] == [200, 403]
    assert blobs == [200, 200]
    assert client("GET", f"/v2/rights/other/blobs/{layer}").status_code == 403
    assert (push.status_code, overwrite.status_code) == (403, 403)
    [problem] = push.json()["errors"]
    assert problem["code"] == "DENIED"
    assert problem["message"] == (
        f"User: {key['Arn']} is not authorized to perform: ecr:InitiateLayerUpload on resource: {own} "
        "because no identity-based policy allows the ecr:InitiateLayerUpload action"
    )
    assert client("GET", "/v2/rights/none/manifests/v1").json()["errors"][0]["code"] == "NAME_UNKNOWN"


def test_a_repositorys_policy_lets_in_and_keeps_out(aws: Aws, user: User) -> None:
    """It lets a user without rights pull, and denies deleting to the administrator himself."""
    ecr, administrator = aws.client("ecr"), Client(aws)
    ecr.create_repository(repositoryName="rights/policy")
    digest, _ = administrator.push_image("rights/policy", "v1", b"layer")
    key = user(allow("ecr:GetAuthorizationToken"))
    lets = {"Effect": "Allow", "Principal": {"AWS": key["Arn"]}, "Action": "ecr:BatchGetImage"}
    keeps = {"Effect": "Deny", "Principal": "*", "Action": "ecr:BatchDeleteImage"}
    client = Client(aws, key)

    before = client("GET", "/v2/rights/policy/manifests/v1").status_code
    ecr.set_repository_policy(repositoryName="rights/policy", policyText=document(lets, keeps))

    assert (before, client("GET", "/v2/rights/policy/manifests/v1").status_code) == (403, 200)
    assert administrator("DELETE", f"/v2/rights/policy/manifests/{digest}").status_code == 403
    wanted = {"repositoryName": "rights/policy", "imageIds": [{"imageDigest": digest}]}
    refused("AccessDeniedException", ecr.batch_delete_image, **wanted)


def test_a_grant_is_retired_by_whom_it_names(aws: Aws, user: User) -> None:
    """Its grantee may use the key, not end the grant; the retiring principal may end it, and needs no policy."""
    kms, user_, other = aws.client("kms"), user(allow("s3:ListBucket")), user(allow("s3:ListBucket"))
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    made = kms.create_grant(
        KeyId=key, GranteePrincipal=user_["Arn"], RetiringPrincipal=other["Arn"], Operations=["GenerateDataKey"]
    )
    grantee, retiring = aws.client("kms", user_), aws.client("kms", other)
    wanted = {"KeyId": key, "KeySpec": "AES_256"}

    grantee.generate_data_key(**wanted)
    refused("AccessDeniedException", grantee.retire_grant, KeyId=key, GrantId=made["GrantId"])
    retiring.retire_grant(GrantToken=made["GrantToken"])

    refused("AccessDeniedException", grantee.generate_data_key, **wanted)


def test_a_service_needs_the_topic_and_its_key(aws: Aws, user: User) -> None:
    """Who may publish is told of a key that he may not use, and of one that is switched off."""
    kms, sns, publisher = aws.client("kms"), aws.client("sns"), user(allow("sns:Publish"))
    key = kms.create_key()["KeyMetadata"]["Arn"]
    topic = sns.create_topic(Name="rights-sealed", Attributes={"KmsMasterKeyId": key})["TopicArn"]

    refused("KMSAccessDenied", aws.client("sns", publisher).publish, TopicArn=topic, Message="m")
    sns.publish(TopicArn=topic, Message="m")
    kms.disable_key(KeyId=key)

    refused("KMSDisabled", sns.publish, TopicArn=topic, Message="m")
