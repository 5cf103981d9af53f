"""ECR: repositories with their policies, also as the registry's own protocol uses them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from localcloud.aws.call import Call
from localcloud.aws.caller import Caller
from localcloud.aws.iam import resource_policy
from localcloud.aws.iam.ask import Ask, ResourcePolicy
from localcloud.aws.iam.requests import keys
from localcloud.aws.iam.requests.reading import Context, arn, pairs, parameters, request_tags, resource_tags
from localcloud.aws.iam.resource_policy import MalformedError, Rules
from localcloud.aws.replies import same

# A repository's policy is about its repository, and names no resource.
_RULES = replace(Rules.of("ecr"), resource=lambda _: False, needs_resource=False)
_FOR_ALL = (
    "BatchGetRepositoryScanningConfiguration",
    "DeleteRegistryPolicy",
    "DescribeRegistry",
    "GetAuthorizationToken",
    "GetRegistryPolicy",
    "GetRegistryScanningConfiguration",
    "PutRegistryPolicy",
    "PutRegistryScanningConfiguration",
    "PutReplicationConfiguration",
)


def asks(call: Call, caller: Caller) -> Iterator[Ask]:
    """On each repository that is named; a list of all is asked for on all."""
    given = parameters(call)
    tags = request_tags(pairs(given.get("tags")), given.get("tagKeys") or ())
    if call.action in _FOR_ALL:
        yield Ask(f"ecr:{call.action}", "*")
    elif call.action == "CreateRepository":
        yield from _create(call, caller, given, tags)
    elif given.get("resourceArn"):
        yield _ask(call.action, str(given["resourceArn"]), tags)
    else:
        names = given.get("repositoryNames") or [given.get("repositoryName") or "*"]
        for name in names:
            yield _ask(call.action, _arn(call, caller, str(name), given), tags)
        if call.action == "SetRepositoryPolicy":
            _check_policy(str(given.get("policyText", "")))


def on_repository(action: str, repository: Any) -> Ask:
    """What the registry does to one of moto's repositories, in the name of who logged in."""
    return _ask(action, repository.arn, {})


def _check_policy(text: str) -> None:
    try:
        resource_policy.check(text, _RULES)
    except MalformedError as problem:
        said = "Principal not found" if "principal" in problem.fault else "Invalid repository policy provided"
        message = f"Invalid parameter at 'PolicyText' failed to satisfy constraint: '{said}'"
        raise same("InvalidParameterException", 400, message) from problem


def _create(call: Call, caller: Caller, given: dict[str, Any], tags: Context) -> Iterator[Ask]:
    """A repository sealed with a customer's key needs a grant on it, which is made in the caller's name.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html#encryption-at-rest-required-iam
    """
    resource = _arn(call, caller, str(given.get("repositoryName", "")), given)
    yield Ask("ecr:CreateRepository", resource, tags)
    if given.get("tags"):
        yield Ask("ecr:TagResource", resource, tags)
    encryption = given.get("encryptionConfiguration") or {}
    name = encryption.get("kmsKey")
    if not name or keys.is_managed(name, keys.find(name, call.region, caller.account)):
        return
    through: Context = {
        "kms:ViaService": f"ecr.{call.region}.amazonaws.com",
        "kms:GrantIsForAWSResource": "true",
        "kms:GranteePrincipal": f"ecr.{call.region}.amazonaws.com",
        "kms:GrantOperations": ["GenerateDataKey", "Decrypt"],
    }
    yield keys.ask("kms:DescribeKey", name, call.region, caller, through)
    yield keys.ask("kms:CreateGrant", name, call.region, caller, through)


def _ask(action: str, resource: str, context: Context) -> Ask:
    found = _repository(resource)
    if found is None:
        return Ask(f"ecr:{action}", resource, context)
    tags = _backend(resource).tagger.get_tag_dict_for_resource(resource)
    policy = ResourcePolicy(found.policy, found.registry_id) if found.policy else None
    return Ask(f"ecr:{action}", resource, context | resource_tags(pairs(tags), "ecr"), policy)


def _arn(call: Call, caller: Caller, name: str, given: dict[str, Any]) -> str:
    if given.get("registryId"):
        return f"arn:aws:ecr:{call.region}:{given['registryId']}:repository/{name}"
    return arn("ecr", call, caller, f"repository/{name}")


def _repository(resource: str) -> Any:
    backend = _backend(resource)
    return backend.repositories.get(resource.partition(":repository/")[2]) if backend else None


def _backend(resource: str) -> Any:
    from moto.ecr.models import ecr_backends

    _, _, _, region, account, _ = (resource + ":" * 5).split(":", 5)
    if account not in ecr_backends or region not in ecr_backends[account]:
        return None
    return ecr_backends[account][region]
