"""What the calculators answer: the result, every number it came of, the formula and its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from concordat.evaluations.rules.evidence import effects, pooling, power
from concordat.evaluations.rules.evidence.inputs import MOST_PEOPLE
from concordat.evaluations.rules.evidence.power import Assumed

MOST_SHORT = 1000  # from here on four digits would hide the tenths
_SE = "SE = √( ρ(1 − R²₂) ÷ (P(1 − P)J) + (1 − ρ)(1 − R²₁) ÷ (P(1 − P)Jn) )"
_SE_PEOPLE = "SE = √( (1 − R²) ÷ (P(1 − P)N) )"
_BLOOM = "Bloom 1995; Dong and Maynard 2013, PowerUp!"


@dataclass(frozen=True)
class Figure:
    """One number of an answer: `code` for programs, `label` for people."""

    code: str
    label: str
    value: float | None

    @property
    def shown(self) -> str:
        """The value to four digits, whole numbers whole; words where there is none."""
        if self.value is None:
            return "None"
        if self.value == int(self.value):
            return f"{int(self.value):,}".replace("-", "\u2212")
        digits = f"{self.value:,.4g}" if abs(self.value) < MOST_SHORT else f"{self.value:,.1f}"
        return digits.replace("-", "\u2212")


@dataclass(frozen=True)
class Answer:
    """What a calculator found: a sentence, the figures (the result first), formula and source."""

    says: str
    figures: tuple[Figure, ...]
    formula: str
    source: str


def find_mdes(units: float, size: float, assumed: Assumed) -> Answer:
    """The smallest effect that a trial of this many can find. Raises Invalid."""
    found = power.mdes(units, size, assumed)
    return Answer(
        f"A trial of {_people(units, size)} can find an effect of {found:.3f} standard deviations.",
        (
            Figure("mdes", "Minimum detectable effect size", found),
            Figure("multiplier", "Multiplier (M)", power.multiplier(units, assumed)),
            *_spread(units, size, assumed),
            *_given(assumed, size),
        ),
        f"MDES = M × SE;  M = t(1 − α ÷ {assumed.sides}, ν) + t(power, ν);  {_formula(size)}",
        _BLOOM,
    )


def find_power(effect: float, units: float, size: float, assumed: Assumed) -> Answer:
    """The chance that a trial of this many finds this effect. Raises Invalid."""
    found = power.power_of(effect, units, size, assumed)
    return Answer(
        f"A trial of {_people(units, size)} finds a true effect of {effect:g} "
        f"with a probability of {found:.1%}.",
        (
            Figure("power", "Power", found),
            Figure("effect", "Effect, in standard deviations", effect),
            *_spread(units, size, assumed),
            *_given(assumed, size, wanted=False),
        ),
        f"power = P(|T| > t(1 − α ÷ {assumed.sides}, ν)), T noncentral t with effect ÷ SE;  "
        f"{_formula(size)}"
        if assumed.sides == 2
        else f"power = P(T > t(1 − α, ν)), T noncentral t with effect ÷ SE;  {_formula(size)}",
        "The noncentral t distribution, as statistical packages use it; SE by " + _BLOOM,
    )


def find_number(effect: float, size: float, assumed: Assumed) -> Answer:
    """How many must be assigned for a trial to find this effect. Raises Invalid."""
    exact = power.units_needed(effect, size, assumed)
    formula = (
        f"the least number whose power is what is wanted, by the noncentral t;  {_formula(size)}"
    )
    source = "The noncentral t distribution, as statistical packages use it; SE by " + _BLOOM
    if exact is None:
        says = f"No number up to {MOST_PEOPLE:,.0f} finds an effect of {effect:g} with such power."
        return Answer(says, (Figure("units", _assigned(size), None),), formula, source)
    treated, control = ceil(exact * assumed.share), ceil(exact * (1 - assumed.share))
    total = treated + control
    return Answer(
        f"To find an effect of {effect:g} with {assumed.power:.0%} power takes "
        f"{_people(total, size)}: {treated:,} treated and {control:,} not.",
        (
            Figure("units", _assigned(size), total),
            Figure("treated", "Of them treated", treated),
            Figure("control", "Of them not treated", control),
            Figure("exact", "Before rounding up", exact),
            Figure("people", "People altogether", total * size),
            Figure("effect", "Effect, in standard deviations", effect),
            *_spread(exact, size, assumed),
            *_given(assumed, size),
        ),
        formula,
        source,
    )


def find_pooled(studies: Sequence[pooling.Study], method: str, level: float) -> Answer:
    """What the studies say together. Raises Invalid."""
    return pooled_answer(pooling.pool(studies, method, level))


def pooled_answer(found: pooling.Pooled) -> Answer:
    """A pooled estimate with every number that it came of."""
    level, method = found.level, found.method
    low, high = found.prediction or (None, None)
    named = f"{level * 100:g}%"
    return Answer(
        f"The {found.k} studies together give {found.estimate:.3f} "
        f"({named} interval {found.low:.3f} to {found.high:.3f}).",
        (
            Figure("estimate", "Pooled estimate", found.estimate),
            Figure("low", f"{named} interval, lower end", found.low),
            Figure("high", f"{named} interval, upper end", found.high),
            Figure("error", "Standard error", found.error),
            Figure("k", "Studies (k)", found.k),
            Figure("tau2", "Variance between studies (τ²)", found.tau2),
            Figure("i2", "Share of variation between studies (I²)", found.i2),
            Figure("q", "Heterogeneity (Q)", found.q),
            Figure("q_p", "p value of Q", found.q_p),
            Figure("prediction_low", "Prediction interval, lower end", low),
            Figure("prediction_high", "Prediction interval, upper end", high),
        ),
        _POOLED[method],
        _POOLED_BY[method],
    )


_INVERSE = "estimate = Σwy ÷ Σw, SE = √(1 ÷ Σw), w = 1 ÷ (SEᵢ² + τ²), I² = max(0, 1 − (k − 1) ÷ Q)"
_POOLED = {
    "fixed": f"{_INVERSE};  τ² = 0",
    "paule_mandel": f"{_INVERSE};  τ² where Q(τ²) = k − 1, at least 0",
    "dersimonian_laird": f"{_INVERSE};  τ² = max(0, (Q − (k − 1)) ÷ (Σw − Σw² ÷ Σw))",
}
_POOLED_BY = {
    "fixed": "Inverse variance; Higgins and Thompson 2002",
    "paule_mandel": "Paule and Mandel 1982; Higgins and Thompson 2002; Higgins et al. 2009",
    "dersimonian_laird": "DerSimonian and Laird 1986; Higgins and Thompson 2002; Higgins et al. 2009",
}


def find_effect_of_means(**given: float) -> Answer:
    """Hedges' g from the means, spreads and sizes of two groups. Raises Invalid."""
    found = effects.hedges_g(**given)  # type: ignore[arg-type]  # whole numbers are checked there
    total = given["n_treated"] + given["n_control"]
    return Answer(
        f"Hedges’ g is {found.estimate:.3f}, from {found.low:.3f} to {found.high:.3f}.",
        (
            *_effect("g", "Hedges’ g", found),
            Figure("factor", "Small-sample factor", effects.small_sample(total)),
        ),
        "g = (m₁ − m₂) ÷ pooled SD × (1 − 3 ÷ (4N − 9));  SE² = N ÷ (n₁n₂) + g² ÷ (2(N − 3.94))",
        "Hedges 1981; Hedges and Olkin 1985",
    )


