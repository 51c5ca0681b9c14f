"""Bringing in the major projects portfolio, saying its published totals, joining numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from concordat.evaluations.feeds.grid import Remark, UnreadableFile
from concordat.evaluations.feeds.portfolio import Portfolio, ProjectLine, read_portfolio
from concordat.evaluations.lifecycle import PORTFOLIO_YEAR, PROJECT, SPEND_LINE
from concordat.evaluations.models import PortfolioYear, Project, SpendLine
from concordat.evaluations.policy import Can
from concordat.evaluations.queries.projects import Bodies, lines_of
from concordat.evaluations.rules.continuity import number_for, number_key
from concordat.evaluations.rules.costs import read_cost
from concordat.kernel.access import Actor, may
from concordat.kernel.deeds import act, act_many
from concordat.kernel.lifecycle import ANYONE
from concordat.kernel.refusals import Invalid, NotAllowed
from concordat.kernel.text import check_line, tidy

FIRST, LAST = 2000, 2100
_MOST_REMARKS: Final = 500
_FACTS: Final = ("number", "name", "department", "category", "body_id")


@dataclass
class Loaded:
    """What a run did: how many lines it made, changed, left as they were and withdrew."""

    year: int
    made: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    remarks: list[Remark] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """How many lines of the file could not be read."""
        return sum(remark.outcome == "refused" for remark in self.remarks)


def load_portfolio(actor: Actor, year: int, name: str, data: bytes) -> Loaded:
    """Bring in the portfolio of a year from a file called `name`, all of it or nothing.

    A second run over the same file changes nothing. A line that is no longer in a file of which every
    line could be read is withdrawn. Departments that are no body known here are told, never guessed.
    Raises NotAllowed, and Invalid (field `year` or `file`).
    """
    if not may(actor, Can.PORTFOLIO_LOAD, None, ANYONE):
        raise NotAllowed
    if not FIRST <= year <= LAST:
        raise Invalid({"year": [f"Enter a year from {FIRST} to {LAST}"]})
    try:
        found = read_portfolio(data, year)
    except UnreadableFile as error:
        raise Invalid({"file": [str(error)]}) from error
    if not found.lines:
        first = found.refused[0] if found.refused else None
        says = f" {first.place}: {first.message}" if first else " It has a header and no lines."
        raise Invalid({"file": [f"No project could be read.{says}"]})
    with transaction.atomic():
        loaded = Loaded(year, remarks=found.remarks)
        values = _values(actor, found, loaded)
        _write(actor, year, values, loaded)
        _note(actor, year, tidy(name)[:255], data, loaded)
    return loaded


def _values(actor: Actor, found: Portfolio, loaded: Loaded) -> dict[str, dict[str, Any]]:
    """By project key, what a line of this year is to hold."""
    bodies, unknown = Bodies(actor), dict[str, list[ProjectLine]]()
    values: dict[str, dict[str, Any]] = {}
    for line in found.lines:
        if says := _unshowable(line):
            loaded.remarks.append(Remark(line.place, "refused", says))
            continue
        known = bodies.named(line.body)
        if len(known) != 1:
            unknown.setdefault(line.body, []).append(line)
        number = line.number or number_for(line.body, line.name)
        cost = read_cost(line.cost)
        if cost.kind == "other":
            says = "Its cost is no figure and gives no reason that is known: it counts as hidden."
            loaded.remarks.append(Remark(line.place, "noted", says, tidy(line.cost)[:200]))
        values[number_key(number)] = {
            "project_number": number,
            "number": line.number,
            "name": line.name,
            "department": line.body,
            "category": line.category,
            "body_id": min(known) if len(known) == 1 else None,
            "cost_cell": line.cost,
            "cost_class": cost.kind,
            "sections": list(cost.sections),
            "value": cost.value,
            "start": line.start,
            "end": line.end,
            "start_cell": line.start_cell,
            "end_cell": line.end_cell,
        }
    loaded.remarks += [_unknown(text, held, bodies) for text, held in sorted(unknown.items())]
    return values


def _unshowable(line: ProjectLine) -> str:
    """What the house refuses of any line of text; "" for nothing."""
    for text in (line.name, line.body, line.category):
        try:
            check_line(text)
        except ValidationError as error:
            return str(error.messages[0])
    return ""


def _unknown(text: str, held: list[ProjectLine], bodies: Bodies) -> Remark:
    several = len(bodies.named(text)) > 1
    why = "Several bodies have this name" if several else "No body here has this name"
    says = (
        f"{why}, so that {len(held)} of the projects have none. Give the body meant this name as another "
        "name of its own, and load the file again."
    )
    return Remark(held[0].place, "noted", says, text or "(no department)")


def _write(actor: Actor, year: int, values: Mapping[str, dict[str, Any]], loaded: Loaded) -> None:
    projects = _projects(actor, year, values)
    rows = SpendLine.objects.visible_to(actor).filter(year=year).select_related("project")
    held = {row.project.key: row for row in rows}
    told = {
        key: {name: v for name, v in line.items() if name != "project_number"}
        for key, line in values.items()
    }
    new = [
        (SpendLine(project=projects[key], year=year), line)
        for key, line in told.items()
        if key not in held
    ]
    differs = [
        (held[key], line) for key, line in told.items() if key in held and _differs(held[key], line)
    ]
    loaded.made = act_many(actor, SPEND_LINE["draft"], new)
    loaded.changed = act_many(actor, SPEND_LINE["edit"], differs)
    loaded.unchanged = len(told) - len(new) - len(differs)
    gone = [row for key, row in held.items() if key not in told and row.status == "listed"]
    if loaded.refused:
        loaded.remarks += [
            Remark("the file", "noted", f"“{row.name}” is not in it and stays: lines were refused.")
            for row in gone
        ]
    else:
        loaded.withdrawn = act_many(actor, SPEND_LINE["withdraw"], ((row, None) for row in gone))


def _differs(row: SpendLine, line: Mapping[str, Any]) -> bool:
    return row.status != "listed" or any(getattr(row, name) != v for name, v in line.items())


def _projects(actor: Actor, year: int, values: Mapping[str, dict[str, Any]]) -> dict[str, Project]:
    """The project of each line: new ones are made, and the facts of the newest year are taken."""
    known = Project.objects.visible_to(actor).filter(key__in=values)
    held = {row.key: row for row in known.annotate(newest=Max("lines__year"))}
    facts = {
        key: {name: line[name] for name in _FACTS} | {"number": line["project_number"]}
        for key, line in values.items()
    }
    made = {key: Project() for key in facts if key not in held}
    act_many(actor, PROJECT["draft"], ((row, facts[key]) for key, row in made.items()))
    act_many(actor, PROJECT["edit"], _newer(year, held, facts))
    return held | made


def _newer(
    year: int, held: Mapping[str, Any], facts: Mapping[str, dict[str, Any]]
) -> Iterator[tuple[Project, dict[str, Any]]]:
    for key, row in held.items():
        changed = any(getattr(row, name) != value for name, value in facts[key].items())
        if changed and year >= (row.newest or 0):
            yield row, facts[key]


def _note(actor: Actor, year: int, name: str, data: bytes, loaded: Loaded) -> None:
    """Keep where the year came from, and what could not be read of it."""
    kept = [replace(remark, cell=remark.cell[:200]) for remark in loaded.remarks[:_MOST_REMARKS]]
    values = {
        "source": name,
        "digest": hashlib.sha256(data).hexdigest(),
        "remarks": [vars(remark) for remark in kept],
    }
    row = PortfolioYear.objects.visible_to(actor).filter(year=year).first()
    if row is None:
        act(actor, PORTFOLIO_YEAR["draft"], PortfolioYear(year=year), values)
    elif any(getattr(row, key) != value for key, value in values.items()):
        act(actor, PORTFOLIO_YEAR["edit"], row, values)


def state_total(
    actor: Actor,
    found: PortfolioYear,
    values: Mapping[str, Any],
    *,
    expected: int | None = None,
) -> PortfolioYear:
    """Say the total that was published for a year, what it covers, and where."""
    return act(actor, PORTFOLIO_YEAR["state_total"], found, values, expected=expected)


def join_project(
    actor: Actor, found: Project, into: Project, *, expected: int | None = None
) -> Project:
    """Say that a project is another under an older number. Both keep their lines.

    Raises Invalid where the two stand beside each other in a year, or either is joined already.
    """

    def joined(row: Project) -> None:
        if into.pk == row.pk or into.joined_to_id:
            raise Invalid({"into": ["Select another project, one that is not itself joined"]})
        if row.joined.exists():
            raise Invalid({"into": [f"Others are joined to {row.number}. Separate them first"]})
        years = [set(lines_of(actor, each).values_list("year", flat=True)) for each in (row, into)]
        if both := years[0] & years[1]:
            says = f"Both stand in the portfolio of {min(both)}, so they are two projects"
            raise Invalid({"into": [says]})
        row.joined_to = into

    return act(actor, PROJECT["join"], found, joined, expected=expected)


def separate_project(
    actor: Actor, found: Project, *, note: str = "", expected: int | None = None
) -> Project:
    """Take a joining back."""
    return act(actor, PROJECT["separate"], found, {"joined_to": None}, note=note, expected=expected)
