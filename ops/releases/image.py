"""The image of what is committed, built as a release is and kept by nobody: what a pull request may do."""

from __future__ import annotations

import tempfile
from pathlib import Path

from console.errors import ExplainedError
from infra.application import APPLICATION
from ops.context import Context
from ops.doors.builder import NoEngineError
from ops.doors.programs import ROOT
from ops.releases import sbom
from ops.releases.build import PLATFORM, tag_of


def check(context: Context, *, cache: Path | None, listed: Path | None, skip: bool = False) -> str:
    """List what would be in it, then build it; why that was skipped, where it was. No registry, no role is needed."""
    commit = context.doors.committed.head(ROOT)
    with tempfile.TemporaryDirectory(prefix="slipway-image-") as name:
        folder = context.doors.committed.export(ROOT, commit.id, APPLICATION.root, Path(name))
        if listed:
            listed.write_bytes(
                sbom.document(
                    application=APPLICATION.name,
                    digest=tag_of(commit.tree),
                    requirements=(folder / "requirements.txt").read_text(),
                    dockerfile=(folder / "Dockerfile").read_text(),
                    config={},
                    built=commit.when,
                )
            )
        context.output.say(f"building {APPLICATION.root}/ of {commit.id[:12]}")
        try:
            context.doors.check_image(folder, platform=PLATFORM, cache=cache, say=context.output.say)
        except NoEngineError as error:
            if skip:
                return str(error)
            raise ExplainedError(
                "cannot build the image",
                str(error),
                hint="https://docs.docker.com/get-docker, with buildx; --unreachable skip leaves it out",
            ) from error
    return ""
