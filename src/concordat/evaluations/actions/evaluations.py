"""Drafting, signing off, publishing, amending and withdrawing an evaluation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from concordat.evaluations.actions.plans import fix_first, fix_next
from concordat.evaluations.lifecycle import EVALUATION
from concordat.evaluations.models import Evaluation
from concordat.kernel.access import SYSTEM, Actor, may
from concordat.kernel.deeds import act
from concordat.kernel.lifecycle import Visibility
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.people.models import Person
from concordat.kernel.refusals import Invalid, NotAllowed, Unknown


def draft_evaluation(actor: Actor, owner: Organisation, values: Mapping[str, Any]) -> Evaluation:
    """A new evaluation led by `owner`, unseen by anyone else."""
    return act(actor, EVALUATION["draft"], Evaluation(owner=owner), values)


def edit_evaluation(
    actor: Actor, evaluation: Evaluation, values: Mapping[str, Any], expected: int | None = None
) -> Evaluation:
    """Change a draft."""
    return act(actor, EVALUATION["edit"], evaluation, values, expected=expected)


def submit_evaluation(
    actor: Actor, evaluation: Evaluation, *, expected: int | None = None
) -> Evaluation:
    """Send it to the approver; when it was first sent stays, however long the review takes."""

    def sent(row: Evaluation) -> None:
        row.submitted_at = row.submitted_at or timezone.now()

    return act(actor, EVALUATION["submit"], evaluation, sent, expected=expected)


def sign_off_evaluation(
    actor: Actor, evaluation: Evaluation, *, expected: int | None = None
) -> Evaluation:
    """Say that the plan may be published."""
    changed = {"signed_off_at": timezone.now()}
    return act(actor, EVALUATION["sign_off"], evaluation, changed, expected=expected)


def return_evaluation(
    actor: Actor, evaluation: Evaluation, *, note: str = "", expected: int | None = None
) -> Evaluation:
    """Send it back to be mended."""
    changed = {"signed_off_at": None}
    return act(actor, EVALUATION["return"], evaluation, changed, note=note, expected=expected)


def publish_evaluation(
    actor: Actor,
    evaluation: Evaluation,
    *,
    opens_on: date | None = None,
    expected: int | None = None,
) -> Evaluation:
    """Make the first version of its plan, and open it to everyone: at once, or at the beginning of
    the day `opens_on`."""
    with transaction.atomic():
        row = act(
            actor,
            EVALUATION["publish"],
            evaluation,
            lambda found: _published(found, opens_on),
            expected=expected,
        )
        return fix_first(actor, row)


def _published(row: Evaluation, opens_on: date | None) -> None:
    row.published_at = row.changed_at = timezone.now()
    row.opens_at = _beginning(opens_on) if opens_on else None
    if row.opens_at and row.opens_at <= row.published_at:
        raise Invalid({"opens_on": ["The day on which it opens must be in the future"]})


def _beginning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def amend_evaluation(
    actor: Actor,
    evaluation: Evaluation,
    values: Mapping[str, Any],
    *,
    note: str = "",
    slip: bool = False,
    expected: int | None = None,
) -> Evaluation:
    """Change what is published, saying why: a version more, unless nothing of the plan changed.

    `slip` says that the change corrects a slip of the pen.
    """
    with transaction.atomic():
        row = act(actor, EVALUATION["amend"], evaluation, values, note=note, expected=expected)
        return fix_next(actor, row, reason=note, slip=slip)


def withdraw_evaluation(
    actor: Actor,
    evaluation: Evaluation,
    *,
    successor: Evaluation | None = None,
    note: str = "",
    expected: int | None = None,
) -> Evaluation:
    """Take it back: a tombstone stays at its address, with the reason and what took its place.

    One that nobody outside ever saw, under embargo still, leaves no trace there.
    """

    def taken_back(row: Evaluation) -> None:
        row.withdrawn_at = row.changed_at = timezone.now()
        row.withdrawn_why, row.successor = note, successor
        if not row.is_public:
            row.visibility = Visibility.OWNER

    return act(actor, EVALUATION["withdraw"], evaluation, taken_back, note=note, expected=expected)


def restore_evaluation(
    actor: Actor, evaluation: Evaluation, *, note: str = "", expected: int | None = None
) -> Evaluation:
    """Put back what was withdrawn."""
    changed = {
        "withdrawn_at": None,
        "withdrawn_why": "",
        "successor": None,
        "changed_at": timezone.now(),
    }
    return act(actor, EVALUATION["restore"], evaluation, changed, note=note, expected=expected)


def invite_editors(
    actor: Actor,
    evaluation: Evaluation,
    emails: Iterable[str],
    *,
    expected: int | None = None,
) -> Evaluation:
    """Say who edits this one evaluation, whatever roles they hold: the people of these addresses and
    no others.

    Only who may invite learns whether an address has an account. Raises NotAllowed before it looks,
    and Unknown.
    """
    warrant = EVALUATION["invite"]
    if not may(actor, warrant.needs, evaluation, warrant.by):
        raise NotAllowed
    wanted = list(dict.fromkeys(email.strip().lower() for email in emails))
    people = Person.objects.visible_to(SYSTEM).filter(email__in=wanted, status="active")
    found = {person.email.lower(): person for person in people}
    if missing := [email for email in wanted if email not in found]:
        says = "Nobody with an open account has the address {}. Have them invited first"
        raise Unknown({"editors": [says.format(email[:100]) for email in missing]})
    return act(actor, warrant, evaluation, {"editors": list(found.values())}, expected=expected)


def transfer_evaluation(
    actor: Actor,
    evaluation: Evaluation,
    owner: Organisation,
    *,
    note: str = "",
    expected: int | None = None,
) -> Evaluation:
    """Give it to another body to lead; its history, its versions and its address go along."""
    if not owner.is_government:
        raise Invalid({"owner": ["Select a public body"]})

    def given(row: Evaluation) -> None:
        row.owner = owner
        row.changed_at = timezone.now() if row.published_at else None

    return act(actor, EVALUATION["transfer"], evaluation, given, note=note, expected=expected)
