"""A GitHub of its own with a repository of a few files, whose workflows run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests

from localcloud.github.users.model import person
from tests.support.measuring import measuring
from tests.support.tokens import kept_port
from tests.support.waiting import eventually

REPOSITORY = "example/cams"
STACK = """config:
  cams:github:
    organization: example
    organization_id: 6154722
    repository: cams
    repository_id: 1029384756
"""
PUSH = "on:\n  push: {branches: [main]}\npermissions: {}\n"
"""How most workflows of the tests begin."""
SECONDS = 60.0


class GitHub:
    """The daemon, and what a person does with it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.work = root / "work"
        (root / "Pulumi.dev.yaml").write_text(STACK)
        own = {"PATH": os.environ["PATH"], "HOME": str(root), "SLIPWAY_ROOT": str(root)} | measuring()
        cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
        self._environment = own | {"XDG_CACHE_HOME": cache}  # where act is
        self.host = root / ".local/git/repository.git"
        self.host.parent.mkdir(parents=True)
        self.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.host), folder=root)
        self.git("init", "--quiet", "--initial-branch=main", str(self.work), folder=root)
        self.commit({"README.md": "begun"}, "Begin")
        self.push("main")
        self.start()
        try:
            self.switch(on=True)
        except BaseException:
            self.kill()
            raise

    def start(self) -> None:
        """Have the daemon answering."""
        self.port = kept_port(self.root, "github")
        with (self.root / "log").open("ab") as log:
            argv = [sys.executable, "-m", "localcloud.github"]
            self._daemon = subprocess.Popen(argv, env=self._environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            eventually(self._ready, "the daemon answers")
        except BaseException:
            self.kill()
            raise

    def _ready(self) -> bool:
        assert self._daemon.poll() is None, (self.root / "log").read_text()
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/_local/health", timeout=2).ok
        except requests.ConnectionError:
            return False

    def stop(self) -> None:
        """As `local stop` does."""
        self._daemon.terminate()
        assert self._daemon.wait(30) == 0, (self.root / "log").read_text()

    def kill(self) -> None:
        """As a crash does."""
        self._daemon.kill()
        self._daemon.wait(10)

    def git(self, *words: str, folder: Path | None = None) -> str:
        """Git in the working copy."""
        who = dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "Ada")
        who |= dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "ada@example.com")
        own = {"PATH": os.environ["PATH"], "HOME": str(self.root), **who}
        done = subprocess.run(
            ["git", *words], cwd=folder or self.work, env=own, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit(self, files: Mapping[str, str], message: str = "Change") -> str:
        """Commit these files; the commit."""
        for name, text in files.items():
            path = self.work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")

    def push(self, branch: str, *, tell: bool = False) -> None:
        """Push HEAD as that branch, and tell the daemon as Git's hook does."""
        self.git("push", "--quiet", "--force", str(self.host), f"HEAD:refs/heads/{branch}")
        if tell:
            requests.post(
                f"http://127.0.0.1:{self.port}/_local/refs", headers={"User-Agent": "git"}, timeout=10
            ).raise_for_status()

    def ask(self, method: str, path: str, body: Any = None, *, login: str = "") -> Any:
        """One call of the API, as that person."""
        answer = self.asked(method, path, body, login=login)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        kind = answer.headers.get("Content-Type", "")
        return answer.json() if answer.content and "json" in kind else answer.text

    def asked(self, method: str, path: str, body: Any = None, *, login: str = "") -> requests.Response:
        """The same, whatever is answered."""
        token = (self.root / ".local/github/tokens" / (login or person())).read_text()
        where = path if path.startswith("/") else f"/repos/{REPOSITORY}/{path}"
        headers = {"Authorization": f"Bearer {token}"}
        return requests.request(
            method, f"http://127.0.0.1:{self.port}{where}", json=body, headers=headers, timeout=30
        )

    def person(self, login: str) -> dict[str, Any]:
        """Somebody else of this machine."""
        self.ask("POST", "/_local/tokens", {"login": login})
        return dict(self.ask("GET", f"/users/{login}"))

    def switch(self, *, on: bool) -> None:
        """Whether pushes start runs."""
        self.ask("PUT", "/_local/runs", {"on": on})

    def runs(self, **wanted: str) -> list[dict[str, Any]]:
        """Newest first."""
        query = "&".join(f"{name}={value}" for name, value in wanted.items())
        return list(self.ask("GET", f"actions/runs?per_page=100&{query}")["workflow_runs"])

    def run_of(self, commit: str, name: str = "") -> dict[str, Any]:
        """The run that a commit has started, once it is there."""
        found: list[dict[str, Any]] = []

        def there() -> bool:
            found[:] = [run for run in self.runs(head_sha=commit) if name in {"", run["name"]}]
            return bool(found)

        eventually(there, f"a run of {commit[:8]} {name}", seconds=SECONDS)
        return found[0]

    def jobs(self, run: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """By name."""
        return {job["name"]: job for job in self.ask("GET", f"actions/runs/{run['id']}/jobs?per_page=100")["jobs"]}

    def until(self, run: Mapping[str, Any], status: str = "completed") -> dict[str, Any]:
        """That run, once it has that status."""
        now: dict[str, Any] = {}

        def so() -> bool:
            now.update(self.ask("GET", f"actions/runs/{run['id']}"))
            return bool(now["status"] == status)

        try:
            eventually(so, f"run {run['id']} is {status}", seconds=SECONDS)
        except AssertionError as error:
            raise AssertionError(f"{error}: {json.dumps(self.jobs(run), indent=1)}\n{self.root / 'log'}") from error
        return now

    def until_job(self, run: Mapping[str, Any], name: str, status: str) -> dict[str, Any]:
        """That job of it, once it has that status."""
        eventually(
            lambda: self.jobs(run).get(name, {}).get("status") == status, f"{name} is {status}", seconds=SECONDS
        )
        return self.jobs(run)[name]

    def log(self, run: Mapping[str, Any], job: str) -> str:
        """What the job has written."""
        return str(self.ask("GET", f"actions/jobs/{self.jobs(run)[job]['id']}/logs"))

    def workflow(self, text: str, name: str = "one", *, branch: str = "main", **more: str) -> dict[str, Any]:
        """Push a file of that text in place of those before, and the run that this starts."""
        shutil.rmtree(self.work / ".github", ignore_errors=True)
        files = {f".github/workflows/{name}.yml": f"name: {name}\n{text}"}
        files |= {f".github/workflows/{other}.yml": said for other, said in more.items()}
        commit = self.commit(files)
        self.push(branch, tell=True)
        return self.run_of(commit)
