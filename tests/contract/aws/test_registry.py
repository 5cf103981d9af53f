"""The registry speaks the distribution API, as ECR does; long because the steps of a protocol build on each other."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from tests.support.aws_daemon import Aws, running

OCI = "application/vnd.oci.image.manifest.v1+json"
DOCKER = "application/vnd.docker.distribution.manifest.v2+json"
INDEX = "application/vnd.oci.image.index.v1+json"


def digest_of(content: bytes) -> str:
    """The name of a blob."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


class Client:
    """A registry client, logged in as `docker login` does it."""

    def __init__(self, aws: Aws, key: dict[str, str] | None = None) -> None:
        [data] = aws.client("ecr", key).get_authorization_token()["authorizationData"]
        self.endpoint = data["proxyEndpoint"]
        self.login = tuple(base64.b64decode(data["authorizationToken"]).decode().split(":", 1))

    def __call__(self, method: str, path: str, **options: Any) -> requests.Response:
        url = path if path.startswith("http") else self.endpoint + path
        return requests.request(method, url, auth=options.pop("auth", self.login), timeout=10, **options)

    def push_blob(self, name: str, content: bytes) -> str:
        """Upload a blob whole."""
        digest = digest_of(content)
        started = self("POST", f"/v2/{name}/blobs/uploads/")
        assert started.status_code == 202
        done = self("PUT", started.headers["Location"], params={"digest": digest}, data=content)
        assert (done.status_code, done.headers["Docker-Content-Digest"]) == (201, digest)
        return digest

    def push_image(self, name: str, tag: str, layer: bytes, media_type: str = OCI) -> tuple[str, bytes]:
        """Upload an image of one layer."""
        manifest = image(layer, media_type)
        self.push_blob(name, b"{}")
        self.push_blob(name, layer)
        answer = self.put(name, tag, manifest, media_type)
        assert (answer.status_code, answer.text) == (201, "")
        return answer.headers["Docker-Content-Digest"], manifest

    def put(self, name: str, reference: str, manifest: bytes, media_type: str = OCI) -> requests.Response:
        """Upload a manifest."""
        return self("PUT", f"/v2/{name}/manifests/{reference}", data=manifest, headers={"Content-Type": media_type})


def image(layer: bytes, media_type: str = OCI) -> bytes:
    """A manifest of one layer and an empty configuration."""
    config = {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest_of(b"{}"), "size": 2}
    part = {
        "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
        "digest": digest_of(layer),
        "size": len(layer),
    }
    return json.dumps({"schemaVersion": 2, "mediaType": media_type, "config": config, "layers": [part]}).encode()


def error(answer: requests.Response) -> tuple[int, str]:
    """The status and code of a refusal."""
    return answer.status_code, answer.json()["errors"][0]["code"]


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """One daemon for the file; each test has a repository of its own."""
    with running(tmp_path_factory.mktemp("aws")) as daemon:
        yield daemon


@pytest.fixture
def client(aws: Aws) -> Client:
    """Logged in as the local user."""
    return Client(aws)


def repository(aws: Aws, name: str, **options: Any) -> str:
    """A new repository."""
    aws.client("ecr").create_repository(repositoryName=name, **options)
    return name


def test_the_address_is_this_machines(aws: Aws, client: Client) -> None:
    """The token's endpoint and the repository's URI name the same host and port."""
    uri = aws.client("ecr").create_repository(repositoryName="address/of")["repository"]["repositoryUri"]

    assert client.endpoint == aws.registry == f"http://{uri.partition('/')[0]}"
    assert client("GET", "/v2/").status_code == 200


