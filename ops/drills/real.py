"""The means of a real drill: the bucket, the key of the vault or of a file, a scratch server, the release's code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from console.errors import ExplainedError
from ops.backups import contents, keys
from ops.backups.jobs import usual_jobs
from ops.backups.manifest import Manifest
from ops.backups.place import Place
from ops.backups.store import LATEST, Store
from ops.doors.postgres import Scratch, refused
from ops.doors.programs import ROOT
from ops.drills import media
from ops.drills.book import Told
from ops.drills.means import Candidate, Opener
from ops.drills.report import Opened, Ran, Who
from ops.drills.restoring import address, restore
from ops.migrations.before import packages
from ops.migrations.look import application
from ops.migrations.schema import Rows
from ops.releases.records import Records
from ops.restores.comparing import Reading, reading


@dataclass(frozen=True)
class Real:
    """Of one environment."""

    place: Place
    key_file: Path | None = None
    scratch_url: str = ""
    refused: Callable[..., str] = refused
    readings: dict[str, Reading] = field(default_factory=dict)
    """What is restored, by its address: read from when its rows are there."""

    @property
    def rows(self) -> Rows:
        return self.place.context.doors.rows

    def backup(self, wanted: str) -> tuple[Manifest, list[str]]:
        """The one that begins so, else the newest that is whole; that a newer one is not is no less a finding."""
        passed_by: list[str] = []
        store = Store(self.place.objects, self.place.environment, passed_by.append)
        try:
            return store.find(wanted or LATEST)[1], passed_by
        except ExplainedError as error:
            said = str(error).partition("\n\n")[0]
            raise ExplainedError("; ".join([said, *passed_by])) from error

    def opener(self, manifest: Manifest) -> Opener:
        """That of the file, else the environment's own: one of those that it was sealed for."""
        key = keys.key(self.place.stack, self.place.clients, self.key_file)
        for identity in key.identities:
            recipient = str(identity.to_public())
            if recipient in manifest.recipients:
                return Opener(Opened(by=cast("Who", key.kind), recipient=recipient), str(identity), key)
        raise ExplainedError(
            f"cannot open {manifest.id}",
            f"it is sealed for {', '.join(manifest.recipients)}, and {key.where} has {', '.join(key.recipients)}",
        )

    @contextmanager
    def scratch(self, version: str) -> Iterator[Scratch]:
        """On this machine, or databases in the server that is named."""
        server = self.place.context.doors.scratch(version, self.scratch_url)
        with server as one, reading(address(one), usual_jobs()) as self.readings[address(one)]:
            yield one

    def restore(self, manifest: Manifest, opener: Opener, scratch: Scratch) -> str:
        """Into a new database there."""
        url = address(scratch)
        restore(manifest, self.place, opener, scratch, self.readings[url].begin)
        return url

    def differences(self, manifest: Manifest, url: str) -> list[str]:
        """By the very reading that made the manifest's."""
        wanted = contents.Contents.model_validate(manifest.contents)
        return contents.differences(wanted, self.readings[url].contents())

    def media(self, manifest: Manifest, url: str) -> Told:
        """By the copy's own list of files."""
        names = self.place.context.doors.media_names
        return Told(*media.looked_at(self.place, manifest.started, url, names))

    @contextmanager
    def candidate(self, manifest: Manifest) -> Iterator[Candidate]:
        """The code of the commit that the release's record names; in a job, and without git, what is here."""
        place = self.place
        stack, doors, root = place.stack, place.context.doors, place.stack.application.root
        commit, why = self._commit(manifest.release)
        if not commit:
            here = place.cloud.variables.get("APP_VERSION") or "this checkout"
            same = here == manifest.release
            ran = Ran(wanted=manifest.release, ran=here, same=same, why="" if same else why)
            yield Candidate(application(place.context, stack), stack.application, ran)
            return
        with TemporaryDirectory(prefix="slipway-drill-") as folder:
            doors.git_export(ROOT, commit, root, Path(folder))
            there = Path(folder, root)
            others = "" if packages(there) == packages(ROOT / root) else ", with this checkout's packages"
            ran = Ran(wanted=manifest.release, ran=f"{manifest.release} (commit {commit}{others})", same=True)
            yield Candidate(application(place.context, stack, there), stack.application, ran)

    def _commit(self, release: str | None) -> tuple[str, str]:
        if release is None:
            return "", "the manifest names no release"
        if self.place.is_job:
            return "", "the job has the application of its own image"
        records = Records(self.place.stack, self.place.clients("ssm"))
        ref = next(
            (one.release.commit for one in records.history() if one.release and one.release.digest == release), None
        )
        if not ref:
            return "", f"no record of {self.place.environment} names its commit"
        answer = self.place.context.doors.git_answer
        commit = answer(ROOT, "rev-parse", "--verify", "--short=12", f"{ref}^{{commit}}")
        return (commit, "") if commit else ("", f"git knows no commit {ref} here: git fetch --all")
