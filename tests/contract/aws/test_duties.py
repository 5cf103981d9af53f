"""What happens in AWS by itself as the clock goes on: windows end, keys rotate, images expire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.aws.test_registry import Client
from tests.support.aws_daemon import Aws, refused, running


@pytest.fixture(scope="module")
def moving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """A local AWS whose clock only these tests move."""
    with running(tmp_path_factory.mktemp("moving")) as aws:
        yield aws


def _happened(said: dict[str, Any], what: str) -> list[str]:
    return [each["name"] for each in said["happened"] if each["what"] == what]


def test_a_secret_can_be_restored_until_its_window_ends(moving: Aws) -> None:
    """Within the window it comes back; after it, it is gone and its name is free."""
    vault = moving.client("secretsmanager")
    for name in ("kept", "lost"):
        vault.create_secret(Name=name, SecretString="1")
        vault.delete_secret(SecretId=name, RecoveryWindowInDays=7)

    before = moving.move_clock("+6d")
    vault.restore_secret(SecretId="kept")
    after = moving.move_clock("+2d")

    assert (_happened(before, "deleted secret"), _happened(after, "deleted secret")) == ([], ["lost"])
    assert vault.get_secret_value(SecretId="kept")["SecretString"] == "1"
    refused("ResourceNotFoundException", vault.restore_secret, SecretId="lost")
    assert vault.create_secret(Name="lost", SecretString="2")["Name"] == "lost"


def test_a_key_goes_when_its_waiting_period_ends(moving: Aws) -> None:
    """Until then the deletion can be taken back; then the key is gone, with its aliases."""
    kms = moving.client("kms")
    kept, lost = (kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2))
    kms.create_alias(AliasName="alias/lost", TargetKeyId=lost)
    for key in (kept, lost):
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)

    moving.move_clock("+6d")
    kms.cancel_key_deletion(KeyId=kept)
    said = moving.move_clock("+2d")

    assert _happened(said, "deleted key") == [lost]
    assert kms.describe_key(KeyId=kept)["KeyMetadata"]["KeyState"] == "Disabled"
    refused("NotFoundException", kms.describe_key, KeyId=lost)
    refused("NotFoundException", kms.describe_key, KeyId="alias/lost")


def test_a_key_rotates_by_itself(moving: Aws) -> None:
    """Once each period; what was encrypted before can be decrypted after."""
    kms = moving.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    secret = kms.encrypt(KeyId=key, Plaintext=b"before")["CiphertextBlob"]

    moving.move_clock("+181d")

    rotations = kms.list_key_rotations(KeyId=key)["Rotations"]
    assert [each["RotationType"] for each in rotations] == ["AUTOMATIC", "AUTOMATIC"]
    days = (kms.get_key_rotation_status(KeyId=key)["NextRotationDate"] - rotations[-1]["RotationDate"]).days
    assert days in {89, 90}
    assert kms.decrypt(CiphertextBlob=secret)["Plaintext"] == b"before"


def _rule(priority: int, count_type: str, count: int, **selection: Any) -> dict[str, Any]:
    unit = {"countUnit": "days"} if count_type == "sinceImagePushed" else {}
    chosen = {"countType": count_type, "countNumber": count, **unit, **selection}
    return {"rulePriority": priority, "selection": chosen, "action": {"type": "expire"}}


def test_images_expire_as_their_policy_says(moving: Aws) -> None:
    """The untagged by their age, releases beyond a count; others stay, and what is gone leaves the disk."""
    ecr, client = moving.client("ecr"), Client(moving)
    ecr.create_repository(repositoryName="expiring")
    for tag in ("v1", "v2", "v3", "keep", "moved"):
        client.push_image("expiring", tag, f"layer {tag}".encode())
        moving.move_clock("+1h")
    client.push_image("expiring", "moved", b"another")
    ecr.put_lifecycle_policy(
        repositoryName="expiring",
        lifecyclePolicyText=json.dumps(
            {
                "rules": [
                    _rule(1, "sinceImagePushed", 3, tagStatus="untagged"),
                    _rule(2, "imageCountMoreThan", 2, tagStatus="tagged", tagPrefixList=["v"]),
                ]
            }
        ),
    )
    layers = moving.root / ".local/aws/registry"

    moving.move_clock("+1d")
    once = [image.get("imageTag", "") for image in ecr.list_images(repositoryName="expiring")["imageIds"]]
    moving.move_clock("+4d")
    left = ecr.list_images(repositoryName="expiring")["imageIds"]

    assert sorted(once) == ["", "keep", "moved", "v2", "v3"]
    assert {image.get("imageTag") for image in left} == {"v2", "v3", "keep", "moved"}
    contents = {file.read_bytes() for file in layers.glob("??/*")}
    assert {b"layer v1", b"layer moved"} & contents == set()
    assert {b"layer v2", b"layer keep", b"another"} <= contents


def test_a_preview_says_what_would_expire(moving: Aws) -> None:
    """By the policy given, which is not put; without one there is nothing to preview."""
    ecr, client = moving.client("ecr"), Client(moving)
    ecr.create_repository(repositoryName="previewed")
    for tag in ("a", "b"):
        client.push_image("previewed", tag, f"layer {tag}".encode())
        moving.move_clock("+1m")
    name = {"repositoryName": "previewed"}
    policy = json.dumps({"rules": [_rule(7, "imageCountMoreThan", 1, tagStatus="any")]})
    refused("LifecyclePolicyPreviewNotFoundException", ecr.get_lifecycle_policy_preview, **name)
    refused("LifecyclePolicyNotFoundException", ecr.start_lifecycle_policy_preview, **name)

    ecr.start_lifecycle_policy_preview(**name, lifecyclePolicyText=policy)

    preview = ecr.get_lifecycle_policy_preview(**name)
    [result] = preview["previewResults"]
    assert (preview["status"], preview["summary"]) == ("COMPLETE", {"expiringImageTotalCount": 1})
    assert (result["imageTags"], result["appliedRulePriority"]) == (["a"], 7)
    assert len(ecr.list_images(**name)["imageIds"]) == 2


def test_an_unfinished_upload_leaves_the_disk_after_a_day(moving: Aws) -> None:
    """Nobody has gone on with it."""
    moving.client("ecr").create_repository(repositoryName="unfinished")
    Client(moving)("POST", "/v2/unfinished/blobs/uploads/")
    uploads = moving.root / ".local/aws/registry/uploads"
    assert len(list(uploads.iterdir())) == 1

    said = moving.move_clock("+2d")

    assert len(_happened(said, "gave up upload")) == 1
    assert list(uploads.iterdir()) == []
