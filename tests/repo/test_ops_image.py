"""deploy/ops: the image that backs up, restores and drills; what is in it, and that nothing else is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from build_context.files import files
from localcloud.images.dockerfile import bases, parse
from tests.support.locked import locked, pinned, versions

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "deploy/ops/Dockerfile"
TEXT = DOCKERFILE.read_text()


def test_hadolint_finds_nothing() -> None:
    """What is ignored says so on its line."""
    done = subprocess.run(
        [ROOT / ".venv/bin/hadolint", DOCKERFILE], capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_its_packages_are_the_locked_ones_of_the_commands_and_the_application() -> None:
    """Each by its hash; made anew by the command in the file's head, after every `uv lock`."""
    packages = locked()
    slipway = packages["slipway"]
    needs = [*slipway["dependencies"], *slipway["dev-dependencies"]["app"]]
    requirements = DOCKERFILE.with_name("requirements.txt")

    assert pinned(requirements) == versions(packages, needs), "run `uv export` as deploy/ops/requirements.txt says"
    assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=[a-z])", requirements.read_text())[1:])


def test_its_base_is_the_applications_by_its_digest() -> None:
    """One Python for both: what is rehearsed in this image is what runs in the other."""
    assert bases(TEXT, {}) == bases((ROOT / "app/Dockerfile").read_text(), {})
    assert "@sha256:" in bases(TEXT, {})[0]


def test_it_has_every_version_of_postgresql_that_a_stack_file_may_name() -> None:
    """pg_dump has to be as new as the server, pg_restore no newer."""
    found = set(re.findall(r" postgresql-(\d+)", TEXT))

    assert found == {"13", "14", "15", "16", "17", "18"}


def test_nobody_in_it_is_root() -> None:
    """Also where a runtime asks for a number."""
    start = parse(TEXT)

    assert start.user == "10002:10002"
    assert (start.workdir, start.argv) == ("/srv/slipway", ("python", "-m", "ops", "--help"))


def test_it_holds_the_commands_the_application_and_the_stack_files_alone() -> None:
    """Neither tests nor what tools leave behind, nor a file that may hold a secret."""
    inside = files(ROOT, DOCKERFILE)

    assert {"ops/__main__.py", "app/start.py", "infra/config.py", "Pulumi.staging.yaml"} <= {*inside}
    assert {path.partition("/")[0] for path in inside} & {"tests", "bench", "docs", "localcloud", ".venv"} == set()
    assert [path for path in inside if re.search(r"(^|/)(\.env|tests?/|__pycache__)", path)] == []


def test_its_files_are_enough_to_start(tmp_path: Path) -> None:
    """Nothing that is imported is left out."""
    for path in files(ROOT, DOCKERFILE):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).symlink_to(ROOT / path)
    words = [sys.executable, "-I", "-c", START, str(tmp_path), "backup", "create", "--help"]

    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage" in done.stdout


START = """
import sys
here = sys.argv.pop(1)
sys.path.insert(0, here)
from ops.backups.made_by import slipway
assert slipway()
sys.modules["django_migration_linter"] = None  # a checkout's alone, as are all that only checks need
import ops.doors.django_side.entry
from ops.__main__ import main
code = main(sys.argv[1:])
tops = ("infra", "localcloud", "ops")
ours = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in tops}
assert not [name for name, module in ours.items() if not str(module.__file__).startswith(here)], ours
sys.exit(code)
"""
