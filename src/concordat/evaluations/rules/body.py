"""The body of a version set beside another: its heading, its dates and its plan."""

from __future__ import annotations

from typing import Any, Final

from concordat.evaluations.rules.happenings import KINDS
from concordat.evaluations.rules.plan import Difference, differences

HEADING: Final = {
    "title": "Title",
    "summary": "What is evaluated",
    "plain_summary": "Summary in plain language",
    "lead": "Lead body",
    "partners": "Other bodies",
    "types": "Type",
    "designs": "Designs and methods",
    "topics": "Topics",
    "access_class": "What is known of the data",
    "projects": "Major projects",
}


def body_differences(old: dict[str, Any], new: dict[str, Any]) -> list[Difference]:
    """Field by field: the heading, then the dates, then the plan."""
    found = [
        Difference(name, label, old.get(name), new.get(name))
        for name, label in HEADING.items()
        if (old.get(name) or None) != (new.get(name) or None)
    ]
    return [*found, *_dates(old["dates"], new["dates"]), *differences(old["plan"], new["plan"])]


def _dates(old: list[dict[str, str]], new: list[dict[str, str]]) -> list[Difference]:
    before, after = ({(h["event"], h["kind"]): h["on"] for h in each} for each in (old, new))
    return [
        Difference(
            f"dates[{event}.{kind}]",
            f"{event.replace('_', ' ').capitalize()}, {KINDS[kind].lower()}",
            before.get((event, kind)),
            after.get((event, kind)),
        )
        for event, kind in dict.fromkeys([*before, *after])
        if before.get((event, kind)) != after.get((event, kind))
    ]
