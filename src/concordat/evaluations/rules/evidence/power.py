"""Power, the smallest effect that a trial can find, and how many it takes to find one.

A trial of two arms has `units` that are assigned, each of `size` people: people themselves (size 1),
or clusters such as schools. So a trial of individuals is one of clusters of one, and one formula
serves both:

    SE = √( ρ(1 − R²₂) ÷ (P(1 − P)J) + (1 − ρ)(1 − R²₁) ÷ (P(1 − P)Jn) ),  ν = J − 2

Effects are in standard deviations of the outcome. Sources: Bloom 1995 and 2005, Dong and Maynard
2013 for the smallest effect; the noncentral t distribution for power, as statistical packages do.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from concordat.evaluations.rules.evidence.inputs import MOST_PEOPLE, Bounds, check
from concordat.evaluations.rules.evidence.quantiles import noncentral_below, student
from concordat.kernel.refusals import Invalid

LEAST_UNITS = 3  # with fewer there is no degree of freedom left
BOUNDS = {
    "units": Bounds("the number assigned", LEAST_UNITS, MOST_PEOPLE),
    "size": Bounds("the people in each cluster", 1, 1e6),
    "effect": Bounds("the effect", 0.001, 10),
    "alpha": Bounds("the significance level", 0.0001, 0.4),
    "power": Bounds("the power", 0.5, 0.9999),
    "share": Bounds("the share treated", 0.001, 0.999),
    "icc": Bounds("the intra-cluster correlation", 0, 1),
    "r2": Bounds("the variance explained among people", 0, 0.999),
    "r2_clusters": Bounds("the variance explained among clusters", 0, 0.999),
}


@dataclass(frozen=True, kw_only=True)
class Assumed:
    """What is assumed: α, power, one or two sides, the share treated (P), ρ, R²₁ and R²₂.

    Raises Invalid for what cannot be.
    """

    alpha: float = 0.05
    power: float = 0.8
    sides: int = 2
    share: float = 0.5
    icc: float = 0.0
    r2: float = 0.0
    r2_clusters: float = 0.0

    def __post_init__(self) -> None:
        check({name: value for name, value in vars(self).items() if name != "sides"}, BOUNDS)
        if self.sides not in (1, 2):
            raise Invalid({"sides": ["Select a test of one side or of two"]})


def standard_error(units: float, size: float, assumed: Assumed) -> float:
    """The standard error of the effect, in standard deviations; see the formula above.

    People assigned one by one share no cluster, so ρ and R²₂ do not matter to them.
    """
    icc = assumed.icc if size > 1 else 0.0
    between = icc * (1 - assumed.r2_clusters)
    within = (1 - icc) * (1 - assumed.r2) / size
    return sqrt((between + within) / (assumed.share * (1 - assumed.share) * units))


def multiplier(units: float, assumed: Assumed) -> float:
    """M: the quantiles of t for the significance level and for the power, with ν = units − 2."""
    df = units - 2
    return student(1 - assumed.alpha / assumed.sides, df) + student(assumed.power, df)


def mdes(units: float, size: float, assumed: Assumed) -> float:
    """The minimum detectable effect size, M × SE. Raises Invalid."""
    _check(units=units, size=size)
    return multiplier(units, assumed) * standard_error(units, size, assumed)


def power_of(effect: float, units: float, size: float, assumed: Assumed) -> float:
    """The chance that a true effect of this size is found significant. Raises Invalid."""
    _check(units=units, size=size, effect=abs(effect))
    return _power(abs(effect), units, size, assumed)


def _power(effect: float, units: float, size: float, assumed: Assumed) -> float:
    df = units - 2
    critical = student(1 - assumed.alpha / assumed.sides, df)
    shift = effect / standard_error(units, size, assumed)
    found = 1 - noncentral_below(critical, df, shift)
    if assumed.sides == 2:  # significant in the wrong direction counts as found, as it is reported
        found += noncentral_below(-critical, df, shift)
    return min(1.0, max(0.0, found))


def units_needed(effect: float, size: float, assumed: Assumed) -> float | None:
    """How many units give the power wanted, not yet rounded up to whole ones; None where no number
    up to a thousand million does.

    Raises Invalid.
    """
    _check(size=size, effect=abs(effect))
    low, high = float(LEAST_UNITS), float(LEAST_UNITS)
    while _power(abs(effect), high, size, assumed) < assumed.power:
        low, high = high, high * 2
        if high > MOST_PEOPLE:
            return None
    while high - low > 1e-9 * high:
        middle = (low + high) / 2
        if _power(abs(effect), middle, size, assumed) < assumed.power:
            low = middle
        else:
            high = middle
    return high


def _check(**values: float) -> None:
    check(values, BOUNDS)
