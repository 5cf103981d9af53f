"""The runtime of this machine: real databases, real processes, a real edge, no container engine."""

from __future__ import annotations

from localcloud.machine import identity
from localcloud.render.oidc.issuer import issuer
from localcloud.render.runtime.databases.postgres import PostgresDatabases
from localcloud.render.runtime.edge.servers import CaddyEdge
from localcloud.render.runtime.instances.services import ProcessInstances
from localcloud.render.runtime.key_values.valkey import ValkeyStores
from localcloud.render.runtime.logs.files import FileLogs
from localcloud.render.runtime.protocols import Runtime
from localcloud.render.runtime.releases.unpacked import UnpackedReleases
from localcloud.render.runtime.tokens.files import TokenFiles
from localcloud.render.runtime.watchdog import Watchdog


def create() -> Runtime:
    """Not yet started."""
    watchdog, logs = Watchdog(), FileLogs()
    edge = CaddyEdge(watchdog)
    tokens = TokenFiles(issuer(identity.load().render_owner_id).sign)
    return Runtime(
        databases=PostgresDatabases(watchdog),
        key_values=ValkeyStores(watchdog),
        releases=UnpackedReleases(),
        instances=ProcessInstances(watchdog, logs, edge, tokens),
        edge=edge,
        logs=logs,
    )
