"""Pages of who read what, through one share and through all of them, and of what was unusual."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from markupsafe import Markup

from concordat.kernel.access import Actor
from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.formats import moment
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.doors.verbs import take
from concordat.kernel.refusals import NotVisible
from concordat.tables import actions, queries
from concordat.tables.forms import SettleForm, UseFilter
from concordat.tables.models import Flag, ShareRead

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

_OTHER: Final = Markup('<a class="govuk-link" href="{}">{}</a>')
# What the list of all shares shows; the rest is on each share's own.
_BRIEF: Final = frozenset(
    {"at", "basis", "actor_name", "rows", "bytes", "requests", "ended", "unusual", "settled"}
)


def reads(request: ActorRequest, reference: str) -> HttpResponseBase:
    """Every read through a share, for both its sides."""
    found = queries.one_share(request.actor, reference)
    supplies = queries.supplies(request.actor, [found])
    unusual = supplies and "unusual" in request.GET
    rows = queries.deliveries(request.actor, found, unusual=unusual)
    columns = [column for column in _columns(request, supplies) if column.key != "basis"]
    table = Table(
        columns,
        rows,
        name=f"reads-{found.reference}",
        noun=("read", "reads"),
        extra=("unusual",) if supplies else (),
    )
    other = ("Every read", "") if unusual else ("Only unusual reads", "?unusual=on")
    context = {
        "title": f"{'Unusual reads' if unusual else 'Reads'} of {found.table.title}",
        "lead": _OTHER.format(f"{request.path}{other[1]}", other[0]) if supplies else "",
        "back": found.inside_url(),
    }
    return _respond(request, table, rows, context)


def use(request: ActorRequest) -> HttpResponseBase:
    """Every read through the shares on a side of which the reader stands: those that run now, then the
    others, newest first."""
    shares = list(queries.shares(request.actor))
    supplies = queries.supplies(request.actor, shares)
    filters = UseFilter(request.GET or None, shares=shares, supplies=supplies)
    rows = queries.deliveries(request.actor, **filters.asked())
    columns = [column for column in _columns(request, supplies) if column.key in _BRIEF]
    table = Table(columns, rows, name="use", noun=("read", "reads"), filters=filters)
    context = {
        "title": "Use of shared data",
        "lead": "Each read through the shares of your organisation, as supplier or as recipient.",
        "back": "/inside/shares",
    }
    return _respond(request, table, rows, context)


def _respond(
    request: ActorRequest, table: Table, rows: QuerySet[ShareRead], context: dict[str, Any]
) -> HttpResponseBase:
    table.read(request)
    page = request.GET.get("page", "")
    context["again"] = table.link(page=page) if page else table.link()
    context["running"] = lambda: f"{_running(table.rows)} running now"
    return table.respond(request, "tables/use.html", context)


def _running(rows: Any) -> int:
    return int(rows.order_by().running().count())


def settle(request: ActorRequest, reference: str, number: int, verb: str) -> HttpResponse:
    """Say that an unusual read of a share was looked at, and what was found."""
    found = queries.flag(request.actor, min(number, 2**31))
    if verb not in actions.FLAG_VERBS or found.read.share.reference != reference:
        raise NotVisible
    read = found.read
    return take(
        request,
        found,
        verb,
        actions.FLAG_VERBS[verb],
        form_class=SettleForm,
        lead=f"{read.entry.actor_name} read on {moment(read.began_at)}. Unusual: {found.words}.",
        done="The read is marked as looked at.",
        back=f"{read.share.inside_url()}/reads?unusual=on",
    )


def settle_link(share: str, flag: Flag) -> str:
    """Where a flag of a share (its reference) is settled."""
    return f"/inside/shares/{share}/flags/{flag.pk}/settle"


def _fact(name: str) -> Callable[[ShareRead], Any]:
    return lambda read: read.facts.get(name)


def _columns(request: ActorRequest, supplies: bool) -> list[Column]:
    """When and who, how, how much, and for the supplier what is unusual about it."""
    columns = [
        Column("at", "When", sort="began_at", value=lambda read: read.began_at),
        Column(
            "basis",
            "Agreement",
            value=_fact("basis"),
            link=lambda read: f"/inside/shares/{read.entry.reference}/reads",
        ),
        Column("actor_name", "Who", value=lambda read: read.entry.actor_name),
        Column("door", "How", value=lambda read: _DOORS.get(read.door, read.door)),
        Column("version", "Version", value=_fact("version"), numeric=True),
        Column("columns", "Columns", value=_fact("columns"), show=_number_of_columns, numeric=True),
        Column("rows", "Rows", show=_number("rows"), numeric=True),
        Column("bytes", "Bytes", show=_number("bytes"), numeric=True),
        Column("requests", "Requests", numeric=True),
        Column("ended", "How it ended", value=_ended, show=_ended_shown),
    ]
    if supplies:
        told = _unusual(request.actor)
        columns.append(Column("unusual", "Unusual", value=_why, show=told, wide=True))
        if "download" in request.GET:  # on the page it stands beneath why
            columns.append(Column("settled", "Looked at", value=_settled))
    return columns


def _number(name: str) -> Callable[[ShareRead], str]:
    """The number, or an empty cell where a read has none, or none yet."""

    def show(read: ShareRead) -> str:
        value = getattr(read, name)
        return "" if value is None else f"{value:,}"

    return show


def _number_of_columns(read: ShareRead) -> str:
    columns = read.facts.get("columns")
    return "" if columns is None else str(len(columns))


def _ended(read: ShareRead) -> str:
    """Whether all of it was read; nothing of what was only handed out."""
    return ShareRead.STAGES[read.now]


def _ended_shown(read: ShareRead) -> Any:
    if read.now != "running":
        return _ended(read)
    return Markup('<strong class="govuk-tag govuk-tag--blue">{}</strong>').format(_ended(read))


def _why(read: Any) -> list[str]:
    return list(read.known_flag.why) if read.known_flag else []


def _settled(read: Any) -> str:
    """What was found, by whom and when; nothing where nobody looked yet."""
    flag = read.known_flag
    if flag is None or flag.status != "settled":
        return ""
    return f"{flag.note} ({flag.settled_by}, {moment(flag.settled_at)})"


def _unusual(actor: Actor) -> Callable[[Any], Any]:
    def show(read: Any) -> Any:
        """Why, and what was found or where that is told."""
        flag = read.known_flag
        if flag is None:
            return ""
        if flag.status == "settled":
            told = _settled(read)
            return Markup("{}<br>Looked at: {}").format(flag.words, told)
        if not queries.may_settle(actor, flag):
            return flag.words
        link = (
            '{}<br><a class="govuk-link" href="{}">Mark as looked at'
            '<span class="govuk-visually-hidden"> the read by {} on {}</span></a>'
        )
        where = settle_link(read.entry.reference, flag)
        return Markup(link).format(flag.words, where, read.entry.actor_name, moment(read.began_at))  # noqa: S704

    return show
