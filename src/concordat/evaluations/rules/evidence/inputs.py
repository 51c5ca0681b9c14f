"""What the calculators refuse, each value with its place and the mend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from concordat.kernel.refusals import Invalid

MOST = 1e6  # of an estimate, a mean or a standard error: beyond it, doubles lose the answer
MOST_PEOPLE = 1e9
MOST_STUDIES = 200


@dataclass(frozen=True)
class Bounds:
    """What a number may be: from `low` to `high`, the ends included only where `ends` says so."""

    label: str
    low: float
    high: float
    ends: bool = True
    whole: bool = False

    def wrong(self, value: float) -> str:
        """What is wrong with a value and how to mend it; nothing when it will do."""
        inside = self.low <= value <= self.high if self.ends else self.low < value < self.high
        if isfinite(value) and inside and (not self.whole or value == int(value)):
            return ""
        kind = "a whole number" if self.whole else "a number"
        span = "from {:,.10g} to {:,.10g}" if self.ends else "above {:,.10g} and below {:,.10g}"
        return f"Enter {kind} {span.format(self.low, self.high)} for {self.label}"


def check(values: Mapping[str, float | None], bounds: Mapping[str, Bounds]) -> None:
    """Raises Invalid naming each value that is out of its bounds; None is left alone."""
    found = {
        name: [wrong]
        for name, value in values.items()
        if value is not None and (wrong := bounds[name].wrong(value))
    }
    if found:
        raise Invalid(found)
