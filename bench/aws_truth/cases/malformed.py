"""Names, ARNs and tokens that are none: each is refused by the service, none of them breaks it."""

from __future__ import annotations

from typing import Any

from botocore.config import Config

from bench.aws_truth.account import Account
from bench.aws_truth.case import Attempt, Case
from bench.aws_truth.scene import Scene

UNCHECKED = Config(parameter_validation=False)  # the service is asked, not the client
WORDS = ("!bogus", "blah")  # of which one could be a token by its letters
LISTINGS: list[tuple[str, str, str, str, dict[str, Any]]] = [
    ("iam", "list_policies", "Marker", "ValidationError", {}),
    ("iam", "list_roles", "Marker", "ValidationError", {}),
    ("iam", "list_role_tags", "Marker", "ValidationError", {"RoleName": "{role}"}),
    ("iam", "list_attached_role_policies", "Marker", "ValidationError", {"RoleName": "{role}"}),
    ("secretsmanager", "list_secrets", "NextToken", "InvalidNextTokenException", {}),
    ("ssm", "describe_parameters", "NextToken", "InvalidNextToken", {}),
    ("ssm", "get_parameters_by_path", "NextToken", "InvalidNextToken", {"Path": "/"}),
    ("ssm", "get_parameter_history", "NextToken", "InvalidNextToken", {"Name": "{parameter}"}),
    ("cloudwatch", "describe_alarm_history", "NextToken", "InvalidNextToken", {}),
    ("sns", "list_topics", "NextToken", "InvalidParameter", {}),
    ("sns", "list_subscriptions", "NextToken", "InvalidParameter", {}),
    ("sns", "list_subscriptions_by_topic", "NextToken", "InvalidParameter", {"TopicArn": "{topic}"}),
    ("kms", "list_keys", "Marker", "InvalidMarkerException", {}),
    ("ecr", "describe_repositories", "nextToken", "InvalidParameterException", {}),
]
TOPICS: list[tuple[str, dict[str, Any]]] = [
    ("subscribe", {"Protocol": "email"}),
    ("publish", {"Message": "m"}),
    ("get_topic_attributes", {}),
    ("set_topic_attributes", {"AttributeName": "DisplayName"}),
    ("delete_topic", {}),
    ("list_subscriptions_by_topic", {}),
    ("add_permission", {"Label": "a", "AWSAccountId": ["123456789012"], "ActionName": ["Publish"]}),
]
OTHERS: list[tuple[str, str, str, str, dict[str, Any]]] = [
    ("publish to nothing", "sns", "publish", "InvalidParameter", {"Message": "m"}),
    ("a secret with a space in its name", "secretsmanager", "create_secret", "ValidationException", {"Name": "a b"}),
    ("parameters by a path without a slash", "ssm", "get_parameters_by_path", "ValidationException", {"Path": "a"}),
    ("no random bytes", "kms", "generate_random", "ValidationException", {}),
    ("grants of a key that is not there", "kms", "list_grants", "NotFoundException", {"KeyId": "{fresh}"}),
    (
        "a grant revoked of a key that is not there",
        "kms",
        "revoke_grant",
        "NotFoundException",
        {"KeyId": "{fresh}", "GrantId": "a"},
    ),
    ("a grant retired that nobody names", "kms", "retire_grant", "ValidationException", {}),
    (
        "nothing encrypted anew",
        "kms",
        "re_encrypt",
        "ValidationException",
        {"DestinationKeyId": "{key}"},
    ),
    (
        "the public half of a key that has none",
        "kms",
        "get_public_key",
        "UnsupportedOperationException",
        {"KeyId": "{key}"},
    ),
]


def _call(says: str, service: str, method: str, code: str | None, given: dict[str, Any]) -> Case:
    def prepare(account: Account) -> Attempt:
        filled = Scene(account).filled(given)
        client = account.client(service, account.keys, config=UNCHECKED)
        return lambda: getattr(client, method)(**filled)

    return Case(says, prepare, code)


CASES = [
    *(
        _call(f"{service}: {method} from the token {word}", service, method, code, given | {member: word})
        for service, method, member, code, given in LISTINGS
        for word in WORDS[: 1 if service in ("kms", "ecr") else 2]
    ),
    *(
        _call(f"sns: {method} of a topic by its name", "sns", method, "InvalidParameter", {"TopicArn": "a", **given})
        for method, given in TOPICS
    ),
    *(_call(says, service, method, code, given) for says, service, method, code, given in OTHERS),
]
