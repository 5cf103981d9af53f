"""How Docker is called: with a login that only this call sees, and that nothing shows or leaves behind."""

from __future__ import annotations

import base64
import json
import os
import stat
import subprocess
import tempfile
import threading
from pathlib import Path

import pytest

from registry_provider.provider.docker import Build, Docker
from registry_provider.provider.errors import RegistryError
from tests.support.waiting import eventually

CANARY = "canary-of-the-login"
LOGIN = base64.b64encode(f"AWS:{CANARY}".encode()).decode()
BUILD = Build("127.0.0.1:5000/cams:one", "app", "app/Dockerfile", "linux/amd64")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own Docker configuration."""
    folder = tmp_path / "theirs"
    (folder / "cli-plugins").mkdir(parents=True)
    (folder / "config.json").write_text(
        json.dumps({"credsStore": "desktop", "currentContext": "remote", "auths": {"docker.io": {"auth": "x"}}})
    )
    monkeypatch.setenv("DOCKER_CONFIG", str(folder))
    return folder


def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A `docker` that does that."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "docker").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_docker_gets_the_users_configuration_and_this_login(
    tmp_path: Path, temporary: Path, theirs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Builders, contexts and other logins stay, for this host no store is asked, and nothing is left."""
    seen = tmp_path / "seen"
    installed(tmp_path, monkeypatch, f'cp -RL "$DOCKER_CONFIG" {seen}; stat -c "%a %a" "$DOCKER_CONFIG" >{seen}.mode')

    Docker().push(BUILD, LOGIN, lambda line: None)

    assert json.loads((seen / "config.json").read_text()) == {
        "credsStore": "desktop",
        "currentContext": "remote",
        "auths": {"docker.io": {"auth": "x"}, "127.0.0.1:5000": {"auth": LOGIN}},
        "credHelpers": {"127.0.0.1:5000": ""},
    }
    assert (seen / "cli-plugins").is_dir()
    assert Path(f"{seen}.mode").read_text() == "700 700\n"
    assert list(temporary.iterdir()) == []
    assert LOGIN not in (theirs / "config.json").read_text()


def test_a_configuration_that_says_nothing_of_logins_is_taken(
    tmp_path: Path, temporary: Path, theirs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some tools write `null` where they have none."""
    (theirs / "config.json").write_text('{"auths": null, "credHelpers": null}')
    seen = tmp_path / "seen"
    installed(tmp_path, monkeypatch, f'cp "$DOCKER_CONFIG/config.json" {seen}')

    Docker().push(BUILD, LOGIN, lambda line: None)

    assert json.loads(seen.read_text())["auths"] == {"127.0.0.1:5000": {"auth": LOGIN}}


def test_the_login_is_a_file_that_only_its_user_reads(
    tmp_path: Path, temporary: Path, theirs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From its first moment, whatever the umask."""
    installed(tmp_path, monkeypatch, f'stat -c "%a" "$DOCKER_CONFIG/config.json" >{tmp_path}/mode')
    before = os.umask(0)
    try:
        Docker().push(BUILD, LOGIN, lambda line: None)
    finally:
        os.umask(before)

    assert (tmp_path / "mode").read_text() == "600\n"


def test_a_failure_says_what_docker_said_and_never_the_login(
    tmp_path: Path, temporary: Path, theirs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in the error nor in the progress, even where Docker itself prints it."""
    installed(tmp_path, monkeypatch, f"echo step 1; echo denied for {CANARY} and {LOGIN} >&2; exit 3")
    told: list[str] = []

    with pytest.raises(RegistryError) as failed:
        Docker().push(BUILD, LOGIN, told.append)

    assert str(failed.value).partition("hint: ")[0] == (
        "cannot build and push 127.0.0.1:5000/cams:one: docker ended with 3:\n  step 1\n  denied for *** and ***\n\n"
    )
    assert told == ["step 1", "denied for *** and ***"]
    assert list(temporary.iterdir()) == []


def test_without_docker_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In the preview already."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(
        RegistryError, match=r"^cannot build the image: there is no `docker` on PATH\n\nhint: install"
    ):
        Docker().require()


def test_a_stop_ends_docker_and_leaves_no_login(
    tmp_path: Path, temporary: Path, theirs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even one that does not listen to the first signal, and none is started afterwards."""
    installed(tmp_path, monkeypatch, f"trap '' TERM; echo $$ >{tmp_path}/pid; exec sleep 300")
    ours, failures = Docker(), list[str]()

    def push() -> None:
        try:
            ours.push(BUILD, LOGIN, lambda line: None)
        except RegistryError as error:
            failures.append(str(error))

    thread = threading.Thread(target=push)
    thread.start()
    eventually(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip())
    pid = int((tmp_path / "pid").read_text())

    ours.stop()
    thread.join(10)

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert failures[0].startswith("cannot build and push 127.0.0.1:5000/cams:one: it was stopped")
    assert list(temporary.iterdir()) == []
    with pytest.raises(RegistryError, match="it was stopped"):
        ours.push(BUILD, LOGIN, lambda line: None)


def test_what_a_killed_run_has_left_goes_with_the_next(
    tmp_path: Path, temporary: Path, theirs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of a living process stays."""
    ended = subprocess.Popen(["true"])
    ended.wait()
    for pid in (ended.pid, os.getpid()):
        (temporary / f"slipway-docker-{pid}-x").mkdir()
    installed(tmp_path, monkeypatch, "exit 0")

    Docker().push(BUILD, LOGIN, lambda line: None)

    assert [path.name for path in temporary.iterdir()] == [f"slipway-docker-{os.getpid()}-x"]
    assert stat.S_ISDIR((temporary / f"slipway-docker-{os.getpid()}-x").stat().st_mode)
