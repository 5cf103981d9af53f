"""The API's resources: one module each, found by itself; a module offers `routes`."""

from __future__ import annotations

import importlib
import pkgutil

from starlette.routing import Route


def all_routes() -> list[Route]:
    """Every endpoint below /v1."""
    found: list[Route] = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        found += importlib.import_module(f"{__name__}.{module.name}").routes
    return found