def find_effect_of_counts(**given: float) -> Answer:
    """Risk difference, odds ratio and Cox d from the events in two groups. Raises Invalid."""
    counts: dict[str, int] = given  # type: ignore[assignment]  # whole numbers are checked there
    risk, odds = effects.risk_difference(**counts), effects.log_odds_ratio(**counts)
    cox, ratio = effects.cox_d(**counts), effects.odds_ratio(odds)
    return Answer(
        f"The risk difference is {risk.estimate:.3f}, from {risk.low:.3f} to {risk.high:.3f}; "
        f"in standard deviations, {cox.estimate:.3f}.",
        (
            *_effect("risk_difference", "Risk difference", risk),
            *_effect("log_odds_ratio", "Log odds ratio", odds),
            *_effect("odds_ratio", "Odds ratio", ratio)[:-1],
            *_effect("cox_d", "Cox d", cox),
        ),
        _COUNTED,
        _COUNTED_BY,
    )


def find_effect_of_cells(
    *,
    events_treated: int,
    without_treated: int,
    events_control: int,
    without_control: int,
    level: float,
) -> Answer:
    """The same from the four cells; groups of fewer than two people say nothing. Raises Invalid."""
    treated, control = events_treated + without_treated, events_control + without_control
    if min(treated, control) < 2:
        return Answer("Each group needs two people or more.", (), _COUNTED, _COUNTED_BY)
    return find_effect_of_counts(
        events_treated=events_treated,
        n_treated=treated,
        events_control=events_control,
        n_control=control,
        level=level,
    )


_COUNTED = (
    "RD = p₁ − p₂;  LOR = ln(ad ÷ bc), 0.5 added to each cell where one is empty;  "
    "d = LOR ÷ 1.65 × (1 − 3 ÷ (4N − 9))"
)
_COUNTED_BY = "Newcombe 1998, method 10; Woolf 1955; Cox 1970 as in the What Works Clearinghouse"


def _effect(code: str, label: str, found: effects.Effect) -> tuple[Figure, ...]:
    return (
        Figure(code, label, found.estimate),
        Figure(f"{code}_low", f"{label}, lower end", found.low),
        Figure(f"{code}_high", f"{label}, upper end", found.high),
        Figure(f"{code}_error", f"{label}, standard error", found.error),
    )


def _spread(units: float, size: float, assumed: Assumed) -> tuple[Figure, ...]:
    return (
        Figure("error", "Standard error (SE)", power.standard_error(units, size, assumed)),
        Figure("df", "Degrees of freedom (ν)", units - 2),
        Figure("assigned", f"{_assigned(size)} ({'J' if size > 1 else 'N'})", units),
    )


def _given(assumed: Assumed, size: float, *, wanted: bool = True) -> tuple[Figure, ...]:
    given = [
        Figure("size", "People in each cluster (n)", size),
        Figure("icc", "Intra-cluster correlation (ρ)", assumed.icc),
        Figure("share", "Share treated (P)", assumed.share),
        Figure("r2", "Variance explained among people (R²₁)", assumed.r2),
        Figure("r2_clusters", "Variance explained among clusters (R²₂)", assumed.r2_clusters),
        Figure("alpha", "Significance level (α)", assumed.alpha),
        Figure("sides", "Sides of the test", assumed.sides),
    ]
    return (*given, Figure("wanted", "Power wanted", assumed.power)) if wanted else tuple(given)


def _assigned(size: float) -> str:
    return "Clusters assigned" if size > 1 else "People assigned"


def _formula(size: float) -> str:
    return f"{_SE};  ν = J − 2" if size > 1 else f"{_SE_PEOPLE};  ν = N − 2"


def _people(units: float, size: float) -> str:
    return f"{units:,g} clusters of {size:,g}" if size > 1 else f"{units:,.0f} people"
