"""Which repository a checkout is."""

from __future__ import annotations

from pathlib import Path

from localcloud.github.repositories.declared import Declared, declared
from tests.support.github_world import STACK


def test_a_checkout_is_the_repository_that_its_stack_files_name(tmp_path: Path) -> None:
    """With the ids that the roles' trust looks at; a stack file that cannot be read is somebody else's to tell of."""
    (tmp_path / "Pulumi.a.yaml").write_text("config: [")
    (tmp_path / "Pulumi.dev.yaml").write_text(STACK)

    assert declared(tmp_path) == Declared("example", 6154722, "cams", 1029384756)


def test_one_that_names_none_is_called_as_its_folder(tmp_path: Path) -> None:
    """In the letters that GitHub has."""
    folder = tmp_path / "my app"
    folder.mkdir()

    assert declared(folder) == Declared("local", 1, "my-app", 1)
