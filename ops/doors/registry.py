"""The door to the environments' repositories: where ECR says that they are, with a login of our credentials."""

from __future__ import annotations

import re

from console.errors import ExplainedError
from registry_api.images import Images
from registry_provider.provider.ecr import Ecr, Repository
from registry_provider.provider.errors import RegistryError


def images(name: str, *, registry_id: str, region: str) -> Images | None:
    """ECR's repository of that name, with a login of the process environment's credentials; None without one.

    The login is the one that the provider of images takes (registry_provider/provider/ecr.py).
    """
    ecr, which = Ecr(), Repository(name, registry_id, region)
    try:
        place = ecr.find(which)
        return Images(place.url, ecr.login(which)) if place else None
    except RegistryError as error:
        raise ExplainedError(str(error)) from error


def images_at(name: str, *, registry_id: str, region: str, beside: str) -> Images:
    """A repository of whose registry only a pull is allowed, so that ECR does not say where it is.

    Amazon's hosts are made of account and region; a host of another kind, `beside`, has the repositories of all.
    """
    host = re.sub(r"^\d{12}\.dkr([.-])ecr(-fips)?\.[a-z0-9-]+\.", rf"{registry_id}.dkr\1ecr\2.{region}.", beside)
    try:
        return Images(f"{host}/{name}", Ecr().login(Repository(name, registry_id, region)))
    except RegistryError as error:
        raise ExplainedError(str(error)) from error
