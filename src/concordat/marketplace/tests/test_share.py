"""A dataset shared end to end, as sentences about the cast."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from concordat.kernel import refusals
from concordat.kernel.access import PUBLIC
from concordat.kernel.audit.models import Entry
from concordat.kernel.notices.tell import notices_for
from concordat.marketplace import actions, queries
from concordat.marketplace.forms import TimeStep
from concordat.marketplace.models import ShareRequest
from concordat.marketplace.rules.terms import agreement_digest
from concordat.tables import queries as tables
from concordat.tables.models import Share
from tests.cast import DATASET, agreed, request_values
from tests.script import Script, script


def test_a_draft_is_unknown_to_everyone_but_the_owner(cast, dataset):
    draft = actions.draft_dataset(
        cast.olive,
        cast.bodies["treasury"],
        {
            "title": "Secret plans",
            "description": "Not yet.",
            "contact_name": "x",
            "contact_email": "x@treasury.example",
            "modified_on": "2026-01-01",
        },
    )
    assert queries.dataset(cast.colin, draft.reference) == draft
    for actor in (cast.noor, cast.asha, cast.erin, cast.priya, cast.pat, PUBLIC):
        with pytest.raises(refusals.NotVisible):
            queries.dataset(actor, draft.reference)


def test_nobody_publishes_what_they_submitted(cast, tmp_path):
    from concordat.kernel.access.queries import actor_for
    from tests.cast import make_person

    both = actor_for(make_person("una", cast.bodies["treasury"], ("data_steward", "approver")))
    draft = actions.draft_dataset(both, cast.bodies["treasury"], DATASET)
    actions.perform(both, draft, "submit")
    with pytest.raises(refusals.NotAllowed, match="somebody else"):
        actions.perform(both, draft, "publish")


def test_an_agreement_in_force_opens_a_share_under_the_hash_that_both_signed(cast, agreement):
    signed = agreement.agreement
    share = Share.objects.get(basis=signed.reference)
    assert signed.digest == agreement_digest(signed.policy, signed.document)
    assert share.basis_digest == signed.digest
    assert share.policy == signed.policy
    assert share.policy_digest in signed.document
    assert [s.pk for s in tables.readable_shares(cast.asha)] == [share.pk]


def test_only_the_recipient_reads_through_a_share(cast, agreement):
    for actor in (cast.bram, cast.erin, cast.priya, cast.noor, cast.pat, PUBLIC):
        assert not tables.readable_shares(actor).exists()


def test_revoking_closes_the_share_at_once(cast, agreement):
    share = tables.readable_shares(cast.asha).get()
    assert tables.still_readable(cast.asha, share.pk)
    actions.perform(cast.colin, agreement.agreement, "revoke", note="The purpose changed.")
    assert not tables.still_readable(cast.asha, share.pk)


def test_the_register_shows_an_agreement_in_force_and_nothing_of_its_text(cast, agreement):
    entry = queries.register_entry(PUBLIC, agreement.agreement.reference)
    assert entry.acquirer.name == "Department for Work and Pensions"
    assert {"document", "policy"} <= entry.get_deferred_fields()
    with pytest.raises(refusals.NotVisible):
        queries.agreement(cast.erin, agreement.agreement.reference)


def test_the_api_says_what_was_asked_for_and_what_rests_on_it(cast, agreement):
    asked, made = agreement.request.reference, agreement.agreement.reference
    asha = script(cast.asha)
    assert asha.get(f"/share-requests/{asked}").json()["distribution"] == agreement.distribution.pk
    assert asha.get(f"/agreements/{made}").json()["request"] == asked
    assert Script().get("/register").json()["items"][0]["dataset"] == agreement.dataset.reference
    actions.perform(cast.colin, agreement.dataset, "withdraw", note="Wrong figures.")
    assert Script().get("/register").json()["items"][0]["dataset"] is None


def test_an_unsigned_agreement_is_not_in_the_register(cast, dataset):
    request = actions.draft_request(
        cast.asha, cast.bodies["pensions"], dataset.dataset, request_values(dataset)
    )
    actions.perform(cast.asha, request, "submit")
    actions.perform(cast.olive, request, "review")
    unsigned = actions.accept_request(cast.colin, request)
    assert not queries.register(PUBLIC).exists()
    assert queries.agreement(cast.bram, unsigned.reference) == unsigned


def test_a_request_is_not_seen_by_the_supplier_before_it_is_submitted(cast, dataset):
    request = actions.draft_request(
        cast.asha, cast.bodies["pensions"], dataset.dataset, {"title": "Maybe"}
    )
    with pytest.raises(refusals.NotVisible):
        queries.request(cast.olive, request.reference)


def test_an_incomplete_request_is_kept_but_not_sent_and_every_gap_is_named(cast, dataset):
    request = actions.draft_request(
        cast.asha, cast.bodies["pensions"], dataset.dataset, {"title": "Maybe"}
    )
    with pytest.raises(refusals.Invalid) as refusal:
        actions.perform(cast.asha, request, "submit")
    assert {"purpose", "columns", "ends_on", "legal_power"} <= set(refusal.value.errors)
    assert ShareRequest.objects.get(pk=request.pk).status == "draft"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"columns": ["Salary"]}, "columns"),
        ({"rows": "Organisation like 'x'"}, "rows"),
        ({"rows": "Secret = 'x'"}, "rows"),
        ({"data_types": ["personal"]}, "lawful_bases"),
        ({"data_types": ["personal", "none"], "lawful_bases": ["public_task"]}, "data_types"),
        ({"title": "Plan\u202egnp.exe"}, "title"),
        ({"title": "x" * 10_000}, "title"),
    ],
)
def test_a_wrong_answer_is_refused_with_its_place(cast, dataset, changes, field):
    with pytest.raises(refusals.Invalid) as refusal:
        agreed(cast, dataset, **changes)
    assert field in refusal.value.errors


def test_a_form_without_a_stored_table_cannot_be_asked_for(cast, dataset):
    listed = {"identifier": "web", "title": "Web page", "access_url": "https://x.example/"}
    bare = actions.add_distribution(cast.olive, dataset.dataset, listed)
    values = request_values(dataset, distribution=bare)
    request = actions.draft_request(cast.asha, cast.bodies["pensions"], dataset.dataset, values)
    with pytest.raises(refusals.Invalid) as refusal:
        actions.perform(cast.asha, request, "submit")
    assert set(refusal.value.errors) == {"distribution"}


def test_returning_needs_a_reason_and_sends_the_turn_back(cast, dataset):
    request = actions.draft_request(
        cast.asha, cast.bodies["pensions"], dataset.dataset, request_values(dataset)
    )
    actions.perform(cast.asha, request, "submit")
    actions.perform(cast.olive, request, "review")
    with pytest.raises(refusals.Invalid):
        actions.perform(cast.olive, request, "return")
    actions.perform(cast.olive, request, "return", note="Which grades do you need?")
    assert (request.status, request.turn) == ("returned", "acquirer")
    actions.edit_request(cast.asha, request, {"columns": ["Grade"]})
    actions.perform(cast.asha, request, "submit")
    assert request.turn == "supplier"


def test_the_acquirer_cannot_answer_its_own_request(cast, dataset):
    request = actions.draft_request(
        cast.asha, cast.bodies["pensions"], dataset.dataset, request_values(dataset)
    )
    actions.perform(cast.asha, request, "submit")
    with pytest.raises(refusals.NotAllowed):
        actions.perform(cast.asha, request, "review")


def test_each_deed_leaves_one_entry_in_order(cast, agreement):
    names = list(Entry.objects.of(agreement.request).values_list("name", flat=True))
    assert names == [f"share_request:{verb}" for verb in ("draft", "submit", "review", "accept")]


def test_nobody_signs_what_is_over(cast, dataset, monkeypatch):
    request = actions.draft_request(
        cast.asha, cast.bodies["pensions"], dataset.dataset, request_values(dataset)
    )
    actions.perform(cast.asha, request, "submit")
    actions.perform(cast.olive, request, "review")
    agreement = actions.accept_request(cast.colin, request)
    actions.sign(cast.sal, agreement)
    late = agreement.ends_on + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda: late)
    with pytest.raises(refusals.WrongState, match="last day"):
        actions.countersign(cast.bram, agreement)


def test_nobody_takes_from_a_service_the_datasets_that_they_cannot_see(cast, dataset):
    service = actions.draft_data_service(
        cast.erin,
        cast.bodies["education"],
        {**DATASET, "endpoint_description": "https://education.example/api"},
    )
    hidden = actions.draft_dataset(cast.olive, cast.bodies["treasury"], DATASET)
    service.serves.set([hidden, dataset.dataset])
    actions.edit_data_service(cast.erin, service, {"serves": []})
    assert list(service.serves.all()) == [hidden]


def test_only_a_dataset_with_a_stored_table_offers_to_be_asked_for(cast, dataset):
    page, words = dataset.dataset.get_absolute_url(), "Ask for this data"
    assert words in Client().get(page).content.decode()
    actions.remove_distribution(cast.olive, dataset.distribution)
    assert words not in Client().get(page).content.decode()


def test_a_step_left_empty_asks_in_its_own_words():
    form = TimeStep({}, draft=ShareRequest())
    assert form.errors["starts_on"] == ["Enter the day from which you need it"]
    assert form.errors["ends_on"] == ["Enter the last day on which you need it"]
    assert form.fields["ends_on"].help_text


def test_a_share_names_the_last_day_that_its_agreement_names(agreement):
    share = Share.objects.get()
    assert share.first_day == agreement.agreement.starts_on
    assert share.last_day == agreement.agreement.ends_on


def test_whoever_asked_is_told_when_the_data_can_be_had(cast, agreement):
    signed = agreement.agreement
    entry = Entry.objects.of(signed).filter(name="agreement:countersign").get()
    told = {notice.person_id: notice.text for notice in notices_for(entry, signed)}
    assert told[cast.people["asha"].pk].endswith("is now: in force")


def test_who_signs_reads_first_what_they_sign(cast, dataset):
    request = actions.draft_request(
        cast.asha, cast.bodies["pensions"], dataset.dataset, request_values(dataset)
    )
    actions.perform(cast.asha, request, "submit")
    actions.perform(cast.olive, request, "review")
    colin, sal = Client(), Client()
    colin.force_login(cast.people["colin"])
    assert "An agreement is made" in colin.get(f"{request.inside_url()}/accept").content.decode()
    agreement = actions.accept_request(cast.colin, request)
    sal.force_login(cast.people["sal"])
    page = sal.get(f"{agreement.inside_url()}/sign").content.decode()
    assert agreement.digest in page
    assert "is then bound" in page


def test_a_day_of_an_agreement_begins_at_midnight_in_summer_too(cast, dataset, monkeypatch):
    today = date(2027, 6, 1)
    noon = datetime(2027, 6, 1, 12, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: noon)
    until = today + timedelta(days=30)
    made = agreed(cast, dataset, starts_on=today, ends_on=until)
    share = Share.objects.get(basis=made.agreement.reference)
    assert share.starts_at == datetime(2027, 5, 31, 23, tzinfo=UTC)
    assert (share.first_day, share.last_day) == (today, until)
