"""Every resource of the stand-in for the plugin `aws`, against the local AWS: made, read, changed and removed."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from botocore.exceptions import ConnectionClosedError

from localcloud.plugins.aws.provider import AwsProvider, provider
from localcloud.plugins.resource import PluginError
from pulumi_plugin.values import Secret, Values
from tests.support.aws_daemon import Aws, running
from tests.support.plugin_engine import Thing, imported

REGION = "eu-central-1"
ACCOUNT = "123456789012"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
TAGS = {"Project": "cams", "Environment": "staging"}


def policy(*actions: str, resource: str = "*", **more: Any) -> str:
    """A policy document as text, written otherwise than AWS would."""
    statement = {"Sid": "One", "Effect": "Allow", "Action": list(actions), "Resource": [resource], **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


def trust(*audiences: str) -> str:
    """A role's trust policy."""
    principal = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/issuer.example"}
    condition = {"StringEquals": {"issuer.example:aud": list(audiences)}}
    statement: Values = {"Effect": "Allow", "Principal": principal, "Condition": condition}
    return json.dumps(
        {"Version": "2012-10-17", "Statement": {**statement, "Action": "sts:AssumeRoleWithWebIdentity"}}
    )


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """A local AWS of its own."""
    with running(tmp_path_factory.mktemp("cloud")) as aws:
        yield aws


@pytest.fixture(scope="module")
def plugin(cloud: Aws) -> Iterator[AwsProvider]:
    """The plugin with the local user's environment."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", cloud.url)
        environment.setenv("AWS_ACCESS_KEY_ID", cloud.identity["aws_access_key_id"])
        environment.setenv("AWS_SECRET_ACCESS_KEY", cloud.identity["aws_secret_access_key"])
        yield configured()


def configured(**settings: Any) -> AwsProvider:
    """A new process's plugin."""
    plugin = provider()
    plugin.configure({"region": REGION, "s3UsePathStyle": "true", **settings})
    return plugin


@dataclass
class Case:
    """One resource: what it needs, what it is made of, and what is changed in it."""

    type_: str
    inputs: Values
    change: Values
    changed: set[str]
    needs: tuple[str, Values] | None = None  # made first; `{need}` in inputs becomes its id
    computed: Values = field(default_factory=dict)
    id: str | None = None  # the real plugin's id, with `{name}`


def bucket(type_: str, inputs: Values, change: Values, changed: set[str], **needs: Any) -> Case:
    """A setting of a bucket."""
    need = ("aws:s3/bucket:Bucket", {"bucket": "{name}", "forceDestroy": True, **needs})
    return Case(f"aws:s3/{type_}", {"bucket": "{need}", **inputs}, change, changed, need, id="{name}")


LIFECYCLE_RULES = [
    {
        "id": "daily",
        "status": "Enabled",
        "filter": {"prefix": "daily/"},
        "expiration": {"days": 35},
        "noncurrentVersionExpiration": {"noncurrentDays": 7},
        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 2},
    },
    {
        "id": "yearly",
        "status": "Enabled",
        "filter": {"and": {"prefix": "yearly/", "tags": {"class": "yearly"}}},
        "transitions": [{"days": 30, "storageClass": "GLACIER"}],
    },
    {"id": "all", "status": "Disabled", "filter": {}, "expiration": {"expiredObjectDeleteMarker": True}},
]
EXPIRY = {
    "rules": [
        {
            "rulePriority": 1,
            "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 3},
            "action": {"type": "expire"},
        }
    ]
}
USER = ("aws:iam/user:User", {"name": "{name}", "tags": TAGS})
REPOSITORY = ("aws:ecr/repository:Repository", {"name": "{name}", "tags": TAGS})
KEY = ("aws:kms/key:Key", {"description": "{name}", "tags": TAGS, "deletionWindowInDays": 7})
ENCRYPTION = {
    "applyServerSideEncryptionByDefault": {
        "sseAlgorithm": "aws:kms",
        "kmsMasterKeyId": KEY_ARN,
    }
}
ALARM = {
    "name": "{name}",
    "comparisonOperator": "LessThanThreshold",
    "evaluationPeriods": 26,
    "datapointsToAlarm": 26,
    "metricName": "BackupFinished",
    "namespace": "cams",
    "dimensions": {"Environment": "staging"},
    "period": 3600,
    "statistic": "Sum",
    "threshold": 1,
    "treatMissingData": "breaching",
    "alarmActions": [f"arn:aws:sns:{REGION}:{ACCOUNT}:b", f"arn:aws:sns:{REGION}:{ACCOUNT}:a"],
    "tags": TAGS,
}

