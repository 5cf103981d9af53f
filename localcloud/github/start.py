"""How the daemon begins: what is known, who this machine's person is, and what was pushed while it did not run."""

from __future__ import annotations

from localcloud.github.access import tokens
from localcloud.github.hooks.install import install
from localcloud.github.protection.marks import mark
from localcloud.github.pushes.life import sync
from localcloud.github.repositories.life import prepare
from localcloud.github.runs.life import Runs
from localcloud.github.store import GitHub
from localcloud.github.users.model import person
from localcloud.machine.paths import git_host


def github() -> GitHub:
    """All of it, ready to answer."""
    made = GitHub()
    with made.lock:
        prepare(made)
        tokens.of_person(made, person())
        if (git_host() / "HEAD").exists():
            install()
            mark(made)
    return made


def runs(github: GitHub) -> Runs:
    """The runner of workflows, listening; only then what was pushed meanwhile is told, and starts its runs."""
    made = Runs(github)
    made.begin()
    with github.lock:
        if (git_host() / "HEAD").exists():
            sync(github)
    return made
