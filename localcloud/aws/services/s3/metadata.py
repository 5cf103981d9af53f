"""What comes with an object in headers: names, limits, and what S3 overlooks or lets a reader change.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
"""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from localcloud.aws.replies import same
from localcloud.aws.services.s3 import documents
from localcloud.aws.services.s3.ask import Ask
from localcloud.aws.services.s3.errors import invalid_argument, invalid_request

LONGEST_KEY = 1024  # bytes in UTF-8
LARGEST_METADATA = 2048  # bytes of all names and values
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
_BREAK = re.compile(r"[\r\n\0]")
_DATES = ("If-Modified-Since", "If-Unmodified-Since")
_SIGNED = ("X-Amz-Signature", "Signature")
_SAYS = {  # what S3 answers to a value outside of a header's enumeration
    "x-amz-storage-class": ("InvalidStorageClass", "The storage class you specified is not valid"),
    "x-amz-metadata-directive": ("InvalidArgument", "Unknown metadata directive."),
    "x-amz-tagging-directive": ("InvalidArgument", "Unknown tagging directive."),
    "x-amz-object-lock-mode": ("InvalidArgument", "Unknown wormMode directive."),
    "x-amz-object-lock-legal-hold": ("InvalidArgument", "Legal Hold must be either of 'ON' or 'OFF'"),
    "x-amz-checksum-algorithm": (
        "InvalidRequest",
        (
            "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
            "[CRC32, CRC32C, CRC64NVME, SHA1, SHA256]"
        ),
    ),
    "x-amz-sdk-checksum-algorithm": ("InvalidRequest", "Value for x-amz-sdk-checksum-algorithm header is invalid."),
    "x-amz-checksum-type": ("InvalidRequest", "Value for x-amz-checksum-type header is invalid."),
}
_ELSEWHERE = {"x-amz-acl", "x-amz-server-side-encryption", "x-amz-object-ownership"}  # checked with their noun


def check_key(ask: Ask) -> None:
    """The length of a name."""
    if len(ask.key_name.encode("utf-8", "surrogatepass")) > LONGEST_KEY:
        raise same("KeyTooLongError", 400, "Your key is too long")


def check_size(ask: Ask) -> None:
    """The user's own metadata, all together."""
    size = sum(
        len(name) - len("x-amz-meta-") + len(value.encode("latin-1", "replace"))
        for name, value in ask.headers.items()
        if name.lower().startswith("x-amz-meta-")
    )
    if size > LARGEST_METADATA:
        raise same("MetadataTooLarge", 400, "Your metadata headers exceed the maximum allowed metadata size")


def check_values(ask: Ask) -> None:
    """Headers that the model enumerates, and parameters that are numbers."""
    shape = documents.operation(ask.action).input_shape
    for member in shape.members.values() if shape else ():
        name, place = member.serialization.get("name", ""), member.serialization.get("location")
        value = {"header": ask.headers, "querystring": ask.query}.get(place, {}).get(name)
        if value is None or name in _ELSEWHERE:
            continue
        if member.type_name == "string" and getattr(member, "enum", None) and value not in member.enum:
            code, message = _SAYS.get(name.lower(), ("InvalidArgument", f"Invalid value for {name}"))
            raise same(code, 400, message)
        if member.type_name in ("integer", "long") and not _number(value):
            raise invalid_argument(f"Provided {name} not an integer or within integer range")


def check_lines(ask: Ask) -> None:
    """Values of headers that fit on a header's line: a link or a form can bring any."""
    overrides = {name: value for name, value in ask.query.items() if name.startswith("response-")}
    for name, value in overrides.items():
        if not value.isprintable() or value.encode("latin-1", "ignore").decode("latin-1") != value:
            raise invalid_argument("Header value cannot be represented using ISO-8859-1.", name)
    for name, value in ask.headers.items():
        if _BREAK.search(value) or not _NAME.fullmatch(name):
            raise invalid_argument("A header has a name in ASCII and a value without line breaks.", quote(name))


def _number(text: str) -> bool:
    digits = text.removeprefix("-")
    return not text or (digits.isascii() and digits.isdigit() and len(digits) <= 19)


def overlook_bad_dates(ask: Ask) -> None:
    """A condition whose date is none is no condition."""
    for name in _DATES:
        value = ask.headers.get(name)
        if value is not None and not _is_date(value):
            ask.put_header(name, None)


def _is_date(text: str) -> bool:
    try:
        parsedate_to_datetime(text).strftime("%a, %d %b %Y %H:%M:%S GMT")
    except ValueError:
        return False
    return True


def check_overrides(ask: Ask) -> None:
    """Only who signs can change the headers of an answer."""
    signed = "Authorization" in ask.headers or any(name in ask.query for name in _SIGNED)
    if not signed and any(name.startswith("response-") for name in ask.query):
        raise invalid_request("Request specific response headers cannot be used for anonymous GET requests.")


def check_redirect(ask: Ask) -> None:
    """Where a website sends on to."""
    target = ask.headers.get("x-amz-website-redirect-location")
    if target is not None and not target.startswith(("/", "http://", "https://")):
        raise same(
            "InvalidRedirectLocation",
            400,
            "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
        )
