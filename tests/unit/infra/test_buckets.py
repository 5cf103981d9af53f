"""Buckets: private, versioned, encrypted, and how long they keep what."""

from __future__ import annotations

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
        "TlsOnly": {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": ["s3:*"],
            "Resource": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    }


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
        rule["noncurrentVersionExpiration"] == {"noncurrentDays": 7} and rule["status"] == "Enabled"
        for rule in expiry.inputs["rules"][:3]
    )
    assert expiry.inputs["rules"][3:] == [
        {
            "id": "abort-unfinished-uploads",
            "status": "Enabled",
            "filter": {"prefix": ""},
            "abortIncompleteMultipartUpload": {"daysAfterInitiation": 1},
        }
    ]


def test_prods_backups_cannot_be_deleted_for_thirty_days(programs: Programs) -> None:
    """Object Lock, said when the bucket is made, with a default for every backup."""
    prod = programs["prod"]

    assert prod.one("s3/bucket:Bucket", "backups").inputs["objectLockEnabled"] is True
    assert prod.one("BucketObjectLockConfiguration").inputs == {
        "bucket": f"cams-prod-backups-{ACCOUNT}",
        "rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 30}},
    }


@pytest.mark.parametrize("environment", ["dev", "staging"])
def test_no_other_backups_are_locked(programs: Programs, environment: Environment) -> None:
    """And media never: users delete their files."""
    buckets = programs[environment].all("s3/bucket:Bucket")

    assert [bucket.inputs["objectLockEnabled"] for bucket in buckets] == [False, False]
    assert programs["prod"].one("s3/bucket:Bucket", "media").inputs["objectLockEnabled"] is False


def test_only_the_applications_own_pages_upload_media(programs: Programs) -> None:
    """The web service's and the front end's origin, no wildcard."""
    [rule] = programs["staging"].one("BucketCorsConfiguration").inputs["corsRules"]

    assert rule == {
        "allowedOrigins": [
            "https://cams-staging-x7f2.onrender.com",
            "https://cams-staging-frontend-x7f2.onrender.com",
        ],
        "allowedMethods": ["GET", "PUT"],
        "allowedHeaders": ["*"],
        "maxAgeSeconds": 3600,
    }