def test_nobody_gets_in_without_a_token(aws: Aws, client: Client) -> None:
    """None, an invented one, a changed one, and that of a deleted key; the answer says how to log in."""
    iam = aws.client("iam")
    iam.create_user(UserName="short")
    may = '{"Effect":"Allow","Action":"ecr:GetAuthorizationToken","Resource":"*"}'
    document = f'{{"Version":"2012-10-17","Statement":[{may}]}}'
    iam.put_user_policy(UserName="short", PolicyName="log-in", PolicyDocument=document)
    key = iam.create_access_key(UserName="short")["AccessKey"]
    short = Client(aws, key)
    user, token = client.login

    assert short("GET", "/v2/").status_code == 200
    iam.delete_access_key(UserName="short", AccessKeyId=key["AccessKeyId"])

    anonymous = requests.get(f"{aws.registry}/v2/", timeout=5)
    assert error(anonymous) == (401, "UNAUTHORIZED")
    assert anonymous.headers["WWW-Authenticate"].startswith("Basic ")
    changed = token[:10] + ("A" if token[10] != "A" else "B") + token[11:]
    for login in ((user, "123456789012-auth-token"), (user, changed), ("root", token), (user, ""), short.login):
        answer = client("GET", "/v2/", auth=login)
        assert answer.status_code == 401, login


def test_an_image_is_pushed_and_pulled_and_is_in_ecr(aws: Aws, client: Client) -> None:
    """Bytes, digests, types and sizes are the same on both sides."""
    name, layer = repository(aws, "push/pull"), b"layer" * 1000

    digest, manifest = client.push_image(name, "v1", layer)

    pulled = client("GET", f"/v2/{name}/manifests/v1")
    assert (pulled.content, pulled.headers["Content-Type"]) == (manifest, OCI)
    assert pulled.headers["Docker-Content-Digest"] == digest == digest_of(manifest)
    head = client("HEAD", f"/v2/{name}/manifests/{digest}")
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", str(len(manifest)))
    assert client("GET", f"/v2/{name}/blobs/{digest_of(layer)}").content == layer
    head = client("HEAD", f"/v2/{name}/blobs/{digest_of(layer)}")
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(layer)))
    assert client("GET", f"/v2/{name}/tags/list").json() == {"name": name, "tags": ["v1"]}
    ecr = aws.client("ecr")
    [found] = ecr.describe_images(repositoryName=name)["imageDetails"]
    assert (found["imageDigest"], found["imageTags"]) == (digest, ["v1"])
    assert (found["imageSizeInBytes"], found["imageManifestMediaType"]) == (len(layer) + 2, OCI)
    assert ecr.list_images(repositoryName=name)["imageIds"] == [{"imageDigest": digest, "imageTag": "v1"}]
    [got] = ecr.batch_get_image(repositoryName=name, imageIds=[{"imageTag": "v1"}])["images"]
    assert (got["imageManifest"], got["imageManifestMediaType"]) == (manifest.decode(), OCI)
    layers = ecr.batch_check_layer_availability(repositoryName=name, layerDigests=[digest_of(layer)])
    assert [each["layerAvailability"] for each in layers["layers"]] == ["AVAILABLE"]


def test_docker_manifests_and_indexes(aws: Aws, client: Client) -> None:
    """Both are images; an index is accepted when its images are there."""
    name = repository(aws, "types")

    digest, manifest = client.push_image(name, "docker", b"one", DOCKER)
    entry = {"mediaType": DOCKER, "digest": digest, "size": len(manifest)}
    index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [entry]}
    good = client.put(name, "index", json.dumps(index).encode(), INDEX)
    missing = {**index, "manifests": [{**entry, "digest": "sha256:" + "0" * 64}]}

    assert good.status_code == 201
    assert client("GET", f"/v2/{name}/manifests/index").headers["Content-Type"] == INDEX
    assert error(client.put(name, "bad", json.dumps(missing).encode(), INDEX)) == (404, "MANIFEST_BLOB_UNKNOWN")


