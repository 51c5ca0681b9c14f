"""What readers meet when stored data is damaged or gone, and when there are too many of them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from django.test import Client

from concordat.kernel.audit.models import Entry
from concordat.tables import deliver
from concordat.tables.models import Share
from concordat.tables.plane.columns import Column
from concordat.tables.plane.engine import open_table
from concordat.tables.plane.errors import TableError
from concordat.tables.plane.lake import Lake
from concordat.tables.plane.policy import Policy
from concordat.tables.store import lake
from concordat.tables.tests.test_download import token

DAMAGE = {
    "gone": lambda path: path.unlink(),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:40]),
    "no Parquet at all": lambda path: path.write_bytes(b"PAR1" + b"x" * 400 + b"PAR1"),
    "flipped inside": lambda path: path.write_bytes(flipped(path.read_bytes())),
}


def flipped(data):
    return data[:8] + bytes(byte ^ 255 for byte in data[8:200]) + data[200:]


@pytest.fixture
def share(agreement):
    return Share.objects.get(basis=agreement.agreement.reference)


@pytest.fixture
def headers(cast):
    return {"Authorization": f"Bearer {token(cast.asha)}"}


def let_go(answer):
    """What a server does when the client goes away, without the end of the test's own request."""
    for close in answer._resource_closers:
        close()


def damage(share, how):
    for address, _ in lake().files(share.table.reference, 0):
        DAMAGE[how](Path(address))


@pytest.mark.parametrize("how", DAMAGE)
@pytest.mark.parametrize("kind", ["csv", "arrow", "parquet"])
def test_a_damaged_file_gives_a_clear_refusal_or_a_broken_transfer_and_never_a_short_file(
    share, headers, kind, how
):
    damage(share, how)
    answer = Client(raise_request_exception=False).get(
        f"/api/v1/shares/{share.reference}/data.{kind}", headers=headers
    )
    if not answer.streaming:
        assert answer.status_code == 409
        assert str(lake().root) not in answer.content.decode()
        return
    with pytest.raises(TableError):
        b"".join(answer.streaming_content)
    facts = Entry.objects.filter(name="share:read").last().private["facts"]
    assert facts["whole"] is False


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_file_is_refused_to_the_delta_client_in_a_way_it_does_not_try_again(
    share, headers, how
):
    damage(share, how)
    path = f"/sharing/shares/{share.name}/schemas/default/tables/junior_posts/query"
    answer = Client().post(path, "{}", content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["errorCode"]) == (409, "WRONG-STATE")


@pytest.mark.once
def test_a_version_removed_under_a_reader_gives_its_rows_or_an_error_and_no_others(tmp_path):
    held = Lake(str(tmp_path / "lake"), tmp_path / "w")
    held.write("t", pa.table({"n": range(2_000_000)}).to_reader)
    relation = open_table(held, "t", 0, [Column("n", "integer")], Policy(("n",)))
    batches = relation.batches()
    first = next(batches)
    for address, _ in held.files("t", 0):
        Path(address).unlink()
    try:
        rows = first.num_rows + sum(batch.num_rows for batch in batches)
    except TableError:
        rows = None
    assert rows in (None, 2_000_000)


def test_one_reader_holds_only_so_many_streams_and_gives_them_back(share, headers, monkeypatch):
    monkeypatch.setattr(deliver, "READS_EACH", 2)
    path = f"/api/v1/shares/{share.reference}/data.csv"
    held = [Client().get(path, headers=headers) for _ in range(2)]
    refused = Client().get(path, headers=headers)
    assert refused.status_code == 429
    for answer in held:
        let_go(answer)
    assert b"".join(Client().get(path, headers=headers).streaming_content)


def test_all_readers_together_leave_threads_for_others(share, headers, cast, monkeypatch):
    monkeypatch.setattr(deliver, "READS_A_HOST", 1)
    path = f"/api/v1/shares/{share.reference}/data.csv"
    held = Client().get(path, headers=headers)
    assert Client().get(path, headers=headers).status_code == 429
    assert Client().get("/api/v1/shares", headers=headers).status_code == 200
    let_go(held)
