"""What an acquirer asks for besides columns and rows, as they get it and as others do not."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
from datetime import date, timedelta

import delta_sharing
import pytest
from django.test import Client
from django.utils import timezone

from concordat.kernel import refusals
from concordat.kernel.access import SYSTEM
from concordat.kernel.access.queries import actor_for
from concordat.kernel.administration.actions import draft_client, give_role, issue_token
from concordat.marketplace import actions
from concordat.marketplace.models import ShareRequest
from concordat.marketplace.queries.rows import clauses_of
from concordat.tables.actions import load_table
from concordat.tables.models import Share
from concordat.tables.plane.policy import Policy
from concordat.tables.sharing import key_of
from tests.cast import agreed, make_person, published_dataset, request_values
from tests.script import script

PEOPLE = "nino,born,postcode,pay\n" + "".join(
    f"QQ{n:06d}C,19{50 + n % 40}-{1 + n % 12:02}-{1 + n % 28:02},SW1A {n % 9}AA,{20_000 + n}\n"
    for n in range(200)
)
ASKED = {
    "columns": ["nino", "born", "pay"],
    "rows": "",
    "masks": {"born": "month", "nino": "hash"},
    "data_types": ["personal"],
    "lawful_bases": ["public_task"],
}


@pytest.fixture
def people(cast, tmp_path):
    shared = published_dataset(cast, tmp_path, PEOPLE)
    shared.table.refresh_from_db()
    return shared


def share_of(made):
    return Share.objects.get(basis=made.agreement.reference)


def secret_of(actor):
    return issue_token(actor, "t", ["deliver"], timezone.now() + timedelta(days=1))[0]


def read(secret, share, **extra):
    """The answer of the CSV of a share."""
    headers = {"Authorization": f"Bearer {secret}"}
    return Client(**extra).get(f"/api/v1/shares/{share.reference}/data.csv", headers=headers)


def rows_of(answer):
    assert answer.status_code == 200, answer.content
    body = b"".join(answer) if answer.streaming else answer.content
    return list(csv.DictReader(io.StringIO(body.decode())))


def query(secret, share, **extra):
    return Client(**extra).post(
        f"/sharing/shares/{share.name}/schemas/default/tables/junior_posts/query",
        "{}",
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_a_month_of_birth_and_a_hashed_identifier_arrive_by_csv_and_by_delta_sharing(
    cast, people, live_server, tmp_path
):
    share = share_of(agreed(cast, people, **ASKED))
    secret = secret_of(cast.asha)
    rows = rows_of(read(secret, share))
    key = hmac.digest(key_of(share), b"mask", "sha256")
    coded = hmac.new(key, b"QQ000007C", hashlib.sha256).hexdigest()[:32]
    assert {"nino": coded, "born": "1957-08-01", "pay": "20007"} in rows
    assert "QQ0000" not in str(rows)
    told = {
        "shareCredentialsVersion": 1,
        "endpoint": f"{live_server.url}/sharing",
        "bearerToken": secret,
    }
    (tmp_path / "t.share").write_text(json.dumps(told))
    frame = delta_sharing.load_as_pandas(f"{tmp_path}/t.share#{share.name}.default.junior_posts")
    assert sorted(frame["nino"]) == sorted(row["nino"] for row in rows)
    assert {str(day)[8:10] for day in frame["born"]} == {"01"}


def test_two_recipients_cannot_join_their_hashes(cast, people):
    one, other = (share_of(agreed(cast, people, **ASKED)) for _ in range(2))
    secret = secret_of(cast.asha)
    codes = [{row["nino"] for row in rows_of(read(secret, share))} for share in (one, other)]
    assert len(codes[0]) == len(codes[1]) == 200
    assert not codes[0] & codes[1]


def test_a_colleague_who_is_not_named_reads_nothing_and_a_client_neither(cast, people):
    body = cast.bodies["pensions"]
    colleague = actor_for(make_person("cleo", body, ("analyst",)))
    _, client = draft_client(SYSTEM, body, "Nightly", ["deliver"])
    give_role(SYSTEM, body, client, "analyst")
    share = share_of(agreed(cast, people, **ASKED, people=["Asha@Pensions.example"]))
    assert len(rows_of(read(secret_of(cast.asha), share))) == 200
    for other in (colleague, actor_for(client)):
        secret = secret_of(other)
        assert (read(secret, share).status_code, query(secret, share).status_code) == (404, 404)


def test_from_outside_the_network_nothing_is_read_by_any_door(cast, people):
    share = share_of(agreed(cast, people, **ASKED, networks=["192.0.2.0/24"]))
    secret, inside = secret_of(cast.asha), {"REMOTE_ADDR": "192.0.2.7"}
    assert len(rows_of(read(secret, share, **inside))) == 200
    last = json.loads(query(secret, share, **inside).content.splitlines()[-1])
    file = last["file"]["url"].removeprefix("http://testserver")
    some = {"Range": "bytes=0-3"}
    assert Client(**inside).get(file, headers=some).status_code == 206
    outside = {"REMOTE_ADDR": "198.51.100.7"}
    assert read(secret, share, **outside).status_code == 403
    assert query(secret, share, **outside).status_code == 403
    assert Client(**outside).get(file, headers=some).status_code == 403


def test_a_sample_is_of_the_same_values_in_the_next_version(cast, people, tmp_path):
    sample = {"sample_by": "nino", "sample_percent": 20}
    share = share_of(agreed(cast, people, **{**ASKED, "masks": {}}, **sample))
    secret = secret_of(cast.asha)
    before = {row["nino"] for row in rows_of(read(secret, share))}
    assert 15 < len(before) < 70
    (tmp_path / "more.csv").write_text(PEOPLE + "QQ999999D,1990-01-01,,1\n")
    people.table.refresh_from_db()
    load_table(cast.olive, people.table, tmp_path / "more.csv")
    after = {row["nino"] for row in rows_of(read(secret, share))}
    assert after - {"QQ999999D"} == before


def test_the_sentences_of_the_agreement_are_those_of_the_policy_that_is_enforced(cast, people):
    made = agreed(
        cast,
        people,
        **ASKED,
        gives="aggregates",
        minimum_cell=12,
        sample_by="nino",
        sample_percent=50,
        people=["asha@pensions.example"],
        networks=["192.0.2.0/24"],
        versions="since",
    )
    policy = Policy.from_data(share_of(made).policy)
    assert len(policy.clauses()) == 9
    for clause in policy.clauses():
        assert f"<li>{clause}</li>" in made.agreement.document
    assert "<li>born, which is given by its month</li>" in made.agreement.document
    assert "<li>pay, which is given as it stands</li>" in made.agreement.document
    assert policy.digest() in made.agreement.document
    assert policy.purpose == made.request.purpose


def test_the_only_version_is_the_one_of_the_day_of_the_agreement(cast, people, tmp_path):
    share = share_of(agreed(cast, people, **ASKED, versions="only"))
    (tmp_path / "less.csv").write_text(PEOPLE[: PEOPLE.index("QQ000100")])
    people.table.refresh_from_db()
    load_table(cast.olive, people.table, tmp_path / "less.csv")
    assert len(rows_of(read(secret_of(cast.asha), share))) == 200


UNFIT = [
    ({"masks": {"pay": "year"}}, "masks", "pay holds integer"),
    ({"masks": {"pay": "blur"}}, "masks", "not a mask"),
    ({"masks": {"nino": "start lots"}}, "masks", "Write such as"),
    ({"masks": {"nino": "start 3", "NINO": "hash"}}, "masks", "once"),
    ({"masks": {"postcode": "area"}}, "masks", "Only a column that is asked for"),
    ({"masks": {"nino": "x" * 21}}, "masks", "20 characters"),
    ({"masks": ["nino"]}, "masks", "object"),
    ({"sample_by": "nino"}, "sample_by", "how many in a hundred"),
    ({"sample_by": "gone", "sample_percent": 5}, "sample_by", "no column gone"),
    ({"sample_by": "nino", "sample_percent": 100}, "sample_percent", "99"),
    ({"gives": "everything"}, "gives", "not a valid choice"),
    ({"minimum_cell": 0}, "minimum_cell", "1"),
    ({"versions": "all"}, "versions", "not a valid choice"),
    ({"people": ["asha"]}, "people", "not an e-mail address"),
    ({"networks": ["everywhere"]}, "networks", "such as 192.0.2.0/24"),
]


def test_a_clause_that_does_not_fit_is_refused_with_its_place(cast, people):
    for changes, field, said in UNFIT:
        values = request_values(people, **{**ASKED, "masks": {}, **changes})
        with pytest.raises(refusals.Invalid) as refusal:
            actions.draft_request(cast.asha, cast.bodies["pensions"], people.dataset, values)
        assert said in " ".join(refusal.value.errors[field]), changes


def test_the_api_asks_in_the_same_words_and_says_what_would_be_agreed(cast, people):
    asha = script(cast.asha)
    values = {
        **ASKED,
        "acquirer": "pensions",
        "dataset": people.dataset.reference,
        "distribution": people.distribution.pk,
        "sample_by": "nino",
        "sample_percent": 10,
    }
    made = asha.post("/share-requests", values)
    assert made.status_code == 201, made.content
    told = made.json()
    assert told["masks"] == {"born": "month", "nino": "hash"}
    assert "born is given by its month." in told["clauses"]
    bad = asha.patch(f"/share-requests/{told['reference']}", {"masks": {"pay": "year"}})
    assert (bad.status_code, "pay holds integer" in bad.content.decode()) == (422, True)


def test_each_step_asks_what_fits_the_columns_and_the_check_says_what_it_comes_to(cast, people):
    values = request_values(people, **{**ASKED, "masks": {}})
    draft = actions.draft_request(cast.asha, cast.bodies["pensions"], people.dataset, values)
    browser = Client()
    browser.force_login(cast.people["asha"])
    base = f"{draft.inside_url()}/ask"
    page = browser.get(f"{base}/exact", follow=True).content.decode()
    assert page.count("Its month and year") == 1, "only a date has a month"
    assert "There is a problem" not in page
    assert browser.get(f"{base}/time").url == f"{base}/exact", "it is asked before"
    sent = {"mask_0": "hash", "mask_1": "month", "mask_2": "exact", "gives": "rows"}
    half = browser.post(f"{base}/exact", {**sent, "sample_by": "nino"})
    assert (half.status_code, "how many in a hundred" in half.content.decode()) == (422, True)
    assert browser.post(f"{base}/exact", sent).url == f"{base}/data-types"
    bad = browser.post(f"{base}/who", {"versions": "latest", "networks": "here"})
    assert (bad.status_code, "is not a network" in bad.content.decode()) == (422, True)
    who = {"versions": "since", "people": "asha@pensions.example"}
    assert browser.post(f"{base}/who", who).status_code == 302
    draft.refresh_from_db()
    assert (draft.masks, draft.versions) == ({"nino": "hash", "born": "month"}, "since")
    page = browser.get(f"{base}/check").content.decode()
    for clause in clauses_of(draft):
        assert clause in page
    assert "Its month and year" in page and "As it is" in page
    again = browser.get(f"{base}/exact").content.decode()
    assert '<option value="hash" selected' in again


def test_a_column_that_is_asked_for_no_longer_takes_its_mask_with_it(cast, people):
    values = request_values(people, **ASKED, gives="rows")
    draft = actions.draft_request(cast.asha, cast.bodies["pensions"], people.dataset, values)
    browser = Client()
    browser.force_login(cast.people["asha"])
    answer = browser.post(f"{draft.inside_url()}/ask/columns?check=1", {"columns": ["born", "pay"]})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.masks == {"born": "month"}
    page = browser.get(answer.url).content.decode()
    assert '<option value="month" selected' in page


def test_a_draft_that_is_only_begun_comes_to_nothing_yet(cast, people):
    begun = actions.draft_request(cast.asha, cast.bodies["pensions"], people.dataset, {})
    assert clauses_of(begun) == []
    assert clauses_of(ShareRequest(starts_on=date(2026, 1, 1))) == []
