"""What to run when AWS's credentials are missing, expired or cannot be read, by the name of botocore's error."""

from __future__ import annotations

LOGIN = "aws sso login, or export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
LOOK = "aws sts get-caller-identity"
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
    "NoRegionError": "export AWS_DEFAULT_REGION=eu-central-1, or the region that the stack file names",
}


def hint(error: Exception) -> str | None:
    """The command for that error; None for one that is about something else."""
    answer = getattr(error, "response", None)
    if isinstance(answer, dict) and str(answer.get("Error", {}).get("Code", "")).startswith("ExpiredToken"):
        return LOGIN
    return next((HINTS[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in HINTS), None)
