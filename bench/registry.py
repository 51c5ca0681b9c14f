"""Bringing light entries into the Evaluation Registry from the plain template.

The peer is the csv module and a bare `bulk_create` of the same columns: no plan is read, nothing is
asked, checked or told of.
"""

from __future__ import annotations

import csv
import os
import tempfile
from pathlib import Path

from bench.measure import Row, once
from concordat.evaluations.actions import import_evaluations
from concordat.evaluations.feeds.columns import LIGHT_HEADERS
from concordat.evaluations.models import Evaluation
from concordat.kernel.access import SYSTEM
from concordat.kernel.deeds import act
from concordat.kernel.organisations.lifecycle import ORGANISATION
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.publication.reference import make

_BATCH = 500


def run() -> list[Row]:
    """Records a second, first run and second, beside the bare peer."""
    count = 300 if os.environ.get("BENCH_QUICK") else 12_000
    told = Organisation(slug="bench-registry", name="Body of the bench", is_government=True)
    owner = act(SYSTEM, ORGANISATION["draft"], told)
    path = _made(count)
    first = once(lambda: import_evaluations(SYSTEM, owner, path))
    again = once(lambda: import_evaluations(SYSTEM, owner, path))
    bare = once(lambda: _bare(owner, path))
    return [
        Row(
            f"import of {count:,} light evaluations",
            f"{count / first:,.0f} records a second",
            f"csv module and bulk_create: {count / bare:,.0f}",
            f"{bare / first:.2f}",
            "≥ 500 a second",
        ),
        Row("the same again, unchanged", f"{count / again:,.0f} records a second"),
    ]


def _made(count: int) -> Path:
    path = Path(tempfile.mkdtemp()) / "light.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(LIGHT_HEADERS)
        for n in range(count):
            what = f"Whether measure {n % 97} does what it is meant to, and for whom it does not."
            types = ("Impact", "Process", "Impact; Value for money")[n % 3]
            designs = ("Case studies", "Difference in difference", "Regression discontinuity")[
                n % 3
            ]
            dates = [f"2027-{n % 12 + 1:02}", "no", f"2028-{n % 12 + 1:02}", "2029-03"]
            row = [f"a{n}", f"Evaluation {n} of a measure", what, types, designs, "Money", *dates]
            writer.writerow([*row, "The team", "team@bench.example", ""])
    return path


def _bare(owner: Organisation, path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            Evaluation(
                owner=owner,
                reference=make("EV"),
                status="draft",
                title=row["Title"],
                summary=row["What is evaluated"],
                contact_name=row["Responsible person"],
                contact_email=row["E-mail address"],
            )
            for row in csv.DictReader(file)
        ]
    Evaluation.objects.bulk_create(rows, batch_size=_BATCH)