CASES = [
    Case(
        "aws:kms/key:Key",
        {"description": "{name}", "enableKeyRotation": True, "deletionWindowInDays": 7, "tags": TAGS},
        {"description": "{name} again", "tags": {**TAGS, "Owner": "ops"}},
        {"description", "tags", "tagsAll"},
    ),
    Case("aws:kms/alias:Alias", {"name": "alias/{name}", "targetKeyId": "{need}"}, {}, set(), KEY, id="alias/{name}"),
    Case(
        "aws:ecr/repository:Repository",
        {
            "name": "{name}",
            "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": {"scanOnPush": True},
            "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": KEY_ARN}],
            "forceDelete": True,
            "tags": TAGS,
        },
        {"imageTagMutability": "MUTABLE", "imageScanningConfiguration": {"scanOnPush": False}},
        {"imageTagMutability", "imageScanningConfiguration"},
        id="{name}",
    ),
    Case(
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        {"repository": "{need}", "policy": json.dumps(EXPIRY, indent=1)},
        {"policy": json.dumps(EXPIRY).replace("3", "4")},
        {"policy"},
        REPOSITORY,
        id="{name}",
    ),
    Case(
        "aws:ecr/repositoryPolicy:RepositoryPolicy",
        {"repository": "{need}", "policy": policy("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", Principal="*")},
        {"policy": policy("ecr:BatchGetImage", Principal="*")},
        {"policy"},
        REPOSITORY,
        id="{name}",
    ),
    Case(
        "aws:s3/bucket:Bucket",
        {"bucket": "{name}", "forceDestroy": True, "objectLockEnabled": True, "tags": TAGS},
        {"tags": {"Project": "cams"}},
        {"tags", "tagsAll"},
        id="{name}",
    ),
    bucket(
        "bucketVersioning:BucketVersioning",
        {"versioningConfiguration": {"status": "Enabled"}},
        {"versioningConfiguration": {"status": "Suspended"}},
        {"versioningConfiguration"},
    ),
    bucket(
        "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        {"rules": [{**ENCRYPTION, "bucketKeyEnabled": True}]},
        {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]},
        {"rules"},
    ),
    bucket(
        "bucketPublicAccessBlock:BucketPublicAccessBlock",
        {"blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True},
        {"restrictPublicBuckets": True},
        {"restrictPublicBuckets"},
    ),
    bucket(
        "bucketOwnershipControls:BucketOwnershipControls",
        {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
        {"rule": {"objectOwnership": "BucketOwnerPreferred"}},
        {"rule"},
    ),
    bucket(
        "bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        {"rules": LIFECYCLE_RULES},
        {"rules": LIFECYCLE_RULES[:1]},
        {"rules"},
    ),
    bucket(
        "bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        {"rule": {"defaultRetention": {"mode": "COMPLIANCE", "days": 30}}},
        {"rule": {"defaultRetention": {"mode": "COMPLIANCE", "days": 31}}},
        {"rule"},
        objectLockEnabled=True,
    ),
    bucket(
        "bucketPolicy:BucketPolicy",
        {
            "policy": policy(
                "s3:GetObject", "s3:PutObject", resource="arn:aws:s3:::{name}/*", Principal={"AWS": ACCOUNT}
            )
        },
        {"policy": policy("s3:GetObject", resource="arn:aws:s3:::{name}/*", Principal="*")},
        {"policy"},
    ),
    bucket(
        "bucketCorsConfiguration:BucketCorsConfiguration",
        {
            "corsRules": [
                {"allowedMethods": ["PUT", "GET"], "allowedOrigins": ["https://a.example"], "maxAgeSeconds": 60}
            ]
        },
        {"corsRules": [{"allowedMethods": ["GET"], "allowedOrigins": ["https://a.example"]}]},
        {"corsRules"},
    ),
    Case(
        "aws:secretsmanager/secret:Secret",
        {"name": "{name}", "description": "Keys", "recoveryWindowInDays": 0, "tags": TAGS},
        {"description": "Other keys"},
        {"description"},
    ),
    Case(
        "aws:secretsmanager/secretVersion:SecretVersion",
        {"secretId": "{need}", "secretString": "canary-one"},
        {},
        set(),
        ("aws:secretsmanager/secret:Secret", {"name": "{name}", "tags": TAGS}),
    ),
    Case(
        "aws:ssm/parameter:Parameter",
        {"name": "/cams/{name}", "type": "SecureString", "value": "canary-two", "description": "One", "tags": TAGS},
        {"value": "canary-three", "tags": {"Project": "cams"}},
        {"value", "tags", "tagsAll"},
        id="/cams/{name}",
    ),
    Case(
        "aws:iam/role:Role",
        {
            "name": "{name}",
            "assumeRolePolicy": trust("sts.amazonaws.com", "render"),
            "maxSessionDuration": 3600,
            "tags": TAGS,
        },
        {"assumeRolePolicy": trust("render"), "maxSessionDuration": 7200, "description": "Backs up"},
        {"assumeRolePolicy", "maxSessionDuration", "description"},
        id="{name}",
    ),
    Case(
        "aws:iam/rolePolicy:RolePolicy",
        {"name": "may", "role": "{need}", "policy": policy("s3:PutObject", "s3:GetObject")},
        {"policy": policy("s3:GetObject")},
        {"policy"},
        ("aws:iam/role:Role", {"name": "{name}", "assumeRolePolicy": trust("a"), "tags": TAGS}),
        id="{name}:may",
    ),
    Case("aws:iam/user:User", {"name": "{name}", "tags": TAGS}, {"tags": {}}, {"tags", "tagsAll"}, id="{name}"),
    Case(
        "aws:iam/userPolicy:UserPolicy",
        {"name": "pull", "user": "{need}", "policy": policy("ecr:GetAuthorizationToken")},
        {"policy": policy("ecr:BatchGetImage")},
        {"policy"},
        USER,
        id="{name}:pull",
    ),
    Case("aws:iam/accessKey:AccessKey", {"user": "{need}"}, {"status": "Inactive"}, {"status"}, USER),
    Case(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        {"url": "https://{name}.example", "clientIdLists": ["sts.amazonaws.com", "a"], "tags": TAGS},
        {"clientIdLists": ["sts.amazonaws.com", "b"]},
        {"clientIdLists"},
        id="arn:aws:iam::123456789012:oidc-provider/{name}.example",
    ),
    Case(
        "aws:cloudwatch/metricAlarm:MetricAlarm", ALARM, {"evaluationPeriods": 27}, {"evaluationPeriods"}, id="{name}"
    ),
    Case(
        "aws:sns/topic:Topic",
        {"name": "{name}", "displayName": "Alarms", "kmsMasterKeyId": "alias/cams", "tags": TAGS},
        {"displayName": "Calls"},
        {"displayName"},
        id="arn:aws:sns:eu-central-1:123456789012:{name}",
    ),
]


def filled(value: Any, **words: str) -> Any:
    """The value with its placeholders filled in."""
    if isinstance(value, str):
        for word, text in words.items():
            value = value.replace(f"{{{word}}}", text)
        return value
    if isinstance(value, dict):
        return {key: filled(item, **words) for key, item in value.items()}
    return [filled(item, **words) for item in value] if isinstance(value, list) else value


@dataclass
class Made:
    """A case's thing, with the inputs it was made of."""

    thing: Thing
    inputs: Values
    change: Values
    expected_id: str | None


def made(plugin: AwsProvider, case: Case) -> Made:
    """Create what the case needs and the thing itself."""
    words = {"name": f"t-{uuid.uuid4().hex[:12]}"}
    if case.needs:
        words["need"] = Thing(plugin, case.needs[0], "need").create(**filled(case.needs[1], **words)).id
    inputs = filled(case.inputs, **words)
    thing = Thing(plugin, case.type_).create(**inputs)
    return Made(thing, inputs, filled(case.change, **words), filled(case.id, **words))


@pytest.fixture(params=CASES, ids=[case.type_.split(":")[-1] for case in CASES])
def case(request: pytest.FixtureRequest) -> Case:
    """Each resource."""
    found: Case = request.param
    return found


def test_what_was_made_has_no_difference_before_and_after_a_refresh(plugin: AwsProvider, case: Case) -> None:
    """A preview after a run, and one after a refresh, is empty, and the id is the real plugin's."""
    it = made(plugin, case)

    before = it.thing.diff(**it.inputs)
    was_there = it.thing.refresh()
    after = it.thing.diff(**it.inputs)

    assert (dict(before.kinds), was_there, dict(after.kinds)) == ({}, True, {})
    assert it.expected_id in (None, it.thing.id)


def test_all_outputs_are_known_after_a_create(plugin: AwsProvider, case: Case) -> None:
    """Whatever the preview called unknown has a value, and none of them is lost by a refresh."""
    it = made(plugin, case)
    outputs = set(plugin.resources[case.type_].outputs)
    created = {name for name in outputs if it.thing.state.get(name) is None}

    it.thing.refresh()

    assert created == set()
    assert {name for name in outputs if it.thing.state.get(name) is None} == set()


def test_a_change_is_told_made_and_then_gone_from_the_difference(plugin: AwsProvider, case: Case) -> None:
    """An update changes exactly what differs, and nothing differs after it."""
    it = made(plugin, case)
    wanted = {**it.inputs, **it.change}

    told = it.thing.diff(**wanted)
    if it.change:
        it.thing.update(**wanted)
    it.thing.refresh()

    assert set(told.kinds) == case.changed
    assert told.replaces == []
    assert dict(it.thing.diff(**wanted).kinds) == {}


def test_what_was_deleted_is_gone_and_deleting_it_again_succeeds(plugin: AwsProvider, case: Case) -> None:
    """A delete that finds nothing is done."""
    it = made(plugin, case)

    it.thing.delete()
    it.thing.delete()

    stays = case.type_.split(":")[-1] in ("BucketVersioning", "BucketObjectLockConfiguration", "SecretVersion")
    encrypted = case.type_.endswith("BucketServerSideEncryptionConfiguration")
    assert encrypted or it.thing.refresh() is stays


def test_an_import_finds_the_inputs_that_make_no_difference(plugin: AwsProvider, case: Case) -> None:
    """A program that says what the import printed has nothing to change, apart from what no cloud knows."""
    it = made(plugin, case)
    known_here_only = {key for key, value in plugin.resources[case.type_].fields.items() if value.local}

    found = imported(plugin, case.type_, it.thing.id)

    assert set(found.diff(**it.inputs).kinds) <= known_here_only


def test_a_second_create_after_a_lost_reply_keeps_the_first_thing(plugin: AwsProvider, case: Case) -> None:
    """An engine killed before it wrote down the id makes nothing twice."""
    it = made(plugin, case)

    again = Thing(configured(), case.type_).create(**it.inputs)

    if case.type_ == "aws:iam/accessKey:AccessKey":
        keys = plugin.session.client("iam", REGION).list_access_keys(UserName=it.inputs["user"])["AccessKeyMetadata"]
        assert [key["AccessKeyId"] for key in keys] == [again.id]
    else:
        assert again.id == it.thing.id
    assert dict(again.diff(**it.inputs).kinds) == {}


NAMED = {
    "aws:ecr/repository:Repository": "RepositoryAlreadyExistsException",
    "aws:iam/role:Role": "EntityAlreadyExists",
    "aws:iam/user:User": "EntityAlreadyExists",
    "aws:secretsmanager/secret:Secret": "ResourceExistsException",
    "aws:ssm/parameter:Parameter": "ParameterAlreadyExists",
    "aws:s3/bucket:Bucket": "BucketAlreadyOwnedByYou",
    "aws:sns/topic:Topic": "is there already, with other tags",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "is there already, with other tags",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "EntityAlreadyExists",
}


@pytest.mark.parametrize("type_", sorted(NAMED))
def test_a_strangers_thing_of_that_name_is_not_touched(plugin: AwsProvider, type_: str) -> None:
    """Other tags mean another owner: AWS's own error, and the stranger's thing as it was."""
    it = made(plugin, next(case for case in CASES if case.type_ == type_))

    with pytest.raises(Exception) as caught:  # noqa: PT011 - the plugin's explanation is what is compared
        Thing(configured(), type_).create(**{**it.inputs, "tags": {"Project": "other"}})

    assert NAMED[type_] in plugin.explain(caught.value)
    assert it.thing.refresh()
    assert it.thing.state["tags"] == TAGS


def test_a_tag_changed_behind_the_back_shows_and_is_repaired(plugin: AwsProvider) -> None:
    """A refresh brings the drift into the state, the next run mends it."""
    it = made(plugin, next(case for case in CASES if case.type_ == "aws:s3/bucket:Bucket"))
    drifted = [{"Key": "Project", "Value": "cams"}, {"Key": "Environment", "Value": "prod"}]
    s3 = plugin.session.client("s3", REGION)
    s3.put_bucket_tagging(Bucket=it.thing.id, Tagging={"TagSet": drifted})

    it.thing.refresh()
    shown = it.thing.diff(**it.inputs)
    it.thing.update(**it.inputs)

    assert dict(shown.kinds) == {"tags": "UPDATE", "tagsAll": "UPDATE"}
    assert it.thing.state["tags"] == TAGS
    assert {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(Bucket=it.thing.id)["TagSet"]} == TAGS


def test_a_policy_widened_behind_the_back_shows(plugin: AwsProvider) -> None:
    """A policy is compared by what it grants: another text is nothing, another action is drift."""
    it = made(plugin, next(case for case in CASES if case.type_ == "aws:iam/rolePolicy:RolePolicy"))
    role, name = it.thing.id.split(":")
    iam = plugin.session.client("iam", REGION)

    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=policy("s3:GetObject", "s3:PutObject"))
    it.thing.refresh()
    reordered = dict(it.thing.diff(**it.inputs).kinds)
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=policy("s3:*"))
    it.thing.refresh()
    widened = dict(it.thing.diff(**it.inputs).kinds)

    assert (reordered, widened) == ({}, {"policy": "UPDATE"})


