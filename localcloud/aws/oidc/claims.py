"""Which claims of a token policies know as condition keys, when a role is taken and in its session.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
"""

from __future__ import annotations

from localcloud.aws.iam.ask import Values
from localcloud.aws.oidc.identity import WebIdentity
from localcloud.machine import issuers

# Claims beyond OpenID Connect's own, which AWS has known of some issuers since January 2026.
OF_GITHUB = (
    *("actor", "actor_id", "environment", "enterprise_id", "job_workflow_ref"),
    *("ref", "repository", "repository_id", "workflow"),
)
_GITHUB = issuers.GITHUB.removeprefix("https://")


def of_session(who: WebIdentity) -> dict[str, str]:
    """What a session's own policies still know of the token."""
    return {
        f"{who.issuer}:aud": who.audience,
        f"{who.issuer}:sub": who.subject,
        "aws:FederatedProvider": who.provider,
    }


def of_trust(who: WebIdentity) -> dict[str, Values]:
    """What a role's trust policy knows of it. A claim that the token lacks is absent."""
    keys: dict[str, Values] = dict(of_session(who))
    if (methods := who.claims.get("amr")) is not None:
        keys[f"{who.issuer}:amr"] = [str(each) for each in methods] if isinstance(methods, list) else str(methods)
    if "azp" in who.claims and isinstance(audience := who.claims.get("aud"), str):
        keys[f"{who.issuer}:oaud"] = audience
    if who.issuer == _GITHUB:
        for name in OF_GITHUB:
            if isinstance(value := who.claims.get(name), str | int):
                keys[f"{who.issuer}:{name}"] = str(value)
    return keys
