"""How the text of an environment variable becomes a value; each raises ValueError saying what it must be."""

import re
from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

_HOST = re.compile(r"\*|\.?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_BOOLEANS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def one_of(*choices: str) -> Callable[[str], str]:
    """One word out of `choices`."""

    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text

    return parse


def log_level(text: str) -> str:
    """A level's name, in either case."""
    return one_of(*_LOG_LEVELS)(text.upper())


def boolean(text: str) -> bool:
    """Yes or no, in the usual spellings."""
    if text.lower() not in _BOOLEANS:
        raise ValueError("must be true or false")
    return _BOOLEANS[text.lower()]


def integer(low: int, high: int | None = None) -> Callable[[str], int]:
    """A whole number from `low` to `high`."""
    rule = f"must be a whole number of at least {low}" if high is None else f"must be a whole number, {low} to {high}"

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,12}", text) or int(text) < low or (high is not None and int(text) > high):
            raise ValueError(rule)
        return int(text)

    return parse


def seconds(text: str) -> float:
    """A positive number of seconds, fractions allowed."""
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]+)?", text) or float(text) <= 0:
        raise ValueError("must be a positive number of seconds")
    return float(text)


def secret(*, at_least: int) -> Callable[[str], str]:
    """A key long enough to resist guessing."""

    def parse(text: str) -> str:
        if len(text) < at_least:
            raise ValueError(f"must have at least {at_least} characters")
        return text

    return parse


def host(text: str) -> str:
    """A host name without its port."""
    name = re.sub(r":[0-9]+$", "", text)
    if not _HOST.fullmatch(name):
        raise ValueError("must be a host name such as exams.example.org, without scheme or path")
    return name


def hosts(text: str) -> list[str]:
    """Host names separated by commas."""
    return [host(part) for part in _parts(text)]


def origin(text: str) -> str:
    """A scheme and host, as browsers send it in `Origin`."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError("must be an origin such as https://exams.example.org")
    return text.rstrip("/")


def origins(text: str) -> list[str]:
    """Origins separated by commas."""
    return [origin(part) for part in _parts(text)]


def time_zone(text: str) -> str:
    """A zone of the tz database."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # unknown, not a name, a folder of zones
        raise ValueError("must be a time zone such as Europe/Zurich") from None
    return text


def language_code(text: str) -> str:
    """A language tag."""
    if not _LANGUAGE.fullmatch(text):
        raise ValueError("must be a language code such as en-us")
    return text


def url_prefix(text: str) -> str:
    """A path or URL that file names are appended to."""
    if not text.startswith(("/", "https://", "http://")) or not text.endswith("/"):
        raise ValueError("must start with / or https:// and end with /")
    return text


def absolute_path(text: str) -> str:
    """A folder, named from the root."""
    if not PurePosixPath(text).is_absolute():
        raise ValueError("must be an absolute path")
    return text


def database_url(text: str) -> str:
    """A PostgreSQL connection string."""
    return _url(text, {"postgres", "postgresql"}, "postgresql://user:password@host:5432/name", needs_path=True)


def redis_url(text: str) -> str:
    """A Redis or Valkey connection string."""
    return _url(text, {"redis", "rediss"}, "redis://host:6379", needs_path=False)


def _url(text: str, schemes: set[str], example: str, *, needs_path: bool) -> str:
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in schemes or not parts.hostname or (needs_path and parts.path in ("", "/")):
        raise ValueError(f"must look like {example}")
    return text


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
