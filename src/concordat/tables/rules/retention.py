"""Which versions of a table are no longer kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from concordat.tables.plane.policy import Versions


def due(
    loads: Sequence[tuple[int, datetime]],
    named: Iterable[Versions],
    *,
    newest: int,
    days: int,
    now: datetime,
) -> list[int]:
    """The numbers of the `loads` (number, when) that go: not among the `newest` (the latest is one
    of them whatever is said), not younger than so many `days`, and named by no agreement."""
    if not loads:
        return []
    agreed, latest = list(named), max(number for number, _ in loads)
    old = sorted(loads)[: -max(1, newest)]
    return [
        number
        for number, at in old
        if at + timedelta(days=days) <= now
        and not any(versions.holds(number, latest) for versions in agreed)
    ]
