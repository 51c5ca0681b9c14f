"""The real tables behind the world's datasets: generated rows with the awkwardness of real data."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import duckdb

_UNITS: Final = ("Tax", "Spending", "Digital", "Legal", "Finance", "People", "Llên a Threftadaeth")
_GRADES: Final = (
    ("AO", 23000, 26000),
    ("EO", 27000, 31000),
    ("HEO", 33000, 38000),
    ("SEO", 40000, 46000),
    ("Grade 7", 54000, 64000),
    ("Grade 6", 66000, 77000),
)
_ORGANISATIONS: Final = (
    "HM Treasury",
    "UK Debt Management Office",
    "Government Internal Audit Agency",
    "National Infrastructure Commission",
    "Office for Budget Responsibility",
)


@dataclass(frozen=True)
class TablePlan:
    """A table to be: its publisher, titles, the dataset it stands behind, and how it is written."""

    name: str
    title: str
    owner: str
    dataset: str
    rows: int
    kind: str


PLANS: Final = (
    TablePlan(
        "junior_posts",
        "Junior posts",
        "hm-treasury",
        "Junior posts in the Treasury group",
        9000,
        "posts",
    ),
    TablePlan(
        "spending",
        "Payments over £25,000",
        "hm-treasury",
        "Public spending over £25,000",
        60000,
        "spending",
    ),
    TablePlan(
        "claims",
        "Benefit claims",
        "department-for-work-pensions",
        "Benefit claims",
        2000000,
        "large",
    ),
    TablePlan(
        "traffic",
        "Traffic counts",
        "department-for-transport",
        "Road traffic counts",
        200000,
        "large",
    ),
    TablePlan(
        "tests",
        "Vehicle tests",
        "driver-and-vehicle-standards-agency",
        "Vehicle test results",
        200000,
        "large",
    ),
    TablePlan(
        "starts",
        "Apprenticeship starts",
        "department-for-education",
        "Apprenticeship starts",
        20000,
        "areas",
    ),
    TablePlan(
        "workforce",
        "School workforce",
        "department-for-education",
        "School workforce",
        20000,
        "areas",
    ),
    TablePlan(
        "housing",
        "Housing supply",
        "ministry-of-housing-communities-local-government",
        "Housing supply",
        5000,
        "semicolon",
    ),
    TablePlan(
        "air",
        "Air quality readings",
        "department-for-environment-food-rural-affairs",
        "Air quality readings",
        100000,
        "large",
    ),
    TablePlan(
        "weather", "Weather observations", "met-office", "Weather observations", 100000, "large"
    ),
)


_MEANINGS: Final = {
    "id": "Number of the record, unique within the table",
    "day": "Day of the event, as entered",
    "period": "First day of the period counted",
    "area_code": "Nine-character code of the area",
    "area_name": "Name of the area as the source writes it",
    "category": "Category given by the caseworker; n/a where none fits",
    "value": "Amount in pounds; empty where it was not recorded",
    "quantity": "Units; negative where an earlier entry was corrected",
    "complete": "Whether the record was closed by the end of the period",
    "count": "Number counted; c where it is too small to show",
    "note": "Why a figure is missing",
}


def meaning(column: str) -> str:
    """What a column of these tables means, in words for a data dictionary."""
    return _MEANINGS.get(column, f"{column[:1].upper()}{column[1:]}, as the source records it")


def write(plan: TablePlan, seed: int, folder: Path, scale: float = 1.0) -> Path:
    """Write a table's file and return it: the same bytes for the same seed and scale."""
    rows = max(50, int(plan.rows * scale))
    if plan.kind == "large":
        return _large(plan, seed, folder / f"{plan.name}.parquet", rows)
    path = folder / f"{plan.name}.csv"
    lines = {"posts": _posts, "spending": _spending}.get(plan.kind, _areas)(Random(seed), rows)
    # Real files come in every shape: one in Windows-1252, one with semicolons.
    encoding = "cp1252" if plan.kind == "spending" else "utf-8"
    delimiter = ";" if plan.kind == "semicolon" else ","
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(lines)
    return path


