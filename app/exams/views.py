"""The REST API of exams.

Nobody logs in to this API yet, so no cookie gives a request more rights than its sender has and there is nothing
for a forged request to borrow: CSRF tokens are not asked for. A body must be `application/json`, which a page of
another origin can't send without asking first. Whoever adds authentication by cookie takes `csrf_exempt` away.
"""

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from cams.errors import api_error
from exams import schedule
from exams.documents import from_document, to_document
from exams.models import Exam

PAGE = 100
LARGEST_PAGE = 500
LARGEST_ID = 2**63 - 1


@never_cache
@csrf_exempt
def exams(request: HttpRequest) -> HttpResponse:
    """List exams, newest first, or create one."""
    if request.method in ("GET", "HEAD"):
        return _list(request)
    if request.method == "POST":
        return _create(request)
    return _not_allowed(request, "GET, HEAD, POST")


@never_cache
@csrf_exempt
def exam(request: HttpRequest, exam_id: int) -> HttpResponse:
    """One exam."""
    if request.method not in ("GET", "HEAD"):
        return _not_allowed(request, "GET, HEAD")
    exam = Exam.objects.filter(pk=exam_id).first() if exam_id <= LARGEST_ID else None
    if exam is None:
        return api_error(404, "not_found", f"there is no exam {exam_id}")
    return JsonResponse(to_document(exam))


def _list(request: HttpRequest) -> HttpResponse:
    problems: dict[str, list[str]] = {}
    limit = _number(request, "limit", PAGE, low=1, high=LARGEST_PAGE, problems=problems)
    offset = _number(request, "offset", 0, low=0, high=1_000_000, problems=problems)
    status = request.GET.get("status", "")
    if status and status not in Exam.Status.values:
        problems["status"] = [f"must be one of {', '.join(Exam.Status.values)}"]
    if problems:
        return api_error(400, "invalid", "the query is not valid", problems)
    matching = Exam.objects.filter(status=status) if status else Exam.objects.all()
    page = matching[offset : offset + limit]
    return JsonResponse({"count": matching.count(), "results": [to_document(exam) for exam in page]})


def _create(request: HttpRequest) -> HttpResponse:
    if request.content_type != "application/json":
        return api_error(415, "unsupported_media_type", "the body must be application/json")
    try:
        document: Any = json.loads(request.body)
    except RequestDataTooBig:
        return api_error(413, "too_large", "the body is too large")
    except (ValueError, RecursionError) as error:
        return api_error(400, "malformed", f"the body is not JSON: {error}")
    if not isinstance(document, dict):
        return api_error(400, "malformed", "the body must be a JSON object")
    try:
        created = from_document(document)
    except ValidationError as error:
        return api_error(400, "invalid", "the exam is not valid", error.message_dict)
    schedule.store(created)
    response = JsonResponse(to_document(created), status=201)
    response["Location"] = f"/api/exams/{created.pk}/"
    return response


def _number(
    request: HttpRequest, name: str, default: int, *, low: int, high: int, problems: dict[str, list[str]]
) -> int:
    text = request.GET.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and low <= int(text) <= high):
        problems[name] = [f"must be a whole number, {low} to {high}"]
        return default
    return int(text)


def _not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    response = api_error(405, "method_not_allowed", f"{request.method} is not possible here")
    response["Allow"] = allowed
    return response
