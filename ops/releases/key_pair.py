"""An environment's key pair for people: made where it is missing, its public half to be put into the stack file."""

from __future__ import annotations

import base64

from ops.account.at_aws import require_account
from ops.account.steps import MADE, go_through
from ops.releases import keys
from ops.releases.authority import Authority


def shown(authority: Authority) -> dict[str, object]:
    """Its name, its public half as a stack file has it, and whether that file trusts it."""
    stack, kms = authority.stack, authority.clients("kms")
    require_account(authority.clients("sts"), stack.aws.account)
    step = keys.key_step(kms, stack.names)
    made = go_through([step], make=True, say=authority.context.output.say)[step.what] == MADE
    public = base64.b64encode(keys.public_half(kms, stack.names) or b"").decode()
    return {
        "key": stack.names.release_key_alias,
        "made": made,
        "public": public,
        "trusted": authority.cloud.is_local or public in stack.release.keys,
        "setting": f"{stack.application.name}:release: {{keys: [{public}]}}",
    }
