"""Configuration, accounts, regions and default tags of the stand-in for the plugin `aws`."""

from __future__ import annotations

import json
import os
import re
import threading
from typing import Any, ClassVar

from localcloud.plugins import operations
from localcloud.plugins.aws import errors
from localcloud.plugins.aws.session import Aws, Session
from localcloud.plugins.bundle import VERSIONS
from localcloud.plugins.fields import Fields, boolean, integer, mapping, string, structure, unordered
from localcloud.plugins.provider import Provider
from localcloud.plugins.resource import PluginError, Resource
from pulumi_plugin.plugin import Failures
from pulumi_plugin.values import UNKNOWN, Values

_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")


class AwsProvider(Provider[Aws]):
    """Reaches AWS at `AWS_ENDPOINT_URL` with the credentials of the process environment or the configuration."""

    name = "aws"
    version = VERSIONS["aws"]
    config: ClassVar[Fields] = {
        "region": string(),
        "allowedAccountIds": unordered(),
        "forbiddenAccountIds": unordered(),
        "accessKey": string(),
        "secretKey": string(),
        "token": string(),
        "profile": string(),
        "defaultTags": structure({"tags": mapping()}),
        "s3UsePathStyle": boolean(),
        "skipCredentialsValidation": boolean(),
        "skipMetadataApiCheck": boolean(),
        "skipRegionValidation": boolean(),
        "skipRequestingAccountId": boolean(),
        "maxRetries": integer(),
    }

    session = Session()
    region = ""

    def check_config(self, news: Values) -> Failures:
        """Unknown keys, wrong kinds, and both lists of accounts at once."""
        try:
            failures = super().check_config(_decoded(news))
        except ValueError as error:
            return [("", f"a configuration value is not valid JSON: {error}")]
        if news.get("allowedAccountIds") and news.get("forbiddenAccountIds"):
            failures.append(("allowedAccountIds", "conflicts with forbiddenAccountIds"))
        region = news.get("region")
        if isinstance(region, str) and not news.get("skipRegionValidation") and not _REGION.fullmatch(region):
            failures.append(("region", f"invalid AWS Region: {region}"))
        return failures

    def configure(self, values: Values) -> None:
        """Refuse missing credentials and another account's before anything is read or written."""
        settings = _decoded(values)
        self.region = (
            settings.get("region") or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION", "")
        )
        if not self.region:
            raise PluginError(
                "invalid AWS configuration: missing region\n\nhint: pulumi config set aws:region REGION"
            )
        self.session = Session(
            access_key=settings.get("accessKey"),
            secret_key=settings.get("secretKey"),
            token=settings.get("token"),
            profile=settings.get("profile"),
            path_style=bool(settings.get("s3UsePathStyle")),
            default_tags=(settings.get("defaultTags") or {}).get("tags") or {},
        )
        allowed = [str(each) for each in settings.get("allowedAccountIds") or []]
        forbidden = [str(each) for each in settings.get("forbiddenAccountIds") or []]
        if settings.get("skipCredentialsValidation") and not (allowed or forbidden):
            return
        self._validate(allowed, forbidden)

    def _validate(self, allowed: list[str], forbidden: list[str]) -> None:
        try:
            account = self.session.identity(self.region)["Account"] if self.session.has_credentials() else ""
        except Exception as error:
            raise PluginError(f"cannot validate the AWS credentials: {errors.explain(error)}") from error
        if not account:
            raise PluginError(
                "no AWS credentials: neither the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) nor a "
                f"profile has any\n\nhint: {errors.how_to_get_credentials()}"
            )
        if (allowed and account not in allowed) or account in forbidden:
            rule = f"allowed are {', '.join(allowed)}" if allowed else "it is forbidden"
            raise PluginError(
                f"AWS account ID not allowed: the credentials are of account {account}, {rule}\n\n"
                "hint: use this environment's credentials, or correct aws:allowedAccountIds in its stack file"
            )

    def cloud(self, values: Values) -> Aws:
        """AWS in the resource's region, else the provider's."""
        return Aws(self.session, values.get("region") or self.region)

    def fill(self, resource: Resource[Aws], inputs: Values) -> Values:
        """The region, and all tags: the resource's own over the provider's default ones."""
        filled = dict(inputs)
        if "region" in resource.fields and "region" not in filled:
            filled["region"] = self.region
            filled["__defaults"] = sorted([*filled.get("__defaults", []), "region"])
        if "tagsAll" in resource.fields:
            tags = filled.get("tags") or {}
            merged = UNKNOWN if tags is UNKNOWN else {**self.session.default_tags, **tags}
            if merged is UNKNOWN or merged:
                filled["tagsAll"] = merged
        return filled

    def refine(self, resource: Resource[Aws], actual: Values, known: Values) -> Values:
        """The resource's own tags are all tags but the provider's default ones."""
        if "tagsAll" not in resource.fields:
            return actual
        own = known.get("tags") or {}
        defaults = self.session.default_tags
        tags = {
            key: value
            for key, value in (actual.get("tagsAll") or {}).items()
            if key in own or defaults.get(key) != value
        }
        return {**actual, "tags": tags}

    def split_id(self, resource: Resource[Aws], resource_id: str, known: Values) -> tuple[str, Values]:
        """`ID@REGION` imports from another region than the provider's."""
        if "region" not in resource.fields or known.get("region"):
            return resource_id, known
        left, _, right = resource_id.rpartition("@")
        if left and _REGION.fullmatch(right):
            return left, {**known, "region": right}
        return resource_id, {**known, "region": self.region}

    def engine_has(self, resource_id: str) -> None:
        """What the engine's state holds is not left over from a killed run."""
        self.session.known_ids.add(resource_id)

    def warm_up(self) -> None:
        """Load botocore while the engine starts the program."""
        threading.Thread(target=__import__, args=("botocore.session",), daemon=True).start()

    def is_lost(self, error: Exception) -> bool:
        """The connection broke after the request was sent."""
        return type(error).__name__ in ("ConnectionClosedError", "ReadTimeoutError")

    def explain(self, error: Exception) -> str:
        """AWS's own code and message in one line."""
        return errors.explain(error)


def _decoded(values: Values) -> Values:
    """The engine and the SDK hand over everything but strings as JSON text."""
    decoded: dict[str, Any] = {}
    for key, value in values.items():
        field = AwsProvider.config.get(key)
        if field and field.kind != "string" and isinstance(value, str):
            decoded[key] = json.loads(value) if value else None
        else:
            decoded[key] = value
        if field and field.kind == "set" and isinstance(decoded[key], list):
            decoded[key] = [str(each) for each in decoded[key]]
    return decoded


OPERATIONS = operations.below("localcloud.plugins.aws")  # here: whoever preloads this module preloads them all


def provider() -> AwsProvider:
    """The plugin with all that it can do."""
    return AwsProvider(*OPERATIONS)
