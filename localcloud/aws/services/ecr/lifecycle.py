"""Lifecycle policies: which images a policy lets expire, and the preview of it.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any

from moto.core.responses import ActionResult
from moto.ecr.policy_validation import EcrLifecyclePolicyValidator
from moto.ecr.responses import ECRResponse

from localcloud.aws.replies import same
from localcloud.machine import clock

Rule = dict[str, Any]


def install() -> None:
    """moto keeps policies; the preview is ours."""
    answers: Any = ECRResponse
    answers.start_lifecycle_policy_preview = _start_preview
    answers.get_lifecycle_policy_preview = _get_preview


def expiring(repository: Any, policy: str | None, now: datetime) -> list[tuple[Any, int]]:
    """The images that expire by a policy, each with the priority of its rule.

    Rules are asked by priority. One marks no image that an earlier rule has marked or whose tags an earlier rule is
    about, but counts them.
    """
    marked: dict[str, tuple[Any, int]] = {}
    spoken_for: set[str] = set()
    for rule in sorted(json.loads(policy)["rules"] if policy else [], key=lambda rule: int(rule["rulePriority"])):
        about = [image for image in repository.images if _selects(rule["selection"], image.image_tags)]
        about.sort(key=lambda image: image.image_pushed_at, reverse=True)
        for image in _too_many_or_old(rule["selection"], about, now):
            if image.image_digest not in spoken_for:
                marked.setdefault(image.image_digest, (image, int(rule["rulePriority"])))
        spoken_for |= {image.image_digest for image in about}
    return list(marked.values())


def _selects(selection: Rule, tags: list[str]) -> bool:
    if selection["tagStatus"] == "untagged":
        return not tags
    if selection["tagStatus"] == "any":
        return True
    prefixes, patterns = selection.get("tagPrefixList", []), selection.get("tagPatternList", [])
    wanted = [f"{prefix}*" for prefix in prefixes] + patterns  # each of them by one of the image's tags
    return bool(tags) and all(any(fnmatchcase(tag, pattern) for tag in tags) for pattern in wanted)


def _too_many_or_old(selection: Rule, newest_first: list[Any], now: datetime) -> list[Any]:
    count = int(selection["countNumber"])
    if selection["countType"] == "imageCountMoreThan":
        return newest_first[count:]
    oldest = now - timedelta(days=count)
    return [image for image in newest_first if datetime.fromtimestamp(image.image_pushed_at, UTC) <= oldest]


def _start_preview(self: Any) -> ActionResult:
    repository = _repository(self)
    policy = self._get_param("lifecyclePolicyText") or repository.lifecycle_policy
    if not policy:
        raise _not_found("LifecyclePolicyNotFoundException", "Lifecycle policy does not exist", repository)
    EcrLifecyclePolicyValidator(policy).validate()
    repository.preview = policy, expiring(repository, policy, clock.now())
    return ActionResult({**_said(repository, policy), "status": "IN_PROGRESS"})


def _get_preview(self: Any) -> ActionResult:
    repository = _repository(self)
    if not getattr(repository, "preview", None):
        what = "Lifecycle policy preview does not exist"
        raise _not_found("LifecyclePolicyPreviewNotFoundException", what, repository)
    policy, images = repository.preview
    results = [
        {
            "imageTags": image.image_tags,
            "imageDigest": image.image_digest,
            "imagePushedAt": image.image_pushed_at,
            "action": {"type": "EXPIRE"},
            "appliedRulePriority": priority,
        }
        for image, priority in images
    ]
    summary = {"expiringImageTotalCount": len(results)}
    answer = {"status": "COMPLETE", "previewResults": results, "summary": summary}
    return ActionResult({**_said(repository, policy), **answer})


def _repository(response: Any) -> Any:
    return response.ecr_backend._get_repository(
        response._get_param("repositoryName"), response._get_param("registryId")
    )


def _said(repository: Any, policy: str) -> dict[str, Any]:
    names = {"registryId": repository.registry_id, "repositoryName": repository.name}
    return {**names, "lifecyclePolicyText": policy}


def _not_found(code: str, what: str, repository: Any) -> Exception:
    where = f"for the repository with name '{repository.name}' in the registry with id '{repository.registry_id}'"
    return same(code, 400, f"{what} {where}")
