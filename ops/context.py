"""What a command is given: the doors to everything outside, where it speaks, and a clock. A test hands in others."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import typer

from console.output import Output, Say
from ops.doors import (
    advisories,
    aws,
    builder,
    cloud,
    committed,
    coverage,
    declared,
    git,
    github,
    local_cloud,
    media_bucket,
    media_names,
    objects,
    postgres,
    postgres_archive,
    postgres_databases,
    postgres_dump,
    postgres_masks,
    postgres_restore,
    programs,
    pulumi,
    registry,
    render,
    sigstore,
    squawk,
    terminal,
    web,
)
from ops.doors.application import Django
from ops.doors.aws import Clients
from ops.doors.cloud import Cloud
from ops.doors.committed import Committed
from ops.doors.containers import Engine
from ops.doors.coverage import Measured
from ops.doors.github import GitHub
from ops.doors.leftovers import Leftovers
from ops.doors.objects import Objects
from ops.doors.postgres import Scratch
from ops.doors.postgres_databases import Databases
from ops.doors.postgres_dump import Database
from ops.doors.postgres_masks import Masking
from ops.doors.postgres_restore import Restorer
from ops.doors.pulumi import Pulumi
from ops.doors.render import Render
from ops.doors.sigstore import Certified
from ops.doors.squawk import Complaint
from registry_api.images import Images


class Choose(Protocol):
    """The cloud to work on, which may have to be started for it."""

    def __call__(self, *, postgres: str = "") -> Cloud: ...


class OpenRender(Protocol):
    """Render's API in that cloud."""

    def __call__(self, cloud: Cloud, /, *, on_wait: Say | None = None, patience: float = ...) -> Render: ...


@dataclass(frozen=True)
class Doors:
    """The way to each outside system."""

    choose: Choose = cloud.choose
    aws: Callable[[Cloud, str], Clients] = aws.clients
    objects: Callable[[Clients, str], Objects] = objects.bucket
    database: Callable[[str], Database] = postgres_dump.Postgres
    render: OpenRender = render.client
    pulumi: Callable[[Cloud], Pulumi] = pulumi.Pulumi
    local_cloud: Callable[..., None] = local_cloud.run
    images: Callable[..., Images | None] = registry.images
    images_at: Callable[..., Images] = registry.images_at
    build: Callable[..., str] = builder.build
    has_identity: Callable[[], bool] = sigstore.identity_is_at_hand
    sign: Callable[[bytes], bytes] = sigstore.sign
    certified: Callable[[bytes], Certified] = sigstore.certified
    committed: Committed = committed
    branch_exists: Callable[[str, str], bool | None] = git.branch_exists
    github_at: Callable[[Cloud], GitHub] = github.at
    github: Callable[[], GitHub] = github.here
    commits_between: Callable[[Path, str, str], list[str] | None] = git.commits_between
    visit: web.Door = web.visit
    git_answer: Callable[..., str | None] = git.answer
    git_export: Callable[[Path, str, str, Path], None] = git.export
    declared: Callable[..., list[dict[str, Any]]] = declared.declared
    application: Callable[[Path, Mapping[str, str]], Django] = Django
    scratch: Callable[[str, str], AbstractContextManager[Scratch]] = postgres.scratch
    rows: Callable[..., list[tuple[Any, ...]]] = postgres.rows
    media_bucket: Callable[[Clients, str], media_bucket.Bucket] = media_bucket.bucket
    media_names: Callable[[str, str, str], Iterator[str]] = media_names.names
    databases: Callable[[str], AbstractContextManager[Databases]] = postgres_databases.databases
    restorer: Callable[[int, int], Restorer] = postgres_restore.restorer
    masks: Masking = postgres_masks
    containers: Callable[[str], Engine] = Engine
    complaints: Callable[..., list[Complaint]] = squawk.complaints
    advisories: Callable[..., list[dict[str, Any]]] = advisories.advisories
    check_image: Callable[..., None] = builder.check
    passes: Callable[..., bool] = programs.passes
    measured: Callable[[Path], Measured] = coverage.measured
    leftovers: Callable[[Clients, str], Leftovers] = Leftovers
    parse_archive: Callable[..., str] = postgres_archive.parse
    ask: Callable[[str], str] = terminal.ask


@dataclass(frozen=True)
class Context:
    """Handed to every command, and by it to what decides."""

    doors: Doors = field(default_factory=Doors)
    output: Output = field(default_factory=Output)
    clock: Callable[[], float] = time.monotonic

    @staticmethod
    def of(shell: typer.Context) -> Context:
        """The one that the program was run with."""
        context: Context = shell.obj
        return context
