"""Plugins that are there already are left alone, but for how a stand-in starts."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

from localcloud.engine import plugins
from localcloud.engine.install import Engine
from localcloud.plugins.bundle import write_start


def test_a_stand_in_of_an_older_checkout_starts_as_one_of_this(tmp_path: Path) -> None:
    """A real plugin, which is no script, stays as it is; nothing is installed."""
    programs = {
        name: tmp_path
        / "plugins"
        / f"resource-{name}-v{importlib.metadata.version(package)}"
        / f"pulumi-resource-{name}"
        for name, package in plugins.PACKAGES.items()
    }
    for name, content in {"aws": b"\x7fELF real", "random": b"#!/bin/sh\nexec old\n"}.items():
        programs[name].parent.mkdir(parents=True)
        programs[name].write_bytes(content)
    write_start(tmp_path / "now", "random")

    plugins.ensure(Engine(tmp_path / "no-engine", official=False), tmp_path, lambda line: None)

    assert programs["aws"].read_bytes() == b"\x7fELF real"
    assert programs["random"].read_bytes() == (tmp_path / "now").read_bytes()
