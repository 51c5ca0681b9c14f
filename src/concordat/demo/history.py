"""The world's past and present, in order of time: requests, agreements, what was withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import Any

from django.utils import timezone

from concordat.demo import asking, evaluating, play, spending, weighing
from concordat.demo.clock import days_ago
from concordat.demo.play import Say, World
from concordat.demo.world import catalogue
from concordat.demo.world.evaluations import EVALUATIONS
from concordat.demo.world.requests import PATHS, REQUESTS, RequestPlan
from concordat.kernel.access import SYSTEM, Actor
from concordat.kernel.audit.sealing import seal
from concordat.marketplace import actions
from concordat.marketplace.models import Agreement, DataService, Dataset, ShareRequest
from concordat.tables.actions import note_delivery, settle_flag
from concordat.tables.models import Share
from concordat.tables.queries import flags

_READ = "Suppliers that both departments pay"  # the request whose share is read
FOUNDED = 440  # days before today on which bodies, people and catalogue were made
_SUPPLIER = {
    "review": "data_steward",
    "return": "data_steward",
    "comment": "protection_officer",
    "accept": "approver",
    "reject": "approver",
    "revoke": "approver",
    "sign": "signatory",
    "decline": "signatory",
}
Happening = tuple[float, Callable[[], object]]


@dataclass
class Thread:
    """One request from its draft to its end."""

    world: World
    plan: RequestPlan
    request: ShareRequest | None = None
    agreement: Agreement | None = None

    def happenings(self) -> Iterator[Happening]:
        """Each step of the path, with how many days ago it was."""
        for verb, ago in zip(PATHS[self.plan.end], self.plan.days, strict=True):
            yield ago, partial(self._do, verb)

    def _do(self, verb: str) -> None:
        if verb == "draft":
            self.request = self._draft()
        elif verb == "expire":
            actions.expire_agreements(SYSTEM)
        elif verb == "accept":
            assert self.request is not None  # drafted before
            self.agreement = actions.accept_request(self._who(verb), self.request)
        else:
            record: Any = self.agreement or self.request
            last = verb == PATHS[self.plan.end][-1]
            note = self.plan.note if last else ""
            actions.perform(self._who(verb), record, verb, note=note)

    def _who(self, verb: str) -> Actor:
        body, _, role = self.plan.asker.partition(":")
        supplier = self.world.distributions[self.plan.table].dataset.owner.slug
        if verb in _SUPPLIER:
            return self.world.actor(supplier, _SUPPLIER[verb])
        return self.world.actor(body, "signatory" if verb in ("countersign", "close") else role)

    def _draft(self) -> ShareRequest:
        plan, chosen = self.plan, self.world.distributions[self.plan.table]
        latest = chosen.table.latest if chosen.table else None
        columns = [column["name"] for column in latest.columns] if latest else []
        today = timezone.localdate()
        whole = bool(plan.purpose)  # some drafts are only begun
        values = {
            **plan.values(),
            "distribution": chosen,
            "columns": columns[: -plan.leave],
            "people": [self.world.people[who].email for who in plan.named],
            "starts_on": today,
            "ends_on": timezone.localdate() + timedelta(days=plan.ends + int(plan.days[0])),
        }
        if not whole:
            values = {"distribution": chosen, "title": plan.title, "columns": columns[:3]}
        body = self.world.bodies[plan.asker.partition(":")[0]]
        return actions.draft_request(self._who("draft"), body, chosen.dataset, values)


def build(world: World, scale: float, say: Say) -> None:
    """All of it: the founding, then every deed on its day; the log is sealed about once a week."""
    with days_ago(FOUNDED):
        services = _founding(world, scale, say)
        seal()
    threads = [Thread(world, plan) for plan in REQUESTS]
    happenings: list[Happening] = [*_records(world, services)]
    happenings += [(30.0, partial(play.load_anew, world, scale))]
    happenings += evaluating.happenings(world)
    happenings += weighing.happenings(world)
    happenings += asking.happenings(world)
    happenings += spending.happenings(world)
    for thread in threads:
        happenings += thread.happenings()
    happenings += _reads(world, next(t for t in threads if t.plan.title == _READ))
    happenings.sort(key=lambda happening: -happening[0])
    for _, week in groupby(happenings, key=lambda happening: happening[0] // 7):
        for ago, deed in week:
            with days_ago(ago):
                deed()
        with days_ago(ago):
            seal()
    say(f"world     {len(EVALUATIONS)} evaluations and two years of major projects")
    for thread in threads:
        say(f"world     a request that is {thread.plan.end.replace('_', ' ')}: {thread.plan.title}")


def _founding(world: World, scale: float, say: Say) -> dict[str, DataService]:
    play.make_bodies(world)
    say(f"world     {len(world.bodies)} bodies")
    say(f"world     {play.make_people(world)} people who do not exist")
    play.make_catalogue(world)
    for table in play.make_tables(world, scale):
        rows = table.latest.rows if table.latest else 0
        say(f"world     table {table.name}: {rows:,} rows")
    play.publish_datasets(world)
    services = play.make_services(world)
    say(f"world     {len(world.datasets)} datasets and {len(services)} data services")
    return services


def _records(world: World, services: dict[str, DataService]) -> Iterator[Happening]:
    """What is withdrawn, and what waits for a decision now."""
    for number, plan in enumerate(catalogue.datasets(world.seed)):
        dataset = world.datasets[plan.title]
        if plan.end == "withdrawn":
            yield 100 - number, _withdrawal(world, plan.owner, dataset)
        if plan.end == "in_review":
            steward = world.actor(plan.owner, "data_steward")
            yield 12 - number / 5, _submission(steward, dataset)
    for plan in catalogue.services(world.seed):
        if plan.end == "withdrawn":
            yield 110, _withdrawal(world, plan.owner, services[plan.title])


def _reads(world: World, thread: Thread) -> Iterator[Happening]:
    """Weeks of totals through one share, then the whole table, which the supplier looked into; and
    again yesterday, which nobody has looked at yet."""

    def read(door: str, *, whole: bool = False) -> None:
        assert thread.agreement is not None  # signed before
        share = Share.objects.select_related("table__latest").get(basis=thread.agreement.reference)
        latest = share.table.latest
        assert latest is not None  # a share is of a table that was loaded
        told: dict[str, Any] = {"version": latest.number, "columns": ["Expense area"]}
        if whole:
            told |= {"rows": latest.rows, "bytes": 90 * latest.rows, "whole": True}
        note_delivery(world.actor(*thread.plan.asker.split(":")), share, door, **told)

    def settle() -> None:
        approver = world.actor(
            world.distributions[thread.plan.table].dataset.owner.slug, "approver"
        )
        note = "They rang before: the ledgers of the whole year are compared once. It was agreed."
        settle_flag(approver, flags(approver)[0], note=note)

    for week in range(12):
        yield 80.0 - 4 * week, partial(read, "aggregate")
    yield 20.0, partial(read, "csv", whole=True)
    yield 19.5, settle
    yield 1.0, partial(read, "csv", whole=True)


def _withdrawal(world: World, owner: str, record: Dataset | DataService) -> Callable[[], object]:
    note = "The figures are being checked; it comes back when they are right."
    approver = world.actor(owner, "approver")
    return lambda: actions.perform(approver, record, "withdraw", note=note)


def _submission(steward: Actor, dataset: Dataset) -> Callable[[], object]:
    return lambda: actions.perform(steward, dataset, "submit")
