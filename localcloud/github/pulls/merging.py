"""The three ways to merge, carried out in the bare repository; no working tree is touched but that of a rebase."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from localcloud.github.commits.model import between
from localcloud.github.git.repository import GitError, git, is_ancestor, merge_base, run, update
from localcloud.github.pulls.model import Pull
from localcloud.github.store import GitHub
from localcloud.github.users.model import User, known
from localcloud.machine import clock

COMMITTER = ("GitHub", "noreply@github.com")


class ConflictError(Exception):
    """The two cannot be merged without a person."""


def test_merge(github: GitHub, pull: Pull) -> Pull:
    """See whether it can be merged, and keep the result as `refs/pull/N/merge`; none if it cannot."""
    both = (pull.base_sha, pull.head_sha)
    if pull.tested == both:
        return pull
    try:
        sha = merge_commit(github, pull, f"Merge {pull.head_sha} into {pull.base_sha}\n", "")
    except ConflictError:
        return github.store.change(pull, tested=both, conflicts=True, merge_sha=None)
    update(pull.merge_ref, sha)
    return github.store.change(pull, tested=both, conflicts=False, merge_sha=sha)


def merge_commit(github: GitHub, pull: Pull, message: str, actor: str) -> str:
    """A commit with both as parents."""
    return merge_of(github, pull.base_sha, pull.head_sha, message, actor)


def merge_of(github: GitHub, base: str, head: str, message: str, actor: str) -> str:
    """The same of any two commits."""
    return _commit(_merged_tree(base, head), ("-p", base, "-p", head), message, signatures(github, actor))


def squash(github: GitHub, pull: Pull, message: str, author: str) -> str:
    """One commit on the base with all that the head has changed."""
    return _commit(
        _merged_tree(pull.base_sha, pull.head_sha), ("-p", pull.base_sha), message, signatures(github, author)
    )


def rebase(github: GitHub, pull: Pull, actor: str) -> str:
    """Each commit of the head again, on the base, by its own author; merges among them are left out."""
    commits = [commit for commit in between(pull.base_sha, pull.head_sha) if len(commit.parents) < 2]
    name, email = address(github, actor)
    env = {"GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": email, "GIT_COMMITTER_DATE": _now()}
    with tempfile.TemporaryDirectory(prefix="slipway-rebase-") as folder:
        work = Path(folder) / "work"
        git("worktree", "add", "--quiet", "--detach", str(work), pull.base_sha)
        try:
            for commit in commits:
                picked = run(f"--work-tree={work}", f"--git-dir={_of(work)}", "cherry-pick", commit.sha, env=env)
                if picked.returncode != 0:
                    raise ConflictError
            return git(f"--git-dir={_of(work)}", "rev-parse", "HEAD").strip()
        finally:
            git("worktree", "remove", "--force", str(work))


def can_rebase(pull: Pull) -> bool:
    """Whether a rebase is worth offering: as GitHub says in `rebaseable`, which it finds out by trying."""
    return not pull.conflicts and not is_ancestor(pull.head_sha, pull.base_sha)


def address(github: GitHub, login: str) -> tuple[str, str]:
    """The name and the address that somebody commits with here."""
    user: User = known(github, login)
    return user.login, f"{user.number}+{user.login}@users.noreply.github.com"


def signatures(github: GitHub, login: str) -> dict[str, str]:
    """Somebody as the author, GitHub as the committer."""
    author, email = address(github, login) if login else COMMITTER
    committer, committer_email = COMMITTER
    return {
        "GIT_AUTHOR_NAME": author,
        "GIT_AUTHOR_EMAIL": email,
        "GIT_AUTHOR_DATE": _now(),
        "GIT_COMMITTER_NAME": committer,
        "GIT_COMMITTER_EMAIL": committer_email,
        "GIT_COMMITTER_DATE": _now(),
    }


def _merged_tree(base: str, head: str) -> str:
    if merge_base(base, head) is None:
        raise ConflictError
    ended = run("merge-tree", "--write-tree", base, head)
    if ended.returncode == 1:
        raise ConflictError
    if ended.returncode != 0:
        raise GitError(ended.stderr.strip())
    return ended.stdout.split()[0]


def _commit(tree: str, parents: tuple[str, ...], message: str, env: Mapping[str, str]) -> str:
    return git("commit-tree", tree, *parents, "-F", "-", stdin=message, env=env).strip()


def _of(work: Path) -> str:
    return (work / ".git").read_text().removeprefix("gitdir: ").strip()


def _now() -> str:
    return f"{int(clock.now().timestamp())} +0000"
