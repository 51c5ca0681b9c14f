"""The share of spend that is evaluated, reckoned when it is read, from what the reader may see.

Evaluated is a project with a published entry that the reader may know of: one in draft, under embargo
or withdrawn changes no figure. A fixed number of queries, whatever the number of projects.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.text import slugify

from concordat.evaluations.models import Evaluation, PortfolioYear, Project, SpendLine
from concordat.evaluations.rules.continuity import Moves, ends_of, moves
from concordat.evaluations.rules.costs import Cost
from concordat.evaluations.rules.spend import Coverage, Spend, Total, coverage
from concordat.kernel.access import Actor
from concordat.kernel.organisations.models import Organisation, Succession
from concordat.kernel.refusals import NotVisible

ALL: Final = "all"
_COLUMNS: Final = (
    "project_id", "project__joined_to_id", "project__number", "year", "number", "name",
    "department", "category", "body_id", "cost_cell", "cost_class", "sections", "value", "start", "end",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A project in one year, with whether an evaluation of it is registered, and whether one has
    published a report."""

    project: int
    project_number: str
    year: int
    number: str
    name: str
    department: str
    category: str
    body: int | None
    cost: Cost
    start: date | None
    end: date | None
    evaluated: bool = False
    reported: bool = False

    @property
    def portfolio(self) -> str:
        """How an address names its portfolio."""
        return _slug_of(self.category)

    @property
    def block(self) -> str:
        """Which part of the sum it belongs to, in words."""
        known = "disclosed" if not self.cost.is_hidden else "hidden"
        return f"{'Evaluated' if self.evaluated else 'Not evaluated'}, cost {known}"


@dataclass(frozen=True)
class Block:
    """Some projects of a year, and what of them is evaluated: all, a portfolio or a body.

    `reported` is the same reckoning for a published report; `codes` are the names under which a
    body's projects were published; `split` counts those that stand under other bodies too.
    """

    kind: str  # "all" | "portfolio" | "body" | "unknown"
    name: str
    slug: str
    year: int
    coverage: Coverage
    reported: Coverage
    codes: tuple[str, ...] = ()
    split: int = 0


@dataclass(frozen=True)
class Change:
    """What became of the projects of one year in the next that is loaded."""

    before: int
    after: int
    both: int
    moves: Moves
    went_hidden: int
    came_back: int


@dataclass(frozen=True)
class YearOf:
    """One year of the portfolio: `parts` are the whole, then its portfolios, then its bodies."""

    told: PortfolioYear
    parts: list[Block]
    change: Change | None


def lines(actor: Actor, **by: Any) -> list[Line]:
    """The lines of the portfolio, by year and name: three queries."""
    rows = SpendLine.objects.visible_to(actor).filter(status="listed", **by)
    evaluated, reported = _evaluated(actor), _reported(actor)
    return [
        _line(row, evaluated, reported)
        for row in rows.order_by("year", "name", "id").values_list(*_COLUMNS)
    ]


def _line(row: tuple[Any, ...], evaluated: set[int], reported: set[int]) -> Line:
    (
        pk,
        joined,
        main_number,
        year,
        number,
        name,
        department,
        category,
        body,
        cell,
        kind,
        sections,
        *rest,
    ) = row
    value, start, end = rest
    main = joined or pk
    return Line(
        *(main, main_number, year, number, name, department, category, body),
        Cost(cell, kind, tuple(sections), value),
        *(start, end, main in evaluated, main in reported),
    )


def _evaluated(actor: Actor) -> set[int]:
    """The projects with a published evaluation that the actor may know of."""
    return _with(actor, _published(actor))


def _reported(actor: Actor) -> set[int]:
    """Those of which such an evaluation has published a report."""
    return _with(actor, _published(actor).filter(reports__status="published"))


def _published(actor: Actor) -> QuerySet[Evaluation]:
    return Evaluation.objects.visible_to(actor).filter(status="published").order_by()


def _with(actor: Actor, evaluations: QuerySet[Evaluation]) -> set[int]:
    """The projects of which there is one of the evaluations: each is asked only until one is found."""
    has = Exists(evaluations.filter(projects=OuterRef("pk")))
    rows = Project.objects.visible_to(actor).filter(has).order_by()
    return {joined or pk for pk, joined in rows.values_list("id", "joined_to_id")}


def _reckon(found: Iterable[Line], total: Total | None = None) -> tuple[Coverage, Coverage]:
    """(evaluated, with a published report) of some lines."""
    held = list(found)
    return (
        coverage((Spend(line.cost.value, line.evaluated) for line in held), total),
        coverage((Spend(line.cost.value, line.reported) for line in held), total),
    )


def portfolio_years(actor: Actor) -> dict[int, PortfolioYear]:
    """Each year that is loaded."""
    return {found.year: found for found in PortfolioYear.objects.visible_to(actor)}


def years(actor: Actor) -> list[tuple[PortfolioYear, Block]]:
    """Each year as a whole, the newest first: four queries."""
    known = portfolio_years(actor)
    held: dict[int, list[Line]] = {}
    for line in lines(actor):
        held.setdefault(line.year, []).append(line)
    return [(known[year], _whole(known[year], held.get(year, []))) for year in sorted(known)[::-1]]


