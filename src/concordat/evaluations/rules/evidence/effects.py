"""Effect sizes from what a report prints: means and spreads, or events out of how many.

A positive effect means that the first group, the treated one, has more of the outcome. Whether more
is better is the outcome's to say, never the sign's.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

from concordat.evaluations.rules.evidence.inputs import MOST, MOST_PEOPLE, Bounds, check
from concordat.evaluations.rules.evidence.quantiles import normal
from concordat.kernel.refusals import Invalid

COX = 1.65  # turns a difference of log odds into standard deviations (Cox 1970)
_PEOPLE = Bounds("the number of people", 2, MOST_PEOPLE, whole=True)
LEVEL = Bounds("the confidence level", 0.5, 0.999)
MEANS = {
    "mean_treated": Bounds("the mean of the treated group", -MOST, MOST),
    "mean_control": Bounds("the mean of the control group", -MOST, MOST),
    "sd_treated": Bounds("the standard deviation of the treated group", 1e-6, MOST),
    "sd_control": Bounds("the standard deviation of the control group", 1e-6, MOST),
    "n_treated": _PEOPLE,
    "n_control": _PEOPLE,
    "level": LEVEL,
}
COUNTS = {
    "events_treated": Bounds("the events in the treated group", 0, MOST_PEOPLE, whole=True),
    "events_control": Bounds("the events in the control group", 0, MOST_PEOPLE, whole=True),
    "n_treated": _PEOPLE,
    "n_control": _PEOPLE,
    "level": LEVEL,
}


@dataclass(frozen=True)
class Effect:
    """An estimate with its standard error and the interval at `level` (0.95: 95 %)."""

    estimate: float
    error: float
    low: float
    high: float
    level: float


def small_sample(total: float) -> float:
    """The factor that takes the upward bias out of a standardised difference: 1 − 3 ÷ (4N − 9).

    N is both groups together. Source: Hedges 1981, as the What Works Clearinghouse uses it.
    """
    return 1 - 3 / (4 * total - 9)


def hedges_g(
    *,
    mean_treated: float,
    mean_control: float,
    sd_treated: float,
    sd_control: float,
    n_treated: int,
    n_control: int,
    level: float = 0.95,
) -> Effect:
    """Hedges' g: the difference of means in pooled standard deviations, bias taken out.

    Its variance is N ÷ (n₁n₂) + g² ÷ (2(N − 3.94)) (Hedges and Olkin 1985, as in Cochrane's RevMan).
    Raises Invalid for numbers that cannot be.
    """
    check({name: value for name, value in locals().items() if name in MEANS}, MEANS)
    total = n_treated + n_control
    within = (n_treated - 1) * sd_treated**2 + (n_control - 1) * sd_control**2
    g = (mean_treated - mean_control) / sqrt(within / (total - 2)) * small_sample(total)
    error = sqrt(total / (n_treated * n_control) + g**2 / (2 * (total - 3.94)))
    return _with_interval(g, error, level)


def risk_difference(
    *,
    events_treated: int,
    n_treated: int,
    events_control: int,
    n_control: int,
    level: float = 0.95,
) -> Effect:
    """The difference of two shares, with Newcombe's interval, which never leaves −1 to 1.

    Source: Newcombe 1998, method 10 (two Wilson score intervals joined). Raises Invalid.
    """
    _check_counts(events_treated, n_treated, events_control, n_control, level)
    one, two = events_treated / n_treated, events_control / n_control
    low_one, high_one = _wilson(one, n_treated, level)
    low_two, high_two = _wilson(two, n_control, level)
    estimate = one - two
    error = sqrt(one * (1 - one) / n_treated + two * (1 - two) / n_control)
    low = estimate - sqrt((one - low_one) ** 2 + (high_two - two) ** 2)
    high = estimate + sqrt((high_one - one) ** 2 + (two - low_two) ** 2)
    return Effect(estimate, error, max(-1.0, low), min(1.0, high), level)


def log_odds_ratio(
    *,
    events_treated: int,
    n_treated: int,
    events_control: int,
    n_control: int,
    level: float = 0.95,
) -> Effect:
    """The natural logarithm of the odds ratio, with Woolf's interval.

    Where one of the four cells is empty, 0.5 is added to each (Haldane and Anscombe). Raises Invalid.
    """
    _check_counts(events_treated, n_treated, events_control, n_control, level)
    cells = [
        *(events_treated, n_treated - events_treated),
        *(events_control, n_control - events_control),
    ]
    spare = 0.0 if all(cells) else 0.5
    a, b, c, d = (cell + spare for cell in cells)
    error = sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return _with_interval(log(a * d / (b * c)), error, level)


def cox_d(
    *,
    events_treated: int,
    n_treated: int,
    events_control: int,
    n_control: int,
    level: float = 0.95,
) -> Effect:
    """A binary outcome in standard deviations: log odds ratio ÷ 1.65, bias taken out.

    Source: What Works Clearinghouse procedures, Cox index. Raises Invalid.
    """
    odds = log_odds_ratio(
        events_treated=events_treated,
        n_treated=n_treated,
        events_control=events_control,
        n_control=n_control,
        level=level,
    )
    factor = small_sample(n_treated + n_control) / COX
    return _with_interval(odds.estimate * factor, odds.error * factor, level)


def odds_ratio(effect: Effect) -> Effect:
    """A log odds ratio as an odds ratio; the error stays that of the logarithm."""
    return Effect(
        exp(effect.estimate), effect.error, exp(effect.low), exp(effect.high), effect.level
    )


def _with_interval(estimate: float, error: float, level: float) -> Effect:
    half = normal(0.5 + level / 2) * error
    return Effect(estimate, error, estimate - half, estimate + half, level)


def _wilson(share: float, n: int, level: float) -> tuple[float, float]:
    z = normal(0.5 + level / 2)
    middle, scale = share + z**2 / (2 * n), 1 + z**2 / n
    half = z * sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def _check_counts(
    events_treated: int, n_treated: int, events_control: int, n_control: int, level: float
) -> None:
    check({name: value for name, value in locals().items() if name in COUNTS}, COUNTS)
    wrong = {
        name: ["Enter no more events than there are people in the group"]
        for name, events, n in (
            ("events_treated", events_treated, n_treated),
            ("events_control", events_control, n_control),
        )
        if events > n
    }
    if wrong:
        raise Invalid(wrong)
