"""Coverage and projects as words and rows: what pages say of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from concordat.evaluations.models import PortfolioYear, Project
from concordat.evaluations.queries.coverage import Block, Change
from concordat.evaluations.rules.spend import BASES, FLAGS, millions, percent, shown_share
from concordat.kernel.doors.formats import number, plural

Row = tuple[str, Any]


def basis_in_words(told: PortfolioYear) -> str:
    """What total a year's share rests on, what that covers, and where it is published."""
    if told.total is None:
        return (
            "No published total is known here, so what the hidden projects cost is not known: there "
            "is no share of all spend, only that of disclosed spend and that of projects."
        )
    said = f"The published total is {millions(told.total)}. {BASES[told.basis]}."
    if told.basis != "all":
        said += (
            " So what the hidden projects cost is not known, and there is no share of all spend."
        )
    return f"{said} Source: {told.total_source}."


def flags_in_words(blocks: Iterable[Block]) -> list[str]:
    """What a reader must know of figures that are not what they seem, with whose they are."""
    return [f"{block.name}: {FLAGS[flag]}" for block in blocks for flag in block.coverage.flags]


def summary_rows(block: Block) -> list[Row]:
    """The figures of a block, one by one."""
    told, out = block.coverage, block.reported
    share = shown_share(told.share) or "Not known: the cost of the hidden projects is not published"
    rows: list[Row] = [
        ("Share of spend evaluated", share),
        ("Of disclosed spend", percent(told.of_disclosed) or "No cost is disclosed"),
        ("Evaluated projects", f"{told.evaluated:,} of {plural(told.projects, 'project')}"),
        ("Of these, with a published report", number(out.evaluated)),
        ("Of these, with a hidden cost", number(told.hidden_evaluated)),
        ("Share of projects, hidden costs as not known", shown_share(told.by_count)),
        ("Disclosed cost", f"{millions(told.cost)}, of {plural(told.disclosed, 'project')}"),
        ("Disclosed cost of evaluated projects", millions(told.evaluated_cost)),
        ("Hidden cost", _hidden(block)),
    ]
    if block.kind == "body" and block.codes:
        rows.append(("Published under", ", ".join(block.codes)))
    return rows


def _hidden(block: Block) -> str:
    told = block.coverage
    amount = millions(told.hidden_cost) or "Not known"
    if "clipped" in told.flags:
        amount = "Not known, counted as £0"
    return f"{amount}, of {plural(told.hidden, 'project')}"


def change_in_words(change: Change | None) -> list[str]:
    """How the projects of the year before went on, in sentences."""
    if change is None or not change.both:
        return []
    moved, since = change.moves, change.before
    later = f", by a median of {moved.median_later:,.0f} days" if moved.median_later else ""
    went_on = (
        f"{plural(change.both, 'project')} stood in the portfolio of {since} too. The end date was "
        f"later for {moved.later:,}{later}, earlier for {moved.earlier:,}, the same for "
        f"{moved.same:,}, and could not be compared for {moved.not_comparable:,}."
    )
    costs = (
        f"{plural(change.went_hidden, 'cost')} disclosed in {since} went hidden; "
        f"{plural(change.came_back, 'cost')} hidden then came to be disclosed."
    )
    return [went_on, costs]


def line_rows(found: Project, numbers: list[tuple[str, int, int]]) -> list[Row]:
    """The heading of a project, with each number it was published under and when."""
    told = [
        f"{name} ({first})" if first == last else f"{name} ({first} to {last})"
        for name, first, last in numbers
    ]
    return [
        (
            "Body",
            found.body.name if found.body else f"{found.department} (no such body is known here)",
        ),
        ("Portfolio", found.category),
        ("Project numbers", told or [f"{found.number} (made here: the files give none)"]),
    ]
