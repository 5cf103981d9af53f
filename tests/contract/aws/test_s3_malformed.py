"""Whatever is sent to S3, it answers, and with an error that S3 has."""

from __future__ import annotations

import socket

import pytest

from bench.aws_truth.account import Account
from bench.s3_malformed import tried
from tests.support.aws_daemon import Aws


def test_no_request_is_answered_with_a_fault_of_the_service(aws: Aws) -> None:
    """Hundreds of them, of all operations, with wrong parameters, headers and documents."""
    assert tried(Account(aws), 0, 400) == []


@pytest.mark.parametrize("length", ["-1", "a", "1e3", "9" * 30])
def test_a_length_that_is_none_is_refused_at_once(aws: Aws, length: str) -> None:
    """Not waited for."""
    with socket.create_connection(("127.0.0.1", aws.port("aws")), timeout=5) as connection:
        connection.sendall(f"PUT /bucket/key HTTP/1.1\r\nHost: s3\r\nContent-Length: {length}\r\n\r\n".encode())
        status = connection.recv(100).split()[1]

    assert status in (b"400", b"403", b"411", b"413")
