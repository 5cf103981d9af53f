"""Calls that a service of AWS makes by itself, for a resource of the account: an alarm publishes, a log is sealed.

https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
"""

from __future__ import annotations

from collections.abc import Iterable

from localcloud.aws.caller import Caller
from localcloud.aws.iam import context
from localcloud.aws.iam.ask import Ask
from localcloud.aws.iam.evaluation import Policies, evaluate
from localcloud.aws.iam.principal import Principal
from localcloud.aws.iam.refusal import refusal
from localcloud.aws.iam.requests import sns
from localcloud.aws.iam.requests.reading import Context, account_of


def publish(service: str, topic_arn: str, *, source_arn: str) -> None:
    """Let a service, as `cloudwatch.amazonaws.com`, publish to a topic for the alarm `source_arn`.

    The topic's policy must let it, and the key's where the topic is encrypted. Raises the `AwsError` otherwise. To be
    called while the state is locked; who publishes is told nothing by AWS but by the alarm's history.
    """
    caller = service_caller(service, account_of(topic_arn))
    check(caller, [sns.on_topic("sns:Publish", topic_arn, {})], source_arn=source_arn)
    check(caller, sns.asks_for_key(topic_arn, caller), source_arn=source_arn)


def service_caller(service: str, account: str) -> Caller:
    """The principal that a service is, for something of that account."""
    return Caller("service", account, service, "")


def check(caller: Caller, asks: Iterable[Ask], *, source_arn: str, account: str = "") -> None:
    """Raise the `AwsError` of the first ask that the service may not have.

    `account`: whose the source is, where its ARN does not tell.
    """
    account = account or account_of(source_arn)
    said: Context = {
        **context.of_caller(caller),
        "aws:SecureTransport": "true",
        "aws:SourceArn": source_arn,
        "aws:SourceAccount": account,
        "aws:SourceOwner": account,  # as SNS's default policy has it
    }
    keys = context.normal(said)
    for ask in asks:
        decision = evaluate(Policies(), Principal.of(caller), ask, context.merged(keys, ask.context))
        if not decision.allowed:
            raise ask.refusal or refusal(ask.action.partition(":")[0], caller, ask, decision)
