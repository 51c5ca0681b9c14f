"""The GOV.UK organisations list: bodies, parents, successors, closed bodies, other names."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from concordat.kernel.access import SYSTEM
from concordat.kernel.deeds import act, act_many
from concordat.kernel.organisations.lifecycle import ORGANISATION
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.refusals import Invalid
from concordat.kernel.text import tidy


@dataclass
class Report:
    """What a run did, and what of the file could not be used."""

    counts: Counter[str] = field(default_factory=Counter)
    unused: list[str] = field(default_factory=list)


def load_organisations(path: Path) -> Report:
    """Bring the list in. A second run over the same file changes nothing.

    Raises Invalid when the file is not such a list.
    """
    items = _items(path)
    report = Report()
    held = {body.slug: body for body in Organisation.objects.visible_to(SYSTEM)}
    values = {item["details"]["slug"]: _values(item) for item in items}
    new = [Organisation() for slug in values if slug not in held]
    wanted = [values[slug] for slug in values if slug not in held]
    report.counts["made"] = act_many(SYSTEM, ORGANISATION["draft"], zip(new, wanted, strict=True))
    for slug, body in held.items():
        if slug in values and any(getattr(body, k) != v for k, v in values[slug].items()):
            act(SYSTEM, ORGANISATION["edit"], body, values[slug])
            report.counts["amended"] += 1
    everyone = {body.slug: body for body in Organisation.objects.visible_to(SYSTEM)}
    _tie(items, everyone, report)
    _close(items, everyone, report)
    return report


def _items(path: Path) -> list[dict[str, Any]]:
    try:
        data = json.loads(path.read_text("utf-8"))
        items = data["results"] if isinstance(data, dict) else data
        for item in items:
            item["details"]["slug"], item["title"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        says = f"{path.name} is not the GOV.UK list of organisations: {error!r}"
        raise Invalid({"file": [says[:300]]}) from error
    return list(items)


def _values(item: dict[str, Any]) -> dict[str, Any]:
    details = item["details"]
    name = tidy(item["title"])
    logo = tidy(details.get("logo_formatted_name") or "")
    return {
        "slug": details["slug"],
        "name": name,
        "abbreviation": tidy(details.get("abbreviation") or ""),
        "kind": tidy(item.get("format") or "Other").lower().replace(" ", "-"),
        "stage": details.get("govuk_status") or "",
        "aliases": [logo] if logo and logo != name else [],
        "identifiers": {"govuk": details.get("content_id") or "", "url": item.get("web_url") or ""},
    }


def _slug(link: dict[str, Any]) -> str:
    return str(link.get("id", "")).rsplit("/", 1)[-1]


def _tie(items: list[dict[str, Any]], everyone: dict[str, Organisation], report: Report) -> None:
    """Parents and successors, where both ends are known; the rest is reported."""
    ties = (
        ("parents", "parent_organisations"),
        ("successors", "superseding_organisations"),
    )
    for item in items:
        body = everyone[item["details"]["slug"]]
        for name, key in ties:
            slugs = [_slug(link) for link in item.get(key) or []]
            for slug in slugs:
                if slug not in everyone or slug == body.slug:
                    report.unused.append(f"{body.slug}: {name} names {slug}, which is not here")
            found = sorted({everyone[s].pk for s in slugs if s in everyone and s != body.slug})
            relation = getattr(body, name)
            if found and found != sorted(relation.values_list("pk", flat=True)):
                act(SYSTEM, ORGANISATION["edit"], body, {name: found})
                report.counts[f"bodies with {name}"] += 1


def _close(items: list[dict[str, Any]], everyone: dict[str, Organisation], report: Report) -> None:
    closed = {i["details"]["slug"] for i in items if i["details"].get("govuk_status") == "closed"}
    waiting = [b for slug, b in everyone.items() if slug in closed and b.status == "live"]
    report.counts["closed"] = act_many(
        SYSTEM, ORGANISATION["close"], ((body, None) for body in waiting)
    )