def _posts(random: Random, rows: int) -> Iterator[list[object]]:
    yield [
        "Department",
        "Organisation",
        "Unit",
        "Grade",
        "Pay minimum",
        "Pay maximum",
        "Job title",
        "FTE",
        "Profession",
    ]
    for _ in range(rows):
        grade, low, high = random.choice(_GRADES)
        blank = random.random() < 0.02
        yield [
            "HM Treasury",
            random.choices(_ORGANISATIONS, weights=(60, 15, 12, 8, 5))[0],
            random.choice(_UNITS) + (" " if random.random() < 0.05 else ""),
            grade,
            "" if blank else low,
            "" if blank else high,
            random.choice(("Analyst", "Adviser", "Business support", "=Manager", "Caseworker")),
            random.choice(("1", "1", "1", "0.5", "0.8", "29.41")),
            random.choice(("Policy", "Operational delivery", "Finance", "n/a")),
        ]


def _spending(random: Random, rows: int) -> Iterator[list[object]]:
    yield ["Date", "Supplier", "Supplier code", "Purpose", "Amount (£)", "Expense area"]
    for number in range(rows):
        amount = round(random.lognormvariate(11, 0.8), 2)
        if random.random() < 0.03:
            amount = -amount  # a correction
        day = f"{2020 + number % 6}-{1 + number % 12:02}-{1 + random.randrange(28):02}"
        if random.random() < 0.04:
            day = f"{1 + random.randrange(28):02}/{1 + number % 12:02}/{2020 + number % 6}"
        yield [
            day,
            random.choice(
                ("Café Prydain Cyf", "Northern Grid plc", "Söderberg & Sons", "NULL", "Acme Ltd ")
            ),
            f"{random.randrange(100000):06}",
            random.choice(("Consultancy", "Software", "Travel", "Grant", "")),
            amount,
            random.choice(("Digital", "Estates", "People", "c")),
        ]


def _areas(random: Random, rows: int) -> Iterator[list[object]]:
    yield ["period", "area_code", "area_name", "count", "note"]
    for number in range(rows):
        count: object = random.randrange(400)
        small = isinstance(count, int) and count < 10
        yield [
            f"{2018 + number % 8}-04-01",
            f"E{6000000 + number % 317:08}",
            random.choice(
                ("Ynys Môn", "Stoke-on-Trent", "King's Lynn and West Norfolk", "St Albans")
            ),
            "c" if small else count,
            "small number" if small else "",
        ]


def _large(plan: TablePlan, seed: int, path: Path, rows: int) -> Path:
    """Many rows by DuckDB, from hashes of the row number and the seed, so that none is stored."""
    salt = seed * 1000 + len(plan.name)
    place = str(path).replace("'", "''")
    with duckdb.connect() as connection:
        connection.execute(
            f"""COPY (
            SELECT i AS id,
                   DATE '2019-01-01' + CAST(hash(i + {salt}) % 2500 AS INTEGER) AS day,
                   'E' || lpad(CAST(hash(i * 7 + {salt}) % 317 AS VARCHAR), 8, '0') AS area_code,
                   CASE hash(i * 3 + {salt}) % 6 WHEN 0 THEN 'A' WHEN 1 THEN 'B' WHEN 2 THEN 'C'
                        WHEN 3 THEN 'D' WHEN 4 THEN 'n/a' ELSE NULL END AS category,
                   CASE WHEN hash(i * 11 + {salt}) % 50 = 0 THEN NULL
                        ELSE CAST(hash(i * 5 + {salt}) % 100000 AS DOUBLE) / 100 END AS value,
                   CAST(hash(i * 13 + {salt}) % 100 AS BIGINT) - 5 AS quantity,
                   hash(i * 17 + {salt}) % 9 < 6 AS complete
            FROM range({rows}) t(i)) TO '{place}' (FORMAT parquet)"""
        )
    return path
