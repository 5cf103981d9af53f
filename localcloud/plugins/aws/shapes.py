"""Objects of inputs as AWS's calls write them: `daysAfterInitiation` ↔ `DaysAfterInitiation`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_ODD = {
    "id": "ID",
    "sseAlgorithm": "SSEAlgorithm",
    "kmsMasterKeyId": "KMSMasterKeyID",
    "mfaDelete": "MFADelete",
    "applyServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault",
}
_ODD_BACK = {theirs: ours for ours, theirs in _ODD.items()}


def to_aws(value: Any, renamed: Mapping[str, str] = _ODD, free: tuple[str, ...] = ()) -> Any:
    """Inputs as a call takes them; what is None or empty is left out; the keys below `free` are the user's own."""
    if isinstance(value, Mapping):
        return {
            renamed.get(key, key[0].upper() + key[1:]): item if key in free else to_aws(item, renamed, free)
            for key, item in value.items()
            if item is not None
        }
    if isinstance(value, list):
        return [to_aws(item, renamed, free) for item in value]
    return value


def from_aws(value: Any, renamed: Mapping[str, str] = _ODD_BACK) -> Any:
    """A call's answer as inputs."""
    if isinstance(value, Mapping):
        return {
            renamed.get(key, key[0].lower() + key[1:]): from_aws(item, renamed)
            for key, item in value.items()
            if item not in (None, "", [], {})
        }
    if isinstance(value, list):
        return [from_aws(item, renamed) for item in value]
    return value.isoformat().replace("+00:00", "Z") if hasattr(value, "isoformat") else value


def as_json(document: Any) -> str:
    """A policy document as text, however botocore has decoded it."""
    return document if isinstance(document, str) else json.dumps(document)
