"""What the real plugin tells of a resource, by its SDK, the stand-in tells too."""

from __future__ import annotations

import importlib
import inspect
import re
import warnings
from typing import Any, get_args

import pytest

from localcloud.plugins.aws.provider import AwsProvider
from tests.support.aws_cases import CASES, Case, made

ENGINES = {"id", "urn", "pulumi_resource_name", "pulumi_resource_type"}
OF_ITS_OWN = "deprecated there: a resource of its own says it"
WITH_PGP = "only of a key that is encrypted with a pgpKey, which is refused as an input"
WITHOUT = {
    "AccessKey": {"encryptedSecret": WITH_PGP, "encryptedSesSmtpPasswordV4": WITH_PGP, "keyFingerprint": WITH_PGP},
    "Parameter": {"insecureValue": "only where the program gives it; else the value is a secret, as `value`"},
    "Role": {"inlinePolicies": OF_ITS_OWN},
    "Bucket": {
        **dict.fromkeys(
            ("websiteDomain", "websiteEndpoint"), "only of a bucket with a website, which has no stand-in"
        ),
        **dict.fromkeys(
            (
                *("acl", "corsRules", "grants", "lifecycleRules", "logging", "objectLockConfiguration", "policy"),
                *("replicationConfiguration", "serverSideEncryptionConfiguration", "versioning", "website"),
            ),
            OF_ITS_OWN,
        ),
    },
}


def of_the_sdk(type_: str) -> dict[str, bool]:
    """The properties of the SDK's class, and whether each is always there."""
    package, module, name = type_.split(":")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        kind: Any = getattr(importlib.import_module(f"pulumi_{package}.{module.partition('/')[0]}"), name)
    getters = {
        each: value.fget
        for each, value in inspect.getmembers(kind, lambda member: isinstance(member, property))
        if each not in ENGINES
    }
    return {
        re.sub("_(.)", lambda found: found[1].upper(), each): not _may_be_none(getter.__annotations__["return"])
        for each, getter in getters.items()
    }


def _may_be_none(output: Any) -> bool:
    """Of `Output[Optional[str]]`. Its text may be `Output[str | None]`: Python keeps the first of equal types."""
    (of,) = get_args(output)
    return type(None) in get_args(of)


def test_what_the_real_plugin_always_tells_is_told(plugin: AwsProvider, case: Case) -> None:
    """A program may use it: a preview has it as unknown, and it is there after the create and after a refresh."""
    wanted = {name for name, always in of_the_sdk(case.type_).items() if always}
    wanted -= WITHOUT.get(case.type_.rpartition(":")[2], {}).keys()
    it = made(plugin, case)

    created = set(it.thing.state)
    it.thing.refresh()

    assert wanted - created == set()
    assert wanted - set(it.thing.state) == set()


def test_what_has_no_stand_in_is_there_in_the_real_one() -> None:
    """An exception that nothing needs any more is removed."""
    types = {case.type_.rpartition(":")[2]: case.type_ for case in CASES}

    assert {name: set(reasons) - set(of_the_sdk(types[name])) for name, reasons in WITHOUT.items()} == {
        name: set() for name in WITHOUT
    }


@pytest.mark.parametrize("type_", sorted({case.type_ for case in CASES}))
def test_nothing_is_told_that_the_real_plugin_does_not(plugin: AwsProvider, type_: str) -> None:
    """A program that is written here runs there."""
    resource = plugin.resources[type_]

    assert {*resource.fields, *resource.outputs, *resource.constants} - set(of_the_sdk(type_)) == set()
