"""The local cloud's plugins are the stand-ins, whatever was there; the real ones come when they are asked for."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest

from console.errors import ExplainedError
from localcloud.engine import plugins
from localcloud.plugins.bundle import write_start

REAL = b"\x7fELF real"
# Installs what it is given, or else a real one, and keeps what it was told.
FAKE = f"""#!/bin/sh
echo "$*" >>"$PULUMI_HOME/commands"
there="$PULUMI_HOME/plugins/resource-$4-v$5/pulumi-resource-$4"
mkdir -p "${{there%/*}}"
if [ "$7" = --file ]; then cp "$8/pulumi-resource-$4" "$there"; else printf '{REAL.decode()}' >"$there"; fi
"""


@pytest.fixture
def cli(tmp_path: Path) -> Path:
    """A CLI that installs plugins."""
    path = tmp_path / "fake-pulumi"
    path.write_text(FAKE)
    path.chmod(0o755)
    return path


def program(home: Path, name: str) -> Path:
    version = importlib.metadata.version(plugins.PACKAGES[name])
    return home / "plugins" / f"resource-{name}-v{version}" / f"pulumi-resource-{name}"


def installed(home: Path) -> list[str]:
    """The plugins that the CLI was told to install, and how."""
    commands = home / "commands"
    told = [line.split() for line in commands.read_text().splitlines()] if commands.exists() else []
    return [f"{words[3]} {'stand-in' if '--file' in words else 'real'}" for words in told]


def put(home: Path, **programs: bytes) -> None:
    for name, content in programs.items():
        program(home, name).parent.mkdir(parents=True)
        program(home, name).write_bytes(content)


def test_a_stand_in_of_an_older_checkout_starts_as_one_of_this(tmp_path: Path, cli: Path) -> None:
    """Nothing is installed for it."""
    put(tmp_path, aws=b"#!/bin/sh\nexec old\n", random=b"#!/bin/sh\nexec old\n")
    write_start(tmp_path / "now", "random")

    plugins.ensure(cli, tmp_path, lambda line: None)

    assert program(tmp_path, "random").read_bytes() == (tmp_path / "now").read_bytes()
    assert installed(tmp_path) == []


def test_the_stand_ins_are_used_also_where_the_real_ones_could_be_had(tmp_path: Path, cli: Path) -> None:
    """A real one that somebody installed makes place, and nothing is said about it."""
    put(tmp_path, aws=REAL)
    said: list[str] = []

    plugins.ensure(cli, tmp_path, said.append)

    assert installed(tmp_path) == ["aws stand-in", "random stand-in"]
    assert program(tmp_path, "aws").read_bytes().startswith(b"#!/bin/sh")
    assert said == []


def test_the_real_ones_are_asked_for_by_name(tmp_path: Path, cli: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They take the place of the stand-ins, each time with what is known of them; and make place again without it."""
    said: list[str] = []
    plugins.ensure(cli, tmp_path, said.append)

    monkeypatch.setenv("SLIPWAY_PLUGINS", "real")
    plugins.ensure(cli, tmp_path, said.append)
    plugins.ensure(cli, tmp_path, said.append)
    monkeypatch.delenv("SLIPWAY_PLUGINS")
    plugins.ensure(cli, tmp_path, said.append)

    assert installed(tmp_path) == [
        f"{name} {how}" for how in ("stand-in", "real", "stand-in") for name in plugins.PACKAGES
    ]
    assert [line[:30] for line in said] == [
        "SLIPWAY_PLUGINS=real: the real",
        "downloading the plugins aws 7.",
        "SLIPWAY_PLUGINS=real: the real",
    ]
    assert "123456789012.127.0.0.1: no such host" in said[0]


def test_real_ones_that_cannot_be_had_are_an_error(
    tmp_path: Path, cli: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asked for them is told why, and not given others in silence."""
    cli.write_text("#!/bin/sh\necho 'no such host' >&2; exit 255\n")
    monkeypatch.setenv("SLIPWAY_PLUGINS", "real")

    with pytest.raises(ExplainedError) as caught:
        plugins.ensure(cli, tmp_path, lambda line: None)

    assert str(caught.value) == (
        "cannot install the real plugin aws: no such host\n\n"
        "hint: once that is mended, run the same command again; to use the stand-ins: unset SLIPWAY_PLUGINS"
    )


def test_another_choice_is_refused(tmp_path: Path, cli: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A typing error does not mean the default."""
    monkeypatch.setenv("SLIPWAY_PLUGINS", "reel")

    with pytest.raises(ExplainedError, match="SLIPWAY_PLUGINS is reel"):
        plugins.ensure(cli, tmp_path, lambda line: None)
    assert installed(tmp_path) == []
