"""The evidence gap map: which interventions are evaluated on which outcomes, and which are not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

LAYERS = {"planned": "Planned", "live": "Live", "complete": "Complete"}


@dataclass(frozen=True)
class Entry:
    """One evaluation as the map knows it: its words, its layer, and how strong its evidence is.

    `strength` is from 0 to 1 on one named scale, None where nobody has rated it.
    """

    key: int
    interventions: tuple[str, ...]
    outcomes: tuple[str, ...]
    layer: str
    strength: float | None = None


@dataclass
class Cell:
    """What is known of one kind of intervention on one kind of outcome."""

    intervention: str
    outcome: str
    keys: list[int] = field(default_factory=list)
    layers: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LAYERS, 0))
    rated: int = 0
    strength: float = 0.0

    @property
    def total(self) -> int:
        """How many evaluations, of every layer."""
        return len(self.keys)

    def add(self, entry: Entry) -> None:
        """Count one evaluation more."""
        self.keys.append(entry.key)
        self.layers[entry.layer] += 1
        if entry.strength is not None:
            self.rated += 1
            self.strength += entry.strength


@dataclass(frozen=True)
class GapMap:
    """The words of both sides, the most common first, and a cell for each pair that has entries."""

    interventions: tuple[str, ...]
    outcomes: tuple[str, ...]
    cells: dict[tuple[str, str], Cell]

    def cell(self, intervention: str, outcome: str) -> Cell | None:
        """The cell of a pair; None where there is a gap."""
        return self.cells.get((intervention, outcome))


def words_of(items: Any) -> tuple[str, ...]:
    """The kind of each thing in a list of a plan, or its name where the plan gives no kind."""
    if not isinstance(items, list):
        return ()
    told = (item.get("group") or item.get("name") or "" for item in items if isinstance(item, dict))
    return tuple(dict.fromkeys(" ".join(word.split()) for word in told if word.strip()))


def draw(entries: Iterable[Entry]) -> GapMap:
    """The map of the entries; one word written in two cases is one word, as first met."""
    cells: dict[tuple[str, str], Cell] = {}
    shown: tuple[dict[str, str], dict[str, str]] = ({}, {})
    counts: tuple[dict[str, int], dict[str, int]] = ({}, {})
    for entry in entries:
        if entry.layer not in LAYERS:
            continue
        sides = [
            _settled(words, shown[side])
            for side, words in enumerate((entry.interventions, entry.outcomes))
        ]
        if not all(sides):
            continue
        for side, words in enumerate(sides):
            for word in words:
                counts[side][word] = counts[side].get(word, 0) + 1
        for intervention in sides[0]:
            for outcome in sides[1]:
                cell = cells.setdefault((intervention, outcome), Cell(intervention, outcome))
                cell.add(entry)
    rows, columns = (tuple(sorted(c, key=lambda word: (-c[word], word.casefold()))) for c in counts)
    return GapMap(rows, columns, cells)


def _settled(words: tuple[str, ...], shown: dict[str, str]) -> list[str]:
    return list(dict.fromkeys(shown.setdefault(word.casefold(), word) for word in words))
