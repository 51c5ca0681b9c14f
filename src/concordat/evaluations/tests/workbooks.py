"""Workbooks made for tests: evaluations as a generator draws them, and the rows that tell of them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import strategies as st

from concordat.evaluations.feeds.columns import FULLER, SHORTER

NAMES = st.text("abcdefghij XYZ'é", min_size=3, max_size=20).map(lambda t: f"“{t.strip()}”")
TEXTS = st.sampled_from(
    ["", "", "Some text; with | marks", "It says n/a in the middle", "1,000", "=2+2", "Two\nlines"]
)
UNSAID = st.sampled_from(
    ["N/A", "nan", "Not applicabe", "Information not identified within the report"]
)


@dataclass
class Drawn:
    """An evaluation to be written: reports by id with the outcomes that each measured."""

    id: str
    title: str
    reports: dict[str, list[str]] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    interventions: dict[str, str] = field(default_factory=dict)
    unsaid: str = "N/A"


@st.composite
def drawn(draw: Any, most: int = 5) -> list[Drawn]:
    """Some evaluations, each with ids, reports, outcomes and interventions of their own."""
    made = []
    for number in range(draw(st.integers(1, most))):
        outcomes = {
            n: draw(TEXTS) for n in draw(st.lists(NAMES, unique_by=str.casefold, max_size=4))
        }
        reports = {
            f"{number}.{n}x": draw(st.lists(st.sampled_from(sorted(outcomes)), unique=True))
            if outcomes
            else []
            for n in range(draw(st.integers(0, 3)))
        }
        interventions = draw(st.lists(NAMES, unique_by=str.casefold, max_size=3))
        made.append(
            Drawn(
                str(number + 1),
                draw(NAMES),
                reports,
                outcomes,
                {name: draw(TEXTS) for name in interventions},
                draw(UNSAID),
            )
        )
    return made


def rows(found: Drawn) -> list[dict[str, str]]:
    """Its rows: the first tells of the evaluation, and rows that go on leave that empty."""
    pairs = [(r, o) for r, held in found.reports.items() for o in held or [""]]
    told = {o for _, o in pairs}
    pairs += [("", o) for o in found.outcomes if o not in told]
    waiting = list(found.interventions.items())
    made: list[dict[str, str]] = []
    for n in range(max(1, len(pairs), len(waiting))):
        report, outcome = pairs[n] if n < len(pairs) else ("", "")
        row = {"Evaluation ID": found.id, "Report ID": report, "Outcome title": outcome}
        row["Description of measure"] = found.outcomes.get(outcome, "")
        if n < len(waiting):
            row["Intervention name"], row["Intervention rationale"] = waiting[n]
        made.append(row)
    made[0] |= {"Evaluation title": found.title, "Impact": "Y (AA)", "Client": found.unsaid}
    made[0] |= {"Publication date (Month)": "NOV", "Publication date (Year)": "2016"}
    return made


def headers(*, fuller: bool = False) -> list[str]:
    """The header row as the workbook has it: a mark before the first, and a last one without name."""
    first, *others = FULLER if fuller else SHORTER
    return [f"\ufeff{first}", *others, ""]


def table(written: list[dict[str, str]], *, fuller: bool = False) -> list[list[str]]:
    """Header and rows."""
    names = FULLER if fuller else SHORTER
    return [headers(fuller=fuller), *([row.get(n, "") for n in names] + [""] for row in written)]


def as_csv(cells: list[list[str]], path: Path) -> Path:
    """The table as a CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(cells)
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def as_xlsx(cells: list[list[str]], path: Path) -> Path:
    """The table as a workbook, behind a sheet that is none."""
    book = openpyxl.Workbook()
    book.active.append(["Read me first"])
    sheet = book.create_sheet("Data")
    for row in cells:
        sheet.append([f"'{c}" if c.startswith("=") else c or None for c in row])
    book.save(path)
    return path
