"""Findings as numbers: what one may say, its standard error, and several of one outcome pooled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, isfinite, log
from typing import Final

from concordat.evaluations.rules.evidence.inputs import MOST_STUDIES
from concordat.evaluations.rules.evidence.pooling import ERROR, Pooled, Study, pool
from concordat.evaluations.rules.evidence.quantiles import normal

KINDS: Final = {
    "PRIMARY": "Primary",
    "SECONDARY": "Secondary",
    "OTHER_PRE_SPECIFIED": "Other, specified in advance",
    "POST_HOC": "Not specified in advance",
}
MEASURES: Final = {
    "standardised": "In standard deviations",
    "absolute": "Absolute difference",
    "relative": "Ratio, of risks, odds or rates",
    "other": "Other",
}
INTERVALS: Final = {
    "confidence": "Confidence interval",
    "credible": "Bayesian credible interval",
    "other": "Other interval",
}
# By the framework of the analysis; the last is for frameworks of another kind.
INTERPRETATIONS: Final = {
    "superiority_superior": "Superiority: superior",
    "superiority_inferior": "Superiority: inferior",
    "superiority_inconclusive": "Superiority: inconclusive",
    "non_inferiority_superior": "Non-inferiority: superior",
    "non_inferiority_non_inferior": "Non-inferiority: non-inferior",
    "non_inferiority_inferior": "Non-inferiority: inferior",
    "non_inferiority_inconclusive": "Non-inferiority: inconclusive",
    "equivalence_equivalent": "Equivalence: equivalent",
    "equivalence_not": "Equivalence: non-equivalent",
    "equivalence_superior": "Equivalence: non-equivalent (superior)",
    "equivalence_inferior": "Equivalence: non-equivalent (inferior)",
    "equivalence_inconclusive": "Equivalence: inconclusive",
    "other": "Other",
}
POOLABLE: Final = ("standardised", "absolute", "relative")
MOST: Final = 1e9


@dataclass(frozen=True)
class Numbers:
    """What a finding says in numbers; `level` is of the interval, in per cent."""

    measure: str
    estimate: float | None
    low: float | None
    high: float | None
    level: float | None

    @property
    def interval(self) -> str:
        """“0.05 to 0.37 (95%)”; nothing where there is no interval."""
        if self.low is None or self.high is None:
            return ""
        level = f" ({self.level:g}%)" if self.level else ""
        return f"{self.low:,.4g} to {self.high:,.4g}{level}".replace("-", "\u2212")

    def faults(self) -> dict[str, str]:
        """What is wrong, by field: how to mend it."""
        wrong = {
            name: f"Enter a number from {-MOST:,.10g} to {MOST:,.10g}"
            for name in ("estimate", "low", "high")
            if (value := getattr(self, name)) is not None
            and not (isfinite(value) and abs(value) <= MOST)
        }
        if (self.low is None) != (self.high is None):
            wrong["low" if self.low is None else "high"] = "Enter both ends of the interval"
        if wrong or self.low is None or self.high is None:
            return wrong
        if self.level is None or not 50 <= self.level < 100:
            wrong["level"] = "Enter the level of the interval in per cent, such as 95"
        if self.low > self.high:
            wrong["high"] = "Enter an upper end that is not below the lower end"
        elif self.estimate is not None and not self.low <= self.estimate <= self.high:
            wrong["estimate"] = "Enter an estimate that lies within its interval"
        if self.measure == "relative" and self.low <= 0:
            wrong["low"] = "Enter a ratio above 0: a difference is an absolute measure"
        return wrong

    def study(self, name: str) -> Study | None:
        """As a study to pool: a ratio by its logarithm; None where the numbers do not allow it.

        The standard error is the width of the interval over twice the normal quantile of its level.
        """
        given = (self.estimate, self.low, self.high, self.level)
        if self.measure not in POOLABLE or any(value is None for value in given):
            return None
        estimate, low, high, level = (float(value or 0) for value in given)
        if self.measure == "relative":
            if min(estimate, low, high) <= 0:
                return None
            estimate, low, high = log(estimate), log(low), log(high)
        error = (high - low) / (2 * normal(0.5 + level / 200))
        return None if ERROR.wrong(error) else Study(name, estimate, error)


def pool_numbers(
    studies: Sequence[Study], measure: str, method: str, level: float = 0.95
) -> Pooled | None:
    """The studies together, a ratio back on its own scale; None where they are fewer than two."""
    if not 2 <= len(studies) <= MOST_STUDIES:
        return None
    found = pool(studies, method, level)
    if measure != "relative":
        return found
    prediction = found.prediction and (exp(found.prediction[0]), exp(found.prediction[1]))
    return Pooled(
        **{
            **vars(found),
            "estimate": exp(found.estimate),
            "low": exp(found.low),
            "high": exp(found.high),
            "prediction": prediction,
        }
    )
