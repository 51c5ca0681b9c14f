"""Pages of who read what: through one share, and through all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.http.response import HttpResponseBase
from markupsafe import Markup

from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.tables import Column, Table
from concordat.tables import queries
from concordat.tables.forms import UseFilter

_DOORS: Final = {
    "csv": "CSV",
    "jsonl": "JSON lines",
    "parquet": "Parquet",
    "arrow": "Arrow stream",
    "csv file": "CSV, a prepared file",
    "jsonl file": "JSON lines, a prepared file",
    "parquet file": "Parquet, a prepared file",
    "arrow file": "Arrow stream, a prepared file",
    "sql": "A query in SQL",
    "delta-sharing": "Delta Sharing",
    "delta-sharing changes": "Delta Sharing, what changed",
    "delta-sharing file": "Delta Sharing, a file of it",
    "aggregate": "Totals",
    "aggregate review": "A review of totals",
}

_LEAD: Final = Markup(
    "Each read through the shares of your organisation, as supplier or as recipient. "
    '<a class="govuk-link" href="{}">See what is new now</a>'
)

_OTHER: Final = Markup('<a class="govuk-link" href="{}">{}</a>')
_BRIEF: Final = ("actor_name", "rows", "bytes", "unusual")  # the rest is on the share's own list


def reads(request: ActorRequest, reference: str) -> HttpResponseBase:
    """Every read through a share, for both its sides."""
    found = queries.one_share(request.actor, reference)
    unusual = "unusual" in request.GET
    rows = queries.deliveries(request.actor, found, unusual=unusual)
    name = f"reads-{found.reference}"
    table = Table([_WHEN, *_columns()], rows, name=name, noun=("read", "reads"), extra=("unusual",))
    other = ("Every read", "") if unusual else ("Only unusual reads", "?unusual=on")
    context = {
        "title": f"{'Unusual reads' if unusual else 'Reads'} of {found.table.title}",
        "lead": _OTHER.format(f"{request.path}{other[1]}", other[0]),
        "back": found.inside_url(),
    }
    return table.respond(request, context=context)


def use(request: ActorRequest) -> HttpResponseBase:
    """Every read through the shares on a side of which the reader stands, newest first."""
    shares = queries.shares(request.actor)
    filters = UseFilter(request.GET or None, shares=shares)
    rows = queries.deliveries(request.actor, **filters.asked())
    agreement = Column(
        "basis",
        "Agreement",
        value=_fact("basis"),
        link=lambda entry: f"/inside/shares/{entry.reference}/reads",
    )
    told = [column for column in _columns() if column.key in _BRIEF]
    columns = [_WHEN, agreement, *told]
    table = Table(columns, rows, name="use", noun=("read", "reads"), filters=filters)
    table.read(request)
    context = {
        "title": "Use of shared data",
        "lead": _LEAD.format(table.link()),
        "back": "/inside/shares",
    }
    return table.respond(request, context=context)


def _fact(name: str) -> Callable[[Any], Any]:
    return lambda entry: entry.private.get("facts", {}).get(name)


_WHEN: Final = Column("at", "When", sort="at")


def _columns() -> list[Column]:
    """Who, how, how much, and what is unusual about it."""
    return [
        Column("actor_name", "Who"),
        Column("door", "How", value=lambda entry: _door(_fact("door")(entry) or "")),
        Column("version", "Version", value=_fact("version"), numeric=True),
        Column("columns", "Columns", value=_fact("columns"), show=_number_of_columns, numeric=True),
        Column("rows", "Rows", value=_fact("rows"), show=_shown("rows"), numeric=True),
        Column("bytes", "Bytes", value=_fact("bytes"), show=_shown("bytes"), numeric=True),
        Column("whole", "How it ended", value=_ended),
        Column(
            "unusual",
            "Unusual",
            value=_fact("unusual"),
            show=lambda entry: "; ".join(_fact("unusual")(entry) or ()),
        ),
    ]


def _door(door: str) -> str:
    return _DOORS.get(door, door)


def _shown(name: str) -> Callable[[Any], str]:
    """The number, or an empty cell where a read has none."""

    def show(entry: Any) -> str:
        value = _fact(name)(entry)
        return "" if value is None else f"{value:,}"

    return show


def _number_of_columns(entry: Any) -> str:
    columns = _fact("columns")(entry)
    return "" if columns is None else str(len(columns))


def _ended(entry: Any) -> str:
    """Whether all of it was read; nothing of what was only handed out."""
    facts = entry.private.get("facts", {})
    if "whole" in facts:
        return "Whole" if facts["whole"] else "Broken off"
    if "start" in facts:
        return "Whole" if "rows" in facts else "A part of the file"
    return ""
