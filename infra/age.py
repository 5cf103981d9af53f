"""The forms in which age (age-encryption.org) writes its keys: bech32 of 32 bytes. Imports no Pulumi."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
IDENTITY, RECIPIENT = "age-secret-key-", "age"
CHECK = 6


def identity(key: bytes) -> str:
    """What `age -d -i` reads."""
    return _written(IDENTITY, key).upper()


def recipient_of(key: bytes) -> str:
    """What `age -r` takes: whom only the holder of that key is."""
    return _written(RECIPIENT, X25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw())


def recipient(text: str) -> str:
    """The same text, if it is a recipient: a typo in one would be found when a backup has to be opened."""
    prefix, _, data = text.rpartition("1")
    values = [LETTERS.find(letter) for letter in data]
    if prefix != RECIPIENT or len(values) != 52 + CHECK or -1 in values or _checked(prefix, values) != 1:
        raise ValueError(f"`{text}` is no recipient of age: age1 and 58 letters, as `./slipway backup key` prints it")
    return text


def _written(prefix: str, content: bytes) -> str:
    number, bits = int.from_bytes(content, "big"), len(content) * 8
    padding = -bits % 5
    number, bits = number << padding, bits + padding
    values = [number >> shift & 31 for shift in range(bits - 5, -1, -5)]
    check = _checked(prefix, [*values, *[0] * CHECK]) ^ 1
    values += [check >> 5 * (CHECK - 1 - place) & 31 for place in range(CHECK)]
    return f"{prefix}1{''.join(LETTERS[value] for value in values)}"


def _checked(prefix: str, values: list[int]) -> int:
    """Bech32's checksum (BIP 173): 1 for what is whole."""
    total = 1
    spread = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    for value in spread + values:
        top = total >> 25
        total = (total & 0x1FFFFFF) << 5 ^ value
        for place, part in enumerate(GENERATOR):
            total ^= part if top >> place & 1 else 0
    return total