def test_a_blob_in_chunks(aws: Aws, client: Client) -> None:
    """Chunks follow each other, also without a length; one out of order is refused and the upload goes on."""
    name = repository(aws, "chunks")
    upload = client("POST", f"/v2/{name}/blobs/uploads/").headers["Location"]

    first = client("PATCH", upload, data=b"one", headers={"Content-Range": "0-2"})
    wrong = client("PATCH", upload, data=b"x", headers={"Content-Range": "7-7"})
    second = client("PATCH", upload, data=iter([b"t", b"wo"]))
    told = client("GET", upload)
    done = client("PUT", upload, params={"digest": digest_of(b"onetwo!")}, data=b"!")

    assert (first.status_code, first.headers["Range"]) == (202, "0-2")
    assert error(wrong) == (416, "BLOB_UPLOAD_INVALID")
    assert (second.status_code, second.headers["Range"]) == (202, "0-5")
    assert (told.status_code, told.headers["Range"]) == (204, "0-5")
    assert done.status_code == 201
    assert client("GET", done.headers["Location"]).content == b"onetwo!"
    assert error(client("PATCH", upload, data=b"x")) == (404, "BLOB_UPLOAD_UNKNOWN")


def test_a_blob_at_once_and_an_upload_given_up(aws: Aws, client: Client) -> None:
    """POST with the digest is enough; DELETE ends an upload."""
    name, digest = repository(aws, "once"), digest_of(b"at once")
    upload = client("POST", f"/v2/{name}/blobs/uploads/").headers["Location"]

    done = client("POST", f"/v2/{name}/blobs/uploads/", params={"digest": digest}, data=b"at once")

    assert (done.status_code, done.headers["Location"]) == (201, f"/v2/{name}/blobs/{digest}")
    assert client("DELETE", upload).status_code == 204
    assert error(client("GET", upload)) == (404, "BLOB_UPLOAD_UNKNOWN")


@pytest.mark.parametrize("digest", ["sha256:" + "0" * 64, "sha256:short", "md5:" + "0" * 32, "", "../../etc"])
def test_a_wrong_digest_is_refused(aws: Aws, client: Client, digest: str) -> None:
    """Nothing is kept under it."""
    name = "wrong-digest"
    if not client("GET", f"/v2/{name}/tags/list").ok:
        repository(aws, name)
    upload = client("POST", f"/v2/{name}/blobs/uploads/").headers["Location"]

    assert error(client("PUT", upload, params={"digest": digest}, data=b"other")) == (400, "DIGEST_INVALID")
    assert client("HEAD", f"/v2/{name}/blobs/{digest_of(b'other')}").status_code == 404


def test_a_blob_belongs_to_its_repository_until_it_is_borrowed(aws: Aws, client: Client) -> None:
    """By ECR's default a mount becomes an upload; where the account allows it, another repository has the blob."""
    ecr = aws.client("ecr")
    one, two = repository(aws, "mount/one"), repository(aws, "mount/two")
    digest, asked = client.push_blob(one, b"shared"), f"/v2/{two}/blobs/uploads/"

    assert ecr.get_account_setting(name="BLOB_MOUNTING")["value"] == "DISABLED"
    assert client("POST", asked, params={"mount": digest, "from": one}).status_code == 202
    assert error(client("GET", f"/v2/{two}/blobs/{digest}")) == (404, "BLOB_UNKNOWN")

    ecr.put_account_setting(name="BLOB_MOUNTING", value="ENABLED")
    other = client("POST", asked, params={"mount": "sha256:" + "1" * 64, "from": one})
    mounted = client("POST", asked, params={"mount": digest, "from": one})
    ecr.put_account_setting(name="BLOB_MOUNTING", value="DISABLED")

    assert (other.status_code, "/uploads/" in other.headers["Location"]) == (202, True)
    assert (mounted.status_code, mounted.headers["Location"]) == (201, f"/v2/{two}/blobs/{digest}")
    assert client("GET", f"/v2/{two}/blobs/{digest}").content == b"shared"


def test_repositories_with_other_keys_lend_nothing(aws: Aws, client: Client) -> None:
    """ECR mounts between repositories of one encryption alone."""
    ecr, kms = aws.client("ecr"), aws.client("kms")
    keys = [kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2)]
    one, two = (
        repository(aws, f"keys/{number}", encryptionConfiguration={"encryptionType": "KMS", "kmsKey": key})
        for number, key in enumerate(keys)
    )
    digest = client.push_blob(one, b"sealed")

    ecr.put_account_setting(name="BLOB_MOUNTING", value="ENABLED")
    answer = client("POST", f"/v2/{two}/blobs/uploads/", params={"mount": digest, "from": one})
    ecr.put_account_setting(name="BLOB_MOUNTING", value="DISABLED")

    assert answer.status_code == 202


