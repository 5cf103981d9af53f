"""KMS's check of a key's policy: it must be one, and must not lock out who puts it.

https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#prevent-unmanageable-key
"""

from __future__ import annotations

import json

from localcloud.aws.caller import Caller
from localcloud.aws.iam import resource_policy
from localcloud.aws.iam.ask import Ask, ResourcePolicy
from localcloud.aws.iam.document import read
from localcloud.aws.iam.evaluation import Policies, evaluate
from localcloud.aws.iam.principal import Principal
from localcloud.aws.iam.resource_policy import MalformedError, Rules
from localcloud.aws.replies import AwsError, same

_LONGEST = 32_768
_EVERYTHING = json.dumps({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})
_RULES = Rules.of("kms")
_WORDS = {
    "principal": "Policy contains a statement with one or more invalid principals.",
    "unknown principal": "Policy contains a statement with one or more invalid principals.",
    "action": "Policy contains a statement with one or more invalid actions.",
    "resource": "Policy contains a statement with one or more invalid resources.",
}


def check(text: str, caller: Caller, *, bypass: bool) -> None:
    """Raise KMS's error for a policy that it would not take."""
    if len(text) > _LONGEST:
        raise same("LimitExceededException", 400, "The key policy exceeds the maximum length of 32768 bytes.")
    try:
        resource_policy.check(text, _RULES)
    except MalformedError as problem:
        raise _malformed(_WORDS.get(problem.fault, f"Policy is malformed: {problem}")) from problem
    if not bypass and not _leaves_a_way(text, caller):
        raise _malformed("The new key policy will not allow you to update the key policy in the future.")


def _leaves_a_way(text: str, caller: Caller) -> bool:
    """Whether the policy lets its caller change it again, or leaves that to the account's own policies."""
    ask = Ask("kms:PutKeyPolicy", "*", resource_policy=ResourcePolicy(text, caller.account, gate=True))
    everything = Policies(identity=(read(_EVERYTHING),))
    context = {"kms:calleraccount": (caller.account,), "aws:principalarn": (caller.role_arn or caller.arn,)}
    return evaluate(everything, Principal.of(caller), ask, context).allowed


def _malformed(message: str) -> AwsError:
    return same("MalformedPolicyDocumentException", 400, message)
