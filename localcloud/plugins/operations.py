"""Finds a plugin's resources and functions: `aws:iam/role:Role` is in `aws/iam/role.py`, and so are all others."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from localcloud.plugins.resource import Function, Resource

Operations = tuple[list[Resource[Any]], list[Function[Any]]]


def below(package: str) -> Operations:
    """What the modules of the package's folders declare."""
    resources: list[Resource[Any]] = []
    functions: list[Function[Any]] = []
    for module in _modules(package):
        for value in vars(module).values():
            if isinstance(value, Function):
                functions.append(value)
            elif _is_kind(value) and value.__module__ == module.__name__:
                resources.append(value())
    return resources, functions


def _modules(package: str) -> Iterator[ModuleType]:
    for folder in _inside(package):
        if folder.ispkg:
            for module in _inside(folder.name):
                yield importlib.import_module(module.name)


def _inside(package: str) -> Iterator[pkgutil.ModuleInfo]:
    return pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}.")


def _is_kind(value: object) -> bool:
    """Whether it is a kind of resource, not what several kinds share."""
    return inspect.isclass(value) and issubclass(value, Resource) and "type_" in vars(value)
