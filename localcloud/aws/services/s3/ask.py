"""One S3 request, as the nouns of this folder see it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from localcloud.aws.intake import SPOOL
from localcloud.aws.payload import Held, Payload
from localcloud.aws.replies import same
from localcloud.aws.services.s3 import documents
from localcloud.aws.services.s3.bucket import bucket_named
from localcloud.aws.services.s3.errors import invalid_argument

_SIGNING = {
    f"x-amz-{name}"
    for name in ("algorithm", "content-sha256", "credential", "date", "expires", "signature", "signedheaders")
}
Answer = tuple[int, dict[str, Any], Any]  # status, headers, body


class Ask:
    """What is asked, of which bucket and key, with moto's own view of it beside."""

    def __init__(self, moto: Any, request: Any, action: str) -> None:
        self.moto = moto
        self.request = request
        self.action = action
        self.bucket_name: str = moto.bucket_name or ""
        for name, value in self.query.items():
            if name.lower().startswith("x-amz-") and name.lower() not in _SIGNING and name not in self.headers:
                self.put_header(name, value)  # a presigned URL has S3's headers in its query

    @property
    def headers(self) -> Any:
        """The headers, found in any case."""
        return self.request.headers

    @property
    def said(self) -> dict[str, str]:
        """The headers by their names in small letters."""
        return {name.lower(): value for name, value in self.headers.items()}

    @cached_property
    def query(self) -> dict[str, str]:
        """The parameters of the URL, the first of each name."""
        return self.request.args.to_dict()  # type: ignore[no-any-return] # werkzeug's, seen through moto

    @property
    def body(self) -> bytes:
        """The body, as it was meant: without the frames of a chunked signature."""
        return self.moto.body or b""

    @property
    def payload(self) -> Payload:
        """The body of an object or a part, which may be too large for memory."""
        return self.request.environ.get(SPOOL) or Held(self.body)

    @cached_property
    def key_name(self) -> str:
        """The object's name; empty for a request to the bucket."""
        return self.moto.parse_key_name() or ""

    @property
    def version_id(self) -> str | None:
        """Which version is meant, where one is named."""
        version_id = self.query.get("versionId")
        if version_id == "":
            raise invalid_argument("Version id cannot be the empty string", "versionId", version_id)
        return version_id

    @property
    def bypass(self) -> bool:
        """Whether retention in governance mode is to be overridden; whether the caller may was asked before."""
        return str(self.headers.get("x-amz-bypass-governance-retention", "")).lower() == "true"

    @cached_property
    def bucket(self) -> Any:
        """moto's bucket; NoSuchBucket where there is none."""
        return bucket_named(self.bucket_name)

    @cached_property
    def document(self) -> dict[str, Any]:
        """The XML that came with it, by the names of S3's model."""
        if not self.body:
            raise same("MissingRequestBodyError", 400, "Request Body is empty")
        return documents.payload(self.action, self.body)

    def put_header(self, name: str, value: str | None) -> None:
        """Let moto read another header than the client sent: what is implied, said; what S3 overlooks, left out."""
        name = "HTTP_" + name.upper().replace("-", "_")
        if value is None:
            self.request.environ.pop(name, None)
        else:
            self.request.environ[name] = value

    def version(self, name: str = "", version_id: str | None = None) -> Any:
        """The object or delete marker of that version, the current one where none is named; None without one."""
        versions = self.bucket.keys.getlist(name or self.key_name, default=[])
        if version_id is None:
            return versions[-1] if versions else None
        return next((each for each in versions if each.version_id == version_id), None)
