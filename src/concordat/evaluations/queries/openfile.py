"""Everything that is public, for the open file of a day, and the files that there are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any, Final

from django.conf import settings

from concordat.evaluations.models import Evaluation, Plan, Report
from concordat.evaluations.queries.evaluations import public_body
from concordat.evaluations.rules.openfile import FORMS
from concordat.kernel.access import Actor
from concordat.kernel.deeds.difference import plain
from concordat.kernel.files.store import store
from concordat.kernel.reference import codelist
from concordat.kernel.refusals import NotVisible

FOLDER: Final = "evaluations-open"
MANIFEST: Final = "manifest.json"
_BATCH: Final = 200
_FLAT: Final = (
    "reference",
    "address",
    "title",
    "lead",
    "partners",
    "types",
    "topics",
    "designs",
    "stage",
    "status",
    "summary",
    "plain_summary",
    "submitted_at",
    "signed_off_at",
    "published_at",
    "withdrawn_at",
    "withdrawn_why",
    "doi",
    "digest",
)


def open_rows(actor: Actor) -> Iterator[dict[str, Any]]:
    """Each evaluation that the actor may know of, whole, some hundred at a time: its public fields,
    its reports, and every version of its plan with what its digest is reckoned from."""
    known = Evaluation.objects.visible_to(actor).select_related("owner")
    waiting = known.prefetch_related("partners").order_by("id").iterator(chunk_size=_BATCH)
    while rows := list(islice(waiting, _BATCH)):
        plans, reports = dict[int, list[Plan]](), dict[int, list[Report]]()
        listed = Plan.objects.filter(evaluation__in=rows).select_related("evaluation")
        for plan in listed.order_by("number"):
            plans.setdefault(plan.evaluation_id, []).append(plan)
        for report in Report.objects.visible_to(actor).filter(
            evaluation__in=rows, status="published"
        ):
            reports.setdefault(report.evaluation_id, []).append(report)
        for row in rows:
            yield _row(row, plans.get(row.pk, []), reports.get(row.pk, []))


def _row(row: Evaluation, plans: list[Plan], reports: list[Report]) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "address": f"{settings.BASE_URL}{row.get_absolute_url()}",
        "version": row.version,
        "status": row.status,
        "lead": row.owner.slug,
        "partners": sorted(partner.slug for partner in row.partners.all()),
        **{name: plain(getattr(row, name)) for name in row.PUBLIC_FIELDS},
        "reports": [
            {name: plain(getattr(report, name)) for name in report.FIELDS} for report in reports
        ],
        "versions": [public_body(plan) for plan in plans],
    }


def flat_columns() -> list[str]:
    """The columns of the flat forms: the heading, each dated event twice, how many versions."""
    dated = (f"{event}_{kind}" for event in _events() for kind in ("intended", "actual"))
    return [*_FLAT, *dated, "outcomes", "reports", "versions"]


def flat(row: dict[str, Any]) -> list[str]:
    """One evaluation as one line: lists joined by “; ”, what is not said as “”."""
    dates = {(h["event"], h["kind"]): h["on"] for h in row["dates"]}
    newest = row["versions"][-1]["body"]["plan"] if row["versions"] else {}
    outcomes = newest.get("outcomes") or []
    told = [row[name] for name in _FLAT]
    told += [dates.get((e, kind), "") for e in _events() for kind in ("intended", "actual")]
    told.append([o["name"] for o in outcomes if "name" in o] if isinstance(outcomes, list) else [])
    told += [[report["title"] for report in row["reports"]], len(row["versions"])]
    return ["; ".join(value) if isinstance(value, list) else str(value or "") for value in told]


def _events() -> list[str]:
    return list(codelist("evaluation_events"))


@dataclass(frozen=True)
class Day:
    """The open files of one day: bytes by form."""

    date: str
    sizes: dict[str, int]


def open_days(actor: Actor) -> list[Day]:
    """The days that have an open file, newest first. They are for everyone."""
    found: dict[str, dict[str, int]] = {}
    for path, size in store().list(FOLDER):
        day, _, form = path.rpartition("/")[2].partition(".")
        found.setdefault(day, {})[form] = size
    whole = {*FORMS, MANIFEST}
    return [Day(day, sizes) for day, sizes in sorted(found.items())[::-1] if whole <= set(sizes)]


def open_file(actor: Actor, day: str, form: str) -> IO[bytes]:
    """One file of a day; `form` may be `manifest.json`. Raises NotVisible where there is none."""
    try:
        manifest = store().open(
            f"{FOLDER}/{day}.{MANIFEST}"
        )  # written last: without it none stands
        return manifest if form == MANIFEST else store().open(f"{FOLDER}/{day}.{form}")
    except FileNotFoundError:
        raise NotVisible from None


def manifest_of(actor: Actor, day: str) -> dict[str, Any]:
    """What is in the files of a day. Raises NotVisible."""
    with open_file(actor, day, MANIFEST) as file:
        found: dict[str, Any] = json.loads(file.read())
        return found
