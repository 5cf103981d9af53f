"""An environment of the local cloud as somebody sees it who wants something of it: names, ids, things to take."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.names import Names

REGION = "eu-central-1"
TRIED = "tried"  # what everything begins with that is put somewhere here, so that it can be found and taken away
THERE = f"{TRIED}/there"
OPEN_BUCKET = "isolation-open-{}"

_MAKING = Lock()  # boto's session makes one client at a time


@dataclass(frozen=True)
class Endpoint:
    """Where a local AWS answers, and where it does so without TLS."""

    url: str
    plain: str


class Clients:
    """One identity's clients, each made when it is first needed; without keys nobody's."""

    def __init__(self, endpoint: Endpoint, keys: dict[str, str] | None) -> None:
        self._endpoint = endpoint
        self._keys = keys
        self._made: dict[tuple[str, str], Any] = {}

    def __call__(self, service: str) -> Any:
        """The client of a service."""
        return self._client(service, self._endpoint.url)

    def in_the_clear(self, service: str) -> Any:
        """The same without TLS."""
        return self._client(service, self._endpoint.plain)

    def _client(self, service: str, url: str) -> Any:
        if (service, url) not in self._made:
            once = Config(
                retries={"total_max_attempts": 1},
                s3={"addressing_style": "path"},
                read_timeout=20,
                signature_version=None if self._keys else UNSIGNED,
                parameter_validation=False,
            )
            keys = self._keys or {}
            with _MAKING:
                client = boto3.client(  # type: ignore[call-overload] # the stubs know literal names alone
                    service,
                    endpoint_url=url,
                    region_name=REGION,
                    aws_access_key_id=keys.get("AccessKeyId"),
                    aws_secret_access_key=keys.get("SecretAccessKey"),
                    aws_session_token=keys.get("SessionToken"),
                    config=once,
                )
            client.meta.events.register_first("request-created.s3-control", _to_one_host)
            self._made[service, url] = client
        return self._made[service, url]


@dataclass(frozen=True)
class Place:
    """One environment, after its `up`: what calls need to know of it."""

    names: Names
    administrator: Clients

    @property
    def environment(self) -> str:
        """Which."""
        return self.names.environment

    @cached_property
    def key(self) -> str:
        """The ARN of its KMS key."""
        return str(self.administrator("kms").describe_key(KeyId=self.names.key_alias)["KeyMetadata"]["Arn"])

    def described(self, secret: str) -> str:
        """What is written on a secret."""
        return str(self.administrator("secretsmanager").describe_secret(SecretId=secret).get("Description", ""))

    @cached_property
    def ciphertext(self) -> bytes:
        """Something that its key has sealed."""
        sealed: bytes = self.administrator("kms").encrypt(KeyId=self.key, Plaintext=b"sealed")["CiphertextBlob"]
        return sealed

    @cached_property
    def versions(self) -> dict[str, str]:
        """The version of the object that lies in each bucket."""
        return {use: self._put(self.names.bucket(use)) for use in ("backups", "media", "logs")}

    @property
    def own_secret(self) -> str:
        """A secret that a person has put there."""
        return self.names.own_secret(TRIED)

    @cached_property
    def state_key(self) -> str:
        """The ARN of the key of Pulumi's state."""
        return str(self.administrator("kms").describe_key(KeyId=self.names.state_key_alias)["KeyMetadata"]["Arn"])

    @cached_property
    def state_ciphertext(self) -> bytes:
        """Something that this key has sealed."""
        sealed: bytes = self.administrator("kms").encrypt(KeyId=self.state_key, Plaintext=b"sealed")["CiphertextBlob"]
        return sealed

    @property
    def state_bucket(self) -> str:
        """Where Pulumi's state would lie."""
        return self.names.state_bucket(self.names.account)

    @property
    def open_bucket(self) -> str:
        """Somebody's, which lets in all of the account: there only the right to the key counts."""
        return OPEN_BUCKET.format(self.names.account)

    @property
    def sealed(self) -> str:
        """The object there that is sealed with this environment's key."""
        return f"sealed/{self.names.environment}"

    def arn(self, service: str, resource: str) -> str:
        """The address of something in its account."""
        return f"arn:aws:{service}:{REGION}:{self.names.account}:{resource}"

    def furnish(self) -> None:
        """Put something to take everywhere."""
        admin = self.administrator
        _ = self.versions  # which puts an object into each bucket
        with contextlib.suppress(admin("secretsmanager").exceptions.ResourceExistsException):
            admin("secretsmanager").create_secret(Name=self.own_secret, SecretString="{}", KmsKeyId=self.key)
        by_key = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": self.key}
        admin("s3").put_object(Bucket=self.open_bucket, Key=self.sealed, Body=b"x", **by_key)
        self._push()

    def clear(self) -> None:
        """Take away what was put there."""
        admin = self.administrator
        for use in ("backups", "media", "logs"):
            for prefix in (f"{TRIED}/", *(f"{each}/{TRIED}/" for each in ("drills", "drops", "drops/.companion"))):
                sweep(admin, self.names.bucket(use), prefix)
        admin("secretsmanager").delete_secret(SecretId=self.own_secret, ForceDeleteWithoutRecovery=True)
        admin("ecr").batch_delete_image(repositoryName=self.names.repository, imageIds=[{"imageTag": TRIED}])

    def _put(self, bucket: str) -> str:
        return str(
            self.administrator("s3").put_object(Bucket=bucket, Key=THERE, Body=b"there").get("VersionId", "null")
        )

    def _push(self) -> None:
        """The smallest image, so that no repository is empty, which could be deleted."""
        ecr, repository = self.administrator("ecr"), self.names.repository
        layer = b"{}"
        digest = f"sha256:{hashlib.sha256(layer).hexdigest()}"
        upload = ecr.initiate_layer_upload(repositoryName=repository)["uploadId"]
        ecr.upload_layer_part(
            repositoryName=repository, uploadId=upload, partFirstByte=0, partLastByte=1, layerPartBlob=layer
        )
        with contextlib.suppress(ecr.exceptions.LayerAlreadyExistsException):
            ecr.complete_layer_upload(repositoryName=repository, uploadId=upload, layerDigests=[digest])
        kind = "application/vnd.oci.image"
        config = {"mediaType": f"{kind}.config.v1+json", "digest": digest, "size": len(layer)}
        manifest = {"schemaVersion": 2, "mediaType": f"{kind}.manifest.v1+json", "config": config, "layers": []}
        with contextlib.suppress(ecr.exceptions.ImageTagAlreadyExistsException):
            ecr.put_image(repositoryName=repository, imageManifest=json.dumps(manifest), imageTag=TRIED)


def _to_one_host(request: Any, **_: Any) -> None:
    """S3 Control puts the account before the host, which has no such name here."""
    request.url = re.sub(r"//\d{12}\.", "//", request.url)


def open_bucket(administrator: Clients, account: str) -> None:
    """Make the bucket that lets in everybody of the account."""
    s3, name = administrator("s3"), OPEN_BUCKET.format(account)
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    everybody = {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": f"arn:aws:s3:::{name}/*",
        "Condition": {"StringEquals": {"aws:PrincipalAccount": account}},
    }
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [everybody]}))


def sweep(administrator: Clients, bucket: str, prefix: str = "") -> None:
    """Delete every version of what is there, also what is locked."""
    s3 = administrator("s3")
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
        for each in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            version = {"Key": each["Key"], "VersionId": each["VersionId"]}
            with contextlib.suppress(ClientError):
                s3.delete_object(Bucket=bucket, BypassGovernanceRetention=True, **version)
