"""Pulumi's engine passes to a program what the commands read from the same file."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.application import APPLICATION
from infra.stack_yaml import passed
from tests.support.checkout import Done, run
from tests.support.stack_files import FILES, VALUES, file_of
from tests.support.world import World

PROGRAM = "import os, pulumi\npulumi.export('passed', os.environ['PULUMI_CONFIG'])\n"
Pulumi = Callable[..., Done]


@pytest.fixture
def pulumi(world: World, tmp_path: Path) -> Pulumi:
    """The CLI in a project that is named as ours, with a state of its own."""
    world.have("staging")
    state = tmp_path / "state"
    state.mkdir()
    environment = world.checkout.environment | world.variables | {"PULUMI_BACKEND_URL": f"file://{state}"}
    (tmp_path / "Pulumi.yaml").write_text("name: cams\nruntime: python\nmain: program.py\n")
    (tmp_path / "program.py").write_text(PROGRAM)

    def command(*words: str, check: bool = True) -> Done:
        return run(("pulumi", *words, "--stack", "table", "--non-interactive"), tmp_path, environment, check=check)

    command("stack", "init")
    return command


def test_every_value_is_the_same_to_both(pulumi: Pulumi, tmp_path: Path) -> None:
    """A program that runs gets what the reader of the commands finds."""
    content = file_of(VALUES)
    (tmp_path / "Pulumi.table.yaml").write_bytes(content)

    pulumi("up", "--yes", "--skip-preview")

    got = json.loads(pulumi("stack", "output", "passed").stdout)
    listed, wanted = json.loads(got.pop("cams:all")), passed(content, APPLICATION.names)[0]
    assert listed == json.loads(wanted.pop("cams:all"))
    assert got == wanted == {f"cams:k{place}": value for place, value in enumerate(VALUES.values())}


def test_every_file_is_read_or_refused_by_both(pulumi: Pulumi, tmp_path: Path) -> None:
    """What the table says of whole files is what the engine does."""

    def read(case: int) -> dict[str, str] | None:
        path = tmp_path / f"case-{case}.yaml"
        path.write_bytes(list(FILES.values())[case][0])
        done = pulumi("config", "--json", "--config-file", str(path), check=False)
        return {name: one["value"] for name, one in json.loads(done.stdout).items()} if done.returncode == 0 else None

    with ThreadPoolExecutor(4) as pool:
        got = dict(zip(FILES, pool.map(read, range(len(FILES))), strict=True))

    assert got == {name: wanted for name, (_, wanted) in FILES.items()}
