"""Who may do what, by the design: written by hand, not derived from the program that is judged by it.

`own` is in the identity's own environment, `everywhere` in every one (IAM has no narrower resource, or the thing is
shared), `before` in the environment whose tested images it copies, `earlier` in all before it, but not `but`.
Everything else is refused.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Final

ENVIRONMENTS = ("dev", "staging", "prod")
Rights = dict[str, tuple[str, ...]]

_PULL = ("images: see layers", "images: pull an image", "images: pull a layer")
_WRITE = ("write", "write with its key named", "begin an upload", "end an upload", "abort an upload")
_OVER = ("overwrite", "overwrite by an upload")
_OTHER_KEYS = ("write with S3's key", "write with AWS's key", "write with a client's key")
_CLEAR = ("list in the clear", "read in the clear")
_LOOK = ("list", "find")
_KEY_THROUGH_S3 = ("key: seal through S3", "key: open through S3")
_REPORT = ("write a report", "abort a report's upload")
_ANYBODY = ("identities: who am I",)


def _in(thing: str, *whats: str) -> tuple[str, ...]:
    return tuple(f"{thing}: {what}" for what in whats)


ALLOWED: Final[dict[str, Rights]] = {
    "backup": {
        "own": (
            *_in("backups", *_LOOK, "read", "read with a client's key", *_WRITE, *_REPORT),  # and never over one
            "backups: abort a dump's upload",  # of which it can begin none
            *_in("media", *_LOOK, "read", "read with a client's key"),
            *_KEY_THROUGH_S3,
            "alarms: report",
        ),
        "everywhere": _ANYBODY,
    },
    "media": {
        "own": (
            *_in("media", *_LOOK, "read", "read with a client's key", *_WRITE, *_OVER, "delete"),
            *_KEY_THROUGH_S3,
        ),
        "everywhere": _ANYBODY,
    },
    "restore": {
        "own": (
            *_in("backups", *_LOOK, "list versions", "read", "read a version", "read with a client's key"),
            *_in("backups", *_REPORT, "read a dump", "claim a dump"),  # and never over one
            "backup key: read",
            *_in("media", *_LOOK, "list versions", "read", "read with a client's key", *_WRITE, *_OVER),
            *_KEY_THROUGH_S3,
            "alarms: report",
        ),
        "everywhere": _ANYBODY,
    },
    "pull": {"own": _PULL, "everywhere": (*_ANYBODY, "images: log in")},
    "deploy": {
        "own": (
            *(
                f"{bucket}: {what}"
                for bucket in ("backups", "media", "logs")
                for what in (
                    *_LOOK,
                    "put CORS",
                    "put the tags",
                    "add a tag",
                    "take a tag off",
                    "read the *",
                    "read CORS",
                )
            ),
            *_KEY_THROUGH_S3,
            *_in("key", "make a data key", "decrypt", "describe", "read the *", "rotate", "tag", "describe anew"),
            *_PULL,
            *_in(
                "images",
                "begin a layer",
                "push a layer",
                "end a layer",
                "push an image",
                "describe",
                "describe images",
            ),
            *_in("images", "read the *", "see what hangs on one", "tag", "put the scanning"),
            *_in("release key", "read the public half", "sign"),
            *_in("secret", "read", "describe", "read the policy", "write", "change", "move a stage", "tag"),
            *_in("backup key", "read", "describe", "read the policy", "tag"),  # it never changes
            *_in("own secrets", "read", "describe"),  # to set them takes a person
            *_in("parameters", "read", "read *", "write", "label", "tag"),
            *_in("parameters", "delete the lock", "delete the note of a gate"),  # and no history
            *_in("alarms", "describe", "read the tags", "tag", "put one"),
            *_in("alarms", "read the topic", "read the topic's tags", "set the topic", "tag the topic"),
            *_in("identities", "read a *", "list a *"),  # and never change one
            *(
                f"state: {verb} {what}"
                for verb in ("read", "write", "delete")
                for what in ("its stack", "its history")
            ),
        ),
        "before": (*_PULL, "images: see what hangs on one", "parameters: read the release"),
        "earlier": ("release key: read the public half",),
        "everywhere": (
            *_ANYBODY,
            "images: log in",
            "parameters: describe all",
            "key: list aliases",
            *_in("state", *_LOOK, "read what all share", "write what all share", "delete what all share"),
            *_in("state key", "make a data key", "encrypt", "decrypt", "describe"),
        ),
    },
    # By a policy of AWS's own, beside its own: what it is refused then, it is refused by an explicit deny.
    "backup as an administrator": {
        "own": ("backups: *", "media: *"),
        "but": (
            *_in(
                "backups",
                *_OVER,
                "overwrite a report",
                "delete a report",
                *("lay a dump down", "read a dump", "claim a dump", "overwrite a claim", "delete a claim"),
                "delete",
                "delete a version",
                "bypass a lock",
                "put a retention",
            ),
            *_in("backups", "put a legal hold", "put a lifecycle", "put the versioning", "put the lock"),
            *(f"{bucket}: {what}" for bucket in ("backups", "media") for what in (*_OTHER_KEYS, *_CLEAR)),
        ),
    },
    "administrator": {
        "own": ("*",),
        "but": (
            *(f"{bucket}: {what}" for bucket in ("backups", "media") for what in _OTHER_KEYS),
            *(f"{bucket}: {what}" for bucket in ("backups", "media", "logs", "state") for what in _CLEAR),
        ),
    },
    "stranger": {"everywhere": _ANYBODY},  # a user of the account without a policy
    "nobody": {},  # who does not sign
}


def is_allowed(who: str, home: str | None, what: str, where: str) -> bool:
    """Whether the identity of the environment `home` may do it to what belongs to the environment `where`."""
    rights = ALLOWED[who]
    places = ["everywhere"]
    if home == where:
        places.append("own")
    if home is not None and ENVIRONMENTS.index(where) < ENVIRONMENTS.index(home):
        places.append("earlier")
    if home is not None and ENVIRONMENTS.index(where) == ENVIRONMENTS.index(home) - 1:
        places.append("before")

    def among(place: str) -> bool:
        return any(fnmatchcase(what, pattern) for pattern in rights.get(place, ()))

    return any(map(among, places)) and not among("but")
