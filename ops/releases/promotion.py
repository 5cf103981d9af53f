"""Promote: what was tested in the environment before runs in this one, byte for byte, if it is of the same tree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from console.errors import REFUSED, WRONG_USE, ExplainedError
from infra.config import Stack
from infra.release import Release
from ops.context import Context
from ops.doors.committed import Commit
from ops.environments import local
from ops.environments.stacks import load
from ops.environments.up import Report as Up
from ops.environments.up import bring_up
from ops.releases import copying, records, source, verify
from ops.releases.authority import Authority, open_authority
from ops.releases.build import Look, artifact_of, held, tag_of
from ops.releases.verification import Claim
from registry_api.images import Images


@dataclass(frozen=True)
class Report:
    """What came from where, and what is up then."""

    release: Release
    up: dict[str, Any]

    def shown(self) -> dict[str, Any]:
        """For people and programs."""
        told = self.release.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"migrations"})
        return {**told, **self.up}


def promote(
    context: Context,
    environment: str,
    *,
    yes: bool = False,
    up: Callable[..., Up] = bring_up,
    migrations: Look = held,
) -> Report:
    """Copy the image of the environment before, verify it here, record it, and bring it up through the gate."""
    before = _before(load(environment))
    authority = open_authority(context, environment)
    if authority.cloud.is_local:
        local.prepare(context, authority.cloud)
    passage = authority.passage()
    passage.open("release promote")
    commit = source.committed(authority)
    number = passage.records.newest()
    theirs, ours = authority.images_of(before), authority.images()
    tested = _tested(authority, before, theirs, commit)
    context.output.say(f"copying {tested.digest} from {theirs.url} to {ours.url}")
    manifest = copying.copy(theirs, ours, tested.digest, tag=_free(ours, tag_of(commit.tree)))
    context.output.say(f"verifying {tested.digest} in {ours.url}")
    claim = Claim(tested.digest, commit.tree, tested.commit)
    found = verify.image(authority, ours, claim, only=tested.provenance, fresh=True)
    release = tested.model_copy(
        update={
            "commit": found.provenance.commit,
            "tree": commit.tree,
            "provenance": found.artifact,
            # In another account the record is not to be read: the image and the checkout, of the same tree, say it.
            "sbom": tested.sbom or artifact_of(ours, manifest, found.provenance.sbom),
            "migrations": tested.migrations or migrations(context),
            "event": "promoted",
            "by": passage.by,
            "at": authority.now,
            "source": before.environment,
        }
    )
    passage.record(release, after=number, what="release promote")
    return Report(release, up(context, environment, yes=yes, what="release promote").shown())


def _free(ours: Images, tag: str) -> str:
    """The tag, if nothing has it: it can be set once, and what was built here of the same tree keeps it."""
    return "" if ours.manifest(tag) else tag


def _before(stack: Stack) -> Stack:
    if stack.before is None:
        raise ExplainedError(
            f"cannot promote to {stack.environment}",
            "there is no environment before it",
            hint=f"./slipway release build {stack.environment}",
            code=WRONG_USE,
        )
    return load(stack.before.names.environment)


def _tested(authority: Authority, before: Stack, theirs: Images, commit: Commit) -> Release:
    """What has run in the environment before and passed its gate, if it is of this tree.

    In another account its record cannot be read: there the tag of the tree names the image, and the signature on what
    hangs on it says the rest.
    """
    stack, tree = authority.stack, commit.tree
    tested = recorded = None
    if before.aws.account == stack.aws.account:
        there = records.of(before, authority.context.doors.aws(authority.cloud, before.aws.region))
        tested, recorded = there.passed(), there.current()
    elif manifest := theirs.manifest(tag_of(tree)):
        tested = Release(digest=manifest.digest, tree=tree)
    if tested and tested.tree == tree:
        return tested
    if recorded and recorded.tree == tree:
        raise ExplainedError(
            f"refused: the tree {tree[:12]} of `{stack.branch}` has not passed the gate of {before.environment}",
            f"its image {recorded.digest} is recorded there, and has not run and passed yet",
            hint=f"./slipway up {before.environment}, and run the same command again",
            code=REFUSED,
        )
    raise ExplainedError(
        f"refused: the tree {tree[:12]} of `{stack.branch}` was not tested",
        f"{_released(before, tested or recorded)}, and what was not tested is not promoted",
        hint=f"build and test it: ./slipway release build {stack.environment}, then ./slipway up {stack.environment}",
        code=REFUSED,
    )


def _released(before: Stack, release: Release | None) -> str:
    what = release.tree[:12] if release and release.tree else "nothing of a known tree"
    return f"{before.environment} has released {what}"
