"""S3 buckets. All else about a bucket is a resource of its own."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from localcloud.plugins.aws import hosted_zones, tags
from localcloud.plugins.aws.errors import absent_is_fine, code, is_absent, or_none
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.checks import Check, length, matches
from localcloud.plugins.fields import Fields, boolean, string
from localcloud.plugins.resource import Resource
from pulumi_plugin.values import Values

_DEFAULT_REGION = "us-east-1"  # the one region that a create must not name
_MINE = ("BucketAlreadyOwnedByYou", "BucketAlreadyExists")

NAME: tuple[Check, ...] = (  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    length(3, 63),
    matches(r"[a-z0-9.-]*", "only lowercase alphanumeric characters, dots and hyphens allowed"),
    matches(r"([a-z0-9](.*[a-z0-9])?)?", "must begin and end with a letter or a number"),
    matches(r"(?!.*\.\.).*", "must not contain two adjacent dots"),
    matches(r"(?!\d+(\.\d+){3}$).*", "must not be formatted as an IP address"),
    matches(r"(?!xn--|sthree-|amzn-s3-demo-).*", "must not begin with a prefix that S3 keeps for itself"),
    matches(
        r"(?!.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$).*", "must not end with a suffix that S3 keeps for itself"
    ),
)


class Bucket(Resource[Aws]):
    """One bucket; its id is its name."""

    type_ = "aws:s3/bucket:Bucket"
    fields: ClassVar[Fields] = {
        "bucket": string(autoname=63, replace=True, valid=NAME),
        "forceDestroy": boolean(default=False, local=True),
        "objectLockEnabled": boolean(computed=True, replace=True),
        **tags.REGION,
        **tags.TAGS,
    }
    outputs = ("arn", "bucketDomainName", "bucketRegion", "bucketRegionalDomainName", "hostedZoneId")
    constants: ClassVar[Mapping[str, Any]] = {
        "bucketPrefix": "",
        "bucketNamespace": "global",
        "requestPayer": "BucketOwner",
        "accelerationStatus": "",
    }

    def complete(self, inputs: Values) -> Values:
        """A made-up name is made to fit: buckets have no capitals."""
        return {**inputs, "bucket": inputs["bucket"].lower()} if "bucket" in inputs["__defaults"] else inputs

    def create(self, cloud: Aws, inputs: Values) -> tuple[str, Values]:
        """One of the same name with exactly these tags is the same bucket."""
        s3, name = cloud.client("s3"), inputs["bucket"]
        wanted: dict[str, Any] = {"Bucket": name}
        if cloud.region != _DEFAULT_REGION:
            wanted["CreateBucketConfiguration"] = {"LocationConstraint": cloud.region}
        if inputs.get("objectLockEnabled"):
            wanted["ObjectLockEnabledForBucket"] = True
        if self._is_a_strangers(cloud, name, inputs):
            s3.create_bucket(**wanted)  # AWS's own error; where it has none, ours
            raise_taken(name)
        try:
            s3.create_bucket(**wanted)
        except Exception as error:
            if code(error) not in _MINE or self._is_a_strangers(cloud, name, inputs):
                raise
        if inputs.get("tagsAll"):
            s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags.as_list(inputs)})
        return name, {}

    def read(self, cloud: Aws, resource_id: str, inputs: Values) -> Values | None:
        """As it is."""
        s3 = cloud.client("s3")
        head = or_none(s3.head_bucket, Bucket=resource_id)
        if head is None:
            return None
        region = head.get("BucketRegion") or cloud.region
        lock = or_none(s3.get_object_lock_configuration, Bucket=resource_id) or {}
        locked = lock.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") == "Enabled"
        return {
            "bucket": resource_id,
            "arn": f"arn:aws:s3:::{resource_id}",
            "bucketDomainName": f"{resource_id}.s3.amazonaws.com",
            "bucketRegion": region,
            "bucketRegionalDomainName": f"{resource_id}.s3.{region}.amazonaws.com",
            "hostedZoneId": hosted_zones.OF_S3.get(region, ""),
            "objectLockEnabled": locked,
            "region": region,
            "tagsAll": self._tags(s3, resource_id),
        }

    def update(self, cloud: Aws, resource_id: str, inputs: Values, changed: AbstractSet[str]) -> None:
        """Only tags can change."""
        if "tagsAll" not in changed:
            return
        s3 = cloud.client("s3")
        if wanted := tags.as_list(inputs):
            s3.put_bucket_tagging(Bucket=resource_id, Tagging={"TagSet": wanted})
        else:
            s3.delete_bucket_tagging(Bucket=resource_id)

    def delete(self, cloud: Aws, resource_id: str, state: Values) -> None:
        """One with objects goes only when `forceDestroy` says so."""
        s3 = cloud.client("s3")
        with absent_is_fine():
            if state.get("forceDestroy"):
                _empty(s3, resource_id, locked=bool(state.get("objectLockEnabled")))
            s3.delete_bucket(Bucket=resource_id)

    def _is_a_strangers(self, cloud: Aws, name: str, inputs: Values) -> bool:
        """Whether a bucket of that name is there that this program did not make."""
        s3 = cloud.client("s3")
        if or_none(s3.head_bucket, Bucket=name) is None:
            return False
        current = self._tags(s3, name)
        half_made = not current and not s3.list_object_versions(Bucket=name, MaxKeys=1).get("Versions")
        return not (half_made or tags.equal(current, inputs))

    @staticmethod
    def _tags(s3: Any, name: str) -> dict[str, str]:
        answer = or_none(s3.get_bucket_tagging, Bucket=name) or {}
        return tags.as_map(answer.get("TagSet", []))


def raise_taken(name: str) -> None:
    """The error of a name that is taken, for regions where AWS itself answers as if the bucket had been made."""
    from localcloud.plugins.resource import PluginError

    raise PluginError(f"CreateBucket: BucketAlreadyOwnedByYou: the bucket {name} is there already, with other tags")


def _empty(s3: Any, bucket: str, *, locked: bool) -> None:
    """Remove every version of every object, also those under a retention that its owner may bypass."""
    bypass = {"BypassGovernanceRetention": True} if locked else {}
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        versions = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in versions]
        if objects:
            answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True}, **bypass)
            for failed in answer.get("Errors", []):
                from localcloud.plugins.resource import PluginError

                raise PluginError(f"cannot empty the bucket {bucket}: {failed['Key']}: {failed['Message']}")
    for upload in s3.list_multipart_uploads(Bucket=bucket).get("Uploads", []):
        try:
            s3.abort_multipart_upload(Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"])
        except Exception as error:
            if not is_absent(error):
                raise
