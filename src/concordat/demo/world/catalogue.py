"""Sixty datasets and eight data services with full metadata, from the subjects and a seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from concordat.demo.world.subjects import Subject, subjects
from concordat.demo.world.tables import BEHIND

_FORMS: Final = (
    ("by local authority", "quarterly", "Put together by local authority, at the latest borders"),
    ("by month", "monthly", "Put together by month, adjusted for the number of working days"),
    ("summary tables", "annual", "A short set of tables for readers who need the headline alone"),
)
_OFTEN: Final = ("monthly", "quarterly", "quarterly", "annual", "weekly", "daily")
_TEAMS: Final = ("Data team", "Statistics unit", "Analysis directorate", "Insight team")
_TERMS: Final = (("OGL-UK-3.0", "OPEN"), ("OGL-UK-3.0", "OPEN"), ("OGL-UK-3.0", "INTERNAL"))
_CLOSED: Final = ("DATA_SHARE_AGREEMENT", "INTERNAL")
_CAVEATS: Final = (
    "Read the notes on each column before comparing years.",
    "Areas follow the borders of the year of the figure, not those of today.",
    "Counts below five are not shown, so totals may differ from the sum of their parts.",
    "The latest period is provisional and will be revised once.",
    "A change of system in 2021 breaks the series; the two halves are marked.",
    "Figures for Wales are in English and Welsh; the Welsh names are the official ones.",
)
_USES: Final = (
    "It is used to plan services and to answer questions in Parliament.",
    "Researchers use it with the census to see who is reached and who is not.",
    "It feeds the published statistics, and is the record behind them.",
    "Other departments compare it with what their own systems say.",
)
# What is not simply published: by the number of the dataset.
_GOVERNMENT: Final = frozenset({6, 13, 21, 35, 47, 57})
_DRAFT: Final = frozenset({40, 52})  # 40: what the main job publishes
_IN_REVIEW: Final = frozenset({18, 36, 55})
_WITHDRAWN: Final = frozenset({9, 44})


@dataclass(frozen=True)
class Plan:
    """A dataset or data service to be: publisher's slug, values by field, and what becomes of it.

    `end` is draft, in_review, published, government or withdrawn; `serves` names datasets by title.
    """

    owner: str
    values: dict[str, Any]
    distributions: tuple[dict[str, Any], ...] = ()
    end: str = "published"
    serves: tuple[str, ...] = field(default=())

    @property
    def title(self) -> str:
        """Its title."""
        return str(self.values["title"])


def _slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def _values(random: Random, subject: Subject, often: str) -> dict[str, Any]:
    created = date(2012, 4, 2) + timedelta(days=random.randrange(3000))
    issued = created + timedelta(days=random.randrange(20, 400))
    modified = max(issued, date(2024, 6, 3) + timedelta(days=random.randrange(400)))
    licence, access = random.choice(_TERMS) if subject.title not in BEHIND else _CLOSED
    told = (f"{subject.made}.", random.choice(_USES), random.choice(_CAVEATS))
    return {
        "title": subject.title,
        "alternative_titles": [subject.alternative],
        "summary": f"{subject.holds[:1].upper()}{subject.holds[1:]}, {often} figures.",
        "description": " ".join(told),
        "keywords": list(subject.keywords),
        "themes": [subject.theme],
        "contact_name": random.choice(_TEAMS),
        "contact_email": f"data@{subject.owner}.example",
        "release": f"v{random.randrange(1, 5)}.{random.randrange(10)}",
        "created_on": created,
        "issued_on": issued,
        "modified_on": modified,
        "licence": licence,
        "access_rights": access,
        "security_classification": "OFFICIAL",
        "landing_page": f"https://www.{subject.owner}.example/data/{_slug(subject.title)}",
    }


def _columns(holds: str) -> list[dict[str, str]]:
    measures = [part.strip() for part in holds.replace(" and ", ", ").split(",") if part.strip()]
    found = [
        {"name": "period", "type": "date", "description": "First day of the period counted"},
        {"name": "area_code", "type": "text", "description": "Nine-character code of the area"},
        {"name": "area_name", "type": "text", "description": "Name of the area"},
    ]
    for measure in measures[:4]:
        name = "_".join(measure.lower().split())[:40]
        found.append({"name": name, "type": "number", "description": f"Number of {measure}"})
    found.append({"name": "note", "type": "text", "description": "c where a count is too small"})
    return found


def _distributions(random: Random, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One form or several: always a CSV file, often a spreadsheet, at times an address to ask."""
    home = str(values["landing_page"])
    dates = {"issued_on": values["issued_on"], "modified_on": values["modified_on"]}
    common = {**dates, "licence": values["licence"]}
    open_to_all = values["access_rights"] == "OPEN"
    yield {
        **common,
        "identifier": "csv",
        "title": f"{values['title'][:150]} (CSV)",
        "description": "One row a record, UTF-8, with the names of the columns in the first row.",
        "format": "CSV",
        "media_type": "text/csv",
        "access_url": home,
        "download_url": f"{home}/latest.csv" if open_to_all else "",
        "byte_size": random.randrange(40_000, 90_000_000),
    }
    if random.random() < 0.5:
        yield {
            **common,
            "identifier": "ods",
            "title": f"{values['title'][:150]} (spreadsheet)",
            "description": "Tables with notes, for reading.",
            "format": "ODS",
            "media_type": "application/vnd.oasis.opendocument.spreadsheet",
            "access_url": home,
            "download_url": f"{home}/tables.ods" if open_to_all else "",
            "byte_size": random.randrange(20_000, 900_000),
        }
    if random.random() < 0.3:
        yield {
            **common,
            "identifier": "json",
            "title": f"{values['title'][:150]} (by query)",
            "format": "JSON",
            "media_type": "application/json",
            "access_url": f"{home}/query",
        }


