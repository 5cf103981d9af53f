"""The door to AWS: a session of the process environment, and what goes wrong with one told to people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ops.errors import FAILED, WRONG_USE, OpsError

LOGIN = "aws sso login, or export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
LOOK = "aws sts get-caller-identity"
# What is the user's to set right before anything can be asked, by the name of botocore's error.
HINTS = {
    "NoCredentialsError": LOGIN,
    "PartialCredentialsError": LOGIN,
    "ProfileNotFound": "see which there are: aws configure list-profiles; then set AWS_PROFILE, or unset it",
    "ConfigParseError": "mend that file, or name another with AWS_CONFIG_FILE",
    "CredentialRetrievalError": LOOK,
    "SSOTokenLoadError": "aws sso login",
    "UnauthorizedSSOTokenError": "aws sso login",
    "TokenRetrievalError": "aws sso login",
    "NoAuthTokenError": "aws sso login",
    "LoginTokenLoadError": "aws login",
    "LoginRefreshRequired": "aws login",
    "NoRegionError": "export AWS_REGION=eu-central-1, or the region that the stack file names",
}


@contextmanager
def told(what: str, *, hint: str = LOOK) -> Iterator[None]:
    """Whatever fails on the way to AWS, and of its answers: `what: why`, and what to run."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except OpsError:
        raise
    except (BotoCoreError, ClientError, OSError, ValueError) as error:
        # botocore reads files and numbers that profiles and variables name, and lets Python's own errors through.
        known = next((HINTS[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in HINTS), None)
        if isinstance(error, ClientError) and error.response.get("Error", {}).get("Code", "").startswith(
            "ExpiredToken"
        ):
            known = LOGIN
        without = type(error).__name__ == "NoCredentialsError"
        why = "there are no credentials" if without else " ".join(str(error).split()) or type(error).__name__
        raise OpsError(f"{what}: {why}", hint=known or hint, code=WRONG_USE if without else FAILED) from error


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
