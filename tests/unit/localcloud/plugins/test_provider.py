"""Checks, differences and previews of the stand-in for the plugin `aws`, with no cloud."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.plugins.aws.provider import AwsProvider, provider
from localcloud.plugins.resource import PluginError
from pulumi_plugin.differences import Difference
from pulumi_plugin.values import UNKNOWN, Secret, Values
from pulumi_plugin.wire import decode_map, encode_map
from tests.support.plugin_engine import call

BUCKET = "aws:s3/bucket:Bucket"
ROLE = "aws:iam/role:Role"


@pytest.fixture
def plugin() -> AwsProvider:
    """A plugin that was told its region and asks nobody."""
    plugin = provider()
    plugin.configure({"region": "eu-central-1", "skipCredentialsValidation": "true"})
    return plugin


def checked(plugin: AwsProvider, type_: str, olds: Values | None = None, /, **news: Any) -> Values:
    """The inputs with their defaults."""
    inputs, failures = plugin.check(call(type_, "Media", inputs=news, old_inputs=olds or {}, seed=b"seed"))
    assert failures == []
    return inputs


def difference(plugin: AwsProvider, type_: str, olds: Values, news: Values) -> Difference:
    """What an update to the new inputs would do."""
    return plugin.diff(call(type_, inputs=news, old_inputs=olds))


def test_a_name_is_made_up_once_and_kept(plugin: AwsProvider) -> None:
    """As the real plugin: the resource's name, a dash, seven hexadecimal digits; buckets have no capitals."""
    first = checked(plugin, BUCKET)
    second = checked(plugin, BUCKET, first)

    name, _, digits = first["bucket"].rpartition("-")
    assert (name, len(digits), int(digits, 16) >= 0) == ("media", 7, True)
    assert second == first
    assert first["__defaults"] == ["bucket", "forceDestroy", "region"]


def test_a_name_that_the_program_no_longer_gives_is_made_up_anew(plugin: AwsProvider) -> None:
    """It was the program's, not the plugin's."""
    olds = checked(plugin, BUCKET, bucket="cams-media")

    news = checked(plugin, BUCKET, olds)

    assert difference(plugin, BUCKET, olds, news).replaces == ["bucket"]


def test_a_replacement_under_the_same_name_deletes_first(plugin: AwsProvider) -> None:
    """Two things of one name cannot be there at once."""
    olds = checked(plugin, BUCKET, bucket="cams-media")
    locked = difference(plugin, BUCKET, olds, checked(plugin, BUCKET, bucket="cams-media", objectLockEnabled=True))
    renamed = difference(plugin, BUCKET, olds, checked(plugin, BUCKET, bucket="cams-files"))

    assert (locked.replaces, locked.delete_first) == (["objectLockEnabled"], True)
    assert (renamed.replaces, renamed.delete_first) == (["bucket"], False)


def test_the_region_is_the_providers_and_its_change_replaces(plugin: AwsProvider) -> None:
    """Also when only the provider's configuration changed."""
    olds = checked(plugin, BUCKET, bucket="cams-media")
    plugin.region = "eu-west-1"

    news = checked(plugin, BUCKET, olds, bucket="cams-media")

    assert (olds["region"], news["region"]) == ("eu-central-1", "eu-west-1")
    assert difference(plugin, BUCKET, olds, news).replaces == ["region"]


def test_an_input_that_a_preview_does_not_know_is_a_change(plugin: AwsProvider) -> None:
    """And its outputs that may move with it are not known either."""
    alias = "aws:kms/alias:Alias"
    olds = checked(plugin, alias, name="alias/a", targetKeyId="key-1")
    news = checked(plugin, alias, name="alias/a", targetKeyId=UNKNOWN)
    old_state = {**olds, "arn": "arn:one", "targetKeyArn": "arn:key-1"}

    state = plugin.update(call(alias, id="alias/a", inputs=news, old_inputs=olds, state=old_state, preview=True))

    assert dict(difference(plugin, alias, olds, news).kinds) == {"targetKeyId": "UPDATE"}
    assert (state["arn"], state["targetKeyArn"]) == ("arn:one", UNKNOWN)


