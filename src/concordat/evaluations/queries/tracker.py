"""The tracker: the clocks of evaluations by body and by topic, from the same query as every page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from django.db.models import Q
from django.utils import timezone

from concordat.evaluations.models import Evaluation, Plan
from concordat.evaluations.queries.clocks import Clock, clocks
from concordat.evaluations.rules.clocks import Standing, ranked, standing_of
from concordat.evaluations.rules.slippage import Move, Slip, moves, slips
from concordat.kernel.access import Actor
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.organisations.queries import all_ends, rolled_up
from concordat.kernel.reference import codelist
from concordat.kernel.refusals import NotVisible


@dataclass(frozen=True)
class Line:
    """One body, or one topic, in the tracker. `address` names it there."""

    address: str
    standing: Standing
    planned: int
    live: int
    complete: int
    stopped: int
    escalated: int  # evaluations of which somebody was told that they are overdue

    @property
    def name(self) -> str:
        """What it is called."""
        return self.standing.name

    @property
    def on_time(self) -> int:
        """How many results came when they were due."""
        return self.standing.out - self.standing.late


@dataclass(frozen=True)
class Tracker:
    """The lines, best first, and all evaluations together: each is counted once there, although one
    of a body that was split stands under each of its successors."""

    lines: list[Line]
    whole: Line
    today: date


def by_body(actor: Actor, today: date) -> Tracker:
    """How each body stands: six queries. Renamed and merged bodies stand under what they are now."""
    found = clocks(actor, today)
    ends = all_ends(clock.owner_id for clock in found)
    wanted = {pk for held in ends.values() for pk in held}
    rows = Organisation.objects.visible_to(actor).filter(pk__in=wanted)
    bodies = {pk: (slug, name) for pk, slug, name in rows.values_list("pk", "slug", "name")}
    return _tracker(found, today, lambda c: [bodies[pk] for pk in ends[c.owner_id] & set(bodies)])


def by_topic(actor: Actor, today: date) -> Tracker:
    """How each topic stands: four queries. An evaluation stands under each of its topics."""
    label = codelist("evaluation_topics").label
    found = clocks(actor, today)
    return _tracker(found, today, lambda c: [(topic, label(topic)) for topic in c.topics])


def _tracker(
    found: list[Clock], today: date, groups: Callable[[Clock], Iterable[tuple[str, str]]]
) -> Tracker:
    held: dict[tuple[str, str], list[Clock]] = defaultdict(list)
    for clock in found:
        for group in groups(clock):
            held[group].append(clock)
    made = {name: _line(name, label, rows) for (name, label), rows in held.items()}
    # Names of bodies may be alike, so the ranking goes by address and the name is put back.
    placed = ranked([_named(line.standing, address) for address, line in made.items()])
    lines = [_ranked(made[standing.name], standing) for standing in placed]
    return Tracker(lines, _line("", "All evaluations", found), today)


def _named(standing: Standing, name: str) -> Standing:
    return Standing(**{**standing.__dict__, "name": name})


def _ranked(line: Line, standing: Standing) -> Line:
    return Line(**{**line.__dict__, "standing": _named(standing, line.name)})


def _line(address: str, name: str, found: list[Clock]) -> Line:
    stages = Counter(clock.stage for clock in found)
    return Line(
        address,
        standing_of(name, [clock.verdict for clock in found]),
        stages["planned"],
        stages["live"],
        stages["complete"],
        stages["stopped"],
        sum(bool(clock.reached) for clock in found),
    )


@dataclass(frozen=True)
class Tracked:
    """One body or topic, with the clock of each of its evaluations, latest first."""

    address: str
    name: str
    clocks: list[Clock]
    line: Line
    today: date


def tracked_body(actor: Actor, slug: str, today: date) -> Tracked:
    """One body, with what it was before. Raises NotVisible."""
    body = Organisation.objects.visible_to(actor).filter(slug=slug).first()
    if body is None:
        raise NotVisible
    found = clocks(actor, today, Q(owner__in=rolled_up([body.pk])))
    return _tracked(slug, body.name, found, today)


def tracked_topic(actor: Actor, topic: str, today: date) -> Tracked:
    """One topic. Raises NotVisible for a code that the list does not hold."""
    topics = codelist("evaluation_topics")
    if topic not in topics:
        raise NotVisible
    found = [clock for clock in clocks(actor, today) if topic in clock.topics]
    return _tracked(topic, topics.label(topic), found, today)


def _tracked(address: str, name: str, found: list[Clock], today: date) -> Tracked:
    found = sorted(found, key=lambda c: (-c.verdict.strict, c.title))
    return Tracked(address, name, found, _line(address, name, found), today)


def unjudged(actor: Actor, today: date) -> list[Clock]:
    """The evaluations that cannot be judged, each with why."""
    return [c for c in clocks(actor, today) if c.verdict.state == "inconsistent"]


@dataclass(frozen=True)
class Slipped:
    """The promised dates of one evaluation: each that moved, and what moved it."""

    title: str
    reference: str
    slip: Slip
    moves: tuple[Move, ...]

    def get_absolute_url(self) -> str:
        """The evaluation's permanent address."""
        return f"/evaluations/{self.reference}"


