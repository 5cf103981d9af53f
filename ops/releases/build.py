"""Build an image once for each tree, and sign what it was built of."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from console.errors import ExplainedError
from infra.release import Migration, Release
from ops.context import Context
from ops.doors.committed import Commit
from ops.doors.programs import ROOT
from ops.environments import local
from ops.migrations.look import everything
from ops.migrations.plan import plan
from ops.releases import attachments, passed, sbom, source, verify
from ops.releases.authority import Authority, open_authority
from ops.releases.provenance import PREDICATE, Built
from ops.releases.trust import COMMAND
from ops.releases.verification import Claim
from registry_api.connection import RegistryRefusedError
from registry_api.images import Images
from registry_api.manifests import Manifest, digest_of

PLATFORM = "linux/amd64"
LARGEST_CONFIG = 1 << 20


@dataclass(frozen=True)
class Report:
    """What was built, or was there."""

    environment: str
    release: Release
    url: str
    built: bool
    seconds: float

    def shown(self) -> dict[str, Any]:
        """For people and programs."""
        told = self.release.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"migrations"})
        return {"image": f"{self.url}@{self.release.digest}", "built": self.built, **told, "seconds": self.seconds}


def tag_of(tree: str) -> str:
    """The tag of what was built of a tree; it is set when all that hangs on the image is there."""
    return f"tree-{tree[:12]}"


Look = Callable[[Context], tuple[Migration, ...]]


def held(context: Context) -> tuple[Migration, ...]:
    """What the application holds; that it is as it was committed is known by then."""
    context.output.say("looking which of its migrations a release before could live with")
    return tuple(one.recorded() for one in plan(everything(context)))


def build(context: Context, environment: str, *, test_run: str = "", migrations: Look = held) -> Report:
    """Have an image of the committed tree in the environment's registry, signed, and record it."""
    began = context.clock()
    authority = open_authority(context, environment)
    if authority.cloud.is_local:
        local.prepare(context, authority.cloud)
    passage = authority.passage()
    passage.open("release build")
    number = passage.records.newest()
    commit = source.committed(authority)
    images = authority.images()
    tag = tag_of(commit.tree)
    manifest = images.manifest(tag)
    built = manifest is None
    if manifest is None:
        manifest = _built(authority, images, commit, tag)
    context.output.say(f"{tag} is {manifest.digest}: verifying it")
    found = verify.image(authority, images, Claim(manifest.digest, commit.tree), fresh=True)
    if test_run:
        passed.attach(authority, images, manifest, commit, test_run)
    release = Release(
        digest=manifest.digest,
        commit=found.provenance.commit,
        tree=commit.tree,
        sbom=artifact_of(images, manifest, found.provenance.sbom),
        provenance=found.artifact,
        migrations=migrations(context),
        test_run=test_run or None,
        event="built",
        by=passage.by,
        at=authority.now,
    )
    passage.record(release, after=number, what="release build")
    return Report(environment, release, images.url, built, round(context.clock() - began, 1))


def _built(authority: Authority, images: Images, commit: Commit, tag: str) -> Manifest:
    """Build, push, attach; the tag comes last, so that what has it is whole, and is the first that was whole."""
    context, stack = authority.context, authority.stack
    application, started = stack.application, authority.now
    with tempfile.TemporaryDirectory(prefix="slipway-build-") as name:
        folder = context.doors.committed.export(ROOT, commit.id, application.root, Path(name))
        context.output.say(f"building {application.root}/ of {commit.id[:12]}")
        digest = context.doors.build(
            images.url,
            f"build-{commit.tree[:12]}-{secrets.token_hex(4)}",
            context=folder,
            platform=PLATFORM,
            registry_id=stack.aws.account,
            region=stack.aws.region,
            say=context.output.say,
        )
        manifest = images.manifest(digest)
        if manifest is None:
            raise ExplainedError(f"cannot read {images.url}@{digest}", "it was pushed, and is not there")
        packages = sbom.document(
            application=application.name,
            digest=digest,
            requirements=_text(folder / "requirements.txt"),
            dockerfile=_text(folder / "Dockerfile"),
            config=_config(images, manifest),
            built=commit.when,
        )
    attachments.attach(images, manifest, attachments.SBOM_TYPE, packages, {})
    statement = _told(authority, commit, manifest, packages, started).statement()
    attachments.attach_bundle(images, manifest, authority.sign(statement), PREDICATE)
    try:
        images.put(manifest, tag)
    except RegistryRefusedError:
        # A tag can be set once. If somebody else was faster, theirs is the image, once it is verified.
        theirs = images.manifest(tag)
        if theirs is None:
            raise
        context.output.say(f"{tag} was built by somebody else meanwhile: taking {theirs.digest}")
        return theirs
    return manifest


def _told(authority: Authority, commit: Commit, manifest: Manifest, packages: bytes, started: datetime) -> Built:
    stack = authority.stack
    path = stack.release.workflow if authority.in_job else COMMAND
    return Built(
        application=stack.application.name,
        digest=manifest.digest,
        repository=stack.github.url,
        repository_id=stack.github.repository_id,
        branch=stack.branch,
        workflow=path,
        builder=f"{stack.github.url}/{path}@refs/heads/{stack.branch}",
        commit=commit.id,
        tree=commit.tree,
        sbom=digest_of(packages),
        parameters={"context": stack.application.root, "dockerfile": "Dockerfile", "platform": PLATFORM},
        run=run_of(os.environ) if authority.in_job else "",
        started=started,
        finished=authority.now,
    )


def run_of(environ: Mapping[str, str]) -> str:
    """Where the job that we run in can be looked at."""
    server, repository, run = (environ.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    return f"{server}/{repository}/actions/runs/{run}/attempts/{environ.get('GITHUB_RUN_ATTEMPT', '1')}"


def artifact_of(images: Images, subject: Manifest, document: str) -> str | None:
    """The artifact that holds a document and hangs on an image."""
    for each in images.referrers(subject.digest, attachments.SBOM_TYPE):
        artifact = images.manifest(str(each["digest"]))
        layers = artifact.said.get("layers") if artifact and artifact.subject == subject.digest else None
        if artifact and layers and layers[0].get("digest") == document:
            return artifact.digest
    return None


def _config(images: Images, manifest: Manifest) -> dict[str, Any]:
    """How the image is started, as its configuration says."""
    said = manifest.said.get("config")
    if not isinstance(said, dict):
        return {}
    config: dict[str, Any] = json.loads(images.blob(str(said["digest"]), limit=LARGEST_CONFIG))
    return config


def _text(path: Path) -> str:
    return path.read_text() if path.is_file() else ""
