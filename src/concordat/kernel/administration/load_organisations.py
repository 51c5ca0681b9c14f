"""The GOV.UK organisations list: bodies, parents, successors, closed bodies, other names."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from concordat.kernel.access import SYSTEM
from concordat.kernel.deeds import act, act_many
from concordat.kernel.organisations.lifecycle import ORGANISATION
from concordat.kernel.organisations.models import Organisation, Parentage, Succession
from concordat.kernel.refusals import Invalid
from concordat.kernel.text import tidy

Item = dict[str, Any]


@dataclass(frozen=True)
class _Tie:
    """A relation of ours, where the list tells it from either end, and the date it carries."""

    name: str
    own: str
    other: str
    model: Any
    ends: tuple[str, str]
    dated: str


_TIES: Final = (
    _Tie(
        "parents",
        "parent_organisations",
        "child_organisations",
        Parentage,
        ("child_id", "parent_id"),
        "ends",
    ),
    _Tie(
        "successors",
        "superseding_organisations",
        "superseded_organisations",
        Succession,
        ("predecessor_id", "successor_id"),
        "on",
    ),
)


@dataclass
class Report:
    """What a run did, and what of the file could not be used."""

    counts: Counter[str] = field(default_factory=Counter)
    unused: list[str] = field(default_factory=list)


def load_organisations(path: Path) -> Report:
    """Bring the list in. A second run over the same file changes nothing.

    Names and identifiers added here are kept; parents and successors become those of the list.
    Raises Invalid when the file is not such a list.
    """
    items = _items(path)
    report = Report()
    held = {body.slug: body for body in Organisation.objects.visible_to(SYSTEM)}
    former = _former_names(items)
    values = {item["details"]["slug"]: _values(item, former) for item in items}
    new = [Organisation() for slug in values if slug not in held]
    wanted = [values[slug] for slug in values if slug not in held]
    report.counts["made"] = act_many(SYSTEM, ORGANISATION["draft"], zip(new, wanted, strict=True))
    for slug, body in held.items():
        changed = _kept(body, values[slug]) if slug in values else {}
        if any(getattr(body, k) != v for k, v in changed.items()):
            act(SYSTEM, ORGANISATION["edit"], body, changed)
            report.counts["amended"] += 1
    everyone = {body.slug: body for body in Organisation.objects.visible_to(SYSTEM)}
    closed = {slug: _closed_on(item) for item in items if (slug := _closed_slug(item))}
    for tie in _TIES:
        _bind(tie, items, everyone, closed, report)
    _close(set(values), closed, everyone, report)
    return report


def _items(path: Path) -> list[Item]:
    try:
        data = json.loads(path.read_text("utf-8"))
        items = data["results"] if isinstance(data, dict) else data
        for item in items:
            item["details"]["slug"], item["title"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        says = f"{path.name} is not the GOV.UK list of organisations: {error!r}"
        raise Invalid({"file": [says[:300]]}) from error
    return list(items)


def _former_names(items: list[Item]) -> dict[str, list[str]]:
    """By the slug of a body, the names of those that were only renamed to it."""
    found: dict[str, list[str]] = defaultdict(list)
    for item in items:
        if item["details"].get("govuk_closed_status") == "changed_name":
            for link in item.get("superseding_organisations") or []:
                found[_slug(link)].append(tidy(item["title"]))
    return found


def _values(item: Item, former: dict[str, list[str]]) -> dict[str, Any]:
    details = item["details"]
    name = tidy(item["title"])
    logo = tidy(details.get("logo_formatted_name") or "")
    abbreviation = tidy(details.get("abbreviation") or "")
    others = [logo, abbreviation, *former.get(details["slug"], [])]
    return {
        "slug": details["slug"],
        "name": name,
        "abbreviation": abbreviation,
        "kind": tidy(item.get("format") or "Other").lower().replace(" ", "-"),
        "is_government": details.get("govuk_closed_status") != "left_gov",
        "stage": details.get("govuk_status") or "",
        "aliases": list(dict.fromkeys(other for other in others if other and other != name)),
        "identifiers": {"govuk": details.get("content_id") or "", "url": item.get("web_url") or ""},
    }


def _kept(body: Organisation, values: dict[str, Any]) -> dict[str, Any]:
    """The list's values with what was added here; a body once found to be outside stays so."""
    return {
        **values,
        "is_government": values["is_government"] and body.is_government,
        "aliases": list(dict.fromkeys([*body.aliases, *values["aliases"]])),
        "identifiers": {**body.identifiers, **values["identifiers"]},
    }


