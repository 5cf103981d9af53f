"""The table: one file for each part of AWS, each with its `CASES`."""

from __future__ import annotations

import importlib
import pkgutil

from bench.aws_truth.case import Case


def parts() -> dict[str, list[Case]]:
    """Every part's cases, by the name of its file."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: importlib.import_module(f"{__name__}.{name}").CASES for name in names}