def portfolio_year(actor: Actor, year: int) -> PortfolioYear:
    """One year. Raises NotVisible."""
    found = PortfolioYear.objects.visible_to(actor).filter(year=year).first()
    if found is None:
        raise NotVisible
    return found


def _whole(told: PortfolioYear, found: list[Line]) -> Block:
    both = _reckon(found, told.total_of())
    return Block("all", "All projects", ALL, told.year, *both)


def year_of(actor: Actor, year: int) -> YearOf:
    """A year as a whole, by portfolio and by body as bodies are today, and how the projects of the
    year before went on: six queries.

    A body that was renamed or merged counts under what it became, under all of them where it split;
    so the bodies may add up to more than the whole, in which each project counts once.
    Raises NotVisible for a year that is not loaded.
    """
    known = portfolio_years(actor)
    if year not in known:
        raise NotVisible
    told, before = known[year], max((y for y in known if y < year), default=None)
    both = lines(actor, year__in=[year] if before is None else [before, year])
    found = [line for line in both if line.year == year]
    parts = [_whole(told, found), *_portfolios(told, found), *_bodies(actor, year, found)]
    change = _change(before, year, both) if before is not None else None
    return YearOf(told, parts, change)


def _portfolios(told: PortfolioYear, found: list[Line]) -> Iterator[Block]:
    for name in sorted({line.category for line in found}):
        held = [line for line in found if line.category == name]
        both = _reckon(held, told.total_of(name) if name else None)
        yield Block("portfolio", name or "No portfolio given", _slug_of(name), told.year, *both)


def _bodies(actor: Actor, year: int, found: list[Line]) -> Iterator[Block]:
    ends = _today(found)
    names = Organisation.objects.visible_to(actor)
    known = {b.pk: b for b in names.filter(pk__in={pk for each in ends.values() for pk in each})}
    for pk in sorted(known, key=lambda pk: known[pk].name):
        held = [line for line in found if line.body and pk in ends[line.body]]
        codes = tuple(sorted({line.department for line in held}))
        split = sum(len(ends[line.body]) > 1 for line in held if line.body)
        yield Block("body", known[pk].name, known[pk].slug, year, *_reckon(held), codes, split)
    for code in sorted({line.department for line in found if line.body is None}):
        held = [line for line in found if line.body is None and line.department == code]
        name = f"{code} (no such body is known here)" if code else "No department given"
        yield Block("unknown", name, _unknown_slug(code), year, *_reckon(held), (code,))


def _slug_of(category: str) -> str:
    """How an address names a portfolio."""
    return slugify(category) or "none"


def _change(before: int, year: int, both: list[Line]) -> Change:
    old = {line.project: line for line in both if line.year == before}
    new = {line.project: line for line in both if line.year == year}
    pairs = [(old[pk], new[pk]) for pk in old.keys() & new.keys()]
    hidden = [(a.cost.is_hidden, b.cost.is_hidden) for a, b in pairs]
    return Change(
        before=before,
        after=year,
        both=len(pairs),
        moves=moves((a.end, b.end) for a, b in pairs),
        went_hidden=hidden.count((False, True)),
        came_back=hidden.count((True, False)),
    )


def _unknown_slug(code: str) -> str:
    """How an address names the projects of a department that is no body known here."""
    return f"not-matched-{slugify(code)}".rstrip("-")


def _today(found: Iterable[Line]) -> dict[int, frozenset[int]]:
    """What the bodies of some lines are now: one query."""
    onward: dict[int, set[int]] = {}
    for before, after in Succession.objects.values_list("predecessor_id", "successor_id"):
        onward.setdefault(before, set()).add(after)
    return {body: ends_of(body, onward) for body in {line.body for line in found} if body}


def body_block(actor: Actor, year: int, slug: str) -> tuple[Block, list[Line]]:
    """The projects of a body in a year: its own, and those of bodies that became it; of `all`, or of
    a department that is no body known here. Raises NotVisible."""
    told = portfolio_year(actor, year)
    found = lines(actor, year=year)
    if slug == ALL:
        return _whole(told, found), found
    if slug.startswith("not-matched"):
        held = [x for x in found if x.body is None and _unknown_slug(x.department) == slug]
        name = f"{held[0].department or 'No department given'}" if held else ""
        return _block_of("unknown", name, slug, year, held), held
    body = Organisation.objects.visible_to(actor).filter(slug=slug).first()
    if body is None:
        raise NotVisible
    ends = _today(found)
    held = [x for x in found if x.body and (x.body == body.pk or body.pk in ends[x.body])]
    return _block_of("body", body.name, slug, year, held), held


def _block_of(kind: str, name: str, slug: str, year: int, held: list[Line]) -> Block:
    if not held:
        raise NotVisible
    codes = tuple(sorted({line.department for line in held}))
    return Block(kind, name, slug, year, *_reckon(held), codes)
