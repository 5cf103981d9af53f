"""Whatever engine there is, it runs in a folder of the checkout beside our language host, which is loaded ahead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from localcloud.engine import install, setup

# It answers with its version, and installs every plugin as an empty script.
FAKE = f"""#!/bin/sh
[ "$1" = version ] && echo v{install.VERSION} && exit
there="$PULUMI_HOME/plugins/resource-$4-v$5"
mkdir -p "$there" && cp "$8/pulumi-resource-$4" "$there"
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout's `.local`, with an official installation on PATH."""
    official = tmp_path / "official"
    official.mkdir()
    for name in ("pulumi", "pulumi-language-python", "pulumi-language-nodejs"):
        (official / name).write_text(FAKE)
        (official / name).chmod(0o755)
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{official}:/usr/bin:/bin")
    return tmp_path / ".local"


def record(here: Path) -> dict[str, str]:
    """What the local `pulumi` reads."""
    read: dict[str, str] = json.loads((here / "engine.json").read_text())
    return read


def test_an_official_engine_is_given_our_language_host(here: Path) -> None:
    """Its own stays where it is, for other projects; ours is a copy of the process that has everything loaded."""
    setup.ensure(lambda line: None)

    official = here.parent / "official" / "pulumi"
    assert record(here) == {
        "pulumi": str(here / "engine" / "pulumi"),
        "version": install.VERSION,
        "elsewhere": str(official),
    }
    assert (here / "engine" / "pulumi").samefile(official)
    assert "SLIPWAY_PRELOAD" in (here / "engine" / "pulumi-language-python").read_text()
    assert setup.path()[0] == here / "bin"
    assert official.parent not in setup.path()


def test_a_link_to_an_engine_is_followed(here: Path) -> None:
    """Package managers put a link on PATH, relative to where it is."""
    official = here.parent / "official"
    (official / "pulumi").rename(official / "pulumi-real")
    (official / "pulumi").symlink_to("pulumi-real")

    setup.ensure(lambda line: None)

    assert not (here / "engine" / "pulumi").is_symlink()
    assert (here / "engine" / "pulumi").read_text() == FAKE


def test_it_can_be_repeated(here: Path) -> None:
    """The second time finds everything, and leaves nothing else."""
    setup.ensure(lambda line: None)
    first = record(here)

    setup.ensure(lambda line: None)

    assert record(here) == first
    assert sorted(path.name for path in (here / "engine").iterdir()) == ["pulumi", "pulumi-language-python"]


def test_an_engine_of_another_version_makes_place(here: Path) -> None:
    """The locked SDK has moved on: what was recorded for the one before is not used again."""
    setup.ensure(lambda line: None)
    (here / "engine" / "pulumi").unlink()
    (here / "engine" / "pulumi").write_text("old")
    (here / "engine.json").write_text(json.dumps({**record(here), "version": "3.0.0"}))

    setup.ensure(lambda line: None)

    assert (here / "engine" / "pulumi").read_text() == FAKE
