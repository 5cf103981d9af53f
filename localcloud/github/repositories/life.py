"""How a repository comes to be known: this checkout's at the start, a fork when somebody asks for one."""

from __future__ import annotations

from localcloud.github.api.errors import NotFoundError
from localcloud.github.repositories.declared import declared
from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub, now
from localcloud.github.users.model import BOT, known, person


def prepare(github: GitHub) -> None:
    """The repository of this checkout, its owner, its person and the bot of workflows."""
    said = declared()
    known(github, said.owner, type_="Organization", number=said.owner_number, role="none")
    known(github, person(), role="admin")
    known(github, BOT, type_="Bot", number=41898282, role="none")
    key = f"{said.owner}/{said.name}".lower()
    if github.store.get(Repository, key) is None:
        moment = now()
        github.store.put(
            Repository(
                id=key,
                owner=said.owner,
                name=said.name,
                number=said.number,
                created_at=moment,
                pushed_at=moment,
            )
        )


def origin(github: GitHub) -> Repository:
    """The repository of this checkout, which is no fork."""
    for found in github.store.all(Repository, lambda one: not one.parent):
        return found
    raise NotFoundError


def fork(github: GitHub, parent: Repository, owner: str) -> Repository:
    """Somebody's fork of it, made at the first call; its owner may read the parent and no more."""
    key = f"{owner}/{parent.name}".lower()
    if found := github.store.get(Repository, key):
        return found
    known(github, owner, role="read")
    moment = now()
    return github.store.put(
        Repository(
            id=key,
            owner=owner,
            name=parent.name,
            number=parent.number + 1000 + github.number("fork"),
            private=parent.private,
            default_branch=parent.default_branch,
            parent=parent.id,
            created_at=moment,
            pushed_at=moment,
        )
    )
