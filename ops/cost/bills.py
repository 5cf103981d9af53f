"""What the stacks cost a month as they are declared, item by item; traffic and storage by use come on top."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from infra.config import Stack
from infra.preview import Preview
from infra.running import Running
from ops.cost import prices

ALARMS = 3
SECRETS = 2  # what the program invents, and what opens the backups
CONTENTS = 22  # the column in which a line begins to tell what is in a bill


@dataclass(frozen=True)
class Item:
    """So many of one thing, each at a price; None where nobody knows it."""

    what: str
    count: int
    each: Decimal | None

    @property
    def price(self) -> Decimal | None:
        """For all of them."""
        return None if self.each is None else self.each * self.count


@dataclass(frozen=True)
class Bill:
    """The items of one environment, or of what all of them share."""

    name: str
    items: tuple[Item, ...]

    @property
    def total(self) -> Decimal | None:
        """None when the price of an item is unknown: a sum without it would be a guess."""
        known = [item.price for item in self.items if item.price is not None]
        return sum(known, Decimal(0)) if len(known) == len(self.items) else None

    def shown(self) -> dict[str, Any]:
        """For programs."""
        items = [{"what": one.what, "count": one.count, "usd": _number(one.price)} for one in self.items]
        return {"usd": _number(self.total), "items": items}


def bills(stacks: Iterable[Stack]) -> list[Bill]:
    """One for each environment, and one for what exists once."""
    every = list(stacks)
    return [*map(_environment, every), _shared(every)]


def lines(every: Iterable[Bill]) -> list[str]:
    """A line for each bill and one for all together: name, sum, and what is in it."""
    every = list(every)
    together = Bill("together", tuple(item for bill in every for item in bill.items))
    told = [f"{bill.name:<10}{dollars(bill.total):>10}  {_contents(bill)}" for bill in every]
    return [*told, f"{together.name:<10}{dollars(together.total):>10}"]


def dollars(amount: Decimal | None) -> str:
    """With cents, or the word for not knowing."""
    return "unknown" if amount is None else f"{amount:.2f}"


def preview(stack: Preview) -> Bill:
    """The one of a pull request's preview, which has nothing in AWS."""
    return Bill(stack.stack, (*_services(stack), *_data(stack)))


def _services(stack: Running) -> tuple[Item, ...]:
    return (
        Item(f"web {stack.web.plan}", stack.web.instances, _of(prices.SERVICE, stack.web.plan)),
        Item(f"worker {stack.worker.plan}", stack.worker.instances, _of(prices.SERVICE, stack.worker.plan)),
    )


def _companion(stack: Stack) -> tuple[Item, ...]:
    plan = stack.companion.plan if stack.companion else ""
    return (Item(f"companion {plan}", 1, _of(prices.SERVICE, plan)),) if plan else ()


def _data(stack: Running) -> tuple[Item, ...]:
    database = stack.database
    copies = 1 + database.high_availability + database.read_replicas
    return (
        Item(f"database {database.plan}", copies, _of(prices.DATABASE, database.plan)),
        Item("GB of its disk", database.disk_gb * copies, prices.DISK_GB),
        Item(f"cache {stack.cache.plan}", 1, _of(prices.CACHE, stack.cache.plan)),
    )


def _environment(stack: Stack) -> Bill:
    return Bill(
        stack.environment,
        (
            *_services(stack),
            *_companion(stack),
            Item("cron job (at least)", len(stack.schedules) + len(stack.backup_schedules), prices.CRON_JOB_AT_LEAST),
            *_data(stack),
            Item("AWS key", 1, prices.AWS_KEY),
            Item("AWS secret", SECRETS + len(stack.kept_secrets), prices.AWS_SECRET),
            Item("AWS alarm", ALARMS, prices.AWS_ALARM),
        ),
    )


def _shared(stacks: Iterable[Stack]) -> Bill:
    accounts = len({(stack.aws.account, stack.aws.region) for stack in stacks})
    items = (
        Item("Render workspace Pro", 1, prices.WORKSPACE),
        Item("AWS key of the state", accounts, prices.AWS_KEY),
    )
    return Bill("shared", items)


def _of(table: Mapping[str, Decimal], plan: str) -> Decimal | None:
    return table.get(plan)


def _contents(bill: Bill) -> str:
    paid = [one for one in bill.items if one.price != 0]
    return ", ".join(f"{one.count} × {one.what} {dollars(one.price)}" for one in paid)


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)
