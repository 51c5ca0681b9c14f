"""Versions, moments and changes by Delta Sharing, as the protocol and its own client ask for them."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import delta_sharing
import pytest
from django.test import Client
from django.utils import timezone

from concordat.kernel.access import SYSTEM
from concordat.kernel.administration.actions import draft_client, give_role, issue_token
from concordat.kernel.audit.models import Entry
from concordat.tables import actions
from concordat.tables.plane.mask import Mask
from concordat.tables.plane.policy import Policy, Versions
from concordat.tables.plane.predicate import Compare
from tests.cast import POSTS

POLICY = Policy(
    ("Organisation", "Grade", "FTE", "Started"),
    Compare("Organisation", "eq", ("HM Treasury",)),
    masks=(Mask("Started", "year"),),
    versions=Versions("since", 0),
)
LATER = POSTS.replace(
    "HM Treasury,Tax,SEO,40000,45000,0.5,2021-03-01", "HM Treasury,Debt,G6,1,2,1,2024-04-01"
)
PATH = "/sharing/shares/ag-test-01/schemas/default/tables/junior_posts"


def opened(cast, table, policy):
    now = timezone.now()
    dates = {"starts_at": now, "ends_at": now + timedelta(days=9)}
    bases = {"basis": "AG-TEST-01", "basis_digest": "0" * 64}
    return actions.open_share(SYSTEM, table, cast.bodies["pensions"], policy, **bases, **dates)


@pytest.fixture
def loaded(cast, dataset, tmp_path):
    """A table with three versions: one row gone and one come in the second, nothing in the third."""
    for number, text in enumerate((LATER, LATER), 1):
        (tmp_path / "later.csv").write_text(text)
        dataset.table.refresh_from_db()
        assert (
            actions.load_table(cast.olive, dataset.table, tmp_path / "later.csv").number == number
        )
    dataset.table.refresh_from_db()
    return dataset.table


@pytest.fixture
def secret(cast):
    return issue_token(cast.asha, "t", ["deliver"], timezone.now() + timedelta(days=1))[0]


@pytest.fixture
def ask(secret):
    def asked(what, body=None, form="parquet"):
        told = {"delta-sharing-capabilities": f"responseformat={form}"}
        headers = {"Authorization": f"Bearer {secret}", **told}
        if body is None:
            return Client().get(f"{PATH}/{what}", headers=headers)
        data = json.dumps(body)
        return Client().post(
            f"{PATH}/{what}", data, content_type="application/json", headers=headers
        )

    return asked


def lines(answer):
    assert answer.status_code == 200, answer.content
    return [json.loads(line) for line in answer.content.decode().splitlines()]


def test_a_query_gives_the_version_or_the_moment_that_it_names(cast, loaded, ask):
    opened(cast, loaded, POLICY)
    first, _second, third = loaded.versions.order_by("number")
    for body, number in [
        ({}, 2),
        ({"version": 0}, 0),
        ({"version": 1}, 1),
        ({"timestamp": first.created_at.isoformat()}, 0),
        ({"timestamp": (third.created_at - timedelta(microseconds=1)).isoformat()}, 1),
    ]:
        answer = ask("query", body)
        assert answer["Delta-Table-Version"] == str(number), body
        assert lines(answer)[1]["metaData"]["version"] == number
    moment = (first.created_at + timedelta(microseconds=1)).isoformat().replace("+00:00", "Z")
    assert ask(f"version?startingTimestamp={moment}")["Delta-Table-Version"] == "1"
    assert ask("version")["Delta-Table-Version"] == "2"


@pytest.mark.parametrize(
    ("what", "body", "said"),
    [
        ("query", {"version": 3}, "does not give that version"),
        ("query", {"version": -1}, "whole number"),
        ("query", {"version": "1"}, "whole number"),
        ("query", {"version": 1, "timestamp": "2026-01-01T00:00:00Z"}, "not both"),
        ("query", {"timestamp": "yesterday"}, "must be a time"),
        ("query", {"timestamp": "0001-01-01T00:00:00+14:00"}, "must be a time"),
        ("query", {"timestamp": "2001-01-01T00:00:00Z"}, "does not give that version"),
        ("changes", None, "startingVersion or startingTimestamp"),
        ("changes?startingVersion=9", None, "from version 0 on"),
        ("changes?startingVersion=2&endingVersion=1", None, "end is before"),
        ("changes?startingVersion=0&startingTimestamp=2026-01-01T00:00:00Z", None, "not both"),
        ("version?startingTimestamp=2999-01-01T00:00:00Z", None, "no version at or after"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(cast, loaded, ask, what, body, said):
    opened(cast, loaded, POLICY)
    answer = ask(what, body)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "INVALID_PARAMETER_VALUE")
    assert said in answer.json()["message"]


@pytest.mark.parametrize(
    "policy", [Policy(("Grade",)), Policy(("Grade",), versions=Versions("only", 1))]
)
def test_a_share_without_history_gives_one_version_and_no_changes(cast, loaded, ask, policy):
    opened(cast, loaded, policy)
    assert ask("changes?startingVersion=0").status_code == 400
    assert ask("query", {"version": 0}).status_code == 400
    number = 1 if policy.versions.number else 2
    assert ask("query", {})["Delta-Table-Version"] == str(number)


def test_hints_leave_out_files_that_cannot_hold_an_answer_and_bad_hints_leave_out_none(
    cast, loaded, ask
):
    opened(cast, loaded, Policy(("Pay minimum", "Organisation")))

    def hinted(op, name, value):
        tree = {"op": op, "children": [{"op": "column", "name": name, "valueType": "long"}, {"op": "literal", "value": value, "valueType": "long"}]}  # fmt: skip
        return len(lines(ask("query", {"jsonPredicateHints": json.dumps(tree)}))) - 2

    assert hinted("equal", "Pay minimum", "30000") == 1
    assert hinted("equal", "Pay minimum", float("inf")) == 1
    for bad in ("{", "[]", "null", json.dumps({"op": "equal"}), "[" * 9000, 7):
        assert len(lines(ask("query", {"jsonPredicateHints": bad}))) == 3
    stats = json.loads(lines(ask("query", {}))[2]["file"]["stats"])
    assert stats["numRecords"] == 6
    assert len(lines(ask("query", {"limitHint": 1, "predicateHints": ["Pay > 3"]}))) == 3


def test_each_version_of_changes_that_is_read_is_an_entry(cast, loaded, ask):
    opened(cast, loaded, POLICY)
    ask("changes?startingVersion=1")
    facts = [e.private["facts"] for e in Entry.objects.filter(name="share:read").order_by("id")]
    assert [(f["door"], f["version"], f["rows"]) for f in facts] == [
        ("delta-sharing changes", 1, 2),
        ("delta-sharing changes", 2, 0),
    ]


@pytest.fixture
def profile(live_server, secret, tmp_path):
    told = {
        "shareCredentialsVersion": 1,
        "endpoint": f"{live_server.url}/sharing",
        "bearerToken": secret,
    }
    (tmp_path / "t.share").write_text(json.dumps(told))
    return f"{tmp_path}/t.share#ag-test-01.default.junior_posts"


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("delta", [True, False])
def test_the_client_reads_versions_and_changes_in_both_forms(cast, loaded, profile, delta):
    opened(cast, loaded, POLICY)
    old = delta_sharing.load_as_pandas(profile, version=0, use_delta_format=delta)
    new = delta_sharing.load_as_pandas(profile, use_delta_format=delta)
    assert sorted(old["Grade"]) == ["EO", "HEO", "SEO"]
    assert sorted(new["Grade"]) == ["EO", "G6", "HEO"]
    limited = delta_sharing.load_as_pandas(profile, limit=2, use_delta_format=delta)
    assert len(limited) == 2
    found = delta_sharing.load_table_changes_as_pandas(
        profile, starting_version=1, use_delta_format=delta
    )
    kinds = sorted(
        zip(found["_change_type"], found["Grade"], found["_commit_version"], strict=True)
    )
    assert kinds == [("delete", "SEO", 1), ("insert", "G6", 1)]
    every = delta_sharing.load_table_changes_as_pandas(
        profile, starting_version=0, use_delta_format=delta
    )
    assert sorted(every["_change_type"]) == ["delete", *["insert"] * 4]
    assert all(
        re.match(r"\d{4}-01-01", str(day))
        for day in every["Started"]
        if str(day) not in ("None", "NaT")
    )


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_a_machine_signs_in_with_client_credentials(cast, loaded, live_server, tmp_path):
    opened(cast, loaded, POLICY)
    body = cast.bodies["pensions"]
    secret, client = draft_client(SYSTEM, body, "Nightly", ["deliver"])
    give_role(SYSTEM, body, client, "analyst")
    told = {
        "shareCredentialsVersion": 2,
        "type": "oauth_client_credentials",
        "endpoint": f"{live_server.url}/sharing",
        "tokenEndpoint": f"{live_server.url}/oauth/token",
        "clientId": client.client_id,
        "clientSecret": secret,
        "scope": "deliver",
    }
    (tmp_path / "m.share").write_text(json.dumps(told))
    frame = delta_sharing.load_as_pandas(f"{tmp_path}/m.share#ag-test-01.default.junior_posts")
    assert len(frame) == 3
