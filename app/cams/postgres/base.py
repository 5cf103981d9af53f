"""The database backend: Django's own, its connections from the pool that the settings describe under POOL."""

import os
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from cams.postgres.pool import Pool

_pools: dict[str, Pool] = {}
os.register_at_fork(after_in_child=_pools.clear)  # two processes on one connection would read each other's answers


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes a connection from the pool of its alias and gives it back where Django would close it."""

    kept = False  # while a transaction is to outlive the requests in it

    def close_if_unusable_or_obsolete(self) -> None:
        """What Django does as a request begins and ends."""
        if not self.kept:
            super().close_if_unusable_or_obsolete()

    def get_new_connection(self, conn_params: dict[str, Any]) -> psycopg.Connection[Any]:
        """One that works, or the driver's error."""
        pool = _pools.get(self.alias) or _pools.setdefault(self.alias, Pool(**self.settings_dict["POOL"]))
        connect = super().get_new_connection
        connection = pool.take(lambda: connect(conn_params))
        self.lender = pool
        return connection

    def _close(self) -> None:
        if self.connection is not None:
            with self.wrap_database_errors:
                self.lender.give_back(self.connection)
            self.connection = None

    def close_pool(self) -> None:
        """Close what is not in use; the next connection comes from a new pool."""
        if pool := _pools.pop(self.alias, None):
            pool.close()
