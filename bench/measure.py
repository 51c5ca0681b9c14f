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
    peer: str = ""
    ratio: str = ""
    target: str = ""


def once(function: Callable[[], object]) -> float:
    """One run's wall time in seconds."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def interleaved(functions: list[Callable[[], float]], rounds: int) -> list[float]:
    """The median of what each function says, one after another in each round, so that what else
    the machine does falls on all of them alike."""
    told = [[function() for function in functions] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*told, strict=True)]


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def milliseconds(values: list[float]) -> str:
    """The middle and the 95th percentile of some seconds."""
    middle, high = (1000 * percentile(values, share) for share in (0.5, 0.95))
    return f"p50 {middle:.1f} ms, p95 {high:.1f} ms"


def table(rows: list[Row]) -> str:
    """The rows as a table that reads in a terminal and in Markdown."""
    heads = ["what", "ours", "peer", "ours : peer", "target"]
    cells = [heads, *([r.what, r.ours, r.peer, r.ratio, r.target] for r in rows)]
    widths = [max(len(line[n]) for line in cells) for n in range(5)]
    cells.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |"
        for line in cells
    )
