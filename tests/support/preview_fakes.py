"""Pulumi, Render and GitHub as plain objects, for what decides about previews of pull requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra import load_preview
from ops.context import Context, Doors
from ops.doors.cloud import Cloud
from ops.previews.known import BASIS
from ops.previews.place import Place
from tests.support.github_fake import GitHubFake

COMMIT = "c0ffee" * 6 + "c0de"


def resources(until: str, url: str = "https://there") -> list[dict[str, Any]]:
    """The state of one that is up."""
    basis = {"branch": "more-seats", "commit": COMMIT, "until": until}
    return [
        {"type": "pulumi:pulumi:Stack", "outputs": {"url": url}},
        {"type": BASIS, "inputs": basis},
    ]


@dataclass
class PulumiFake:
    """Stacks by name with what is in each; `codes` of runs to come, in order, then 0."""

    there: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    codes: list[int] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    def stacks(self) -> list[str]:
        """Their names."""
        return list(self.there)

    def resources(self, stack: str) -> list[dict[str, Any]]:
        """What is in one."""
        return self.there[stack]

    def make_stack(self, stack: str, *, key: str = "") -> None:
        """An empty one."""
        self.there.setdefault(stack, [])

    def up(self, stack: str, options: Sequence[str], variables: Mapping[str, str]) -> int:
        """Its resources, unless that run fails."""
        code = self._next(f"up {stack}")
        if code == 0:
            self.there[stack] = resources("2026-12-03T10:00:00+00:00")
        return code

    def destroy(self, stack: str) -> int:
        """Nothing is left in it, unless that run fails."""
        code = self._next(f"destroy {stack}")
        if code == 0:
            self.there[stack] = []
        return code

    def remove_stack(self, stack: str) -> None:
        """It is gone."""
        self.done.append(f"remove {stack}")
        del self.there[stack]

    def _next(self, what: str) -> int:
        self.done.append(what)
        return self.codes.pop(0) if self.codes else 0


@dataclass
class RenderFake:
    """Environments of the project, by id."""

    environments: dict[str, str] = field(default_factory=dict)

    def pages(self, path: str, params: dict[str, str], *, envelope: str) -> Iterator[dict[str, Any]]:
        """The project, and what is in it."""
        if path == "/projects":
            yield {"id": "prj-1", "name": "cams"}
        else:
            yield from ({"id": key, "name": name} for key, name in self.environments.items())

    def delete(self, path: str) -> None:
        """With what is in it."""
        del self.environments[path.rpartition("/")[2]]


@dataclass
class PullsFake(GitHubFake):
    """Pull requests by number."""

    pulls: dict[int, dict[str, Any]] = field(default_factory=dict)
    statuses: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def get(self, path: str, **wanted: str) -> Any:
        """One of them, or the statuses of a deployment."""
        kind, _, rest = path.partition("/")
        return self.pulls[int(rest)] if kind == "pulls" else self.statuses.get(path, [])

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """Noted."""
        return {"id": 11} | super().post(path, body)


def pull(number: int = 7, *, state: str = "open", owner: str | None = "example", label: str = "preview") -> Any:
    """A pull request as GitHub writes it."""
    return {
        "number": number,
        "state": state,
        "labels": [{"name": label}],
        "head": {
            "ref": "more-seats",
            "sha": COMMIT,
            "repo": owner and {"full_name": f"{owner}/cams"},
        },
        "base": {"repo": {"full_name": "example/cams"}},
    }


def place(root: Path, pulumi: PulumiFake, render: RenderFake | None = None) -> Place:
    """The local cloud with these behind its doors."""
    doors = Doors(
        pulumi=lambda cloud: pulumi,  # type: ignore[arg-type,return-value] # the parts that are asked
        render=lambda cloud, **_: render or RenderFake(),  # type: ignore[arg-type] # the same
    )
    return Place(Context(doors), Cloud({}, is_local=True), load_preview.shared(), root)
