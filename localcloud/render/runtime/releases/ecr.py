"""Exchanges AWS keys for the password of an ECR registry, as Render does for AWS_ECR credentials."""

from __future__ import annotations

import base64
import os
import re

from localcloud.render.runtime.failures import RuntimeFailure
from localcloud.render.runtime.values import Credential


def login(credential: Credential, host: str) -> tuple[str, str]:
    """User and password for the registry at `host`."""
    import boto3  # here: it is a fifth of what the daemon would load before it answers
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    match = re.match(r"\d+\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com", host)
    region = match[1] if match else os.environ.get("AWS_REGION", "eu-central-1")
    client = boto3.client(
        "ecr",
        region_name=region,
        endpoint_url=os.environ.get("AWS_ENDPOINT_URL"),
        aws_access_key_id=credential.username,
        aws_secret_access_key=credential.token,
        config=Config(connect_timeout=5, read_timeout=20, retries={"max_attempts": 3}),
    )
    try:
        token = client.get_authorization_token()["authorizationData"][0]["authorizationToken"]
    except (BotoCoreError, ClientError) as error:
        raise RuntimeFailure(f"cannot log in to the registry {host} with the AWS_ECR credential: {error}") from error
    user, _, password = base64.b64decode(token).decode().partition(":")
    return user, password
