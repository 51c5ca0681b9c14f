"""Pages of tables of totals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from markupsafe import Markup

from concordat.kernel.doors.actors import ActorRequest
from concordat.kernel.doors.charts import bar_chart
from concordat.kernel.doors.exports import download
from concordat.kernel.doors.formats import number
from concordat.kernel.doors.forms import add_errors
from concordat.kernel.doors.middleware import client_of
from concordat.kernel.doors.records import record_page
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.doors.verbs import take
from concordat.kernel.refusals import Invalid, NotVisible
from concordat.tables import actions, queries, sharing
from concordat.tables.forms import TotalsForm
from concordat.tables.models import Output, Share
from concordat.tables.plane.aggregate import Aggregate
from concordat.tables.plane.disclosure import words
from concordat.tables.plane.linked import Label, Place
from concordat.tables.plane.totals import Figure

HIDDEN: Final = "c"
_MOST_BARS: Final = 30


def totals(request: ActorRequest, reference: str) -> HttpResponse:
    """Ask for a table of totals through a share; links may fill the form."""
    found = queries.share(request.actor, reference)
    sharing.admit(found, client_of(request))
    columns = sharing.terms_of(found).shown
    posted = request.method == "POST"
    names = ("first", "second", "measure", "margins")
    linked = {name: request.GET[name] for name in names if name in request.GET}
    form = TotalsForm(
        request.POST if posted else None, columns=columns, initial=linked or {"margins": "on"}
    )
    if posted and form.is_valid():
        try:
            made = actions.ask_totals(request.actor, found, form.asked())
        except Invalid as refusal:
            places = {"dimensions": "first", "of": "measure"}
            add_errors(form, Invalid({places.get(k, k): v for k, v in refusal.errors.items()}))
        else:
            return redirect(made.inside_url())
    context = {
        "title": "Ask for totals",
        "caption": found.table.title,
        "lead": "A cell that tells of too few, or with which one could be worked out from this table "
        "or from those you were given before, is hidden. What you ask for is kept, and both sides "
        "see it.",
        "form": form,
        "button": "Work them out",
        "back": found.inside_url(),
    }
    return render(request, "doors/form.html", context, status=422 if form.errors else 200)


def outputs(request: ActorRequest) -> HttpResponseBase:
    """The tables of totals on a side of which the reader stands."""
    columns = [
        Column("reference", "Reference", link=lambda o: o.inside_url(), sort="reference"),
        Column("title_text", "What"),
        Column("share.table.title", "Table", sort="share__table__title"),
        Column("recipient.name", "Recipient", sort="recipient__name"),
        Column("owner.name", "Supplier", sort="owner__name"),
        Column("status", "Status", show=lambda o: o.state.label, sort="status"),
        Column("created_at", "Asked", sort="created_at"),
    ]
    found = queries.outputs(request.actor)
    table = Table(columns, found, name="outputs", noun=("table of totals", "tables of totals"))
    return table.respond(request, context={"title": "Tables of totals"})


@dataclass(frozen=True)
class Grid:
    """A table as a page and a spreadsheet show it: the heads of its columns, and its lines, each a
    head and its cells (None: there is no such cell)."""

    corner: str
    heads: list[str]
    lines: list[tuple[str, list[Figure | None]]]

    def shown(self, text: Callable[[Figure], Any]) -> list[tuple[str, list[Any]]]:
        """The lines with each cell said as `text` says it."""
        return [(head, [text(c) if c else "" for c in cells]) for head, cells in self.lines]


def grid_of(asked: Aggregate, cells: Sequence[Figure]) -> Grid:
    """The cells of a table in their lines: the first dimension downwards, the second across."""
    found = {cell.place: cell for cell in cells}
    whole = "All" if asked.measure == "mean" else "Total"
    down, across = _edge(asked, cells, 0, whole), _edge(asked, cells, 1, whole)
    if len(asked.dimensions) < 2:
        across = [(asked.words().partition(" by ")[0], ((), ()))]
    if not asked.dimensions:
        down = [("All rows", ((), ()))]
    lines = [
        (head, [found.get((over + beside, labels + more)) for _, (beside, more) in across])
        for head, (over, labels) in down
    ]
    corner = asked.dimensions[0].column if asked.dimensions else "Rows"
    return Grid(corner, [head for head, _ in across], lines)


def _edge(asked: Aggregate, cells: Sequence[Figure], n: int, whole: str) -> list[tuple[str, Place]]:
    """The heads along one side, each with the place that it stands for."""
    inner = [cell.labels[n] for cell in cells if n < len(cell.over) == len(asked.dimensions)]
    found = sorted(set(inner), key=lambda label: (label is None, label or ""))
    heads: list[tuple[str, Place]] = [(label_words(label), ((n,), (label,))) for label in found]
    return [*heads, (whole, ((), ()))] if asked.margins else heads


def label_words(label: Label) -> str:
    """A category as people read it."""
    return "(empty)" if label is None else label


def cell_words(cell: Figure) -> str:
    """A cell as a page shows it."""
    if cell.hidden:
        return HIDDEN
    return "–" if cell.value is None else number(cell.value)


def output(request: ActorRequest, reference: str) -> HttpResponse:
    """One table of totals: what is shown of it, and what would be shown of others."""
    actor = request.actor
    found = queries.one_output(actor, reference)
    asked, cells = found.asked, found.cells
    grid = grid_of(asked, cells)
    may_ask = queries.may_ask(actor, found.share)
    context = {
        "title": found.title_text,
        "record": found,
        "it": record_page(actor, found, _rows(found)),
        "grid": grid,
        "lines": grid.shown(cell_words),
        "hides": any(cell.hidden for cell in cells),
        "chart": _chart(asked, cells),
        "near": [
            (table.words(), _margins(table), _again(found.share, table)) for table in found.near
        ],
        "may_ask": may_ask,
        "again": _again(found.share, asked),
        "may_review": queries.may_review(actor, found),
        "back": "/inside/outputs",
    }
    return render(request, "tables/output.html", context)


def _rows(found: Output) -> list[tuple[str, Any]]:
    link = Markup('<a class="govuk-link" href="{}">{}</a>')
    return [
        ("Table", found.share.table.title),
        ("Version", found.table_version.number),
        ("Supplier", found.owner.name),
        ("Recipient", found.recipient.name),
        ("Through", link.format(found.share.inside_url(), found.share.reference)),
        ("Fewest that a cell may tell of", found.least),
    ]


def _again(share: Share, asked: Aggregate) -> str:
    """Where the form is filled with a request."""
    return f"{share.inside_url()}/totals?{urlencode(TotalsForm.chosen(asked))}"


def _margins(asked: Aggregate) -> str:
    return "" if asked.margins or not asked.dimensions else ", without totals"


def _chart(asked: Aggregate, cells: Sequence[Figure]) -> Markup:
    """Bars for the first dimension, where they can be drawn and say more than one figure."""
    bars = [
        (label_words(cell.labels[0]), cell.value)
        for cell in cells
        if cell.over == (0,) and cell.value is not None
    ]
    if not 2 <= len(bars) <= _MOST_BARS or min(value for _, value in bars) < 0:
        return Markup("")
    what, column = asked.words().partition(" by ")[0], asked.dimensions[0].column
    return bar_chart(f"{what} by {column}, as far as shown", bars, heads=(column, what))


def as_csv(request: ActorRequest, reference: str) -> HttpResponseBase:
    """The table as a file that no spreadsheet runs; a hidden cell is the letter c."""
    found = queries.one_output(request.actor, reference)
    grid = grid_of(found.asked, found.cells)
    lines = grid.shown(lambda cell: HIDDEN if cell.hidden else cell.value)
    heads = [grid.corner, *grid.heads]
    return download("csv", found.reference, heads, heads, [[h, *values] for h, values in lines])


def review(request: ActorRequest, reference: str) -> HttpResponse:
    """What a table hides and why, for whoever may clear it; each look is noted."""
    actor = request.actor
    found = queries.one_output(actor, reference)
    reviewed = actions.review_output(actor, found)
    hiding = {cell.place: rule for cell, rule in reviewed if rule}
    grid = grid_of(found.asked, [cell for cell, _ in reviewed])

    def text(cell: Figure) -> str:
        said = cell_words(cell)
        return f"{said} ({HIDDEN})" if cell.place in hiding else said

    context = {
        "title": f"Review: {found.title_text}",
        "record": found,
        "it": record_page(actor, found, _rows(found)),
        "grid": grid,
        "lines": grid.shown(text),
        "hiding": [
            (_where(found.asked, place), words(rule, found.least)) for place, rule in hiding.items()
        ],
        "back": found.inside_url(),
    }
    return render(request, "tables/review.html", context)


def _where(asked: Aggregate, place: Place) -> str:
    named = zip(*place, strict=True)
    said = [f"{asked.dimensions[n].column}: {label_words(label)}" for n, label in named]
    return ", ".join(said) or "All rows"


def output_verb(request: ActorRequest, reference: str, verb: str) -> HttpResponse:
    """Take a verb of the lifecycle."""
    if verb not in actions.OUTPUT_VERBS:
        raise NotVisible
    found = queries.one_output(request.actor, reference)
    return take(request, found, verb, actions.OUTPUT_VERBS[verb])
