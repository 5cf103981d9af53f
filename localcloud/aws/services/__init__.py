"""Where moto differs from AWS in what this project uses: one file a service, each with contract tests."""

from __future__ import annotations

import importlib

from localcloud.aws import moto_time

# moto's services with a file here. What the others do is right as it is.
_OURS = ("cloudwatch", "ecr", "iam", "kms", "s3", "secretsmanager", "sns", "ssm", "sts")
_prepared: set[str] = set()

# Refused with a reason: what moto would answer is invented, and what AWS does is not built yet.
NOT_BUILT = {
    ("sts", "AssumeRoleWithSAML"): "the local cloud has no SAML",
    ("sts", "GetFederationToken"): "the local cloud has no federated users: assume a role",
}


def prepare(service: str) -> None:
    """Change what moto does wrong. To be called before the service's state is read and before its first call."""
    if service in _prepared:
        return
    _prepared.add(service)
    if service in _OURS:
        importlib.import_module(f"{__name__}.{service}").install()
    moto_time.follow(service)
