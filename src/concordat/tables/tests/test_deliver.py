"""Delivery through the doors: what arrives, and that it stops."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from concordat.kernel.administration.actions import issue_token, revoke_token
from concordat.kernel.audit.models import Entry
from concordat.marketplace import actions
from concordat.tables import queries
from concordat.tables.models import Share

HEAD = {"responseformat": "delta,parquet"}


@pytest.fixture
def bearer(cast, agreement):
    secret, token = issue_token(
        cast.asha, "laptop", ["deliver"], timezone.now() + timedelta(days=1)
    )
    return secret, token


def _get(path: str, secret: str, **extra: str):
    return Client().get(path, headers={"Authorization": f"Bearer {secret}", **extra})


def _query(agreement, secret: str, form: str = "delta"):
    share = agreement.agreement.reference.lower()
    return Client().post(
        f"/sharing/shares/{share}/schemas/default/tables/junior_posts/query",
        data="{}",
        content_type="application/json",
        headers={
            "Authorization": f"Bearer {secret}",
            "delta-sharing-capabilities": f"responseformat={form}",
        },
    )


def _lines(response):
    return [json.loads(line) for line in response.content.decode().splitlines()]


def test_the_csv_holds_the_agreed_rows_and_columns_and_no_others(cast, agreement, bearer):
    response = _get(f"/api/v1/shares/{_share(agreement)}/data.csv", bearer[0])
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))
    assert [list(row) for row in rows][0] == ["Organisation", "Unit", "Grade", "FTE"]
    assert (
        sorted(row["Organisation"] for row in rows) == ["Government Actuary"] + ["HM Treasury"] * 3
    )


def _share(agreement) -> str:
    from concordat.tables.models import Share

    return Share.objects.get(basis=agreement.agreement.reference).reference


@pytest.mark.parametrize("form", ["delta", "parquet"])
def test_delta_sharing_lists_describes_and_hands_out_files(cast, agreement, bearer, form):
    import pyarrow.parquet as pq

    shares = _get("/sharing/shares", bearer[0]).json()["items"]
    assert [s["name"] for s in shares] == [agreement.agreement.reference.lower()]
    response = _query(agreement, bearer[0], form)
    assert response.headers["Delta-Table-Version"] == "0"
    assert response.headers["delta-sharing-capabilities"] == f"responseformat={form}"
    *_, last = _lines(response)
    url = (
        last["file"]["deltaSingleAction"]["add"]["path"] if form == "delta" else last["file"]["url"]
    )
    got = Client().get(url.removeprefix("http://testserver"))
    table = pq.read_table(io.BytesIO(b"".join(got.streaming_content)))
    assert table.column_names == ["Organisation", "Unit", "Grade", "FTE"]
    assert table.num_rows == 4


def test_each_byte_range_asks_the_share_again(cast, agreement, bearer):
    *_, last = _lines(_query(agreement, bearer[0]))
    url = last["file"]["deltaSingleAction"]["add"]["path"].removeprefix("http://testserver")
    first = Client().get(url, headers={"Range": "bytes=0-3"})
    assert (first.status_code, b"".join(first.streaming_content)) == (206, b"PAR1")
    actions.perform(cast.colin, agreement.agreement, "revoke", note="Stop.")
    second = Client().get(url, headers={"Range": "bytes=4-7"})
    assert second.status_code == 403
    assert _get("/sharing/shares", bearer[0]).json()["items"] == []
    assert _query(agreement, bearer[0]).status_code == 404


def test_a_revoked_token_opens_nothing_not_even_an_old_address(cast, agreement, bearer):
    *_, last = _lines(_query(agreement, bearer[0]))
    url = last["file"]["deltaSingleAction"]["add"]["path"].removeprefix("http://testserver")
    revoke_token(cast.asha, bearer[1])
    assert Client().get(url).status_code == 403
    assert _get("/sharing/shares", bearer[0]).status_code == 401


def test_an_address_cannot_be_altered(cast, agreement, bearer):
    *_, last = _lines(_query(agreement, bearer[0]))
    url = last["file"]["deltaSingleAction"]["add"]["path"].removeprefix("http://testserver")
    assert Client().get(url[:-2] + "xx").status_code == 403
    assert Client().get("/sharing/file").status_code == 403


def test_every_read_is_an_entry_with_its_rows_and_bytes(cast, agreement, bearer):
    response = _get(f"/api/v1/shares/{_share(agreement)}/data.csv", bearer[0])
    body = b"".join(response.streaming_content)
    facts = Entry.objects.filter(name="share:read").last().private["facts"]
    assert (facts["door"], facts["rows"], facts["bytes"], facts["whole"]) == (
        "csv",
        4,
        len(body),
        True,
    )


def test_somebody_elses_token_sees_no_share(cast, agreement):
    for name in ("erin", "priya", "bram"):
        secret, _ = issue_token(
            getattr(cast, name), "t", ["deliver"], timezone.now() + timedelta(days=1)
        )
        assert _get("/sharing/shares", secret).json()["items"] == []
        assert _query(agreement, secret).status_code == 404


def test_a_token_without_the_scope_sees_no_share(cast, agreement):
    secret, _ = issue_token(cast.asha, "t", ["read"], timezone.now() + timedelta(days=1))
    assert _get("/sharing/shares", secret).json()["items"] == []


def test_both_sides_see_how_often_the_data_was_read_as_a_chart_and_a_table(cast, agreement, bearer):
    share = Share.objects.get(basis=agreement.agreement.reference)
    for _ in range(2):
        _get(f"/api/v1/shares/{share.reference}/data.csv", bearer[0]).getvalue()
    counted = queries.reads_by_day(cast.olive, share)
    assert len(counted) == 14
    assert counted[-1] == (timezone.localdate(), 2)
    assert sum(reads for _, reads in counted[:-1]) == 0
    assert not any(reads for _, reads in queries.reads_by_day(cast.erin, share))
    client = Client()
    client.force_login(cast.people["asha"])
    page = client.get(agreement.agreement.inside_url()).content.decode()
    assert "Reads in the last fourteen days" in page
    client.logout()
    assert '<td class="govuk-table__cell govuk-table__cell--numeric">1</td>' in (
        client.get("/register").content.decode()
    )


def test_a_share_has_a_page_for_both_sides_where_the_supplier_suspends_it(cast, agreement, bearer):
    share = Share.objects.get(basis=agreement.agreement.reference)
    page = f"/inside/shares/{share.reference}"
    for who, status in (("colin", 200), ("asha", 200), ("erin", 404), ("priya", 404)):
        client = Client()
        client.force_login(cast.people[who])
        assert client.get(page).status_code == status, who
        listed = share.reference in client.get("/inside/shares").content.decode()
        assert listed == (status == 200), who
    client.force_login(cast.people["colin"])
    told = client.get(page).content.decode()
    assert agreement.agreement.inside_url() in told
    assert "rows where" in told
    client.post(f"{page}/suspend", {"note": "Wait.", "version": share.version})
    assert _get(f"/api/v1/shares/{share.reference}/data.csv", bearer[0]).status_code == 404
    client.post(f"{page}/resume", {"version": share.version + 1})
    assert _get(f"/api/v1/shares/{share.reference}/data.csv", bearer[0]).status_code == 200
    assert client.post(f"{page}/close").status_code == 404


def test_the_loads_of_a_table_are_a_list_to_take_away(cast, dataset):
    client = Client()
    client.force_login(cast.people["olive"])
    address = f"{dataset.table.inside_url()}/versions"
    assert "1 version" in client.get(address).content.decode()
    rows = client.get(f"{address}?download=csv").getvalue().decode().splitlines()
    assert ",posts.csv," in rows[1]
    client.force_login(cast.people["erin"])
    assert client.get(address).status_code == 404