def _slug(link: dict[str, Any]) -> str:
    return str(link.get("id", "")).rsplit("/", 1)[-1]


def _closed_slug(item: Item) -> str:
    """Its slug if the list calls it closed, else ""."""
    return item["details"]["slug"] if item["details"].get("govuk_status") == "closed" else ""


def _closed_on(item: Item) -> date | None:
    try:
        return date.fromisoformat(str(item["details"].get("closed_at"))[:10])
    except ValueError:
        return None


def _bind(
    tie: _Tie,
    items: list[Item],
    everyone: dict[str, Organisation],
    closed: dict[str, date | None],
    report: Report,
) -> None:
    """Make one kind of tie that of the list, with the day on which a closed body's tie ended."""
    rows = tie.model.objects.values_list(*tie.ends, tie.dated)
    held: dict[int, dict[int, date | None]] = defaultdict(dict)
    for here, there, day in rows:
        held[here][there] = day
    for slug, others in _told(tie, items, everyone, report).items():
        body = everyone[slug]
        was = held[body.pk]
        found = {everyone[other].pk for other in others}
        if found != set(was):
            act(SYSTEM, ORGANISATION["edit"], body, {tie.name: sorted(found)})
            report.counts[f"bodies with {tie.name}"] += 1
        day = closed.get(slug)
        days = {pk: day or (was.get(pk) if slug in closed else None) for pk in found}
        if any(days[pk] != was.get(pk) for pk in found):
            note = f"Its {tie.name} are dated: {day or 'not ended'}."
            act(SYSTEM, ORGANISATION["edit"], body, _dated(tie, days), note=note)
            report.counts[f"bodies with dated {tie.name}"] += 1


def _told(
    tie: _Tie, items: list[Item], everyone: dict[str, Organisation], report: Report
) -> dict[str, set[str]]:
    """By slug, the slugs at the other end, from what both ends say; the unknown is reported."""
    found: dict[str, set[str]] = {item["details"]["slug"]: set() for item in items}
    pairs = [
        pair
        for item in items
        for slug in [item["details"]["slug"]]
        for pair in (
            *((slug, _slug(link)) for link in item.get(tie.own) or []),
            *((_slug(link), slug) for link in item.get(tie.other) or []),
        )
    ]
    for here, there in dict.fromkeys(pairs):
        if here in found and there in everyone and here != there:
            found[here].add(there)
        else:
            report.unused.append(f"{here}: {tie.name} names {there}; one of the two is not here")
    return found


def _dated(tie: _Tie, days: dict[int, date | None]) -> Callable[[Any], None]:
    """Write each tie again with its date."""

    def change(row: Any) -> None:
        relation = getattr(row, tie.name)
        for pk, day in days.items():
            relation.remove(pk)
            relation.add(pk, through_defaults={tie.dated: day})

    return change


def _close(
    listed: set[str],
    closed: dict[str, date | None],
    everyone: dict[str, Organisation],
    report: Report,
) -> None:
    """Close what the list calls closed, with its day, and reopen what it no longer does."""
    waiting: dict[date | None, list[Organisation]] = defaultdict(list)
    for slug, day in closed.items():
        if everyone[slug].status == "live":
            waiting[day].append(everyone[slug])
    for day, bodies in waiting.items():
        note = f"Closed on {day}." if day else ""
        pairs = ((body, None) for body in bodies)
        report.counts["closed"] += act_many(SYSTEM, ORGANISATION["close"], pairs, note=note)
    again = [b for s, b in everyone.items() if s in listed - set(closed) and b.status == "closed"]
    report.counts["reopened"] = act_many(
        SYSTEM, ORGANISATION["reopen"], ((body, None) for body in again)
    )
