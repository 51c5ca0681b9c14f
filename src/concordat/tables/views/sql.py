"""The SQL door's pages."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from markupsafe import Markup

from concordat.kernel.deeds import offered
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.charts import bar_chart, line_chart
from concordat.kernel.doors.formats import plural
from concordat.kernel.doors.forms import add_errors
from concordat.kernel.doors.middleware import client_of
from concordat.kernel.doors.tables import Column, Page, Table
from concordat.kernel.doors.verbs import take
from concordat.kernel.refusals import Invalid, NotVisible
from concordat.tables import actions, analysis, queries
from concordat.tables.forms import SavedQueryForm, SqlForm
from concordat.tables.models import SavedQuery

_SHOWN: Final = 1000  # rows on the page; the files hold all
_DRAWN: Final = 50
_LINES: Final = 4
_LISTED: Final = 10


def sql(request: ActorRequest) -> HttpResponse:
    """Ask: the query, what there is to ask of, the answer, what was asked before."""
    actor = request.actor
    granted = analysis.tables(actor, client_of(request))
    form = SqlForm(request.POST or None, initial={"sql": _begun(request, granted)})
    context: dict[str, Any] = {
        "title": "Query your tables",
        "form": form,
        "granted": granted,
        "runs": queries.query_runs(actor)[:_LISTED],
        "saved": queries.saved_queries(actor)[:_LISTED],
    }
    if request.method == "POST" and form.is_valid():
        try:
            context |= _answer(request, form)
        except Invalid as refusal:
            add_errors(form, refusal)
    elif request.method != "POST":
        analysis.warm()
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "tables/sql.html", context, status=status)


def _begun(request: ActorRequest, granted: list[analysis.Granted]) -> str:
    """What the box holds at first: a saved query, one that was run, or a first look at a table."""
    for name, found in (
        ("saved", queries.saved_queries(request.actor)),
        ("run", queries.query_runs(request.actor)),
    ):
        asked = request.GET.get(name, "")
        if asked.isascii() and asked.isdigit() and len(asked) < 10:
            kept = found.filter(pk=int(asked)).first()
            return kept.sql if kept else ""
    return f"SELECT * FROM {granted[0].shown} LIMIT 10" if granted else ""  # noqa: S608 - a name of ours


def _answer(request: ActorRequest, form: SqlForm) -> dict[str, Any]:
    text, explain = form.cleaned_data["sql"], "explain" in request.POST
    asked = analysis.ask(request.actor, client_of(request), text, explain=explain, most=_SHOWN)
    rows = analysis.rows_of(asked)
    if explain:
        return {"plan": "\n".join(str(row[0]) for row in rows)}
    names = asked.schema.names
    numbers = [analysis.is_number(field) for field in asked.schema]
    columns = [
        Column(str(n), name[:80] or f"Column {n + 1}", value=_cell(n), numeric=numbers[n])
        for n, name in enumerate(names)
    ]
    table = Table(columns, rows, name="query", caption="Answer")
    table.page = Page(rows, 1, 1, len(rows), 1)
    found = {
        "answer": table,
        "counted": plural(len(rows), "row"),
        "whole": asked.whole,
        "text": text,
    }
    if form.cleaned_data["chart"] and rows:
        return found | _chart(form.cleaned_data["chart"], names, numbers, rows)
    return found


def _cell(number: int) -> Any:
    return lambda row: row[number]


def _chart(
    kind: str, names: list[str], numbers: list[bool], rows: list[list[Any]]
) -> dict[str, Markup | str]:
    """The first rows drawn, or why they cannot be."""
    drawn = [n for n, number in enumerate(numbers) if number and n > 0][:_LINES]
    if not drawn:
        return {"no_chart": "A chart needs a first column for labels and a number after it."}
    few = rows[:_DRAWN]
    points = {names[n]: [(str(row[0]), _number(row[n])) for row in few] for n in drawn}
    title = f"{', '.join(names[n] for n in drawn)} by {names[0]}"
    if kind == "line":
        return {"chart": line_chart(title, points, head=names[0])}
    name = names[drawn[0]]
    return {"chart": bar_chart(f"{name} by {names[0]}", points[name], heads=(names[0], name))}


def _number(value: Any) -> float:
    found = float(value) if value is not None else 0.0
    return int(found) if found.is_integer() else found  # a count reads “2”, as in the answer


def runs(request: ActorRequest) -> HttpResponseBase:
    """What the reader ran."""
    analysis.refuse_unless_analyst(request.actor)
    columns = [
        Column("started_at", "When", sort="started_at"),
        Column("sql", "Query", link=lambda r: f"/inside/sql?run={r.pk}", show=None),
        Column("rows", "Rows", numeric=True, sort="rows"),
        Column("milliseconds", "Milliseconds", numeric=True, sort="milliseconds"),
        Column("get_outcome_display", "Outcome", sort="outcome"),
        Column("problem", "Why"),
    ]
    found = queries.query_runs(request.actor)
    table = Table(columns, found, name="queries", noun=("query", "queries"))
    return table.respond(request, context={"title": "Your queries", "back": "/inside/sql"})


def saved(request: ActorRequest) -> HttpResponseBase:
    """The queries that are kept."""
    analysis.refuse_unless_analyst(request.actor)

    def verbs(query: SavedQuery) -> Markup:
        link = Markup(
            '<a class="govuk-link" href="/inside/saved-queries/{}/{}">{}'
            '<span class="govuk-visually-hidden"> “{}”</span></a>'
        )
        found = offered(request.actor, query)
        return Markup(" ").join(link.format(query.pk, t.verb, t.text, query.title) for t in found)

    columns = [
        Column("title", "Title", link=lambda q: f"/inside/sql?saved={q.pk}", sort="title"),
        Column("person.name", "Saved by"),
        Column("status", "Who sees it", show=lambda q: q.state.label, sort="status"),
        Column("verbs", "What you can do", value=lambda q: "", show=verbs),
    ]
    found = queries.saved_queries(request.actor)
    table = Table(columns, found, name="saved-queries", noun=("query", "queries"))
    context: dict[str, Any] = {"title": "Saved queries", "back": "/inside/sql"}
    context["actions"] = [{"label": "Save a query", "href": "/inside/saved-queries/new"}]
    return table.respond(request, context=context)


def save(request: ActorRequest) -> HttpResponse:
    """Keep a query."""
    analysis.refuse_unless_analyst(request.actor)
    initial = {"sql": request.GET.get("sql", "") or _begun(request, [])}
    form = SavedQueryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.save_query(request.actor, **form.cleaned_data)
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            messages.success(request, "Saved.")
            return redirect(f"/inside/sql?saved={made.pk}")
    context = {
        "title": "Save a query",
        "lead": "Only you see it, until you share it with your organisation.",
        "form": form,
        "button": "Save",
        "back": "/inside/saved-queries",
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "doors/form.html", context, status=status)


def saved_verb(request: ActorRequest, number: int, verb: str) -> HttpResponse:
    """Take a verb of the lifecycle."""
    found = queries.saved_query(request.actor, min(number, 2**31))
    if verb not in actions.QUERY_VERBS:
        raise NotVisible
    edits = verb == "edit"
    return take(
        request,
        found,
        verb,
        actions.QUERY_VERBS[verb],
        form_class=SavedQueryForm if edits else None,
        form_options={"initial": {"title": found.title, "sql": found.sql}} if edits else None,
        back="/inside/saved-queries",
    )
