"""The registry and ECR: digests, tags that do not move, what is still needed, what was never there."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import requests

from bench.aws_truth.account import Account
from bench.aws_truth.case import Attempt, Case

OCI = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
EMPTY = {"mediaType": "application/vnd.oci.empty.v1+json", "digest": "", "size": 2}
ABSENT = "sha256:" + "1" * 64


class Repository:
    """A new repository, and a client that is logged in to it."""

    def __init__(self, account: Account, **options: Any) -> None:
        self.ecr, self.name = account.admin("ecr"), account.name("repository")
        self.ecr.create_repository(repositoryName=self.name, **options)
        [login] = self.ecr.get_authorization_token()["authorizationData"]
        self.url = login["proxyEndpoint"]
        self.login = tuple(base64.b64decode(login["authorizationToken"]).decode().split(":", 1))

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        """A request below the repository's address."""
        auth = options.pop("auth", self.login)
        return requests.request(method, f"{self.url}/v2/{self.name}/{path}", auth=auth, timeout=20, **options)

    def blob(self, content: bytes) -> str:
        """Push a blob; gives its digest."""
        name = digest(content)
        self.send("POST", "blobs/uploads/", params={"digest": name}, data=content)
        return name

    def put(self, reference: str, manifest: bytes, media_type: str = OCI) -> requests.Response:
        """Push a manifest."""
        return self.send("PUT", f"manifests/{reference}", data=manifest, headers={"Content-Type": media_type})

    def image(self, tag: str, layer: bytes = b"layer") -> bytes:
        """Push an image of one layer; gives its manifest."""
        self.blob(b"{}")
        self.blob(layer)
        self.put(tag, manifest(layer))
        return manifest(layer)


def digest(content: bytes) -> str:
    """The name of these bytes."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def manifest(layer: bytes) -> bytes:
    """An image of one layer."""
    parts = [{**EMPTY, "digest": digest(layer), "size": len(layer)}]
    config = {**EMPTY, "digest": digest(b"{}")}
    return json.dumps({"schemaVersion": 2, "mediaType": OCI, "config": config, "layers": parts}).encode()


def case(says: str, attempt: Callable[[Repository], Any], code: str | None = None, **options: Any) -> Case:
    """A case with a repository of its own."""

    def prepare(account: Account) -> Attempt:
        repository = Repository(account, **options)
        repository.image("v1")
        return lambda: attempt(repository)

    return Case(says, prepare, code)


def _delete_needed(repository: Repository) -> requests.Response:
    content = repository.image("v1")
    part = {"mediaType": OCI, "digest": digest(content), "size": len(content)}
    index = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [part]}).encode()
    repository.put("all", index, INDEX)
    return repository.send("DELETE", f"manifests/{digest(content)}")


def _mount_by_default(repository: Repository) -> requests.Response:
    asked = {"mount": digest(b"layer"), "from": repository.name}
    answer = repository.send("POST", "blobs/uploads/", params=asked)
    answer.status_code = answer.status_code if answer.status_code == 202 else 500
    return answer


CASES = [
    case("an image is pulled by its tag", lambda r: r.send("GET", "manifests/v1")),
    case("an image is pulled by its digest", lambda r: r.send("GET", f"manifests/{digest(manifest(b'layer'))}")),
    case("a pull without a password", lambda r: r.send("GET", "manifests/v1", auth=None), "UNAUTHORIZED"),
    case("a pull with an invented password", lambda r: r.send("GET", "manifests/v1", auth=("AWS", "x.y")), "DENIED"),
    case("a tag that is not there", lambda r: r.send("GET", "manifests/v2"), "MANIFEST_UNKNOWN"),
    case("a blob that is not there", lambda r: r.send("GET", f"blobs/{ABSENT}"), "BLOB_UNKNOWN"),
    case("a part of a blob", lambda r: r.send("GET", f"blobs/{digest(b'layer')}", headers={"Range": "bytes=1-2"})),
    case(
        "a part beyond a blob",
        lambda r: r.send("GET", f"blobs/{digest(b'layer')}", headers={"Range": "bytes=9-"}),
        "BLOB_UPLOAD_INVALID",
    ),
    case(
        "a blob under another's digest",
        lambda r: r.send("POST", "blobs/uploads/", params={"digest": ABSENT}, data=b"x"),
        "DIGEST_INVALID",
    ),
    case("a manifest under another's digest", lambda r: r.put(ABSENT, manifest(b"layer")), "DIGEST_INVALID"),
    case("a manifest whose layer is missing", lambda r: r.put("v2", manifest(b"absent")), "MANIFEST_BLOB_UNKNOWN"),
    case("a manifest that is no JSON", lambda r: r.put("v2", b"no"), "MANIFEST_INVALID"),
    case(
        "a manifest of another type than said",
        lambda r: r.put("v2", manifest(b"layer"), INDEX),
        "MANIFEST_INVALID",
    ),
    case("a tag that is none", lambda r: r.put(".v2", manifest(b"layer")), "TAG_INVALID"),
    case(
        "an immutable tag is moved",
        lambda r: (r.image("v2", b"other"), r.put("v1", manifest(b"other")))[1],
        "TAG_INVALID",
        imageTagMutability="IMMUTABLE",
    ),
    case("a mutable tag is moved", lambda r: (r.image("v2", b"other"), r.put("v1", manifest(b"other")))[1]),
    case("an image is deleted by its tag", lambda r: r.send("DELETE", "manifests/v1")),
    case("an absent image is deleted", lambda r: r.send("DELETE", f"manifests/{ABSENT}"), "MANIFEST_UNKNOWN"),
    case("an image that an index needs is deleted", _delete_needed, "DENIED"),
    case("what hangs on an image", lambda r: r.send("GET", f"referrers/{ABSENT}")),
    case("what hangs on a tag", lambda r: r.send("GET", "referrers/v1"), "DIGEST_INVALID"),
    case("a mount that the account has not allowed becomes an upload", _mount_by_default),
    case(
        "findings of a scan that never was",
        lambda r: r.ecr.describe_image_scan_findings(repositoryName=r.name, imageId={"imageTag": "v1"}),
        "ScanNotFoundException",
    ),
    case(
        "a scan of an image that is not there",
        lambda r: r.ecr.start_image_scan(repositoryName=r.name, imageId={"imageTag": "v9"}),
        "ImageNotFoundException",
    ),
    case(
        "an account setting that ECR lacks",
        lambda r: r.ecr.put_account_setting(name="NONE", value="x"),
        "InvalidParameterException",
    ),
    case(
        "a repository's name is taken",
        lambda r: r.ecr.create_repository(repositoryName=r.name),
        "RepositoryAlreadyExistsException",
    ),
    case(
        "a repository with images is deleted",
        lambda r: r.ecr.delete_repository(repositoryName=r.name),
        "RepositoryNotEmptyException",
    ),
    case(
        "a repository with images is deleted by force",
        lambda r: r.ecr.delete_repository(repositoryName=r.name, force=True),
    ),
    case(
        "an image through ECR whose layer is missing",
        lambda r: r.ecr.put_image(
            repositoryName=r.name,
            imageTag="v2",
            imageManifest=manifest(b"absent").decode(),
            imageManifestMediaType=OCI,
        ),
        "LayersNotFoundException",
    ),
    case(
        "an image through ECR under a wrong digest",
        lambda r: r.ecr.put_image(
            repositoryName=r.name, imageManifest=manifest(b"layer").decode(), imageDigest=ABSENT, imageTag="v2"
        ),
        "ImageDigestDoesNotMatchException",
    ),
]
