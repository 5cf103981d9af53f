"""A copy of this checkout that a test may edit: its own git repository, its own `.venv`, its own local cloud."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What a shell may have set for another cloud, or the tests' own run for this one.
FOREIGN = ("RENDER_", "AWS_", "PULUMI_", "SLIPWAY_", "DJANGO_", "PYTEST_", "PYTHON", "VIRTUAL_ENV")
OWN_SECRETS = re.compile(r"^  cams:secrets:.*\n(?:    .*\n|  - .*\n)*", re.MULTILINE)
# A worker is good once it has been up for so long; that is not what most tests are about.
# The rollout of a release that never gets healthy is given up after 15 minutes by Render, and here after 45 s: also a
# machine that is busy with something else starts a good one within. So long at most, besides, a release is watched.
SHORTER = {"SLIPWAY_ROLLOUT_SECONDS": "45", "SLIPWAY_WATCH_SECONDS": "0.3"}
STEADY = '"WORKER_STEADY_SEC", parse=values.integer(0, 3600), default={}'
SECONDS = 180  # never for ever, also on a machine that is busy with something else


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str

    @property
    def output(self) -> str:
        """Data and talk."""
        return self.stdout + self.stderr


class Checkout:
    """Every file that is not ignored, as it is now, committed on `main`, in a folder where nothing else is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._copy_files()
        self._make_venv()
        self.environment = self._environment()
        for words in (
            ("init", "--quiet", "--initial-branch=main"),
            ("config", "user.name", "A Tester"),
            ("config", "user.email", "tester@example.com"),
            ("add", "--all"),
            ("commit", "--quiet", "--message", "Everything as it is"),
        ):
            self.run("git", *words, check=True)

    def run(self, *command: str, check: bool = False, environment: Mapping[str, str] | None = None) -> Done:
        """Run a command in the checkout, as its user would from a fresh shell."""
        return run(command, self.folder, {**self.environment, **(environment or {})}, check=check)

    def shell(self, script: str, *, check: bool = False) -> Done:
        """Run a command line in the checkout, exactly as written."""
        return self.run("bash", "-c", f"set -euo pipefail\n{script}", check=check)

    @contextmanager
    def spoilt(self, name: str, *changes: tuple[str, str]) -> Iterator[None]:
        """One of its files, changed for the length of a test; each old text must be there."""
        path = self.folder / name
        before = text = path.read_text()
        for old, new in changes:
            assert old in text, f"{name} does not say {old!r}"
            text = text.replace(old, new, 1)
        path.write_text(text)
        try:
            yield
        finally:
            path.write_text(before)

    def hurry(self) -> None:
        """Have what waits for a release to fail wait no longer than tests of something else need."""
        self.environment |= SHORTER
        path = self.folder / "app/cams/environment.py"
        text = path.read_text()
        assert STEADY.format(5) in text
        path.write_text(text.replace(STEADY.format(5), STEADY.format(0)))
        self.run("git", "commit", "--quiet", "--all", "--message", "Wait no longer than tests need", check=True)

    def changes(self) -> str:
        """What `git status` would tell; empty when the checkout is clean."""
        return self.run("git", "status", "--porcelain", check=True).stdout

    def _copy_files(self) -> None:
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        for name in filter(None, listed.stdout.split("\0")):
            if (source := ROOT / name).exists():
                target = self.folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
        for stack in self.folder.glob("Pulumi.*.yaml"):  # the vault of the copy's cloud is empty
            stack.write_text(OWN_SECRETS.sub("", stack.read_text()))

    def _make_venv(self) -> None:
        """The same packages without installing them again; only `slipway` itself is the copy's, as by `uv sync`."""
        theirs, ours = Path(sys.prefix), self.folder / ".venv"
        packages = Path("lib", f"python{sys.version_info.major}.{sys.version_info.minor}", "site-packages")
        (ours / packages).mkdir(parents=True)
        for name in ("bin", "pyvenv.cfg"):
            (ours / name).symlink_to(theirs / name)
        for entry in (theirs / packages).iterdir():
            if entry.suffix == ".pth" and str(ROOT) in (text := entry.read_text()):
                (ours / packages / entry.name).write_text(text.replace(str(ROOT), str(self.folder)))
            else:
                (ours / packages / entry.name).symlink_to(entry)
        stamp = theirs / ".slipway"
        assert stamp.exists(), "no installed .venv: run ./slipway test"
        # As for what is locked now, whatever was installed last: to install in the copy would change the original.
        command = ["sh", "-c", "cat uv.lock pyproject.toml | cksum"]
        locked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
        python = stamp.read_text().partition(f" {ROOT} ")[2]
        (ours / ".slipway").write_text(f"{locked} {self.folder} {python}")

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        theirs = str(Path(sys.prefix) / "bin")
        path = [part for part in kept.get("PATH", os.defpath).split(os.pathsep) if part != theirs]
        # Which kind of image is built is the choice of who runs the tests, not of the engine that happens to be here.
        return kept | {"PATH": os.pathsep.join(path), "SLIPWAY_IMAGES": "source"}


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str], *, check: bool = False) -> Done:
    """Run a command; with `check`, its failure tells what it said."""
    ended = subprocess.run(
        list(command),
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        umask=0,  # the most open that a shell may have
    )
    done = Done(ended.returncode, ended.stdout, ended.stderr)
    if check:
        assert done.returncode == 0, f"{' '.join(command)} ended with {done.returncode}\n{done.output}"
    return done
