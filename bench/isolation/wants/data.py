"""What can be done to an environment's key, images, secrets and parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.isolation.place import TRIED, Clients, Place
from bench.isolation.want import Undo, Want
from bench.isolation.wants import buckets

_NO_DIGEST = "sha256:" + "0" * 64
Name = Callable[[Place], str]


def _kms(action: str, operation: str, key: Name = lambda p: p.key, undo: Undo | None = None, **more: Any) -> Want:
    return Want(f"kms:{action}", operation, {"KeyId": key, **more}, undo)


def _enable(administrator: Clients, place: Place, _: Any) -> None:
    administrator("kms").enable_key(KeyId=place.key)


def _keep(administrator: Clients, place: Place, _: Any) -> None:
    administrator("kms").cancel_key_deletion(KeyId=place.key)
    administrator("kms").enable_key(KeyId=place.key)


def _revoke(administrator: Clients, place: Place, answer: Any) -> None:
    administrator("kms").revoke_grant(KeyId=place.key, GrantId=answer["GrantId"])


def own_tag(key: str = "Key", value: str = "Value") -> Callable[[Place], list[dict[str, str]]]:
    return lambda place: [{key: "Project", value: place.names.project}]


KEY = {
    "make a data key": _kms("GenerateDataKey", "generate_data_key", KeySpec="AES_256"),
    "encrypt": _kms("Encrypt", "encrypt", Plaintext=b"x"),
    "decrypt": Want("kms:Decrypt", "decrypt", {"CiphertextBlob": lambda p: p.ciphertext}),
    **buckets.through_s3(),
    "describe": _kms("DescribeKey", "describe_key"),
    "read the policy": _kms("GetKeyPolicy", "get_key_policy", PolicyName="default"),
    "read the tags": _kms("ListResourceTags", "list_resource_tags"),
    "rotate": _kms("EnableKeyRotation", "enable_key_rotation"),
    "tag": _kms("TagResource", "tag_resource", Tags=own_tag("TagKey", "TagValue")),
    "describe anew": _kms(
        "UpdateKeyDescription",
        "update_key_description",
        Description=lambda p: f"Everything that {p.names.stem} keeps",
    ),
    "put the policy": _kms("PutKeyPolicy", "put_key_policy", PolicyName="default", Policy="{}"),
    "grant": _kms(
        "CreateGrant",
        "create_grant",
        undo=_revoke,
        GranteePrincipal=lambda p: f"arn:aws:iam::{p.names.account}:root",
        Operations=["Decrypt"],
    ),
    "disable": _kms("DisableKey", "disable_key", undo=_enable),
    "delete": _kms("ScheduleKeyDeletion", "schedule_key_deletion", undo=_keep, PendingWindowInDays=30),
    "list aliases": Want("kms:ListAliases", "list_aliases", {"Limit": 1}),
}


def _state_key(action: str, operation: str, **more: Any) -> Want:
    return _kms(action, operation, lambda p: p.names.state_key_alias, **more)


STATE_KEY = {
    "make a data key": _state_key("GenerateDataKey", "generate_data_key", KeySpec="AES_256"),
    "encrypt": _state_key("Encrypt", "encrypt", Plaintext=b"x"),
    "decrypt": Want("kms:Decrypt", "decrypt", {"CiphertextBlob": lambda p: p.state_ciphertext}),
    "describe": _state_key("DescribeKey", "describe_key"),
    "read the policy": _kms("GetKeyPolicy", "get_key_policy", lambda p: p.state_key, PolicyName="default"),
}


RELEASE_KEY = {
    "describe": _kms("DescribeKey", "describe_key", lambda p: p.names.release_key_alias),
    "read the public half": _kms("GetPublicKey", "get_public_key", lambda p: p.names.release_key_alias),
    "sign": _kms(
        "Sign",
        "sign",
        lambda p: p.names.release_key_alias,
        Message=b"0" * 32,
        MessageType="DIGEST",
        SigningAlgorithm="ECDSA_SHA_256",
    ),
}


def _ecr(action: str, operation: str, **more: Any) -> Want:
    return Want(f"ecr:{action}", operation, {"repositoryName": lambda p: p.names.repository, **more})


def _ecr_tags(action: str, operation: str, **more: Any) -> Want:
    arn = {"resourceArn": lambda p: p.arn("ecr", f"repository/{p.names.repository}")}
    return Want(f"ecr:{action}", operation, {**arn, **more})


IMAGES = {
    "log in": Want("ecr:GetAuthorizationToken", "get_authorization_token"),
    "see layers": _ecr("BatchCheckLayerAvailability", "batch_check_layer_availability", layerDigests=[_NO_DIGEST]),
    "pull an image": _ecr("BatchGetImage", "batch_get_image", imageIds=[{"imageTag": "none"}]),
    "see what hangs on one": _ecr(
        "ListImageReferrers", "list_image_referrers", subjectId={"imageDigest": _NO_DIGEST}
    ),
    "pull a layer": _ecr("GetDownloadUrlForLayer", "get_download_url_for_layer", layerDigest=_NO_DIGEST),
    "begin a layer": _ecr("InitiateLayerUpload", "initiate_layer_upload"),
    "push a layer": _ecr(
        "UploadLayerPart", "upload_layer_part", uploadId="none", partFirstByte=0, partLastByte=1, layerPartBlob=b"{}"
    ),
    "end a layer": _ecr("CompleteLayerUpload", "complete_layer_upload", uploadId="none", layerDigests=[_NO_DIGEST]),
    "push an image": _ecr("PutImage", "put_image", imageManifest="{}"),
    "describe": Want(
        "ecr:DescribeRepositories", "describe_repositories", {"repositoryNames": lambda p: [p.names.repository]}
    ),
    "describe images": _ecr("DescribeImages", "describe_images"),
    "read the policy": _ecr("GetRepositoryPolicy", "get_repository_policy"),
    "read the tags": _ecr_tags("ListTagsForResource", "list_tags_for_resource"),
    "tag": _ecr_tags("TagResource", "tag_resource", tags=own_tag()),
    "put the scanning": _ecr(
        "PutImageScanningConfiguration",
        "put_image_scanning_configuration",
        imageScanningConfiguration={"scanOnPush": True},
    ),
    "delete an image": _ecr("BatchDeleteImage", "batch_delete_image", imageIds=[{"imageDigest": _NO_DIGEST}]),
    "put the policy": _ecr("SetRepositoryPolicy", "set_repository_policy", policyText="{}"),
    "put a lifecycle": _ecr("PutLifecyclePolicy", "put_lifecycle_policy", lifecyclePolicyText="{}"),
    "delete the repository": _ecr("DeleteRepository", "delete_repository"),
}


def of_a_secret(name: Name) -> dict[str, Want]:
    """What can be done to the secret of that name."""

    def secret(action: str, operation: str, undo: Undo | None = None, **more: Any) -> Want:
        return Want(f"secretsmanager:{action}", operation, {"SecretId": name, **more}, undo)

    def forget(administrator: Clients, place: Place, answer: Any) -> None:
        administrator("secretsmanager").update_secret_version_stage(
            SecretId=name(place), VersionStage=TRIED, RemoveFromVersionId=answer["VersionId"]
        )

    def have_back(administrator: Clients, place: Place, _: Any) -> None:
        administrator("secretsmanager").restore_secret(SecretId=name(place))

    return {
        "read": secret("GetSecretValue", "get_secret_value"),
        "describe": secret("DescribeSecret", "describe_secret"),
        "read the policy": secret("GetResourcePolicy", "get_resource_policy"),
        "write": secret("PutSecretValue", "put_secret_value", forget, SecretString="{}", VersionStages=[TRIED]),
        "change": secret("UpdateSecret", "update_secret", Description=lambda p: p.described(name(p))),
        "move a stage": secret(
            "UpdateSecretVersionStage", "update_secret_version_stage", VersionStage=TRIED, MoveToVersionId="0" * 32
        ),
        "tag": secret("TagResource", "tag_resource", Tags=own_tag()),
        "put the policy": secret("PutResourcePolicy", "put_resource_policy", ResourcePolicy="{}"),
        "delete": secret("DeleteSecret", "delete_secret", have_back, RecoveryWindowInDays=30),
    }


def _none(place: Place) -> str:
    return f"{place.names.parameters}/none"


def _ssm(action: str, operation: str, undo: Undo | None = None, **more: Any) -> Want:
    return Want(f"ssm:{action}", operation, more, undo)


def _forget_parameter(administrator: Clients, place: Place, _: Any) -> None:
    administrator("ssm").delete_parameter(Name=f"{place.names.parameters}/{TRIED}")


_TAGGED: dict[str, Any] = {"ResourceType": "Parameter", "ResourceId": lambda p: p.names.guard}
PARAMETERS = {
    "read": _ssm("GetParameter", "get_parameter", Name=_none),
    "read the release": _ssm("GetParameter", "get_parameter", Name=lambda p: p.names.release),
    "read all": _ssm("GetParametersByPath", "get_parameters_by_path", Path=lambda p: p.names.parameters),
    "read the history": _ssm("GetParameterHistory", "get_parameter_history", Name=_none),
    "write": _ssm(
        "PutParameter",
        "put_parameter",
        _forget_parameter,
        Name=lambda p: f"{p.names.parameters}/{TRIED}",
        Value="x",
        Type="String",
    ),
    "label": _ssm("LabelParameterVersion", "label_parameter_version", Name=_none, Labels=["a"]),
    "read the tags": _ssm("ListTagsForResource", "list_tags_for_resource", **_TAGGED),
    "tag": _ssm("AddTagsToResource", "add_tags_to_resource", Tags=own_tag(), **_TAGGED),
    "describe all": _ssm("DescribeParameters", "describe_parameters", MaxResults=1),
    "delete": _ssm("DeleteParameter", "delete_parameter", Name=_none),
    "delete the lock": _ssm("DeleteParameter", "delete_parameter", Name=lambda p: p.names.lock),
    "delete the note of a gate": _ssm("DeleteParameter", "delete_parameter", Name=lambda p: p.names.gate),
}