def test_an_unknown_repository(client: Client) -> None:
    """ECR makes none by itself: it says that the name is unknown, for reading and writing."""
    paths = (
        ("GET", "/v2/none/tags/list"),
        ("GET", "/v2/none/manifests/v1"),
        ("HEAD", "/v2/none/manifests/v1"),
        ("POST", "/v2/none/blobs/uploads/"),
        ("GET", "/v2/none/blobs/sha256:" + "0" * 64),
        ("PUT", "/v2/none/manifests/v1"),
    )

    answers = [client(method, path, data=image(b"x"), headers={"Content-Type": OCI}) for method, path in paths]

    assert [answer.status_code for answer in answers] == [404] * 6
    assert {answer.json()["errors"][0]["code"] for answer in answers if answer.content} == {"NAME_UNKNOWN"}


def test_an_incomplete_or_broken_manifest(aws: Aws, client: Client) -> None:
    """It is refused, and no tag is made."""
    name = repository(aws, "incomplete")
    client.push_blob(name, b"{}")

    assert error(client.put(name, "v1", image(b"never pushed"))) == (404, "MANIFEST_BLOB_UNKNOWN")
    assert error(client.put(name, "v1", b"not json")) == (400, "MANIFEST_INVALID")
    assert error(client.put(name, "v1", b"[]")) == (400, "MANIFEST_INVALID")
    assert error(client.put(name, "v1", image(b"x"), DOCKER)) == (400, "MANIFEST_INVALID")
    assert error(client.put(name, "sha256:" + "0" * 64, image(b"x"))) == (400, "DIGEST_INVALID")
    assert error(client.put(name, ".bad", image(b"x"))) == (400, "TAG_INVALID")
    assert error(client("GET", f"/v2/{name}/manifests/v1")) == (404, "MANIFEST_UNKNOWN")
    assert client("GET", f"/v2/{name}/tags/list").json()["tags"] == []


def test_an_immutable_tag_stays_what_it_is(aws: Aws, client: Client) -> None:
    """As in ECR also the same image is refused under the same tag; another tag of it is fine."""
    name = repository(aws, "immutable", imageTagMutability="IMMUTABLE")
    digest, manifest = client.push_image(name, "v1", b"one")
    client.push_blob(name, b"two")

    other, again = client.put(name, "v1", image(b"two")), client.put(name, "v1", manifest)

    assert error(other) == error(again) == (400, "TAG_INVALID")
    assert other.json()["errors"][0]["message"] == (
        "The image tag 'v1' already exists in the 'immutable' repository "
        "and cannot be overwritten because the tag is immutable."
    )
    assert client.put(name, "v2", manifest).status_code == 201
    assert client("HEAD", f"/v2/{name}/manifests/v1").headers["Docker-Content-Digest"] == digest
    with pytest.raises(ClientError) as refused:
        aws.client("ecr").put_image(repositoryName=name, imageManifest=image(b"two").decode(), imageTag="v1")
    assert refused.value.response["Error"]["Code"] == "ImageTagAlreadyExistsException"


def test_a_mutable_tag_moves_and_leaves_the_old_image_untagged(aws: Aws, client: Client) -> None:
    """Pushing the same again is not an error; the old image can still be pulled by digest."""
    name = repository(aws, "mutable")
    old, manifest = client.push_image(name, "latest", b"one")
    assert client.put(name, "latest", manifest).status_code == 201

    new, _ = client.push_image(name, "latest", b"two")

    assert client("HEAD", f"/v2/{name}/manifests/latest").headers["Docker-Content-Digest"] == new
    assert client("GET", f"/v2/{name}/manifests/{old}").content == manifest
    ids = aws.client("ecr").list_images(repositoryName=name)["imageIds"]
    assert sorted(ids, key=len) == [{"imageDigest": old}, {"imageDigest": new, "imageTag": "latest"}]


