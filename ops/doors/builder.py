"""The door to Docker: the same `docker buildx build --push` that `pulumi up` runs, with the same login."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from console.errors import ExplainedError
from console.output import Say
from registry_provider.provider.docker import Build, Docker
from registry_provider.provider.ecr import Ecr, Repository
from registry_provider.provider.errors import RegistryError


def build(url: str, tag: str, *, context: Path, platform: str, registry_id: str, region: str, say: Say) -> str:
    """Build the Dockerfile of a folder and push it under a tag; gives the digest that the registry has then."""
    ecr = Ecr()
    where = Repository(url.partition("/")[2], registry_id, region)
    name = f"{url}:{tag}"
    try:
        Docker().push(Build(name, str(context), str(context / "Dockerfile"), platform), ecr.login(where), say)
        digest = ecr.digest(where, tag=tag)
    except RegistryError as error:
        raise ExplainedError(str(error)) from error
    if digest is None:
        raise ExplainedError(f"cannot push {name}", "Docker said that it did, and the registry has no such image")
    return digest


class NoEngineError(Exception):
    """There is no Docker that builds, in its words."""


def check(context: Path, *, platform: str, cache: Path | None, say: Say) -> None:
    """Build the Dockerfile of a folder as a release is, and keep nothing but the cache: nothing is pushed."""
    if shutil.which("docker") is None:
        raise NoEngineError("there is no `docker` on PATH")
    for asked in (("docker", "info"), ("docker", "buildx", "version")):
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise NoEngineError((done.stderr.strip() or done.stdout.strip()).splitlines()[-1])
    flags = ["--platform", platform, "--provenance=false", "--progress=plain", "--output", "type=cacheonly"]
    if cache:
        flags += ["--cache-from", f"type=local,src={cache}"] if (cache / "index.json").exists() else []
        flags += ["--cache-to", f"type=local,dest={_next(cache)},mode=max"]
    words = ["docker", "buildx", "build", *flags, "--file", str(context / "Dockerfile"), str(context)]
    with subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        for line in process.stdout or ():
            if line.strip():
                say(line.rstrip())
    if process.returncode != 0:
        raise ExplainedError(
            "the image cannot be built",
            f"docker ended with {process.returncode}, see above",
            hint="mend what Docker says",
        )
    if cache:  # a new one each time: what is not used any more would stay in the old one for ever
        shutil.rmtree(cache, ignore_errors=True)
        _next(cache).rename(cache)


def _next(cache: Path) -> Path:
    return cache.with_name(f"{cache.name}.next")
