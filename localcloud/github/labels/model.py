"""Labels of issues and pull requests."""

from __future__ import annotations

from typing import Any, ClassVar

from localcloud.github.repositories.bodies import url
from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub, Record, node_id

GREY = "ededed"  # of one that is made by being used


class Label(Record):
    """Its id is `owner/name name`, in small letters: names are the same in capitals."""

    kind: ClassVar[str] = "label"

    repository: str
    name: str
    number: int
    color: str = GREY
    description: str | None = None


def label_id(repository: Repository, name: str) -> str:
    """What it is kept under."""
    return f"{repository.id} {name.lower()}"


def used(github: GitHub, repository: Repository, name: str) -> Label:
    """The label of that name, made by being used first."""
    found = github.store.get(Label, label_id(repository, name))
    return found or github.store.put(
        Label(
            id=label_id(repository, name),
            repository=repository.id,
            name=name,
            number=github.number("label"),
        )
    )


def label_body(repository: Repository, label: Label) -> dict[str, Any]:
    """A label as GitHub writes it."""
    return {
        "id": label.number,
        "node_id": node_id("LA", label.number),
        "url": f"{url(repository)}/labels/{label.name}",
        "name": label.name,
        "color": label.color,
        "default": False,
        "description": label.description,
        "archived_at": None,
        "archived_by": None,
    }
