"""Errors of the API as JSON: `{"error": {"code", "message", "fields"?}}`."""

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

from cams.database import last_seen


def api_error(status: int, code: str, message: str, fields: dict[str, list[str]] | None = None) -> JsonResponse:
    """One error, for programs by `code` and for people by `message`."""
    error: dict[str, Any] = {"code": code, "message": message}
    if fields:
        error["fields"] = fields
    return JsonResponse({"error": error}, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, as JSON under `/api/`."""
    if not request.path_info.startswith("/api/"):
        return defaults.page_not_found(request, exception)
    return api_error(404, "not_found", f"there is nothing at {request.path_info}")


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when it was the database that did not answer; Django has logged the traceback."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        last_seen.failed()
        response = api_error(503, "database_unavailable", "the database does not answer; try again soon")
        response["Retry-After"] = "5"
        return response
    if not request.path_info.startswith("/api/"):
        return defaults.server_error(request)
    return api_error(500, "internal", "something went wrong here; it has been logged")
