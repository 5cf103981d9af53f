"""A backup restored into a scratch database, by the same code that restores the real one."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

from console.errors import ExplainedError
from ops.backups.jobs import usual_jobs
from ops.backups.manifest import Manifest
from ops.backups.place import Place
from ops.doors.postgres import Scratch, at
from ops.doors.postgres_databases import Databases, database_of
from ops.doors.postgres_dress import Shape
from ops.drills.means import Opener
from ops.restores.bar import bar
from ops.restores.loading import Load, Target

NAME = "restored"


def address(scratch: Scratch) -> str:
    """Of the database that a drill makes there."""
    return at(scratch.url, f"{scratch.run}_{NAME}")


def restore(
    manifest: Manifest, place: Place, opener: Opener, scratch: Scratch, loaded: Callable[[], None] = lambda: None
) -> None:
    """All of it, straight from the bucket; `loaded` is called once its rows are there."""
    doors, url = place.context.doors, address(scratch)
    found = re.search(r"\d+", manifest.tools.pg_dump)
    with doors.databases(scratch.url) as databases:
        lacking = sorted(set(manifest.contents.get("extensions", ())) - set(databases.available()) - {"plpgsql"})
        if lacking:
            raise ExplainedError(
                "cannot restore it there", f"the scratch server does not have the extensions {', '.join(lacking)}"
            )
        _create(databases, database_of(url), manifest)
        restorer = doors.restorer(databases.major, int(found[0]) if found else 0)
        target = Target(url, databases.major, frozenset(databases.roles()), databases.is_superuser(), doors.rows)
        with bar("restoring", manifest.size) as progress:
            Load(
                manifest,
                place.objects,
                opener.key.identities,
                restorer,
                target,
                usual_jobs(),
                progress,
                place.context.output.say,
                loaded=loaded,
            ).run()


def _create(databases: Databases, name: str, manifest: Manifest) -> None:
    """As the backup's was made; where this machine does not sort in that way, in the order of the bytes."""
    with suppress(Exception):
        databases.create(name, Shape(manifest.encoding, manifest.collate, manifest.ctype))
        return
    databases.create(name, Shape(manifest.encoding, "C", "C"))
