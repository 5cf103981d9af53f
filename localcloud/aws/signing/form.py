"""A form that a browser posts to a bucket: read, and understood as the PutObject that it stands for.

https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode, urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from werkzeug.http import parse_options_header
from werkzeug.sansio import multipart
from werkzeug.wrappers import Response

from localcloud.aws.call import Call
from localcloud.aws.replies import AwsError
from localcloud.aws.signing.errors import refuse

MOST = 20_000  # bytes of all that is not the file
_HEADERS = ("cache-control", "content-md5", "content-type", "content-disposition", "content-encoding", "expires")
_OF_THE_SIGNATURE = ("algorithm", "credential", "date", "signature", "security-token")


@dataclass(frozen=True)
class Form:
    """The fields before the file, their names in small letters, and the file."""

    bucket: str
    fields: dict[str, str]
    content: bytes
    filename: str

    @property
    def key(self) -> str:
        """Which object is meant."""
        return self.fields["key"].replace("${filename}", self.filename)

    def put(self, call: Call) -> Call:
        """The same as a call of PutObject."""
        headers = {"host": call.headers.get("host", ""), "content-length": str(len(self.content))}
        skipped = {f"x-amz-{name}" for name in _OF_THE_SIGNATURE}
        headers |= {
            name: value
            for name, value in self.fields.items()
            if name in _HEADERS or (name.startswith("x-amz-") and name not in skipped)
        }
        if "acl" in self.fields:
            headers["x-amz-acl"] = self.fields["acl"]
        if "tagging" in self.fields:
            headers["x-amz-tagging"] = _tags(self.fields["tagging"])
        for name in ("user-agent", "origin", "referer"):
            if name in call.headers:
                headers[name] = call.headers[name]
        path = f"/{self.bucket}/{self.key}"
        return replace(
            call,
            action="PutObject",
            method="PUT",
            path=path.encode().decode("latin-1"),
            target=quote(path),
            query={},
            headers={name: value.encode().decode("latin-1") for name, value in headers.items()},
            body=self.content,
            form=self.fields | {"key": self.key},
        )


def is_form(call: Call) -> bool:
    """Whether this is what a browser posts."""
    kind = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    return (call.service, call.method, kind) == ("s3", "POST", "multipart/form-data")


def read(call: Call) -> Form:
    """The form. AwsError: it is not well-formed, or lacks its key or its file."""
    _, options = parse_options_header(call.headers["content-type"])
    boundary = options.get("boundary", "")
    if not boundary:
        raise _malformed()
    fields: dict[str, str] = {}
    try:
        events = _events(call.body, boundary.encode("latin-1"))
    except (ValueError, UnicodeError):
        raise _malformed() from None
    for name, filename, content in events:
        if name == "file":
            if not fields.get("key"):
                raise _lacking("a field named 'key'.  If it is specified, please check the order of the fields.")
            return Form(call.path.strip("/"), fields, content, filename)
        if sum(map(len, fields.values())) + len(content) > MOST:
            raise refuse(
                "MaxPostPreDataLengthExceeded",
                400,
                "Your POST request fields preceding the upload file were too large.",
            )
        fields[name] = content.decode("utf-8", "replace")
    message = "POST requires exactly one file upload per request."
    raise refuse("InvalidArgument", 400, message, ArgumentName="file", ArgumentValue="0")


def answered(call: Call, stored: Response) -> Response:
    """What the browser gets once the object is stored: where it is to go on, or what was made."""
    form, etag = call.form or {}, stored.headers.get("ETag", "")
    bucket, key = call.path.lstrip("/").split("/", 1)[0], form["key"]
    kept = ("etag", "x-amz-version-id", "x-amz-server-side-encryption", "x-amz-request-id")
    headers = {name: value for name, value in stored.headers.items() if name.lower() in kept}
    where = form.get("success_action_redirect") or form.get("redirect", "")
    if urlsplit(where).scheme in ("http", "https") and urlsplit(where).netloc:
        told = urlencode({"bucket": bucket, "key": key, "etag": etag})
        return Response(status=303, headers={**headers, "Location": f"{where}{'&' if '?' in where else '?'}{told}"})
    location = f"http://{call.headers.get('host', '')}{quote(f'/{bucket}/{key}')}"
    headers["Location"] = location
    if form.get("success_action_status") == "201":
        made = {"Location": location, "Bucket": bucket, "Key": key, "ETag": etag}
        inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in made.items())
        body = f'<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>{inner}</PostResponse>'
        return Response(body, 201, headers, content_type="application/xml")
    return Response(status=200 if form.get("success_action_status") == "200" else 204, headers=headers)


def _events(body: bytes, boundary: bytes) -> list[tuple[str, str, bytes]]:
    """Each part's name in small letters, the name of its file, and what it holds."""
    decoder = multipart.MultipartDecoder(boundary)
    decoder.receive_data(body)
    decoder.receive_data(None)
    parts: list[tuple[str, str, bytes]] = []
    name, filename, content = "", "", b""
    while not isinstance(event := decoder.next_event(), multipart.Epilogue):
        if isinstance(event, multipart.NeedData):
            raise ValueError("it ends too soon")  # noqa: TRY004 - it is the data that is wrong
        if isinstance(event, multipart.Field | multipart.File):
            name, content = event.name.lower(), b""
            filename = event.filename if isinstance(event, multipart.File) else ""
        elif isinstance(event, multipart.Data):
            content += event.data
            if not event.more_data:
                parts.append((name, filename, content))
    return parts


def _tags(xml: str) -> str:
    try:
        tags = ET.fromstring(xml).iter("Tag")  # noqa: S314 - expat itself refuses entities that grow
        return urlencode([(tag.findtext("Key", ""), tag.findtext("Value", "")) for tag in tags])
    except ET.ParseError:
        message = "The XML you provided was not well-formed or did not validate against our published schema"
        raise refuse("MalformedXML", 400, message) from None


def _lacking(what: str) -> AwsError:
    return refuse("InvalidArgument", 400, f"Bucket POST must contain {what}", ArgumentName="key", ArgumentValue="")


def _malformed() -> AwsError:
    message = "The body of your POST request is not well-formed multipart/form-data."
    return refuse("MalformedPOSTRequest", 400, message)
