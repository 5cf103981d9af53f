"""What calls ask for, by AWS's Service Authorization Reference: one line a call; long because it is one table."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.asking import ACCOUNT, REGION, USER, asked, pairs

TAGS = [{"Key": "team", "Value": "ops"}]
SECRETS = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret"
PARAMETERS = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter"
REPOSITORIES = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository"
ALARMS = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms"
IAM = f"arn:aws:iam::{ACCOUNT}"
LOGS = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group"
EVENTS = f"arn:aws:events:{REGION}:{ACCOUNT}"
KEYS = f"arn:aws:kms:{REGION}:{ACCOUNT}"

CASES: list[tuple[str, str, dict[str, Any], list[tuple[str, str]]]] = [
    ("secretsmanager", "list_secrets", {}, [("ListSecrets", "*")]),
    ("secretsmanager", "get_secret_value", {"SecretId": "a/b"}, [("GetSecretValue", f"{SECRETS}:a/b-??????")]),
    (
        "secretsmanager",
        "create_secret",
        {"Name": "n", "SecretString": "s", "Tags": TAGS},
        [("CreateSecret", f"{SECRETS}:n-??????"), ("TagResource", f"{SECRETS}:n-??????")],
    ),
    ("secretsmanager", "get_random_password", {}, [("GetRandomPassword", "*")]),
    ("ssm", "get_parameter", {"Name": "/a/b"}, [("GetParameter", f"{PARAMETERS}/a/b")]),
    ("ssm", "get_parameter", {"Name": "/a/b:3"}, [("GetParameter", f"{PARAMETERS}/a/b")]),
    ("ssm", "get_parameter", {"Name": "bare"}, [("GetParameter", f"{PARAMETERS}/bare")]),
    ("ssm", "get_parameter", {"Name": f"{PARAMETERS}/a"}, [("GetParameter", f"{PARAMETERS}/a")]),
    (
        "ssm",
        "get_parameters",
        {"Names": ["/a", "/b"]},
        [("GetParameters", f"{PARAMETERS}/a"), ("GetParameters", f"{PARAMETERS}/b")],
    ),
    ("ssm", "get_parameters_by_path", {"Path": "/a/b"}, [("GetParametersByPath", f"{PARAMETERS}/a/b")]),
    ("ssm", "describe_parameters", {}, [("DescribeParameters", "*")]),
    (
        "ssm",
        "put_parameter",
        {"Name": "/a", "Value": "1", "Type": "String", "Tags": TAGS},
        [("PutParameter", f"{PARAMETERS}/a"), ("AddTagsToResource", f"{PARAMETERS}/a")],
    ),
    (
        "ssm",
        "add_tags_to_resource",
        {"ResourceType": "Parameter", "ResourceId": "/a", "Tags": TAGS},
        [("AddTagsToResource", f"{PARAMETERS}/a")],
    ),
    ("ecr", "get_authorization_token", {}, [("GetAuthorizationToken", "*")]),
    ("ecr", "describe_repositories", {}, [("DescribeRepositories", f"{REPOSITORIES}/*")]),
    (
        "ecr",
        "describe_repositories",
        {"repositoryNames": ["app", "b/c"]},
        [("DescribeRepositories", f"{REPOSITORIES}/app"), ("DescribeRepositories", f"{REPOSITORIES}/b/c")],
    ),
    (
        "ecr",
        "create_repository",
        {"repositoryName": "app", "tags": TAGS},
        [("CreateRepository", f"{REPOSITORIES}/app"), ("TagResource", f"{REPOSITORIES}/app")],
    ),
    ("ecr", "put_image", {"repositoryName": "app", "imageManifest": "{}"}, [("PutImage", f"{REPOSITORIES}/app")]),
    (
        "ecr",
        "list_tags_for_resource",
        {"resourceArn": f"{REPOSITORIES}/app"},
        [("ListTagsForResource", f"{REPOSITORIES}/app")],
    ),
    ("cloudwatch", "put_metric_data", {"Namespace": "n", "MetricData": []}, [("PutMetricData", "*")]),
    ("cloudwatch", "describe_alarms", {}, [("DescribeAlarms", f"{ALARMS}:*")]),
    ("cloudwatch", "describe_alarms", {"AlarmNames": ["a"]}, [("DescribeAlarms", f"{ALARMS}:a")]),
    (
        "cloudwatch",
        "put_metric_alarm",
        {"AlarmName": "a", "EvaluationPeriods": 1, "ComparisonOperator": "LessThanThreshold", "Tags": TAGS},
        [("PutMetricAlarm", f"{ALARMS}:a"), ("TagResource", f"{ALARMS}:a")],
    ),
    (
        "cloudwatch",
        "delete_alarms",
        {"AlarmNames": ["a", "b"]},
        [("DeleteAlarms", f"{ALARMS}:a"), ("DeleteAlarms", f"{ALARMS}:b")],
    ),
    ("cloudwatch", "list_metrics", {}, [("ListMetrics", "*")]),
    ("sns", "publish", {"TopicArn": TOPIC, "Message": "m"}, [("Publish", TOPIC)]),
    ("sns", "create_topic", {"Name": "alarms", "Tags": TAGS}, [("CreateTopic", TOPIC), ("TagResource", TOPIC)]),
    ("sns", "list_topics", {}, [("ListTopics", "*")]),
    ("sns", "subscribe", {"TopicArn": TOPIC, "Protocol": "email"}, [("Subscribe", TOPIC)]),
    ("sts", "get_caller_identity", {}, []),
    (
        "sts",
        "assume_role",
        {"RoleArn": f"{IAM}:role/r", "RoleSessionName": "name"},
        [("AssumeRole", f"{IAM}:role/r")],
    ),
    (
        "sts",
        "assume_role",
        {"RoleArn": f"{IAM}:role/r", "RoleSessionName": "name", "Tags": TAGS, "SourceIdentity": "ann"},
        [("AssumeRole", f"{IAM}:role/r"), ("TagSession", f"{IAM}:role/r"), ("SetSourceIdentity", f"{IAM}:role/r")],
    ),
    ("iam", "get_user", {}, [("GetUser", USER.arn)]),
    ("iam", "create_access_key", {}, [("CreateAccessKey", USER.arn)]),
    ("iam", "create_access_key", {"UserName": "bob"}, [("CreateAccessKey", f"{IAM}:user/bob")]),
    ("iam", "create_user", {"UserName": "bob", "Path": "/x/"}, [("CreateUser", f"{IAM}:user/x/bob")]),
    (
        "iam",
        "create_role",
        {"RoleName": "r", "AssumeRolePolicyDocument": "{}", "Tags": TAGS},
        [("CreateRole", f"{IAM}:role/r"), ("TagRole", f"{IAM}:role/r")],
    ),
    (
        "iam",
        "put_role_policy",
        {"RoleName": "r", "PolicyName": "p", "PolicyDocument": "{}"},
        [("PutRolePolicy", f"{IAM}:role/r")],
    ),
    ("iam", "create_policy", {"PolicyName": "p", "PolicyDocument": "{}"}, [("CreatePolicy", f"{IAM}:policy/p")]),
    (
        "iam",
        "attach_role_policy",
        {"RoleName": "r", "PolicyArn": f"{IAM}:policy/p"},
        [("AttachRolePolicy", f"{IAM}:role/r")],
    ),
    ("iam", "add_user_to_group", {"GroupName": "g", "UserName": "bob"}, [("AddUserToGroup", f"{IAM}:group/g")]),
    ("iam", "list_roles", {}, [("ListRoles", f"{IAM}:role/")]),
    ("iam", "list_users", {"PathPrefix": "/x/"}, [("ListUsers", f"{IAM}:user/x/")]),
    ("iam", "get_policy", {"PolicyArn": f"{IAM}:policy/p"}, [("GetPolicy", f"{IAM}:policy/p")]),
    ("iam", "get_account_summary", {}, [("GetAccountSummary", "*")]),
    (
        "iam",
        "create_open_id_connect_provider",
        {"Url": "https://token.example/path", "Tags": TAGS},
        [
            ("CreateOpenIDConnectProvider", f"{IAM}:oidc-provider/token.example/path"),
            ("TagOpenIDConnectProvider", f"{IAM}:oidc-provider/token.example/path"),
        ],
    ),
    ("logs", "create_log_group", {"logGroupName": "g"}, [("CreateLogGroup", f"{LOGS}:g:log-stream:")]),
    (
        "logs",
        "put_log_events",
        {"logGroupName": "g", "logStreamName": "s", "logEvents": [{"timestamp": 1, "message": "m"}]},
        [("PutLogEvents", f"{LOGS}:g:log-stream:s")],
    ),
    ("logs", "describe_log_groups", {}, [("DescribeLogGroups", f"{LOGS}::log-stream:")]),
    ("events", "put_rule", {"Name": "r"}, [("PutRule", f"{EVENTS}:rule/r")]),
    ("events", "put_events", {"Entries": [{"Source": "s"}]}, [("PutEvents", f"{EVENTS}:event-bus/default")]),
    ("kms", "create_key", {"Tags": [{"TagKey": "a", "TagValue": "b"}]}, [("CreateKey", "*"), ("TagResource", "*")]),
    ("kms", "list_aliases", {}, [("ListAliases", "*")]),
    ("kms", "describe_key", {"KeyId": "none"}, [("DescribeKey", f"{KEYS}:key/none")]),
    ("kms", "describe_key", {"KeyId": "alias/none"}, [("DescribeKey", f"{KEYS}:alias/none")]),
    ("kms", "create_alias", {"AliasName": "alias/a", "TargetKeyId": "none"}, [("CreateAlias", f"{KEYS}:alias/a")]),
    (
        "kms",
        "re_encrypt",
        {"CiphertextBlob": b"x", "SourceKeyId": "one", "DestinationKeyId": "two"},
        [("ReEncryptFrom", f"{KEYS}:key/one"), ("ReEncryptTo", f"{KEYS}:key/two")],
    ),
    ("s3", "list_buckets", {}, [("ListAllMyBuckets", "*")]),
]


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "expected"),
    CASES,
    ids=[f"{number}-{case[0]}-{case[1]}" for number, case in enumerate(CASES)],
)
def test_what_a_call_asks_for(
    service: str, operation: str, parameters: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    """The actions, each on its resource, in AWS's order."""
    found = pairs(asked(service, operation, **parameters))

    assert found == [(f"{service}:{action}", resource) for action, resource in expected]


def test_the_keys_of_a_tagging_call() -> None:
    """Tags that are given are condition keys, and so are the keys of those that go."""
    given = asked("iam", "tag_role", RoleName="r", Tags=TAGS)[0].context
    gone = asked("iam", "untag_role", RoleName="r", TagKeys=["team"])[0].context

    assert (given["aws:RequestTag/team"], given["aws:TagKeys"]) == ("ops", ["team"])
    assert gone == {"aws:TagKeys": ["team"]}


def test_the_keys_that_belong_to_a_service() -> None:
    """The namespace of a metric, the depth of a path, the protocol of a subscription."""
    [metric] = asked("cloudwatch", "put_metric_data", Namespace="cams", MetricData=[{"MetricName": "m"}])
    [path] = asked("ssm", "get_parameters_by_path", Path="/a", Recursive=True)
    [mail] = asked("sns", "subscribe", TopicArn=TOPIC, Protocol="email", Endpoint="a@b.example")

    assert metric.context == {"cloudwatch:namespace": "cams"}
    assert path.context == {"ssm:Recursive": "true"}
    assert mail.context == {"sns:Protocol": "email", "sns:Endpoint": "a@b.example"}
