"""Builds from commits."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from localcloud.machine import paths
from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.protocols import Runtime
from localcloud.render.runtime.values import Build, Release
from tests.support.commits import commit_of
from tests.support.image_registry import KEYS, Registry


@pytest.fixture
def commit(runtime: Runtime, tmp_path: Path) -> str:
    """A commit in the local Git repository."""
    files = {
        "app/Dockerfile": 'FROM python\nWORKDIR /app\nENV A=1\nCMD ["python", "start.py"]\n',
        "app/start.py": "print(1)\n",
        "site/build.sh": "mkdir dist && echo $GREETING > dist/index.html\necho built\n",
    }
    commit_of(files, tmp_path)
    head = runtime.releases.branch_head("https://github.com/org/repo", "staging")
    assert head
    return head


def build(runtime: Runtime, commit: str, **given: Any) -> Release:
    """A build of the folder `app` with nothing said but what is given."""
    log = given.pop("log", print)
    said = {"service_id": "srv-b", "deploy_id": "dep-1", "root_dir": "app", "build_command": "", "env": {}}
    return runtime.releases.build(Build(commit=commit, **{**said, **given}), log)


def test_a_branch_has_a_head_and_a_message(runtime: Runtime, commit: str) -> None:
    """A branch that is missing has none, also when it is packed; a missing commit is a failure."""
    bare = paths.local() / "git" / "repository.git"
    loose = runtime.releases.branch_head("any", "staging")
    subprocess.run(["git", f"--git-dir={bare}", "pack-refs", "--all"], check=True)

    assert (len(commit), loose, runtime.releases.branch_head("any", "staging")) == (40, commit, commit)
    assert [runtime.releases.branch_head("any", name) for name in ("develop", "../HEAD", "")] == [None, None, None]
    assert runtime.releases.commit_message(commit) == "Say hello"
    with pytest.raises(RuntimeFailure, match="there is no commit 0000"):
        runtime.releases.commit_message("0000")


def test_a_commit_is_built_from_its_dockerfile(runtime: Runtime, commit: str) -> None:
    """The start command and environment are the Dockerfile's, the files those of the root directory and no others."""
    built = build(runtime, commit, dockerfile_path="Dockerfile")

    assert (built.command, dict(built.env), built.commit) == (("python", "start.py"), {"A": "1"}, commit)
    assert sorted(path.name for path in built.folder.iterdir()) == ["Dockerfile", "start.py"]
    assert [path.name for path in built.folder.parent.iterdir()] == ["app"]
    runtime.remove_service("srv-b")
    assert not built.folder.exists()


def test_a_dockerfile_that_cannot_be_honoured_is_an_error(runtime: Runtime, commit: str) -> None:
    """It names the file and the line, and leaves no folder."""
    with pytest.raises(
        RuntimeFailure, match=r"cannot run `start.py` of commit .{40}: line 1: PRINT\(1\) stands before"
    ):
        build(runtime, commit, dockerfile_path="start.py")

    assert list(paths.folder("render", "builds", "srv-b").iterdir()) == []


def test_a_native_build_runs_its_command(runtime: Runtime, commit: str) -> None:
    """What the command makes belongs to the release, and the start command is run by a shell."""
    built = build(runtime, commit, build_command="touch made", start_command="exec python start.py")

    assert built.command == ("/bin/sh", "-c", "exec python start.py")
    assert (built.folder / "made").is_file()


def test_a_failed_build_tells_its_last_lines(runtime: Runtime, commit: str) -> None:
    """The failure has the exit code and the output, which went to the log too; its folder is gone."""
    said: list[str] = []

    with pytest.raises(RuntimeFailure, match="failed with exit code 3") as failure:
        build(runtime, commit, build_command="echo no compiler; exit 3", log=said.append)

    assert failure.value.lines == ["no compiler"]
    assert said[-1] == "no compiler"
    assert list(paths.folder("render", "builds", "srv-b").iterdir()) == []


def test_releases_that_nothing_uses_are_forgotten(runtime: Runtime, registry: Registry, commit: str) -> None:
    """What is used stays, and so does what was fetched or built lately; what was forgotten can be fetched again."""
    images = [registry.push({"app/start.py": f"print({number})".encode()}) for number in range(2)]
    used, old = (runtime.releases.fetch(image, KEYS, print).folder for image in images)
    built = [build(runtime, commit, deploy_id=f"dep-{number}").folder for number in range(2)]
    lately = runtime.releases.fetch(registry.push({"app/start.py": b"print(3)"}), KEYS, print).folder
    for folder in (used.parent.parent, old.parent.parent, *(folder.parent for folder in built)):
        os.utime(folder, (0, 0))

    runtime.releases.forget_unused([used, built[0]])

    assert [folder.exists() for folder in (used, old, *built, lately)] == [True, False, True, False, True]
    assert runtime.releases.fetch(images[1], KEYS, print).folder == old
    runtime.releases.forget_unused([])
    assert old.exists()


@pytest.mark.parametrize("root", ["nowhere", "../.."])
def test_a_root_directory_must_be_there(runtime: Runtime, commit: str, root: str) -> None:
    """One that is missing or leads outside the repository is named."""
    with pytest.raises(RuntimeFailure, match=f"the root directory `{root}`"):
        build(runtime, commit, root_dir=root)


def test_a_static_site_is_built(runtime: Runtime, commit: str) -> None:
    """The publish path is what is served; the build sees the service's environment."""
    site = {"service_id": "srv-s", "root_dir": "site", "env": {"GREETING": "hello"}}
    folder = build(runtime, commit, **site, build_command="sh build.sh", publish_path="dist").folder

    assert (folder / "index.html").read_text() == "hello\n"
    with pytest.raises(RuntimeFailure, match="the publish path `out` does not exist after the build"):
        build(runtime, commit, **site, deploy_id="dep-2", publish_path="out")
