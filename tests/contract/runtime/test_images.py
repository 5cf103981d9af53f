"""Images pulled from a registry."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from localcloud.docker import engine
from localcloud.machine import paths
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.protocols import Runtime
from localcloud.render.runtime.values import Credential
from tests.support.image_registry import KEYS, Registry


def test_an_image_is_unpacked_by_digest(runtime: Runtime, registry: Registry) -> None:
    """Command, environment and files are the image's; a second fetch pulls no layer again."""
    image = registry.push({"app/start.py": b"print(1)"})

    first = runtime.releases.fetch(image, KEYS, print)
    registry.asked.clear()
    second = runtime.releases.fetch(image, KEYS, print)

    assert first == second
    assert first.digest == image.partition("@")[2]
    assert (first.command, dict(first.env)) == (("python", "start.py", "web"), {"A": "1"})
    assert (first.folder / "start.py").read_bytes() == b"print(1)"
    assert {path.rsplit("/", 2)[1] for path in registry.asked} == {"manifests"}


def test_of_an_index_the_image_for_renders_machines_is_run(runtime: Runtime, registry: Registry) -> None:
    """As clients push for several machines; the release is the index, as it was asked for."""
    arm, ours = registry.push({"app/a": b"arm"}, machine="arm64"), registry.push({"app/a": b"ours"})
    index = registry.index({"unknown/unknown": arm, "linux/arm64": arm, "linux/amd64": ours})

    release = runtime.releases.fetch(index, KEYS, print)

    assert release.digest == index.partition("@")[2]
    assert (release.folder / "a").read_bytes() == b"ours"


def test_an_image_for_other_machines_is_refused(runtime: Runtime, registry: Registry) -> None:
    """It would not start at Render; alone, or as all that an index has."""
    arm = registry.push({"app/a": b""}, machine="arm64")
    index = registry.index({"linux/arm64": arm})

    with pytest.raises(RuntimeFailure, match=r"it is for linux/arm64, and Render runs linux/amd64$"):
        runtime.releases.fetch(arm, KEYS, print)
    with pytest.raises(RuntimeFailure, match=r"it is an index without an image for linux/amd64$"):
        runtime.releases.fetch(index, KEYS, print)


def test_a_tag_is_resolved_to_its_digest(runtime: Runtime, registry: Registry) -> None:
    """The release says which image it really is."""
    digest = registry.push({"app/a": b""}).partition("@")[2]

    assert runtime.releases.fetch(f"{registry.host}/cams:latest", KEYS, print).digest == digest


@pytest.mark.parametrize(
    ("credential", "message"),
    [
        (None, "the registry refuses a pull without a registry credential"),
        (Credential("DOCKER", "me", "guess"), "the registry refuses the DOCKER registry credential of me"),
        (Credential("AWS_ECR", "AKIAOTHER", "canary"), "cannot log in to the registry .* invalid key"),
    ],
)
def test_a_pull_needs_valid_keys(
    runtime: Runtime, registry: Registry, credential: Credential | None, message: str
) -> None:
    """Each refusal says whose keys were refused and never shows one."""
    image = registry.push({"app/a": b""})

    with pytest.raises(RuntimeFailure, match=message) as failure:
        runtime.releases.fetch(image, credential, print)

    assert "canary" not in str(failure.value) + repr(credential)


def test_a_layer_that_leads_outside_is_refused(runtime: Runtime, registry: Registry) -> None:
    """Nothing of such an image stays."""
    image = registry.push({"app/a": b"", "app/../../../../outside": b"x"})

    with pytest.raises(RuntimeFailure, match=r"layer 1 of .* is refused: the entry .* leads outside"):
        runtime.releases.fetch(image, KEYS, print)

    assert list(paths.folder("render", "images").iterdir()) == []


def test_a_damaged_image_is_refused(runtime: Runtime, registry: Registry) -> None:
    """A blob or manifest that is not what its digest says is not unpacked."""
    image = registry.push({"app/a": b""})
    for path in registry.content:
        registry.content[path] = registry.content[path].replace(b"start", b"other")

    with pytest.raises(RuntimeFailure, match=r"a part of .* is damaged"):
        runtime.releases.fetch(image, KEYS, print)
    registry.content = dict.fromkeys(registry.content, b"{}")
    with pytest.raises(RuntimeFailure, match="is not that image"):
        runtime.releases.fetch(image, KEYS, print)

    assert list(paths.folder("render", "images").iterdir()) == []


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("", r"DOCKER_HOST is not set and .*/none is not there"),
        ("tcp://10.0.0.1:2376", r"DOCKER_HOST is tcp://10.0.0.1:2376, and containers can share .*"),
        ("unix:///nowhere/socket", r"nothing answers at unix:///nowhere/socket \(.*\)"),
    ],
)
def test_an_image_that_needs_an_engine_is_refused(
    runtime: Runtime, registry: Registry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, where: str, why: str
) -> None:
    """Without the source image's label it takes an engine, and it is said where none was found."""
    monkeypatch.setattr(engine, "SOCKET", tmp_path / "none")
    monkeypatch.setenv("DOCKER_HOST", where)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "docker").write_text("#!/bin/sh\necho 'Cannot connect to the Docker daemon' >&2; exit 1\n")
    (tmp_path / "docker").chmod(0o755)
    image = registry.push({"app/a": b""}, labels={})

    with pytest.raises(RuntimeFailure, match=rf"not a source image, .* there is no container engine .* \({why}\)$"):
        runtime.releases.fetch(image, KEYS, print)


def test_an_image_that_is_not_there(runtime: Runtime, registry: Registry) -> None:
    """It is said which."""
    with pytest.raises(RuntimeFailure, match=r"cannot pull 127.0.0.1:\d+/other:v1: there is no such image"):
        runtime.releases.fetch(f"{registry.host}/other:v1", KEYS, print)
