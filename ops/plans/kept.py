"""Plans that wait for the merge of what they are of: in the state's bucket, under the environment's own prefix."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from infra.config import Stack
from ops.doors import aws

ABSENT = frozenset({"NoSuchKey", "404"})


class Kept:
    """One for each tree. Only who may write the environment's state may write here, and versions stay."""

    def __init__(self, stack: Stack, s3: Any) -> None:
        self._stack, self._s3 = stack, s3
        self._bucket = stack.names.state_bucket(stack.aws.account)

    def put(self, tree: str, text: bytes) -> str:
        """Keep it in place of one before; its address."""
        with self._told("keep"):
            self._s3.put_object(Bucket=self._bucket, Key=self._key(tree), Body=text)
        return f"s3://{self._bucket}/{self._key(tree)}"

    def get(self, tree: str) -> bytes | None:
        """None: nobody has kept one of that tree."""
        where = {"Bucket": self._bucket, "Key": self._key(tree)}
        with self._told("read"):
            found = aws.answer(lambda: self._s3.get_object(**where), unless=ABSENT)
            return bytes(found["Body"].read()) if found else None

    def remove(self, tree: str) -> None:
        """It is about to be carried out, and is carried out once."""
        with self._told("take"):
            self._s3.delete_object(Bucket=self._bucket, Key=self._key(tree))

    def _key(self, tree: str) -> str:
        names = self._stack.names
        return f".pulumi/plans/{names.project}/{names.environment}/{tree}.json"

    def _told(self, what: str) -> AbstractContextManager[None]:
        return aws.told(f"cannot {what} a plan of {self._stack.environment}")
