"""Pages of the versions of a stored table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http.response import HttpResponseBase

from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.formats import moment, plural, shown
from concordat.kernel.doors.tables import Column, Table
from concordat.tables import actions, queries
from concordat.tables.models import TableVersion
from concordat.tables.plane.profile import told_shapes, told_top
from concordat.tables.plane.quality import UNMEASURED

_MOST = 2**31


def versions(request: ActorRequest, reference: str) -> HttpResponseBase:
    """Every load of a table."""
    found = queries.table(request.actor, reference)
    columns = [
        Column("number", "Version", numeric=True, sort="number", link=lambda v: v.inside_url()),
        Column("created_at", "Loaded", sort="created_at"),
        Column("rows", "Rows", numeric=True, sort="rows"),
        Column("rejected", "Did not fit", numeric=True, sort="rejected"),
        Column("source_name", "From", sort="source_name"),
        Column("changed", "What it changed", show=lambda v: v.changed or "No column"),
        Column("status", "Status", show=lambda v: v.state.label, sort="status"),
    ]
    rows = queries.versions(request.actor, found)
    table = Table(columns, rows, name=f"{found.name}-versions", noun=("version", "versions"))
    context = {"title": f"Versions of {found.title}", "back": found.inside_url()}
    return table.respond(request, context=context)


def version(request: ActorRequest, reference: str, number: int) -> HttpResponseBase:
    """What one version is found to hold, how good it is, and how it differs from the one before."""
    found = queries.table(request.actor, reference)
    loaded = queries.version(request.actor, found, min(number, _MOST))
    columns = [
        Column("name", "Name"),
        Column("type", "Type"),
        Column("empty", "Empty", numeric=True),
        Column("distinct", "Different values", numeric=True),
        Column("least", "From", numeric=True, show=lambda c: _said(c.get("least"))),
        Column("most", "To", numeric=True, show=lambda c: _said(c.get("most"))),
        Column("top", "Most common", value=told_top),
        Column("shapes", "Shape", value=told_shapes),
    ]
    name = f"{found.name}-{loaded.number}-columns"
    table = Table(columns, loaded.columns, name=name, noun=("column", "columns"), page_size=100)
    may_load = queries.may_load(request.actor, found)
    kept = loaded.status == "loaded"
    context = {
        "title": f"Version {loaded.number} of {found.title}",
        "record": found,
        "loaded": loaded,
        "facts": _facts(loaded),
        "unmeasured": UNMEASURED,
        "may_look": may_load and kept,
        "may_go_back": may_load and kept and loaded.pk != found.latest_id,
        "back": f"{found.inside_url()}/versions",
    }
    return table.respond(request, "tables/version.html", context)


def _said(value: Any) -> str:
    return "" if value is None else shown(value)


def _facts(loaded: TableVersion) -> list[tuple[str, Any]]:
    facts = [
        ("Status", loaded.state.label),
        ("Loaded", moment(loaded.created_at)),
        ("From", loaded.source_name),
        ("Rows", loaded.rows),
        ("Lines that did not fit", loaded.rejected),
        ("Size", plural(loaded.size, "byte")),
        ("What it changed", loaded.changed or "No column"),
    ]
    if loaded.restored_from is not None:
        facts.append(("Rows of", f"Version {loaded.restored_from}"))
    return facts


def first_rows(request: ActorRequest, reference: str, number: int) -> HttpResponseBase:
    """The first rows of a version, for whoever may load the table; the log says who looked."""
    found = queries.table(request.actor, reference)
    loaded = queries.version(request.actor, found, min(number, _MOST))
    names, rows = actions.look_into(request.actor, loaded)
    columns = [
        Column(f"c{n}", name, value=_cell(n), show=_shown_cell(n)) for n, name in enumerate(names)
    ]
    noun = ("row", "rows")
    table = Table(columns, rows, name=f"{found.name}-{loaded.number}-first", noun=noun)
    context = {
        "title": f"First rows of version {loaded.number}",
        "lead": f"The first {actions.FIRST} rows at most. That you looked is in the log.",
        "back": loaded.inside_url(),
    }
    return table.respond(request, context=context)


def _cell(place: int) -> Callable[[list[str | None]], str | None]:
    return lambda row: row[place]


def _shown_cell(place: int) -> Callable[[list[str | None]], str]:
    return lambda row: row[place] or ""


def rejects(request: ActorRequest, reference: str, number: int) -> HttpResponseBase:
    """The lines that did not fit when a version was loaded."""
    found = queries.table(request.actor, reference)
    columns = [
        Column("line", "Line", numeric=True),
        Column("reason", "Why it did not fit"),
        Column("text", "What it said"),
    ]
    rows = queries.rejects(request.actor, reference, min(number, _MOST))
    table = Table(columns, rows, name=f"{found.name}-rejects", noun=("line", "lines"))
    context = {"title": f"Lines that did not fit: {found.title}", "back": found.inside_url()}
    return table.respond(request, context=context)
