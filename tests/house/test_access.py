"""The access matrix, made from the tables: every verb × the cast × every status, by one oracle.

The oracle says the rule again in a few lines and other words: a verb is done when its table lets the
status, and whoever does it holds its permission in the body on its side, and did not do the step it
must be apart from. Nobody who may not see a record learns that it is there.
"""

from __future__ import annotations

import pytest

from concordat.evaluations import actions as evaluating
from concordat.kernel import refusals
from concordat.kernel.access import holds
from concordat.kernel.audit.models import Entry
from concordat.kernel.lifecycle import ANYONE, EITHER, Note
from concordat.kernel.publication.models import Record, subject_kinds
from concordat.marketplace import actions
from tests.cast import (
    ROLES,
    agreed,
    drafted_evaluation,
    published_evaluation,
    published_question,
    request_values,
)
from tests.house.world import actor_of, seen

WHO = [*ROLES, "public"]
DOERS = {"marketplace": actions.perform, "evaluations": evaluating.perform}


def allowed(actor, transition, record):
    """The rule in other words."""
    sides = record.SIDES if transition.by == EITHER else [transition.by]
    held = {body for role, body in actor.grants if holds(role, transition.needs)}
    if transition.by == ANYONE:
        return bool(held)
    fields = {record.SIDES.get(side, "owner") for side in sides}
    people = fields & {"approver"}  # a person stands there, who needs no role
    named = {getattr(record, f"{name}_id") for name in people}
    if actor.kind == "person" and actor.id in named:
        return True
    return any(getattr(record, f"{name}_id") in held for name in fields - people)


def too_close(actor, transition, record):
    """Whether the actor was the last to take a step that this one must be apart from."""
    for verb in transition.apart_from:
        taken = (
            Entry.objects.of(record).filter(name=f"{record.KIND}:{verb}").order_by("-id").first()
        )
        if taken is not None and (taken.actor_kind, taken.actor_id) == (actor.kind, actor.id):
            return True
    return False


def outcome(actor, transition, record):
    """What comes of a verb, in other words."""
    if not seen(actor, record):
        return "NotVisible"
    if not allowed(actor, transition, record):
        return "NotSignedIn" if actor.kind == "public" else "NotAllowed"
    if too_close(actor, transition, record):
        return "NotAllowed"
    if record.status not in transition.sources and "*" not in transition.sources:
        return "WrongState"
    return "done"


@pytest.fixture
def records(cast, dataset):
    """One record of each kind the marketplace has, as young as they come and grown up."""
    draft = actions.draft_request(
        cast.asha, cast.bodies["pensions"], dataset.dataset, request_values(dataset)
    )
    sent = actions.draft_request(
        cast.asha, cast.bodies["pensions"], dataset.dataset, request_values(dataset)
    )
    actions.perform(cast.asha, sent, "submit")
    live = agreed(cast, dataset)
    hidden = actions.draft_dataset(
        cast.olive, cast.bodies["treasury"], {**_dataset(dataset.dataset), "title": "Hidden"}
    )
    found = [draft, sent, live.request, live.agreement, dataset.dataset, hidden]
    planned = drafted_evaluation(cast, title="Planned", approver=cast.people["asha"])
    evaluating.perform(cast.eve, planned, "submit")
    found += [planned, drafted_evaluation(cast), published_evaluation(cast)]
    wanted = {"text": "What works?"}
    asked = evaluating.draft_question(cast.eve, cast.bodies["treasury"], wanted)
    found += [asked, published_question(cast)]
    for record in found:
        record.refresh_from_db()
    return found


def _dataset(found):
    names = ("description", "contact_name", "contact_email", "modified_on")
    return {name: getattr(found, name) for name in names}


@pytest.mark.parametrize("who", WHO)
def test_who_may_see_is_what_the_oracle_says(cast, records, who):
    actor = actor_of(cast, who)
    for record in records:
        model = type(record)
        found = model.objects.visible_to(actor).filter(pk=record.pk).exists()
        assert found == seen(actor, record), (who, record.KIND, record.status)


@pytest.mark.parametrize("who", WHO)
def test_who_may_do_is_what_the_oracle_says(cast, records, who):
    from django.db import transaction

    actor = actor_of(cast, who)
    for record in records:
        for transition in record.LIFECYCLE.transitions:
            if transition.makes or transition.hidden:
                continue
            fresh = type(record)._base_manager.get(pk=record.pk)
            note = "Because." if transition.note is not Note.NONE else ""
            point = transaction.savepoint()
            try:
                DOERS[record._meta.app_label](actor, fresh, transition.verb, note=note)
                did = "done"
            except refusals.Refusal as refusal:
                did = type(refusal).__name__
            transaction.savepoint_rollback(point)
            case = (who, record.KIND, record.status, transition.verb)
            assert did == outcome(actor, transition, record), case


def test_every_subject_says_who_may_see_it():
    for kind, model in subject_kinds().items():
        assert hasattr(model._default_manager, "visible_to"), kind
        assert (
            issubclass(model, Record)
            or "visible_to" in str(type(model._default_manager.all()).__dict__)
            or kind in ("person",)
        ), kind
