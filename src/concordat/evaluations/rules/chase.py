"""Who is reminded before results are due, and who is told once they are overdue.

Nobody is chased who is late by the strict reading alone: the steps count from the generous due date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from concordat.evaluations.rules.clocks import GRACE, OVERDUE, Verdict

REMINDERS: Final[dict[int, str]] = {
    56: "8 weeks before",
    28: "4 weeks before",
    7: "1 week before",
    0: "on the day",
}


@dataclass(frozen=True)
class Step:
    """One step of chasing: its code, who is told, how many days after the due date at the earliest,
    and the verb of the evaluation that tells them."""

    code: str
    label: str
    after: int
    verb: str


# In the order of the rules in force; the days between two steps are the platform's own choice.
STEPS: Final = (
    Step("owner", "Whoever is responsible for it", GRACE + 1, "remind"),
    Step("approver", "Its other editors and its approver", GRACE + 15, "remind"),
    Step("lead", "The body’s evaluation lead", GRACE + 29, "chase"),
    Step("head_of_profession", "The body’s Head of Profession", GRACE + 43, "alert"),
    Step("regulator", "The Office for Statistics Regulation", GRACE + 71, "refer"),
    Step("spending_team", "The Treasury’s spending team", GRACE + 99, "report_on"),
)
BY_CODE: Final = {step.code: step for step in STEPS}
APART: Final = timedelta(days=14)  # at least, so that whoever is asked can answer
CHOICES: Final = [(step.code, step.label) for step in STEPS]


def reminder_on(verdict: Verdict, today: date) -> int | None:
    """How many days before the due date the last reminder that falls due by `today` stands; None
    for none. One that was missed is made good while a later one has not come due."""
    due = verdict.due_at_latest
    if due is None or verdict.state not in ("not_due", "in_grace"):
        return None
    left = (due - today).days
    return min((days for days in REMINDERS if days >= left), default=None) if left >= 0 else None


def steps_due(verdict: Verdict, today: date, held_until: date | None = None) -> list[Step]:
    """The steps that should have been taken by `today`, first to last.

    None while it is not overdue by the generous reading, nor while a reason that the rules allow
    holds the chase.
    """
    due = verdict.due_at_latest
    if due is None or verdict.state not in OVERDUE or (held_until and held_until >= today):
        return []
    return [step for step in STEPS if due + timedelta(days=step.after) <= today]


def next_step(
    verdict: Verdict,
    today: date,
    taken: Sequence[tuple[str, date]],
    held_until: date | None = None,
) -> Step | None:
    """The step to take today, None for none: the first that is due and not yet taken.

    `taken` are the steps taken for this due date and when. However late results are when they first
    come to notice, nobody is passed over: two steps are a fortnight apart at least.
    """
    done = {code for code, _ in taken}
    last = max((day for _, day in taken), default=None)
    if last is not None and today - last < APART:
        return None
    return next((s for s in steps_due(verdict, today, held_until) if s.code not in done), None)
