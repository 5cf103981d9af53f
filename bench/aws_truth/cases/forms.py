"""Forms that browsers post: what their policy allows, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import requests

from bench.aws_truth.case import Case
from bench.aws_truth.hand import (
    Scene,
    case,
    put,
    without,
)


def post(says: str, edit: Callable[[dict[str, str]], dict[str, str]], code: str | None = None, **wrong: Any) -> Case:
    """A case of a form that lets anybody post below `in/`, text of at most 100 bytes, for an hour."""

    def attempt(scene: Scene) -> requests.Response:
        ends = scene.admin.moment + timedelta(hours=wrong.get("hours", 1))
        signer = replace(scene.admin, **{name: value for name, value in wrong.items() if name in ("day", "service")})
        said: Any = {
            "expiration": ends.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "conditions": [
                {"bucket": scene.bucket},
                ["starts-with", "$key", "in/"],
                ["eq", "$Content-Type", "text/plain"],
                ["content-length-range", wrong.get("least", 1), wrong.get("most", 100)],
                ["starts-with", "$x-amz-credential", ""],
                ["starts-with", "$x-amz-date", ""],
                {"x-amz-algorithm": "AWS4-HMAC-SHA256"},
            ],
        }
        fields = signer.form(wrong.get("policy", said), **{"key": "in/${filename}", "Content-Type": "text/plain"})
        files = {"file": ("a.txt", b"here")} if wrong.get("file", True) else {"other": ("a.txt", b"here")}
        url = f"{scene.account.url}/{wrong.get('bucket', scene.bucket)}"
        return requests.post(url, data=edit(fields), files=files, timeout=20)

    return case(says, attempt, code)


NO_CONDITIONS = {"expiration": "2099-01-01T00:00:00Z"}
CASES = [
    post("a form as its policy allows", dict),
    post("a form with a field that is to be ignored", put(**{"x-ignore-me": "1"})),
    post("a form for a key elsewhere", put(key="out/a"), "AccessDenied"),
    post("a form of another type", lambda said: said | {"Content-Type": "text/html"}, "AccessDenied"),
    post("a form with a field that the policy does not name", put(x_amz_meta_a="1"), "AccessDenied"),
    post("a form that is too large", dict, "EntityTooLarge", most=3),
    post("a form that is too small", dict, "EntityTooSmall", least=5),
    post("a form whose policy is over", dict, "AccessDenied", hours=-1),
    post("a form with another policy than was signed", put(policy="e30="), "SignatureDoesNotMatch"),
    post("a form with an invented signature", put(**{"x-amz-signature": "0" * 64}), "SignatureDoesNotMatch"),
    post("a form to another bucket", dict, "AccessDenied", bucket="elsewhere"),
    post("a form signed for IAM", dict, "AuthorizationQueryParametersError", service="iam"),
    post("a form of another day's key", dict, "AuthorizationQueryParametersError", day="20200101"),
    post("a form without a key", without("key"), "InvalidArgument"),
    post("a form without its date", without("x-amz-date"), "InvalidArgument"),
    post("a form without a file", dict, "InvalidArgument", file=False),
    post("a form whose policy is no JSON", dict, "InvalidPolicyDocument", policy="no"),
    post("a form whose policy has no conditions", dict, "InvalidPolicyDocument", policy=NO_CONDITIONS),
    post(
        "a form of a key that nobody has",
        put(**{"x-amz-credential": "AKIANOBODY/20200101/eu-central-1/s3/aws4_request"}),
        "AuthorizationQueryParametersError",
    ),
    case(
        "a form that is none",
        lambda s: requests.post(
            f"{s.account.url}/{s.bucket}",
            data=b"x",
            headers={"content-type": "multipart/form-data; boundary=b"},
            timeout=20,
        ),
        "MalformedPOSTRequest",
    ),
]
