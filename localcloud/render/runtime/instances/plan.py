"""How the instances of a deploy are started."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from localcloud.render.runtime.logs.files import FileLogs
from localcloud.render.runtime.processes import commands
from localcloud.render.runtime.processes.environment import environment
from localcloud.render.runtime.releases import python_env
from localcloud.render.runtime.values import Launch


@dataclass(frozen=True)
class Plan:
    """The same for all instances of a launch. `host` is the public one, which applications check."""

    launch: Launch
    argv: list[str]
    env: Mapping[str, str] = field(repr=False)
    host: str


def plan_of(launch: Launch, url: str, logs: FileLogs, cancelled: threading.Event) -> Plan:
    """The plan for a launch, a Python for it made first where it is missing."""

    def note(line: str) -> None:
        logs.append(launch.service_id, line, type="build", instance="runtime")

    release = launch.release
    argv = commands.words(launch.command, release.command)
    env: Mapping[str, str]
    if release.image:
        env = {**release.env, **launch.env}  # the rest is its body's
    else:
        programs = python_env.programs(release.folder, note, cancelled)
        env = environment(release.env, launch.env, programs=programs)
    return Plan(launch, argv, env, urlsplit(url).netloc)
