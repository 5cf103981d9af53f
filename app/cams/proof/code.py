"""What the release's code proves without a connection: every address, every template, Django's own checks."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from django.core import checks
from django.core.files.storage import storages
from django.template import engines
from django.template.backends.django import DjangoTemplates
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from cams.proof.board import board
from cams.proof.reasons import Unfit

ERROR_PAGES = (400, 403, 404, 500)


def prove() -> None:
    """Raise what is wrong with it, or return."""
    board.begin("loading every address")
    for _ in addresses():
        pass
    for status in ERROR_PAGES:
        get_resolver().resolve_error_handler(status)
    board.begin("compiling every template")
    _compile_templates()
    board.begin("running Django's checks")
    errors = [message for message in checks.run_checks(include_deployment_checks=True) if message.is_serious()]
    if errors:
        raise Unfit("; ".join(f"{error.id}: {error.msg}" for error in errors))
    board.begin("loading the storages")
    for alias in storages.backends:
        storages[alias]


def load_middleware() -> None:
    """What each request passes; it wants the static files collected."""
    board.begin("loading the middleware")
    import_module("cams.asgi")


def addresses(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[tuple[str, bool]]:
    """Each address as it is written down, and whether it is one as it stands, without parameters."""
    for pattern in (resolver or get_resolver()).url_patterns:
        plain = isinstance(pattern.pattern, RoutePattern) and not pattern.pattern.converters
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            _ = pattern.pattern.regex
            yield path, plain and "\0" not in prefix
        else:
            yield from addresses(pattern, path if plain else f"{path}\0")


def _compile_templates() -> None:
    for engine in engines.all():
        if isinstance(engine, DjangoTemplates):
            for name in _names(engine):
                engine.get_template(name)


def _names(engine: DjangoTemplates) -> Iterator[str]:
    loaders: list[Any] = [loader for loader in engine.engine.template_loaders if hasattr(loader, "get_dirs")]
    folders = {Path(folder) for loader in loaders for folder in loader.get_dirs()}
    for folder in sorted(folders):
        yield from (str(file.relative_to(folder)) for file in sorted(folder.rglob("*")) if file.is_file())
