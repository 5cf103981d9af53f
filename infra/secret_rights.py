"""What the pipeline may do to the secrets in an environment's vault: pure functions."""

from __future__ import annotations

from infra.config import Stack
from infra.statements import Statement, allow


def backup_key(stack: Stack) -> str:
    """The secret that opens backups, as policies name it."""
    return stack.aws.arn("secretsmanager", f"secret:{stack.names.backup_key}-*")


def deploy(stack: Stack) -> list[Statement]:
    """Deploy with all of them, change the generated ones, make none."""
    return [
        allow(
            "Secret",
            [
                "secretsmanager:DescribeSecret",
                "secretsmanager:GetResourcePolicy",
                "secretsmanager:GetSecretValue",
                "secretsmanager:PutSecretValue",
                "secretsmanager:TagResource",
                "secretsmanager:UpdateSecret",
                "secretsmanager:UpdateSecretVersionStage",
            ],
            stack.aws.arn("secretsmanager", f"secret:{stack.names.secret}-*"),
        ),
        allow(
            "BackupKey",  # that never changes; to make one takes a person
            [
                "secretsmanager:DescribeSecret",
                "secretsmanager:GetResourcePolicy",
                "secretsmanager:GetSecretValue",
                "secretsmanager:TagResource",
            ],
            backup_key(stack),
        ),
        allow(
            "OwnSecrets",  # to deploy with; to set them takes a person
            ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            stack.aws.arn("secretsmanager", f"secret:{stack.names.own_secret()}*"),
        ),
    ]
