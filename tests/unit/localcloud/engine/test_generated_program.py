"""The program that an import prints says in Python what the engine says in its own language."""

from __future__ import annotations

import ast

import pytest

from localcloud.engine.generated_program import python

LIFECYCLE = r"""package aws {
    baseProviderName = "aws"

}

resource pol-icy "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration" {
    __logicalName = "pol-icy"
    bucket = media.bucketName
    expectedBucketOwner = null
    rules =[{
            expiration ={
days = 30},
            filter ={
prefix = ""},
            id = "say \"$${x}\"\n"
        }]
    tags ={
        "Project" = "cams", "a-b" = "c"
    }
    threshold = 1.5
    secret = secret("s")
    class = true

    options {
        protect = true
    }
}
"""

PROGRAM = r"""import pulumi
import pulumi_aws as aws

pol_icy = aws.s3.BucketLifecycleConfiguration(
    'pol-icy',
    bucket=media.bucket_name,
    expected_bucket_owner=None,
    rules=[{'expiration': {'days': 30}, 'filter': {'prefix': ''}, 'id': 'say "${x}"\n'}],
    tags={'Project': 'cams', 'a-b': 'c'},
    threshold=1.5,
    secret=pulumi.Output.secret('s'),
    class_=True,
    opts=pulumi.ResourceOptions(protect=True),
)
"""


def test_every_attribute_is_an_argument() -> None:
    """By the SDK's names; keys inside of values stay, for the SDK takes them as they are."""
    assert python(LIFECYCLE) == PROGRAM


@pytest.mark.parametrize(
    ("type_", "imported", "called"),
    [
        ("aws:iam/role:Role", "import pulumi_aws as aws", "aws.iam.Role("),
        ("random:index/randomPassword:RandomPassword", "import pulumi_random as random", "random.RandomPassword("),
        ("render:index:Postgres", "from render_provider import resources as render", "render.Postgres("),
        ("registry:index:Image", "from registry_provider import resources as registry", "registry.Image("),
    ],
)
def test_a_type_is_found_in_its_package(type_: str, imported: str, called: str) -> None:
    """Ours are where the program has them."""
    program = python(f'resource x "{type_}" {{\n name = "y"\n}}\n')

    assert imported in program.splitlines()
    assert f"x = {called}" in program
    ast.parse(program)


@pytest.mark.parametrize("text", ['resource x "a:b:C" {', 'resource x "a:b:C" { a = }', "resource x { = 1 }", "x"])
def test_what_is_cut_short_is_an_error(text: str) -> None:
    """And not half a program."""
    with pytest.raises(ValueError, match=r"expected at token|ends too early"):
        python(text)