@dataclass(frozen=True)
class Slippage:
    """How the promised dates of many evaluations moved. `later` of `promised` evaluations have a date
    that is later than first promised; `median` is of the days of those dates, None for none."""

    rows: list[Slipped]
    promised: int
    later: int
    median: float | None

    @property
    def share(self) -> float | None:
        """The share that is later, in per cent to one decimal."""
        return round(100 * self.later / self.promised, 1) if self.promised else None


def slippage(actor: Actor, found: Q, today: date) -> Slippage:
    """How the promised dates of the evaluations moved until a day: one query."""
    known = Evaluation.objects.visible_to(actor).filter(found, status="published")
    columns = ("evaluation__reference", "evaluation__title", "created_at", "reason", "body__dates")
    rows = Plan.objects.filter(evaluation__in=known).order_by("evaluation__title", "number")
    held: dict[tuple[str, str], list[tuple[date, str, list[dict[str, Any]]]]] = defaultdict(list)
    for reference, title, made, reason, dates in rows.values_list(*columns):
        if (day := timezone.localdate(made)) <= today:
            held[reference, title].append((day, reason, dates or []))
    told: list[Slipped] = []
    promised = 0
    for (reference, title), versions in held.items():
        promised += any(h["kind"] == "intended" for _, _, dates in versions for h in dates)
        its = moves(versions)
        for slip in slips(its):
            own = tuple(move for move in its if move.event == slip.event)
            told.append(Slipped(title, reference, slip, own))
    later = [row for row in told if row.slip.net > 0]
    middle = median([row.slip.net for row in later]) if later else None
    return Slippage(told, promised, len({row.reference for row in later}), middle)


def slippage_of_body(actor: Actor, slug: str, today: date) -> tuple[str, Slippage]:
    """(name, slippage) of one body, with what it was before. Raises NotVisible."""
    body = Organisation.objects.visible_to(actor).filter(slug=slug).first()
    if body is None:
        raise NotVisible
    return body.name, slippage(actor, Q(owner__in=rolled_up([body.pk])), today)


@dataclass(frozen=True)
class News:
    """Something of which a feed tells: an evaluation that came into a state on a day."""

    clock: Clock
    state: str
    on: date


_NEWS = ("overdue", "overdue_withdrawn", "published", "published_late", "published_early")


def news(found: Iterable[Clock], most: int = 100) -> list[News]:
    """What became overdue and what was published, newest first. What came before anybody could call
    it overdue never was."""
    told = [
        News(clock, turn.state, turn.on)
        for clock in found
        for number, turn in enumerate(clock.turns)
        if turn.state in _NEWS
        and not (number and _told_before(clock.turns[number - 1].state, turn.state))
    ]
    return sorted(told, key=lambda n: (n.on, n.clock.reference), reverse=True)[:most]


def _told_before(before: str, after: str) -> bool:
    """Whether a state says no more than the one before did: published early is on time later on."""
    return before.startswith("published") and after.startswith("published")
