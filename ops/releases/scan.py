"""Known weaknesses of the locked packages: those of the image stand in the way, those of the tools are told."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from console.errors import ExplainedError
from infra.application import APPLICATION
from ops.context import Context
from ops.doors.advisories import SOURCE, UnreachableError
from ops.doors.programs import ROOT
from ops.releases.accepted import Accepted, read
from ops.releases.sbom import locked

LIST = ".github/accepted-advisories.toml"
IMAGE, TOOLS = "image", "tools"
Package = tuple[str, str]
Ask = Callable[[Iterable[Package], str], list[dict[str, Any]]]


@dataclass(frozen=True)
class Weakness:
    """One that is known of one package."""

    where: str
    package: str
    version: str
    id: str
    aliases: tuple[str, ...]
    fixed_in: tuple[str, ...]
    accepted: Accepted | None = None
    expired: bool = False

    @property
    def blocks(self) -> bool:
        """Whether nothing should be released with it."""
        return self.where == IMAGE and (self.accepted is None or self.expired)

    @property
    def what(self) -> str:
        """What is to be done about it, or has been said."""
        if self.accepted and not self.expired:
            return f"accepted until {self.accepted.until}: {self.accepted.reason}"
        over = f"accepted until {self.accepted.until}, which is over; " if self.accepted else ""
        return over + (f"mended in {', '.join(self.fixed_in)}" if self.fixed_in else "nobody has mended it yet")

    def shown(self) -> dict[str, Any]:
        """For programs."""
        return {
            "where": self.where,
            "package": self.package,
            "version": self.version,
            "id": self.id,
            "aliases": list(self.aliases),
            "fixed_in": list(self.fixed_in),
            "blocks": self.blocks,
            "accepted_until": str(self.accepted.until) if self.accepted else None,
        }


@dataclass(frozen=True)
class Scan:
    """What was found in how many packages; `unused` are exceptions that are for nothing."""

    packages: int
    found: tuple[Weakness, ...] = ()
    unused: tuple[Accepted, ...] = ()
    skipped: str = ""
    """Why nobody could look, where that is no error."""

    @property
    def blocking(self) -> bool:
        """Whether nothing should be released so."""
        return any(one.blocks for one in self.found)


def scan(context: Context, *, source: str = SOURCE, skip: bool = False, root: Path = ROOT) -> Scan:
    """Ask for the image's packages, then for the tools'. `skip`: where nobody answers that is told, and no error."""
    image = list(locked((root / APPLICATION.root / "requirements.txt").read_text()))
    tools = sorted({*of_lock((root / "uv.lock").read_text())} - {*image})
    today = datetime.now(UTC).date()
    accepted = read(root / LIST, today)
    try:
        asked = {
            where: asking(context.doors.advisories, some, source) for where, some in ((IMAGE, image), (TOOLS, tools))
        }
    except UnreachableError as error:
        if skip:
            return Scan(len(image) + len(tools), skipped=str(error))
        raise ExplainedError(
            f"cannot look whether weaknesses are known: {source} gives no answer",
            str(error),
            hint="again later; --unreachable skip where there is no network; --advisories URL for a mirror of OSV",
        ) from error
    found = tuple(one for where, told in asked.items() for one in judged(where, told, accepted, today))
    used = {one.accepted for one in found}
    return Scan(len(image) + len(tools), found, tuple(one for one in accepted if one not in used))


def asking(ask: Ask, packages: Sequence[Package], source: str) -> list[dict[str, Any]]:
    """A package that is locked in two versions is asked for twice, because one question has each name once."""
    left, found = list(packages), list[dict[str, Any]]()
    while left:
        once = dict(reversed(left))
        found += ask(sorted(once.items()), source)
        left = [one for one in left if once[one[0]] != one[1]]
    return found


def judged(
    where: str, told: Sequence[Mapping[str, Any]], accepted: Sequence[Accepted], today: date
) -> Iterator[Weakness]:
    """Each, with what somebody has said of it."""
    for package in told:
        for one in package.get("vulns", ()):
            names = {one["id"], *one["aliases"]}
            said = next((each for each in accepted if each.package == package["name"] and each.id in names), None)
            yield Weakness(
                where,
                package["name"],
                package["version"],
                one["id"],
                tuple(one["aliases"]),
                tuple(one["fix_versions"]),
                said,
                expired=said is not None and said.until < today,
            )


def of_lock(text: str) -> Iterator[Package]:
    """What uv has locked for the tools, less our own package."""
    for package in tomllib.loads(text)["package"]:
        if "registry" in package["source"]:
            yield package["name"], package["version"]
