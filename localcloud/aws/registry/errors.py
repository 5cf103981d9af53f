"""The registry API's errors: a code from the distribution specification and a sentence."""

from __future__ import annotations

import json

from werkzeug.wrappers import Response

_STATUS = {
    "BLOB_UNKNOWN": 404,
    "BLOB_UPLOAD_INVALID": 416,
    "BLOB_UPLOAD_UNKNOWN": 404,
    "DENIED": 403,
    "DIGEST_INVALID": 400,
    "INTERNAL": 500,
    "MANIFEST_BLOB_UNKNOWN": 404,
    "MANIFEST_INVALID": 400,
    "MANIFEST_UNKNOWN": 404,
    "NAME_UNKNOWN": 404,
    "TAG_INVALID": 400,
    "TOOMANYREQUESTS": 429,
    "UNAUTHORIZED": 401,
    "UNSUPPORTED": 405,
}


class RegistryError(Exception):
    """What the client is told instead of an answer."""

    def __init__(self, code: str, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.status = status or _STATUS[code]

    def response(self) -> Response:
        """The HTTP answer; 401 comes with the way to log in."""
        body = json.dumps({"errors": [{"code": self.code, "message": str(self)}]})
        answer = Response(body, self.status, content_type="application/json")
        if self.status == 401:
            answer.headers["WWW-Authenticate"] = 'Basic realm="http://localhost/",service="ecr.amazonaws.com"'
        return answer
