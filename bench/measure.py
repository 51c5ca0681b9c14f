"""Timing, and the table that is printed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure, its peer's, the ratio of the two, and what was aimed at."""

    what: str
    ours: str
    peer: str
    ratio: str
    target: str


def seconds(function: Callable[[], object], runs: int = 5) -> float:
    """The median wall time of a function, after one run that is not counted."""
    function()
    return statistics.median(once(function) for _ in range(runs))


def once(function: Callable[[], object]) -> float:
    """One run's wall time in seconds."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def table(rows: list[Row]) -> str:
    """The rows as text in columns."""
    heads = Row("what", "ours", "peer", "ratio", "target")
    every = [heads, *rows]
    cells = [[r.what, r.ours, r.peer, r.ratio, r.target] for r in every]
    widths = [max(len(line[n]) for line in cells) for n in range(5)]
    return "\n".join(
        "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) for line in cells
    )
