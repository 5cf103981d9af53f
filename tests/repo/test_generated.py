"""What is generated from the Render provider's models is as they say."""

from __future__ import annotations

import subprocess
import sys

from render_provider.generate import COMMAND
from render_provider.generate.files import ORIGIN, ROOT, outdated, wanted


def test_programs_side_schema_and_reference_are_up_to_date() -> None:
    """Whoever changes a model also runs the command that generates what follows from it."""
    names = [str(path.relative_to(ROOT)) for path in outdated()]

    assert names == [], f"out of date: run {COMMAND}"


def test_generated_files_say_so_at_their_beginning() -> None:
    """By which command, too; the schema has no line before its brace."""
    silent = [path for path in wanted() if ORIGIN not in "".join(path.read_text("utf-8").splitlines()[:2])]

    assert silent == []
    assert COMMAND in ORIGIN


def test_the_command_says_whether_all_is_up_to_date() -> None:
    """For a pipeline: nothing is written, and the exit code tells."""
    told = subprocess.run([sys.executable, "-m", *COMMAND.split()[2:], "--check"], cwd=ROOT, capture_output=True)

    assert (told.returncode, told.stderr) == (0, b"")
