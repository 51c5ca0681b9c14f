"""Exemptions, reasons for being late, and the reminders that the clock sends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from concordat.evaluations import queries
from concordat.evaluations.lifecycle import ESCALATION, EVALUATION, EXEMPTION
from concordat.evaluations.models import Escalation, Evaluation, Exemption
from concordat.evaluations.queries.clocks import Clock
from concordat.evaluations.rules.chase import REMINDERS, Step, next_step, reminder_on
from concordat.kernel.access import Actor
from concordat.kernel.deeds import act, note_read
from concordat.kernel.refusals import WrongState


def ask_exemption(actor: Actor, evaluation: Evaluation, values: Mapping[str, Any]) -> Exemption:
    """Ask for leave to publish later; whoever may grant it is told. Raises WrongState."""
    if evaluation.status != "published":
        raise WrongState("An exemption is asked for once the evaluation is published.")
    with transaction.atomic():
        made = act(actor, EXEMPTION["draft"], Exemption(evaluation=evaluation), values)
        words = f"an exemption until {made.expires_on} is asked for"
        _tell(actor, evaluation, "ask_exemption", words, {"exemption": made.pk})
    return made


def grant_exemption(
    actor: Actor, exemption: Exemption, *, expected: int | None = None
) -> Exemption:
    """Grant it, from today: whoever asked may not."""

    def granted(row: Exemption) -> None:
        row.granted_on = timezone.localdate()
        row.approver_id = actor.id if actor.kind == "person" else None

    return act(actor, EXEMPTION["accept"], exemption, granted, expected=expected)


def end_exemption(
    actor: Actor, exemption: Exemption, *, note: str = "", expected: int | None = None
) -> Exemption:
    """End it before it expires, or take back what was asked for."""
    changed = {"ended_on": timezone.localdate()}
    return act(actor, EXEMPTION["close"], exemption, changed, note=note, expected=expected)


def say_why_late(actor: Actor, evaluation: Evaluation, values: Mapping[str, Any]) -> Escalation:
    """Say why results are late: it answers every step that waits for an answer, or stands by itself.

    Raises WrongState for an evaluation that is not late.
    """
    today = timezone.localdate()
    clock = queries.clock_of(actor, evaluation, today)
    if clock is None or not (clock.verdict.is_late or clock.verdict.state == "in_grace"):
        raise WrongState("Nothing is late: there is nothing to explain.")
    waiting = list(queries.escalations(actor, evaluation).filter(status="sent").order_by("pk"))
    with transaction.atomic():
        answered = [answer_escalation(actor, each, values) for each in waiting]
        if answered:
            return answered[-1]
        told = {**values, "answered_on": today, "due_on": clock.verdict.due_at_latest}
        return act(actor, ESCALATION["draft"], Escalation(evaluation=evaluation), told)


def answer_escalation(
    actor: Actor,
    escalation: Escalation,
    values: Mapping[str, Any],
    *,
    expected: int | None = None,
) -> Escalation:
    """Answer one step."""
    told = {**values, "answered_on": timezone.localdate()}
    return act(actor, ESCALATION["answer"], escalation, told, expected=expected)


def send_reminders(actor: Actor, today: date | None = None) -> int:
    """Remind of results that come due, and take the next step for those that are overdue.

    Returns how many were sent; run again on the same day it sends nothing more.
    """
    today = today or timezone.localdate()
    found = queries.clocks(actor, today)
    coming = [(c, days) for c in found if (days := reminder_on(c.verdict, today)) is not None]
    late = [(c, step) for c in found if (step := _next(c, today)) is not None]
    rows = Evaluation.objects.visible_to(actor).in_bulk([c.pk for c, _ in [*coming, *late]])
    done = queries.reminded(actor, [c.pk for c, _ in coming])
    told = 0
    for clock, days in coming:
        due = clock.verdict.due_at_latest
        if (clock.pk, str(due), days) not in done:
            words = f"results are due on {due} ({REMINDERS[days]})"
            _tell(actor, rows[clock.pk], "remind", words, {"due": str(due), "days": days})
            told += 1
    for clock, step in late:
        _take_step(actor, rows[clock.pk], clock, step, today)
        told += 1
    return told


def _next(clock: Clock, today: date) -> Step | None:
    due = clock.verdict.due_at_latest
    taken = [
        (sent.step, sent.sent_on)
        for sent in clock.escalations
        if sent.step and sent.sent_on and sent.due_on == due
    ]
    return next_step(clock.verdict, today, taken, clock.held_until)


def _take_step(actor: Actor, evaluation: Evaluation, clock: Clock, step: Step, today: date) -> None:
    due, days = clock.verdict.due_at_latest, clock.verdict.generous
    said = f" They say: {clock.said.reason}" if clock.said else " No reason is recorded."
    with transaction.atomic():
        made = Escalation(evaluation=evaluation, step=step.code, due_on=due, sent_on=today)
        act(actor, ESCALATION["send"], made)
        words = f"results were due on {due} and are {days} days late.{said}"[:480]
        _tell(actor, evaluation, step.verb, words, {"step": step.code, "due": str(due)})


def _tell(
    actor: Actor, evaluation: Evaluation, verb: str, words: str, facts: dict[str, Any]
) -> None:
    """An entry that changes nothing and that notices follow."""
    note_read(actor, f"evaluation:{EVALUATION[verb].verb}", evaluation, facts, note=words)
