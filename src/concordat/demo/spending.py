"""The portfolio of the world, loaded on its days by who runs the platform."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from django.utils import timezone

from concordat.demo.play import World
from concordat.demo.world.portfolio import AFTER, BEFORE, TOTAL, TOTALS, file_of
from concordat.evaluations import actions, queries
from concordat.kernel.access import Actor

Happening = tuple[float, Callable[[], object]]


def happenings(world: World) -> Iterator[Happening]:
    """The two years, and the total that is said of the later one, with how many days ago it was."""
    year = timezone.localdate().year
    yield 425, partial(_load, world, year - 1, BEFORE)
    yield 120, partial(_load, world, year, AFTER)
    yield 119, partial(_total, world, year)


def _keeper(world: World) -> Actor:
    return world.actor("cabinet-office", "platform_administrator")


def _load(world: World, year: int, lines: tuple[tuple[str, ...], ...]) -> None:
    name = f"portfolio-{year}.csv"
    actions.load_portfolio(_keeper(world), year, name, file_of(lines, year))


def _total(world: World, year: int) -> None:
    keeper = _keeper(world)
    told = {
        "total": TOTAL,
        "basis": "all",
        "total_source": "Annual report of the invented portfolio, page 12",
        "category_totals": TOTALS,
    }
    actions.state_total(keeper, queries.coverage.portfolio_year(keeper, year), told)
