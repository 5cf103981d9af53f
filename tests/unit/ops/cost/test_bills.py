"""What the stacks cost a month: from the stack files and one dated table, and nothing guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from infra.config import Environment, Stack
from ops.cost import bills, prices
from ops.cost.bills import Bill, Item
from ops.environments.stacks import load
from tests.support.program import Programs

ENVIRONMENTS = ("dev", "staging", "prod")


def changed(name: str, **parts: dict[str, object]) -> Stack:
    """A stack file with other values."""
    stack = load(name)
    given = {**stack.model_dump(), "application": stack.application}
    for part, values in parts.items():
        given[part] |= values
    return Stack.model_validate(given)


def bill(stack: Stack) -> Bill:
    """Of that environment alone."""
    return bills.bills([stack])[0]


@pytest.mark.parametrize(("name", "total"), [("dev", "37.60"), ("staging", "53.60"), ("prod", "368.10")])
def test_each_environment_costs_what_its_file_declares(name: str, total: str) -> None:
    """Instances times their plan, the database with its copies and disks, the cache, and AWS's fixed prices."""
    assert bill(load(name)).total == Decimal(total)


def test_what_exists_once_is_a_bill_of_its_own() -> None:
    """The workspace, and the state's key in each account."""
    [*_, shared] = bills.bills(load(name) for name in ENVIRONMENTS)

    assert (shared.name, shared.total) == ("shared", Decimal(26))


def test_a_standby_and_a_replica_cost_what_the_primary_costs_with_its_disk() -> None:
    """Of prod: three databases of 55 dollars, and three disks of 100 GB."""
    items = {item.what: item.price for item in bill(load("prod")).items}
    alone = changed("prod", database={"high_availability": False, "read_replicas": 0})

    assert (items["database pro_4gb"], items["GB of its disk"]) == (Decimal(165), Decimal(90))
    both, one = bill(load("prod")).total, bill(alone).total
    assert both is not None
    assert one is not None
    assert both - one == 2 * (55 + 30)


def test_secrets_of_ones_own_are_paid_one_by_one() -> None:
    """Each is an entry of the vault, beside those with what is invented and what opens backups."""
    stack = load("dev").model_copy(update={"secrets": ("A_KEY", "B_DSN")})
    items = {item.what: item for item in bill(stack).items}

    assert (items["AWS secret"].count, items["AWS secret"].price) == (4, Decimal("1.60"))


def test_a_price_that_nobody_knows_is_not_guessed() -> None:
    """Neither for the item nor for any sum that it is in."""
    stack = changed("prod", database={"plan": "pro_16gb"})
    every = bills.bills([stack])
    [told, *_, together] = bills.lines(every)

    assert every[0].total is None
    assert every[0].shown()["usd"] is None
    assert told.startswith("prod         unknown  ")
    assert "3 × database pro_16gb unknown" in told
    assert together == "together     unknown"


def test_the_lines_are_for_people() -> None:
    """A name, a sum, and what costs nothing is left out."""
    every = [Bill("dev", (Item("web", 2, Decimal(7)), Item("alarm", 1, Decimal(0))))]

    assert bills.lines(every) == ["dev            14.00  2 × web 14.00", "together       14.00"]


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_what_is_counted_is_what_the_program_declares(name: Environment, programs: Programs) -> None:
    """So many services, jobs, keys, secrets and alarms."""
    program = programs[name]
    count = {item.what: item.count for item in bill(load(name)).items}

    assert count["cron job (at least)"] == len(program.all("CronJob"))
    assert count["AWS key"] == len(program.all("kms/key:Key"))
    assert count["AWS secret"] == len(program.all("secretsmanager/secret:Secret"))
    assert count["AWS alarm"] == len(program.all("MetricAlarm"))
    [database] = program.all("Postgres")
    copies = 1 + database.inputs["enableHighAvailability"] + len(database.inputs["readReplicas"])
    assert count[f"database {database.inputs['plan']}"] == copies


def test_the_table_says_of_which_day_it_is_and_where_it_is_from() -> None:
    """Who reads the sum wants to know both."""
    assert prices.AS_OF == "2026-08-09"
    assert prices.SOURCE == "https://render.com/pricing"
