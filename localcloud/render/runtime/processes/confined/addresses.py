"""Socket addresses as the kernel writes them, and what each becomes so that only this machine reaches it."""

from __future__ import annotations

import ipaddress
import socket
import struct

LOOPBACK_4 = "127.0.0.1"
LOOPBACK_6 = "::1"
MAPPED = "::ffff:127.0.0.1"  # for IPv6 sockets that serve IPv4 too: the edge asks by IPv4


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches that IP address."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return (mapped or parsed).is_loopback


def confined(raw: bytes, *, only_6: bool) -> tuple[str, int] | None:
    """Where a socket is to be bound instead of at the address `raw`; None where that is this machine alone."""
    if len(raw) < 2:
        return None
    [family] = struct.unpack_from("=H", raw)
    if family == socket.AF_INET and len(raw) >= 8:
        [port], host = struct.unpack_from("!H", raw, 2), socket.inet_ntop(socket.AF_INET, raw[4:8])
        return None if is_loopback(host) else (LOOPBACK_4, port)
    if family == socket.AF_INET6 and len(raw) >= 24:
        [port], host = struct.unpack_from("!H", raw, 2), socket.inet_ntop(socket.AF_INET6, raw[8:24])
        return None if is_loopback(host) else (LOOPBACK_6 if only_6 else MAPPED, port)
    return None
