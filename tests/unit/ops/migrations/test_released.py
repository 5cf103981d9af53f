"""A migration that was released stays as it was: by what it does, at the commit that has it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from ops.doors import git
from ops.migrations.released import changed, does

FIRST = '''"""One."""
from django.db import migrations

class Migration(migrations.Migration):
    operations = [migrations.RunSQL("SELECT 1")]
'''
SQUASHED = 'class Migration:\n    replaces = [\n        ("exams", "0001_initial"),\n    ]\n'
FOLDER = "app/exams/migrations"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with one migration that is released."""
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / "__init__.py").touch()
    (tmp_path / FOLDER / "0001_initial.py").write_text(FIRST)
    commit(tmp_path)
    return tmp_path


def commit(checkout: Path) -> str:
    """Everything; the commit."""
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    for words in (("init", "-q"), ("add", "-A"), (*who, "commit", "-qm", "Release")):
        subprocess.run(["git", "-C", checkout, *words], check=True)
    return str(git.answer(checkout, "rev-parse", "HEAD"))


def found(checkout: Path, ref: str = "HEAD") -> list[tuple[str, str]]:
    """Names and rules."""
    paths = sorted((checkout / FOLDER).glob("0*.py"))
    here = [{"app": "exams", "name": path.stem, "file": str(path), "accepted": {"x": "y"}} for path in paths]
    return [(one.migration, one.rule) for one, _ in changed(git.answer, checkout, ref, here)]


@pytest.mark.parametrize(
    "text",
    [
        FIRST.replace("SELECT 1", "SELECT 2"),
        FIRST.replace("RunSQL(", "RunPython("),
        FIRST.replace("class", "atomic = False\n\nclass"),
        FIRST + "    atomic = False\n",
        FIRST + "    dependencies = []\n",
        "",
    ],
)
def test_one_that_does_something_else_is_found(checkout: Path, text: str) -> None:
    """Whatever of it differs: databases that have it never apply it again."""
    (checkout / FOLDER / "0001_initial.py").write_text(text)

    assert found(checkout) == [("exams.0001_initial", "released-edited")]


@pytest.mark.parametrize(
    "text",
    [
        FIRST,
        "# more\n" + FIRST.replace("One.", "The first one."),
        FIRST.replace('[migrations.RunSQL("SELECT 1")]', "[\n        migrations.RunSQL('SELECT 1'),\n    ]"),
        FIRST + '\nACCEPTED = {"lock": "nobody is there at night"}\n',
    ],
)
def test_what_is_only_written_otherwise_is_not(checkout: Path, text: str) -> None:
    """A formatter, a comment, and an exception that was reviewed later change no database."""
    (checkout / FOLDER / "0001_initial.py").write_text(text)

    assert found(checkout) == []


def test_one_that_is_gone_or_has_another_name_is_found(checkout: Path) -> None:
    """A new one is none of these."""
    (checkout / FOLDER / "0001_initial.py").rename(checkout / FOLDER / "0001_first.py")
    (checkout / FOLDER / "0002_more.py").write_text(FIRST)

    assert found(checkout) == [("exams.0001_initial", "released-gone")]


def test_one_that_a_released_one_stands_for_may_go(checkout: Path) -> None:
    """And not in the same release: a database may have the first alone."""
    first, squashed = (checkout / FOLDER / f"{name}.py" for name in ("0001_initial", "0001_squashed"))
    squashed.write_text(SQUASHED)
    first.unlink()
    at_once = found(checkout)
    first.write_text(FIRST)
    released = commit(checkout)
    first.unlink()

    assert at_once == [("exams.0001_initial", "released-gone")]
    assert found(checkout, released) == []


def test_what_cannot_be_parsed_is_compared_as_text() -> None:
    """It is another one, too."""
    assert does("class") != does(FIRST)
