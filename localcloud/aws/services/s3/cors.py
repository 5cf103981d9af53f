"""CORS: which rule answers a browser, and what a rule may say."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from moto.moto_server import werkzeug_app

from localcloud.aws.replies import same
from localcloud.aws.services.s3.ask import Answer, Ask
from localcloud.aws.services.s3.errors import invalid_request, malformed_xml

METHODS = ("GET", "PUT", "HEAD", "POST", "DELETE")
MOST_RULES = 100
LONGEST_ID = 255
VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"


def install() -> None:
    """moto's server would let every origin in, whatever the bucket says."""
    server: Any = werkzeug_app
    server.DISABLE_GLOBAL_CORS = True


def check(ask: Ask) -> None:
    """What S3 refuses in a configuration. AwsError."""
    rules = ask.document.get("CORSRules", [])
    if not 1 <= len(rules) <= MOST_RULES:
        raise malformed_xml()
    for rule in rules:
        _check_rule(rule)
    ids = [rule["ID"] for rule in rules if "ID" in rule]
    if len(ids) != len(set(ids)):
        raise invalid_request("The ID of each rule must be unique.")


def _check_rule(rule: dict[str, Any]) -> None:
    if len(rule.get("ID", "")) > LONGEST_ID or rule.get("MaxAgeSeconds", 0) < 0:
        raise malformed_xml()
    for method in rule["AllowedMethods"]:
        if method not in METHODS:
            raise invalid_request(f"Found unsupported HTTP method in CORS config. Unsupported method is {method}")
    for kind in ("AllowedOrigins", "AllowedHeaders"):
        for value in rule.get(kind, []):
            if value.count("*") > 1:
                name = kind.removesuffix("s")
                raise invalid_request(f'{name} "{value}" can not have more than one wildcard.')
    for header in rule.get("ExposeHeaders", []):
        if "*" in header:
            raise invalid_request(
                f'ExposeHeader "{header}" contains wildcard. We currently do not support wildcard for ExposeHeader.'
            )


def preflight(ask: Ask) -> Answer:
    """The answer to OPTIONS: 200 with what is allowed, or 403."""
    origin, method = ask.headers.get("Origin"), ask.headers.get("Access-Control-Request-Method")
    if not origin:
        raise same("BadRequest", 400, "Insufficient information. Origin request header needed.")
    if method not in METHODS:
        raise same("BadRequest", 400, f"Invalid Access-Control-Request-Method: {method}")
    bucket = ask.moto.backend.buckets.get(ask.bucket_name)
    if bucket is None or not rules_of(bucket):
        raise _refused("CORS is not enabled for this bucket.")
    asked = [
        each.strip() for each in ask.headers.get("Access-Control-Request-Headers", "").split(",") if each.strip()
    ]
    if not _rule(bucket, origin, method, asked):
        raise _refused(
            "This CORS request is not allowed. This is usually because the evalution of Origin, request method / "
            "Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's "
            "CORS spec."
        )
    return 200, {}, ""  # the headers are those of every answer


def headers(bucket: Any, method: str, said: Mapping[str, str]) -> dict[str, str]:
    """What any answer of a bucket carries to a browser whose origin a rule allows; nothing otherwise.

    `said`: the request's headers, found in small letters.
    """
    origin = said.get("origin")
    if bucket is None or not origin:
        return {}
    asked = said.get("access-control-request-headers", "")
    called, method = method, said.get("access-control-request-method") or method
    names = [name.strip().lower() for name in asked.split(",") if name.strip()]
    rule = _rule(bucket, origin, method, names)
    if rule is None:
        return {}
    any_origin = "*" in rule["AllowedOrigins"]
    told = {"Access-Control-Allow-Origin": "*" if any_origin else origin, "Vary": VARY}
    told["Access-Control-Allow-Methods"] = ", ".join(rule["AllowedMethods"])
    if not any_origin:
        told["Access-Control-Allow-Credentials"] = "true"
    if names:
        told["Access-Control-Allow-Headers"] = ", ".join(names)
    if rule.get("ExposeHeaders"):
        told["Access-Control-Expose-Headers"] = ", ".join(rule["ExposeHeaders"])
    if called == "OPTIONS" and "MaxAgeSeconds" in rule:
        told["Access-Control-Max-Age"] = str(rule["MaxAgeSeconds"])
    return told


def rules_of(bucket: Any) -> list[dict[str, Any]]:
    """The bucket's rules."""
    rules: list[dict[str, Any]] = bucket.settings.get("cors", {}).get("CORSRules", [])
    return rules


def _rule(bucket: Any, origin: str, method: str, names: list[str]) -> dict[str, Any] | None:
    """The first rule that allows all of it: S3 looks no further."""
    for rule in rules_of(bucket):
        allowed = [each.lower() for each in rule.get("AllowedHeaders", [])]
        if (
            method in rule["AllowedMethods"]
            and any(_matches(origin, each) for each in rule["AllowedOrigins"])
            and all(any(_matches(name.lower(), each) for each in allowed) for name in names)
        ):
            return rule
    return None


def _matches(value: str, pattern: str) -> bool:
    return fnmatchcase(value, pattern.replace("[", "[[]").replace("?", "[?]"))


def _refused(message: str) -> Any:
    return same("AccessForbidden", 403, f"CORSResponse: {message}")