def test_what_is_gone_from_the_cloud_is_gone_from_the_state(plugin: AwsProvider, case: Case) -> None:
    """A refresh after everything around it was deleted finds nothing, instead of failing."""
    it = made(plugin, case)
    it.thing.id = it.thing.id.replace("t-", "u-") if "t-" in it.thing.id else f"{it.thing.id[:-4]}0000"

    assert it.thing.refresh() is False


def test_secrets_are_marked_in_the_state(plugin: AwsProvider) -> None:
    """What must be encrypted says so: a secret's value, a parameter's, an access key's secret."""
    marked = {
        (case.type_.split(":")[-1], name)
        for case in CASES
        for name, value in made(plugin, case).thing.marked.items()
        if isinstance(value, Secret)
    }

    assert marked == {("AccessKey", "secret"), ("Parameter", "value"), ("SecretVersion", "secretString")}


def test_default_tags_are_set_but_are_not_the_resources_own(plugin: AwsProvider) -> None:
    """`aws:defaultTags` go to `tagsAll` alone, and a change of them is a difference."""
    tagged = configured(defaultTags='{"tags": {"Team": "platform"}}')
    it = made(tagged, next(case for case in CASES if case.type_ == "aws:iam/user:User"))

    it.thing.refresh()
    same = dict(it.thing.diff(**it.inputs).kinds)
    it.thing.plugin = plugin
    dropped = dict(it.thing.diff(**it.inputs).kinds)

    assert (it.thing.state["tags"], it.thing.state["tagsAll"]) == (TAGS, {**TAGS, "Team": "platform"})
    assert (same, dropped) == ({}, {"tagsAll": "UPDATE"})


