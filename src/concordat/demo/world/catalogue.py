"""Datasets and data services with full metadata, from lists of words and a seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, Final

_THINGS: Final = (
    "Benefit claims|department-for-work-pensions|society|claims, awards and sanctions",
    "Apprenticeship starts|department-for-education|education|starts, levels and sectors",
    "School workforce|department-for-education|education|teachers, support staff and vacancies",
    "Road traffic counts|department-for-transport|transport|vehicles passing each count point",
    "Vehicle test results|driver-and-vehicle-standards-agency|transport|passes, failures and reasons",
    "Vehicle licensing|driver-and-vehicle-licensing-agency|transport|vehicles licensed by make and fuel",
    "Cycling and walking schemes|active-travel-england|transport|schemes, funding and length built",
    "Company register|companies-house|business-and-economy|companies, officers and filings",
    "Insolvency notices|insolvency-service|business-and-economy|petitions, orders and outcomes",
    "Trade mark applications|intellectual-property-office|business-and-economy|marks, classes and owners",
    "Export guarantees|export-credits-guarantee-department|business-and-economy|guarantees by sector and market",
    "Public spending over £25,000|hm-treasury|government-spending|payments, suppliers and purposes",
    "Gilt auctions|uk-debt-management-office|business-and-economy|gilts offered, bids and yields",
    "Infrastructure pipeline|national-infrastructure-commission|government-spending|projects, cost and stage",
    "Audit findings|government-internal-audit-agency|government|findings by theme and rating",
    "Hospital prescribing|department-of-health-and-social-care|health|medicines prescribed by trust",
    "Medicine safety reports|medicines-and-healthcare-products-regulatory-agency|health|reports by medicine and reaction",
    "Court timeliness|hm-courts-and-tribunals-service|crime-and-justice|days from charge to completion",
    "Prison population|hm-prison-and-probation-service|crime-and-justice|people in custody by establishment",
    "Legal aid claims|legal-aid-agency|crime-and-justice|claims by category of law",
    "Injury compensation|criminal-injuries-compensation-authority|crime-and-justice|applications and awards",
    "Police recorded crime|home-office|crime-and-justice|offences by force and outcome",
    "Border crossings|home-office|government|arrivals by route and nationality",
    "Housing supply|ministry-of-housing-communities-local-government|society|net additional dwellings",
    "Council finance|ministry-of-housing-communities-local-government|government-spending|revenue and capital by authority",
    "Air quality readings|department-for-environment-food-rural-affairs|environment|hourly readings by station",
    "Bathing water quality|department-for-environment-food-rural-affairs|environment|samples and classifications",
    "Animal disease cases|animal-and-plant-health-agency|environment|cases by species and county",
    "Energy consumption|department-for-energy-security-and-net-zero|environment|gas and electricity by area",
    "Heat pump installations|department-for-energy-security-and-net-zero|environment|installations by region",
    "Weather observations|met-office|environment|hourly observations by station",
    "Coastguard incidents|maritime-and-coastguard-agency|transport|incidents by type and area",
    "Museum visits|department-for-culture-media-and-sport|society|visits and audiences by museum",
    "Broadband coverage|department-for-science-innovation-and-technology|digital-service-performance|premises by speed",
    "Research grants|department-for-science-innovation-and-technology|education|grants, partners and places",
    "Defence contracts|ministry-of-defence|government-spending|contracts, value and region",
    "Aid projects|foreign-commonwealth-development-office|government-spending|projects by country and sector",
    "Civil service workforce|cabinet-office|government|posts by grade, profession and place",
    "Government services performance|cabinet-office|digital-service-performance|transactions and completion",
    "Skills funding|education-and-skills-funding-agency|education|allocations by provider",
)
_FORMS: Final = (
    ("by local authority", "quarterly"),
    ("by month", "monthly"),
    ("summary tables", "annual"),
)
_TEAMS: Final = ("Data team", "Statistics unit", "Analysis directorate", "Insight team")


@dataclass(frozen=True)
class Plan:
    """A dataset to be: its publisher's slug, its values by field, its columns."""

    owner: str
    values: dict[str, Any]
    dictionary: list[dict[str, str]] = field(default_factory=list)


def _values(
    random: Random, title: str, owner: str, theme: str, holds: str, often: str
) -> dict[str, Any]:
    issued = date(2019, 1, 1) + timedelta(days=random.randrange(2000))
    modified = issued + timedelta(days=random.randrange(30, 700))
    team = random.choice(_TEAMS)
    return {
        "title": title,
        "summary": f"{holds[:1].upper()}{holds[1:]}, {often} figures.",
        "description": (
            f"{title}: {holds}. The figures come from the systems that run the service and are "
            f"checked before each release. They are {often}, revised once, and do not count what "
            "was withdrawn or entered in error. Read the notes on each column before comparing years."
        ),
        "keywords": sorted(
            {w.lower() for w in title.replace(",", "").split() if len(w) > 3} | {"data"}
        ),
        "themes": [theme],
        "contact_name": team,
        "contact_email": f"data@{owner}.example",
        "release": f"v{random.randrange(1, 5)}.{random.randrange(10)}",
        "created_on": issued,
        "issued_on": issued,
        "modified_on": modified,
        "licence": random.choice(("OGL-UK-3.0", "OGL-UK-3.0", "DATA_SHARE_AGREEMENT")),
        "access_rights": random.choice(("OPEN", "INTERNAL")),
        "security_classification": "OFFICIAL",
    }


def _columns(random: Random, holds: str) -> list[dict[str, str]]:
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


def datasets(seed: int, count: int = 60) -> list[Plan]:
    """`count` datasets, the same for the same seed."""
    random = Random(seed)
    found = []
    for number in range(count):
        title, owner, theme, holds = _THINGS[number % len(_THINGS)].split("|")
        often = "quarterly"
        if number >= len(_THINGS):
            form, often = _FORMS[(number // len(_THINGS) - 1) % len(_FORMS)]
            title = f"{title} {form}"
        values = _values(random, title, owner, theme, holds, often)
        values["update_frequency"] = f"freq:{often}"
        values["is_esda"] = number % 12 == 0
        found.append(Plan(owner, values, _columns(random, holds)))
    return found


def services(seed: int) -> list[Plan]:
    """Eight data services."""
    random = Random(seed + 1)
    found = []
    for line in _THINGS[:8]:
        title, owner, theme, holds = line.split("|")
        values = _values(random, f"{title} API", owner, theme, holds, "daily")
        values |= {
            "endpoint_url": f"https://api.{owner}.example/v1",
            "endpoint_description": f"https://api.{owner}.example/v1/openapi.json",
            "service_status": random.choice(("LIVE", "PUBLIC_BETA")),
            "service_type": "REST",
        }
        found.append(Plan(owner, values))
    return found


def many(seed: int, count: int) -> Iterator[Plan]:
    """`count` datasets for load work, made one at a time; “data” is in most of them."""
    random = Random(seed)
    places = [
        f"{a}{b}"
        for a in ("North", "South", "East", "West", "Upper", "Lower")
        for b in ("ford", "ham", "ton", "bury", "dale", "mere", "wick", "stead")
    ]
    for number in range(count):
        title, owner, theme, holds = random.choice(_THINGS).split("|")
        year = random.randrange(2005, 2026)
        name = f"{title} data, {random.choice(places)} {year}, part {number}"
        yield Plan(
            owner, _values(random, name, owner, theme, holds, random.choice(("monthly", "annual")))
        )
