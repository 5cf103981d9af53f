"""The door to squawk, which lints PostgreSQL's SQL (a program in a wheel). https://squawkhq.com"""

from __future__ import annotations

import json
import subprocess
import sysconfig
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from console.errors import ExplainedError


@dataclass(frozen=True)
class Complaint:
    """What it says of a line (counted from 0) of a text."""

    text: str
    line: int
    rule: str
    message: str
    help: str


def complaints(
    texts: Mapping[str, str], *, version: str, in_transaction: bool, without: Sequence[str]
) -> list[Complaint]:
    """All of it, by the name of each text, for a major version of PostgreSQL."""
    if not texts:
        return []
    with tempfile.TemporaryDirectory(prefix="slipway-") as folder:
        for name, sql in texts.items():
            Path(folder, f"{name}.sql").write_text(sql)
        words = [str(Path(sysconfig.get_path("scripts"), "squawk")), "--reporter=json", f"--pg-version={version}.0"]
        words += ["--assume-in-transaction"] if in_transaction else ["--no-assume-in-transaction"]
        words += [f"--exclude={','.join(without)}", "--config=/dev/null", *(f"{name}.sql" for name in texts)]
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    try:
        said = json.loads(done.stdout)
    except ValueError as error:
        raise ExplainedError("cannot lint the SQL of migrations", f"squawk: {done.stderr.strip()}") from error
    return [
        Complaint(Path(one["file"]).stem, one["line"], one["rule_name"], one["message"], one["help"] or "")
        for one in said
    ]
