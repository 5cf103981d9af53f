"""Known weaknesses: those of the image stand in the way, unless somebody has accepted them until a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from console.errors import WRONG_USE, ExplainedError
from ops.context import Context, Doors
from ops.doors.advisories import UnreachableError
from ops.releases.accepted import LONGEST, read
from ops.releases.scan import LIST, Scan, scan

TODAY = datetime.now(UTC).date()
FAR = TODAY + LONGEST + timedelta(1)
SOON, PAST = (TODAY + timedelta(days=days) for days in (30, -1))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with one package in the image, and tools with two versions of another."""
    (tmp_path / "app").mkdir()
    (tmp_path / ".github").mkdir()
    (tmp_path / "app/requirements.txt").write_text("django==5.2.1 --hash=sha256:00\n")
    packages = [("django", "5.2.1"), ("tool", "1"), ("tool", "2")]
    (tmp_path / "uv.lock").write_text(
        "".join(
            f'[[package]]\nname = "{name}"\nversion = "{version}"\nsource = {{ registry = "https://pypi.org" }}\n'
            for name, version in packages
        )
        + '[[package]]\nname = "ours"\nversion = "0"\nsource = { virtual = "." }\n'
    )
    return tmp_path


class Osv:
    """Knows of one weakness of each of these names."""

    def __init__(self, *weak: str) -> None:
        self.weak, self.asked = weak, list[list[tuple[str, str]]]()

    def __call__(self, packages: Iterable[tuple[str, str]], source: str) -> list[dict[str, Any]]:
        self.asked.append(list(packages))
        known = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-7"], "fix_versions": ["9"]}
        return [
            {"name": name, "version": version, "vulns": [known] if name in self.weak else []}
            for name, version in packages
        ]


def accept(root: Path, until: date, *, id_: str = "CVE-2026-7", package: str = "django") -> None:
    """Write the reviewed list."""
    (root / LIST).write_text(
        f'[[accepted]]\nid = "{id_}"\npackage = "{package}"\nuntil = {until}\nreason = "we never call that"\n'
    )


def look(root: Path, osv: Osv) -> Scan:
    """One scan."""
    return scan(Context(Doors(advisories=osv)), root=root)


def test_each_locked_package_is_asked_for_once(root: Path) -> None:
    """The image's, then the tools', of which each name is asked for with one version at a time; not our own."""
    osv = Osv()

    found = look(root, osv)

    assert osv.asked == [[("django", "5.2.1")], [("tool", "1")], [("tool", "2")]]
    assert (found.packages, found.found, found.blocking) == (3, (), False)


def test_what_the_image_has_blocks_and_what_a_tool_has_is_told(root: Path) -> None:
    """With the version that mends it."""
    image, tool = look(root, Osv("django")), look(root, Osv("tool"))

    assert [(one.where, one.package, one.what) for one in image.found] == [("image", "django", "mended in 9")]
    assert [(one.where, one.version) for one in tool.found] == [("tools", "1"), ("tools", "2")]
    assert (image.blocking, tool.blocking) == (True, False)


@pytest.mark.parametrize(
    ("until", "package", "blocking", "unused"),
    [
        (SOON, "django", False, 0),
        (TODAY, "django", False, 0),
        (PAST, "django", True, 0),
        (SOON, "other", True, 1),
    ],
)
def test_an_exception_is_of_one_package_and_ends(
    root: Path, until: date, package: str, blocking: bool, unused: int
) -> None:
    """By any name of the weakness; one that is for nothing would hide the next."""
    accept(root, until, package=package)

    found = look(root, Osv("django"))

    assert (found.blocking, len(found.unused)) == (blocking, unused)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[accepted]", "Expected"),
        ('[[accepted]]\nid = "a"\npackage = "b"\nreason = "long enough"\n', "until"),
        (f'[[accepted]]\nid = "a"\npackage = "b"\nuntil = {SOON}\nreason = "ok"\n', "reason"),
        (f'[[accepted]]\nid = "a"\npackage = "b"\nuntil = {SOON}\nreason = "long enough"\nsince = 1\n', "since"),
        (f'[[accepted]]\nid = "a"\npackage = "b"\nuntil = {FAR}\nreason = "long enough"\n', "180 days"),
    ],
)
def test_a_list_that_says_it_wrongly_is_refused(tmp_path: Path, text: str, told: str) -> None:
    """Nothing without a day and a reason, and nothing for ever."""
    path = tmp_path / "accepted.toml"
    path.write_text(text)

    with pytest.raises(ExplainedError, match=told) as error:
        read(path, TODAY)

    assert error.value.code == WRONG_USE


def test_where_nobody_answers_nothing_is_known(root: Path) -> None:
    """That is an error, and with a reason where somebody has said that it may be."""

    def nobody(packages: Iterable[tuple[str, str]], source: str) -> list[dict[str, Any]]:
        raise UnreachableError("no route to host")

    context = Context(Doors(advisories=nobody))

    with pytest.raises(ExplainedError, match="gives no answer: no route to host"):
        scan(context, root=root)
    assert scan(context, root=root, skip=True) == Scan(3, skipped="no route to host")
