"""Plans that wait for the deploy of what they are of: in the state's bucket, under the environment's own prefix."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from infra.config import Stack
from ops.doors import aws

ABSENT = frozenset({"NoSuchKey", "404"})


class Kept:
    """One for each tree and release. Who may write the environment's state may write it, and versions stay."""

    def __init__(self, stack: Stack, s3: Any) -> None:
        self._stack, self._s3 = stack, s3
        self._bucket = stack.names.state_bucket(stack.aws.account)

    def put(self, tree: str, release: str, text: bytes) -> str:
        """Keep it in place of one before; its address."""
        with self._told("keep"):
            self._s3.put_object(Bucket=self._bucket, Key=self._key(tree, release), Body=text)
        return f"s3://{self._bucket}/{self._key(tree, release)}"

    def get(self, tree: str, release: str) -> bytes | None:
        """None: nobody has kept one of that."""
        where = {"Bucket": self._bucket, "Key": self._key(tree, release)}
        with self._told("read"):
            found = aws.answer(lambda: self._s3.get_object(**where), unless=ABSENT)
            return bytes(found["Body"].read()) if found else None

    def remove(self, tree: str, release: str) -> None:
        """It is about to be carried out, and is carried out once."""
        with self._told("take"):
            self._s3.delete_object(Bucket=self._bucket, Key=self._key(tree, release))

    def _key(self, tree: str, release: str) -> str:
        names, image = self._stack.names, release.removeprefix("sha256:") or "unreleased"
        return f".pulumi/plans/{names.project}/{names.environment}/{tree}-{image}.json"

    def _told(self, what: str) -> AbstractContextManager[None]:
        return aws.told(f"cannot {what} a plan of {self._stack.environment}")
