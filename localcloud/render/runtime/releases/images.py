"""Images by digest: pulled once, unpacked whole or not at all, and what is needed to run them."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Collection
from pathlib import Path
from typing import Any

from localcloud.images.reference import SOURCE_LABEL, ImageReference
from localcloud.machine import paths
from localcloud.render.runtime.containers import images as engine_images
from localcloud.render.runtime.failures import RuntimeFailure, explained
from localcloud.render.runtime.releases.registry import Registry
from localcloud.render.runtime.releases.unpack import unpack
from localcloud.render.runtime.releases.unused import delete, unused
from localcloud.render.runtime.values import Credential, Log, Release

PLATFORM = "linux/amd64"  # what Render runs, on whatever machine its stand-in is


class Images:
    """Every image that this machine has unpacked, in `.local/render/images/<digest>`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}

    def fetch(self, image: str, credential: Credential | None, log: Log) -> Release:
        """The image as something to run. The credential is asked of the registry also when it is here already."""
        try:
            reference = ImageReference.parse(image)
        except ValueError as error:
            raise RuntimeFailure(str(error)) from error
        registry = Registry(reference, credential)
        log(f"pulling {reference}")
        digest, manifest = registry.manifest()
        one = digest
        if "manifests" in manifest:
            one = _of_index(image, manifest["manifests"])
            log(f"{digest} is an index; its image for {PLATFORM} is {one}")
            _, manifest = registry.manifest(one)
        with self._lock:
            lock = self._locks.setdefault(one, threading.Lock())
        with lock, explained(f"cannot unpack {image}"):
            folder = paths.folder("render", "images") / one.removeprefix("sha256:")
            if folder.is_dir():
                os.utime(folder)  # used now: see `forget`
                log(f"{one} is already here")
            else:
                self._pull(registry, image, manifest, folder, log)
            release = _release(image, digest, folder, f"{reference.name}@{one}")
            if release.image:
                engine_images.have(release.image, reference.host, registry.login, log)
            return release

    def sweep(self) -> None:
        """Remove what an interrupted pull has left; nothing is being pulled."""
        for left in paths.folder("render", "images").glob(".*"):
            with contextlib.suppress(FileNotFoundError):
                shutil.rmtree(left)

    def forget(self, used: Collection[Path]) -> None:
        """Delete the images that hold none of these folders and were not fetched for long."""
        for folder in unused(paths.folder("render", "images").glob("[!.]*"), used):
            with self._lock:
                lock = self._locks.setdefault(f"sha256:{folder.name}", threading.Lock())
            with lock:
                for still in unused([folder], used):
                    name = (folder / "name").read_text() if (folder / "name").exists() else ""
                    delete(still)
                    if name:
                        engine_images.forget(name)

    def _pull(self, registry: Registry, image: str, manifest: dict[str, Any], folder: Path, log: Log) -> None:
        with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent) as name:
            temporary = Path(name)
            try:
                config, layers = manifest["config"]["digest"], [layer["digest"] for layer in manifest["layers"]]
            except (KeyError, TypeError) as error:
                raise RuntimeFailure(f"the manifest of {image} names no config or no layers") from error
            registry.blob(config, temporary / "config.json")
            said = json.loads((temporary / "config.json").read_bytes())
            _check(image, said)
            if not _is_source(said):
                layers = []  # they are the engine's to pull
            root = temporary / "root"
            root.mkdir()
            for number, digest in enumerate(layers, start=1):
                registry.blob(digest, temporary / "layer")
                with (temporary / "layer").open("rb") as archive:
                    unpack(archive, root, what=f"layer {number} of {image}")
                (temporary / "layer").unlink()
            ready = folder.with_name(f".ready-{folder.name}-{os.getpid()}")
            shutil.rmtree(ready, ignore_errors=True)
            ready.mkdir()
            (temporary / "config.json").rename(ready / "config.json")
            root.rename(ready / "root")
            ready.rename(folder)
        if layers:
            log(f"unpacked {len(layers)} layer{'' if len(layers) == 1 else 's'}")


def _of_index(image: str, listed: Any) -> str:
    """The digest of the one image of an index that Render runs."""
    for each in listed if isinstance(listed, list) else ():
        with contextlib.suppress(KeyError, TypeError):
            if f"{each['platform']['os']}/{each['platform']['architecture']}" == PLATFORM:
                return str(each["digest"])
    raise RuntimeFailure(f"cannot run {image}: it is an index without an image for {PLATFORM}")


def _check(image: str, config: dict[str, Any]) -> None:
    platform = f"{config.get('os')}/{config.get('architecture')}"
    if platform != PLATFORM:
        raise RuntimeFailure(f"cannot run {image}: it is for {platform}, and Render runs {PLATFORM}")


def _is_source(said: dict[str, Any]) -> bool:
    """Whether an image can be run as processes: only those that the local cloud has built from a folder can."""
    labels = (said.get("config") or {}).get("Labels") or {}
    return bool(labels.get(SOURCE_LABEL) == "1")


def _release(image: str, digest: str, folder: Path, name: str) -> Release:
    said = json.loads((folder / "config.json").read_bytes())
    config = said.get("config") or {}
    work = (config.get("WorkingDir") or "/").strip("/")
    if ".." in Path(work).parts:
        raise RuntimeFailure(f"{image} is refused: its working directory is {work}")
    command = tuple(config.get("Entrypoint") or ()) + tuple(config.get("Cmd") or ())
    env = dict(item.partition("=")[::2] for item in config.get("Env") or [])
    env.pop("PATH", None)  # names folders inside the image, which a process on this machine does not have
    if not _is_source(said):
        (folder / "name").write_text(name)
        user = engine_images.user_of(config)
        return Release(folder / "root", command, env, digest, commit=None, image=name, user=user)
    (folder / "root" / work).mkdir(parents=True, exist_ok=True)
    return Release(folder=folder / "root" / work, command=command, env=env, digest=digest, commit=None)
