"""PostObject: what a browser sends from a form. https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit
from xml.sax.saxutils import escape

from werkzeug.datastructures import FileStorage
from werkzeug.formparser import parse_form_data

from localcloud.aws.services.s3.answers import Answer
from localcloud.aws.services.s3.asked import Asked
from localcloud.aws.services.s3.bodies import store
from localcloud.aws.services.s3.checksums import DEFAULT, checksum
from localcloud.aws.services.s3.documents import payload
from localcloud.aws.services.s3.errors import invalid_argument
from localcloud.aws.services.s3.integrity import verify
from localcloud.aws.services.s3.new_object import NewObject
from localcloud.aws.services.s3.writing import made, new_version


def post_object(asked: Asked) -> Answer:
    """Keep the file of a form; the form's other fields are what headers are of a put."""
    fields, file = _form(asked)
    headers = {name.lower(): value for name, value in fields.items()}
    if file is None:
        raise invalid_argument("POST requires exactly one file upload per request.", "file", "0")
    if not headers.get("key"):
        raise invalid_argument("Bucket POST must contain a field named 'key'.", "key", "")
    name = headers["key"].replace("${filename}", file.filename or "")
    asked = replace(asked, key=name, headers=headers, body=file.read())
    asked.check_key()
    bucket, given = asked.bucket, verify(headers, asked.body)
    named = {"x-amz-acl": headers["acl"]} if "acl" in headers else {}
    attributes = NewObject.of(headers | named, bucket)
    if "tagging" in headers:
        tags = payload("PutObjectTagging", headers["tagging"].encode())["TagSet"]
        attributes = replace(attributes, tags={tag["Key"]: tag["Value"] for tag in tags})
    version = new_version(bucket, name, store([asked.body]), attributes)
    version.keep_checksum(given or checksum(DEFAULT, [asked.body]))
    return _answer(asked, headers, made(bucket, version))


def _form(asked: Asked) -> tuple[dict[str, str], FileStorage | None]:
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": asked.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(asked.body)),
        "wsgi.input": BytesIO(asked.body),
    }
    _, form, files = parse_form_data(environ)
    return form.to_dict(), files.get("file")


def _answer(asked: Asked, headers: Mapping[str, str], told: dict[str, Any]) -> Answer:
    where = f"http://{asked.call.headers.get('host', '')}/{asked.bucket_name}/{quote(asked.key)}"
    shown = {"ETag": told["ETag"], "Location": where} | _version(told)
    redirect = headers.get("success_action_redirect") or headers.get("redirect")
    if redirect:
        parts = urlsplit(redirect)
        query = {**dict(parse_qsl(parts.query)), "bucket": asked.bucket_name, "key": asked.key, "etag": told["ETag"]}
        return Answer(status=303, headers=shown | {"Location": urlunsplit(parts._replace(query=urlencode(query)))})
    status = headers.get("success_action_status")
    if status != "201":
        return Answer(status=200 if status == "200" else 204, headers=shown)
    named = {"Location": where, "Bucket": asked.bucket_name, "Key": asked.key, "ETag": told["ETag"]}
    elements = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in named.items())
    return Answer(status=201, headers=shown, document=f"<PostResponse>{elements}</PostResponse>")


def _version(told: dict[str, Any]) -> dict[str, str]:
    return {"x-amz-version-id": told["VersionId"]} if told["VersionId"] else {}
