"""The door to coverage.py: which lines and branches of the packages the tests run, in every process that they start.

A Python process of ours finds the settings in its environment, and coverage.py by the `.pth` file that came with it
into `.venv`. Each leaves a file in the scratch folder; the files are put together at the end. `app/` is left out: as
at Render its processes have nothing of our environment, so only a part of what its tests run would be measured.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

from ops.doors.programs import ROOT

_DATA = "coverage"


def environment(scratch: Path) -> dict[str, str]:
    """What has a Python process of ours measured, and all that it starts."""
    settings = scratch / "coverage.toml"
    run = {
        "branch": True,
        "parallel": True,  # a file for each process
        "data_file": str(scratch / _DATA / "data"),
        # Also where a process becomes another, is copied, or ends without taking down what it loaded.
        "patch": ["_exit", "execv", "fork", "subprocess"],
        "include": [f"*/{package}/*" for package in packages()],  # wherever a test has its copy of the checkout
        "omit": ["*/site-packages/*", f"{ROOT}/tests/*"],
        "disable_warnings": ["no-data-collected"],
    }
    (scratch / _DATA).mkdir()
    settings.write_text("\n".join(["[tool.coverage.run]", *(f"{name} = {json.dumps(run[name])}" for name in run)]))
    return {"COVERAGE_PROCESS_START": str(settings)}


def packages() -> list[str]:
    """Those that are installed: all of ours but the application."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return list(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])


@dataclass(frozen=True)
class Measured:
    """What was run, and which files have most that was not."""

    percent: float
    missing: tuple[tuple[str, int], ...]  # lines and branches


def measured(scratch: Path) -> Measured:
    """All processes together. A file that none has loaded is missing whole."""
    from coverage import Coverage

    coverage = Coverage(data_file=str(scratch / _DATA / "data"), config_file=False)
    coverage.set_option("run:branch", True)
    coverage.set_option("paths", {package: [str(ROOT / package), f"*/{package}"] for package in packages()})
    coverage.combine()
    files = sorted(str(path) for package in packages() for path in (ROOT / package).rglob("*.py"))
    coverage.get_data().touch_files(files)
    report = scratch / "coverage.json"
    percent = coverage.json_report(morfs=files, outfile=str(report))
    summaries = {name: file["summary"] for name, file in json.loads(report.read_text())["files"].items()}
    missing = {name: one["missing_lines"] + one["missing_branches"] for name, one in summaries.items()}
    return Measured(percent, tuple(sorted(missing.items(), key=lambda item: -item[1])))
