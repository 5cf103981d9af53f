"""What a source image depends on, and what it does not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from localcloud.plugins.docker import provider
from localcloud.plugins.docker.dockerignore import Ignore
from localcloud.plugins.docker.registry import Registry, reference_of
from localcloud.plugins.docker.source_image import Recipe
from localcloud.plugins.resource import PluginError
from pulumi_plugin.values import UNKNOWN

TOKEN = "docker:index/image:Image"


@pytest.mark.parametrize(
    ("patterns", "out", "kept"),
    [
        ("*.pyc", ["a.pyc"], ["b/a.pyc", "a.py"]),
        ("**/*.pyc", ["a.pyc", "b/c/a.pyc"], ["a.py"]),
        ("node_modules", ["node_modules/x/y.js"], ["web/node_modules/x.js"]),
        ("**/node_modules", ["node_modules/x", "web/node_modules/x"], ["web/x"]),
        ("*\n!keep\n", ["a", "b/c"], ["keep", "keep/x"]),
        ("docs\n!docs/README.md", ["docs/a.md"], ["docs/README.md"]),
        ("# a comment\n\n/dist/", ["dist/a"], ["web/dist/a"]),
        ("temp?", ["temp1"], ["temp", "temp12"]),
        ("[ab].txt", ["a.txt"], ["c.txt"]),
    ],
)
def test_a_dockerignore_leaves_out_what_docker_would(patterns: str, out: list[str], kept: list[str]) -> None:
    """The last pattern that matches decides."""
    ignore = Ignore.parse(patterns)

    assert [ignore.leaves_out(path) for path in out] == [True] * len(out)
    assert [ignore.leaves_out(path) for path in kept] == [False] * len(kept)


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """Two files and a Dockerfile outside of the context."""
    (tmp_path / "app/inner").mkdir(parents=True)
    (tmp_path / "app/start.py").write_text("1\n")
    (tmp_path / "app/inner/b.py").write_text("2\n")
    (tmp_path / "Dockerfile").write_text("FROM x\nWORKDIR /app\n")
    return tmp_path / "app"


def recipe(context: Path) -> Recipe:
    """The image of the context."""
    dockerfile = context.parent / "Dockerfile"
    return Recipe.load(context=context, dockerfile=dockerfile, platform="linux/amd64", target=None, arguments={})


def test_times_and_the_umask_are_no_part_of_an_image(context: Path) -> None:
    """The same files give the same image on every machine."""
    first = recipe(context)

    digests = (first.digest, first.image().digest)
    os.utime(context / "start.py", (1, 1))
    (context / "start.py").chmod(0o600)

    assert (recipe(context).digest, recipe(context).image().digest) == digests


@pytest.mark.parametrize("change", ["content", "name", "executable", "start", "empty file"])
def test_whatever_is_part_of_an_image_changes_both_digests(context: Path, change: str) -> None:
    """Content, names, the executable bit, and how it is started."""
    first = recipe(context)
    digests = (first.digest, first.image().digest)

    if change == "content":
        (context / "start.py").write_text("3\n")
    elif change == "name":
        (context / "start.py").rename(context / "begin.py")
    elif change == "executable":
        (context / "start.py").chmod(0o755)
    elif change == "start":
        (context.parent / "Dockerfile").write_text("FROM x\nWORKDIR /srv\n")
    else:
        (context / "new.py").write_text("")

    second = recipe(context)
    assert second.digest != digests[0]
    assert second.image().digest != digests[1]


def test_a_build_that_cannot_be_done_fails_its_check(context: Path) -> None:
    """With the property that is wrong, before anything is pushed."""

    def failing(**build: str) -> str:
        good = {"context": str(context), "dockerfile": str(context.parent / "Dockerfile")}
        _, failures = provider().check(TOKEN, "one", {}, {"imageName": "127.0.0.1:1/a", "build": {**good, **build}})
        return ",".join(path for path, _ in failures)

    assert failing() == ""
    assert failing(context=f"{context}-none") == "build.context"
    assert failing(dockerfile="none") == "build.dockerfile"
    assert failing(platform="windows/amd64") == "build.platform"
    assert failing(target="web") == "build.target"
    assert failing(contxt="x") == "build.contxt"


def test_a_preview_knows_no_digest_before_the_registry_exists(context: Path) -> None:
    """A name that is not known yet is no error."""
    build = {"context": str(context), "dockerfile": str(context.parent / "Dockerfile")}
    plugin = provider()
    inputs, failures = plugin.check(TOKEN, "one", {}, {"imageName": UNKNOWN, "build": build})

    _, state = plugin.create(TOKEN, "one", inputs, preview=True)

    assert failures == []
    assert state["repoDigest"] is UNKNOWN


def test_credentials_go_to_the_registry_that_they_are_for() -> None:
    """Another host's are never sent."""
    registry = {"server": "http://127.0.0.1:5000", "username": "AWS", "password": "canary"}

    assert Registry.of(reference_of("127.0.0.1:5000/cams:one"), registry).url == "http://127.0.0.1:5000"
    with pytest.raises(PluginError, match=r"are for the registry 127.0.0.1:5000, not example.org"):
        Registry.of(reference_of("example.org/cams:one"), registry)


def test_an_image_name_needs_a_registry() -> None:
    """No tag means the latest."""
    assert str(reference_of("127.0.0.1:5000/a/b")) == "127.0.0.1:5000/a/b:latest"
    with pytest.raises(PluginError, match="says no registry"):
        reference_of("cams:one")
    with pytest.raises(PluginError, match="not by its name"):
        reference_of(f"127.0.0.1:5000/cams@sha256:{'0' * 64}")
