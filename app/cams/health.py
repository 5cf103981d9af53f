"""Health, for the platform (`/health/`, `/healthz`) and for people and pipelines (`/api/health/`, `/api/v1/…`)."""

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
from cams.logs import HEALTH
from cams.proof.answer import identity, unproved
from cams.proof.board import board

logger = logging.getLogger("cams.health")


class HealthMiddleware:
    """Answers `/health/` before anything that could need the database, a session or a known host.

    503 with the reason until the instance has proved itself, once; ever after 200. The database's state there is what
    this process last learned while serving others: asking would make the answer as slow as the database, and the
    platform would restart a healthy app for a database that is not.
    """

    sync_capable = False
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Awaitable[HttpResponse]]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """The service's own state, or whatever the rest of the app answers."""
        if request.path_info not in HEALTH:
            return await self.get_response(request)
        if not board.verdict().proved:
            reason, headers = unproved(settings.ENVIRONMENT)
            return JsonResponse(reason, status=503, headers=headers)
        body = {"status": "ok", **identity(settings.ENVIRONMENT), "database": _last_known()}
        return JsonResponse(body, headers={"Cache-Control": "no-store"})


@never_cache
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """Whether this instance may get traffic: it has proved itself, and its database answers and has no migration due.

    A platform that asks this takes every instance away when the database goes: ask it where that is wanted.
    """
    verdict = board.verdict()
    database, pending = _ask_database() if verdict.proved else ({}, [])
    reason = verdict.reason or database.get("error", "")
    if pending:
        reason = f"{len(pending)} migrations are pending, first {pending[0]}"
    body = {"status": "not ready" if reason else "ok", **identity(settings.ENVIRONMENT)}
    if not reason:
        return JsonResponse(body)
    return JsonResponse({**body, "reason": reason}, status=503, headers={"Retry-After": "1"})


@never_cache
@require_safe
def api_health(_request: HttpRequest) -> JsonResponse:
    """`ok`, `degraded` (migrations are pending) or `error` (the database is unreachable, HTTP 503)."""
    database, pending = _ask_database()
    status = "error" if database["status"] == "error" else "degraded" if pending else "ok"
    body = {
        "status": status,
        **identity(settings.ENVIRONMENT),
        "database": database,
        "migrations": pending,
        "cache": _cache(),
    }
    return JsonResponse(body, status=503 if status == "error" else 200)


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
