"""What a preview tells, the destructive first and in bold."""

from __future__ import annotations

from ops.pipeline.changes import markdown, read

URN = "urn:pulumi:staging::cams::"
STEPS = [
    {"op": "same", "urn": f"{URN}pulumi:pulumi:Stack::cams-staging"},
    {"op": "create", "urn": f"{URN}aws:sns/topic:Topic::more"},
    {
        "op": "update",
        "urn": f"{URN}slipway:Web$render:index:WebService::web",
        "detailedDiff": {"plan": {}, "name": {}},
    },
    {"op": "create-replacement", "urn": f"{URN}render:index:Postgres::database"},
    {"op": "replace", "urn": f"{URN}render:index:Postgres::database", "diffReasons": ["version"]},
    {"op": "delete-replaced", "urn": f"{URN}render:index:Postgres::database"},
    {"op": "delete", "urn": f"{URN}aws:s3/bucket:Bucket::media"},
]


def test_what_destroys_comes_first() -> None:
    """A replacement is one change, whatever its steps; what stays is none."""
    found = read({"steps": STEPS})

    assert [(one.operation, one.kind, one.name, one.properties, one.destroys) for one in found] == [
        ("delete", "aws:s3/bucket:Bucket", "media", (), True),
        ("replace", "render:index:Postgres", "database", ("version",), True),
        ("update", "render:index:WebService", "web", ("name", "plan"), False),
        ("create", "aws:sns/topic:Topic", "more", (), False),
    ]


def test_a_reviewer_sees_it_in_bold() -> None:
    """And how many there are."""
    told = markdown("staging", read({"steps": STEPS}))

    assert told[0] == "**staging**: 4 resources would change, **2 of them destroyed**."
    assert told[4] == "| **delete** | **aws:s3/bucket:Bucket** | **media** |  |"
    assert told[6] == "| update | render:index:WebService | web | name, plan |"
    assert markdown("staging", []) == ["**staging**: nothing would change."]
