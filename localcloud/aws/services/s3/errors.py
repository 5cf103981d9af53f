"""The errors of S3 that more than one of its nouns answers. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"""

from __future__ import annotations

from localcloud.aws.replies import AwsError, same


def invalid_argument(message: str) -> AwsError:
    """A header, a parameter or a value in a document that S3 does not take."""
    return same("InvalidArgument", 400, message)


def invalid_request(message: str) -> AwsError:
    """Something that S3 understands and does not do."""
    return same("InvalidRequest", 400, message)


def malformed_xml() -> AwsError:
    """A document that is no XML, or not what the schema says."""
    return same(
        "MalformedXML",
        400,
        "The XML you provided was not well-formed or did not validate against our published schema",
    )


def no_such_key() -> AwsError:
    """There is no object of that name, or its last version is a delete marker."""
    return same("NoSuchKey", 404, "The specified key does not exist.")


def no_such_bucket() -> AwsError:
    """There is no bucket of that name."""
    return same("NoSuchBucket", 404, "The specified bucket does not exist")


def method_not_allowed() -> AwsError:
    """The resource is there, and that can't be done with it."""
    return same("MethodNotAllowed", 405, "The specified method is not allowed against this resource.")
