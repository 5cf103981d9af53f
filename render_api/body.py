"""The beginning of an answer's body: one that is endless, or dribbles, has answered all the same."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from requests import Response

LARGEST = 1 << 18  # bytes that anybody looks at
PIECE = 1 << 13


def beginning(answer: Response, *, seconds: float) -> str:
    """What comes of it within so many seconds, and no more than `LARGEST` bytes.

    `answer` is asked for with `stream=True`. One that breaks off is none: `requests.ConnectionError`.
    """
    from requests import ConnectionError as LostError
    from urllib3.exceptions import HTTPError

    end, content = time.monotonic() + seconds, bytearray()
    try:
        while len(content) < LARGEST and time.monotonic() < end:
            piece = answer.raw.read1(PIECE, decode_content=True)
            if not piece:
                break
            content += piece
    except (HTTPError, OSError) as error:
        raise LostError(error) from error
    try:
        return content.decode(answer.encoding or "utf-8", errors="replace")
    except LookupError:  # it names an encoding that there is not
        return content.decode(errors="replace")
