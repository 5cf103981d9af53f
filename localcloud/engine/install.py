"""Finds, downloads or builds Pulumi's CLI at the version that the locked SDK has."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
import tarfile
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from console import inherited
from console.errors import ExplainedError
from console.tars import extract
from localcloud.machine.paths import checkout

VERSION = importlib.metadata.version("pulumi")
DOWNLOADS = "https://get.pulumi.com/releases/sdk"
MODULE = Path(__file__).with_name("module")
GO_AT_LEAST = (1, 25, 11)
PROGRESS_SECONDS = 20
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Engine:
    """A CLI of the pinned version. An official one brings its own Python language host."""

    pulumi: Path
    official: bool


def ensure(progress: Progress) -> Engine:
    """The pinned CLI: one on PATH, else one kept from before, else the official download, else built with Go.

    Raises `ExplainedError` when none of these can be had. An interrupted download or build leaves nothing half-made.
    """
    if engine := at_hand():
        return engine
    refusal = _download(progress)
    if refusal is None:
        return Engine(_cache() / "pulumi" / "pulumi", official=True)
    progress(f"pulumi {VERSION} is not on PATH and cannot be downloaded ({refusal})")
    return _build(progress)


def at_hand() -> Engine | None:
    """The pinned CLI on PATH, or one kept from before."""
    return _on_path() or _cached()


def knows_user(pulumi: Path) -> bool:
    """Whether it can be run by this user: one built with C asks the machine for a name, which it may not have."""
    if inherited.name() is not None:
        return True
    with tempfile.TemporaryDirectory() as scratch:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
        env = kept | {"PULUMI_BACKEND_URL": f"file://{scratch}", "PULUMI_HOME": scratch}
        asked = subprocess.run(
            [pulumi, "whoami"], env=env, capture_output=True, stdin=subprocess.DEVNULL, check=False
        )
    return asked.returncode == 0


def _cache() -> Path:
    """One folder per version and machine type, shared by checkouts: building takes minutes."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "slipway" / f"pulumi-{VERSION}-{platform.system().lower()}-{platform.machine()}"


def _on_path() -> Engine | None:
    ours = checkout() / ".local" / "bin"
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        candidate = Path(folder) / "pulumi"
        if candidate.parent == ours or not os.access(candidate, os.X_OK) or not candidate.is_file():
            continue
        if _version(candidate) == VERSION and knows_user(candidate):
            return Engine(candidate, official=(candidate.parent / "pulumi-language-python").exists())
    return None


def _cached() -> Engine | None:
    official, built = _cache() / "pulumi" / "pulumi", _cache() / "pulumi-built"
    if official.exists():
        return Engine(official, official=True)
    return Engine(built, official=False) if built.exists() and knows_user(built) else None


def _version(pulumi: Path) -> str | None:
    try:
        said = subprocess.run(
            [pulumi, "version"], capture_output=True, text=True, timeout=30, check=True, stdin=subprocess.DEVNULL
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    return said.strip().removeprefix("v")


def _download(progress: Progress) -> str | None:
    """Unpack the official release below `_cache()`; returns why that was not possible."""
    machine = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}.get(platform.machine().lower())
    if machine is None:
        return f"there is no official release for {platform.machine()}"
    base = os.environ.get("SLIPWAY_PULUMI_DOWNLOADS", DOWNLOADS)
    archive = f"pulumi-v{VERSION}-{platform.system().lower()}-{machine}.tar.gz"
    _cache().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_cache()) as scratch:
        packed = Path(scratch) / archive
        try:
            sums = _fetch(f"{base}/pulumi-{VERSION}-checksums.txt").decode()
            progress(f"downloading {archive}")
            packed.write_bytes(_fetch(f"{base}/{archive}"))
        except (OSError, urllib.error.URLError) as error:
            return str(getattr(error, "reason", error))
        wanted = re.search(rf"^([0-9a-f]{{64}})\s+\*?{re.escape(archive)}$", sums, re.MULTILINE)
        if wanted is None or hashlib.sha256(packed.read_bytes()).hexdigest() != wanted[1]:
            raise ExplainedError(
                "cannot install pulumi",
                f"{archive} does not match its published checksum",
                hint="check what stands between this machine and the network, then run the same command again",
            )
        with tarfile.open(packed) as tar:
            extract(tar, Path(scratch))
        (Path(scratch) / "pulumi").rename(_cache() / "pulumi")
    return None


def _fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 - the base is a constant or the user's own
        body: bytes = answer.read()
    return body


def _build(progress: Progress) -> Engine:
    go = _go()
    target = _cache() / "pulumi-built"
    _cache().mkdir(parents=True, exist_ok=True)
    progress(f"building pulumi {VERSION} with {go} (once, about 3 minutes on 2 cores)")
    with tempfile.TemporaryDirectory(dir=_cache()) as scratch:
        for part in MODULE.iterdir():
            shutil.copy(part, scratch)
        made = Path(scratch) / "pulumi"
        flag = f"-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{VERSION}"
        package = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
        said = Path(scratch) / "output"
        with (
            said.open("wb") as output,
            subprocess.Popen(
                [go, "build", "-mod=readonly", "-o", str(made), "-ldflags", flag, package],
                cwd=scratch,
                # Without C the name of its user may come from USER. What names another module or machine is left out.
                env=_for_go() | {"CGO_ENABLED": "0"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            ) as build,
        ):
            waited = 0
            while build.poll() is None:
                try:
                    build.wait(PROGRESS_SECONDS)
                except subprocess.TimeoutExpired:
                    waited += PROGRESS_SECONDS
                    progress(f"still building pulumi ({waited} s)")
        lines = said.read_text(errors="replace").splitlines()
        if build.returncode != 0 or _version(made) != VERSION:
            raise ExplainedError(
                "cannot build pulumi",
                "\n".join(["`go build` failed:", *lines[-8:]]),
                hint="run the same command again; what was fetched is kept",
            )
        made.rename(target)
    return Engine(target, official=False)


def _for_go() -> dict[str, str]:
    others = {"GOFLAGS", "GOWORK", "GO111MODULE", "GOOS", "GOARCH", "GOEXPERIMENT"}
    return {name: value for name, value in os.environ.items() if name not in others}


def _go() -> str:
    go = shutil.which("go")
    said = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=False).stdout if go else ""
    numbers = tuple(int(part) for part in re.findall(r"\d+", said)[:3])
    if go is None or numbers < GO_AT_LEAST:
        wanted = ".".join(map(str, GO_AT_LEAST))
        raise ExplainedError(
            "cannot get pulumi",
            f"there is no pulumi {VERSION} on PATH, it cannot be downloaded, and Go ≥ {wanted} is "
            + ("missing" if go is None else f"not what this is: {said.strip()}"),
            hint=f"install Go {wanted} or later (https://go.dev/dl) or pulumi {VERSION} (https://www.pulumi.com/docs/install)",
        )
    return go
