"""Run by Git before it accepts a push: refuses what the branch is protected from, in GitHub's words."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from console import inherited
from localcloud.github.git.repository import ZERO, is_ancestor, quarantine
from localcloud.github.protection.model import Protection
from localcloud.github.protection.rules import Push, push_refusal, results
from localcloud.github.repositories.model import Repository
from localcloud.github.store import GitHub


def refusals(lines: Iterable[str], env: dict[str, str]) -> list[str]:
    """What to say of each ref that may not be changed so. Who can write to the Git host is its administrator."""
    github, said = GitHub(), []
    try:
        protected = {
            f"{github.store.find(Repository, one.repository).heads}{one.branch}": one
            for one in github.store.all(Protection)
        }
        for line in lines:
            before, after, ref = line.split()
            protection = protected.get(ref)
            if protection is None:
                continue
            forced = ZERO not in {before, after} and not is_ancestor(before, after, env)
            found = results(github, github.store.find(Repository, protection.repository), after)
            why = push_refusal(protection, Push(before, after, forced), found, admin=True)
            if why:
                said += [f"error: GH006: Protected branch update failed for {ref}.", "", *(f"- {one}" for one in why)]
    finally:
        github.store.close()
    return said


def main() -> int:
    """Git gives `before after ref` for each, and refuses the whole push where this fails."""
    env = quarantine()
    inherited.settle()
    said = refusals(sys.stdin, env)
    for line in said:
        sys.stderr.write(f"{line}\n")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
