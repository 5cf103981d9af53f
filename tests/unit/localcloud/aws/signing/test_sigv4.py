"""The signatures that AWS's own documentation gives as examples, and what must not matter to one."""

from __future__ import annotations

import base64
import hashlib

import pytest

from localcloud.aws.signing import sigv4

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SECRET_OF_IAM = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
DAY, SCOPE = "20130524T000000Z", "20130524/us-east-1/s3/aws4_request"
HOST = {"host": "examplebucket.s3.amazonaws.com", "x-amz-date": DAY}
WELCOME = hashlib.sha256(b"Welcome to Amazon S3.").hexdigest()
LINK = (
    "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2F"
    "aws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=abc"
)

# https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and sigv4-query-string-auth.html
S3 = [
    (
        "GET",
        "/test.txt",
        {**HOST, "range": "bytes=0-9", "x-amz-content-sha256": sigv4.EMPTY},
        sigv4.EMPTY,
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ),
    (
        "PUT",
        "/test$file.text",
        {
            **HOST,
            "date": "Fri, 24 May 2013 00:00:00 GMT",
            "x-amz-storage-class": "REDUCED_REDUNDANCY",
            "x-amz-content-sha256": WELCOME,
        },
        WELCOME,
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ),
    (
        "GET",
        "/?lifecycle",
        {**HOST, "x-amz-content-sha256": sigv4.EMPTY},
        sigv4.EMPTY,
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    ),
    (
        "GET",
        "/?max-keys=2&prefix=J",
        {**HOST, "x-amz-content-sha256": sigv4.EMPTY},
        sigv4.EMPTY,
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ),
    (
        "GET",
        LINK,
        {"host": HOST["host"]},
        sigv4.UNSIGNED,
        "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
    ),
]


def signature(
    secret: str, timestamp: str, scope: str, method: str, target: str, headers: dict[str, str], hashed: str
) -> str:
    """As the client would make it."""
    s3 = "/s3/" in scope
    canonical = sigv4.canonical_request(method, target, headers, sorted(headers), hashed, s3=s3)
    return sigv4.sign(sigv4.signing_key(secret, scope), sigv4.string_to_sign(timestamp, scope, canonical))


@pytest.mark.parametrize(("method", "target", "headers", "hashed", "expected"), S3, ids=[case[1][:20] for case in S3])
def test_the_examples_of_s3(method: str, target: str, headers: dict[str, str], hashed: str, expected: str) -> None:
    """Each request of the documentation has the signature that stands there."""
    assert signature(SECRET, DAY, SCOPE, method, target, headers, hashed) == expected


def test_the_example_of_iam() -> None:
    """ListUsers, from https://docs.aws.amazon.com/IAM/latest/UserGuide/signing-elements.html."""
    headers = {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        "host": "iam.amazonaws.com",
        "x-amz-date": "20150830T123600Z",
    }

    made = signature(
        SECRET_OF_IAM,
        "20150830T123600Z",
        "20150830/us-east-1/iam/aws4_request",
        "GET",
        "/?Action=ListUsers&Version=2010-05-08",
        headers,
        sigv4.EMPTY,
    )

    assert made == "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"


# From the suite of examples that AWS publishes with its SDKs (aws-c-auth, tests/aws-signing-test-suite/v4).
SUITE = [
    ("get-vanilla", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("get-relative", "/example/..", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("get-slashes", "//", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("get-slash-dot-slash", "/./", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    (
        "get-vanilla-query-order-key-case",
        "/?Param2=value2&Param1=value1",
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ),
    (
        "get-vanilla-empty-query-key",
        "/?Param1=value1",
        "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
    ),
]


@pytest.mark.parametrize(("name", "target", "expected"), SUITE, ids=[case[0] for case in SUITE])
def test_the_examples_of_other_services(name: str, target: str, expected: str) -> None:
    """Their paths are put in order, their parameters sorted."""
    headers = {"host": "example.amazonaws.com", "x-amz-date": "20150830T123600Z"}
    scope = "20150830/us-east-1/service/aws4_request"

    made = signature(SECRET_OF_IAM, "20150830T123600Z", scope, "GET", target, headers, sigv4.EMPTY)

    assert made == expected, name


def test_the_example_of_a_form() -> None:
    """Its policy is signed as it is sent: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html."""
    lines = [
        '{ "expiration": "2015-12-30T12:00:00.000Z",',
        '  "conditions": [',
        '    {"bucket": "sigv4examplebucket"},',
        '    ["starts-with", "$key", "user/user1/"],',
        '    {"acl": "public-read"},',
        '    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},',
        '    ["starts-with", "$Content-Type", "image/"],',
        '    {"x-amz-meta-uuid": "14365123651274"},',
        '    {"x-amz-server-side-encryption": "AES256"},',
        '    ["starts-with", "$x-amz-meta-tag", ""],',
        "",
        '    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},',
        '    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},',
        '    {"x-amz-date": "20151229T000000Z" }',
        "  ]",
        "}",
    ]
    policy = base64.b64encode("\r\n".join(lines).encode()).decode()

    made = sigv4.sign(sigv4.signing_key(SECRET, "20151229/us-east-1/s3/aws4_request"), policy)

    assert made == "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e"


def canonical(target: str, headers: dict[str, str] | None = None, *, s3: bool = True) -> list[str]:
    """The lines that stand for a GET."""
    said = {"host": "localhost:4566", **(headers or {})}
    return sigv4.canonical_request("GET", target, said, sorted(said), sigv4.EMPTY, s3=s3).split("\n")


@pytest.mark.parametrize(
    ("target", "of_s3", "of_others"),
    [
        ("/a%20b/c~d", "/a%20b/c~d", "/a%2520b/c~d"),
        ("/a/../b//c/./d/", "/a/../b//c/./d/", "/b/c/d/"),
        ("/a%7eb/%2f", "/a~b//", "/a%257eb/%252f"),
        ("/%C3%A4", "/%C3%A4", "/%25C3%25A4"),
        ("/../..", "/../..", "/"),
        ("", "/", "/"),
    ],
)
def test_a_path_is_encoded_once_for_s3_and_put_in_order_for_others(target: str, of_s3: str, of_others: str) -> None:
    """A key of S3 may be any text, also one with two slashes; elsewhere a path is encoded once more."""
    assert canonical(target)[1] == of_s3
    assert canonical(target, s3=False)[1] == of_others


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("b=2&a=1", "a=1&b=2"),
        ("a=2&a=1&a", "a=&a=1&a=2"),
        ("acl", "acl="),
        ("a=b%20c&d=e+f", "a=b%20c&d=e%20f"),
        ("a=%c3%a4&B=%7E", "B=~&a=%C3%A4"),
        ("a=b=c&&", "a=b%3Dc"),
        ("a=1&X-Amz-Signature=x", "a=1"),
    ],
)
def test_parameters_are_sorted_and_encoded_alike(query: str, expected: str) -> None:
    """Those that come twice stay two, those without a value have an empty one."""
    assert canonical(f"/?{query}")[2] == expected


def test_white_space_in_headers_does_not_matter() -> None:
    """It is trimmed and taken together; bytes that are no ASCII are left alone."""
    lines = canonical("/", {"x-amz-meta-a": "  one   two\t three ", "x-amz-meta-b": "a\xc3\xa0"})

    assert lines[3:6] == ["host:localhost:4566", "x-amz-meta-a:one two three", "x-amz-meta-b:a\xc3\xa0"]
