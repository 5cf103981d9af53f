"""The check of every call: what it asks for, against the policies of who asks and of what is asked for."""

from __future__ import annotations

from collections.abc import Callable

from localcloud.aws.call import Call
from localcloud.aws.caller import Caller
from localcloud.aws.iam import context, holdings
from localcloud.aws.iam.ask import Ask
from localcloud.aws.iam.evaluation import evaluate
from localcloud.aws.iam.principal import Principal
from localcloud.aws.iam.refusal import refusal
from localcloud.aws.iam.requests import asks, s3_batch
from localcloud.aws.replies import NO_KEY


def authorize(caller: Caller, call: Call) -> None:
    """Let the call pass, or raise the `AwsError` that AWS answers to who may not make it.

    To be called while the state is locked.
    """
    if caller.kind == "anonymous" and not call.action and call.method != "OPTIONS":
        raise NO_KEY
    check = checker(caller, call)
    for ask in asks(call, caller):
        check(ask)
    s3_batch.sort_out(call, caller, check)


def checker(caller: Caller, call: Call) -> Callable[[Ask], None]:
    """What raises the `AwsError` of an ask that the caller may not have, as long as the call lasts."""
    policies, principal, keys = holdings.policies_of(caller), Principal.of(caller), context.of_call(caller, call)

    def check(ask: Ask) -> None:
        decision = evaluate(policies, principal, ask, context.merged(keys, ask.context))
        if not decision.allowed:
            raise ask.refusal or refusal(call.service, caller, ask, decision)

    return check
