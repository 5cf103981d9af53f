"""Every resource and function there is: one file each, found by itself."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

from render_provider.provider.function import Function
from render_provider.provider.resource import Resource


def _kinds() -> Iterator[type]:
    """The classes that the files here define."""
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{__name__}.{info.name}")
        classes = [value for value in vars(module).values() if isinstance(value, type)]
        yield from (kind for kind in classes if kind.__module__ == module.__name__)


KINDS = tuple(_kinds())
RESOURCES: dict[str, Resource[Any]] = {kind.type_: kind() for kind in KINDS if issubclass(kind, Resource)}
FUNCTIONS: dict[str, Function] = {kind.function: kind() for kind in KINDS if issubclass(kind, Function)}
