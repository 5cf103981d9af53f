"""Which rights calls to the other services need: allowed with all of them, refused without any one of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from bench.aws_truth.account import Account, allow, deny
from bench.aws_truth.case import Attempt, Case
from bench.aws_truth.scene import Scene, policy

TAGS = [{"Key": "a", "Value": "b"}]
ALARM = {"AlarmName": "{fresh}", "EvaluationPeriods": 1, "ComparisonOperator": "LessThanThreshold", "Threshold": 1}
METRIC = {"MetricName": "m", "Namespace": "n", "Period": 60, "Statistic": "Sum"}
TRUST = policy({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"})
REFUSED = {"sns": "AuthorizationError", "iam": "AccessDenied", "sts": "AccessDenied", "cloudwatch": "AccessDenied"}

CALLS: list[tuple[str, str, dict[str, Any], list[str]]] = [
    ("secretsmanager", "get_secret_value", {"SecretId": "{secret}"}, ["secretsmanager:GetSecretValue"]),
    ("secretsmanager", "describe_secret", {"SecretId": "{secret}"}, ["secretsmanager:DescribeSecret"]),
    (
        "secretsmanager",
        "create_secret",
        {"Name": "{fresh}", "SecretString": "s", "Tags": TAGS},
        ["secretsmanager:CreateSecret", "secretsmanager:TagResource"],
    ),
    (
        "secretsmanager",
        "create_secret",
        {"Name": "{fresh}", "SecretString": "s", "KmsKeyId": "{key}"},
        ["secretsmanager:CreateSecret", "kms:GenerateDataKey", "kms:Decrypt"],
    ),
    (
        "secretsmanager",
        "get_secret_value",
        {"SecretId": "{sealed_secret}"},
        ["secretsmanager:GetSecretValue", "kms:Decrypt"],
    ),
    (
        "secretsmanager",
        "put_secret_value",
        {"SecretId": "{sealed_secret}", "SecretString": "t"},
        ["secretsmanager:PutSecretValue", "kms:GenerateDataKey", "kms:Decrypt"],
    ),
    ("ssm", "get_parameter", {"Name": "{parameter}"}, ["ssm:GetParameter"]),
    ("ssm", "get_parameters", {"Names": ["{parameter}"]}, ["ssm:GetParameters"]),
    ("ssm", "get_parameters_by_path", {"Path": "/anywhere"}, ["ssm:GetParametersByPath"]),
    (
        "ssm",
        "put_parameter",
        {"Name": "/{fresh}", "Value": "1", "Type": "String", "Tags": TAGS},
        ["ssm:PutParameter", "ssm:AddTagsToResource"],
    ),
    (
        "ssm",
        "put_parameter",
        {"Name": "/{fresh}", "Value": "1", "Type": "SecureString", "KeyId": "{alias}"},
        ["ssm:PutParameter", "kms:Encrypt"],
    ),
    ("ssm", "put_parameter", {"Name": "/{fresh}", "Value": "1", "Type": "SecureString"}, ["ssm:PutParameter"]),
    (
        "ssm",
        "get_parameter",
        {"Name": "{sealed_parameter}", "WithDecryption": True},
        ["ssm:GetParameter", "kms:Decrypt"],
    ),
    ("ssm", "get_parameter", {"Name": "{sealed_parameter}"}, ["ssm:GetParameter"]),
    ("ecr", "get_authorization_token", {}, ["ecr:GetAuthorizationToken"]),
    ("ecr", "describe_repositories", {}, ["ecr:DescribeRepositories"]),
    (
        "ecr",
        "create_repository",
        {"repositoryName": "{fresh}", "tags": TAGS},
        ["ecr:CreateRepository", "ecr:TagResource"],
    ),
    (
        "ecr",
        "create_repository",
        {"repositoryName": "{fresh}", "encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": "{key}"}},
        ["ecr:CreateRepository", "kms:DescribeKey", "kms:CreateGrant"],
    ),
    ("ecr", "initiate_layer_upload", {"repositoryName": "{repository}"}, ["ecr:InitiateLayerUpload"]),
    ("sns", "publish", {"TopicArn": "{topic}", "Message": "m"}, ["sns:Publish"]),
    (
        "sns",
        "publish",
        {"TopicArn": "{sealed_topic}", "Message": "m"},
        ["sns:Publish", "kms:GenerateDataKey", "kms:Decrypt"],
    ),
    ("sns", "create_topic", {"Name": "{fresh}", "Tags": TAGS}, ["sns:CreateTopic", "sns:TagResource"]),
    ("sns", "get_topic_attributes", {"TopicArn": "{topic}"}, ["sns:GetTopicAttributes"]),
    (
        "cloudwatch",
        "put_metric_data",
        {"Namespace": "n", "MetricData": [{"MetricName": "m", "Value": 1}]},
        ["cloudwatch:PutMetricData"],
    ),
    (
        "cloudwatch",
        "put_metric_alarm",
        {**ALARM, **METRIC, "Tags": TAGS},
        ["cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"],
    ),
    ("cloudwatch", "describe_alarms", {"AlarmNames": ["a"]}, ["cloudwatch:DescribeAlarms"]),
    ("iam", "get_role", {"RoleName": "{role}"}, ["iam:GetRole"]),
    (
        "iam",
        "create_role",
        {"RoleName": "{fresh}", "AssumeRolePolicyDocument": TRUST, "Tags": TAGS},
        ["iam:CreateRole", "iam:TagRole"],
    ),
    ("iam", "list_users", {}, ["iam:ListUsers"]),
    ("iam", "get_user", {}, ["iam:GetUser"]),
    ("iam", "create_user", {"UserName": "{fresh}", "Tags": TAGS}, ["iam:CreateUser", "iam:TagUser"]),
    (
        "sts",
        "assume_role",
        {"RoleArn": "arn:aws:iam::{account}:role/{role}", "RoleSessionName": "name"},
        ["sts:AssumeRole"],
    ),
    ("sts", "get_caller_identity", {}, []),
    ("kms", "describe_key", {"KeyId": "{key}"}, ["kms:DescribeKey"]),
    ("kms", "encrypt", {"KeyId": "{alias}", "Plaintext": b"x"}, ["kms:Encrypt"]),
    ("kms", "generate_data_key", {"KeyId": "{key}", "KeySpec": "AES_256"}, ["kms:GenerateDataKey"]),
    ("kms", "create_key", {"Tags": [{"TagKey": "a", "TagValue": "b"}]}, ["kms:CreateKey", "kms:TagResource"]),
    ("kms", "list_aliases", {}, ["kms:ListAliases"]),
    ("kms", "create_alias", {"AliasName": "alias/{fresh}", "TargetKeyId": "{key}"}, ["kms:CreateAlias"]),
    ("kms", "schedule_key_deletion", {"KeyId": "{key}"}, ["kms:ScheduleKeyDeletion"]),
    ("logs", "create_log_group", {"logGroupName": "{fresh}"}, ["logs:CreateLogGroup"]),
    ("events", "put_rule", {"Name": "{fresh}", "ScheduleExpression": "rate(1 day)"}, ["events:PutRule"]),
]


def _cases() -> Iterator[Case]:
    for service, operation, parameters, rights in CALLS:
        said = ", ".join(f"{name}={value}" for name, value in parameters.items())
        what = f"{service} {operation}({said})"
        yield Case(
            f"{what} with {', '.join(rights) or 'nothing'}", partial(_attempt, service, operation, parameters, rights)
        )
        for right in rights:
            left = [each for each in rights if each != right]
            code = REFUSED.get(service, "AccessDeniedException")
            if service == "sns" and right.startswith("kms:"):
                code = "KMSAccessDenied"
            yield Case(f"{what} without {right}", partial(_attempt, service, operation, parameters, left), code)


def _attempt(
    service: str, operation: str, parameters: dict[str, Any], rights: list[str], account: Account
) -> Attempt:
    filled = Scene(account).filled(parameters)
    client = account.client(service, account.user(allow(rights) if rights else deny("s3:nothing")))
    return lambda: getattr(client, operation)(**filled)


CASES = list(_cases())