def _end(number: int) -> str:
    ends = {
        "government": _GOVERNMENT,
        "draft": _DRAFT,
        "in_review": _IN_REVIEW,
        "withdrawn": _WITHDRAWN,
    }
    return next((end for end, numbers in ends.items() if number in numbers), "published")


def _forms(known: list[Subject], count: int) -> Iterator[tuple[Subject, str | None]]:
    """Each subject as it is, then the first of them again in other forms, with how often."""
    yield from ((subject, None) for subject in known[:count])
    for number in range(count - len(known)):
        subject, (form, often, about) = known[number % len(known)], _FORMS[number % len(_FORMS)]
        title = f"{subject.title} {form}"
        other = f"{subject.alternative}, {form}"
        made = f"{about}. {subject.made}"
        yield replace(subject, title=title, alternative=other, made=made), often


def datasets(seed: int, count: int = 60) -> list[Plan]:
    """`count` datasets, the same for the same seed."""
    random = Random(seed)
    found = []
    for number, (subject, told) in enumerate(_forms(subjects(), count)):
        often = told or random.choice(_OFTEN)
        values = _values(random, subject, often)
        table = BEHIND.get(subject.title)
        values["dictionary"] = table.dictionary() if table else _columns(subject.holds)
        values["update_frequency"] = f"freq:{often}"
        values["is_esda"] = number % 12 == 0
        listed = tuple(_distributions(random, values))
        found.append(Plan(subject.owner, values, listed, _end(number)))
    return found


def services(seed: int) -> list[Plan]:
    """Eight data services, each of which serves a dataset and, where there is one, its other form."""
    random = Random(seed + 1)
    known = [plan.title for plan in datasets(seed) if plan.end in ("published", "government")]
    found = []
    for number, subject in enumerate(subjects()[:8]):
        named = replace(subject, title=f"{subject.title} API", alternative=f"{subject.title} feed")
        values = _values(random, named, "daily")
        values |= {
            "summary": f"Ask for {subject.holds} by machine.",
            "description": f"{subject.made}. The service answers one question at a time; for all of "
            "it, take the dataset. Keys are free and take a working day.",
            "keywords": [*subject.keywords[:2], "api"],
            "endpoint_url": f"https://api.{subject.owner}.example/{_slug(subject.title)}/v1",
            "endpoint_description": f"https://api.{subject.owner}.example/{_slug(subject.title)}/docs",
            "service_status": random.choice(("LIVE", "LIVE", "PUBLIC_BETA", "DEPRECATED")),
            "service_type": "REST",
        }
        serves = tuple(title for title in known if title.startswith(subject.title))
        end = {6: "draft", 7: "withdrawn"}.get(number, "published")
        found.append(Plan(subject.owner, values, (), end, serves))
    return found


def many(seed: int, count: int) -> Iterator[Plan]:
    """`count` datasets for load work, made one at a time; “data” is in most of them."""
    random = Random(seed)
    places = [
        f"{a}{b}"
        for a in ("North", "South", "East", "West", "Upper", "Lower")
        for b in ("ford", "ham", "ton", "bury", "dale", "mere", "wick", "stead")
    ]
    known = subjects()
    for number in range(count):
        subject = random.choice(known)
        year = random.randrange(2005, 2026)
        title = f"{subject.title} data, {random.choice(places)} {year}, part {number}"
        named = replace(subject, title=title)
        yield Plan(subject.owner, _values(random, named, random.choice(("monthly", "annual"))))
