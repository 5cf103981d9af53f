"""What hangs on an image, what is deleted, parts of a blob, scans: the registry's and ECR's sides of each."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from tests.contract.aws.test_registry import INDEX, OCI, Client, digest_of, error, image, repository
from tests.support.aws_daemon import Aws, refused

SBOM, SIGNATURE = "application/spdx+json", "application/vnd.dev.cosign.artifact.sig.v1+json"


@pytest.fixture
def client(aws: Aws) -> Client:
    """Logged in as the local user."""
    return Client(aws)


@pytest.fixture
def name(aws: Aws) -> str:
    """A new repository."""
    return repository(aws, f"artifacts/{uuid4().hex[:8]}")


def attach(client: Client, name: str, subject: str, kind: str, body: bytes) -> str:
    """Push an artifact that hangs on an image; gives its digest."""
    whole = json.loads(image(body)) | {
        "artifactType": kind,
        "annotations": {"made.by": "test"},
        "subject": {"mediaType": OCI, "digest": subject, "size": 1},
    }
    for blob in (b"{}", body):
        client.push_blob(name, blob)
    content = json.dumps(whole).encode()
    answer = client.put(name, digest_of(content), content)
    assert (answer.status_code, answer.headers["OCI-Subject"]) == (201, subject)
    return digest_of(content)


def test_what_hangs_on_an_image_is_found(aws: Aws, client: Client, name: str) -> None:
    """Through the referrers' address and through ECR, all of it or one type, with its annotations."""
    subject, _ = client.push_image(name, "v1", b"layer")
    sbom = attach(client, name, subject, SBOM, b"sbom")
    signature = attach(client, name, subject, SIGNATURE, b"signature")

    every = client("GET", f"/v2/{name}/referrers/{subject}")
    one = client("GET", f"/v2/{name}/referrers/{subject}", params={"artifactType": SBOM})
    told = aws.client("ecr").list_image_referrers(repositoryName=name, subjectId={"imageDigest": subject})
    page = aws.client("ecr").list_image_referrers(
        repositoryName=name, subjectId={"imageDigest": subject}, filter={"artifactTypes": [SIGNATURE]}
    )

    assert every.headers["content-type"] == INDEX
    assert [each["digest"] for each in every.json()["manifests"]] == [sbom, signature]
    assert [each["annotations"] for each in every.json()["manifests"]] == [{"made.by": "test"}] * 2
    assert one.headers["OCI-Filters-Applied"] == "artifactType"
    assert [each["artifactType"] for each in one.json()["manifests"]] == [SBOM]
    assert [(each["digest"], each["artifactStatus"]) for each in told["referrers"]] == [
        (sbom, "ACTIVE"),
        (signature, "ACTIVE"),
    ]
    assert [each["artifactType"] for each in page["referrers"]] == [SIGNATURE]


def test_nothing_hangs_on_what_is_not_there(client: Client, name: str) -> None:
    """The answer is an empty index; what is no digest is refused."""
    nothing = client("GET", f"/v2/{name}/referrers/sha256:{'0' * 64}")

    assert (nothing.status_code, nothing.json()["manifests"]) == (200, [])
    assert error(client("GET", f"/v2/{name}/referrers/latest")) == (400, "DIGEST_INVALID")


def test_referrers_in_pages(aws: Aws, client: Client, name: str) -> None:
    """`maxResults` and `nextToken` go through them once."""
    subject, _ = client.push_image(name, "v1", b"layer")
    there = [attach(client, name, subject, SBOM, f"sbom {number}".encode()) for number in range(3)]

    first = aws.client("ecr").list_image_referrers(
        repositoryName=name, subjectId={"imageDigest": subject}, maxResults=2
    )
    second = aws.client("ecr").list_image_referrers(
        repositoryName=name, subjectId={"imageDigest": subject}, maxResults=2, nextToken=first["nextToken"]
    )

    assert [each["digest"] for each in first["referrers"] + second["referrers"]] == there
    assert "nextToken" not in second


