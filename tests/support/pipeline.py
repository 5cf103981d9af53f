"""A checkout whose pushes run its own workflow files on the local GitHub, and the environments that these deploy."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import requests

from tests.support.waiting import eventually
from tests.support.world import ENVIRONMENTS, Environment, World

T = TypeVar("T")
SECONDS = 600.0  # also on a machine that is busy with something else
LOOK_SECONDS = 0.3  # what is waited for is to have the machine
BRANCHES = {"dev": "develop", "staging": "staging", "prod": "main"}
TESTS = re.compile(r"run: \./slipway (test|migrations|release) .*")
REHEARSAL = re.compile(r"run: \./slipway migrations rehearse .*>(\S+) .*")
# At `/api/health/` the application says what is in the files of a folder: edits of two can be merged.
IDENTITY = Path("app/cams/proof/answer.py")
SAID = Path("app/cams/said")
SAYS = """
SAID = {one.name: one.read_text() for one in sorted((Path(__file__).parents[1] / "said").iterdir())}
"""


class Pipeline:
    """What a person does, and what became of it."""

    def __init__(self, world: World) -> None:
        self.world, self.checkout = world, world.checkout
        self.checkout.hurry()
        # The workflows are the real ones; what the jobs of these two test, the other suites do.
        self._shorten("ci", TESTS, "run: ./slipway pipeline staging")
        self._shorten("preview", REHEARSAL, r"run: echo >\1")
        self._say_what_is_in_files()
        self.commit("Test as much as a test of the pipeline needs")
        self.world.slipway_up("staging")  # which starts the clouds, from nothing
        at_once(self.world.slipway_up, ["dev", "prod"])
        self.environments = {name: Environment(self.world, name) for name in ENVIRONMENTS}
        self.world.local("runs", "--on", check=True)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """One call to the local GitHub, about the repository or by a whole path, as this machine's person."""
        said = self._github
        place = path if path.startswith("/") else f"/repos/{said['GITHUB_REPOSITORY']}/{path}"
        url = f"{said['GITHUB_API_URL']}{place}"
        headers = {"Authorization": f"Bearer {said['GITHUB_TOKEN']}"}
        answer = requests.request(method, url, json=body, headers=headers, timeout=30)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if "json" in answer.headers.get("Content-Type", "") else answer.text

    def edit(self, **words: str) -> str:
        """An application that says these words of itself; the commit."""
        for name, word in words.items():
            (self.checkout.folder / SAID / name).write_text(word)
        return self.commit(f"Say {', '.join(words.values())}")

    def commit(self, message: str) -> str:
        """Everything that is changed; the commit."""
        self._git("add", "--all")
        self._git("commit", "--quiet", "--allow-empty", "--message", message)
        return self._git("rev-parse", "HEAD")

    def at(self, branch: str) -> str:
        """Have checked out what the Git host has as that branch; the commit."""
        self._git("fetch", "--quiet", self._host, branch)
        self._git("checkout", "--quiet", "--detach", "FETCH_HEAD")
        return self._git("rev-parse", "HEAD")

    def push(self, branch: str) -> int:
        """HEAD as that branch; the deploy that this starts."""
        self._git("push", "--quiet", self._host, f"HEAD:{branch}")
        return self.started("deploy", branch, self._git("rev-parse", "HEAD"))

    def promotion(self, name: str) -> int:
        """The pull request that the workflow has opened for what goes on to that environment."""
        before = ENVIRONMENTS[ENVIRONMENTS.index(name) - 1]
        return self.pull(BRANCHES[before], BRANCHES[name])

    def pull(self, head: str, base: str) -> int:
        """The open pull request of those two, once it is there and brings all of its branch."""

        def there() -> list[int]:
            sha = self.ask("GET", f"git/ref/heads/{head}")["object"]["sha"]
            pulls = self.ask("GET", f"pulls?state=open&base={base}")
            return [one["number"] for one in pulls if (one["head"]["ref"], one["head"]["sha"]) == (head, sha)]

        return int(until(there, f"a pull request from {head} to {base}")[0])

    def merge(self, number: int, method: str = "merge") -> int:
        """As a person does; the deploy that this starts."""
        base = self.ask("GET", f"pulls/{number}")["base"]["ref"]
        self.world.local("pr", "merge", str(number), "--method", method, check=True)
        return self.started("deploy", base, self.ask("GET", f"pulls/{number}")["merge_commit_sha"])

    def started(self, workflow: str, branch: str, commit: str) -> int:
        """The run of that workflow which a push has started."""

        def there() -> list[int]:
            query = f"actions/runs?per_page=100&event=push&branch={branch}&head_sha={commit}"
            return [run["id"] for run in self.ask("GET", query)["workflow_runs"] if run["name"] == workflow]

        return int(until(there, f"a run of {workflow} for {branch}")[0])

    def run(self, number: int) -> dict[str, Any]:
        """As it is by now."""
        return dict(self.ask("GET", f"actions/runs/{number}"))

    def jobs(self, number: int) -> dict[str, dict[str, Any]]:
        """Those of a run, by name."""
        jobs = self.ask("GET", f"actions/runs/{number}/jobs?per_page=100")["jobs"]
        return {job["name"]: job for job in jobs}

    def ended(self, number: int) -> dict[str, str]:
        """How its jobs ended, by name, once all of them have."""
        until(lambda: self.run(number)["status"] == "completed", f"run {number} is over")
        return {name: str(job["conclusion"]) for name, job in self.jobs(number).items()}

    def succeeded(self, number: int) -> dict[str, str]:
        """The same of one that has to succeed."""
        ended = self.ended(number)
        assert self.run(number)["conclusion"] == "success", self.failures(number)
        return ended

    def rerun(self, number: int) -> None:
        """What did not succeed, once more."""
        self.world.local("runs", str(number), "--rerun", check=True)

    def log(self, number: int, job: str) -> str:
        """What that job has written."""
        return str(self.ask("GET", f"actions/jobs/{self.jobs(number)[job]['id']}/logs"))

    def failures(self, number: int) -> str:
        """What to read where a run did not succeed."""
        bad = [name for name, job in self.jobs(number).items() if job["conclusion"] not in ("success", "skipped")]
        return "\n".join(f"{name}:\n{self.log(number, name)[-3000:]}" for name in bad)

    def _shorten(self, workflow: str, long: re.Pattern[str], short: str) -> None:
        path = self.checkout.folder / f".github/workflows/{workflow}.yml"
        text, count = long.subn(short, path.read_text())
        assert count
        path.write_text(text)

    def _say_what_is_in_files(self) -> None:
        path, folder = self.checkout.folder / IDENTITY, self.checkout.folder / SAID
        imports, told = "from cams.environment", '"instance": environment.instance'
        text = path.read_text()
        assert text.count(imports) == text.count(told) == 1
        text = text.replace(imports, f"from pathlib import Path\n\n{imports}").replace(told, f"{told}, **SAID")
        path.write_text(text + SAYS)
        folder.mkdir()
        (folder / "begun").write_text("yes")

    @cached_property
    def _github(self) -> dict[str, str]:
        return dict(json.loads(self.world.local("github", "--json", check=True).stdout))

    @cached_property
    def _host(self) -> str:
        return self.world.local("git", check=True).stdout.strip()

    def _git(self, *words: str) -> str:
        return self.checkout.run("git", *words, check=True).stdout.strip()


def digest(environment: Environment) -> str:
    """Of the image that it runs."""
    return environment.image().partition("@")[2]


def until(condition: Callable[[], T], what: str) -> T:
    """What a run needs minutes for."""
    found: T = eventually(condition, what, SECONDS, LOOK_SECONDS)
    return found


def at_once(act: Callable[[str], object], names: list[str]) -> None:
    """Each in a thread of its own; the first error, once all are over."""
    with ThreadPoolExecutor() as threads:
        for one in [threads.submit(act, name) for name in names]:
            one.result()
