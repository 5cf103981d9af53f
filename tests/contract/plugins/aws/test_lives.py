"""Every resource of the stand-in for the plugin `aws`: made, read back, changed, removed, imported."""

from __future__ import annotations

import pytest

from localcloud.plugins.aws.provider import AwsProvider
from tests.support.aws_cases import (
    CASES,
    REGION,
    TAGS,
    Case,
    configured,
    made,
)
from tests.support.plugin_engine import Thing, imported


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


def test_what_is_gone_from_the_cloud_is_gone_from_the_state(plugin: AwsProvider, case: Case) -> None:
    """A refresh after everything around it was deleted finds nothing, instead of failing."""
    it = made(plugin, case)
    it.thing.id = it.thing.id.replace("t-", "u-") if "t-" in it.thing.id else f"{it.thing.id[:-4]}0000"

    assert it.thing.refresh() is False
