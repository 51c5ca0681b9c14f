"""The access matrix, made from the tables: every verb × the cast × every status, by one oracle.

The oracle says the rule again in a few lines and other words: a verb is done when its table lets the
status, and whoever does it holds its permission in the body on its side, and did not do the step it
must be apart from. Nobody who may not see a record learns that it is there.
"""

from __future__ import annotations

import pytest
from django.test import Client

from concordat.kernel import refusals
from concordat.kernel.access import PUBLIC, holds
from concordat.kernel.lifecycle import ANYONE, EITHER, Note, Visibility
from concordat.kernel.publication.models import Record, subject_kinds
from concordat.marketplace import actions
from concordat.marketplace.models import Agreement
from tests.cast import ROLES, agreed, request_values

WHO = [*ROLES, "public"]


def actor_of(cast, who):
    return PUBLIC if who == "public" else getattr(cast, who)


def allowed(actor, transition, record):
    """The rule in other words."""
    sides = record.SIDES if transition.by == EITHER else [transition.by]
    held = {body for role, body in actor.grants if holds(role, transition.needs)}
    if transition.by == ANYONE:
        return bool(held)
    fields = {side: record.SIDES.get(side, "owner") for side in sides}
    return any(getattr(record, f"{name}_id") in held for name in fields.values())


def seen(actor, record):
    """Who may know of a record, in other words."""
    held = {body for role, body in actor.grants if holds(role, record.SEE)}
    if record.visibility == Visibility.PUBLIC or record.owner_id in held:
        return True
    if record.visibility >= Visibility.GOVERNMENT and actor.government:
        return True
    if record.visibility >= Visibility.PARTNERS and actor.signed_in:
        return True
    on = {getattr(record, f"{name}_id") for name in record.SIDES.values()}
    return record.visibility >= Visibility.PARTIES and bool(on & held)


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
                actions.perform(actor, fresh, transition.verb, note=note)
                did = "done"
            except refusals.Refusal as refusal:
                did = type(refusal).__name__
            transaction.savepoint_rollback(point)
            _agrees(did, actor, transition, record, who)


def _agrees(did, actor, transition, record, who):
    case = (who, record.KIND, record.status, transition.verb, did)
    if not seen(actor, record):
        assert did == "NotVisible", case
    elif not allowed(actor, transition, record):
        assert did in ("NotAllowed", "NotSignedIn"), case
    elif record.status not in transition.sources and "*" not in transition.sources:
        assert did in ("WrongState", "NotAllowed"), case
    else:
        assert did in ("done", "Invalid") or transition.apart_from or did == "NotAllowed", case


@pytest.mark.parametrize("who", WHO)
def test_the_api_hides_what_may_not_be_known(cast, records, who):
    from datetime import timedelta

    from django.utils import timezone

    from concordat.kernel.administration.actions import issue_token

    headers = {}
    if who != "public":
        ends = timezone.now() + timedelta(days=1)
        secret, _ = issue_token(actor_of(cast, who), "t", ["read", "write"], ends)
        headers = {"Authorization": f"Bearer {secret}"}
    for record in records:
        plural = f"{record.KIND.replace('_', '-')}s"
        answer = Client().get(f"/api/v1/{plural}/{record.reference}", headers=headers)
        actor = actor_of(cast, who)
        sides = {getattr(record, f"{n}_id") for n in record.SIDES.values()}
        inside = bool(sides & actor.bodies(record.SEE))
        may_read = inside if isinstance(record, Agreement) else seen(actor, record)
        expected = {200} if may_read else {404, 401}
        assert answer.status_code in expected, (who, record.KIND, answer.status_code)
        listed = Client().get(f"/api/v1/{plural}", headers=headers)
        if listed.status_code == 200:
            found = {item["reference"] for item in listed.json()["items"]}
            assert (record.reference in found) == may_read, (who, record.KIND)


def test_every_subject_says_who_may_see_it():
    for kind, model in subject_kinds().items():
        assert hasattr(model._default_manager, "visible_to"), kind
        assert (
            issubclass(model, Record)
            or "visible_to" in str(type(model._default_manager.all()).__dict__)
            or kind in ("person",)
        ), kind