def test_another_accounts_credentials_are_refused_before_anything_else(plugin: AwsProvider) -> None:
    """The error names both accounts."""
    with pytest.raises(PluginError, match=r"not allowed: .* of account 123456789012, allowed are 999999999999"):
        configured(allowedAccountIds='["999999999999"]')

    assert configured(allowedAccountIds=f'["{ACCOUNT}"]').region == REGION


def test_wrong_keys_are_one_clear_error(plugin: AwsProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Configuring fails, not the first resource."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAAAAAAAAAAAAAAAAA")

    with pytest.raises(PluginError, match=r"^cannot validate the AWS credentials: .*InvalidClientTokenId"):
        configured()


def test_functions_answer_with_the_real_plugins_names(plugin: AwsProvider) -> None:
    """The caller, the region, the partition and the parameters below a path."""
    name = f"/cams/{uuid.uuid4().hex[:8]}/release"
    Thing(plugin, "aws:ssm/parameter:Parameter").create(name=name, type="String", value="{}")

    def ask(function: str, **args: Any) -> Values:
        values, failures = plugin.invoke(function, args)
        assert failures == []
        return values

    who = ask("aws:index/getCallerIdentity:getCallerIdentity")
    path = name.rpartition("/")[0]
    found = ask("aws:ssm/getParametersByPath:getParametersByPath", path=path)

    assert who["accountId"] == ACCOUNT
    assert ask("aws:index/getRegion:getRegion")["name"] == REGION
    assert ask("aws:index/getPartition:getPartition")["partition"] == "aws"
    assert (found["names"], found["values"]) == ([name], ["{}"])
    assert ask("aws:ssm/getParametersByPath:getParametersByPath", path="/nothing/here")["names"] == []


