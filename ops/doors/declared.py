"""The door to the program of a tree: what it declares for an environment, with no cloud asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from console.errors import ExplainedError

PROGRAM = Path(__file__).with_name("program_side") / "declare.py"
KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "USER")
LINES = 5  # of what it said last


def declared(tree: Path, environment: str, anew: Collection[str] = ()) -> list[dict[str, Any]]:
    """Its resources; `anew` are those (`kind::name`) whose outputs are other ones, because they are replaced."""
    with tempfile.TemporaryDirectory(prefix="slipway-") as folder:
        answer = Path(folder, "declared.json")
        asked = {"environment": environment, "anew": sorted(anew), "answer": str(answer)}
        done = subprocess.run(
            [sys.executable, "-P", str(PROGRAM)],
            cwd=tree,
            env={name: os.environ[name] for name in KEPT if name in os.environ},  # no credential reaches it
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=False,
        )
        if not answer.exists():
            told = "\n".join(done.stderr.strip().splitlines()[-LINES:]) or f"exit code {done.returncode}"
            raise ExplainedError(
                f"cannot tell what is declared for {environment}", told, hint=f"./slipway preview {environment}"
            )
        found: list[dict[str, Any]] = json.loads(answer.read_text())
        return found
