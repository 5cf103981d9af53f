"""What counts as run by tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from ops.doors.coverage import environment, measured
from ops.doors.programs import ROOT

STORY = """
import os, sys
import console.credentials
console.credentials.hint(ValueError())
if os.fork() == 0:
    import console.loading
    console.loading.begin(), console.loading.done()
    os._exit(0)
os.wait()
listing = "from pathlib import Path; from build_context.files import files; files(Path(), Path('Dockerfile'))"
os.execv(sys.executable, [sys.executable, "-c", listing])
"""
ALMOST_NONE = {"console/credentials.py": 3, "console/loading.py": 3, "build_context/files.py": 10}


@pytest.fixture(scope="module")
def missing(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """What of each file is not run by a process in a copy of the checkout, its copy, and what it becomes."""
    scratch, copy = tmp_path_factory.mktemp("scratch"), tmp_path_factory.mktemp("copy")
    for package in ("build_context", "console"):
        shutil.copytree(ROOT / package, copy / package)
    shell = {"PATH": os.environ["PATH"], **environment(scratch)}

    subprocess.run([sys.executable, "-c", STORY], cwd=copy, env=shell, check=True, timeout=60)

    return dict(measured(scratch).missing)


@pytest.mark.parametrize("file", ALMOST_NONE)
def test_a_process_is_measured_however_it_ends(file: str, missing: dict[str, int]) -> None:
    """One that becomes another, one that leaves without taking anything down, and what came of the first."""
    assert missing[file] <= ALMOST_NONE[file]


def test_what_no_process_has_loaded_is_missing_whole(missing: dict[str, int]) -> None:
    """A file without a test is no blank in the figure; the application, which is measured by nobody, is."""
    assert missing["ops/doors/cloud.py"] > 20
    assert not [file for file in missing if file.startswith(("app/", "tests/"))]
