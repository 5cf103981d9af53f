"""The application that is operated: with an upload and an answer that takes 20 s, in ever new releases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.application import APPLICATION
from tests.support.checkout import Checkout

PACKAGE = Path(APPLICATION.root) / APPLICATION.name

VIEWS = '''"""Asked by the measurement alone."""

import asyncio
import hashlib

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
async def upload(request: HttpRequest) -> JsonResponse:
    """Read it all."""
    digest = hashlib.sha256()
    while part := request.read(65536):
        digest.update(part)
    return JsonResponse({"digest": digest.hexdigest()})


async def slow(request: HttpRequest) -> JsonResponse:
    """Take as long as is asked for: nothing where an instance asks itself, before it serves."""
    await asyncio.sleep(float(request.GET.get("seconds", 0)))
    return JsonResponse({"status": "ok"})
'''
URLS = f"""
from {APPLICATION.name} import measured

urlpatterns += [path("bench/upload/", measured.upload), path("bench/slow/", measured.slow)]
"""
BROKEN = '\nraise RuntimeError("a release that cannot serve")\n'


class App:
    """In a checkout of its own, of which every release is a commit."""

    def __init__(self, checkout: Checkout) -> None:
        self._checkout = checkout
        self._number = 0
        self._views, self._urls = (checkout.folder / PACKAGE / name for name in ("measured.py", "urls.py"))
        self._views.write_text(VIEWS)
        self._urls.write_text(self._urls.read_text() + URLS)
        self._commit("What is measured needs")

    def change(self) -> None:
        """Another release that does the same."""
        self._number += 1
        self._views.write_text(f"{VIEWS}\nRELEASE = {self._number}\n")
        self._commit(f"Release {self._number}")

    @contextmanager
    def broken(self) -> Iterator[None]:
        """One whose addresses cannot be loaded; afterwards it is mended."""
        good = self._urls.read_text()
        self._urls.write_text(good + BROKEN)
        self._commit("Break it")
        try:
            yield
        finally:
            self._urls.write_text(good)
            self._commit("Mend it")

    def _commit(self, message: str) -> None:
        self._checkout.run("git", "add", APPLICATION.root, check=True)
        self._checkout.run("git", "commit", "--quiet", "--message", message, check=True)
