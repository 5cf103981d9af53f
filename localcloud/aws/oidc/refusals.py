"""The errors of AssumeRoleWithWebIdentity, in AWS's words.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
"""

from __future__ import annotations

from localcloud.aws.replies import AwsError, same

NOT_A_JWT = "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
NO_KEY = (
    "Couldn't retrieve verification key from your identity provider,  "
    "please reference AssumeRoleWithWebIdentity documentation for requirements"
)
# Of what AWS's own words are not known, it is said as the API's reference says it.
NOT_VALIDATED = (
    "The web identity token that was passed could not be validated by AWS. "
    "Get a new identity token from the identity provider and then retry the request."
)


def invalid(message: str = NOT_VALIDATED) -> AwsError:
    """The token is none, or not of whom it says."""
    return same("InvalidIdentityToken", 400, message)


def expired(message: str) -> AwsError:
    """The token's time is over."""
    return same("ExpiredTokenException", 400, message)


def unreachable() -> AwsError:
    """The issuer cannot be asked for its keys."""
    return same("IDPCommunicationError", 400, "Error communicating with the identity provider")


def not_authorized() -> AwsError:
    """Of a role that is not there, too: nobody shall learn which are."""
    return same("AccessDenied", 403, "Not authorized to perform sts:AssumeRoleWithWebIdentity")


def no_role(arn: str) -> AwsError:
    """The ARN is of something else."""
    return same("ValidationError", 400, f"{arn} is invalid")
