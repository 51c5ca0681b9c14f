"""A real table, shared under an agreement: what arrives is checked cell by cell."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.utils import timezone

from concordat.kernel.administration.actions import issue_token
from concordat.marketplace import actions
from concordat.tables.actions import draft_table, load_table
from concordat.tables.models import Share
from tests.cast import DATASET, Shared, agreed

PAY = ("Payscale Minimum (£)", "Payscale Maximum (£)")
BODIES = ("land_registry", "met_office", "cabinet_office", "home_office")


@pytest.fixture
def rows(shared):
    """The junior posts of several bodies, as they were published."""
    folder, rows = shared / "marketplace" / "organograms", []
    for body in BODIES:
        with (folder / f"{body}-2011-09-30-junior.csv").open(encoding="utf-8", newline="") as text:
            rows += list(csv.DictReader(text))
    return rows


@pytest.fixture
def kept(rows):
    """Two of the organisations; pay is hidden."""
    organisations = sorted({row["Organisation"] for row in rows})
    assert len(organisations) >= 3
    return organisations[:2]


@pytest.fixture
def share(cast, rows, kept, tmp_path):
    source = tmp_path / "posts.csv"
    with source.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    table = draft_table(cast.olive, cast.bodies["treasury"], "Posts", "posts")
    version = load_table(cast.olive, table, source)
    assert (version.rows, version.rejected) == (len(rows), 0)
    dataset = actions.draft_dataset(cast.olive, cast.bodies["treasury"], DATASET)
    form = actions.add_distribution(
        cast.olive, dataset, {"identifier": "p", "title": "P", "table": table}
    )
    actions.perform(cast.olive, dataset, "submit")
    actions.perform(cast.colin, dataset, "publish")
    wanted = ", ".join("'" + name.replace("'", "''") + "'" for name in kept)
    found = agreed(
        cast,
        Shared(dataset, form, table),
        columns=[name for name in rows[0] if name not in PAY],
        rows=f"Organisation in ({wanted})",
    )
    return Share.objects.get(basis=found.agreement.reference)


@pytest.fixture
def headers(cast):
    secret, _ = issue_token(cast.asha, "t", ["deliver"], timezone.now() + timedelta(days=1))
    return {"Authorization": f"Bearer {secret}"}


def _by_csv(share, headers):
    answer = Client().get(f"/api/v1/shares/{share.reference}/data.csv", headers=headers)
    text = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _by_delta_sharing(share, headers):
    """What any client of the protocol gets: the tables of a share, its files, their rows."""
    client, rows = Client(), []
    for item in client.get(f"/sharing/shares/{share.name}/all-tables", headers=headers).json()[
        "items"
    ]:
        place = f"/sharing/shares/{item['share']}/schemas/{item['schema']}/tables/{item['name']}"
        answer = client.post(
            f"{place}/query", data="{}", content_type="application/json", headers=headers
        )
        for line in map(json.loads, answer.content.decode().splitlines()):
            if "file" in line:
                got = client.get(line["file"]["url"].removeprefix("http://testserver"))
                table = pq.read_table(io.BytesIO(b"".join(got.streaming_content)))
                rows += table.to_pylist()
    return rows


def _plain(row, numeric):
    """Cells as they are written; in columns of numbers, 1 and 1.0 are one."""
    return tuple(
        float(cell) if name in numeric and cell not in ("", None) else str(cell or "")
        for name, cell in row.items()
    )


@pytest.mark.parametrize("door", [_by_csv, _by_delta_sharing])
def test_pay_stays_hidden_and_two_organisations_rows_arrive_cell_by_cell(
    rows, kept, share, headers, door
):
    columns = [name for name in rows[0] if name not in PAY]
    numeric = {c["name"] for c in share.table.latest.columns if c["type"] in ("integer", "number")}
    expected = [
        {name: row[name] for name in columns} for row in rows if row["Organisation"] in kept
    ]
    assert 0 < len(expected) < len(rows)
    assert 0 < len(numeric & set(columns)) < len(columns)
    got = door(share, headers)
    assert list(got[0]) == columns
    assert {row["Organisation"] for row in got} == set(kept)
    key = lambda row: tuple(map(str, row))  # noqa: E731
    assert sorted((_plain(row, numeric) for row in got), key=key) == sorted(
        (_plain(row, numeric) for row in expected), key=key
    )
