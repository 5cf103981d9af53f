"""What two trees declare, compared: nobody is asked for it, and what is destroyed is seen."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from console.errors import ExplainedError
from localcloud.plugins.aws import provider as aws
from localcloud.plugins.random import provider as random
from ops.context import Context, Doors
from ops.doors.declared import declared
from ops.doors.programs import ROOT
from ops.pipeline.changes import Change
from ops.pipeline.declaring import UntoldError, changes_since, compared, read
from ops.pipeline.replaced import OTHERS, replaced_by
from tests.support.program import Programs

DATABASE = "render:index:Postgres"
SERVICE = "render:index:WebService"
BUCKET = "aws:s3/bucket:Bucket"


def one(kind: str, name: str, *, protected: bool = False, kept: bool = False, **inputs: Any) -> dict[str, Any]:
    """As the program's side writes it."""
    return {"kind": kind, "name": name, "inputs": inputs, "protected": protected, "kept": kept}


def compare(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[Change]:
    """Two declarations that say the same whatever is made anew."""
    return list(compared(read(before), lambda _: after))


def test_what_is_not_declared_any_more_is_deleted() -> None:
    """Before what is made and changed; what is as it was is not told."""
    before = [one(BUCKET, "old"), one(SERVICE, "web", plan="starter"), one(SERVICE, "same", plan="pro")]
    after = [one(SERVICE, "same", plan="pro"), one(SERVICE, "web", plan="pro"), one(BUCKET, "new")]

    assert compare(before, after) == [
        Change("delete", BUCKET, "old"),
        Change("update", SERVICE, "web", ("plan: starter → pro",)),
        Change("create", BUCKET, "new"),
    ]


def test_what_cannot_be_changed_in_place_is_replaced() -> None:
    """The provider's schema says so; a protected one is refused by the engine, and one that is retained is left."""
    before = [one(DATABASE, "a", protected=True, version="16"), one(BUCKET, "b", kept=True, bucket="b")]
    after = [one(DATABASE, "a", version="17"), one(BUCKET, "b", bucket="c")]

    assert compare(before, after) == [
        Change("replace", DATABASE, "a", ("version: 16 → 17",), refused=True),
        Change("replace", BUCKET, "b", ("bucket: b → c",), kept=True),
    ]


def test_what_is_given_the_address_of_something_replaced_changes_with_it() -> None:
    """And is replaced with it, where that is what its address is for."""

    def declare(anew: Collection[str]) -> list[dict[str, Any]]:
        key = "id of web-anew" if f"{SERVICE}::web" in anew else "id of web"
        link = "id of link-anew" if "render:index:EnvGroupLink::link" in anew else "id of link"
        return [
            one(SERVICE, "web", region="oregon"),
            one("render:index:EnvGroupLink", "link", serviceId=key),
            one(SERVICE, "other", envVars={"LINK": link}),
        ]

    before = declare(())
    before[0] = one(SERVICE, "web", region="frankfurt")

    found = compared(read(before), declare)

    assert [(change.operation, change.name, change.properties) for change in found] == [
        ("replace", "link", ("serviceId",)),
        ("replace", "web", ("region: frankfurt → oregon",)),
        ("update", "other", ("envVars.LINK",)),
    ]


def test_a_policy_is_read_and_not_compared_as_text() -> None:
    """Which statement says something else; the order of its keys is nothing."""
    policies = [{"Statement": [{"Sid": "A", "Action": action}]} for action in (["s3:Get*"], ["s3:*"])]
    before = [one(BUCKET, "a", policy=json.dumps(policies[0]), tags={"a": 1, "b": None})]
    after = [one(BUCKET, "a", policy=json.dumps(policies[1]), tags={"b": True, "a": 2.0})]

    [change] = compare(before, after)

    assert change.properties == (
        "policy.Statement[0].Action[0]: s3:Get* → s3:*",
        "tags.a: 1 → 2",
        "tags.b: none → true",
    )


def test_the_program_of_this_tree_is_run_without_a_cloud(programs: Programs) -> None:
    """It declares what the unit tests see, and of each kind somebody has looked what replaces it."""
    found = read(declared(ROOT, "staging"))

    assert {(one.kind, one.name) for one in found if not one.kind.startswith("registry:")} == {
        (one.type, one.name)
        for one in programs["staging"].resources
        if one.type.partition(":")[0] in ("aws", "random", "render")
    }
    assert {one.kind for one in found if replaced_by(one.kind) is None} == set()
    assert [one.place for one in found if one.protected and one.kind == DATABASE] == [f"{DATABASE}::database"]


def test_a_tree_without_a_program_says_so(tmp_path: Path) -> None:
    """With what it said last."""
    with pytest.raises(ExplainedError, match="staging: this tree has no program"):
        declared(tmp_path, "staging")


def test_what_the_base_declared_and_cannot_tell_is_said() -> None:
    """Its program may need packages that this checkout has not; nobody is told that nothing changes."""

    def fails(tree: Path, environment: str, anew: Collection[str] = ()) -> list[dict[str, Any]]:
        raise ExplainedError("cannot tell what is declared for prod", "Traceback\nImportError: no pulumi", hint="x")

    def export(checkout: Path, ref: str, folder: str, target: Path) -> None:
        (target / "Pulumi.prod.yaml").touch()

    doors = Doors(declared=fails, git_export=export, git_answer=lambda *_: "0123456789abcdef")

    with pytest.raises(UntoldError, match=r"^ImportError: no pulumi$"):
        changes_since(Context(doors), "prod", "HEAD~1")


@pytest.mark.parametrize("kind", sorted(kind for kind in OTHERS if not kind.startswith("registry:")))
def test_the_table_says_what_the_plugins_do(kind: str) -> None:
    """Of AWS and of random: as our stand-ins for the plugins have it, which are held to them."""
    plugin = aws.provider() if kind.startswith("aws:") else random.provider()

    assert replaced_by(kind) == plugin.resources[kind].replace_on
