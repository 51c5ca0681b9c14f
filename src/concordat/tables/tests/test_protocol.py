"""What Delta Sharing answers when the question, the table or the host is not as it should be."""

from __future__ import annotations

import io
import json
import shutil
from datetime import timedelta
from types import SimpleNamespace

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.utils import timezone

from concordat.kernel.administration.actions import issue_token
from concordat.kernel.audit.models import Entry
from concordat.kernel.files.packed import BadFile
from concordat.marketplace import actions
from concordat.tables.actions import load_table, record_version
from concordat.tables.models import Share
from concordat.tables.plane.ingest import load
from concordat.tables.sharing.hints import wanted
from concordat.tables.store import lake
from tests.cast import POSTS


@pytest.fixture
def share(agreement):
    return Share.objects.get(basis=agreement.agreement.reference)


@pytest.fixture
def headers(cast):
    secret, _ = issue_token(cast.asha, "t", ["deliver"], timezone.now() + timedelta(days=1))
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def ask(share, headers):
    def asked(operation, method="get", **options):
        address = f"/sharing/shares/{share.name}/schemas/default/tables/junior_posts/{operation}"
        return getattr(Client(), method)(address, headers=headers, **options)

    return asked


def query(ask, body="{}"):
    return ask("query", "post", data=body, content_type="application/json")


def without(column, text=POSTS):
    lines = [line.split(",") for line in text.splitlines()]
    place = lines[0].index(column)
    return "\n".join(",".join(cells[:place] + cells[place + 1 :]) for cells in lines) + "\n"


@pytest.fixture
def changed(cast, agreement, tmp_path):
    """A version without a column, made although a share needs it, as an old release let one."""

    def change(column):
        source = tmp_path / "less.csv"
        source.write_text(without(column))
        table = agreement.table
        table.refresh_from_db()
        record_version(cast.olive, table, load(lake(), table.reference, source), "less.csv")

    return change


@pytest.mark.parametrize("column", ["FTE", "Organisation"])
def test_a_column_that_is_gone_is_a_conflict_in_words_and_never_a_fault(
    cast, share, headers, ask, changed, column
):
    changed(column)
    for answer in (query(ask), ask("metadata")):
        assert answer.status_code == 409
        assert answer.json()["errorCode"] == "WRONG-STATE"
        assert column in answer.json()["message"]
    for kind in ("csv", "arrow"):
        answer = Client().get(f"/api/v1/shares/{share.reference}/data.{kind}", headers=headers)
        assert (answer.status_code, column in answer.content.decode()) == (409, True)
    assert not Entry.objects.filter(name__startswith="share:read").exists()


def test_a_row_filter_that_no_longer_fits_is_a_conflict_too(cast, share, ask, agreement, tmp_path):
    source = tmp_path / "numbers.csv"
    source.write_text("Organisation,Unit,Grade,FTE\n1,a,b,1\n")
    loaded = load(lake(), agreement.table.reference, source)
    agreement.table.refresh_from_db()
    record_version(cast.olive, agreement.table, loaded, "numbers.csv")
    assert query(ask).status_code == 409


@pytest.mark.parametrize("column", ["FTE", "Organisation"])
def test_a_file_without_what_a_share_promises_is_refused(cast, agreement, share, tmp_path, column):
    source = tmp_path / "less.csv"
    source.write_text(without(column))
    agreement.table.refresh_from_db()
    with pytest.raises(BadFile, match=f"{share.basis} promises columns .*{column}"):
        load_table(cast.olive, agreement.table, source)
    assert lake().open(agreement.table.reference).version() == 0
    source.write_text(without("Pay minimum"))
    assert load_table(cast.olive, agreement.table, source).number == 1


def test_a_share_that_ended_promises_nothing(cast, agreement, share, tmp_path):
    actions.perform(cast.colin, agreement.agreement, "revoke", note="Stop.")
    source = tmp_path / "less.csv"
    source.write_text(without("FTE"))
    agreement.table.refresh_from_db()
    assert load_table(cast.olive, agreement.table, source).number == 1


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        "",
        "nonsense",
        "[]",
        '"text"',
        b"\xff\xfe",
        '{"version": 7}',
        '{"version": "0"}',
        '{"version": true}',
        '{"timestamp": "2026-01-01T00:00:00Z"}',
        '{"startingVersion": 0}',
    ],
)
def test_a_query_that_cannot_be_answered_is_a_bad_request(ask, body):
    expected = 200 if body == "" else 400
    assert query(ask, body).status_code == expected


