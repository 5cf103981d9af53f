"""What a stand-in plugin can do is found by itself, and each in the file that its type names."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from localcloud.plugins import operations

PLUGINS = Path(operations.__file__).parent


def place(type_: str) -> Path:
    """`aws:iam/getRolePolicy:getRolePolicy` → `aws/iam/role_policy.py`."""
    package, module, _ = type_.split(":")
    folder, name = module.split("/")
    return PLUGINS / package / folder / f"{re.sub('(?=[A-Z])', '_', name).lower().removeprefix('get_')}.py"


@pytest.mark.parametrize("plugin", ["aws", "random"])
def test_each_operation_is_in_the_file_that_its_type_names(plugin: str) -> None:
    """And no file there is without one, but for what several of them share."""
    resources, functions = operations.below(f"localcloud.plugins.{plugin}")

    files = {each.type_: Path(inspect.getfile(type(each))) for each in resources}
    files |= {each.name: Path(inspect.getfile(each.call)) for each in functions}
    shared = {PLUGINS / "aws" / "iam" / "inline_policy.py", PLUGINS / "aws" / "s3" / "bucket_setting.py"}
    there = {path for path in (PLUGINS / plugin).glob("*/*.py") if path.name != "__init__.py"}

    assert files == {type_: place(type_) for type_ in files}
    assert there - shared == set(files.values())
