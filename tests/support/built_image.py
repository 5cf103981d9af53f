"""The application's image as its real Dockerfile makes it, and what is in it."""

from __future__ import annotations

import json
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support import base_image
from tests.support.container_engine import ContainerEngine


@dataclass(frozen=True)
class Built:
    """An image, how long its build took and which of the Dockerfile's steps came from the cache."""

    engine: ContainerEngine
    name: str
    seconds: float
    cached: frozenset[str]

    @property
    def layers(self) -> list[str]:
        """The digests of the layers that the Dockerfile adds to its base."""
        below = self.engine.inspect(base_image.NAME)["RootFS"]["Layers"]
        return list(self.engine.inspect(self.name)["RootFS"]["Layers"][len(below) :])

    @property
    def sizes(self) -> dict[str, int]:
        """What made each of them, and its bytes."""
        format_ = '{"by": {{json .CreatedBy}}, "size": {{json .Size}}}'
        told = self.engine.do("history", "--no-trunc", "--human=false", "--format", format_, self.name)
        steps = [json.loads(line) for line in told.splitlines()]
        return {step["by"]: int(step["size"]) for step in reversed(steps[:-1]) if int(step["size"])}

    def files(self) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
        """Every file in every layer that the Dockerfile adds, also those that a later one hides."""
        archive = self.engine.home / "saved.tar"
        self.engine.do("save", "--output", str(archive), self.name)
        try:
            with tarfile.open(archive) as image:
                [manifest] = json.loads(_read(image, "manifest.json"))
                for name in manifest["Layers"][-len(self.layers) :]:
                    with tarfile.open(fileobj=image.extractfile(name)) as layer:
                        for member in layer:
                            yield member, _read(layer, member) if member.isreg() else b""
        finally:
            archive.unlink()


def build(engine: ContainerEngine, context: Path, name: str, *options: str) -> Built:
    """Build it on the base that can be made here, without a network: every package comes with its hash."""
    began = time.perf_counter()
    words = ("--progress=plain", "--network=none", f"--build-arg=BASE={base_image.NAME}", *options)
    said = engine.told("build", *words, f"--tag={name}", str(context))
    seconds = time.perf_counter() - began
    return Built(engine, name, seconds, frozenset(_cached(said)))


def _cached(said: str) -> Iterator[str]:
    """The steps that BuildKit's plain progress calls so: `#7 [packages 2/3] COPY …` and, later, `#7 CACHED`."""
    steps = {}
    for line in said.splitlines():
        number, _, rest = line.partition(" ")
        if rest.startswith("["):
            steps[number] = rest.partition("] ")[2]
        elif rest == "CACHED":
            yield steps[number]


def _read(archive: tarfile.TarFile, member: str | tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    assert file is not None
    return file.read()