@pytest.mark.parametrize(
    "asked",
    [
        "maxResults=-1",
        "maxResults=x",
        "maxResults=1.5",
        "maxResults=9999999999",
        "maxResults=%D9%A3",
        "pageToken=-1",
        "pageToken=x",
        "pageToken=99999999999999999999",
        "pageToken=%00",
    ],
)
def test_a_page_that_cannot_be_is_a_bad_request(share, headers, asked):
    answer = Client().get(f"/sharing/shares?{asked}", headers=headers)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize(
    ("asked", "names", "more"),
    [("", 1, ""), ("maxResults=0", 0, "0"), ("maxResults=1", 1, ""), ("pageToken=7", 0, "")],
)
def test_pages_end(share, headers, asked, names, more):
    answer = Client().get(f"/sharing/shares?{asked}", headers=headers).json()
    assert (len(answer["items"]), answer["nextPageToken"]) == (names, more)


@pytest.mark.parametrize("name", ["a%00b", "%27", "x" * 3000, "%F0%9F%90%98"])
def test_a_share_of_no_such_name_is_not_found(share, headers, name):
    assert Client().get(f"/sharing/shares/{name}", headers=headers).status_code == 404


@pytest.fixture
def address(ask):
    last = json.loads(query(ask).content.decode().splitlines()[-1])
    return last["file"]["url"].removeprefix("http://testserver")


def read(address, **headers):
    answer = Client().get(address, headers=headers)
    return answer, b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("bytes=0-0", 206),
        ("bytes=-4", 206),
        ("bytes=4-", 206),
        ("bytes=0-9999999999999999999", 206),
        ("bytes=9-3", 416),
        ("bytes=-", 416),
        ("bytes=-0", 416),
        ("bytes=9999999999999999999-", 416),
        ("bytes=99999999999999999999-", 200),
        ("bytes=a-b", 200),
        ("bytes=0-1,3-4", 200),
        ("lines=0-1", 200),
    ],
)
def test_ranges_are_answered_or_refused(address, asked, status):
    whole = read(address)[1]
    answer, body = read(address, Range=asked)
    assert answer.status_code == status
    assert answer["Cache-Control"] == "private, no-store"  # no copy on the way outlives the share
    if status == 416:
        assert (answer["Content-Range"], body) == (f"bytes */{len(whole)}", b"")
    else:
        assert (answer["Content-Length"], body in whole) == (str(len(body)), True)


def test_a_host_that_did_not_prepare_a_file_does_so_when_asked(address):
    whole = read(address)[1]
    shutil.rmtree(lake().work / "extracts")  # as on a host that has never seen it
    answer, body = read(address)
    assert (answer.status_code, body == whole) == (200, True)
    assert pq.read_table(io.BytesIO(body)).num_rows == 4


def test_of_two_loads_the_later_commit_is_the_latest_in_whatever_order_they_are_named(
    cast, agreement, tmp_path
):
    table = agreement.table
    table.refresh_from_db()
    source = tmp_path / "again.csv"
    source.write_text(POSTS)
    first, second = (load(lake(), table.reference, source) for _ in range(2))
    record_version(cast.olive, table, second, "second")
    table.refresh_from_db()
    record_version(cast.olive, table, first, "first")
    table.refresh_from_db()
    assert table.latest.number == second.version == 2


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-15:00"])
@pytest.mark.parametrize("name", ["timestamp", "startingTimestamp"])
def test_a_moment_that_utc_does_not_have_is_no_question(ask, name, moment):
    assert query(ask, json.dumps({name: moment})).status_code == 400


@pytest.mark.once
def test_an_infinite_hint_leaves_every_file_in():
    hint = {"op": "column", "name": "n"}, {"op": "literal", "value": float("inf")}
    told = json.dumps({"op": "equal", "children": hint})
    part = SimpleNamespace(stats={"minValues": {"n": 1}, "maxValues": {"n": 2}})
    assert wanted([part], told, None) == [part]
