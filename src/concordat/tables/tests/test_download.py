"""The rows over HTTP in each format: the same bytes each time, resumed, packed, checked, cut."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from datetime import date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.utils import timezone

from concordat.kernel.access import SYSTEM
from concordat.kernel.administration.actions import issue_token
from concordat.kernel.audit.models import Entry
from concordat.kernel.jobs import run_until_idle
from concordat.tables import actions
from concordat.tables.plane import render
from concordat.tables.plane.mask import Mask
from concordat.tables.plane.policy import Policy, Sample, Versions
from concordat.tables.plane.predicate import Compare
from concordat.tables.plane.streams import cleaned
from concordat.tables.sharing.files import FORMATS
from tests.cast import POSTS

KINDS = list(FORMATS)
COLUMNS = ("Organisation", "Grade", "FTE", "Started")


@pytest.fixture
def shared(cast, dataset):
    """Opens a share of the table to the acquirer under a policy."""

    def opened(policy=Policy(COLUMNS), basis="AG-TEST-01"):  # noqa: B008 - it never changes
        now = timezone.now()
        return actions.open_share(
            SYSTEM, dataset.table, cast.bodies["pensions"], policy,
            basis=basis, basis_digest="0" * 64,
            starts_at=now, ends_at=now + timedelta(days=9),
        )  # fmt: skip

    return opened


def token(actor):
    ends = timezone.now() + timedelta(days=1)
    return issue_token(actor, "t", ["read", "write", "deliver"], ends)[0]


@pytest.fixture
def ask(cast):
    secret = token(cast.asha)

    def asked(share, what, method="get", address="198.51.100.7", body=None, **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        options = {"data": json.dumps(body), "content_type": "application/json"} if body else {}
        return getattr(Client(REMOTE_ADDR=address), method)(
            f"/api/v1/shares/{share.reference}/{what}",
            headers={"Authorization": f"Bearer {secret}", **named},
            **options,
        )

    return asked


def asked_by_sql(headers, address="198.51.100.7"):
    return Client(REMOTE_ADDR=address).post(
        "/api/v1/sql",
        json.dumps({"sql": "SELECT count(*) FROM junior_posts"}),
        content_type="application/json",
        headers=headers,
    )


def sent(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def rows(kind, data):
    if kind == "csv":
        return [line.split(",")[0].strip('"') for line in data.decode().splitlines()[1:]]
    if kind == "jsonl":
        return [json.loads(line)["Organisation"] for line in data.splitlines()]
    table = (
        pa.ipc.open_stream(data).read_all() if kind == "arrow" else pq.read_table(io.BytesIO(data))
    )
    return table["Organisation"].to_pylist()


@pytest.mark.parametrize("kind", KINDS)
def test_each_format_holds_the_agreed_rows_and_is_the_same_bytes_each_time(shared, ask, kind):
    share = shared(Policy(COLUMNS, Compare("Organisation", "eq", ("HM Treasury",))))
    first, second = (ask(share, f"data.{kind}") for _ in range(2))
    data = sent(first)
    assert data == sent(second)
    assert rows(kind, data) == ["HM Treasury"] * 3
    assert first["ETag"] == second["ETag"]
    assert first["Accept-Ranges"] == "bytes"
    assert ask(share, f"data.{kind}", If_None_Match=first["ETag"]).status_code == 304


def holes(array):
    return pa.py_buffer(bytes([0b01101101, 0b11111011] * (len(array) // 16 + 1)))


@pytest.fixture
def cells():
    days = [date(2020, 1, 1 + n) for n in range(21)]
    return [
        (list(range(21)), pa.int64()),
        ([n / 7 for n in range(21)], pa.float64()),
        (days, pa.date32()),
        ([datetime(2020, 1, 1, n) for n in range(21)], pa.timestamp("us")),
        ([n % 3 == 0 for n in range(21)], pa.bool_()),
        ([Decimal(n) for n in range(21)], pa.decimal128(18, 2)),
        (["" if n % 2 else "x" * n for n in range(21)], pa.string()),
    ]


@pytest.mark.once
def test_an_empty_cell_of_an_arrow_stream_holds_nothing_from_elsewhere_in_memory(cells):
    """No value of a row that the policy hides lies under an empty cell or behind the last one."""
    full = pa.RecordBatch.from_arrays([pa.array(c, t) for c, t in cells], names=list("abcdefg"))
    junk = [
        pa.Array.from_buffers(a.type, len(a), [holes(a), *a.buffers()[1:]]) for a in full.columns
    ]
    batch = pa.RecordBatch.from_arrays(junk, names=full.schema.names).slice(3)
    clean = cleaned(batch)
    assert clean.equals(batch)
    clean.validate(full=True)
    sent = clean.serialize().to_pybytes()
    again = cleaned(pa.RecordBatch.from_pylist(batch.to_pylist(), batch.schema))
    assert again.serialize().to_pybytes() == sent


@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_transfer_is_resumed_where_it_broke_off(shared, ask, kind):
    share = shared()
    whole = ask(share, f"data.{kind}")
    data = sent(whole)
    rest = ask(share, f"data.{kind}", Range="bytes=100-", If_Range=whole["ETag"])
    assert rest.status_code == 206
    assert rest["Content-Range"] == f"bytes 100-{len(data) - 1}/{len(data)}"
    assert sent(rest) == data[100:]
    facts = Entry.objects.filter(name="share:read").last().private["facts"]
    assert (facts["door"], facts["start"]) == (f"{kind} file", 100)
    again = ask(share, f"data.{kind}")
    assert again["Content-Length"] == str(len(data))
    assert sent(again) == data


def test_a_stream_that_was_read_to_its_end_is_the_file_of_the_next_reader(shared, ask, monkeypatch):
    monkeypatch.setattr(render, "_LITTLE", 0)
    share = shared()
    data = sent(ask(share, "data.csv"))
    (file,) = ask(share, "manifest").json()["files"]
    assert (file["kind"], file["sha256"]) == ("csv", hashlib.sha256(data).hexdigest())
    assert sent(ask(share, "data.csv", Range="bytes=7-")) == data[7:]


def test_a_range_of_bytes_that_are_no_more_gives_the_whole(shared, ask):
    share = shared()
    answer = ask(share, "data.csv", Range="bytes=5-", If_Range='"an older version"')
    assert answer.status_code == 200
    assert sent(answer).startswith(b'"Organisation"')


@pytest.mark.parametrize("kind", ["csv", "jsonl", "arrow"])
def test_rows_are_packed_as_the_client_takes_them(shared, ask, kind):
    share = shared()
    plain = sent(ask(share, f"data.{kind}"))
    packed = ask(share, f"data.{kind}", Accept_Encoding="gzip, br")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(sent(packed)) == plain
    best = ask(share, f"data.{kind}", Accept_Encoding="gzip;q=0.5, zstd")
    assert best["Content-Encoding"] == "zstd"
    held = pa.CompressedInputStream(pa.BufferReader(sent(best)), "zstd").read()
    assert held == plain
    refused = ask(share, f"data.{kind}", Accept_Encoding="gzip;q=0")
    assert "Content-Encoding" not in refused


def test_json_lines_are_json_whatever_the_cells_hold(cast, dataset, shared, ask, tmp_path):
    table = pa.table(
        {"n": [1.5, float("nan"), float("inf"), None], "s": ['q"', "\u2028\n", "é", None]}
    )
    pq.write_table(table, tmp_path / "odd.parquet")
    actions.load_table(cast.olive, dataset.table, tmp_path / "odd.parquet")
    found = [
        json.loads(line)
        for line in sent(ask(shared(Policy(("n", "s"))), "data.jsonl")).splitlines()
    ]
    assert [row["n"] for row in found] == [1.5, None, None, None]
    assert [row["s"] for row in found] == ['q"', "\u2028\n", "é", None]


def test_a_file_is_prepared_by_a_job_and_is_in_the_manifest_with_its_sum(cast, shared, ask):
    share = shared()
    assert ask(share, "manifest").json()["files"] == []
    job = ask(share, "prepare", "post", body={"kind": "parquet"})
    assert job.status_code == 202, job.content
    run_until_idle()
    manifest = ask(share, "manifest").json()
    (file,) = manifest["files"]
    data = sent(ask(share, "data.parquet"))
    assert (file["bytes"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert (file["rows"], manifest["version"]) == (6, 0)
    assert [column["name"] for column in manifest["columns"]] == list(COLUMNS)
    client = Client()
    client.force_login(cast.people["asha"])
    head = client.head(f"/inside/shares/{share.reference}/data.parquet")
    assert (head["Content-Length"], head["ETag"]) == (str(len(data)), file["etag"])


def test_the_page_of_a_share_offers_each_format_and_a_file(cast, shared):
    share, client = shared(), Client()
    client.force_login(cast.people["asha"])
    page = client.get(f"/inside/shares/{share.reference}").content.decode()
    assert all(f"/data.{kind}" in page for kind in KINDS)
    missing = client.post(f"/inside/shares/{share.reference}/prepare", {"kind": ""})
    assert (missing.status_code, b"Select a kind of file" in missing.content) == (422, True)
    answer = client.post(f"/inside/shares/{share.reference}/prepare", {"kind": "csv"})
    assert answer.status_code == 302
    run_until_idle()
    assert "SHA-256" in client.get(f"/inside/shares/{share.reference}").content.decode()


def test_masks_hold_in_every_format_and_two_recipients_cannot_join_their_codes(shared, ask):
    policy = Policy(
        ("Organisation", "Unit", "Started"),
        masks=(Mask("Unit", "hash"), Mask("Started", "year")),
        sample=Sample("Organisation", 99),
    )
    one, other = shared(policy), shared(policy, "AG-TEST-02")
    found = {}
    for share in (one, other):
        table = pa.ipc.open_stream(sent(ask(share, "data.arrow"))).read_all()
        found[share.basis] = set(table["Unit"].to_pylist())
        assert {day.isoformat()[4:] for day in table["Started"].to_pylist() if day} == {"-01-01"}
        for kind in ("csv", "jsonl"):
            text = sent(ask(share, f"data.{kind}")).decode()
            assert not {"Tax", "Gilts", "Policy", "Spending"} & set(
                text.replace(",", '"').split('"')
            )
    assert not found[one.basis] & found[other.basis]


@pytest.mark.parametrize("kind", KINDS)
def test_a_share_of_totals_gives_no_rows_by_any_door(cast, shared, ask, kind):
    share = shared(Policy(COLUMNS, gives="aggregates", minimum_cell=10))
    assert ask(share, f"data.{kind}").status_code == 403
    assert ask(share, "manifest").status_code == 403
    assert ask(share, "prepare", "post", body={"kind": kind}).status_code == 403
    headers = {"Authorization": f"Bearer {token(cast.asha)}"}
    assert Client().get("/sharing/shares", headers=headers).json()["items"] == []
    named = "/sharing/shares/ag-test-01/schemas/default/tables/junior_posts"
    for path in (f"{named}/metadata", f"{named}/version", f"{named}/changes?startingVersion=0"):
        assert Client().get(path, headers=headers).status_code == 404
    assert "no table" in asked_by_sql(headers).content.decode()


def test_only_the_people_whom_the_policy_names_read(cast, shared, ask):
    address = cast.people["asha"].email
    assert ask(shared(Policy(COLUMNS, people=(address,))), "data.csv").status_code == 200
    other = shared(Policy(COLUMNS, people=(f"n{address}", "a%@pensions.example")), "AG-TEST-02")
    assert ask(other, "data.csv").status_code == 404
    headers = {"Authorization": f"Bearer {token(cast.asha)}"}
    listed = Client().get("/sharing/shares", headers=headers).json()["items"]
    assert [item["name"] for item in listed] == ["ag-test-01"]


def test_rows_are_read_from_the_networks_that_the_policy_names(cast, shared, ask):
    share = shared(Policy(COLUMNS, networks=("192.0.2.0/24",)))
    inside, outside = "192.0.2.8", "198.51.100.1"
    headers = {"Authorization": f"Bearer {token(cast.asha)}"}
    assert ask(share, "data.csv", address=inside).status_code == 200
    assert asked_by_sql(headers, inside).status_code == 200
    assert "no table" in asked_by_sql(headers, outside).content.decode()
    refused = ask(share, "data.csv", address=outside)
    assert (refused.status_code, "192.0.2" in refused.content.decode()) == (403, False)
    path = "/sharing/shares/ag-test-01/schemas/default/tables/junior_posts/query"
    options = {"data": "{}", "content_type": "application/json", "headers": headers}
    assert Client(REMOTE_ADDR=outside).post(path, **options).status_code == 403
    answer = Client(REMOTE_ADDR=inside).post(path, **options)
    url = json.loads(answer.content.splitlines()[-1])["file"]["url"].removeprefix(
        "http://testserver"
    )
    assert Client(REMOTE_ADDR=inside).get(url).status_code == 200
    assert Client(REMOTE_ADDR=outside).get(url).status_code == 403


def test_a_file_is_prepared_and_told_of_in_the_networks_alone(cast, shared, ask):
    share = shared(Policy(COLUMNS, networks=("192.0.2.0/24",)))
    inside, outside = "192.0.2.8", "198.51.100.1"
    assert ask(share, "prepare", "post", address=outside, body={"kind": "csv"}).status_code == 403
    assert ask(share, "prepare", "post", address=inside, body={"kind": "csv"}).status_code == 202
    run_until_idle()
    for address, told in ((inside, True), (outside, False)):
        client = Client(REMOTE_ADDR=address)
        client.force_login(cast.people["asha"])
        assert ("SHA-256" in client.get(share.inside_url()).content.decode()) is told
        page = client.get(f"{share.inside_url()}/prepare")
        assert page.status_code == (200 if told else 403)


@pytest.fixture
def later(cast, dataset, tmp_path):
    """Loads another version, with a row gone and a row come."""

    def load():
        lines = POSTS.splitlines()
        lines[2] = "HM Treasury,Debt,G6,60000,70000,1,2024-04-01"
        (tmp_path / "later.csv").write_text("\n".join(lines) + "\n")
        dataset.table.refresh_from_db()
        return actions.load_table(cast.olive, dataset.table, tmp_path / "later.csv")

    return load


def test_history_gives_the_versions_that_were_agreed_and_no_other(shared, ask, later):
    share = shared(Policy(COLUMNS, versions=Versions("since", 0)))
    only = shared(Policy(COLUMNS, versions=Versions("only", 0)), "AG-TEST-02")
    latest = shared(Policy(COLUMNS), "AG-TEST-03")
    later()
    old, new = (sent(ask(share, f"data.csv?version={n}")) for n in (0, 1))
    assert (b"SEO" in old, b"SEO" in new) == (True, False)
    assert sent(ask(share, "data.csv")) == new
    assert sent(ask(only, "data.csv")) == old
    assert ask(only, "data.csv?version=1").status_code == 422
    assert ask(latest, "data.csv?version=0").status_code == 422
    assert sent(ask(latest, "data.csv")) == new
    assert ask(share, "data.csv?version=2").status_code == 422
    moment = timezone.now().isoformat().replace("+00:00", "Z")
    assert sent(ask(share, f"data.csv?timestamp={moment}")) == new
