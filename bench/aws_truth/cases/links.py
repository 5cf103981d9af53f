"""Presigned URLs: each opens what it signs, until its time is over."""

from __future__ import annotations

import requests

from bench.aws_truth.hand import (
    BODY,
    FORGER,
    Scene,
    by,
    case,
    later,
)


def _link_with_header(scene: Scene, sent: str) -> requests.Response:
    url = scene.admin.link("PUT", scene.object, {"x-amz-meta-a": "1"})
    return requests.put(url, data=BODY, headers={"x-amz-meta-a": sent}, timeout=20)


def _link_with_acl(scene: Scene) -> requests.Response:
    return requests.put(scene.admin.link("PUT", scene.object), headers={"x-amz-acl": "private"}, timeout=20)


def _longer(scene: Scene) -> requests.Response:
    url = later(scene, hours=-2).link("GET", scene.object, expires=60)
    return requests.get(url.replace("X-Amz-Expires=60", "X-Amz-Expires=604800"), timeout=20)


def _link_without(scene: Scene, name: str) -> requests.Response:
    address, _, query = scene.admin.link("GET", scene.object).partition("?")
    kept = [part for part in query.split("&") if not part.startswith(f"{name}=")]
    return requests.get(f"{address}?{'&'.join(kept)}", timeout=20)


CASES = [
    case("a link opens what it signs", lambda s: s.link()),
    case("a link with a signed header", lambda s: _link_with_header(s, "1")),
    case(
        "a link whose signed header has another value", lambda s: _link_with_header(s, "2"), "SignatureDoesNotMatch"
    ),
    case("a link opens no other key", lambda s: s.link(called="/b?"), "SignatureDoesNotMatch"),
    case("a link for a GET deletes nothing", lambda s: s.link("DELETE"), "SignatureDoesNotMatch"),
    case("a link for a GET is none for a HEAD", lambda s: s.link("HEAD"), "403"),
    case("a link for a HEAD", lambda s: s.link("HEAD", signed_for="HEAD")),
    case("a link for a PUT", lambda s: s.link("PUT", signed_for="PUT")),
    case("a link with a parameter more", lambda s: s.link(called="/a?versionId=null&"), "SignatureDoesNotMatch"),
    case("a link with a header of AWS's that was not signed", _link_with_acl, "AccessDenied"),
    case(
        "a link of another's secret",
        lambda s: s.link(signer=by(s, keys=s.account.keys | FORGER)),
        "SignatureDoesNotMatch",
    ),
    case("a link whose time is over", lambda s: s.link(signer=later(s, seconds=-61)), "AccessDenied"),
    case("a link that lives for a week", lambda s: s.link(signer=later(s, days=-6), expires=604_800)),
    case(
        "a link that would live longer than a week",
        lambda s: s.link(expires=604_801),
        "AuthorizationQueryParametersError",
    ),
    case("a link that lives for no time", lambda s: s.link(expires=0), "AuthorizationQueryParametersError"),
    case(
        "a link that lives for less than no time", lambda s: s.link(expires=-1), "AuthorizationQueryParametersError"
    ),
    case("a link that lives for a word", lambda s: s.link(expires="soon"), "AuthorizationQueryParametersError"),
    case("a link whose life was made longer", _longer, "SignatureDoesNotMatch"),
    case("a link that is good from tomorrow on", lambda s: s.link(signer=later(s, days=1)), "AccessDenied"),
    case("a link without its time", lambda s: _link_without(s, "X-Amz-Expires"), "AuthorizationQueryParametersError"),
    case(
        "a link without its signature",
        lambda s: _link_without(s, "X-Amz-Signature"),
        "AuthorizationQueryParametersError",
    ),
    case(
        "a link of another algorithm",
        lambda s: s.link(signer=by(s, algorithm="AWS4-HMAC-SHA1")),
        "AuthorizationQueryParametersError",
    ),
    case("a link made for IAM", lambda s: s.link(signer=by(s, service="iam")), "AuthorizationQueryParametersError"),
    case("a link without the host", lambda s: s.link(headers={"x-amz-a": "1"}, unsigned=("host",)), "AccessDenied"),
    case(
        "a link of Signature Version 2",
        lambda s: requests.get(f"{s.object}?AWSAccessKeyId=A&Signature=b&Expires=9", timeout=20),
        "InvalidRequest",
    ),
]
