"""The hints of a Delta Sharing client: which files cannot hold what it looks for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from concordat.tables.plane.prepare import Part

DEEPEST: Final = 50


def wanted(parts: Iterable[Part], predicate: Any, limit: int | None) -> list[Part]:
    """The parts that may hold rows of `predicate` (JSON text of the protocol's predicates), as far
    as `limit` rows where nothing is looked for.

    A hint that is not understood leaves everything in: the client filters for itself.
    """
    tree = _read(predicate)
    if tree is not None:
        return [part for part in parts if _may_hold(tree, part.stats)]
    kept: list[Part] = []
    rows = 0
    for part in parts:
        if limit is not None and rows >= limit and kept:
            break
        kept.append(part)
        rows += part.rows
    return kept


def _read(predicate: Any) -> dict[str, Any] | None:
    if not isinstance(predicate, str) or len(predicate) > 100_000:
        return None
    try:
        tree = json.loads(predicate)
    except (ValueError, RecursionError):
        return None
    return tree if isinstance(tree, dict) else None


def _may_hold(tree: Any, stats: dict[str, Any], depth: int = 0) -> bool:
    if not isinstance(tree, dict) or depth > DEEPEST:
        return True
    children = tree.get("children")
    if not isinstance(children, list):
        return True
    if tree.get("op") == "and":
        return all(_may_hold(child, stats, depth + 1) for child in children)
    if tree.get("op") == "or":
        return any(_may_hold(child, stats, depth + 1) for child in children)
    return _compared(str(tree.get("op")), children, stats)


# Whether a file whose cells are from `low` to `high` may hold one for which it is so.
_OPS: Final[dict[str, Callable[[Any, Any, Any], bool]]] = {
    "equal": lambda low, high, value: low <= value <= high,
    "lessThan": lambda low, high, value: low < value,
    "lessThanOrEqual": lambda low, high, value: low <= value,
    "greaterThan": lambda low, high, value: high > value,
    "greaterThanOrEqual": lambda low, high, value: high >= value,
}


def _compared(op: str, children: list[Any], stats: dict[str, Any]) -> bool:
    match children:
        case [{"op": "column", "name": str(name)}, {"op": "literal", "value": value}]:
            low = stats.get("minValues", {}).get(name)
            high = stats.get("maxValues", {}).get(name)
            found = _like(value, low)
            if op in _OPS and found is not None:
                return _OPS[op](low, high, found)
    return True


def _like(value: Any, low: Any) -> Any:
    """The literal as the statistics have it; None where it cannot be compared with them."""
    try:
        if isinstance(low, int):
            return int(value)
        return date.fromisoformat(str(value)).isoformat() if isinstance(low, str) else None
    except (TypeError, ValueError, OverflowError):  # JSON as Python reads it has infinities
        return None
