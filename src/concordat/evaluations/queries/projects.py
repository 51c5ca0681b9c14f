"""Major projects over the years, and which of them may be the same."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Max, Min, Q, QuerySet

from concordat.evaluations.models import Evaluation, Project, SpendLine
from concordat.evaluations.rules.continuity import name_key, number_key
from concordat.kernel.access import Actor
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.refusals import NotVisible, Unknown


def projects(actor: Actor) -> QuerySet[Project]:
    """Every project, with its first and last year; those joined to another are read with it."""
    known = Project.objects.visible_to(actor).filter(joined_to=None).select_related("body")
    listed = Q(lines__status="listed")
    return known.annotate(
        first_year=Min("lines__year", filter=listed), last_year=Max("lines__year", filter=listed)
    ).order_by("name", "id")


def project(actor: Actor, number: str) -> Project:
    """The project of a number, of any year, in any case. Raises NotVisible."""
    found = Project.objects.visible_to(actor).select_related("joined_to__body", "body")
    row = found.filter(key=number_key(number)).first()
    if row is None:
        raise NotVisible
    return row.joined_to or row


def own_project(actor: Actor, number: str) -> Project:
    """The project of just this number, joined or not. Raises NotVisible."""
    row = Project.objects.visible_to(actor).filter(key=number_key(number)).first()
    if row is None:
        raise NotVisible
    return row


def projects_of(actor: Actor, numbers: list[str], field: str = "projects") -> list[Project]:
    """The projects of these numbers. Raises Unknown, naming each that there is not."""
    keys = {number_key(number): number for number in numbers if number.strip()}
    rows = Project.objects.visible_to(actor).filter(key__in=keys).select_related("joined_to")
    found = {row.key: row.joined_to or row for row in rows}
    if missing := [number for key, number in keys.items() if key not in found]:
        says = "There is no major project “{}”. Write its number like MOD_0106_1617-Q1"
        raise Unknown({field: [says.format(number[:64]) for number in missing]})
    return list({row.pk: row for row in found.values()}.values())


def lines_of(actor: Actor, found: Project) -> QuerySet[SpendLine]:
    """Its lines, year by year, those under the numbers joined to it among them."""
    mine = Q(project=found) | Q(project__joined_to=found)
    rows = SpendLine.objects.visible_to(actor).filter(mine, status="listed")
    return rows.select_related("body").order_by("year", "id")


@dataclass(frozen=True)
class Move:
    """How an end date moved from one year's portfolio to the next; days above zero are later."""

    before: int
    after: int
    days: int | None
    hidden: str  # "" | "hidden" | "disclosed": whether the cost went out of sight or came back


def moves_of(found: list[SpendLine]) -> list[Move]:
    """Year by year, from lines in order."""
    return [_move(a, b) for a, b in pairwise(found)]


def _move(a: SpendLine, b: SpendLine) -> Move:
    days = (b.end - a.end).days if a.end and b.end else None
    changed = a.cost.is_hidden != b.cost.is_hidden
    hidden = ("hidden" if b.cost.is_hidden else "disclosed") if changed else ""
    return Move(a.year, b.year, days, hidden)


def numbers_of(found: list[SpendLine]) -> list[tuple[str, int, int]]:
    """(number, first year, last year) as published, oldest first."""
    spans: dict[str, tuple[int, int]] = {}
    for line in found:
        first, _ = spans.get(line.number, (line.year, 0))
        spans[line.number] = (first, line.year)
    return [(number, *span) for number, span in spans.items() if number]


def evaluations_of(actor: Actor, found: Project) -> QuerySet[Evaluation]:
    """The published evaluations of a project that the actor may know of."""
    mine = Q(projects=found) | Q(projects__joined_to=found)
    known = Evaluation.objects.visible_to(actor).filter(mine, status="published")
    return known.select_related("owner").distinct().order_by("title", "id")


def proposals(actor: Actor) -> list[tuple[Project, Project]]:
    """(older, newer) projects of one name and of different years, for a person to confirm: a name
    that more than two share proposes nothing."""
    held: dict[str, list[Project]] = {}
    for row in projects(actor):
        held.setdefault(name_key(row.name), []).append(row)
    found = []
    for name, rows in held.items():
        older, newer = sorted(rows, key=_last)[0], sorted(rows, key=_last)[-1]
        if name and len(rows) == 2 and _last(older) < _first(newer):
            found.append((older, newer))
    return found


def joined(actor: Actor) -> QuerySet[Project]:
    """The projects that a person found to be another, with that one."""
    rows = Project.objects.visible_to(actor).filter(joined_to__isnull=False)
    return rows.select_related("joined_to").order_by("name", "id")


def _first(row: Project) -> int:
    return getattr(row, "first_year", None) or 0


def _last(row: Project) -> int:
    return getattr(row, "last_year", None) or 0


class Bodies:
    """Which organisation a department's text names: by abbreviation, name or slug, else by another
    name; None where none or several would do. One query."""

    def __init__(self, actor: Actor) -> None:
        self._sure: dict[str, set[int]] = {}
        self._other: dict[str, set[int]] = {}
        columns = ("id", "name", "abbreviation", "slug", "aliases")
        rows = Organisation.objects.visible_to(actor).filter(is_government=True)
        for pk, name, short, slug, aliases in rows.values_list(*columns):
            for text in (name, short, slug):
                self._sure.setdefault(text.strip().casefold(), set()).add(pk)
            for text in aliases:
                self._other.setdefault(text.strip().casefold(), set()).add(pk)

    def named(self, text: str) -> set[int]:
        """The ids of all that it could be."""
        key = text.strip().casefold()
        return (self._sure.get(key) or self._other.get(key) or set()) if key else set()
