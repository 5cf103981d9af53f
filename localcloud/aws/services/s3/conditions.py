"""What a client says must hold before something is read, written, copied or deleted. RFC 9110, section 13."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from localcloud.aws.services.s3.errors import no_such_key, precondition_failed, refuse
from localcloud.machine import clock


def not_modified(headers: Mapping[str, str], version: Any) -> bool:
    """Whether a reader has it already (304). PreconditionFailed where it is not the one that was meant."""
    _check_is(headers, version, "")
    wanted, since = headers.get("if-none-match"), _date(headers, "if-modified-since")
    if wanted is not None:
        return _names(wanted, version)
    return since is not None and _seconds(version) <= since


def check_copy(headers: Mapping[str, str], source: Any) -> None:
    """Conditions on the source of a copy."""
    prefix = "x-amz-copy-source-"
    _check_is(headers, source, prefix)
    wanted, since = headers.get(f"{prefix}if-none-match"), _date(headers, f"{prefix}if-modified-since")
    if wanted is not None:
        if _names(wanted, source):
            raise precondition_failed(f"{prefix}If-None-Match")
    elif since is not None and _seconds(source) <= since:
        raise precondition_failed(f"{prefix}If-Modified-Since")


def check_write(headers: Mapping[str, str], key: str, current: Any) -> None:
    """Conditions on what a new version follows; `current` is None where there is no object of the name."""
    wanted, unwanted = headers.get("if-match"), headers.get("if-none-match")
    if unwanted is not None and (unwanted != "*" or wanted is not None):
        raise _not_implemented("If-None-Match")
    for name in ("if-modified-since", "if-unmodified-since"):
        if name in headers:
            raise _not_implemented(name.title())
    if unwanted is not None and current is not None:
        raise precondition_failed("If-None-Match")
    check_match(wanted, key, current)


def check_match(wanted: str | None, key: str, current: Any) -> None:
    """The condition on the object that is to be replaced or to go."""
    if wanted is None:
        return
    if current is None:
        raise no_such_key(key)
    if not _names(wanted, current):
        raise precondition_failed("If-Match")


def _check_is(headers: Mapping[str, str], version: Any, prefix: str) -> None:
    wanted, until = headers.get(f"{prefix}if-match"), _date(headers, f"{prefix}if-unmodified-since")
    if wanted is not None:
        if not _names(wanted, version):
            raise precondition_failed(f"{prefix}If-Match")
    elif until is not None and _seconds(version) > until:
        raise precondition_failed(f"{prefix}If-Unmodified-Since")


def _names(wanted: str, version: Any) -> bool:
    etags = [etag.strip().removeprefix("W/").strip('"') for etag in wanted.split(",")]
    return "*" in etags or version.etag.strip('"') in etags


def _seconds(version: Any) -> datetime:
    modified: datetime = version.last_modified
    return modified.replace(microsecond=0, tzinfo=UTC)


def _date(headers: Mapping[str, str], name: str) -> datetime | None:
    """A date that can't be read counts as none, and so does one to come of what was to be modified since."""
    try:
        date = parsedate_to_datetime(headers[name])
    except (KeyError, ValueError, TypeError):
        return None
    date = date.replace(tzinfo=UTC) if date.tzinfo is None else date
    return None if name.endswith("if-modified-since") and date > clock.now() else date


def _not_implemented(header: str) -> Exception:
    message = "A header you provided implies functionality that is not implemented"
    return refuse("NotImplemented", 501, message, Header=header)
