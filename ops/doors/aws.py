"""The door to AWS: a session of the process environment, and what goes wrong with one told to people."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from console import credentials
from console.errors import FAILED, WRONG_USE, ExplainedError
from ops.doors.cloud import Cloud

Answer = TypeVar("Answer")
Clients = Callable[[str], Any]  # a client by the name of its service
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "403"})


def clients(cloud: Cloud, region: str) -> Clients:
    """Makes clients in one region with the credentials, profile and endpoint that the process environment names."""
    with told("cannot reach AWS"):
        import boto3
        from botocore.config import Config

        session = boto3.Session(region_name=region)

    def client(service: str) -> Any:
        config = Config(s3={"addressing_style": "path"}) if cloud.is_local else None
        with told("cannot reach AWS"):
            return session.client(service, config=config)  # type: ignore[call-overload] # the stubs know each service by its literal name

    return client


def load() -> None:
    """Load the library in the background, for a command that waits for something else first."""
    threading.Thread(target=importlib.import_module, args=("boto3",), daemon=True).start()


def answer(ask: Callable[[], Answer], *, unless: Collection[str] | None = None) -> Answer | None:
    """What AWS answers; None where it refuses with one of these codes, and without codes wherever it refuses."""
    from botocore.exceptions import ClientError

    try:
        return ask()
    except ClientError as error:
        if unless is None or error.response.get("Error", {}).get("Code") in unless:
            return None
        raise


@contextmanager
def told(what: str, *, hint: str = credentials.LOOK, hidden: str = "") -> Iterator[None]:
    """Whatever fails on the way to AWS, and of its answers: `what: why`, and what to run; never what is hidden."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ExplainedError:
        raise
    except (BotoCoreError, ClientError, OSError, ValueError) as error:
        without = type(error).__name__ == "NoCredentialsError"
        said = str(error).replace(hidden, "…") if hidden else str(error)
        why = "there are no credentials" if without else " ".join(said.split()) or type(error).__name__
        if not isinstance(error, BotoCoreError | ClientError):
            # botocore reads files, numbers and programs' answers, and lets Python's own errors through.
            why += " (in what an AWS profile or variable names)"
        raise ExplainedError(
            what, why, hint=credentials.hint(error) or hint, code=WRONG_USE if without else FAILED
        ) from error


def denied(error: ExplainedError) -> bool:
    """Whether AWS has refused it for want of a right; a HEAD tells that by its status alone."""
    code = str(getattr(error.__cause__, "response", {}).get("Error", {}).get("Code", ""))
    return code in DENIED
