"""What a checkout's local cloud has left in the engine: told from everybody else's by a label and by its registry."""

from __future__ import annotations

from localcloud.docker.engine import Engine, NoEngineError, find
from localcloud.machine.paths import checkout
from localcloud.machine.ports import HOST, ports

LABEL = "dev.slipway.checkout"
PREFIX = "slipway-"
"""What stands before the name of an instance or a run in its container's."""


def label() -> str:
    """What every container of this checkout has."""
    return f"{LABEL}={checkout()}"


def remove_containers() -> list[str]:
    """End and remove those of this checkout, whoever started them and whatever they do; gives their names."""
    engine = _engine()
    if engine is None:
        return []
    listed = engine.ask("ps", "--all", f"--filter=label={label()}", "--format={{.Names}}").stdout.split()
    if listed:
        engine.ask("rm", "--force", "--volumes", *listed)
    return sorted(listed)


def leaders() -> dict[str, int]:
    """The first process of each container that runs, as this machine numbers it, by the container's name."""
    engine = _engine()
    listed = engine.ask("ps", "--quiet", f"--filter=label={label()}").stdout.split() if engine else []
    if engine is None or not listed:
        return {}
    told = engine.ask("container", "inspect", "--format={{.Name}} {{.State.Pid}}", *listed).stdout.splitlines()
    pairs = (line.removeprefix("/").split() for line in told)
    return {name: int(pid) for name, pid in pairs if int(pid)}


def remove_images() -> None:
    """Forget what was pulled from and built for this checkout's registry; layers that others use stay."""
    engine, registry = _engine(), f"{HOST}:{ports().get('registry')}/"
    if engine is None:
        return
    form = "{{.Repository}}:{{.Tag}} {{.Repository}}@{{.Digest}}"
    names = engine.ask("image", "ls", "--digests", f"--format={form}").stdout.split()
    made = engine.ask("image", "ls", "--quiet", f"--filter=label={label()}").stdout.split()
    if made:
        engine.ask("image", "rm", "--force", *sorted(set(made)))
    if held := sorted({name for name in names if name.startswith(registry) and "<none>" not in name}):
        engine.ask("image", "rm", "--force", *held)


def _engine() -> Engine | None:
    try:
        return find()
    except NoEngineError:
        return None
