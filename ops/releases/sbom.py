"""What is in an image: a CycloneDX document of its locked packages and its base, the same for the same image."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

# Where images run, whatever machine looks at what is locked for them.
RUNS_ON = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "sys_platform": "linux",
}
LARGEST = 4 << 20  # bytes


def document(
    *, application: str, digest: str, requirements: str, dockerfile: str, config: dict[str, Any], built: datetime
) -> bytes:
    """The document, valid by CycloneDX's schema 1.6."""
    from cyclonedx.model import Property
    from cyclonedx.model.bom import Bom, BomMetaData
    from cyclonedx.model.component import Component, ComponentType
    from cyclonedx.output import make_outputter
    from cyclonedx.schema import OutputFormat, SchemaVersion
    from packageurl import PackageURL

    properties = [Property(name=f"image:{name}", value=value) for name, value in _told(config)]
    image = Component(
        name=application, version=digest, type=ComponentType.CONTAINER, bom_ref="image", properties=properties
    )
    libraries = [
        Component(name=name, version=version, purl=purl, bom_ref=str(purl), type=ComponentType.LIBRARY)
        for name, version in locked(requirements)
        for purl in [PackageURL("pypi", None, name, version)]
    ]
    bases = [
        Component(name=name, version=version or None, bom_ref=f"base:{name}", type=ComponentType.CONTAINER)
        for name, version in _base(dockerfile)
    ]
    bom = Bom(
        serial_number=uuid5(NAMESPACE_URL, digest),
        metadata=BomMetaData(component=image, timestamp=built),
        components=[*libraries, *bases],
    )
    bom.register_dependency(image, [*libraries, *bases])
    written = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string()
    return json.dumps(json.loads(written), sort_keys=True, separators=(",", ":")).encode()


def packages(document: bytes) -> dict[str, str]:
    """What such a document lists: names and versions."""
    return {each["name"]: each.get("version", "") for each in json.loads(document).get("components") or ()}


def locked(requirements: str) -> Iterator[tuple[str, str]]:
    """Every package that pip installs of a locked requirements file where images run."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    for line in requirements.replace("\\\n", " ").splitlines():
        text = re.sub(r"(^|\s)#.*|\s--hash=\S+", "", line).strip()
        if not text or text.startswith("-"):
            continue
        wanted = Requirement(text)
        if wanted.marker is None or wanted.marker.evaluate(RUNS_ON):
            [exact] = [one.version for one in wanted.specifier if one.operator == "=="]
            yield canonicalize_name(wanted.name), exact


def _base(dockerfile: str) -> Iterator[tuple[str, str]]:
    """The image that the last stage begins with, as far as the file alone tells it."""
    stages = dict[str, str]()
    last = ""
    for line in dockerfile.splitlines():
        if found := re.match(r"FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?\s*$", line, re.IGNORECASE):
            last = stages.get(found[1], found[1])
            stages[found[2] or ""] = last
    if last and "$" not in last:
        name, _, version = last.partition("@" if "@" in last else ":")
        yield name, version


def _told(config: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """How the image is started: part of what it is."""
    said = config.get("config") or {}
    for name in ("Entrypoint", "Cmd", "User", "WorkingDir"):
        if said.get(name):
            yield name.lower(), said[name] if isinstance(said[name], str) else json.dumps(said[name])
    for name, value in sorted((said.get("Labels") or {}).items()):
        yield f"label:{name}", str(value)
