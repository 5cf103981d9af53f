"""Every resource and function of the stand-in for the plugin `aws`."""

from __future__ import annotations

from localcloud.plugins.aws.cloudwatch_alarm import CloudwatchAlarm
from localcloud.plugins.aws.ecr_policies import EcrLifecyclePolicy, EcrRepositoryPolicy
from localcloud.plugins.aws.ecr_repository import EcrRepository
from localcloud.plugins.aws.functions import FUNCTIONS
from localcloud.plugins.aws.iam_access_key import IamAccessKey
from localcloud.plugins.aws.iam_inline_policy import IamRolePolicy, IamUserPolicy
from localcloud.plugins.aws.iam_oidc_provider import IamOidcProvider
from localcloud.plugins.aws.iam_role import IamRole
from localcloud.plugins.aws.iam_user import IamUser
from localcloud.plugins.aws.kms_alias import KmsAlias
from localcloud.plugins.aws.kms_key import KmsKey
from localcloud.plugins.aws.s3_bucket import S3Bucket
from localcloud.plugins.aws.s3_lifecycle import S3BucketLifecycle
from localcloud.plugins.aws.s3_settings import (
    S3BucketCors,
    S3BucketEncryption,
    S3BucketObjectLock,
    S3BucketOwnership,
    S3BucketPolicy,
    S3BucketPublicAccessBlock,
    S3BucketVersioning,
)
from localcloud.plugins.aws.secretsmanager_secret import Secret
from localcloud.plugins.aws.secretsmanager_version import SecretVersion
from localcloud.plugins.aws.session import Aws
from localcloud.plugins.aws.sns_topic import SnsTopic
from localcloud.plugins.aws.ssm_parameter import SsmParameter
from localcloud.plugins.resource import Resource

__all__ = ["FUNCTIONS", "RESOURCES"]

RESOURCES: tuple[type[Resource[Aws]], ...] = (
    CloudwatchAlarm,
    EcrLifecyclePolicy,
    EcrRepository,
    EcrRepositoryPolicy,
    IamAccessKey,
    IamOidcProvider,
    IamRole,
    IamRolePolicy,
    IamUser,
    IamUserPolicy,
    KmsAlias,
    KmsKey,
    S3Bucket,
    S3BucketCors,
    S3BucketEncryption,
    S3BucketLifecycle,
    S3BucketObjectLock,
    S3BucketOwnership,
    S3BucketPolicy,
    S3BucketPublicAccessBlock,
    S3BucketVersioning,
    Secret,
    SecretVersion,
    SnsTopic,
    SsmParameter,
)
