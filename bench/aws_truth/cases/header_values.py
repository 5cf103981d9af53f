"""Values for headers that links and forms bring in other ways: what does not fit on a header's line is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import requests

from bench.aws_truth.case import Case
from bench.aws_truth.hand import Scene, case

SECOND = "a\r\nX-Second: 1"


def _put(says: str, name: str, value: str, code: str | None) -> Case:
    """An object is put by a link that has a header in its query, and is asked for again."""

    def attempt(scene: Scene) -> requests.Response:
        url = f"{scene.object}?{quote(name)}={quote(value, safe='')}"
        done = requests.put(scene.admin.link("PUT", url), data=b"here", timeout=20)
        return scene.send() if done.ok else done

    return case(f"a link with {says}", attempt, code)


def _got(says: str, name: str, value: str, code: str | None) -> Case:
    """An object is asked for by a link that changes a header of the answer."""

    def attempt(scene: Scene) -> requests.Response:
        url = f"{scene.object}?response-{name}={quote(value, safe='')}"
        return requests.get(scene.admin.link("GET", url), timeout=20)

    return case(f"a link that changes the answer's {says}", attempt, code)


def _posted(says: str, name: str, value: str, code: str | None) -> Case:
    """An object is posted by a form with this field, and is asked for again."""

    def attempt(scene: Scene) -> requests.Response:
        said: list[Any] = [{"bucket": scene.bucket}, {"key": "a"}, {name: value}]
        said += [["starts-with", f"$x-amz-{field}", ""] for field in ("algorithm", "credential", "date")]
        ends = (scene.admin.moment + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        fields = scene.admin.form({"expiration": ends, "conditions": said}, **{"key": "a", name: value})
        url = f"{scene.account.url}/{scene.bucket}"
        done = requests.post(url, data=fields, files={"file": b"here"}, allow_redirects=False, timeout=20)
        return scene.send() if done.ok else done

    return case(f"a form with {says}", attempt, code)


CASES = [
    _put("metadata", "x-amz-meta-a", "1", None),
    _put("metadata in Japanese", "x-amz-meta-a", "日本", None),
    _put("metadata of two lines", "x-amz-meta-a", SECOND, "InvalidArgument"),
    _put("metadata whose name is in Japanese", "x-amz-meta-日本", "1", "InvalidArgument"),
    _got("type", "content-type", "text/plain", None),
    _got("type to two lines", "content-type", SECOND, "InvalidArgument"),
    _got("name to one in German", "content-disposition", 'attachment; filename="ä"', None),
    _got("name to one in Japanese", "content-disposition", 'attachment; filename="日本"', "InvalidArgument"),
    _posted("metadata in Japanese", "x-amz-meta-a", "日本", None),
    _posted("metadata of two lines", "x-amz-meta-a", SECOND, "InvalidArgument"),
    _posted("metadata whose name is in Japanese", "x-amz-meta-日本", "1", "InvalidArgument"),
    _posted("metadata whose name has a space", "x-amz-meta-a b", "1", "InvalidArgument"),
    _posted("a type of two lines", "Content-Type", SECOND, "InvalidArgument"),
    _posted("an address to go on to", "success_action_redirect", "http://127.0.0.1/", None),
    _posted("an address of two lines", "success_action_redirect", f"http://{SECOND}", None),
    _posted("an address that is none", "success_action_redirect", "http://[a/", None),
    _posted("an address in Japanese", "success_action_redirect", "http://a/日本", None),
]
