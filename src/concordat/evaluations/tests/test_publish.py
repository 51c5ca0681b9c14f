"""From a draft to a published plan: who does what, and who may know of it when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from concordat.evaluations import actions
from concordat.evaluations.models import Evaluation, Plan
from concordat.evaluations.rules.versions import digest_of
from concordat.kernel.access import PUBLIC
from concordat.kernel.lifecycle import Visibility
from concordat.kernel.publication.history import public_entries
from concordat.kernel.refusals import Invalid, NotAllowed, NotVisible
from concordat.kernel.search.follow import rebuild
from concordat.kernel.search.queries import find
from tests.cast import drafted_evaluation, published_evaluation

pytestmark = pytest.mark.django_db


def known(actor):
    return Evaluation.objects.visible_to(actor).count()


def test_a_draft_is_known_to_its_body_alone(cast):
    drafted_evaluation(cast)
    assert [known(a) for a in (cast.eve, cast.lea, cast.erin, cast.noor, PUBLIC)] == [1, 1, 0, 0, 0]


def test_the_approver_signs_off_what_somebody_else_sent(cast):
    made = drafted_evaluation(cast)
    actions.perform(cast.eve, made, "submit")
    with pytest.raises(NotAllowed):
        actions.perform(cast.eve, made, "sign_off")
    signed = actions.perform(cast.lea, made, "sign_off")
    assert signed.status == "signed_off"
    assert signed.submitted_at < signed.signed_off_at


def test_an_approver_from_another_body_sees_it_once_it_is_sent(cast):
    made = drafted_evaluation(cast, approver=cast.people["asha"])
    assert known(cast.asha) == 0
    actions.perform(cast.eve, made, "submit")
    assert known(cast.asha) == 1
    actions.perform(cast.asha, made, "sign_off")


def test_what_is_sent_says_what_everybody_must_say(cast):
    made = drafted_evaluation(cast, summary="", dates=[], approver=None)
    with pytest.raises(Invalid) as refused:
        actions.perform(cast.eve, made, "submit")
    assert set(refused.value.errors) == {"summary", "dates", "approver"}


def test_a_returned_draft_is_closed_again_and_keeps_when_it_was_first_sent(cast):
    made = drafted_evaluation(cast)
    first = actions.perform(cast.eve, made, "submit").submitted_at
    back = actions.perform(cast.lea, made, "return", note="Say who is studied.")
    assert (back.status, back.visibility) == ("draft", Visibility.OWNER)
    assert actions.perform(cast.eve, made, "submit").submitted_at == first


def test_publishing_makes_the_first_version_for_everyone(cast):
    made = published_evaluation(cast)
    version = Plan.objects.visible_to(PUBLIC).get()
    made.refresh_from_db()
    assert (version.number, version.kind) == (1, "first")
    assert version.digest == made.digest == digest_of("", version.body)
    assert "contact" not in str(version.body)


def test_an_embargoed_evaluation_is_unknown_outside_until_it_opens(cast):
    made = published_evaluation(cast, opens_on=timezone.localdate() + timedelta(days=9))
    rebuild()
    for actor in (PUBLIC, cast.erin, cast.noor):
        assert known(actor) == 0
        assert find(actor, "letter").total == 0
        assert not Plan.objects.visible_to(actor).exists()
    assert known(cast.eve) == 1
    assert find(cast.eve, "letter").total == 1
    assert not public_entries().filter(reference=made.reference).exists()
    assert not Evaluation.objects.public().exists()


def test_an_embargo_ends_by_the_clock_alone(cast, monkeypatch):
    made = published_evaluation(cast, opens_on=timezone.localdate() + timedelta(days=9))
    rebuild()
    later = timezone.now() + timedelta(days=10)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert known(PUBLIC) == 1
    assert find(PUBLIC, "letter").total == 1
    assert public_entries().filter(reference=made.reference).exists()


def test_an_embargo_that_is_over_already_is_refused(cast):
    with pytest.raises(Invalid):
        published_evaluation(cast, opens_on=timezone.localdate())


def test_what_is_withdrawn_leaves_a_tombstone(cast):
    made = published_evaluation(cast)
    gone = actions.perform(cast.lea, made, "withdraw", note="It never began.")
    assert (gone.status, known(PUBLIC)) == ("withdrawn", 1)
    assert Plan.objects.visible_to(PUBLIC).count() == 1


def test_what_is_withdrawn_under_embargo_leaves_nothing(cast, monkeypatch):
    made = published_evaluation(cast, opens_on=timezone.localdate() + timedelta(days=9))
    actions.perform(cast.lea, made, "withdraw", note="It never began.")
    later = timezone.now() + timedelta(days=10)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert known(PUBLIC) == 0
    assert not public_entries().filter(reference=made.reference).exists()


def test_a_guest_edits_the_one_evaluation_they_are_invited_to(cast):
    made, other = drafted_evaluation(cast), drafted_evaluation(cast, title="Another")
    actions.invite_editors(cast.eve, made, ["priya@university.example"])
    assert list(Evaluation.objects.visible_to(cast.priya)) == [made]
    actions.edit_evaluation(cast.priya, made, {"title": "A letter"})
    with pytest.raises(NotVisible):
        actions.edit_evaluation(cast.priya, other, {"title": "A letter"})
    with pytest.raises(NotAllowed):
        actions.perform(cast.priya, made, "cancel")


def test_a_body_that_goes_gives_its_evaluations_to_another(cast):
    made = published_evaluation(cast)
    given = actions.transfer_evaluation(
        cast.lea, made, cast.bodies["education"], note="The unit moves."
    )
    assert (given.owner.slug, given.reference) == ("education", made.reference)
    actions.amend_evaluation(cast.erin, given, {"title": "A new name"}, note="As it is called now.")
    with pytest.raises(NotAllowed):
        actions.amend_evaluation(cast.eve, given, {"title": "An old name"}, note="As it was.")
