"""What the application has to have for this measurement: an upload of any size, and an answer that takes 20 s."""

from __future__ import annotations

from pathlib import Path

from infra.application import APPLICATION

PACKAGE = Path(APPLICATION.root) / APPLICATION.name

VIEWS = '''"""Asked by the measurement alone."""

import asyncio
import hashlib

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
async def upload(request: HttpRequest) -> JsonResponse:
    """Read it all."""
    digest, size = hashlib.sha256(), 0
    while part := request.read(65536):
        digest.update(part)
        size += len(part)
    return JsonResponse({"size": size, "digest": digest.hexdigest()})


async def slow(_request: HttpRequest) -> JsonResponse:
    """Take as long as the longest that is allowed."""
    await asyncio.sleep(20)
    return JsonResponse({"status": "ok"})
'''
URLS = f"""
from {APPLICATION.name} import measured

urlpatterns += [path("bench/upload/", measured.upload), path("bench/slow/", measured.slow)]
"""


def extend(checkout: Path) -> None:
    """Give it both."""
    (checkout / PACKAGE / "measured.py").write_text(VIEWS)
    urls = checkout / PACKAGE / "urls.py"
    urls.write_text(urls.read_text() + URLS)


def change(checkout: Path, number: int) -> None:
    """Another release that does the same."""
    file = checkout / PACKAGE / "measured.py"
    file.write_text(f"{VIEWS}\nRELEASE = {number}\n")
