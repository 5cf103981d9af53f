"""How much of the packages the tests run, lines and branches: measured in every Python process that a test starts.

What is started finds the settings in its environment, and `coverage` by the `.pth` file that it brings into `.venv`.
Each process leaves a file in the scratch folder, and the files are put together at the end. `app/` is left out: as at
Render its processes have nothing of our environment, so only a part of what its tests run would be measured.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

from console.errors import ExplainedError
from ops.doors.programs import ROOT

FLOOR = 90.0
"""In percent: what the tests run today, less what differs from run to run (a wait that was needed or not)."""
SHOWN = 10
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

    @property
    def enough(self) -> bool:
        """Whether it is not below the floor, as it is printed."""
        return round(self.percent, 1) >= FLOOR

    def __str__(self) -> str:
        return f"{self.percent:.1f} % of lines and branches are run by tests; the floor is {FLOOR:.1f} %"


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


def judged(result: Measured) -> str:
    """What is printed; an error where it is too little."""
    if not result.enough:
        files = "".join(f"\n  {count:5} in {name}" for name, count in result.missing[:SHOWN])
        raise ExplainedError(
            "tests run too little",
            f"{result}; most lines and branches that no test runs are{files}",
            hint="test what the change adds: ./slipway test tests/unit",
        )
    return f"coverage: {result}"
