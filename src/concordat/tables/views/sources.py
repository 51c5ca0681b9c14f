"""Pages of sources."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from markupsafe import Markup

from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.forms import add_errors
from concordat.kernel.doors.records import record_page
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.doors.verbs import take
from concordat.kernel.refusals import Invalid, NotAllowed, NotVisible
from concordat.tables import actions, queries
from concordat.tables.forms import SourceForm


def sources(request: ActorRequest) -> HttpResponseBase:
    """The sources the reader may see, with how the last run of each went."""
    columns = [
        Column("table.title", "Table", link=lambda s: s.inside_url(), sort="table__title"),
        Column("owner.name", "Organisation", sort="owner__name"),
        Column("connection", "Connection", sort="connection"),
        Column("rhythm", "How often"),
        Column("status", "Status", show=lambda s: s.state.label, sort="status"),
        Column("ran_at", "Last run", sort="ran_at"),
        Column("result", "Result"),
    ]
    rows = queries.sources(request.actor)
    table = Table(columns, rows, name="sources", noun=("source", "sources"))
    return table.respond(request, context={"title": "Sources", "back": "/inside/tables"})


def new_source(request: ActorRequest, reference: str) -> HttpResponse:
    """Where a table is to be loaded from."""
    found = queries.table(request.actor, reference)
    if not queries.may_load(request.actor, found):
        raise NotAllowed
    offered = queries.connections(request.actor, found)
    form = SourceForm(request.POST or None, connections=offered)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft_source(request.actor, found, **form.cleaned_data)
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            return redirect(made.inside_url())
    context = {
        "title": "Load a table from outside",
        "caption": found.title,
        "lead": "You can run it once before it is started. What is the same as last time makes no "
        "new version."
        if offered
        else "Your organisation has no connections yet. Ask whoever runs this site for one.",
        "form": form,
        "back": found.inside_url(),
    }
    return render(request, "doors/form.html", context, status=422 if form.errors else 200)


def source(request: ActorRequest, reference: str) -> HttpResponse:
    """One source: where from, how often, how it went."""
    actor = request.actor
    found = queries.source(actor, reference)
    link = Markup('<a class="govuk-link" href="{}">{}</a>')
    busy = queries.loading(actor, found.table).first()
    rows = [
        ("Table", link.format(found.table.inside_url(), found.table.title)),
        ("Organisation", found.owner.name),
        ("Connection", found.connection),
        ("Table or file", found.place),
        ("How often", found.rhythm),
        ("Next run", found.next_at),
        ("Last run", found.ran_at),
        ("Result", found.result or "Not run yet"),
    ]
    if busy is not None:
        rows.insert(5, ("Now", link.format(busy.get_absolute_url(), "Its table is being loaded")))
    context = {
        "title": found.title_text,
        "it": record_page(actor, found, rows),
        "back": "/inside/sources",
    }
    return render(request, "doors/record.html", context)


def source_verb(request: ActorRequest, reference: str, verb: str) -> HttpResponse:
    """Take a verb of the lifecycle."""
    if verb not in actions.SOURCE_VERBS:
        raise NotVisible
    found = queries.source(request.actor, reference)
    edits = verb == "edit"
    options = {
        "connections": queries.connections(request.actor, found.table),
        "initial": {name: getattr(found, name) for name in SourceForm.Meta.fields},
    }
    return take(
        request,
        found,
        verb,
        actions.SOURCE_VERBS[verb],
        form_class=SourceForm if edits else None,
        form_options=options if edits else None,
        done="Asked for: it is loaded as soon as its turn comes." if verb == "run" else "",
    )
