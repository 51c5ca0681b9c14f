"""How the columns of a version differ from those of the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from concordat.tables.plane.columns import Column, quoted_name


def compared(before: Sequence[Column], after: Sequence[Column]) -> dict[str, Any]:
    """What was `added` and `removed` (names), `retyped` ([name, type before, type now]) and whether
    what stayed was `moved`; {} where nothing was. A name in another case is another column: programs
    ask for it by its letters."""
    old, new = {c.name: c.type for c in before}, {c.name: c.type for c in after}
    stayed = [name for name in old if name in new]
    found: dict[str, Any] = {
        "added": [name for name in new if name not in old],
        "removed": [name for name in old if name not in new],
        "retyped": [[n, old[n], new[n]] for n in stayed if old[n] != new[n]],
        "moved": stayed != [name for name in new if name in old],
    }
    return {name: value for name, value in found.items() if value}


def sentence(changes: dict[str, Any]) -> str:
    """The differences in words, as what a version does: “adds a and b; removes c”; "" for none."""
    said = []
    for verb, key in (("adds", "added"), ("removes", "removed")):
        if names := changes.get(key):
            said.append(f"{verb} {_listed(names)}")
    for name, before, now in changes.get("retyped", []):
        said.append(f"makes {quoted_name(name)} {now} where it was {before}")
    if changes.get("moved"):
        said.append("puts its columns in another order")
    return "; ".join(said)


def _listed(names: list[str]) -> str:
    *most, last = [quoted_name(name) for name in names]
    return f"{', '.join(most)} and {last}" if most else last
