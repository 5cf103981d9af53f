"""The door to AWS: a session of the process environment, and what goes wrong with one told to people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from console import credentials
from console.errors import FAILED, WRONG_USE, ExplainedError


@contextmanager
def told(what: str, *, hint: str = credentials.LOOK) -> Iterator[None]:
    """Whatever fails on the way to AWS, and of its answers: `what: why`, and what to run."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ExplainedError:
        raise
    except (BotoCoreError, ClientError, OSError, ValueError) as error:
        without = type(error).__name__ == "NoCredentialsError"
        why = "there are no credentials" if without else " ".join(str(error).split()) or type(error).__name__
        if not isinstance(error, BotoCoreError | ClientError):
            # botocore reads files, numbers and programs' answers, and lets Python's own errors through.
            why += " (in what an AWS profile or variable names)"
        raise ExplainedError(
            f"{what}: {why}", hint=credentials.hint(error) or hint, code=WRONG_USE if without else FAILED
        ) from error


def clients(region: str, *, path_style: bool) -> Callable[[str], Any]:
    """Makes clients in one region with the credentials, profile and endpoint that the process environment names."""
    with told("cannot reach AWS"):
        import boto3
        from botocore.config import Config

        session = boto3.Session(region_name=region)

    def client(service: str) -> Any:
        config = Config(s3={"addressing_style": "path"}) if path_style else None
        with told("cannot reach AWS"):
            return session.client(service, config=config)  # type: ignore[call-overload] # the stubs know each service by its literal name

    return client