def test_a_secrets_value_is_asked_for_by_its_name(plugin: AwsProvider, cloud: Aws) -> None:
    """It is marked secret; one that is not there, has no value or is on its way out is told in the real words."""
    name, function = f"t-{uuid.uuid4().hex[:8]}/own/A", "aws:secretsmanager/getSecretVersion:getSecretVersion"
    manager = cloud.client("secretsmanager")
    absent = rf"^reading Secrets Manager Secret Version \({name}\|AWSCURRENT\): couldn't find resource$"

    with pytest.raises(PluginError, match=absent):
        plugin.invoke(function, {"secretId": name})
    manager.create_secret(Name=name)
    with pytest.raises(PluginError, match=absent):
        plugin.invoke(function, {"secretId": name})
    made = manager.put_secret_value(SecretId=name, SecretString="canary-own")
    values, failures = plugin.invoke(function, {"secretId": name})
    manager.delete_secret(SecretId=name)
    with pytest.raises(PluginError, match=absent):
        plugin.invoke(function, {"secretId": name})

    assert failures == []
    assert values["secretString"] == Secret("canary-own")
    assert "canary-own" not in repr(values)
    assert (values["versionId"], values["versionStages"]) == (made["VersionId"], ["AWSCURRENT"])
    assert values["arn"] == made["ARN"]


