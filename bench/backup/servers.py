"""Servers of S3 over one folder, each a process of its own: a small one of ours, and a real one."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.database import make, plain
from localcloud.machine.go_programs import GoProgram
from tests.support.postgres_cluster import free_port
from tests.support.waiting import eventually

VERSITYGW = GoProgram("versitygw", "github.com/versity/versitygw/cmd/versitygw", "1.8.0")
"""S3 over a folder, with checksums and conditions as AWS has them. https://github.com/versity/versitygw"""
DATABASES = {"everything": make.make, "plain": plain.make}
"""One of each kind of object and value, most of it in one table; and some tables that are alike."""
BUCKET, REGION, KEY = "backups", "eu-central-1", "bench"


def asked(words: list[str], runs: int) -> Namespace:
    """What a bench is asked for."""
    parser = ArgumentParser(prog="python -m bench.backup")
    parser.add_argument("mib", type=int, nargs="?", default=256, help="of the database")
    parser.add_argument("runs", type=int, nargs="?", default=runs)
    parser.add_argument("--of", choices=tuple(DATABASES), default="everything", help="what it holds")
    parser.add_argument("--server", default="16", help="of PostgreSQL, its major version")
    parser.add_argument("--s3", choices=("ours", VERSITYGW.name), default="ours", help="the server of S3")
    return parser.parse_args(words)


@contextmanager
def served(name: str, folder: Path) -> Iterator[str]:
    """The address of that server, which has the bucket in that folder."""
    port = free_port()
    root = folder / "s3"
    (root / BUCKET).mkdir(parents=True)
    command = [sys.executable, "-m", "bench.backup.bucket", str(root), str(port)]
    if name == VERSITYGW.name:
        gateway = str(VERSITYGW.ensure(lambda text: print(text, file=sys.stderr)))
        command = [gateway, "--port", f"127.0.0.1:{port}", "--region", REGION, "--keep-alive", "--quiet"]
        command += ["posix", str(root)]
    keys = {"ROOT_ACCESS_KEY": KEY, "ROOT_SECRET_KEY": KEY}
    process = subprocess.Popen(command, env=os.environ | keys, stdout=subprocess.DEVNULL)
    try:
        eventually(lambda: listens(port), f"the server {name}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def listens(port: int) -> bool:
    """Whether there is anybody."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
