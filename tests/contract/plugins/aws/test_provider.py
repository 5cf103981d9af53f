"""The stand-in for the plugin `aws` as a whole: accounts, keys, tags, secrets, functions, lost replies."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import requests
from botocore.exceptions import ConnectionClosedError

from localcloud.plugins.aws.provider import AwsProvider
from localcloud.plugins.resource import PluginError
from pulumi_plugin.values import Secret, Values
from tests.support.aws_cases import (
    ACCOUNT,
    CASES,
    REGION,
    TAGS,
    configured,
    made,
    policy,
)
from tests.support.aws_daemon import Aws
from tests.support.plugin_engine import Thing


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


def test_secrets_are_marked_in_the_state(plugin: AwsProvider) -> None:
    """What must be encrypted says so: a secret's value, a parameter's, an access key's secret."""
    marked = {
        (case.type_.split(":")[-1], name)
        for case in CASES
        for name, value in made(plugin, case).thing.marked.items()
        if isinstance(value, Secret)
    }

    assert marked == {
        ("AccessKey", "secret"),
        ("AccessKey", "sesSmtpPasswordV4"),
        ("Parameter", "value"),
        ("SecretVersion", "secretString"),
    }


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
