"""S3 in headers: what is signed as AWS asks for, and what is forged, altered, too old, or for something else."""

from __future__ import annotations

import requests

from bench.aws_truth.hand import (
    BODY,
    FORGER,
    Edit,
    Scene,
    authorization,
    by,
    case,
    later,
    put,
    without,
)
from tests.support.signer import NOTHING, UNSIGNED


def _signed_for(scene: Scene, method: str) -> Edit:
    return lambda _: scene.admin.headers(method, scene.object)


def _another_query(scene: Scene) -> requests.Response:
    headers = scene.admin.headers("DELETE", scene.object)
    return requests.delete(f"{scene.object}?versionId=null", headers=headers, timeout=20)


def _changed_body(scene: Scene) -> requests.Response:
    return requests.put(
        scene.object, data=b"changed", headers=scene.admin.headers("PUT", scene.object, BODY), timeout=20
    )


def _both_ways(scene: Scene) -> requests.Response:
    return requests.get(
        scene.admin.link("GET", scene.object), headers=scene.admin.headers("GET", scene.object), timeout=20
    )


CASES = [
    case("S3, signed by hand", lambda s: s.send()),
    case("S3, a body that is what was signed", lambda s: s.send("PUT", BODY)),
    case("S3, a body that was not signed, and says so", lambda s: s.send("PUT", BODY, payload=UNSIGNED)),
    case("S3, another secret", lambda s: s.send(signer=by(s, keys=s.account.keys | FORGER)), "SignatureDoesNotMatch"),
    case(
        "S3, another method than was signed",
        lambda s: s.send("DELETE", edit=_signed_for(s, "GET")),
        "SignatureDoesNotMatch",
    ),
    case("S3, another key than was signed", lambda s: s.send(url=s.object + "b"), "SignatureDoesNotMatch"),
    case("S3, a parameter that was not signed", _another_query, "SignatureDoesNotMatch"),
    case(
        "S3, a signed header that was changed",
        lambda s: s.send("PUT", b"", headers={"x-amz-meta-a": "1"}, edit=put(x_amz_meta_a="2")),
        "SignatureDoesNotMatch",
    ),
    case(
        "S3, a signed header that was taken away",
        lambda s: s.send(headers={"x-amz-meta-a": "1"}, edit=without("x-amz-meta-a")),
        "SignatureDoesNotMatch",
    ),
    case(
        "S3, a header of AWS's that was not signed",
        lambda s: s.send("PUT", b"", edit=put(x_amz_acl="private")),
        "AccessDenied",
    ),
    case("S3, a host that was not signed", lambda s: s.send(unsigned=("host",)), "AccessDenied"),
    case(
        "S3, another host than was signed",
        lambda s: s.send(edit=put(Host="elsewhere.example")),
        "SignatureDoesNotMatch",
    ),
    case("S3, a header of the client's that was not signed", lambda s: s.send(edit=put(User_Agent="other"))),
    case("S3, a body other than was signed", _changed_body, "XAmzContentSHA256Mismatch"),
    case("S3, a hash that is none", lambda s: s.send("PUT", b"", payload="abc"), "InvalidArgument"),
    case(
        "S3, without the hash of the body", lambda s: s.send(edit=without("x-amz-content-sha256")), "InvalidRequest"
    ),
    case(
        "S3, the hash of nothing with a body",
        lambda s: s.send("PUT", BODY, payload=NOTHING),
        "XAmzContentSHA256Mismatch",
    ),
    case("S3, signed fourteen minutes ago", lambda s: s.send(signer=later(s, minutes=-14))),
    case("S3, signed sixteen minutes ago", lambda s: s.send(signer=later(s, minutes=-16)), "RequestTimeTooSkewed"),
    case("S3, signed for in sixteen minutes", lambda s: s.send(signer=later(s, minutes=16)), "RequestTimeTooSkewed"),
    case(
        "S3, a scope of another day",
        lambda s: s.send(signer=by(s, day="20200101")),
        "AuthorizationHeaderMalformed",
    ),
    case(
        "S3, a scope of another service",
        lambda s: s.send(signer=by(s, service="s3", terminator="aws5_request")),
        "AuthorizationHeaderMalformed",
    ),
    case(
        "S3, a signature made for IAM",
        lambda s: s.send(signer=by(s, service="iam")),
        "AuthorizationHeaderMalformed",
    ),
    case(
        "S3, a region that is none",
        lambda s: s.send(signer=by(s, region="nowhere")),
        "AuthorizationHeaderMalformed",
    ),
    case("S3, a date that is none", lambda s: s.send(edit=put(x_amz_date="yesterday")), "AccessDenied"),
    case(
        "S3, without a signature",
        lambda s: s.send(edit=authorization(", Signature=", ", Sig=")),
        "AuthorizationHeaderMalformed",
    ),
    case(
        "S3, a credential of three parts",
        lambda s: s.send(edit=authorization("/s3/aws4_request", "")),
        "AuthorizationHeaderMalformed",
    ),
    case(
        "S3, an empty authorization of the right kind",
        lambda s: s.send(edit=put(Authorization="AWS4-HMAC-SHA256 ")),
        "AuthorizationHeaderMalformed",
    ),
    case("S3, Signature Version 2", lambda s: s.send(edit=put(Authorization="AWS AKIA:c2ln")), "InvalidRequest"),
    case("S3, another scheme", lambda s: s.send(edit=put(Authorization="Bearer abc")), "InvalidArgument"),
    case("S3, a header and a query at once", _both_ways, "InvalidArgument"),
    case(
        "S3, a key that nobody has",
        lambda s: s.send(signer=by(s, keys=s.account.keys | {"AccessKeyId": "AKIA" + "Q" * 16})),
        "InvalidAccessKeyId",
    ),
]
