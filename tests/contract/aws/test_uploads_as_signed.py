"""What arrives is what was signed: bodies in chunks, and forms that browsers post."""

from __future__ import annotations

import base64
import zlib
from typing import Any

import pytest
import requests

from bench.aws_truth.account import Account
from bench.aws_truth.hand import BODY, Scene
from tests.support.aws_daemon import Aws
from tests.support.signer import Signer


@pytest.fixture(scope="module")
def scene(aws: Aws) -> Scene:
    """A bucket, and the administrator's hand."""
    account = Account(aws)
    return Scene(account, account.bucket(), Signer(account.keys))


def stored(scene: Scene, key: str = "a") -> Any:
    """The object as S3 has it."""
    return scene.account.admin("s3").get_object(Bucket=scene.bucket, Key=key, ChecksumMode="ENABLED")


def test_a_body_in_signed_chunks_is_stored_without_them(scene: Scene) -> None:
    """Nothing tells afterwards how it was sent."""
    assert scene.chunked([BODY, b"rest"]).status_code == 200

    found = stored(scene)
    assert (found["Body"].read(), found.get("ContentEncoding", "")) == (BODY + b"rest", "")


def test_a_checksum_in_a_trailer_is_kept_with_the_object(scene: Scene) -> None:
    """A right one is stored; a wrong one is BadDigest."""
    right = base64.b64encode(zlib.crc32(b"body").to_bytes(4, "big"))
    said = {"x-amz-trailer": "x-amz-checksum-crc32"}

    good = scene.trailed(b"x-amz-checksum-crc32:" + right + b"\r\n", **said)
    bad = scene.trailed(b"x-amz-checksum-crc32:AAAAAA==\r\n", **said)

    assert (good.status_code, bad.status_code, "BadDigest" in bad.text) == (200, 400, True)
    found = stored(scene)
    assert (found["Body"].read(), found["ChecksumCRC32"]) == (b"body", right.decode())


def post(scene: Scene, fields: dict[str, str]) -> requests.Response:
    """A form as boto3 makes one, with these fields in its policy."""
    conditions = [{name: value} for name, value in fields.items()]
    made = scene.account.admin("s3").generate_presigned_post(scene.bucket, "in/${filename}", fields, conditions)
    files = {"file": ("ä b.txt", b"here")}
    return requests.post(made["url"], data=made["fields"], files=files, timeout=20, allow_redirects=False)


def test_a_form_makes_an_object(scene: Scene) -> None:
    """Under the file's own name, with the headers and metadata that the form has."""
    answer = post(scene, {"Content-Type": "text/plain", "x-amz-meta-who": "browser"})

    found = stored(scene, "in/ä b.txt")
    assert (answer.status_code, answer.headers["ETag"]) == (204, found["ETag"])
    assert (found["Body"].read(), found["ContentType"]) == (b"here", "text/plain")
    assert found["Metadata"] == {"who": "browser"}


def test_a_form_says_how_it_wants_to_be_answered(scene: Scene) -> None:
    """By a status, by a document, or by where the browser goes next."""
    ok, made = post(scene, {"success_action_status": "200"}), post(scene, {"success_action_status": "201"})
    other = post(scene, {"success_action_status": "404"})
    goes = post(scene, {"success_action_redirect": "https://cams.example/done?a=1"})

    assert [ok.status_code, made.status_code, other.status_code, goes.status_code] == [200, 201, 204, 303]
    assert f"<PostResponse><Location>{scene.account.url}/{scene.bucket}/in/%C3%A4%20b.txt</Location>" in made.text
    assert goes.headers["Location"].startswith(f"https://cams.example/done?a=1&bucket={scene.bucket}&key=in%2F")


def test_a_form_is_its_signers_put_object(scene: Scene) -> None:
    """Who may not put may sign a form all the same; it lets nobody in."""
    nobody = scene.account.client("s3", scene.account.user())
    made = nobody.generate_presigned_post(scene.bucket, "in/a")

    answer = requests.post(made["url"], data=made["fields"], files={"file": b"here"}, timeout=20)

    assert (answer.status_code, "s3:PutObject" in answer.text) == (403, True)
