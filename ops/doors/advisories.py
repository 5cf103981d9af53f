"""The door to known weaknesses of packages: pip-audit, which asks the OSV database (https://osv.dev).

https://github.com/pypa/pip-audit
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

SECONDS = 300
SOURCE = "https://api.osv.dev/v1/query"


class UnreachableError(Exception):
    """Nobody has answered, or not in a way that could be read: nothing is known."""


def advisories(packages: Iterable[tuple[str, str]], source: str = SOURCE) -> list[dict[str, Any]]:
    """What is known of these names and versions, as pip-audit tells it: `name`, `version` and `vulns` of each."""
    with tempfile.TemporaryDirectory(prefix="slipway-scan-") as folder:
        locked = Path(folder, "locked.txt")
        locked.write_text("".join(f"{name}=={version}\n" for name, version in packages))
        words = ["--requirement", str(locked), "--disable-pip", "--no-deps", "--progress-spinner", "off"]
        words += ["--vulnerability-service", "osv", "--osv-url", source, "--format", "json", "--cache-dir", folder]
        try:
            done = subprocess.run(
                [sys.executable, "-m", "pip_audit", *words],
                capture_output=True, text=True, check=False, timeout=SECONDS,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            raise UnreachableError(f"no answer in {SECONDS} s") from error
        try:
            found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
        except (ValueError, KeyError, TypeError) as error:
            lines = done.stderr.strip().splitlines()
            raise UnreachableError(lines[-1] if lines else f"pip-audit ended with {done.returncode}") from error
        return found
