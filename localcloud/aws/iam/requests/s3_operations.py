"""S3's operations by the actions that they ask for; the names differ more often than not.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

from __future__ import annotations

from fnmatch import fnmatchcase

# On the bucket. What is not here is named as its action.
BUCKET = {
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketLifecycle": "GetLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "PutBucketCors": "PutBucketCORS",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketLifecycle": "PutLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutBucketReplication": "PutReplicationConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    **{
        f"{verb}Bucket{what}Configuration{plural}": f"{right}{what}Configuration"
        for what in ("Analytics", "IntelligentTiering", "Inventory", "Metrics")
        for verb, plural, right in (
            ("Get", "", "Get"),
            ("List", "s", "Get"),
            ("Put", "", "Put"),
            ("Delete", "", "Put"),
        )
    },
}
# On an object, and what the same is called of one of its versions.
OBJECT = {
    "AbortMultipartUpload": ("AbortMultipartUpload", "AbortMultipartUpload"),
    "CompleteMultipartUpload": ("PutObject", "PutObject"),
    "CopyObject": ("PutObject", "PutObject"),
    "CreateMultipartUpload": ("PutObject", "PutObject"),
    "DeleteObject": ("DeleteObject", "DeleteObjectVersion"),
    "DeleteObjectTagging": ("DeleteObjectTagging", "DeleteObjectVersionTagging"),
    "GetObject": ("GetObject", "GetObjectVersion"),
    "GetObjectAcl": ("GetObjectAcl", "GetObjectVersionAcl"),
    "GetObjectAttributes": ("GetObjectAttributes", "GetObjectVersionAttributes"),
    "GetObjectLegalHold": ("GetObjectLegalHold", "GetObjectLegalHold"),
    "GetObjectRetention": ("GetObjectRetention", "GetObjectRetention"),
    "GetObjectTagging": ("GetObjectTagging", "GetObjectVersionTagging"),
    "GetObjectTorrent": ("GetObjectTorrent", "GetObjectVersionTorrent"),
    "HeadObject": ("GetObject", "GetObjectVersion"),
    "ListParts": ("ListMultipartUploadParts", "ListMultipartUploadParts"),
    "PostObject": ("PutObject", "PutObject"),
    "PutObject": ("PutObject", "PutObject"),
    "PutObjectAcl": ("PutObjectAcl", "PutObjectVersionAcl"),
    "PutObjectLegalHold": ("PutObjectLegalHold", "PutObjectLegalHold"),
    "PutObjectRetention": ("PutObjectRetention", "PutObjectRetention"),
    "PutObjectTagging": ("PutObjectTagging", "PutObjectVersionTagging"),
    "RenameObject": ("PutObject", "PutObject"),
    "RestoreObject": ("RestoreObject", "RestoreObject"),
    "SelectObjectContent": ("GetObject", "GetObject"),
    "UploadPart": ("PutObject", "PutObject"),
    "UploadPartCopy": ("PutObject", "PutObject"),
}
WRITES = ("CopyObject", "CreateMultipartUpload", "PostObject", "PutObject")  # those whose headers say more
READS = ("GetObject", "HeadObject", "GetObjectAttributes", "SelectObjectContent")
# What a policy may name: of objects, and of buckets.
OBJECT_ACTIONS = frozenset(name for names in OBJECT.values() for name in names) | {
    "BypassGovernanceRetention",
    "ObjectOwnerOverrideToBucketOwner",
    "InitiateReplication",
    "ReplicateDelete",
    "ReplicateObject",
    "ReplicateTags",
    "UpdateObjectEncryption",
}
BUCKET_ACTIONS = frozenset(BUCKET.values()) | {
    "CreateBucket",
    "CreateBucketMetadataTableConfiguration",
    "DeleteBucket",
    "DeleteBucketPolicy",
    "DeleteBucketWebsite",
    "GetBucketAcl",
    "GetBucketLocation",
    "GetBucketLogging",
    "GetBucketOwnershipControls",
    "GetBucketPolicy",
    "GetBucketPolicyStatus",
    "GetBucketRequestPayment",
    "GetBucketTagging",
    "GetBucketVersioning",
    "GetBucketWebsite",
    "ListTagsForResource",
    "PutBucketAcl",
    "PutBucketLogging",
    "PutBucketPolicy",
    "PutBucketRequestPayment",
    "PutBucketTagging",
    "PutBucketVersioning",
    "PutBucketWebsite",
    "TagResource",
    "UntagResource",
}


def named(pattern: str, actions: frozenset[str]) -> bool:
    """Whether a pattern of a policy names one of these actions."""
    wanted = pattern.lower().removeprefix("s3:")
    return any(fnmatchcase(action.lower(), wanted) for action in actions)
