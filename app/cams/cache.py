"""The shared cache, which nothing depends on: where its server does not answer, nothing is found and nothing kept."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends import redis
from redis.exceptions import RedisError

logger = logging.getLogger("cams.cache")


class RedisCache(redis.RedisCache):
    """Django's own, for what sessions ask of it: an error there would be one for everybody who is logged in."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value, or the default."""
        return _unless_gone(default, super().get, key, default, version)

    def set(self, key: str, value: Any, *rest: Any, **options: Any) -> None:
        """Keep the value if that is possible."""
        _unless_gone(None, super().set, key, value, *rest, **options)

    def has_key(self, key: str, version: int | None = None) -> bool:
        """Whether it is there."""
        return bool(_unless_gone(False, super().has_key, key, version))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Whether it was there."""
        return bool(_unless_gone(False, super().delete, key, version))

    def ask(self) -> None:
        """Raise the client's error when the server does not answer."""
        super().get("health")


def _unless_gone(otherwise: Any, ask: Callable[..., Any], *words: Any, **options: Any) -> Any:
    try:
        return ask(*words, **options)
    except RedisError as error:
        logger.warning("the cache does not answer: %s", type(error).__name__)
        return otherwise
