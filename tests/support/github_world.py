"""A GitHub of its own for tests: the daemon, a repository with branches, and clients that nobody here wrote."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

import requests
from githubkit import GitHub, Response, TokenAuthStrategy
from githubkit.exception import RequestFailed

from localcloud.github.users.model import person
from tests.support.measuring import measuring
from tests.support.tokens import kept_port
from tests.support.waiting import eventually

OWNER, REPO = "example", "cams"
STACK = """config:
  cams:github:
    organization: example
    organization_id: 6154722
    repository: cams
    repository_id: 1029384756
"""
Kit = GitHub[TokenAuthStrategy]
T = TypeVar("T")


class World:
    """A folder in which a GitHub runs."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.url = f"http://127.0.0.1:{kept_port(root, 'github')}"
        self.host = root / ".local" / "git" / "repository.git"
        self.work = root / "work"
        self._kits: dict[str, Kit] = {}

    @property
    def token(self) -> str:
        """This machine's person's."""
        return (self.root / ".local" / "github" / "tokens" / person()).read_text()

    def token_of(self, login: str) -> str:
        """Somebody else's."""
        return str(self.ask("POST", "/_local/tokens", {"login": login}).json()["token"])

    def ask(self, method: str, path: str, body: Any = None, token: str = "", **headers: str) -> requests.Response:
        """A bare call."""
        own = {"Authorization": f"Bearer {token or self.token}", **headers}
        return requests.request(method, self.url + path, json=body, headers=own, timeout=30)

    def kit(self, token: str = "") -> Kit:
        """GitHub's own documents say what its answers must have: each is parsed by their schema."""
        token = token or self.token
        if token not in self._kits:  # what it makes refers to it weakly
            self._kits[token] = GitHub(
                token,
                base_url=f"{self.url}/",
                trust_env=False,  # it cannot read what leads round a proxy
                http_cache=False,
                auto_retry=False,
                timeout=30,
            )
        return self._kits[token]

    def git(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """A command of Git in the working tree."""
        return subprocess.run(["git", *arguments], cwd=self.work, capture_output=True, text=True, check=check)

    def commit(self, name: str, text: str, message: str = "", *, on: str = "") -> str:
        """A commit with one file, on that branch of the Git host or where the working tree is; its id."""
        if on:
            self.git("fetch", "--quiet", str(self.host), f"+refs/heads/{on}:refs/remotes/host/{on}")
            self.git("checkout", "--quiet", "--detach", f"refs/remotes/host/{on}")
        (self.work / name).write_text(text)
        self.git("add", name)
        self.git("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-qm", message or f"Add {name}")
        return self.git("rev-parse", "HEAD").stdout.strip()

    def push(self, branch: str, *more: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Push HEAD there."""
        return self.git("push", "--quiet", *more, str(self.host), f"HEAD:refs/heads/{branch}", check=check)

    def branch(self, name: str, text: str = "1\n") -> str:
        """A branch with one commit more than main, in a file of its name; the commit."""
        sha = self.commit(f"{name}.txt", text, on="main")
        self.push(name)
        return sha

    def head(self, branch: str) -> str:
        """Where a branch of the Git host is."""
        return self.git("ls-remote", str(self.host), f"refs/heads/{branch}").stdout.partition("\t")[0]

    def pull(self, head: str, base: str = "main", token: str = "") -> int:
        """A pull request of that branch; its number."""
        made = self.kit(token).rest.pulls.create(OWNER, REPO, title=f"Merge {head}", head=head, base=base)
        return made.parsed_data.number


def parsed(response: Response[T, Any]) -> T:
    """What was answered, if it has all that GitHub's schema says."""
    return response.parsed_data


def listed(response: Any) -> list[Any]:
    """The same of a list."""
    return list(response.parsed_data)


def refused(error: RequestFailed) -> tuple[int, str]:
    """Status and message of a refusal."""
    return error.response.status_code, str(error.response.json()["message"])


@contextmanager
def running(root: Path) -> Iterator[World]:
    """The daemon in that folder, from when it answers."""
    world = World(root)
    own = {"PATH": os.environ["PATH"], "HOME": str(root), "SLIPWAY_ROOT": str(root)} | measuring()
    with (root / "log").open("ab") as log:
        argv = [sys.executable, "-m", "localcloud.github"]
        process = subprocess.Popen(argv, env=own, stdout=log, stderr=subprocess.STDOUT)

        def ready() -> bool:
            assert process.poll() is None, (root / "log").read_text()
            try:
                return requests.get(f"{world.url}/_local/health", timeout=2).ok
            except requests.ConnectionError:
                return False

        try:
            eventually(ready)
            with mock.patch.dict("os.environ", {"SLIPWAY_ROOT": str(root)}):
                yield world
        finally:
            process.terminate()
            assert process.wait(20) == 0


def prepare(root: Path) -> None:
    """A Git host with one commit on `main`, and a stack file that names the repository."""
    world = World(root)
    (root / "Pulumi.dev.yaml").write_text(STACK)
    for command in (
        ["init", "--quiet", "--bare", "--initial-branch=main", str(world.host)],
        ["init", "--quiet", "--initial-branch=main", str(world.work)],
    ):
        subprocess.run(["git", *command], check=True)
    world.commit("README", "hello\n")
    world.push("main")
