"""What share of spend is evaluated: by year, portfolio and body, down to the projects, for anyone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from markupsafe import Markup

from concordat.evaluations.queries import coverage as reckoned
from concordat.evaluations.queries import projects as known
from concordat.evaluations.queries.coverage import Block, Line
from concordat.evaluations.queries.spend_rows import (
    basis_in_words,
    change_in_words,
    flags_in_words,
    line_rows,
    summary_rows,
)
from concordat.evaluations.rules.costs import CLASSES
from concordat.evaluations.rules.spend import Interval, millions, percent, shown_share
from concordat.kernel.access import PUBLIC
from concordat.kernel.doors.charts import interval_chart
from concordat.kernel.doors.formats import shown
from concordat.kernel.doors.tables import Column, FilterForm, Table

_REGISTRY = [{"text": "Home", "href": "/"}, {"text": "Evaluation Registry", "href": "/evaluations"}]
_COVERAGE = {"text": "Share of spend evaluated", "href": "/evaluations/coverage"}
_KINDS = {
    "all": "Whole",
    "portfolio": "Portfolio",
    "body": "Body",
    "unknown": "Department not matched",
}


def _figures() -> list[Column]:
    """The columns that every table of blocks has."""
    return [
        Column("projects", "Projects", value=lambda b: b.coverage.projects, numeric=True),
        Column("evaluated", "Evaluated", value=lambda b: b.coverage.evaluated, numeric=True),
        Column("reported", "Report out", value=lambda b: b.reported.evaluated, numeric=True),
        Column("hidden", "Cost hidden", value=lambda b: b.coverage.hidden, numeric=True),
        Column("share", "Share of spend", value=lambda b: shown_share(b.coverage.share)),
        Column(
            "of_disclosed",
            "Of disclosed spend",
            value=lambda b: percent(b.coverage.of_disclosed),
            numeric=True,
        ),
        Column("by_count", "Share of projects", value=lambda b: shown_share(b.coverage.by_count)),
        Column("cost", "Disclosed", value=lambda b: millions(b.coverage.cost), numeric=True),
        Column("hidden_cost", "Hidden", value=lambda b: _hidden_cost(b), numeric=True),
    ]


def _hidden_cost(block: Block) -> str:
    return millions(block.coverage.hidden_cost) or "Not known"


def coverage(request: HttpRequest) -> HttpResponseBase:
    """Every year as a whole."""
    years = reckoned.years(PUBLIC)
    rows = [block for _, block in years]
    columns = [
        Column("year", "Year", link=lambda b: f"/evaluations/coverage/{b.year}"),
        *_figures(),
    ]
    table = Table(columns, rows, name="coverage", noun=("year", "years"))
    context = {
        "title": "Share of spend evaluated",
        "breadcrumbs": [*_REGISTRY, {"text": _COVERAGE["text"]}],
        "charts": _charts(rows, lambda b: str(b.year), "Year"),
        "told": [(told.year, basis_in_words(told)) for told, _ in years],
    }
    return table.respond(request, "evaluations/coverage.html", context)


def _charts(rows: Sequence[Block], label: Any, head: str) -> list[Markup]:
    """The share of spend where a total lets it be told, and that of projects for all."""
    spend = [(label(b), *_ends(b.coverage.share)) for b in rows if b.coverage.share]
    count = [(label(b), *_ends(b.coverage.by_count)) for b in rows if b.coverage.by_count]
    heads = (head, "At least", "At most")
    made = [interval_chart("Share of spend evaluated", spend, heads=heads)] if spend else []
    if count:
        title = "Share of projects evaluated, those of hidden cost counted as not known"
        made.append(interval_chart(title, count, heads=heads))
    return made


def _ends(found: Interval) -> tuple[float, float]:
    return float(found.lower), float(found.upper)


def coverage_year(request: HttpRequest, year: int) -> HttpResponseBase:
    """One year: as a whole, by portfolio, by body."""
    found = reckoned.year_of(PUBLIC, year)
    rows = found.parts
    columns = [
        Column("kind", "Part", value=lambda b: _KINDS[b.kind]),
        Column("name", "Name", link=_address),
        Column("codes", "Published under", value=lambda b: ", ".join(b.codes)),
        *_figures(),
    ]
    table = Table(columns, rows, name=f"coverage-{year}", noun=("part", "parts"), page_size=100)
    portfolios = [b for b in rows if b.kind in ("all", "portfolio")]
    context = {
        "title": f"Share of spend evaluated, {year}",
        "breadcrumbs": [*_REGISTRY, _COVERAGE, {"text": str(year)}],
        "charts": _charts(portfolios, lambda b: b.name, "Portfolio"),
        "told": [(year, basis_in_words(found.told))],
        "whole": rows[0],
        "rows": summary_rows(rows[0]),
        "flags": flags_in_words(rows),
        "change": change_in_words(found.change),
        "split": any(b.split for b in rows),
    }
    return table.respond(request, "evaluations/coverage.html", context)


def _address(block: Block) -> str:
    start = f"/evaluations/coverage/{block.year}"
    if block.kind == "portfolio":
        return f"{start}/all?portfolio={block.slug}"
    return f"{start}/{block.slug}"


class LineFilter(FilterForm):
    """How the projects of a year are narrowed."""

    portfolio = forms.ChoiceField(required=False)
    block = forms.ChoiceField(label="Part of the sum", required=False)
    cost = forms.ChoiceField(label="Cost", required=False, choices=[("", "Any"), *CLASSES.items()])

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.portfolios = {reckoned.slug_of(line.category): line.category for line in lines}
        named = sorted(self.portfolios.items(), key=lambda pair: pair[1])
        parts = sorted({line.block for line in lines})
        self.fields["portfolio"].choices = [("", "Any"), *((s, n or "Not given") for s, n in named)]  # type: ignore[attr-defined]
        self.fields["block"].choices = [("", "Any"), *((part, part) for part in parts)]  # type: ignore[attr-defined]

    def narrow(self, rows: Any) -> list[Line]:
        """The lines that match; a filter that is not valid narrows nothing."""
        if not self.is_valid():
            return list(rows)
        asked = self.cleaned_data
        return [
            line
            for line in rows
            if (not asked["portfolio"] or reckoned.slug_of(line.category) == asked["portfolio"])
            and (not asked["block"] or line.block == asked["block"])
            and (not asked["cost"] or line.cost.kind == asked["cost"])
        ]


def coverage_body(request: HttpRequest, year: int, slug: str) -> HttpResponseBase:
    """The projects of a body in a year, by name, with the part of the sum that each belongs to."""
    told = reckoned.portfolio_year(PUBLIC, year)
    block, lines = reckoned.body_block(PUBLIC, year, slug)
    columns = [
        Column("name", "Project", link=_project_address, sort="name"),
        Column("number", "Number", sort="number"),
        Column("department", "Department", sort="department"),
        Column("category", "Portfolio", sort="category"),
        Column("cost", "Whole-life cost as published", value=lambda p: p.cost.cell.strip()),
        Column("value", "£ million", value=lambda p: p.cost.value, sort="value", numeric=True),
        Column("kind", "Cost", value=lambda p: CLASSES[p.cost.kind], sort="kind"),
        Column(
            "sections", "Exempting sections", value=lambda p: ", ".join(map(str, p.cost.sections))
        ),
        Column("block", "Part of the sum", sort="block"),
        Column("reported", "Report out", sort="reported"),
    ]
    filters = LineFilter(request.GET, lines=lines)
    table = Table(
        columns,
        filters.narrow(lines),
        name=f"coverage-{year}-{slug}",
        noun=("project", "projects"),
        filters=filters,
        page_size=100,
    )
    context = {
        "title": f"{block.name}, {year}",
        "breadcrumbs": [
            *_REGISTRY,
            _COVERAGE,
            {"text": str(year), "href": f"/evaluations/coverage/{year}"},
            {"text": block.name},
        ],
        "told": [(year, basis_in_words(told))] if block.kind == "all" else [],
        "rows": summary_rows(block),
        "flags": flags_in_words([block]),
    }
    return table.respond(request, "evaluations/coverage_body.html", context)


def _project_address(line: Line) -> str:
    return f"/evaluations/projects/{line.project_number}"


def projects(request: HttpRequest) -> HttpResponseBase:
    """Every project of the portfolio, of all years."""
    columns = [
        Column("name", "Project", link=lambda p: p.get_absolute_url(), sort="name"),
        Column("number", "Number", sort="number"),
        Column("department", "Department", sort="department"),
        Column("category", "Portfolio", sort="category"),
        Column("first_year", "First year", sort="first_year", numeric=True),
        Column("last_year", "Last year", sort="last_year", numeric=True),
    ]
    table = Table(columns, known.projects(PUBLIC), name="projects", noun=("project", "projects"))
    context = {
        "title": "Major projects",
        "lead": "The projects of the Government Major Projects Portfolio, over the years loaded here.",
        "actions": [{"label": "Share of spend evaluated", "href": "/evaluations/coverage"}],
    }
    return table.respond(request, context=context)


def project(request: HttpRequest, number: str) -> HttpResponseBase:
    """One project: its years, costs as published, how its end moved, its evaluations. An older number
    leads to the newest."""
    it = known.project(PUBLIC, number)
    if it.number != number:
        return redirect(it.get_absolute_url())
    lines = list(known.lines_of(PUBLIC, it))
    columns = [
        Column("year", "Year", link=lambda p: f"/evaluations/coverage/{p.year}"),
        Column("number", "Number"),
        Column("department", "Department"),
        Column("cost", "Whole-life cost as published", value=lambda p: p.cost_cell.strip()),
        Column("value", "£ million", value=lambda p: p.value, numeric=True),
        Column("class", "Cost", value=lambda p: CLASSES[p.cost_class]),
        Column("start", "Start"),
        Column("end", "End", value=lambda p: p.end, show=lambda p: _day_or_cell(p)),
    ]
    table = Table(columns, lines, name=it.number, noun=("year", "years"), page_size=100)
    context = {
        "title": it.name,
        "breadcrumbs": [
            *_REGISTRY,
            {"text": "Major projects", "href": "/evaluations/projects"},
            {"text": it.name},
        ],
        "project": it,
        "rows": line_rows(it, known.numbers_of(lines)),
        "moves": known.moves_of(lines),
        "evaluations": list(known.evaluations_of(PUBLIC, it)),
    }
    return table.respond(request, "evaluations/project.html", context)


def _day_or_cell(line: Any) -> Any:
    return shown(line.end) if line.end else line.end_cell or shown(None)
