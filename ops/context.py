"""What a command is given: the doors to everything outside, where it speaks, and a clock. A test hands in others."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import typer

from console.output import Output, Say
from ops.doors import aws, cloud, coverage, git, github, local_cloud, programs, pulumi, render, terminal, web
from ops.doors.aws import Clients
from ops.doors.cloud import Cloud
from ops.doors.coverage import Measured
from ops.doors.github import GitHub
from ops.doors.pulumi import Pulumi
from ops.doors.render import Render


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
    render: OpenRender = render.client
    pulumi: Callable[[Cloud], Pulumi] = pulumi.Pulumi
    local_cloud: Callable[..., None] = local_cloud.run
    branch_exists: Callable[[str, str], bool | None] = git.branch_exists
    tree: Callable[[str], str | None] = git.tree
    log: Callable[[str, str], list[str] | None] = git.log
    show: Callable[[str, str], str | None] = git.show
    github: Callable[[], GitHub] = github.here
    status: Callable[[str], int | None] = web.status
    passes: Callable[..., bool] = programs.passes
    measured: Callable[[Path], Measured] = coverage.measured
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
