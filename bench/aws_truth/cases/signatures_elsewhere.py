"""The other services in headers: what is signed, and what is forged, altered, too old, or for something else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import requests

from bench.aws_truth.hand import (
    FORGER,
    JSON,
    LIST_USERS,
    WHO,
    Scene,
    authorization,
    case,
    put,
    without,
)

HOURS = timedelta(hours=1)


def _no_json(scene: Scene) -> requests.Response:
    signer = replace(scene.admin, service="kms")
    return signer.send("POST", f"{scene.account.url}/", b"\xff{", headers=JSON)


def _who_by_link(scene: Scene, **wrong: Any) -> requests.Response:
    signer = replace(scene.admin, service="sts", **wrong)
    return requests.get(signer.link("GET", f"{scene.account.url}/?{WHO.decode()}"), timeout=20)


CASES = [
    case("KMS, signed by hand", lambda s: s.kms()),
    case("KMS, another secret", lambda s: s.kms(keys=s.account.keys | FORGER), "InvalidSignatureException"),
    case("KMS, a body other than was signed", lambda s: s.kms(body=b'{"Limit": 1}'), "InvalidSignatureException"),
    case(
        "KMS, another action than was signed",
        lambda s: s.kms(put(x_amz_target="TrentService.ListAliases")),
        "InvalidSignatureException",
    ),
    case(
        "KMS, an action that was not signed", lambda s: s.kms(unsigned=("x-amz-target",)), "InvalidSignatureException"
    ),
    case("KMS, a host that was not signed", lambda s: s.kms(unsigned=("host",)), "InvalidSignatureException"),
    case(
        "KMS, a signature made for Secrets Manager",
        lambda s: s.kms(service="secretsmanager"),
        "InvalidSignatureException",
    ),
    case("KMS, a scope of another day", lambda s: s.kms(day="20200101"), "InvalidSignatureException"),
    case("KMS, a scope with another end", lambda s: s.kms(terminator="aws5_request"), "InvalidSignatureException"),
    case("KMS, a region that is none", lambda s: s.kms(region="nowhere"), "InvalidSignatureException"),
    case("KMS, signed an hour ago", lambda s: s.kms(moment=s.admin.moment - HOURS), "InvalidSignatureException"),
    case("KMS, signed for in an hour", lambda s: s.kms(moment=s.admin.moment + HOURS), "InvalidSignatureException"),
    case("KMS, no signature", lambda s: s.kms(without("Authorization")), "MissingAuthenticationTokenException"),
    case(
        "KMS, a credential that is none",
        lambda s: s.kms(authorization("Credential=", "Cred=")),
        "IncompleteSignatureException",
    ),
    case(
        "KMS, an authorization without an equals sign",
        lambda s: s.kms(put(Authorization="AWS4-HMAC-SHA256 abc")),
        "IncompleteSignatureException",
    ),
    case("KMS, without a date", lambda s: s.kms(without("x-amz-date")), "IncompleteSignatureException"),
    case("IAM, signed by hand", lambda s: s.query()),
    case("IAM, another secret", lambda s: s.query(keys=s.account.keys | FORGER), "SignatureDoesNotMatch"),
    case(
        "IAM, another action than was signed",
        lambda s: s.query(sent=LIST_USERS.replace(b"Users", b"Roles")),
        "SignatureDoesNotMatch",
    ),
    case("IAM, a signature made for STS", lambda s: s.query("sts"), "SignatureDoesNotMatch"),
    case("IAM, signed an hour ago", lambda s: s.query(moment=s.admin.moment - HOURS), "SignatureDoesNotMatch"),
    case("IAM, no signature", lambda s: s.query(edit=without("Authorization")), "MissingAuthenticationToken"),
    case(
        "IAM, an authorization that is none",
        lambda s: s.query(edit=put(Authorization="AWS4-HMAC-SHA256 x=y")),
        "IncompleteSignature",
    ),
    case("STS by a link, as EKS asks who somebody is", _who_by_link),
    case(
        "STS by a link of an hour ago",
        lambda s: _who_by_link(s, moment=s.admin.moment - HOURS),
        "SignatureDoesNotMatch",
    ),
]
