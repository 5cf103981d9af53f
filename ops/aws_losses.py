"""What is lost at AWS: a refresh forgets it without a word, and the same `up` makes a new, empty one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from console.errors import ExplainedError
from infra.config import Stack
from ops.bootstrap import clients
from ops.cloud import Cloud
from ops.outputs import resources


@dataclass(frozen=True)
class Loss:
    """One thing, what goes with it, and how to go on."""

    told: str
    name: str = ""
    """By which it is given up; a thing that can still be saved has none."""
    rescue: str = ""


def losses(target: Cloud, stack: Stack) -> list[Loss]:
    """Of what the state knows, all that is gone or on its way out; nothing where neither can be asked."""
    from botocore.exceptions import BotoCoreError, ClientError

    looks = {"aws:s3/bucket:Bucket": _bucket, "aws:kms/key:Key": _key, "aws:secretsmanager/secret:Secret": _secret}
    found: list[Loss] = []
    with suppress(ExplainedError):
        client = clients(target, stack.aws.region)
        for one in resources(target, stack.environment):
            if (look := looks.get(one["type"])) and not one.get("delete"):
                with suppress(BotoCoreError, ClientError):
                    found += look(client, one["id"], f"--region {stack.aws.region}")
    return found


def _bucket(client: Any, name: str, _: str) -> Iterator[Loss]:
    from botocore.exceptions import ClientError

    try:
        client("s3").head_bucket(Bucket=name)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") not in ("404", "NoSuchBucket"):
            raise
        yield Loss(f"the bucket {name}, and with it everything that was in it", name)


def _key(client: Any, key: str, region: str) -> Iterator[Loss]:
    found = client("kms").describe_key(KeyId=key)["KeyMetadata"]
    if found["KeyState"] == "PendingDeletion":
        told = f"the KMS key {key} will be on {found['DeletionDate']:%Y-%m-%d}, and with it all that it encrypted"
        which = f"{region} --key-id {key}"
        yield Loss(told, rescue=f"aws kms cancel-key-deletion {which} && aws kms enable-key {which}")


def _secret(client: Any, arn: str, region: str) -> Iterator[Loss]:
    found = client("secretsmanager").describe_secret(SecretId=arn)
    if found.get("DeletedDate"):
        name = found["Name"]
        yield Loss(
            f"the secret {name} is on its way out, and until it is gone no other can have its name",
            rescue=f"aws secretsmanager restore-secret {region} --secret-id {name}",
        )
