"""What is lost at AWS: a refresh forgets it without a word, and the same `up` makes a new, empty one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from console.errors import ExplainedError
from ops.doors import aws
from ops.doors.aws import Clients
from ops.losses.loss import Loss


def lost_at_aws(resources: Iterable[dict[str, Any]], clients: Clients, region: str) -> list[Loss]:
    """Of what the state knows, all that is gone or on its way out; nothing of what may not be looked at."""
    looks = {"aws:s3/bucket:Bucket": _bucket, "aws:kms/key:Key": _key, "aws:secretsmanager/secret:Secret": _secret}
    lost: list[Loss] = []
    for one in resources:
        if (look := looks.get(one["type"])) and not one.get("delete"):
            with suppress(ExplainedError), aws.told(f"cannot look at {one['id']}"):
                lost += look(clients, one["id"], f"--region {region}")
    return lost


def _bucket(clients: Clients, name: str, _: str) -> Iterator[Loss]:
    if aws.answer(lambda: clients("s3").head_bucket(Bucket=name), unless=("404", "NoSuchBucket")) is None:
        yield Loss(f"the bucket {name}, and with it everything that was in it", name)


def _key(clients: Clients, key: str, region: str) -> Iterator[Loss]:
    known = clients("kms").describe_key(KeyId=key)["KeyMetadata"]
    if known["KeyState"] == "PendingDeletion":
        told = f"the KMS key {key} will be on {known['DeletionDate']:%Y-%m-%d}, and with it all that it encrypted"
        which = f"{region} --key-id {key}"
        yield Loss(told, rescue=f"aws kms cancel-key-deletion {which} && aws kms enable-key {which}")


def _secret(clients: Clients, arn: str, region: str) -> Iterator[Loss]:
    known = clients("secretsmanager").describe_secret(SecretId=arn)
    if known.get("DeletedDate"):
        name = known["Name"]
        yield Loss(
            f"the secret {name} is on its way out, and until it is gone no other can have its name",
            rescue=f"aws secretsmanager restore-secret {region} --secret-id {name}",
        )
