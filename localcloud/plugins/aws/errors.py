"""AWS's errors: which of them mean "not there", and how each reads as one clear line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from console import credentials

_ABSENT = ("NotFound", "NoSuch", "ResourceNotFound", "ParameterNotFound", "NotFoundException")


def code(error: BaseException) -> str:
    """AWS's error code, or nothing."""
    answer: Any = getattr(error, "response", None)
    return str(answer.get("Error", {}).get("Code", "")) if isinstance(answer, dict) else ""


def is_absent(error: BaseException) -> bool:
    """Whether the error says that the thing is not there."""
    name = code(error)
    return name == "404" or any(part in name for part in _ABSENT)


@contextmanager
def absent_is_fine() -> Iterator[None]:
    """A delete that finds nothing succeeds; every other error is raised."""
    try:
        yield
    except Exception as error:
        if not is_absent(error):
            raise


def or_none(call: Any, **arguments: Any) -> Any:
    """The call's answer, or None when the thing is not there."""
    try:
        return call(**arguments)
    except Exception as error:
        if is_absent(error):
            return None
        raise


def how_to_get_credentials(hint: str = credentials.LOGIN) -> str:
    """The command: on this machine they come with the local environment."""
    on_this_machine = os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://127.0.0.1:")
    return 'eval "$(./slipway local env)"' if on_this_machine else hint


def explain(error: Exception) -> str:
    """One clear line, and a hint where there is something to do."""
    name = type(error).__name__
    address = os.environ.get("AWS_ENDPOINT_URL", "")
    if name in ("EndpointConnectionError", "ConnectTimeoutError", "ConnectionClosedError", "ReadTimeoutError"):
        if not address:
            return f"cannot reach AWS: {error}\n\nhint: {credentials.LOOK}"
        return f"cannot reach AWS at {address}: {error}\n\nhint: ./slipway local start"
    if (hint := credentials.hint(error)) and not code(error):
        return f"no AWS credentials: {error}\n\nhint: {how_to_get_credentials(hint)}"
    if code(error):
        operation = getattr(error, "operation_name", "")
        answer: Any = getattr(error, "response", {})
        return f"{operation}: {code(error)}: {answer.get('Error', {}).get('Message', '')}"
    return str(error) or name
