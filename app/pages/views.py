"""The page at `/`, and the assets below `/assets/`."""

from __future__ import annotations

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from pages import kept
from pages.answer import answer
from pages.build import FrontEnd, build

YEAR = 31_536_000


@cache
def front_end() -> FrontEnd:
    """This release's. Made before the workers are forked, they share it."""
    return build()


@csrf_exempt  # nothing is changed by either: any other method is told so, not asked for its token
@require_safe
def page(request: HttpRequest) -> HttpResponseBase:
    """What a visitor gets. Asked for each time, it is sent when it has changed: it names the release's assets."""
    return answer(request, front_end().page, "no-cache")


@csrf_exempt
@require_safe
def asset(request: HttpRequest, name: str) -> HttpResponseBase:
    """This release's or another's; its name says its content, so it may be kept for ever."""
    file = front_end().assets.get(name) or kept.find(name)
    if file is not None:
        return answer(request, file, f"public, max-age={YEAR}, immutable")
    missing = HttpResponse("there is no such asset\n", status=404, content_type="text/plain; charset=utf-8")
    missing["Cache-Control"] = "no-store"  # a release that brings it may be about to answer
    return missing
