"""What a session is given beside its role: by its token tags and whose it really is, by the request policies.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
"""

from __future__ import annotations

from typing import Any

from localcloud.aws.oidc import refusals
from localcloud.aws.oidc.identity import WebIdentity
from localcloud.aws.oidc.request import Request

TAGS = "https://aws.amazon.com/tags"
SOURCE_IDENTITY = "https://aws.amazon.com/source_identity"


def parameters(asked: Request, who: WebIdentity) -> dict[str, Any]:
    """The same as parameters of AssumeRole, which tell in the call what tokens tell in their claims."""
    source = who.claims.get(SOURCE_IDENTITY)
    if source is not None and not isinstance(source, str):
        raise refusals.invalid()
    tags, transitive = _tags(who.claims.get(TAGS, {}))
    return {
        "Policy": asked.policy,
        "PolicyArns": asked.policy_arns,
        "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
        "TransitiveTagKeys": transitive,
        "SourceIdentity": source,
    }


def _tags(told: Any) -> tuple[dict[str, str], list[str]]:
    try:
        given = {key: value[0] if isinstance(value, list) else value for key, value in told["principal_tags"].items()}
        transitive = list(told.get("transitive_tag_keys", []))
    except (TypeError, KeyError, AttributeError, IndexError) as error:
        if told == {}:
            return {}, []
        raise refusals.invalid() from error
    if not all(isinstance(text, str) for text in (*given.values(), *transitive)):
        raise refusals.invalid()
    return given, transitive
