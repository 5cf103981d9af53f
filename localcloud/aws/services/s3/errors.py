"""The errors of S3 that more than one of its nouns answers. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from localcloud.aws.replies import AwsError


def refuse(code: str, status: int, message: str, **details: object) -> AwsError:
    """An error of S3, with what it says beside the message by the names of its elements."""
    same = (code, status)
    return AwsError(message, same, same, same, {name: str(value) for name, value in details.items()})


def with_headers(problem: AwsError, headers: Mapping[str, str]) -> AwsError:
    """The same error with headers of its own."""
    return replace(problem, headers=headers)


def invalid_argument(message: str, name: str = "", value: object = "") -> AwsError:
    """A header, a parameter or a value in a document that S3 does not take."""
    argument = {"ArgumentName": name, "ArgumentValue": value} if name else {}
    return refuse("InvalidArgument", 400, message, **argument)


def invalid_request(message: str) -> AwsError:
    """Something that S3 understands and does not do."""
    return refuse("InvalidRequest", 400, message)


def malformed_xml() -> AwsError:
    """A document that is no XML, or not what the schema says."""
    message = "The XML you provided was not well-formed or did not validate against our published schema"
    return refuse("MalformedXML", 400, message)


def no_such_key(key: str = "") -> AwsError:
    """There is no object of that name, or its last version is a delete marker."""
    return refuse("NoSuchKey", 404, "The specified key does not exist.", **({"Key": key} if key else {}))


def no_such_version(key: str, version_id: str) -> AwsError:
    """There is no version of that id."""
    return refuse("NoSuchVersion", 404, "The specified version does not exist.", Key=key, VersionId=version_id)


def no_such_bucket(name: str = "") -> AwsError:
    """There is no bucket of that name."""
    details = {"BucketName": name} if name else {}
    return refuse("NoSuchBucket", 404, "The specified bucket does not exist", **details)


def method_not_allowed(method: str = "") -> AwsError:
    """The resource is there, and that can't be done with it."""
    details = {"Method": method, "ResourceType": "DeleteMarker"} if method else {}
    message = "The specified method is not allowed against this resource."
    return refuse("MethodNotAllowed", 405, message, **details)


def precondition_failed(condition: str) -> AwsError:
    """What the client said must hold does not."""
    message = "At least one of the pre-conditions you specified did not hold"
    return refuse("PreconditionFailed", 412, message, Condition=condition)


def protected() -> AwsError:
    """A version that Object Lock keeps."""
    return refuse("AccessDenied", 403, "Access Denied because object protected by object lock.")
