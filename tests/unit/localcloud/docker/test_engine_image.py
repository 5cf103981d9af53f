"""Who builds an image: as it was asked for, else the engine where it has what the Dockerfile begins with."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.errors import ExplainedError
from localcloud.docker import engine
from localcloud.docker.engine_image import Order, choose, push

DIGEST = "sha256:" + "1a" * 32
DOCKER = """#!/bin/sh
echo "$*" >> {calls}
case "$*" in
  "buildx version") exit {buildx} ;;
  "--version") echo "Docker version {client}, build 1" ;;
  *" version --format"*) echo 27.5.1 ;;
  *" image inspect --format={{{{.Id}}}} {has}") ;;
  *" image inspect "*) exit 1 ;;
  *" push "*) exit {push} ;;
esac
"""


class Machine:
    """A machine with a `docker` that says what it is told to, and writes down what it was asked."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.calls = folder / "calls"
        self.dockerfile = folder / "Dockerfile"
        self.dockerfile.write_text(f"ARG BASE=python:3.13@{DIGEST}\nFROM $BASE\n")
        monkeypatch.setattr(engine, "SOCKET", folder / "none")
        monkeypatch.setenv("PATH", str(folder))
        monkeypatch.setenv("DOCKER_HOST", "unix:///engine")

    def has(self, image: str, *, buildx: int = 0, client: str = "28.0.1", push: int = 0) -> None:
        """Have a `docker` there."""
        text = DOCKER.format(calls=self.calls, has=image, buildx=buildx, client=client, push=push)
        (self.folder / "docker").write_text(text)
        (self.folder / "docker").chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """One that has the base."""
    made = Machine(tmp_path, monkeypatch)
    made.has(f"docker.io/library/python@{DIGEST}")
    return made


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "by the container engine 27.5.1 (it has what the Dockerfile begins with)"),
        ({"SLIPWAY_IMAGES": "engine"}, "by the container engine 27.5.1 (SLIPWAY_IMAGES=engine)"),
        ({"SLIPWAY_IMAGES": "source"}, "as source images (SLIPWAY_IMAGES=source)"),
        (
            {"SLIPWAY_BASE_IMAGE": "mirror/python:3"},
            "as source images (the engine has no mirror/python:3; SLIPWAY_IMAGES=engine has it pulled)",
        ),
    ],
)
def test_who_builds(machine: Machine, environ: dict[str, str], said: str) -> None:
    """Nothing is pulled that nobody has asked for."""
    assert str(choose(machine.dockerfile, environ)) == said


def test_without_an_engine_source_images_are_made_and_no_engine_is_an_error(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has asked for an engine does not get something else."""
    monkeypatch.delenv("DOCKER_HOST")

    assert str(choose(machine.dockerfile, {})).startswith("as source images (DOCKER_HOST is not set and ")
    with pytest.raises(ExplainedError, match=r"^there is no container engine: DOCKER_HOST is not set .*\n\nhint: "):
        choose(machine.dockerfile, {"SLIPWAY_IMAGES": "engine"})


def test_a_client_without_buildkit_builds_nothing(machine: Machine) -> None:
    """Those before 23 have it in them."""
    base = f"docker.io/library/python@{DIGEST}"
    machine.has(base, buildx=1)
    new = choose(machine.dockerfile, {})
    machine.has(base, buildx=1, client="20.10.24+dfsg1")

    assert "docker cannot build with BuildKit: it needs buildx, or to be older than 23" in new.why
    assert choose(machine.dockerfile, {}).engine is not None


def test_another_word_is_wrong_use(machine: Machine) -> None:
    """And is told with what it can be."""
    with pytest.raises(ExplainedError, match="SLIPWAY_IMAGES is `docker`, and can be `engine` or `source`") as wrong:
        choose(machine.dockerfile, {"SLIPWAY_IMAGES": "docker"})

    assert wrong.value.code == 2


def test_it_is_built_with_its_labels_and_pushed_with_the_login_given(machine: Machine) -> None:
    """A push that fails is an error with a way on."""
    order = Order("127.0.0.1:5/app:one", machine.folder, machine.dockerfile, "linux/amd64", {"a": "b"})
    chosen = choose(machine.dockerfile, {"SLIPWAY_IMAGES": "engine"}).engine
    assert chosen is not None

    push(chosen, order, "/login", {"SLIPWAY_BASE_IMAGE": "mirror"})
    machine.has("", push=1)
    with pytest.raises(ExplainedError, match=r"docker push failed: it ended with 1\n\nhint: .*SLIPWAY_IMAGES=source"):
        push(chosen, order, "/login", {})

    build, pushed = machine.calls.read_text().splitlines()[-4:-2]
    assert build == (
        "--host=unix:///engine build --progress=plain --network=host --build-arg=BASE=mirror --label=a=b "
        f"--platform linux/amd64 --file {machine.dockerfile} --tag {order.tag} {machine.folder}"
    )
    assert pushed == f"--host=unix:///engine --config=/login push {order.tag}"
