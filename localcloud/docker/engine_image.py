"""An image as the container engine builds it of the real Dockerfile, and which of the two kinds is built here.

SLIPWAY_IMAGES says `engine` or `source`. Where it says nothing the engine builds if it has what the Dockerfile begins
with: nothing large is fetched that nobody has asked for, and a machine without a network goes on working.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from console.errors import WRONG_USE, ExplainedError
from localcloud.docker.engine import Engine, NoEngineError, find
from localcloud.images.dockerfile import bases
from localcloud.images.reference import ImageReference

CHOICE = "SLIPWAY_IMAGES"
BASE = "SLIPWAY_BASE_IMAGE"
"""What the Dockerfile's argument BASE is instead, such as a mirror's name."""
ENVIRONMENT = {
    "DOCKER_BUILDKIT": "1",
    "BUILDX_BUILDER": "default",  # the engine's own: another would leave the image elsewhere
    "BUILDX_NO_DEFAULT_ATTESTATIONS": "1",  # one image, not an index with a part for no machine
}


@dataclass(frozen=True)
class Chosen:
    """Who builds: an engine, or nobody, and then why."""

    engine: Engine | None
    why: str

    def __str__(self) -> str:
        kind = f"by the container engine {self.engine.version}" if self.engine else "as source images"
        return f"{kind} ({self.why})"


@dataclass(frozen=True)
class Order:
    """What is to be built and pushed."""

    tag: str
    context: Path
    dockerfile: Path
    platform: str
    labels: Mapping[str, str]


def choose(dockerfile: Path | None = None, environ: Mapping[str, str] = os.environ) -> Chosen:
    """Who builds that Dockerfile; without one, any that begins with what is here."""
    wanted = environ.get(CHOICE, "")
    if wanted not in ("", "engine", "source"):
        why = f"{CHOICE} is `{wanted}`, and can be `engine` or `source`"
        raise ExplainedError("cannot tell how images are to be built", why, code=WRONG_USE)
    if wanted == "source":
        return Chosen(None, f"{CHOICE}=source")
    try:
        engine = find(builds=True)
    except NoEngineError as none:
        if wanted:
            raise
        return Chosen(None, none.why)
    if wanted:
        return Chosen(engine, f"{CHOICE}=engine")
    for base in bases(dockerfile.read_text(), _arguments(environ)) if dockerfile else ():
        if not engine.has(_name(base)):
            return Chosen(None, f"the engine has no {base}; {CHOICE}=engine has it pulled")
    return Chosen(engine, "it has what the Dockerfile begins with" if dockerfile else "of what it has the base of")


def options(environ: Mapping[str, str] = os.environ) -> list[str]:
    """What every build is told. The network is the host's, as a container's here: some engines have no other."""
    given = [f"--build-arg={name}={value}" for name, value in _arguments(environ).items()]
    return ["--progress=plain", "--network=host", *given]


def push(engine: Engine, order: Order, configuration: str, environ: Mapping[str, str] = os.environ) -> None:
    """Build and push; what the engine says goes where we speak."""
    labels = [f"--label={name}={value}" for name, value in order.labels.items()]
    where = ["--platform", order.platform, "--file", str(order.dockerfile), "--tag", order.tag]
    _told(engine, "build", *options(environ), *labels, *where, str(order.context))
    _told(engine, f"--config={configuration}", "push", order.tag)


def _told(engine: Engine, *words: str) -> None:
    done = subprocess.run(
        engine.command(*words), env={**os.environ, **ENVIRONMENT}, stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode != 0:
        what = next(word for word in words if not word.startswith("-"))
        hint = (
            f"mend what it says above; a base that cannot be pulled: {BASE}=NAME names another, "
            f"and {CHOICE}=source needs none"
        )
        raise ExplainedError(f"docker {what} failed", f"it ended with {done.returncode}", hint=hint)


def _arguments(environ: Mapping[str, str]) -> dict[str, str]:
    return {"BASE": environ[BASE]} if environ.get(BASE) else {}


def _name(base: str) -> str:
    """As the engine keeps it: what has a digest, without its tag."""
    try:
        reference = ImageReference.parse(base)
    except ValueError:
        return base
    return f"{reference.name}@{reference.digest}" if reference.digest else base
