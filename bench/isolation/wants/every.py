"""All that somebody could want of an environment, by name."""

from __future__ import annotations

from bench.isolation.want import Want
from bench.isolation.wants import buckets, control, data

WANTS: dict[str, Want] = {
    f"{thing}: {what}": want
    for thing, wants in {
        "backups": {**buckets.of("backups"), **buckets.reports(), **buckets.drops()},
        "media": buckets.of("media"),
        "logs": buckets.of("logs"),
        "key": data.KEY,
        "images": data.IMAGES,
        "secret": data.of_a_secret(lambda p: p.names.secret),
        "backup key": data.of_a_secret(lambda p: p.names.backup_key),
        "own secrets": data.of_a_secret(lambda p: p.own_secret),
        "parameters": data.PARAMETERS,
        "alarms": control.ALARMS,
        "identities": control.IDENTITIES,
        "state": buckets.of_the_state(),
        "state key": data.STATE_KEY,
        "release key": data.RELEASE_KEY,
    }.items()
    for what, want in wants.items()
}
