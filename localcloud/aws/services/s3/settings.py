"""What a bucket is told of itself: one table of the configurations that S3 keeps and gives back as they were put."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from localcloud.aws.replies import AwsError, same
from localcloud.aws.services.s3 import cors, documents, encryption, lifecycle, sites
from localcloud.aws.services.s3.ask import Answer, Ask
from localcloud.aws.services.s3.errors import invalid_argument, malformed_xml
from localcloud.aws.services.s3.listing import Query, behind, token

MOST_NAMED = 1000
NAMED_PAGE = 100


@dataclass(frozen=True)
class Setting:
    """One configuration, by the operations that put, get and delete it."""

    name: str
    put: str
    get: str
    delete: str = ""
    check: Callable[[Ask], None] | None = None
    missing: AwsError | None = None  # what S3 says of one that was never put; without it, an empty document
    default: dict[str, Any] | None = None

    def on_put(self, ask: Ask) -> Answer:
        """Keep it, if S3 would. An empty document takes it away."""
        if self.check:
            self.check(ask)
        if ask.document:
            ask.bucket.settings[self.name] = ask.document
        else:
            ask.bucket.settings.pop(self.name, None)
        return 200, {}, ""

    def on_get(self, ask: Ask) -> dict[str, Any]:
        """Give it back."""
        found = ask.bucket.settings.get(self.name, self.default)
        if found is None and self.missing:
            raise self.missing
        return _answer(self.get, found or {})

    def on_delete(self, ask: Ask) -> Answer:
        """Back to the default."""
        ask.bucket.settings.pop(self.name, None)
        return 204, {}, ""


def _answer(operation: str, document: dict[str, Any]) -> dict[str, Any]:
    payload = documents.operation(operation).output_shape.serialization.get("payload")
    return {payload: document} if payload else document


@dataclass(frozen=True)
class Named:
    """A configuration of which a bucket has several, each with an Id."""

    noun: str  # as in PutBucket…Configuration

    def on_put(self, ask: Ask) -> Answer:
        """Keep it under its Id."""
        kept, name = self._kept(ask), ask.query.get("id", "")
        if not name or ask.document["Id"] != name:
            raise invalid_argument("The Id of the configuration must be that of the request")
        if name not in kept and len(kept) >= MOST_NAMED:
            raise same("TooManyConfigurations", 400, "You have too many configurations of this kind")
        kept[name] = ask.document
        return (204 if self.noun == "Inventory" else 200), {}, ""

    def on_get(self, ask: Ask) -> dict[str, Any]:
        """Give it back."""
        return _answer(f"GetBucket{self.noun}Configuration", self._one(ask))

    def on_delete(self, ask: Ask) -> Answer:
        """Forget it."""
        self._one(ask)
        del self._kept(ask)[ask.query["id"]]
        return 204, {}, ""

    def on_list(self, ask: Ask) -> dict[str, Any]:
        """All of them, a page at a time."""
        given = ask.query.get("continuation-token")
        after = behind(given) if given else ""
        entries = [(name, document) for name, document in sorted(self._kept(ask).items()) if name > after]
        page = Query(limit=NAMED_PAGE).page(entries)
        told: dict[str, Any] = {f"{self.noun}ConfigurationList": page.entries, "IsTruncated": page.truncated}
        if given:
            told["ContinuationToken"] = given
        if page.truncated:
            told["NextContinuationToken"] = token(page.last)
        return told

    def _kept(self, ask: Ask) -> dict[str, dict[str, Any]]:
        kept: dict[str, dict[str, Any]] = ask.bucket.settings.setdefault(self.noun, {})
        return kept

    def _one(self, ask: Ask) -> dict[str, Any]:
        found = self._kept(ask).get(ask.query.get("id", ""))
        if found is None:
            raise same("NoSuchConfiguration", 404, "The specified configuration does not exist.")
        return found


def _not_empty(ask: Ask) -> None:
    if not ask.document:
        raise malformed_xml()


SETTINGS = (
    Setting(
        "lifecycle",
        "PutBucketLifecycleConfiguration",
        "GetBucketLifecycleConfiguration",
        "DeleteBucketLifecycle",
        lifecycle.check,
        same("NoSuchLifecycleConfiguration", 404, "The lifecycle configuration does not exist"),
    ),
    Setting(
        "cors",
        "PutBucketCors",
        "GetBucketCors",
        "DeleteBucketCors",
        cors.check,
        same("NoSuchCORSConfiguration", 404, "The CORS configuration does not exist"),
    ),
    Setting(
        "encryption",
        "PutBucketEncryption",
        "GetBucketEncryption",
        "DeleteBucketEncryption",
        encryption.check_default,
        default=encryption.NEW,
    ),
    Setting(
        "website",
        "PutBucketWebsite",
        "GetBucketWebsite",
        "DeleteBucketWebsite",
        sites.check_website,
        same("NoSuchWebsiteConfiguration", 404, "The specified bucket does not have a website configuration"),
    ),
    Setting(
        "replication",
        "PutBucketReplication",
        "GetBucketReplication",
        "DeleteBucketReplication",
        sites.check_replication,
        same("ReplicationConfigurationNotFoundError", 404, "The replication configuration was not found"),
    ),
    Setting("logging", "PutBucketLogging", "GetBucketLogging", check=sites.check_logging),
    Setting(
        "payment",
        "PutBucketRequestPayment",
        "GetBucketRequestPayment",
        check=_not_empty,
        default={"Payer": "BucketOwner"},
    ),
    Setting(
        "accelerate",
        "PutBucketAccelerateConfiguration",
        "GetBucketAccelerateConfiguration",
        check=sites.check_acceleration,
    ),
)
NAMED = tuple(Named(noun) for noun in ("Analytics", "Inventory", "Metrics", "IntelligentTiering"))
