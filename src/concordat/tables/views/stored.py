"""Pages of stored tables."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.forms import BaseForm
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.forms import add_errors
from concordat.kernel.doors.records import record_page
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.doors.verbs import take
from concordat.kernel.files.packed import BadFile
from concordat.kernel.refusals import Invalid, NotAllowed, NotVisible
from concordat.tables import actions, queries
from concordat.tables.forms import (
    FileForm,
    ReadingForm,
    RollBackForm,
    TableEditForm,
    TableForm,
    TypesForm,
)
from concordat.tables.models import StoredTable
from concordat.tables.plane.preview import Preview

_NEWEST = 20  # versions on the page of a table; the rest are in their list
_MOST_OFFERED = 100  # versions to go back to


def tables(request: ActorRequest) -> HttpResponseBase:
    """The stored tables the reader may see."""
    columns = [
        Column("title", "Title", link=lambda t: t.inside_url(), sort="title"),
        Column("owner.name", "Organisation", sort="owner__name"),
        Column("latest.rows", "Rows", numeric=True),
        Column("latest.number", "Version", numeric=True),
        Column("status", "Status", show=lambda t: t.state.label, sort="status"),
    ]
    table = Table(
        columns,
        queries.tables(request.actor),
        name="tables",
        noun=("table", "tables"),
    )
    context: dict[str, Any] = {"title": "Stored tables"}
    if queries.drafting_bodies(request.actor):
        context["actions"] = [{"label": "Store a new table", "href": "/inside/tables/new"}]
    return table.respond(request, context=context)


def new_table(request: ActorRequest) -> HttpResponse:
    """A table and the file that fills it."""
    bodies = queries.drafting_bodies(request.actor)
    if not bodies:
        raise NotAllowed
    form = TableForm(request.POST or None, bodies=bodies)
    file = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and file.is_valid():
        try:
            with transaction.atomic():
                made = actions.draft_table(request.actor, **form.cleaned_data)
                following = _receive(request, made, file)
        except Invalid as refusal:
            add_errors(file if "file" in refusal.errors else form, refusal)
        else:
            return redirect(following)
    context = {
        "title": "Store a new table",
        "form": form,
        "file_form": file,
        "button": "Send the file",
        "back": "/inside/tables",
    }
    return render(request, "tables/new_table.html", context, status=_status(form, file))


def _receive(request: ActorRequest, table: StoredTable, form: FileForm) -> str:
    """Keep the file; returns the address where it is looked at and loaded."""
    sent = form.cleaned_data["file"]
    upload = actions.send_file(request.actor, table, sent.name, sent.chunks())
    return f"{table.inside_url()}/uploads/{upload.pk}"


def _status(*found: Any) -> int:
    return 422 if any(form.is_bound and form.errors for form in found) else 200


def load(request: ActorRequest, reference: str) -> HttpResponse:
    """The next version of a table."""
    found = queries.table(request.actor, reference)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            following = _receive(request, found, form)
        except Invalid as refusal:
            add_errors(form, refusal)
        else:
            return redirect(following)
    context = {
        "title": "Load a file",
        "caption": found.title,
        "lead": "You see how it is read before it is loaded. "
        "It becomes the next version. Agreements in force deliver it from then on.",
        "form": form,
        "button": "Send the file",
        "back": found.inside_url(),
        "resumable": f"{found.inside_url()}/uploads/resumable",
    }
    return render(request, "tables/load.html", context, status=_status(form))


def waiting(request: ActorRequest, reference: str, pk: int) -> HttpResponse:
    """A file that waits: how it is read, its columns and first rows; corrected and loaded here."""
    found = queries.table(request.actor, reference)
    upload = queries.waiting_file(request.actor, found, min(pk, 2**31))
    read = {name: request.GET.get(name, "")[:100] for name in ("encoding", "delimiter", "sheet")}
    problem, seen = "", Preview("")
    try:
        seen = queries.preview_of(request.actor, upload, **read)
    except BadFile as error:
        problem = str(error)
    except LookupError:
        problem = "There is no such way to write text."
    types = TypesForm(request.POST if request.method == "POST" else None, columns=seen.columns)
    if request.method == "POST" and not problem and types.is_valid():
        try:
            job = actions.receive_file(request.actor, found, upload, types=types.chosen(), **read)
        except Invalid as refusal:
            places = {name: place for place, name in types.names.items()}
            errors = {places.get(name, name): held for name, held in refusal.errors.items()}
            add_errors(types, Invalid(errors))
        else:
            return redirect(job.get_absolute_url())
    context = {
        "title": f"Check {upload.name}",
        "caption": found.title,
        "seen": seen,
        "problem": problem,
        "reading": ReadingForm(initial={**read, "sheet": read["sheet"]}, sheets=seen.sheets),
        "form": types,
        "back": found.inside_url(),
    }
    return render(request, "tables/waiting.html", context, status=_status(types))


def table_verb(request: ActorRequest, reference: str, verb: str) -> HttpResponse:
    """Take a verb of the lifecycle."""
    found = queries.table(request.actor, reference)
    name = verb.replace("-", "_")
    if name not in actions.TABLE_VERBS:
        raise NotVisible
    options: dict[str, Any] = {}
    if name == "edit":
        values = {field: getattr(found, field) for field in TableEditForm.Meta.fields}
        options = {"initial": values, "columns": found.column_names}
    if name == "roll_back":
        kept = queries.versions(request.actor, found).kept().exclude(pk=found.latest_id)
        numbers = list(kept.values_list("number", "created_at")[:_MOST_OFFERED])
        options = {"initial": {"number": request.GET.get("number", "")}, "numbers": numbers}
    action = actions.TABLE_VERBS[name]
    return take(request, found, name, action, form_class=_FORMS.get(name), form_options=options)


_FORMS: Final[dict[str, type[BaseForm]]] = {"edit": TableEditForm, "roll_back": RollBackForm}


def _settings(found: StoredTable) -> list[tuple[str, Any]]:
    """What is measured of its versions, and how long they are kept: what somebody has said."""
    told = [(found._meta.get_field(name), getattr(found, name)) for name in found.SETTINGS]
    return [
        (str(field.verbose_name).capitalize(), ", ".join(v) if isinstance(v, list) else v)  # type: ignore[union-attr]
        for field, v in told
        if v not in (None, [])
    ]


def table(request: ActorRequest, reference: str) -> HttpResponse:
    """One stored table: its columns and its loads."""
    actor = request.actor
    found = queries.table(actor, reference)
    rows = [("Name", found.name), ("Organisation", found.owner.name), *_settings(found)]
    context = {
        "title": found.title,
        "record": found,
        "it": record_page(actor, found, rows),
        "versions": queries.versions(actor, found)[:_NEWEST],
        "waiting": queries.waiting(actor, found),
        "may_load": queries.may_load(actor, found),
        "source": queries.source_of(actor, found),
        "back": "/inside/tables",
    }
    return render(request, "tables/table.html", context)
