"""The supplier offers less than was asked, and never more."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import escape

from concordat.kernel import refusals
from concordat.kernel.audit.models import Entry
from concordat.marketplace import actions
from concordat.marketplace.queries.rows import differences
from concordat.marketplace.rules.clauses import policy_from
from concordat.marketplace.rules.narrower import conditions_of, offered, wider
from concordat.tables.models import Share
from concordat.tables.plane.columns import Column
from concordat.tables.plane.compile import reads
from concordat.tables.plane.errors import PolicyError
from concordat.tables.plane.policy import Policy
from concordat.tables.plane.predicate import PredicateError
from tests.cast import request_values
from tests.script import script

KEY = b"k" * 32


@pytest.fixture
def reviewed(cast, dataset):
    """Asha's request, in review."""
    values = request_values(
        dataset,
        columns=["Organisation", "Grade", "Pay minimum", "Started"],
        masks={"Pay minimum": "round 100"},
        people=["asha@pensions.example", "bram@pensions.example"],
    )
    asked = actions.draft_request(cast.asha, cast.bodies["pensions"], dataset.dataset, values)
    actions.perform(cast.asha, asked, "submit")
    actions.perform(cast.olive, asked, "review")
    return asked


LESS = {
    "columns": ["Organisation", "Pay minimum", "Started"],
    "rows": "Grade <> 'EO'",
    "masks": {"Started": "year", "Pay minimum": "round 1000"},
    "people": ["asha@pensions.example"],
    "versions": "only",
}


def test_what_the_supplier_offers_is_what_is_agreed_and_enforced(cast, reviewed):
    actions.narrow_request(cast.olive, reviewed, LESS, note="Pay in bands is enough.")
    agreement = actions.accept_request(cast.colin, reviewed)
    policy = Policy.from_data(agreement.policy)
    assert policy.columns == ("Organisation", "Pay minimum", "Started")
    assert "Started is given by its year." in policy.clauses()
    assert "Pay minimum" not in policy.people and policy.people == ("asha@pensions.example",)
    for clause in policy.clauses():
        assert escape(clause) in agreement.document
    actions.sign(cast.sal, agreement)
    signed = actions.countersign(cast.bram, agreement)
    assert Share.objects.get(basis=signed.reference).policy == agreement.policy
    reviewed.refresh_from_db()
    assert reviewed.masks == {"Pay minimum": "round 100"}, "what was asked is kept beside it"


def test_the_acquirer_sees_what_differs_from_what_they_asked(cast, reviewed):
    actions.narrow_request(cast.olive, reviewed, LESS)
    asha, olive = Client(), Client()
    asha.force_login(cast.people["asha"])
    olive.force_login(cast.people["olive"])
    page = asha.get(reviewed.inside_url()).content.decode()
    assert "You asked for" in page and "The supplier offers" in page
    assert "Rounded down to a multiple of 1,000" in page
    assert "You offer" in olive.get(reviewed.inside_url()).content.decode()
    reviewed.refresh_from_db()
    told = {what: (asked, offer) for what, asked, offer in differences(reviewed)}
    assert told["Started"] == ("As it is", "Its year")
    assert told["Versions"][0] == "The latest version, whichever that is"
    assert script(cast.asha).get(f"/share-requests/{reviewed.reference}").json()["conditions"]


def test_what_changed_is_in_the_log_of_the_request(cast, reviewed):
    actions.narrow_request(cast.olive, reviewed, {"columns": ["Grade"]}, note="Enough.")
    entry = Entry.objects.of(reviewed).last()
    assert (entry.name, entry.note) == ("share_request:narrow", "Enough.")
    assert entry.changes["conditions"] == [{}, {"columns": ["Grade"]}]


WIDER = [
    ({"columns": ["Grade", "FTE"]}, "columns"),
    ({"columns": []}, "columns"),
    ({"masks": {"Pay minimum": "round 10"}}, "masks"),
    ({"masks": {"Pay minimum": "year"}}, "masks"),
    ({"people": ["erin@education.example"]}, "people"),
    ({"people": []}, "people"),
    ({"versions": "since"}, "versions"),
    ({"rows": "Salary = 1"}, "rows"),
    ({"sample_by": "Grade"}, "sample_by"),
]


def test_more_than_was_asked_is_refused_with_its_place(cast, reviewed):
    olive = script(cast.olive)
    for conditions, field in WIDER:
        answer = olive.post(f"/share-requests/{reviewed.reference}/narrow", conditions)
        assert (answer.status_code, field in str(answer.json())) == (422, True), conditions
        with pytest.raises(refusals.Invalid) as refusal:
            actions.narrow_request(cast.olive, reviewed, conditions)
        assert set(refusal.value.errors) == {field}


def test_only_the_supplier_narrows_and_only_in_review(cast, reviewed):
    for actor, error in ((cast.asha, refusals.NotAllowed), (cast.erin, refusals.NotVisible)):
        with pytest.raises(error):
            actions.narrow_request(actor, reviewed, LESS)
    actions.accept_request(cast.colin, reviewed)
    with pytest.raises(refusals.WrongState):
        actions.narrow_request(cast.olive, reviewed, LESS)


def test_conditions_end_when_what_is_asked_changes(cast, reviewed):
    actions.narrow_request(cast.olive, reviewed, {"columns": ["Grade"]})
    actions.perform(cast.olive, reviewed, "return", note="Why so much?")
    actions.edit_request(cast.asha, reviewed, {"benefit": "Better pay."})
    reviewed.refresh_from_db()
    assert reviewed.conditions
    actions.edit_request(cast.asha, reviewed, {"columns": ["Grade", "Started"], "masks": {}})
    reviewed.refresh_from_db()
    assert reviewed.conditions == {}


