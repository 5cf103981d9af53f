"""What exists can be taken over by another stack, by its plain id, and then nothing is to be changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.checkout import Done, run
from tests.support.world import Environment, World

NAMES = {
    "render:index:Postgres": "database",
    "render:index:WebService": "web",
    "render:index:EnvGroup": "configuration",
    "registry:index:Image": "image",
}
# Nothing but the provider can tell that these are secret: an import has no program that says so.
HIDDEN = ("DATABASE_URL", "DJANGO_SECRET_KEY", "JWT_SECRETS")
# Declares each resource with the inputs that staging's own program gives it.
PROGRAM = """
import json
from pathlib import Path

import pulumi

for resource in json.loads(Path("resources.json").read_text()):
    pulumi.CustomResource(resource["type"], resource["name"], resource["inputs"])
"""


class Scratch:
    """A Pulumi project of its own, beside the checkout's, on the same engine and the same clouds."""

    def __init__(self, world: World, folder: Path) -> None:
        self.folder = folder
        self._environment = world.checkout.environment | world.variables
        ours = "".join(
            f"    - name: {name}\n      path: {world.checkout.folder}/{name}_provider\n"
            for name in ("registry", "render")
        )
        plugins = f"plugins:\n  providers:\n{ours}"
        (folder / "Pulumi.yaml").write_text(f"name: scratch\nruntime: python\nmain: program.py\n{plugins}")
        (folder / "program.py").write_text(PROGRAM)
        (folder / "resources.json").write_text("[]")
        self.pulumi("stack", "init", "scratch")

    def pulumi(self, *words: str, check: bool = True) -> Done:
        """The bare tool in that project."""
        return run(("pulumi", *words, "--non-interactive"), self.folder, self._environment, check=check)

    def forget(self) -> None:
        """Remove the stack and leave what it had taken over."""
        self.pulumi("stack", "rm", "scratch", "--yes", "--force")


@pytest.fixture
def scratch(world: World, staging: Environment, tmp_path: Path) -> Iterator[Scratch]:
    """An empty project."""
    made = Scratch(world, tmp_path)
    yield made
    made.forget()


def test_an_import_ends_with_a_program_that_changes_nothing(scratch: Scratch) -> None:
    """Of what the plugins of AWS have, with the code that is to be copied: a preview of it is empty."""
    bucket = "cams-staging-media-123456789012"
    printed = scratch.pulumi(
        "import", "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "expiry", bucket,
        "--stack", "scratch", "--yes", "--protect=false", "--skip-preview",
    ).stdout  # fmt: skip

    program = printed[printed.index("import pulumi\n") :]
    (scratch.folder / "program.py").write_text(program)
    preview = scratch.pulumi("preview", "--stack", "scratch", "--expect-no-changes")

    assert "'filter': {'prefix': ''}" in program
    assert preview.returncode == 0, preview.output


def test_import_by_plain_id_leaves_nothing_to_change(staging: Environment, scratch: Scratch) -> None:
    """`pulumi import` of a database, a service, an env group, an image: no diff for them, no plain secret."""
    wanted = [
        {"type": one["type"], "name": NAMES[one["type"]], "id": one["id"], "inputs": plain(one["inputs"])}
        for one in staging.resources()
        if NAMES.get(one["type"]) == one["urn"].rpartition("::")[2]
    ]
    assert sorted(one["name"] for one in wanted) == ["configuration", "database", "image", "web"]

    for one in wanted:
        scratch.pulumi(
            "import", one["type"], one["name"], one["id"],
            "--stack", "scratch", "--yes", "--protect=false", "--generate-code=false", "--skip-preview",
        )  # fmt: skip
    (scratch.folder / "resources.json").write_text(json.dumps(wanted))

    preview = scratch.pulumi("preview", "--stack", "scratch", "--expect-no-changes", "--diff", check=False)
    assert preview.returncode == 0, preview.output
    state = json.loads(scratch.pulumi("stack", "export", "--stack", "scratch").stdout)["deployment"]["resources"]
    imported = {one["id"] for one in state if one["type"] in NAMES}
    assert imported == {one["id"] for one in wanted}

    hidden = [
        next(one for one in wanted if one["name"] == "configuration")["inputs"]["envVars"][name] for name in HIDDEN
    ]
    known = scratch.pulumi("stack", "export", "--stack", "scratch", "--show-secrets").stdout
    stored = scratch.pulumi("stack", "export", "--stack", "scratch").stdout
    assert [value for value in hidden if value not in known] == []
    assert [name for name, value in zip(HIDDEN, hidden, strict=True) if value in stored] == []


def test_a_different_program_has_a_diff(staging: Environment, scratch: Scratch) -> None:
    """A program that wants another plan than the imported one is told so: the test above can fail."""
    [database] = [one for one in staging.resources() if one["type"] == "render:index:Postgres"]
    scratch.pulumi(
        "import", database["type"], "database", database["id"],
        "--stack", "scratch", "--yes", "--protect=false", "--generate-code=false", "--skip-preview",
    )  # fmt: skip
    inputs = plain(database["inputs"]) | {"plan": "basic_4gb"}
    declared = [{"type": database["type"], "name": "database", "inputs": inputs}]
    (scratch.folder / "resources.json").write_text(json.dumps(declared))

    preview = scratch.pulumi("preview", "--stack", "scratch", "--expect-no-changes", "--diff", check=False)

    assert preview.returncode != 0
    assert '~ plan: "basic_1gb" => "basic_4gb"' in preview.stdout


def plain(value: object) -> dict[str, object]:
    """Inputs as a program gives them, without Pulumi's marks."""
    found = unmarked(value)
    assert isinstance(found, dict)
    found.pop("__defaults", None)
    return found


def unmarked(value: object) -> object:
    """A value out of its secret wrapper."""
    if isinstance(value, dict):
        if "plaintext" in value:
            return unmarked(json.loads(value["plaintext"]))
        return {name: unmarked(inner) for name, inner in value.items()}
    return [unmarked(inner) for inner in value] if isinstance(value, list) else value
