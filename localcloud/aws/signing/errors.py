"""AWS's words for what is wrong with a signature: S3 has its own, the other services share theirs."""

from __future__ import annotations

from localcloud.aws.replies import AwsError, same

OLD = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
BOTH_WAYS = (
    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter "
    "or the Authorization header should be specified"
)


def incomplete(message: str) -> AwsError:
    """What any service but S3 says of an authorization that it cannot read."""
    return AwsError(
        message,
        query=("IncompleteSignature", 400),
        json=("IncompleteSignatureException", 400),
        s3=("AuthorizationHeaderMalformed", 400),
    )


def mismatch(message: str) -> AwsError:
    """What any service but S3 says of a signature that is not right, and of a scope that is another's."""
    return AwsError(
        message,
        query=("SignatureDoesNotMatch", 403),
        json=("InvalidSignatureException", 400),
        s3=("SignatureDoesNotMatch", 403),
    )


def refuse(code: str, status: int, message: str, **details: str) -> AwsError:
    """One of S3's, with what S3 says beside the message."""
    return AwsError(message, (code, status), (code, status), (code, status), details)


def malformed(message: str, *, in_query: bool, **details: str) -> AwsError:
    """What S3 says of an authorization that it cannot read, in the header or in the query."""
    if in_query:
        return refuse("AuthorizationQueryParametersError", 400, message, **details)
    return refuse("AuthorizationHeaderMalformed", 400, f"The authorization header is malformed; {message}", **details)


BAD_TOKEN = AwsError(
    "The security token included in the request is invalid.",
    query=("InvalidClientTokenId", 403),
    json=("UnrecognizedClientException", 400),
    s3=("InvalidToken", 400),
    s3_message="The provided token is malformed or otherwise invalid.",
)
NO_DATE = same("AccessDenied", 403, "AWS authentication requires a valid Date or x-amz-date header")