def test_a_parameters_value_is_in_one_property_only(plugin: AwsProvider) -> None:
    """A value given as a secret is nowhere in clear, one given as no secret stays readable."""
    secret = Thing(plugin, "aws:ssm/parameter:Parameter").create(name="four", type="String", value="canary-four")
    shown = Thing(plugin, "aws:ssm/parameter:Parameter").create(
        name="five", type="String", insecureValue="canary-five"
    )

    assert "canary-four" not in repr(secret.marked)
    assert (shown.state["insecureValue"], shown.state.get("value")) == ("canary-five", None)


@pytest.mark.parametrize(
    ("type_", "service", "action", "times"),
    [
        ("aws:kms/key:Key", "kms", "CreateKey", 1),
        ("aws:iam/accessKey:AccessKey", "iam", "CreateAccessKey", 1),
        ("aws:iam/accessKey:AccessKey", "iam", "CreateAccessKey", 2),
    ],
)
def test_a_reply_lost_after_it_took_effect_leaves_no_second_thing(
    plugin: AwsProvider, cloud: Aws, type_: str, service: str, action: str, times: int
) -> None:
    """Lost once, the create mends itself; lost twice, it fails and the next run does. Then there is exactly one."""
    case = next(case for case in CASES if case.type_ == type_)
    need = case.needs and Thing(plugin, case.needs[0]).create(name=f"t-{uuid.uuid4().hex[:12]}", tags=TAGS)
    marked = {"description": f"d-{uuid.uuid4().hex}", "tags": {"Once": uuid.uuid4().hex}}
    inputs = {"user": need.id} if need else marked
    answer = requests.post(
        f"{cloud.url}/_local/faults",
        json={"service": service, "action": action, "times": times, "kind": "drop_after"},
        timeout=10,
    )
    assert answer.ok, answer.text

    if times > 1:
        with pytest.raises(ConnectionClosedError):
            Thing(plugin, type_).create(**inputs)
    thing = Thing(configured(), type_).create(**inputs)

    client = plugin.session.client(service, REGION)
    if need:
        found = [key["AccessKeyId"] for key in client.list_access_keys(UserName=need.id)["AccessKeyMetadata"]]
    else:
        keys = [client.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in client.list_keys()["Keys"]]
        found = [key["KeyId"] for key in keys if key["Description"] == marked["description"]]
    assert found == [thing.id]
