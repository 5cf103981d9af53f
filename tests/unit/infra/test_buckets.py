"""Buckets: private, versioned, encrypted, and how long they keep what."""

from __future__ import annotations

from typing import Any

import pytest

from infra.config import ENVIRONMENTS, Environment
from tests.support.program import ACCOUNT, Programs

KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1"


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize("use", ["backups", "media"])
def test_every_bucket_is_private_versioned_and_encrypted(
    programs: Programs, environment: Environment, use: str
) -> None:
    """The same lock on each, with the environment's key."""
    program, name = programs[environment], f"cams-{environment}-{use}-{ACCOUNT}"

    assert program.one("s3/bucket:Bucket", use).inputs["bucket"] == name
    assert program.one("BucketPublicAccessBlock", f"{use}-private").inputs == {
        "bucket": name,
        "blockPublicAcls": True,
        "blockPublicPolicy": True,
        "ignorePublicAcls": True,
        "restrictPublicBuckets": True,
    }
    assert program.one("BucketVersioning", f"{use}-versions").inputs == {
        "bucket": name,
        "versioningConfiguration": {"status": "Enabled"},
    }
    assert program.one("BucketServerSideEncryptionConfiguration", f"{use}-encryption").inputs == {
        "bucket": name,
        "rules": [
            {
                "applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": KEY},
                "bucketKeyEnabled": True,
            }
        ],
    }
    assert program.one("BucketOwnershipControls", f"{use}-owner").inputs == {
        "bucket": name,
        "rule": {"objectOwnership": "BucketOwnerEnforced"},
    }
    assert program.policy("BucketPolicy", f"{use}-policy") == {
        "TlsOnly": tls_only(name),
        "OwnKeyOnly": {
            **refused("OwnKeyOnly", name),
            "Condition": {
                "Null": {"s3:x-amz-server-side-encryption": "false"},
                "StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": KEY},
            },
        },
        "NoKeyOfClients": {
            **refused("NoKeyOfClients", name),
            "Condition": {"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": "false"}},
        },
    }


def refused(sid: str, bucket: str) -> dict[str, Any]:
    """What nobody may put, without its condition."""
    deny = {"Effect": "Deny", "Principal": "*", "Action": ["s3:PutObject"]}
    return {"Sid": sid, **deny, "Resource": [f"arn:aws:s3:::{bucket}/*"]}


def tls_only(bucket: str) -> dict[str, Any]:
    """That nobody comes in the clear."""
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:*"],
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_who_came_for_a_backup_is_written_down(programs: Programs, environment: Environment) -> None:
    """By S3 itself, in a bucket that takes nothing from anybody else."""
    program, name = programs[environment], f"cams-{environment}-logs-{ACCOUNT}"

    assert program.one("BucketLogging").inputs == {
        "bucket": f"cams-{environment}-backups-{ACCOUNT}",
        "targetBucket": name,
        "targetPrefix": "backups/",
    }
    assert program.policy("BucketPolicy", "backups-access-policy") == {
        "TlsOnly": tls_only(name),
        "Delivery": {
            "Sid": "Delivery",
            "Effect": "Allow",
            "Principal": {"Service": "logging.s3.amazonaws.com"},
            "Action": ["s3:PutObject"],
            "Resource": f"arn:aws:s3:::{name}/*",
            "Condition": {
                "ArnLike": {"aws:SourceArn": f"arn:aws:s3:::cams-{environment}-backups-{ACCOUNT}"},
                "StringEquals": {"aws:SourceAccount": ACCOUNT},
            },
        },
    }
    [rule] = program.one("BucketLifecycleConfiguration", "backups-access-expiry").inputs["rules"]
    assert rule["expiration"] == {"days": 400}


def test_backups_are_forgotten_by_their_class(programs: Programs) -> None:
    """14 days, 4 weeks, 2 months: what Pulumi.staging.yaml says, in days and by prefix."""
    expiry = programs["staging"].one("BucketLifecycleConfiguration", "backups-expiry")

    assert [
        (rule["id"], rule["filter"]["prefix"], rule["expiration"]["days"]) for rule in expiry.inputs["rules"][:3]
    ] == [
        ("expire-daily", "daily/", 14),
        ("expire-weekly", "weekly/", 28),
        ("expire-monthly", "monthly/", 62),
    ]
    assert all(
        rule["noncurrentVersionExpiration"] == {"noncurrentDays": rule["expiration"]["days"]}
        and rule["status"] == "Enabled"
        for rule in expiry.inputs["rules"][:3]
    )
    assert expiry.inputs["rules"][3:] == [
        {
            "id": "expire-replaced-media",
            "status": "Enabled",
            "filter": {"prefix": "media/"},
            "noncurrentVersionExpiration": {"noncurrentDays": 62},
        },
        *(
            {
                "id": f"expire-{what}",
                "status": "Enabled",
                "filter": {"prefix": f"{what}/"},
                "expiration": {"days": 62},
                "noncurrentVersionExpiration": {"noncurrentDays": 62},
            }
            for what in ("drills", "failed")
        ),
        {
            "id": "expire-drops",
            "status": "Enabled",
            "filter": {"prefix": "drops/"},
            "expiration": {"days": 14},
            "noncurrentVersionExpiration": {"noncurrentDays": 1},
        },
        {
            "id": "abort-unfinished-uploads",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "abortIncompleteMultipartUpload": {"daysAfterInitiation": 1},
        },
    ]


def test_no_backup_of_prod_can_be_deleted_before_the_longest_kept_is_forgotten(programs: Programs) -> None:
    """Object Lock with a default for every backup, and nothing about it that would replace the bucket."""
    prod = programs["prod"]

    assert prod.one("BucketObjectLockConfiguration").inputs == {
        "bucket": f"cams-prod-backups-{ACCOUNT}",
        "rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 372}},
    }


@pytest.mark.parametrize("environment", ["dev", "staging"])
def test_no_other_backups_are_locked(programs: Programs, environment: Environment) -> None:
    """And media never: users delete their files."""
    assert programs[environment].all("BucketObjectLockConfiguration") == []
    [locked] = programs["prod"].all("BucketObjectLockConfiguration")
    assert locked.inputs["bucket"] == f"cams-prod-backups-{ACCOUNT}"


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_whether_a_bucket_is_locked_never_replaces_it(programs: Programs, environment: Environment) -> None:
    """The plugin replaces a bucket whose `objectLockEnabled` changes; a lock may come at any time."""
    assert all("objectLockEnabled" not in one.inputs for one in programs[environment].all("s3/bucket:Bucket"))


def test_only_the_applications_own_pages_upload_media(programs: Programs) -> None:
    """The web service's origin, which is also that of the pages; no wildcard."""
    [rule] = programs["staging"].one("BucketCorsConfiguration").inputs["corsRules"]

    assert rule == {
        "allowedOrigins": ["https://cams-staging-x7f2.onrender.com"],
        "allowedMethods": ["GET", "PUT"],
        "allowedHeaders": ["*"],
        "maxAgeSeconds": 3600,
    }
