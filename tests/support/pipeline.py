"""A checkout whose pushes run its own workflow files on the local GitHub, and the environments that these deploy."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.support.waiting import eventually
from tests.support.world import Environment, World

SECONDS = 240.0
TESTS = re.compile(r"run: \./slipway (test|migrations) .*")


class Pipeline:
    """What a person does, and what became of it."""

    def __init__(self, world: World) -> None:
        self.world, self.checkout = world, world.checkout
        ci = self.checkout.folder / ".github/workflows/ci.yml"
        # The workflow is the real one; what its jobs test, the other suites do.
        ci.write_text(TESTS.sub("run: ./slipway pipeline staging", ci.read_text()))
        self.commit("Test as much as a test of the pipeline needs")
        for name in ("staging", "prod"):
            world.have(name)
            world.slipway("release", "key", name, check=True)
        world.local("runs", "--on", check=True)

    def commit(self, message: str) -> str:
        """Everything that is changed; the commit."""
        self.checkout.run("git", "commit", "--quiet", "--all", "--allow-empty", "--message", message, check=True)
        return self.checkout.run("git", "rev-parse", "HEAD", check=True).stdout.strip()

    def push(self, branch: str) -> int:
        """HEAD as that branch; the deploy that this starts."""
        commit = self.checkout.run("git", "rev-parse", "HEAD", check=True).stdout.strip()
        self.checkout.shell(f'git push --quiet --force "$(./slipway local git)" HEAD:{branch}', check=True)

        def started() -> list[int]:
            return [
                run["id"]
                for run in self.runs()
                if (run["name"], run["head_sha"], run["head_branch"]) == ("deploy", commit, branch)
            ]

        return int(eventually(started, f"a deploy of {branch}")[0])

    def runs(self) -> list[dict[str, Any]]:
        """Newest first."""
        return list(json.loads(self.world.local("runs", "--json", check=True).stdout))

    def run(self, number: int) -> dict[str, Any]:
        """One, with its jobs."""
        return dict(json.loads(self.world.local("runs", str(number), "--json", check=True).stdout))

    def ended(self, number: int) -> dict[str, str]:
        """How its jobs ended, by name, once all of them have."""
        eventually(lambda: self.run(number)["status"] == "completed", f"run {number} is over", seconds=SECONDS)
        return {job["name"]: str(job["conclusion"]) for job in self.run(number)["jobs"]}

    def log(self, number: int) -> str:
        """All that its jobs have written."""
        return self.world.local("runs", str(number), "--follow").stdout

    def edit(self, word: str) -> str:
        """An application that says another word of itself; the commit."""
        health = self.checkout.folder / "app/cams/health.py"
        said = re.sub(
            r'"status": status,( "word": "\w+",)?', f'"status": status, "word": "{word}",', health.read_text()
        )
        assert word in said
        health.write_text(said)
        return self.commit(f"Say {word}")


def digest(environment: Environment) -> str:
    """Of the image that it runs."""
    return environment.image().partition("@")[2]
