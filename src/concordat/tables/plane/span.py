"""What can be worked out by adding and subtracting published figures: exact linear algebra.

A figure about a group of rows is a vector over the finest groups ("atoms"). A secret can be worked
out just when it lies in the span of the vectors published. Arithmetic is modulo a prime of 61 bits,
so it is exact, and a wrong answer needs a coefficient that this one prime divides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

PRIME: Final = 2**61 - 1
Vector = dict[int, int]  # atom → coefficient, none of them zero


class Span:
    """Published vectors, and the secrets that no combination of them may give.

    Every secret is kept reduced: its remainder holds no pivot of what was published, so it is in
    the span just when nothing remains of it.
    """

    def __init__(self) -> None:
        self._rows: dict[int, Vector] = {}
        self._secrets: dict[int, Vector] = {}
        self._holding: defaultdict[int, set[int]] = defaultdict(set)
        self._next = 0

    def keep_secret(self, vector: Mapping[int, int]) -> bool:
        """Guard a secret from now on; False when it can be worked out already, so cannot be kept."""
        left = self._reduced(vector)
        if not left:
            return False
        self._hold(self._next, left)
        self._next += 1
        return True

    def publish(self, vector: Mapping[int, int]) -> bool:
        """Add a figure unless it gives a secret away; whether it was added, or told nothing new."""
        row = self._reduced(vector)
        if not row:
            return True
        pivot = min(row, key=lambda atom: (len(self._holding[atom]), atom))
        inverse = pow(row[pivot], PRIME - 2, PRIME)
        row = {atom: value * inverse % PRIME for atom, value in row.items()}
        touched = list(self._holding[pivot])
        if any(self._is_multiple(self._secrets[key], row, pivot) for key in touched):
            return False
        self._rows[pivot] = row
        for key in touched:
            left = self._drop(key)
            _subtract(left, row, left[pivot])
            if left:
                self._hold(key, left)
        return True

    def _hold(self, key: int, left: Vector) -> None:
        self._secrets[key] = left
        for atom in left:
            self._holding[atom].add(key)

    def _drop(self, key: int) -> Vector:
        left = self._secrets.pop(key)
        for atom in left:
            self._holding[atom].discard(key)
        return left

    @staticmethod
    def _is_multiple(secret: Vector, row: Vector, pivot: int) -> bool:
        factor = secret[pivot]
        return len(secret) == len(row) and all(
            secret.get(atom) == factor * value % PRIME for atom, value in row.items()
        )

    def _reduced(self, vector: Mapping[int, int]) -> Vector:
        left = {atom: value % PRIME for atom, value in vector.items() if value % PRIME}
        waiting = [atom for atom in left if atom in self._rows]
        while waiting:  # a row holds no pivot older than itself, so this ends
            pivot = waiting.pop()
            if pivot in left:
                row = self._rows[pivot]
                _subtract(left, row, left[pivot])
                waiting += [atom for atom in row if atom in self._rows and atom in left]
        return left


def _subtract(left: Vector, row: Vector, factor: int) -> None:
    """Take `factor` times `row` away, in place."""
    for atom, value in row.items():
        now = (left.get(atom, 0) - factor * value) % PRIME
        if now:
            left[atom] = now
        else:
            left.pop(atom, None)
