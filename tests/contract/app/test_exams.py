"""The API of exams, over HTTP against a real database."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from typing import Any

import pytest
import requests

from tests.support.app_process import AppProcess, Start
from tests.support.postgres_cluster import rows

NOT_A_TIME = "must be a time with its offset, such as 2026-05-04T09:00:00Z"


def post(app: AppProcess, document: Any) -> requests.Response:
    """Create an exam."""
    return app.request("POST", "/api/exams/", json=document)


def in_hours(hours: float) -> str:
    """A moment as the API takes it."""
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def test_an_exam_is_stored_and_found_again(start: Start, database: str) -> None:
    """What was created is in the list, under its address, and in the database."""
    web = start("web", database).healthy()
    made = post(web, {"title": " Algebra ", "subject": "Mathematics"})

    body = made.json()
    assert (made.status_code, made.headers["Location"]) == (201, f"/api/exams/{body['id']}/")
    assert (body["title"], body["subject"], body["status"]) == ("Algebra", "Mathematics", "draft")
    assert web.get("/api/exams/").json() == {"count": 1, "results": [body]}
    assert web.get(made.headers["Location"]).json() == body
    assert rows(database, "SELECT title, status FROM exams_exam") == [("Algebra", "draft")]


@pytest.mark.parametrize(
    ("opens", "closes", "status"), [(1, 2, "scheduled"), (-1, 1, "open")], ids=["future", "under way"]
)
def test_the_times_decide_the_status(service: AppProcess, opens: float, closes: float, status: str) -> None:
    """An exam with both times follows the clock from the start."""
    made = post(service, {"title": "Timed", "opens_at": in_hours(opens), "closes_at": in_hours(closes)})

    assert (made.status_code, made.json()["status"]) == (201, status)


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        ({}, {"title": ["This field cannot be blank."]}),
        ({"title": "  "}, {"title": ["This field cannot be blank."]}),
        ({"title": 7}, {"title": ["must be text"]}),
        ({"title": "a\0b"}, {"title": ["must not hold null characters"]}),
        ({"title": "x" * 201}, {"title": ["Ensure this value has at most 200 characters (it has 201)."]}),
        ({"title": "x", "colour": "red"}, {"colour": ["is not a field"]}),
        ({"title": "x", "id": 1}, {"id": ["is not a field"]}),
        ({"title": "x", "status": "open"}, {"status": ["must be one of draft, scheduled"]}),
        (
            {"title": "x", "opens_at": 5},
            {"opens_at": [NOT_A_TIME]},
        ),
        (
            {"title": "x", "opens_at": "2026-02-30T00:00:00Z"},
            {"opens_at": [NOT_A_TIME]},
        ),
        (
            {"title": "x", "opens_at": "2026-05-04T09:00:00"},
            {"opens_at": [NOT_A_TIME]},
        ),
        (
            {"title": "x", "opens_at": "2998-01-02T00:00:00Z", "closes_at": "2998-01-01T00:00:00Z"},
            {"closes_at": ["must be later than opens_at"]},
        ),
        (
            {"title": "x", "opens_at": "1998-01-01T00:00:00Z", "closes_at": "1998-01-02T00:00:00Z"},
            {"closes_at": ["is in the past"]},
        ),
        (
            {"title": "x", "status": "scheduled"},
            {
                "opens_at": ["is needed unless the exam is a draft, and this one is scheduled"],
                "closes_at": ["is needed unless the exam is a draft, and this one is scheduled"],
            },
        ),
    ],
)
def test_what_is_not_valid_is_told_by_field(
    service: AppProcess, document: dict[str, Any], fields: dict[str, list[str]]
) -> None:
    """A bad document is 400 with every problem under its field, and nothing is stored."""
    before = service.get("/api/exams/").json()["count"]

    refused = post(service, document)

    assert refused.status_code == 400
    assert refused.json() == {"error": {"code": "invalid", "message": "the exam is not valid", "fields": fields}}
    assert service.get("/api/exams/").json()["count"] == before


@pytest.mark.parametrize(
    ("content_type", "body", "status", "code"),
    [
        ("application/x-www-form-urlencoded", b"title=x", 415, "unsupported_media_type"),
        ("text/plain", b'{"title": "x"}', 415, "unsupported_media_type"),
        ("application/json", b"{", 400, "malformed"),
        ("application/json", b"\xff\xfe\xfd", 400, "malformed"),
        ("application/json", b'["title"]', 400, "malformed"),
        ("application/json", b"[" * 100_000, 400, "malformed"),
        ("application/json", b'"' + b"x" * 3_000_000 + b'"', 413, "too_large"),
    ],
    ids=["form", "text", "cut off", "not text", "not an object", "too deep", "too large"],
)
def test_a_body_must_be_a_json_object(
    service: AppProcess, content_type: str, body: bytes, status: int, code: str
) -> None:
    """Whatever a body is instead, the answer is an error in the API's own form."""
    refused = service.request("POST", "/api/exams/", data=body, headers={"Content-Type": content_type})

    assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=501", "limit=many", "offset=-1", "status=x"],
)
def test_a_bad_query_is_told(service: AppProcess, query: str) -> None:
    """A query that can't be met is 400 and names its parameter."""
    refused = service.get(f"/api/exams/?{query}")

    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (400, [query.split("=", maxsplit=1)[0]])


def test_the_list_comes_in_pages_newest_first(start: Start, database: str) -> None:
    """`limit` and `offset` cut the list, `status` filters it, and `count` is of all that match."""
    web = start("web", database).healthy()
    for title in ("a", "b", "c"):
        post(web, {"title": title})

    page = web.get("/api/exams/?limit=1&offset=1&status=draft").json()

    assert (page["count"], [exam["title"] for exam in page["results"]]) == (3, ["b"])
    assert web.get("/api/exams/?status=open").json() == {"count": 0, "results": []}


@pytest.mark.parametrize("path", ["/api/exams/999999/", "/api/exams/99999999999999999999/", "/api/nothing/"])
def test_what_is_not_there_is_404_as_json(service: AppProcess, path: str) -> None:
    """Unknown exams and unknown addresses answer alike."""
    missing = service.get(path)

    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not_found")


def test_other_methods_are_refused(service: AppProcess) -> None:
    """A method without meaning is 405 and names those that have one."""
    refused = service.request("DELETE", "/api/exams/")

    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, POST")


@pytest.mark.parametrize(("url", "secure"), [("http://127.0.0.1:9", False), ("https://cams.example", True)])
def test_cookies_carry_the_environment_and_are_secure_under_https(
    start: Start, database: str, url: str, secure: bool
) -> None:
    """Environments that share a host keep their own cookies; those of an https address never travel in the clear."""
    web = start(
        "web", database, ENVIRONMENT="staging", RENDER_EXTERNAL_URL=url, RENDER_EXTERNAL_HOSTNAME="127.0.0.1"
    ).healthy()

    cookies: CookieJar = web.get("/admin/login/").cookies
    [cookie] = cookies

    assert (cookie.name, cookie.secure) == ("cams_staging_csrf", secure)


def test_static_files_are_hashed_compressed_and_kept_for_ever(service: AppProcess) -> None:
    """The admin's style sheet has its hash in its name, comes compressed, and may be cached without asking again."""
    [style] = re.findall(r"/static/admin/css/base\.[0-9a-f]{12}\.css", service.get("/admin/login/").text)

    answer = service.get(style, headers={"Accept-Encoding": "br"})

    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]
