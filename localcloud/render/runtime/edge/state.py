"""What changes often about a service, as files that its server looks at for each request.

Loading a configuration into Caddy closes the connections that wait for a request, and may lose one that has just
been opened. Nothing is loaded for a switch, a restarted instance, another number of them, maintenance or a new
version of a static site: a file is replaced.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from localcloud.machine import paths
from localcloud.machine.ports import HOST

LIVE = "live"
MAINTENANCE = "maintenance"
PAGE = "maintenance.html"
FILES = "files"
SLOTS = 100  # as many as Render has instances of a service, so that none of them changes the configuration


def folder(service_id: str) -> Path:
    """A service's files."""
    return paths.folder("render", "edge", service_id)


def slot(service_id: str, number: int) -> Path:
    """The file with the address of an instance."""
    return folder(service_id) / f"slot{number}"


def route(service_id: str, ports: Sequence[int]) -> None:
    """Send requests to these ports in turn; to none of them when there is none."""
    flag = folder(service_id) / LIVE
    if not ports:
        flag.unlink(missing_ok=True)
        return
    for number in range(SLOTS):
        file, target = slot(service_id, number), f"{HOST}:{ports[number % len(ports)]}"
        temporary = file.with_suffix(".new")  # not written through to the disk: no instance outlives the machine
        temporary.write_text(target)
        temporary.replace(file)
    flag.touch()


def maintain(service_id: str, enabled: bool) -> None:
    """Put the service into maintenance or take it out."""
    flag = folder(service_id) / MAINTENANCE
    if not enabled:
        keep_page(service_id, None)
    if enabled:
        flag.touch()
    else:
        flag.unlink(missing_ok=True)


def keep_page(service_id: str, content: bytes | None) -> None:
    """The page of the maintenance as it was when that began, for when its own server is gone; or none."""
    page = folder(service_id) / PAGE
    if content is None:
        page.unlink(missing_ok=True)
    else:
        paths.write_atomically(page, content)


def publish(service_id: str, files: Path | None) -> None:
    """Serve the files of that folder, or none."""
    link = folder(service_id) / FILES
    if files is None:
        link.unlink(missing_ok=True)
        return
    temporary = link.with_name(f".{FILES}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(files)
    temporary.replace(link)


def forget(service_id: str) -> None:
    """Delete all of it."""
    shutil.rmtree(folder(service_id), ignore_errors=True)
