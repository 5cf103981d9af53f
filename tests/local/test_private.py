"""What runs here is reached from this machine alone, and what it keeps is read by its user alone."""

from __future__ import annotations

import ipaddress
import json
import os
import re
import socket
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.support.world import Environment, World

# PostgreSQL's own programs, public as they are in its package: of root they lie where its user can start them.
PROGRAMS = "programs"
# Django gives the static files that it collects, in its instance's own folder, the mode that its settings say.
OWN_MODES = re.compile(r"render/workspaces/[\w-]+/tmp/cams-static-")


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches it."""
    return ipaddress.ip_address(address.removeprefix("::ffff:").partition("%")[0]).is_loopback


def listening(world: World) -> Iterator[tuple[str, str, int]]:
    """Program, address and port of every socket that a process of the local cloud listens on, TCP and UDP."""
    ours = {int(line.split()[0]) for line in world.left_running()}
    every = [one for one in psutil.process_iter() if ours & {one.pid, *ancestors(one)}]
    for one in every:
        with suppress(psutil.NoSuchProcess):
            name = one.name()
            for bound in one.net_connections("inet"):
                if bound.status == psutil.CONN_LISTEN or bound.type == socket.SOCK_DGRAM:
                    yield name, bound.laddr.ip, bound.laddr.port


def ancestors(one: psutil.Process) -> list[int]:
    """PostgreSQL's children tell nothing of the checkout that they belong to."""
    try:
        return [parent.pid for parent in one.parents()]
    except psutil.NoSuchProcess:
        return []


def open_to_others(folder: Path) -> list[str]:
    """What group or others may read, write or enter; a link has no mode, and a file's second name has the first's."""
    found = []
    for path in (folder, *folder.rglob("*")):
        try:
            mode = path.lstat().st_mode
            known = stat.S_ISLNK(mode) or (stat.S_ISREG(mode) and path.lstat().st_nlink > 1)
        except FileNotFoundError:  # it runs
            continue
        if mode & 0o077 and not known:
            found.append(f"{path.relative_to(folder)} {mode & 0o777:o}")
    return found


def test_three_environments_listen_on_loopback_alone(world: World, environments: dict[str, Environment]) -> None:
    """The edge, Render, AWS, the registry, PostgreSQL, Valkey, and every instance of the application."""
    found = set(listening(world))
    kinds = Counter(program.partition("-")[0].rstrip("0123456789.") for program, _, _ in found)

    assert [one for one in found if not is_loopback(one[1])] == []
    assert kinds["caddy"] == 1 + 2 * 3
    assert kinds["postgres"] >= 1
    assert kinds["valkey"] == 3
    assert kinds["python"] >= 3 + 3  # Render, AWS, its registry; an instance of each environment


def test_another_address_of_this_machine_is_refused(world: World, environments: dict[str, Environment]) -> None:
    """Whoever is in the same network meets nothing, neither the application nor what is behind it."""
    every = [one.address for known in psutil.net_if_addrs().values() for one in known if one.family == socket.AF_INET]
    ports = {port for _, _, port in listening(world)}

    for address in (one for one in every if not is_loopback(one)):
        for port in ports:
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection((address, port), timeout=5)


def test_nobody_else_reads_what_is_kept(world: World, environments: dict[str, Environment]) -> None:
    """With the most open umask, logs, state, keys, images, builds and sockets are their user's alone."""
    found = open_to_others(world.checkout.folder / ".local")

    assert [one for one in found if not OWN_MODES.match(one)] == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only of root is there a folder elsewhere")
def test_of_root_the_database_is_read_by_its_user_alone(world: World, environments: dict[str, Environment]) -> None:
    """Through the folder passes the group of PostgreSQL's user, and its data are closed even to that."""
    record = world.checkout.folder / ".local/render/postgres-home.json"
    folder = Path(json.loads(record.read_text())["folder"])

    assert folder.stat().st_mode & 0o777 == 0o710
    assert [one for one in open_to_others(folder) if not one.startswith((PROGRAMS, ". "))] == []