def test_the_page_offers_nothing_wider_and_sets_what_was_chosen(cast, reviewed):
    olive = Client()
    olive.force_login(cast.people["olive"])
    page = olive.get(f"{reviewed.inside_url()}/narrow").content.decode()
    pay = page[page.index('name="mask_2"') :].partition("</select>")[0]
    assert "multiple of 100<" in pay and "multiple of 1,000" in pay
    assert 'value="latest"' in page and 'value="since"' not in page
    assert "multiple of 10<" not in pay and "As it is" not in pay
    sent = {
        "columns": ["Organisation", "Started"],
        "mask_0": "exact",
        "mask_1": "exact",
        "mask_2": "round 100",
        "mask_3": "year",
        "gives": "rows",
        "versions": "latest",
        "people": "asha@pensions.example\nbram@pensions.example",
    }
    wide = olive.post(f"{reviewed.inside_url()}/narrow", {**sent, "people": ""})
    assert (wide.status_code, "no others" in wide.content.decode()) == (422, True)
    assert olive.post(f"{reviewed.inside_url()}/narrow", sent).status_code == 302
    reviewed.refresh_from_db()
    assert reviewed.conditions == {
        "columns": ["Organisation", "Started"],
        "masks": {"Started": "year"},
    }


COLUMNS = [
    Column("n", "integer"),
    Column("f", "number"),
    Column("s", "text"),
    Column("d", "date"),
]
MASKS = {
    "n": ["round 5", "round 10", "round 15", "hash", "hide"],
    "f": ["round 2", "round 4", "hide"],
    "s": ["start 1", "start 3", "district", "area", "hash", "hide"],
    "d": ["year", "month", "hash", "hide"],
}
ROWS = ["", "n > 3", "s starts with 'S'", "d < '2001-01-01' or n = 2"]
names = st.lists(st.sampled_from(list(MASKS)), min_size=1, unique=True)
rows = st.lists(
    st.fixed_dictionaries(
        {
            "n": st.none() | st.integers(-40, 40),
            "f": st.none() | st.integers(-40, 40).map(lambda n: n / 2),
            "s": st.none() | st.sampled_from(["SW1A 1AA", "SW2 3BB", "S1 4CC", "M1 1AA", "none"]),
            "d": st.none() | st.dates(date(2000, 1, 1), date(2002, 12, 31)),
        }
    ),
    max_size=30,
)


@st.composite
def values(draw, columns=names):
    chosen = draw(columns)
    masks = {c: draw(st.sampled_from(["", *MASKS[c]])) for c in chosen}
    percent = draw(st.none() | st.sampled_from([10, 50, 90]))
    return {
        "columns": chosen,
        "rows": draw(st.sampled_from(ROWS)),
        "masks": {c: words for c, words in masks.items() if words},
        "sample_by": draw(st.sampled_from(["s", "n"])) if percent else "",
        "sample_percent": percent,
        "gives": draw(st.sampled_from(["", "rows", "aggregates"])),
        "minimum_cell": draw(st.none() | st.sampled_from([3, 10, 20])),
        "versions": draw(st.sampled_from(["", "latest", "only", "since"])),
        "people": draw(st.lists(st.sampled_from(["a@x.example", "b@x.example"]), unique=True)),
        "networks": draw(
            st.sampled_from([[], ["192.0.2.0/24"], ["192.0.2.8/29"], ["2001:db8::/32"]])
        ),
    }


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(values(), values(), rows)
def test_whatever_a_supplier_can_set_gives_a_part_of_what_was_asked_and_no_finer(asked, set_, rows):
    policy = policy_from(asked, COLUMNS, 4)
    try:
        offer = policy_from(offered(asked, conditions_of(asked, set_)), COLUMNS, 4)
    except (PolicyError, PredicateError):
        return  # refused before it is compared
    if wider(offer, policy):
        return
    assert set(offer.columns) <= set(policy.columns)
    worked_out = {}
    for row in rows:
        less, more = reads(offer, row, KEY), reads(policy, row, KEY)
        if less is None:
            continue
        assert more is not None, "a row that was not asked for"
        for name, value in less.items():
            key = (name, more[name])
            assert worked_out.setdefault(key, value) == value, "a value that says more"
    assert not policy.people or set() < set(offer.people) <= set(policy.people)
    for address in ("192.0.2.9", "192.0.2.77", "2001:db8::1", "203.0.113.1"):
        assert policy.admits(address) or not offer.admits(address)
    if policy.gives == "aggregates":
        assert offer.gives == "aggregates"
        assert (offer.minimum_cell or 10) >= (policy.minimum_cell or 10)
    for latest in range(4, 8):
        given_ = {n for n in range(9) if offer.versions.holds(n, latest)}
        ever = {
            n for n in range(9) for now in range(4, latest + 1) if policy.versions.holds(n, now)
        }
        assert given_ <= ever


@given(values())
def test_what_was_asked_is_no_more_than_was_asked(asked):
    policy = policy_from(asked, COLUMNS, 4)
    assert wider(policy, policy) == {}
    assert policy_from(offered(asked, {}), COLUMNS, 4) == policy
    assert conditions_of(asked, {**asked, "rows": ""}) == {}
