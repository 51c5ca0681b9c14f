"""A real table, shared under an agreement: what arrives is checked cell by cell."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from concordat.kernel.administration.actions import issue_token
from concordat.marketplace import actions
from concordat.tables.actions import draft_table, load_table
from concordat.tables.models import Share
from tests.cast import DATASET, Shared, agreed

PAY = ("Payscale Minimum (£)", "Payscale Maximum (£)")


@pytest.fixture
def source(shared):
    folder = shared / "marketplace" / "organograms"
    return max(folder.glob("*-junior.csv"), key=lambda p: p.stat().st_size)


def test_pay_stays_hidden_and_two_organisations_rows_arrive_cell_by_cell(cast, source):
    with source.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    organisations = sorted({row["Organisation"] for row in rows})
    kept = organisations[:2]
    columns = [name for name in rows[0] if name not in PAY]
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
        cast, Shared(dataset, form, table), columns=columns, rows=f"Organisation in ({wanted})"
    )
    share = Share.objects.get(basis=found.agreement.reference)
    secret, _ = issue_token(cast.asha, "t", ["deliver"], timezone.now() + timedelta(days=1))
    response = Client().get(
        f"/api/v1/shares/{share.reference}/data.csv",
        headers={"Authorization": f"Bearer {secret}"},
    )
    text = b"".join(response.streaming_content).decode()
    got = list(csv.DictReader(io.StringIO(text)))
    expected = [
        {name: row[name] for name in columns} for row in rows if row["Organisation"] in kept
    ]
    assert list(got[0]) == columns

    def plain(row):
        return tuple(_number(value) for value in row.values())

    assert sorted(map(plain, got)) == sorted(map(plain, expected))


def _number(value: str) -> str:
    """Numbers by value: 1 and 1.0 are one. A defused formula is read as it was."""
    try:
        return repr(float(value))
    except ValueError:
        return value.removeprefix("'") if value[:2] in ("'=", "'+", "'-", "'@") else value
