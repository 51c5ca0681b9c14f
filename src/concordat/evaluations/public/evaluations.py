"""Evaluations as anyone may read them: the list, the permanent page, every version of the plan."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from concordat.evaluations import queries
from concordat.evaluations.feeds.linked import as_block, as_linked_data
from concordat.evaluations.queries.rows import date_rows, evaluation_rows, parts, recommended
from concordat.evaluations.queries.works import version_work, work
from concordat.evaluations.rules.happenings import STAGES
from concordat.kernel.access import PUBLIC
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.reference import codelist

_OTHERS = (
    {"label": "Share of spend evaluated", "href": "/evaluations/coverage"},
    {"label": "Tracker of results", "href": "/evaluations/tracker"},
    {"label": "Findings", "href": "/evaluations/findings"},
    {"label": "Evidence gap map", "href": "/evaluations/evidence-map"},
    {"label": "Calculators", "href": "/evaluations/calculators"},
    {"label": "Questions", "href": "/evaluations/questions"},
    {"label": "Recommendations", "href": "/evaluations/recommendations"},
    {"label": "Follow what is new (Atom)", "href": "/evaluations/feed.atom"},
    {"label": "Open data, every day", "href": "/evaluations/open"},
)


def _types(row: object) -> str:
    return ", ".join(codelist("evaluation_types").label(code) for code in row.types)  # type: ignore[attr-defined]


def _publication(row: object) -> str:
    return str(row.happenings.best("publication") or "")  # type: ignore[attr-defined]


def evaluations(request: HttpRequest) -> HttpResponseBase:
    """Every public evaluation."""
    columns = [
        Column("title", "Title", link=lambda e: e.get_absolute_url(), sort="title"),
        Column("owner.name", "Lead body", sort="owner__name"),
        Column("types", "Type", value=_types),
        Column("stage", "Stage", value=lambda e: STAGES[e.stage], sort="stage"),
        Column("publication", "Results", value=_publication),
        Column("reference", "Reference", sort="reference"),
    ]
    table = Table(
        columns,
        queries.evaluations(PUBLIC).exclude(status="withdrawn"),
        name="evaluations",
        noun=("evaluation", "evaluations"),
    )
    lead = (
        "How government evaluates what it spends: what is planned, what is under way, and what was "
        "found."
    )
    search = {"label": "Search with facets", "href": "/search?kind=evaluation"}
    context = {"title": "Evaluation Registry", "lead": lead, "actions": [search, *_OTHERS]}
    return table.respond(request, "evaluations/evaluations.html", context)


def evaluation(request: HttpRequest, reference: str) -> HttpResponse:
    """One evaluation: its permanent address. What was withdrawn leaves its tombstone here."""
    found = queries.evaluation(PUBLIC, reference)
    versions = queries.versions(PUBLIC, found)
    linked = as_block(as_linked_data(work(PUBLIC, found)))
    context = {"title": found.title, "record": found, "versions": versions, "linked": linked}
    if found.status == "withdrawn":
        return render(request, "evaluations/tombstone.html", context)
    context |= {
        "rows": evaluation_rows(found, empty=False),
        "dates": date_rows(found),
        "figures": queries.figures(PUBLIC, found),
        "clock_box": queries.clock_box(PUBLIC, found, timezone.localdate()),
        "reports": queries.reports(PUBLIC, found),
        "parts": parts(versions[0].plan.shown()["plan"]) if versions else [],
        "answers": queries.questions_of(PUBLIC, found),
        "recommended": recommended(PUBLIC, found),
    }
    return render(request, "evaluations/evaluation.html", context)


def version(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One version of the plan, with what differs from the one before, or from `?since=`."""
    found = queries.evaluation(PUBLIC, reference)
    asked = request.GET.get("since", "")
    since = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None
    told = queries.version(PUBLIC, found, number, since)
    linked = as_linked_data(version_work(PUBLIC, found, told.plan))
    context = {
        "linked": as_block(linked),
        "title": f"Version {number}: {found.title}",
        "record": found,
        "version": told,
        "since": since or number - 1,
        "parts": parts(told.plan.shown()["plan"]),
        "others": queries.plans(PUBLIC, found).exclude(number=number),
    }
    return render(request, "evaluations/version.html", context)


def version_file(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The version as data: enough to reckon its digest again."""
    found = queries.evaluation(PUBLIC, reference)
    told = queries.version(PUBLIC, found, number)
    return JsonResponse(queries.public_body(told.plan), json_dumps_params={"ensure_ascii": False})
