"""Health, for the platform (`/health/`, `/healthz`) and for people and pipelines (`/api/health/`)."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cams.database import last_seen, pending_migrations, reason

logger = logging.getLogger("cams.health")


class HealthMiddleware:
    """Answers `/health/` and `/healthz` before anything that could need the database, a session or a known host.

    The database's state there is what this process last learned while serving others: asking would make the
    answer as slow as the database, and the platform would restart a healthy app for a database that is not.
    """

    sync_capable = False
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Awaitable[HttpResponse]]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """The service's own state, or whatever the rest of the app answers."""
        if request.path_info not in ("/health/", "/healthz"):
            return await self.get_response(request)
        response = JsonResponse({"status": "ok", **_identity(), "database": _last_known()})
        response["Cache-Control"] = "no-store"
        return response


@never_cache
@require_safe
def api_health(_request: HttpRequest) -> JsonResponse:
    """`ok`, `degraded` (migrations are pending) or `error` (the database is unreachable, HTTP 503)."""
    database, pending = _ask_database()
    status = "error" if database["status"] == "error" else "degraded" if pending else "ok"
    body = {"status": status, **_identity(), "database": database, "migrations": pending, "cache": _cache()}
    return JsonResponse(body, status=503 if status == "error" else 200)


def _identity() -> dict[str, str]:
    return {"environment": settings.ENVIRONMENT.name, "version": settings.ENVIRONMENT.version}


def _last_known() -> dict[str, str | None]:
    return {"status": last_seen.state, "at": last_seen.at.isoformat() if last_seen.at else None}


def _ask_database() -> tuple[dict[str, Any], list[str]]:
    try:
        pending = pending_migrations()
        version = connection.pg_version  # type: ignore[attr-defined] # our own backend's
    except Error as error:
        last_seen.failed()
        return {"status": "error", "error": _public_reason(error)}, []
    last_seen.answered()
    name = connection.settings_dict["NAME"]
    return {"status": "ok", "name": name, "version": f"{version // 10000}.{version % 10000}"}, pending


def _public_reason(error: Error) -> str:
    """What went wrong in this process' terms; the driver's text holds addresses and goes to the log only."""
    logger.warning("the database does not answer: %s", reason(error))
    return "the database does not answer"


def _cache() -> dict[str, str]:
    """Whether the shared cache answers; the app works without it, so it does not decide the status."""
    if not settings.ENVIRONMENT.redis_url:
        return {"status": "local"}
    try:
        cache.ask()  # type: ignore[attr-defined] # of our own, which Redis asks for
    except Exception as error:  # noqa: BLE001 - each cache client has its own errors; all mean the same here
        return {"status": "error", "error": type(error).__name__}
    return {"status": "ok"}
