"""The smaller tables, row by row as a department would write them into a CSV file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Final

Rows = Iterator[list[object]]

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
_AREAS: Final = (
    ("E06000021", "Stoke-on-Trent"),
    ("E07000146", "King's Lynn and West Norfolk"),
    ("E07000240", "St Albans"),
    ("E06000010", "Kingston upon Hull, City of"),
    ("E06000019", "Herefordshire, County of "),
    ("E08000035", "Leeds"),
    ("E06000052", "Cornwall"),
    ("", "Not known"),
)


def _posts(random: Random, rows: int) -> Rows:
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


def _spending(random: Random, rows: int) -> Rows:
    suppliers = ("Café Prydain Cyf", "Northern Grid plc", "Söderberg & Sons", "NULL", "Acme Ltd ")
    for number in range(rows):
        amount = round(random.lognormvariate(11, 0.8), 2)
        if random.random() < 0.03:
            amount = -amount  # a correction
        month, year = 1 + number % 12, 2020 + number % 6
        day = f"{year}-{month:02}-{1 + random.randrange(28):02}"
        if random.random() < 0.04:
            day = f"{1 + random.randrange(28):02}/{month:02}/{year}"
        yield [
            day,
            random.choice(suppliers),
            f"{random.randrange(100000):06}",
            random.choice(("Consultancy", "Software", "Travel", "Grant", "")),
            amount,
            random.choice(("Digital", "Estates", "People", "c")),
        ]


def _starts(random: Random, rows: int) -> Rows:
    for number in range(rows):
        code, area = random.choice(_AREAS)
        begun = random.randrange(160)
        year = 2017 + number % 8
        yield [
            f"{year}/{(year + 1) % 100:02}" if random.random() < 0.97 else f"{year}-{year + 1}",
            code,
            area,
            random.choice(("Intermediate", "Advanced", "Higher", "advanced ")),
            random.choice(("Engineering", "Health and care", "Digital", "Construction", "n/a")),
            random.choice(("Under 19", "19-24", "25+")),
            "c" if begun < 10 else begun,
            "c" if begun < 20 else begun * random.randrange(40, 75) // 100,
            "Provider closed in the year" if random.random() < 0.02 else "",
        ]


def _workforce(random: Random, rows: int) -> Rows:
    names = ("Oakfield", "St Thérèse's", "Bishop Łukasz", "Ysgol y Gororau", "Harbour View ", "Ash")
    for number in range(rows):
        teachers = round(random.uniform(4, 110), 2)
        yield [
            2016 + number % 9,
            f"{random.randrange(1000, 999999):06}",
            f"{random.choice(names)} {random.choice(('Primary School', 'Academy', 'College'))}",
            random.choice(("Primary", "Secondary", "Special", "16 plus", "")),
            teachers if random.random() > 0.02 else "",
            round(teachers * random.uniform(0.3, 1.1), 2),
            random.choice((0, 0, 0, 1, 2, "z")),
            random.choice(("c", "x", *(f"{n / 2:.1f}" for n in range(4, 20)))),
        ]


def _housing(random: Random, rows: int) -> Rows:
    for number in range(rows):
        code, area = random.choice(_AREAS)
        built, turned, lost = (
            random.randrange(900),
            random.randrange(-20, 90),
            -random.randrange(60),
        )
        year = 2006 + number % 19
        yield [
            f"{year}-{(year + 1) % 100:02}",
            code,
            area,
            built,
            turned,
            random.randrange(120) if random.random() > 0.1 else "..",
            lost,
            built + turned + lost,
            "Revised; an earlier return counted a site twice" if random.random() < 0.03 else "",
        ]


SMALL: Final[dict[str, Callable[[Random, int], Rows]]] = {
    "junior_posts": _posts,
    "spending": _spending,
    "starts": _starts,
    "workforce": _workforce,
    "housing": _housing,
}
