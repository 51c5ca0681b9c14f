"""The clocks of evaluations: four queries, however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from concordat.evaluations.models import Escalation, Evaluation, Exemption, Report
from concordat.evaluations.models.exemption import leave_of
from concordat.evaluations.models.report import FINAL
from concordat.evaluations.rules.chase import BY_CODE
from concordat.evaluations.rules.clocks import Leave, Verdict
from concordat.evaluations.rules.happenings import Dates
from concordat.evaluations.rules.registration import badge_of
from concordat.evaluations.rules.results import Paper, Results, Turn, turns, verdict_of
from concordat.kernel.access import Actor
from concordat.kernel.audit.models import Entry

_COLUMNS = (
    "pk",
    "reference",
    "title",
    "owner_id",
    "owner__name",
    "owner__slug",
    "topics",
    "stage",
    "dates",
    "access_class",
    "submitted_at",
    "published_at",
)


@dataclass(frozen=True)
class Granted:
    """An exemption that was granted, as a page shows it."""

    ground: str
    reason: str
    leave: Leave


@dataclass(frozen=True)
class Sent:
    """A step of the chase, or what a body said before it was asked (`step` "")."""

    step: str
    sent_on: date | None
    answered_on: date | None
    ground: str
    reason: str
    holds_until: date | None
    due_on: date | None

    @property
    def label(self) -> str:
        """Who was told."""
        return BY_CODE[self.step].label if self.step in BY_CODE else ""


@dataclass
class Clock:
    """One evaluation with its results judged on `today`: what the tracker shows a line of."""

    pk: int
    reference: str
    title: str
    owner_id: int
    body: str
    slug: str
    topics: list[str]
    access_class: str
    submitted_on: date | None
    registered_on: date
    results: Results
    verdict: Verdict
    today: date
    exemptions: list[Granted] = field(default_factory=list)
    escalations: list[Sent] = field(default_factory=list)

    @property
    def stage(self) -> str:
        """How far it has come."""
        return self.results.stage

    @cached_property
    def badge(self) -> str:
        """Whether it was registered before its data."""
        first_data = self.results.dates.best("first_data")
        return badge_of(self.submitted_on, first_data, self.access_class)

    @cached_property
    def turns(self) -> list[Turn]:
        """Every change of its state since it was registered."""
        return turns(self.results, self.registered_on, self.today)

    @property
    def since(self) -> date:
        """Since when it has been in its state."""
        return self.turns[-1].on

    @property
    def said(self) -> Sent | None:
        """What the body last said of why it is late."""
        told = [sent for sent in self.escalations if sent.answered_on]
        return max(told, key=lambda sent: sent.answered_on or date.min, default=None)

    @property
    def reached(self) -> Sent | None:
        """The furthest step of the chase that was taken."""
        taken = [sent for sent in self.escalations if sent.step in BY_CODE]
        return max(taken, key=lambda sent: BY_CODE[sent.step].after, default=None)

    @property
    def exemption(self) -> Granted | None:
        """The exemption in force."""
        return next((e for e in self.exemptions if in_force(e.leave, self.today)), None)

    @property
    def held_until(self) -> date | None:
        """Until when a reason that the rules allow holds the chase."""
        return max((s.holds_until for s in self.escalations if s.holds_until), default=None)

    def get_absolute_url(self) -> str:
        """The evaluation's permanent address."""
        return f"/evaluations/{self.reference}"


def in_force(leave: Leave, today: date) -> bool:
    """Whether leave that was granted still runs."""
    return leave.granted <= today <= leave.expires


