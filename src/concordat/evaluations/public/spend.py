"""What share of spend is evaluated: by year, portfolio and body, down to the projects, for anyone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
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
from concordat.evaluations.rules.spend import Interval, millions, percent, plain_amount, rounded
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
    """The columns that every table of blocks has; shares from 0 to 1 in downloads."""
    return [
        Column("projects", "Projects", value=lambda b: b.coverage.projects, numeric=True),
        Column("evaluated", "Evaluated", value=lambda b: b.coverage.evaluated, numeric=True),
        Column("reported", "Report out", value=lambda b: b.reported.evaluated, numeric=True),
        Column("hidden", "Cost hidden", value=lambda b: b.coverage.hidden, numeric=True),
        _share("share_lower", "Share of spend, at least", lambda b: _end(b, "lower")),
        _share("share_upper", "Share of spend, at most", lambda b: _end(b, "upper")),
        _share("of_disclosed", "Of disclosed spend", lambda b: rounded(b.coverage.of_disclosed)),
        _amount("cost", "Disclosed, £ million", lambda b: b.coverage.cost),
        _amount("hidden_cost", "Hidden, £ million", lambda b: b.coverage.hidden_cost),
    ]


def _end(block: Block, side: str) -> Decimal | None:
    """One end of a share, rounded away from the other."""
    share = block.coverage.share
    if share is None or share.is_single:
        return rounded(share.lower) if share else None
    return rounded(getattr(share, side), ROUND_FLOOR if side == "lower" else ROUND_CEILING)


def _share(key: str, label: str, value: Callable[[Any], Decimal | None]) -> Column:
    return Column(
        key, label, value=value, show=lambda b: percent(value(b)) or "Not known", numeric=True
    )


def _amount(key: str, label: str, amount: Callable[[Any], Decimal | None]) -> Column:
    """Amounts in £ million: plain in downloads, with commas on the page; never 0 for what is hidden."""

    def shown_amount(row: Any) -> str:
        return millions(amount(row)).replace("£", "").removesuffix(" million") or "Not known"

    return Column(
        key, label, value=lambda row: plain_amount(amount(row)), show=shown_amount, numeric=True
    )


def coverage(request: HttpRequest) -> HttpResponseBase:
    """Every year as a whole."""
    years = reckoned.years(PUBLIC)
    rows = [block for _, block in years]
    columns = [
        Column("year", "Year", show=_year, link=lambda b: f"/evaluations/coverage/{b.year}"),
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


def _year(row: Any) -> str:
    return str(row.year)


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
        "flags": flags_in_words(portfolios),
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
        self.portfolios = {line.portfolio: line.category for line in lines}
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
            if (not asked["portfolio"] or line.portfolio == asked["portfolio"])
            and (not asked["block"] or line.block == asked["block"])
            and (not asked["cost"] or line.cost.kind == asked["cost"])
        ]


def _project_columns() -> list[Column]:
    return [
        Column("name", "Project", link=_project_address, sort="name"),
        Column("number", "Number", sort="number"),
        Column("department", "Department", sort="department"),
        Column("category", "Portfolio", sort="category"),
        Column("cost", "Whole-life cost as published", value=lambda p: p.cost.cell.strip()),
        _amount("value", "£ million", lambda p: p.cost.value),
        Column("kind", "Cost", value=lambda p: CLASSES[p.cost.kind], sort="kind"),
        Column("sections", "Exempting sections", value=_sections),
        Column("block", "Part of the sum", sort="block"),
        Column("reported", "Report out", sort="reported"),
    ]


def _sections(line: Line) -> str:
    return ", ".join(map(str, line.cost.sections)) or "None named"


def coverage_body(request: HttpRequest, year: int, slug: str) -> HttpResponseBase:
    """The projects of a body in a year, by name, with the part of the sum that each belongs to."""
    told = reckoned.portfolio_year(PUBLIC, year)
    block, lines = reckoned.body_block(PUBLIC, year, slug)
    filters = LineFilter(request.GET, lines=lines)
    table = Table(
        _project_columns(),
        filters.narrow(lines),
        name=f"coverage-{year}-{slug}",
        noun=("project", "projects"),
        filters=filters,
        page_size=100,
    )
    trail = [_COVERAGE, {"text": str(year), "href": f"/evaluations/coverage/{year}"}]
    context = {
        "title": f"{block.name}, {year}",
        "breadcrumbs": [*_REGISTRY, *trail, {"text": block.name}],
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
        Column("first_year", "First year", show=lambda p: p.first_year, sort="first_year"),
        Column("last_year", "Last year", show=lambda p: p.last_year, sort="last_year"),
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
        Column("year", "Year", show=_year, link=lambda p: f"/evaluations/coverage/{p.year}"),
        Column("number", "Number"),
        Column("department", "Department"),
        Column("cost", "Whole-life cost as published", value=lambda p: p.cost_cell.strip()),
        _amount("value", "£ million", lambda p: p.value),
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
