"""What is different in prod: nobody deletes a backup before its time."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.support.jobs import Jobs
from tests.support.world import World


def test_no_backup_of_prod_is_deleted_before_its_lock_ends(world: World) -> None:
    """Its job's backup is locked for 372 days, for the administrator, too; a deletion leaves the version that was."""
    jobs = Jobs(world.have("prod"))
    jobs.run("backup")
    [key] = jobs.wait_for(jobs.manifests, "the backup of prod has landed")
    s3, where = world.aws("s3"), {"Bucket": jobs.stack.names.bucket("backups"), "Key": key}
    [version] = s3.list_object_versions(Bucket=where["Bucket"], Prefix=key)["Versions"]

    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(**where, VersionId=version["VersionId"])

    lock = s3.get_object_retention(**where)["Retention"]
    assert lock["Mode"] == "GOVERNANCE"
    assert (lock["RetainUntilDate"] - version["LastModified"]).days in (371, 372)