def clocks(actor: Actor, today: date, only: Q | None = None) -> list[Clock]:
    """The clock of every published evaluation the actor may know of, by title: four queries.

    Of a day that is past, they are the evaluations that were published by then, at the stage that
    they had by the dates known now.
    What is handed in and not yet public counts for everybody alike, by its days alone, so that there
    is one answer to whether it is late.
    """
    known = Evaluation.objects.visible_to(actor).filter(only or Q(), status="published")
    papers, leaves, sent = _papers(known), _exemptions(known), _escalations(known)
    told, past, here = [], today < timezone.localdate(), timezone.get_current_timezone()
    for row in known.order_by("title", "pk").values_list(*_COLUMNS):
        pk, reference, title, owner_id, body, slug, topics, stage, told_dates, access, sub, out = (
            row
        )
        opened = out.astimezone(here).date() if out else today
        if opened > today:
            continue
        dates = Dates(told_dates)
        granted = leaves.get(pk, [])
        results = Results(
            dates.until(today).stage if past else stage,
            dates,
            tuple(papers.get(pk, ())),
            tuple(each.leave for each in granted),
        )
        told.append(
            Clock(
                pk,
                reference,
                title,
                owner_id,
                body,
                slug,
                list(topics),
                access,
                sub.astimezone(here).date() if sub else None,
                opened,
                results,
                verdict_of(results, today),
                today,
                granted,
                sent.get(pk, []),
            )
        )
    return told


def clock_of(actor: Actor, found: Evaluation, today: date) -> Clock | None:
    """The clock of one evaluation; None for one that is not published."""
    return next(iter(clocks(actor, today, Q(pk=found.pk))), None)


def _papers(known: QuerySet[Evaluation]) -> dict[int, list[Paper]]:
    """The reports of final results that were ever handed in, by evaluation."""
    rows = Report.objects.filter(evaluation__in=known).exclude(status="removed").order_by("pk")
    told = defaultdict(list)
    for pk, kinds, status, signed, out, events in rows.values_list(
        "evaluation_id", "kinds", "status", "signed_off_on", "published_on", "events"
    ):
        if set(FINAL) & set(kinds) and (status != "draft" or events):
            told[pk].append(Paper.read(status, signed, out, events))
    return told


def _exemptions(known: QuerySet[Evaluation]) -> dict[int, list[Granted]]:
    rows = Exemption.objects.filter(evaluation__in=known, granted_on__isnull=False).order_by("pk")
    told = defaultdict(list)
    for pk, ground, reason, granted, expires, ended in rows.values_list(
        "evaluation_id", "ground", "reason", "granted_on", "expires_on", "ended_on"
    ):
        if leave := leave_of(granted, expires, ended):
            told[pk].append(Granted(ground, reason, leave))
    return told


def _escalations(known: QuerySet[Evaluation]) -> dict[int, list[Sent]]:
    rows = Escalation.objects.filter(evaluation__in=known).order_by("pk")
    told = defaultdict(list)
    names = ("step", "sent_on", "answered_on", "ground", "reason", "holds_until", "due_on")
    for pk, *values in rows.values_list("evaluation_id", *names):
        told[pk].append(Sent(*values))
    return told


def exemptions(actor: Actor, of: Evaluation | None = None) -> QuerySet[Exemption]:
    """The exemptions the actor may know of, or those of one evaluation."""
    found = Exemption.objects.visible_to(actor).select_related("evaluation", "approver")
    return found.filter(evaluation=of) if of is not None else found


def escalations(actor: Actor, of: Evaluation | None = None) -> QuerySet[Escalation]:
    """The escalations the actor may know of, or those of one evaluation."""
    found = Escalation.objects.visible_to(actor).select_related("evaluation")
    return found.filter(evaluation=of) if of is not None else found


def overdue(found: Iterable[Clock]) -> list[Clock]:
    """Those that are overdue, the latest first."""
    return sorted(
        (c for c in found if c.verdict.state in ("overdue", "overdue_withdrawn")),
        key=lambda c: -c.verdict.strict,
    )


def reminded(actor: Actor, pks: Iterable[int]) -> set[tuple[int, str, int]]:
    """(evaluation, due date, days before it) of each reminder that was sent. The system alone asks."""
    if not actor.is_system:
        return set()
    rows: Any = Entry.objects.filter(
        kind="evaluation", name="evaluation:remind", subject_id__in=list(pks)
    )
    told = set()
    for pk, private in rows.values_list("subject_id", "private"):
        facts = private.get("facts", {})
        if "days" in facts:
            told.add((pk, str(facts["due"]), int(facts["days"])))
    return told
