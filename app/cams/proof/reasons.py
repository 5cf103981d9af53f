"""Why something failed, in one line that holds no secret: health tells it to whoever asks."""

import os
import re
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from urllib.parse import unquote, urlsplit

import psycopg

APP = Path(__file__).resolve().parents[2]
LONGEST = 300
SHORTEST_SECRET = 6  # what is shorter is a word of every message
NO_DATABASE = "the database does not answer"
_SECRET_NAME = re.compile("SECRET|KEY|TOKEN|PASSW|CREDENTIAL|PRIVATE|AUTH|_PASS$")
_USER_AND_PASSWORD = re.compile(r"(?<=://)[^/\s@]+(?=@)")


class NotYet(Exception):  # noqa: N818 - it is no error: what is missing may still come
    """Something that the instance needs is not there, and is worth waiting for."""


class Unfit(Exception):  # noqa: N818 - it says what the release is
    """The instance can't serve as it is, whatever it waits for."""


def of(error: BaseException) -> str:
    """What went wrong and where in the app, without what a database's driver says, which holds addresses."""
    if isinstance(error, (NotYet, Unfit)):
        return masked(str(error))
    if isinstance(error, psycopg.OperationalError):
        return NO_DATABASE
    text = (str(error).strip() or "no message").splitlines()[0]
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    where = [f"{_ours(file)}:{line}" for file, line in frames if _ours(file)]
    return masked(f"{type(error).__name__}: {text}" + (f" ({where[-1]})" if where else ""))


def masked(text: str) -> str:
    """The text without the value of any variable that is called a secret, nor a URL's user and password."""
    for secret in sorted(set(_secrets()), key=len, reverse=True):
        text = text.replace(secret, "***")
    return _USER_AND_PASSWORD.sub("***", text)[:LONGEST]


def stuck() -> str:
    """Where in the app the threads of this process are, for a step that does not end."""
    found = {place for frame in sys._current_frames().values() if (place := _place(frame))}  # noqa: SLF001 - documented
    return f" in {', '.join(sorted(found))}" if found else ""


def _place(frame: FrameType | None) -> str:
    """The innermost of the app's own lines that a thread is in; the proof's do not count."""
    while frame:
        file = _ours(frame.f_code.co_filename)
        if file and not file.startswith(("cams/proof/", "start.py")):
            return f"{file}:{frame.f_lineno}"
        frame = frame.f_back
    return ""


def _ours(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(APP)) if path.is_absolute() and path.is_relative_to(APP) else ""


def _secrets() -> Iterator[str]:
    for name, value in os.environ.items():
        found = [value, *value.split(",")] if _SECRET_NAME.search(name) else []
        if "://" in value and "@" in value:
            password = urlsplit(value).password or ""
            found += [password, unquote(password)]
        yield from (secret for part in found if len(secret := part.strip()) >= SHORTEST_SECRET)
