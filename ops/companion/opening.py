"""A companion as it is at work: what it watches, what it stops, and how it restores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from infra.names import COMPANION
from ops.backups.place import Place
from ops.companion import settings
from ops.companion.drops import Drop, Folder, Prefix, Queue
from ops.companion.keeping import InBucket
from ops.companion.memory import Memory, remembering
from ops.companion.services import OnCompose, OnRender, Services
from ops.companion.settings import Bucket, Settings
from ops.companion.work import Companion, Restore
from ops.context import Context
from ops.doors.cloud import Cloud
from ops.doors.postgres_databases import database_of
from ops.doors.stopping import on_signals
from ops.environments.stacks import load
from ops.restores import swap
from ops.restores.foreign import Dump
from ops.restores.means import Means
from ops.restores.restoring import Wish, restore
from ops.restores.sources import Source

MEMORY = "memory/"  # below the companion's own prefix


@contextmanager
def opened(context: Context, environment: str, environ: Mapping[str, str]) -> Iterator[Companion]:
    """One for an environment, told by these variables; it hears when it is asked to end."""
    told = settings.read(environ)
    place = _place(context, environment, told, environ)
    with _memory(place, told) as memory, on_signals() as stopping:
        yield Companion(
            told,
            _queue(place, told),
            memory,
            _services(place, told),
            restoring(place),
            partial(_clear, place),
            stopping,
            context.output.say,
            context.clock,
            stopping.wait,
        )


def restoring(place: Place) -> Restore:
    """In place, as the services are stopped: the database of before is kept until the next dump is whole."""

    def run(drop: Drop) -> None:
        source = Source(dump=Dump(drop.name, drop.size, drop.read, drop.path))
        wish = Wish(in_place=True, yes=True, database=database_of(place.database()))
        means = Means(source=source, quiet=_stopped, replaces=True, leaves_nothing=True)
        done = restore(place, wish, means)
        for line in [*done.notes, f"the database of before is kept as {done.kept}"] if done.kept else done.notes:
            place.context.output.say(line)

    return run


def _clear(place: Place) -> None:
    """The copy of a restore that was killed: it is nobody's, and takes room."""
    url = place.database()
    with place.context.doors.databases(url) as databases:
        for name in swap.clear(databases, database_of(url)):
            place.context.output.say(f"removed {name}, which was half done")


def _stopped(place: Place) -> None:
    """Nobody works with it: that is what the companion has seen to."""


def _place(context: Context, environment: str, told: Settings, environ: Mapping[str, str]) -> Place:
    """Under Compose no cloud is asked: all that is needed is in the variables."""
    stack = load(environment)
    cloud = Cloud(dict(environ), is_local=False) if told.platform == "compose" else context.doors.choose()
    clients = context.doors.aws(cloud, stack.aws.region)
    return Place(context, cloud, stack, clients, context.doors.objects(clients, stack.names.bucket("backups")))


@contextmanager
def _memory(place: Place, told: Settings) -> Iterator[Memory]:
    """In its file, or where no disk stays, as at Render, in the bucket."""
    if told.state_file:
        with remembering(told.state_file, told.watch if isinstance(told.watch, Path) else None) as memory:
            yield memory
    elif isinstance(told.watch, Bucket):
        objects = place.context.doors.objects(place.clients, told.watch.name)
        yield Memory(InBucket(objects, f"{told.watch.prefix}{COMPANION}{MEMORY}"))


def _queue(place: Place, told: Settings) -> Queue:
    if isinstance(told.watch, Bucket):
        objects = place.context.doors.objects(place.clients, told.watch.name)
        return Prefix(objects, told.watch.prefix)
    return Folder(told.watch)


def _services(place: Place, told: Settings) -> Services:
    doors = place.context.doors
    if told.platform == "compose":
        return OnCompose(doors.containers(told.docker_host), told.project)
    owner = place.cloud.variables.get("RENDER_OWNER_ID", "")
    return OnRender(doors.render(place.cloud, on_wait=place.context.output.say), owner)
