"""A table and shares of it, as the tests of totals use them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from concordat.kernel.access import SYSTEM
from concordat.tables import actions
from concordat.tables.plane.aggregate import Aggregate, Dimension
from concordat.tables.plane.policy import Policy

COUNTS = {
    ("Tax", "EO"): 30,
    ("Tax", "HEO"): 31,
    ("Spending", "EO"): 37,
    ("Spending", "HEO"): 3,
    ("Policy", "EO"): 14,
    ("Policy", "HEO"): 12,
}
COLUMNS = ("Unit", "Grade", "Pay", "Started")


def text_of(counts, pay=lambda n: 20_000 + n % 7 * 1_000):
    """So many rows of each unit and grade, each with its pay, a day and a secret."""
    lines = ["Unit,Grade,Pay,Started,Secret"]
    for (unit, grade), count in counts.items():
        for n in range(count):
            lines.append(f"{unit},{grade},{pay(n)},2026-{n % 12 + 1:02d}-05,s{n}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def table_of(cast, tmp_path):
    """A stored table of the Treasury with such rows; again: its next version."""
    made = []

    def table(counts=None, **more):
        source = tmp_path / "posts.csv"
        source.write_text(text_of(counts or COUNTS, **more), encoding="utf-8")
        if not made:
            made.append(actions.draft_table(cast.olive, cast.bodies["treasury"], "Posts", "posts"))
        actions.load_table(cast.olive, made[0], source)
        made[0].refresh_from_db()
        return made[0]

    return table


@pytest.fixture
def shared(cast, table_of):
    """Opens a share of the table to the acquirer, of totals alone unless told otherwise."""

    def opened(table=None, policy=None, basis="AG-TEST-01"):
        now = timezone.now()
        return actions.open_share(
            SYSTEM,
            table or table_of(),
            cast.bodies["pensions"],
            policy or Policy(COLUMNS, gives="aggregates"),
            basis=basis,
            basis_digest="0" * 64,
            starts_at=now,
            ends_at=now + timedelta(days=9),
        )

    return opened


def count(*columns, margins=True):
    """A request for a count by columns."""
    return Aggregate(tuple(Dimension(c) for c in columns), margins=margins)


def shown(output):
    """Label or labels → value, of the cells that are shown; () for the total."""
    return {cell.labels: cell.value for cell in output.cells if not cell.hidden}


def hidden(output):
    """The labels of the cells that are not."""
    return {cell.labels for cell in output.cells if cell.hidden}
