"""Whether one policy gives no more than another: the one rule of what a supplier may offer.

Narrower: each row that it gives is one that the other gives, no column is more, and each value can
be worked out from the value that the other gives. `compile.reads` proves it, in the tests.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any, Final

from concordat.marketplace.rules.clauses import CLAUSES, UNSAID, Values, named
from concordat.tables.plane.mask import Mask
from concordat.tables.plane.policy import Policy
from concordat.tables.plane.predicate import All

_REACH: Final = ("only", "latest", "since")  # each gives what the one before it gives, and more
# What is worked out from a mask, besides nothing at all and the mask itself.
_FROM: Final = {"month": ("year",), "district": ("area",)}


def coarser(offer: Mask | None, asked: Mask | None) -> bool:
    """Whether what `offer` leaves of a cell can be worked out from what `asked` leaves of it."""
    if asked is None or offer == asked:
        return True
    if offer is None:
        return False
    if offer.kind == "hide" or offer.kind in _FROM.get(asked.kind, ()):
        return True
    if offer.kind != asked.kind or offer.amount is None or asked.amount is None:
        return False
    if offer.kind == "round":
        return offer.amount % asked.amount == 0
    return offer.amount <= asked.amount  # the start of a start


def no_wider(name: str, asked: str) -> list[str]:
    """The answers to `gives` or `versions` that give no more than what was asked."""
    order = {"gives": ("aggregates", "rows"), "versions": _REACH}[name]
    return list(order[: order.index(asked or UNSAID[name]) + 1])


def wider(offer: Policy, asked: Policy) -> dict[str, list[str]]:
    """Where `offer` would give more than was asked, by field and in words; empty where nowhere."""
    tests = {
        "columns": set(offer.columns) <= set(asked.columns),
        "rows": _within_rows(offer, asked),
        "sample_by": _within_sample(offer, asked),
        "gives": asked.gives == "rows" or offer.gives == "aggregates",
        "minimum_cell": asked.gives == "rows" or offer.least >= asked.least,
        "versions": _REACH.index(offer.versions.which) <= _REACH.index(asked.versions.which),
        "people": not asked.people or set() < set(offer.people) <= set(asked.people),
        "networks": _within_networks(offer, asked),
    }
    errors = {name: [_SAID[name]] for name, holds in tests.items() if not holds}
    had, left = ({mask.column: mask for mask in each.masks} for each in (asked, offer))
    finer = [name for name in offer.columns if not coarser(left.get(name), had.get(name))]
    if finer:
        errors["masks"] = [f"Give {', '.join(finer)[:300]} no more exactly than was asked."]
    return errors


_SAID: Final = {
    "columns": "Choose among the columns that were asked for.",
    "rows": "Conditions on rows come on top of those that were asked.",
    "sample_by": "Draw the sample by the column that was asked for, and no larger.",
    "gives": "Totals were asked for, so rows cannot be given.",
    "minimum_cell": "Give no smaller groups than were asked for.",
    "versions": "Give no more versions than were asked for.",
    "people": "Name some of the people who were named, and no others.",
    "networks": "Name networks inside those that were named.",
}


def _within_rows(offer: Policy, asked: Policy) -> bool:
    if asked.rows is None or offer.rows == asked.rows:
        return True
    return isinstance(offer.rows, All) and asked.rows in offer.rows.of


def _within_sample(offer: Policy, asked: Policy) -> bool:
    had, left = asked.sample, offer.sample
    return had is None or (left is not None and left.by == had.by and left.percent <= had.percent)


def _within_networks(offer: Policy, asked: Policy) -> bool:
    if not asked.networks:
        return True
    wide = [ipaddress.ip_network(network) for network in asked.networks]
    narrow = [ipaddress.ip_network(network) for network in offer.networks]
    return bool(narrow) and all(any(_inside(one, each) for each in wide) for one in narrow)


def _inside(one: Any, other: Any) -> bool:
    return one.version == other.version and one.subnet_of(other)


def offered(asked: Values, conditions: Values) -> dict[str, Any]:
    """What is asked, under the conditions that were set: what an agreement would say."""
    merged = {**asked, **conditions, "rows": asked["rows"], "rows_too": conditions.get("rows", "")}
    kept = {name.casefold() for name in merged["columns"]}
    masks = {**asked["masks"]}
    for column, words in conditions.get("masks", {}).items():
        masks = {k: v for k, v in masks.items() if k.casefold() != column.casefold()}
        masks[column] = words
    merged["masks"] = {k: v for k, v in masks.items() if k.casefold() in kept}
    return merged


def conditions_of(asked: Values, values: Values) -> dict[str, Any]:
    """Of values of `CLAUSES`, those that differ from what is asked; `rows` come on top of it."""
    found = {
        name: values[name]
        for name in CLAUSES
        if values.get(name) is not None and not _same(name, asked[name], values[name])
    }
    if "masks" in found:
        had: Mapping[str, str] = asked["masks"]
        found["masks"] = {c: w for c, w in found["masks"].items() if w != named(had, c)}
    return found


def _same(name: str, asked: Any, value: Any) -> bool:
    if name == "rows":
        return not value.strip()
    if isinstance(asked, list) and isinstance(value, list):
        return sorted(map(str.casefold, asked)) == sorted(map(str.casefold, value))
    return bool((asked or UNSAID.get(name)) == (value or UNSAID.get(name)))
