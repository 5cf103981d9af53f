"""What the settings of a bucket share: one call to get, to put and to remove; the id is the bucket's name."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Set
from typing import Any

from localcloud.plugins.aws import tags
from localcloud.plugins.aws.errors import absent_is_fine, or_none
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.fields import Field, string
from localcloud.plugins.resource import Resource
from pulumi_plugin.values import Values

BUCKET: dict[str, Field] = {
    "bucket": string(required=True, replace=True),
    "expectedBucketOwner": string(replace=True, local=True),
    **tags.REGION,
}


class BucketSetting(Resource[Aws]):
    """A bucket has each setting once, so that creating it is setting it."""

    @abstractmethod
    def put(self, s3: Any, bucket: str, inputs: Values) -> None:
        """Set it."""

    @abstractmethod
    def get(self, s3: Any, bucket: str) -> Values | None:
        """The inputs that say what is set, or None."""

    @abstractmethod
    def remove(self, s3: Any, bucket: str) -> None:
        """Back to the bucket's default."""

    def create(self, cloud: Aws, inputs: Values) -> tuple[str, Values]:
        """Set it."""
        self.put(cloud.client("s3"), inputs["bucket"], inputs)
        return inputs["bucket"], {}

    def read(self, cloud: Aws, resource_id: str, inputs: Values) -> Values | None:
        """As it is set."""
        s3 = cloud.client("s3")
        if or_none(s3.head_bucket, Bucket=resource_id) is None:
            return None
        setting = self.get(s3, resource_id)
        return None if setting is None else {"bucket": resource_id, **setting}

    def update(self, cloud: Aws, resource_id: str, inputs: Values, changed: Set[str]) -> None:
        """Set it anew."""
        self.put(cloud.client("s3"), resource_id, inputs)

    def delete(self, cloud: Aws, resource_id: str, state: Values) -> None:
        """Back to the default; a bucket that is gone has no settings."""
        with absent_is_fine():
            self.remove(cloud.client("s3"), resource_id)
