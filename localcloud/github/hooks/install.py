"""Git's hooks on the Git host: one that refuses what a branch is protected from, one that tells of a push."""

from __future__ import annotations

import shlex
import sys

from localcloud.github.git.repository import git
from localcloud.github.protection.marks import marked
from localcloud.machine.paths import checkout, git_host, write_atomically

PRE_RECEIVE = """#!/bin/sh
# Written by the local cloud. Most of the time no branch is protected, and then a push need not wait for Python.
[ -s {marked} ] || exit 0
SLIPWAY_ROOT={root} exec {python} -m localcloud.github.hooks.pre_receive
"""
POST_RECEIVE = """#!/bin/sh
# Written by the local cloud. Where it does not run, it looks at its next start.
SLIPWAY_ROOT={root} exec {python} -m localcloud.github.hooks.post_receive
"""


def install() -> None:
    """Put them there, as of this checkout and its Python; a user's own `core.hooksPath` has no say here."""
    places = {"marked": marked(), "root": checkout(), "python": sys.executable}
    words = {name: shlex.quote(str(place)) for name, place in places.items()}
    for name, text in (("pre-receive", PRE_RECEIVE), ("post-receive", POST_RECEIVE)):
        write_atomically(git_host() / "hooks" / name, text.format(**words).encode(), mode=0o700)
    git("config", "core.hooksPath", str(git_host() / "hooks"))
    git("config", "receive.hideRefs", "refs/pull")  # they are made here alone
