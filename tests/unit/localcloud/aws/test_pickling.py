"""moto's objects come back as they were, where the standard pickle fails or loses something."""

from __future__ import annotations

import threading

from cryptography.hazmat.primitives.asymmetric import ec
from moto.s3.utils import _VersionedKeyStore

from localcloud.aws.pickling import freeze, thaw


def test_all_versions_of_an_object_come_back() -> None:
    """The store shows pickle only the last one."""
    store = _VersionedKeyStore()
    store["a"] = "one"
    store["a"] = "two"

    found = thaw(freeze(store))

    assert type(found) is _VersionedKeyStore
    assert (found.getlist("a"), found["a"]) == (["one", "two"], "two")


def test_locks_come_back_open() -> None:
    """A lock is nothing to keep."""
    held = threading.Lock()
    held.acquire()

    lock, again = thaw(freeze([held, threading.RLock()]))

    assert lock.acquire(blocking=False)
    assert again.acquire(blocking=False)


def test_a_private_key_comes_back() -> None:
    """What was signed before can be verified after."""
    key = ec.generate_private_key(ec.SECP256R1())

    found = thaw(freeze(key))

    assert found.private_numbers() == key.private_numbers()


def test_one_object_in_two_places_stays_one() -> None:
    """What is shared within a service is shared afterwards."""
    store = _VersionedKeyStore()

    one, two = thaw(freeze([store, store]))

    assert one is two