def test_a_manifest_is_deleted(aws: Aws, client: Client, name: str) -> None:
    """A tag alone while others are left, the image by its digest with all tags; then it is unknown."""
    digest, content = client.push_image(name, "v1", b"layer")
    client.put(name, "v2", content)

    assert client("DELETE", f"/v2/{name}/manifests/v1").status_code == 202
    assert client("GET", f"/v2/{name}/tags/list").json()["tags"] == ["v2"]
    assert client("DELETE", f"/v2/{name}/manifests/{digest}").status_code == 202
    assert aws.client("ecr").list_images(repositoryName=name)["imageIds"] == []
    assert error(client("DELETE", f"/v2/{name}/manifests/{digest}")) == (404, "MANIFEST_UNKNOWN")


def test_an_image_that_an_index_needs_stays(aws: Aws, client: Client, name: str) -> None:
    """ECR says which index; with the index gone the image can go."""
    digest, content = client.push_image(name, "v1", b"layer")
    part = {"mediaType": OCI, "digest": digest, "size": len(content)}
    index = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [part]}).encode()
    client.put(name, "all", index, INDEX)
    ecr = aws.client("ecr")

    kept = ecr.batch_delete_image(repositoryName=name, imageIds=[{"imageDigest": digest}])
    assert [(each["failureCode"], each["failureReason"]) for each in kept["failures"]] == [
        ("ImageReferencedByManifestList", f"Requested image referenced by manifest list: [{digest_of(index)}]")
    ]
    assert error(client("DELETE", f"/v2/{name}/manifests/{digest}")) == (403, "DENIED")
    gone = ecr.batch_delete_image(
        repositoryName=name, imageIds=[{"imageTag": "all"}, {"imageDigest": digest}, {"imageTag": "none"}]
    )
    assert [each["imageTag"] for each in gone["imageIds"]] == ["all", "v1"]
    assert [each["failureCode"] for each in gone["failures"]] == ["ImageNotFound"]


@pytest.mark.parametrize(
    ("asked", "part", "told"),
    [
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-2", b"89", "bytes 8-9/10"),
    ],
)
def test_a_part_of_a_blob(client: Client, name: str, asked: str, part: bytes, told: str) -> None:
    """A pull that was cut goes on where it ended."""
    digest = client.push_blob(name, b"0123456789")

    answer = client("GET", f"/v2/{name}/blobs/{digest}", headers={"Range": asked})

    assert (answer.status_code, answer.content, answer.headers["Content-Range"]) == (206, part, told)
    assert answer.headers["Content-Length"] == str(len(part))


def test_a_part_beyond_the_blob(client: Client, name: str) -> None:
    """It is 416, and the connection goes on."""
    digest = client.push_blob(name, b"0123456789")

    assert client("GET", f"/v2/{name}/blobs/{digest}", headers={"Range": "bytes=10-"}).status_code == 416


def test_a_scan_says_that_nothing_was_scanned(aws: Aws, client: Client, name: str) -> None:
    """No finding is invented; a scan never asked for does not exist; a second within a day is refused."""
    ecr = aws.client("ecr")
    client.push_image(name, "v1", b"layer")
    asked = {"repositoryName": name, "imageId": {"imageTag": "v1"}}

    refused("ScanNotFoundException", ecr.describe_image_scan_findings, **asked)
    ecr.start_image_scan(**asked)
    told = ecr.describe_image_scan_findings(**asked)

    assert told["imageScanStatus"]["status"] == "UNSUPPORTED_IMAGE"
    assert "nothing was scanned" in told["imageScanStatus"]["description"]
    assert "imageScanFindings" not in told
    refused("LimitExceededException", ecr.start_image_scan, **asked)


def test_a_repository_that_scans_on_push_tells_it_of_each_image(aws: Aws, client: Client) -> None:
    """The status is there right after the push."""
    name = repository(aws, f"scanned/{uuid4().hex[:8]}", imageScanningConfiguration={"scanOnPush": True})
    client.push_image(name, "v1", b"layer")

    [detail] = aws.client("ecr").describe_images(repositoryName=name)["imageDetails"]

    assert detail["imageScanStatus"]["status"] == "UNSUPPORTED_IMAGE"


@pytest.mark.parametrize(("setting", "value"), [("BLOB_MOUNTING", "ON"), ("NO_SUCH", "ENABLED")])
def test_account_settings_have_their_values(aws: Aws, setting: str, value: str) -> None:
    """An unknown name or value is refused."""
    refused("InvalidParameterException", aws.client("ecr").put_account_setting, name=setting, value=value)
