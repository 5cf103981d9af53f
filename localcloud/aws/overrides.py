"""Where moto differs from AWS in what this project declares. Each has its reason and a contract test."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from moto.core.exceptions import ServiceException
from moto.iam.models import iam_backends
from moto.sts import models as sts

from localcloud.aws import ecr, lean, objects


class AccessDenied(ServiceException):
    """Said by STS about a role that is not there, so that nobody can find out which are."""

    code = "AccessDenied"


def prepare(service: str) -> None:
    """Put a service's overrides in place. To be called before its state is read and before its first call."""
    install = _INSTALL.get(service)
    if install and service not in _prepared:
        install()
        _prepared.add(service)


# Refused with a reason: what moto would answer is invented, and what AWS does is not built yet.
NOT_BUILT = {
    ("sts", "AssumeRoleWithWebIdentity"): "the local cloud does not check web identity tokens yet",
    ("sts", "AssumeRoleWithSAML"): "the local cloud has no SAML",
    ("sts", "GetSessionToken"): "the local cloud has no session tokens: use the access key itself, or assume a role",
    ("sts", "GetFederationToken"): "the local cloud has no federated users: assume a role",
}


def _only_roles_that_exist() -> None:
    """moto lets anyone assume a role that does not exist, in any account."""
    backend: Any = sts.STSBackend
    assume = backend.assume_role

    def assume_role(self: Any, role_arn: str, **others: Any) -> Any:
        roles = iam_backends[self.account_id][self.partition].roles.values()
        if role_arn not in {role.arn for role in roles}:
            raise AccessDenied(f"The caller is not authorized to perform: sts:AssumeRole on resource: {role_arn}")
        return assume(self, role_arn=role_arn, **others)

    backend.assume_role = assume_role


def _no_needless_key_pairs() -> None:
    """moto makes an RSA pair, 0.1 s, for each symmetric key, and never uses it."""
    from moto.kms import models

    kms: Any = models
    generate = kms.generate_private_key

    def generate_private_key(key_spec: str) -> Any:
        return None if key_spec == "SYMMETRIC_DEFAULT" else generate(key_spec)

    kms.generate_private_key = generate_private_key


def _ssm_that_can_be_saved() -> None:
    """moto's parameters are a `defaultdict` with attributes and its tags have a lambda; neither can be pickled."""
    lean.leave_out_ec2()
    from moto.ssm import models

    ssm: Any = models
    begin = ssm.SimpleSystemManagerBackend.__init__

    def __init__(self: Any, region_name: str, account_id: str) -> None:  # noqa: N807 # it is one
        begin(self, region_name, account_id)
        self._resource_tags = defaultdict(dict_of_dicts)

    ssm.SimpleSystemManagerBackend.__init__ = __init__
    ssm.ParameterDict.__reduce__ = lambda self: (parameters, (dict(vars(self)), dict(self)))


def dict_of_dicts() -> dict[str, Any]:
    """What a kind of SSM resource without tags has."""
    return defaultdict(dict)


def parameters(attributes: dict[str, Any], items: dict[str, Any]) -> Any:
    """SSM's parameters, as they were."""
    from moto.ssm.models import ParameterDict

    found = ParameterDict(attributes["account_id"], attributes["region_name"])
    vars(found).update(attributes)
    found.update(items)
    return found


_prepared: set[str] = set()
_INSTALL: dict[str, Callable[[], None]] = {
    "s3": objects.install,
    "sts": _only_roles_that_exist,
    "kms": _no_needless_key_pairs,
    "ecr": ecr.install,
    "ssm": _ssm_that_can_be_saved,
}
