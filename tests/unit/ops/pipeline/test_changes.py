"""What a preview tells, the destructive first and in bold."""

from __future__ import annotations

from ops.pipeline.changes import Change, markdown, read

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


def test_what_goes_on_is_folded_where_it_is_long() -> None:
    """What is destroyed never is, and what a file says is no markup."""
    gone = Change("replace", "render:index:Postgres", "database", ("name: a|b → `c`",), refused=True)
    many = [Change("update", "aws:sns/topic:Topic", f"topic-{number}") for number in range(11)]

    told = markdown("prod", [gone, *many])

    assert told[0] == "**prod**: 12 resources would change, **1 of them destroyed**."
    row = r"name: a\|b → \`c\`, protected: `up` refuses it"
    assert told[4] == f"| **replace** | **render:index:Postgres** | **database** | **{row}** |"
    assert told[6] == "<details><summary>11 resources updated or created</summary>"
    assert (told[10], told[-1]) == ("| update | aws:sns/topic:Topic | topic-0 |  |", "</details>")