def test_a_document_given_as_an_object_becomes_text(plugin: AwsProvider) -> None:
    """With something unknown inside it is unknown as a whole."""
    known = checked(plugin, ROLE, assumeRolePolicy={"Version": "2012-10-17", "Statement": []})
    unknown = checked(plugin, ROLE, assumeRolePolicy={"Version": "2012-10-17", "Statement": [{"Resource": UNKNOWN}]})

    assert known["assumeRolePolicy"] == '{"Version": "2012-10-17", "Statement": []}'
    assert unknown["assumeRolePolicy"] is UNKNOWN


def test_an_input_that_is_not_in_the_table_fails_the_check(plugin: AwsProvider) -> None:
    """The real plugin has it, the stand-in does not: it says so and names what it has."""
    _, failures = plugin.check(call(BUCKET, inputs={"acl": "private"}))

    assert [path for path, _ in failures] == ["acl"]
    assert failures[0][1].startswith("this stand-in plugin does not support this property (it supports: bucket, ")


@pytest.mark.parametrize(
    ("config", "failures"),
    [
        ({"region": "eu-central-1", "version": "7.51.1"}, []),
        ({"region": "mars-north"}, [("region", "invalid AWS Region: mars-north")]),
        ({"allowedAccountIds": '["1"]', "forbiddenAccountIds": '["2"]'}, ["allowedAccountIds"]),
        ({"assumeRoles": "[]"}, ["assumeRoles"]),
        ({"allowedAccountIds": "[1"}, [""]),
        ({"s3UsePathStyle": '"yes"'}, ["s3UsePathStyle"]),
    ],
)
def test_a_wrong_configuration_is_told_before_anything_starts(
    plugin: AwsProvider, config: Values, failures: list[Any]
) -> None:
    """By its key; what the stand-in cannot honour is an error too."""
    found = plugin.check_config(config)

    assert [
        each if isinstance(wanted, tuple) else each[0] for each, wanted in zip(found, failures, strict=True)
    ] == failures


LOGIN = "aws sso login, or export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
LIST = "see which there are: aws configure list-profiles; then set AWS_PROFILE, or unset it"


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        (
            {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"},
            ("no AWS credentials: neither", 'eval "$(./slipway local env)"'),
        ),
        ({}, ("no AWS credentials: neither", LOGIN)),
        ({"AWS_PROFILE": "wrok"}, ("credentials: The config profile (wrok) could not be found", LIST)),
        (
            {"AWS_CONFIG_FILE": "broken"},
            (
                "no AWS credentials: Unable to parse config file",
                "mend that file, or name another with AWS_CONFIG_FILE",
            ),
        ),
    ],
)
def test_no_credentials_at_all_are_one_clear_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, environment: dict[str, str], said: tuple[str, str]
) -> None:
    """With the command to run, here or with an account."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "broken").write_text("[default\n")
    monkeypatch.chdir(tmp_path)
    for name, value in {"AWS_SHARED_CREDENTIALS_FILE": "none", "AWS_CONFIG_FILE": "none", **environment}.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(PluginError) as caught:
        provider().configure({"region": "eu-central-1"})

    why, hint = said
    assert why in str(caught.value)
    assert str(caught.value).endswith(f"\n\nhint: {hint}")


def test_what_crosses_the_wire_comes_back(plugin: AwsProvider) -> None:
    """Whole numbers stay whole, unknowns unknown; the engine itself remembers what is secret."""
    values = {"a": 1, "b": 1.5, "c": [True, "x", {"d": UNKNOWN}], "e": Secret({"f": "g"}), "h": None}

    back = decode_map(encode_map(values))

    assert back == {"a": 1, "b": 1.5, "c": [True, "x", {"d": UNKNOWN}], "e": {"f": "g"}}
    assert isinstance(back["a"], int)
