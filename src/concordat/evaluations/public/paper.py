"""A version of a plan as a PDF: the words of its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from concordat.evaluations import queries
from concordat.evaluations.feeds.paper import Part, Sheet, pdf
from concordat.evaluations.queries import Version
from concordat.evaluations.queries.rows import parts
from concordat.kernel.access import PUBLIC
from concordat.kernel.doors.formats import moment, shown


def version_pdf(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One version of the plan, with what differs from the one before."""
    found = queries.evaluation(PUBLIC, reference)
    told = queries.version(PUBLIC, found, number)
    plan = told.plan
    made = f"{plan.get_kind_display()}, {moment(plan.created_at)}"
    sheet = Sheet(
        above=f"Evaluation {found.reference}, version {number}",
        title=plan.body["title"],
        lead=". ".join(
            [
                f"{made}: {plan.reason}" if plan.reason else made,
                *(["After data collection began"] if plan.after_data else []),
            ]
        ),
        parts=list(_parts(told)),
        foot=[
            f"{settings.BASE_URL}{found.get_absolute_url()}/versions/{number}",
            f"Digest (SHA-256): {plan.digest}",
        ],
        author=found.owner.name,
        made=plan.created_at,
    )
    name = f"{found.reference}-v{number}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(pdf(sheet), content_type="application/pdf", headers=headers)


def _parts(told: Version) -> Iterator[Part]:
    plan = told.plan
    if told.differences:
        rows = [(d.label, f"{shown(d.before)} → {shown(d.after)}") for d in told.differences]
        yield Part(f"What differs from version {plan.number - 1}", 2, rows)
    heading = [
        ("What is evaluated", plan.body["summary"]),
        ("Digest", plan.digest),
        ("Digest of the version before", plan.previous),
    ]
    yield Part("This version", 2, heading)
    for part in parts(plan.shown()["plan"]):
        yield Part(part.section.title, 2, _said(part.rows))
        for _, title, rows in part.items:
            yield Part(title, 3, _said(rows))


def _said(rows: list[tuple[str, Any]]) -> list[tuple[str, str]]:
    return [(label, shown(value)) for label, value in rows]
