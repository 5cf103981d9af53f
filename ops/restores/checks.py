"""What is refused before anything is touched."""

from __future__ import annotations

import re
from collections.abc import Callable

from console.errors import REFUSED, WRONG_USE, ExplainedError
from ops.backups.contents import Contents
from ops.backups.manifest import Manifest
from ops.backups.place import Place
from ops.doors.postgres_databases import Databases
from ops.maintenance.state import is_on
from ops.restores import foreign
from ops.restores.foreign import Told
from ops.restores.room import disk_bytes
from ops.restores.sources import Source
from ops.restores.swap import BEFORE, LONGEST, kept

NAME = re.compile(r"[a-z_][a-z0-9_]*")
Quiet = Callable[[Place], None]  # refuses while somebody works with the live database
WITH_INDEXES = 1.4  # a database has so many times the bytes that its dump has


def wish(
    place: Place, into: str, live: str, *, in_place: bool, yes: bool, typed: str, quiet: Quiet | None = None
) -> None:
    """In place, only with all that says that it is meant."""
    if into and (in_place or into == live or not NAME.fullmatch(into) or len(into) > LONGEST):
        why = "--into names a new database, and --in-place the live one"
        if not in_place:
            why = f"--into names a new database, by small letters, digits and _; {live} is restored by --in-place"
        raise ExplainedError("cannot restore", why, code=WRONG_USE)
    if in_place:
        approve(place, live, "restore", yes=yes, typed=typed, is_quiet=quiet)


def approve(place: Place, live: str, what: str, *, yes: bool, typed: str, is_quiet: Quiet | None = None) -> None:
    """With `--yes`, the database's name, and nobody who works with it."""
    words = f"--yes --database {live}"
    if not yes:
        why = f"this would {what} {live} of {place.environment} in place, and nothing there changes without --yes"
        raise ExplainedError("refused", why, hint=f"the same command with {words}", code=REFUSED)
    if typed != live:
        why = f"`{typed}` is not the database's name" if typed else "the database's name was not typed"
        raise ExplainedError("refused", why, hint=f"the same command with {words}", code=REFUSED)
    (is_quiet or quiet)(place)


def quiet(place: Place) -> None:
    """The environment is in maintenance: what is written while a database is swapped would be lost."""
    if not is_on(place.context.doors, place.cloud, place.stack):
        environment = place.environment
        raise ExplainedError(
            "refused",
            f"{environment} is not in maintenance, and what people do meanwhile would be lost",
            hint=f"./slipway maintenance on {environment}",
            code=REFUSED,
        )


def unconfirmed(environment: str, databases: Databases, live: str, name: str) -> str:
    """The database of before, where this very restore was done already; an error where another one was."""
    found = [one for one in kept(databases, live) if one.kind == BEFORE]
    if not found:
        return ""
    if found[0].restored == name and live in databases.names():
        return found[0].name
    raise ExplainedError(
        "refused",
        f"{live} was restored from {found[0].restored} at {found[0].at}, and {found[0].name} is kept until that is "
        "confirmed or undone",
        hint=f"./slipway restore confirm {environment} or ./slipway restore undo {environment}",
        code=REFUSED,
    )


def fits(place: Place, databases: Databases, live: str, what: Source, *, into: str, in_place: bool) -> Told | None:
    """Whether the server can take it; returns what a foreign dump says of itself."""
    if not databases.may_create():
        raise ExplainedError(
            "refused",
            f"the role of {live} may not make databases, and a restore is made beside the live one",
            hint="ALTER ROLE … CREATEDB, by the server's administrator",
            code=REFUSED,
        )
    names = databases.names()
    if in_place and live in names and not databases.owns(live):
        raise ExplainedError("refused", f"{live} belongs to another role, which alone may rename it", code=REFUSED)
    if into in names:
        raise ExplainedError("refused", f"there is a database {into} already", code=REFUSED)
    told = None
    if what.manifest:
        _ours(databases, what.manifest)
    else:
        told = _foreign(place, databases, what)
    _room(place, databases, what)
    return told


def _ours(databases: Databases, manifest: Manifest) -> None:
    if manifest.server_major > databases.major:
        raise ExplainedError(
            "refused",
            f"the backup is of PostgreSQL {manifest.server_version}, and the database is {databases.major}: "
            "nothing goes back to an older one",
            code=REFUSED,
        )
    needed, available = Contents.model_validate(manifest.contents).extensions, databases.available()
    if lacking := sorted(needed.keys() - available.keys()):
        raise ExplainedError(
            "refused", f"the server does not have extensions that it needs: {', '.join(lacking)}", code=REFUSED
        )


def _foreign(place: Place, databases: Databases, what: Source) -> Told:
    assert what.dump is not None  # noqa: S101 - it is one of both
    told = foreign.look(what.dump, lambda program: place.context.doors.restorer(databases.major, program))
    foreign.refuse(told, databases.major, databases.available())
    within = f" within .{'.'.join(told.layers)}" if told.layers else ""
    place.context.output.say(f"{what.name} is {told.kind}{within}")
    return told


def _room(place: Place, databases: Databases, what: Source) -> None:
    """Where the size of the disk can be known."""
    size = what.manifest.plain_size if what.manifest else what.bytes
    total = disk_bytes(place)
    if not size or not total:
        return
    needed, free = int(size * WITH_INDEXES), total - databases.bytes_used()
    if needed > free:
        raise ExplainedError(
            "refused",
            f"it needs about {needed >> 20} MiB beside what is there, and its disk has {free >> 20} MiB left",
            hint="enlarge it: database.disk_gb of the stack file, then ./slipway up ENV",
            code=REFUSED,
        )
