"""Disclosure control of one table of figures: which cells may not be shown, by which rule.

The rules and their defaults are those of acro (SACRO) 1.0.2; `linked` adds what they leave out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

NK_SHARE: Final = 0.9  # of the sum, which the two largest may not reach
P_RATIO: Final = 0.1  # of the largest, which all but the two largest must reach

RULES: Final = {
    "threshold": "fewer than {least} contributors, or none",
    "dominance": "the two largest contributions make up 90% of the total or more",
    "p_ratio": "the largest contribution could be worked out to within 10%",
    "negative": "holds values below zero, so that nobody can say how far one contribution dominates",
    "difference": "could be used to work out one of the others, from this table or an earlier one",
}


@dataclass(frozen=True)
class Facts:
    """What is known of a group of rows: how many, and of the measured column how many are not empty,
    their sum, the two largest in size, and whether one is below zero."""

    rows: int = 0
    n: int = 0
    total: float = 0
    first: float = 0
    second: float = 0
    negative: bool = False

    @classmethod
    def of(cls, parts: Iterable[Self]) -> Self:
        """The facts of several groups of different rows together."""
        found = list(parts)
        largest = sorted([0, 0, *(v for f in found for v in (f.first, f.second))])[-2:]
        return cls(
            sum(f.rows for f in found),
            sum(f.n for f in found),
            sum(f.total for f in found),
            largest[1],
            largest[0],
            any(f.negative for f in found),
        )


def failed(facts: Facts, least: int, *, measured: bool) -> str:
    """The first rule that keeps a group from being shown, or "".

    A count (not `measured`) is held to the threshold; a sum or mean to dominance (n = 2, k = 0.9)
    and the p-ratio too. A group of zeros alone fails the p-ratio, as in acro: it would tell of each
    of them that theirs is nothing.
    """
    if (facts.n if measured else facts.rows) < least:
        return "threshold"
    return _dominated(facts) if measured else ""


def _dominated(facts: Facts) -> str:
    if facts.negative:
        return "negative"
    largest = facts.first + facts.second
    if facts.total > 0 and largest >= NK_SHARE * facts.total:
        return "dominance"
    if facts.total - largest < P_RATIO * facts.first or facts.first == 0:
        return "p_ratio"
    return ""


def words(rule: str, least: int) -> str:
    """A rule as people read it."""
    return RULES[rule].format(least=least)