def test_deleted_in_ecr_is_deleted_here(aws: Aws, client: Client) -> None:
    """An image by its digest, a tag by its name, a repository with all it has."""
    ecr, name = aws.client("ecr"), repository(aws, "deleted")
    one, _ = client.push_image(name, "one", b"one")
    two, manifest = client.push_image(name, "two", b"two")
    client.put(name, "more", manifest)

    ecr.batch_delete_image(repositoryName=name, imageIds=[{"imageDigest": one}, {"imageTag": "more"}])

    assert error(client("GET", f"/v2/{name}/manifests/one")) == (404, "MANIFEST_UNKNOWN")
    assert error(client("GET", f"/v2/{name}/manifests/{one}")) == (404, "MANIFEST_UNKNOWN")
    assert client("GET", f"/v2/{name}/tags/list").json()["tags"] == ["two"]
    assert client("HEAD", f"/v2/{name}/manifests/{two}").status_code == 200
    with pytest.raises(ClientError, match="RepositoryNotEmptyException"):
        ecr.delete_repository(repositoryName=name)

    ecr.delete_repository(repositoryName=name, force=True)
    repository(aws, name)

    assert error(client("GET", f"/v2/{name}/manifests/two")) == (404, "MANIFEST_UNKNOWN")
    assert error(client("GET", f"/v2/{name}/blobs/{digest_of(b'two')}")) == (404, "BLOB_UNKNOWN")


def test_tags_in_pages(aws: Aws, client: Client) -> None:
    """`n` and `last` give a page, and the Link header the next."""
    name = repository(aws, "pages")
    _, manifest = client.push_image(name, "a", b"one")
    for tag in ("c", "b"):
        client.put(name, tag, manifest)

    first = client("GET", f"/v2/{name}/tags/list", params={"n": 2})
    second = client("GET", first.links["next"]["url"])

    assert (first.json()["tags"], second.json()["tags"]) == (["a", "b"], ["c"])
    assert "next" not in second.links


def test_an_image_put_through_ecrs_api_can_be_pulled(aws: Aws, client: Client) -> None:
    """Layers that came by UploadLayerPart are blobs, and the digest is that of the manifest's bytes."""
    ecr, name = aws.client("ecr"), repository(aws, "api")
    for content in (b"{}", b"by the api"):
        upload = ecr.initiate_layer_upload(repositoryName=name)["uploadId"]
        ecr.upload_layer_part(
            repositoryName=name,
            uploadId=upload,
            partFirstByte=0,
            partLastByte=len(content) - 1,
            layerPartBlob=content,
        )
        ecr.complete_layer_upload(repositoryName=name, uploadId=upload, layerDigests=[digest_of(content)])

    put = ecr.put_image(repositoryName=name, imageManifest=image(b"by the api").decode(), imageTag="v1")["image"]

    assert put["imageId"] == {"imageDigest": digest_of(image(b"by the api")), "imageTag": "v1"}
    assert client("GET", f"/v2/{name}/manifests/v1").content == image(b"by the api")
    assert client("GET", f"/v2/{name}/blobs/{digest_of(b'by the api')}").content == b"by the api"


def test_images_and_tokens_survive_a_kill(aws: Aws, client: Client) -> None:
    """After `kill -9` the image is pulled with the token from before, at the same address."""
    name = repository(aws, "kept")
    digest, manifest = client.push_image(name, "v1", b"kept layer")
    before = aws.client("ecr").describe_images(repositoryName=name)["imageDetails"]

    aws.saved()
    aws.kill()
    aws.start()

    assert client("GET", f"/v2/{name}/manifests/v1").content == manifest
    assert client("GET", f"/v2/{name}/manifests/{digest}").content == manifest
    assert client("GET", f"/v2/{name}/blobs/{digest_of(b'kept layer')}").content == b"kept layer"
    assert aws.client("ecr").describe_images(repositoryName=name)["imageDetails"] == before
