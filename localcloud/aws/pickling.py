"""How moto's objects become bytes and come back: what the standard pickle can't do, or does wrong, with them."""

from __future__ import annotations

import copyreg
import io
import pickle
import threading
from collections import defaultdict
from typing import Any

_LOCK = type(threading.Lock())
_RLOCK = type(threading.RLock())


def freeze(value: Any) -> bytes:
    """The bytes of a service's backends."""
    buffer = io.BytesIO()
    _Pickler(buffer, protocol=pickle.HIGHEST_PROTOCOL).dump(value)
    return buffer.getvalue()


def thaw(content: bytes) -> Any:
    """The backends that those bytes were."""
    return pickle.loads(content)  # noqa: S301 # our own file, readable by its owner alone


class _Pickler(pickle.Pickler):
    def reducer_override(self, obj: Any) -> Any:
        kind: Any = type(obj)
        if kind is _LOCK:
            return threading.Lock, ()
        if kind is _RLOCK:
            return threading.RLock, ()
        if isinstance(obj, dict) and kind.__module__.startswith("moto."):
            # By themselves these show pickle what they show to others: of an S3 object the last version alone.
            factory = obj.default_factory if isinstance(obj, defaultdict) else None
            content = (dict(obj), vars(obj), factory)
            return copyreg.__newobj__, (kind,), content, None, None, _fill  # type: ignore[attr-defined] # not in stubs
        if kind.__module__.startswith("cryptography.") and hasattr(obj, "private_bytes"):
            return _private_key, (_der(obj),)
        return NotImplemented


def _fill(empty: Any, content: tuple[dict[Any, Any], dict[str, Any], Any]) -> None:
    items, attributes, factory = content
    dict.update(empty, items)
    vars(empty).update(attributes)
    if factory is not None:
        empty.default_factory = factory


def _der(key: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    content: bytes = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return content


def _private_key(content: bytes) -> Any:
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    return load_der_private_key(content, password=None)
