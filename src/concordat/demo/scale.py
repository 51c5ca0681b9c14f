"""How large a catalogue, and tables how long, somebody asks for."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from typing import Final

MOST: Final = 5_000_000
_FACTORS: Final = {"": 1, "k": 1_000, "m": 1_000_000}


def count_of(text: str) -> int:
    """How many datasets `100k`, `2m` or `5000` asks for. Raises ArgumentTypeError."""
    found = re.fullmatch(r"(\d{1,7})([km]?)", text.strip().lower())
    count = int(found[1]) * _FACTORS[found[2]] if found else 0
    if not 0 < count <= MOST:
        raise ArgumentTypeError(
            f"“{text[:40]}” is no number of datasets. Write it like 5000, 100k or 2m; "
            f"{MOST:,} is the most."
        )
    return count


def part_of(text: str) -> float:
    """What part of the stored rows `0.01` asks for; 1 is all of them. Raises ArgumentTypeError."""
    try:
        part = float(text)
    except ValueError:
        part = 0.0
    if not 0 < part <= 10:
        raise ArgumentTypeError(f"“{text[:40]}” is no part of the rows. Write it like 0.01 or 1.")
    return part
