"""Pooling: one estimate out of several studies, by inverse variance.

τ², the variance between studies, is floored at 0 by both methods, and so is I²: a library in wide
use gives a negative τ² when the studies agree better than chance, and with it an interval narrower
than that of a fixed effect. Sources: DerSimonian and Laird 1986; Paule and Mandel 1982; Higgins and
Thompson 2002 (I²); Higgins, Thompson and Spiegelhalter 2009 (prediction interval).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

from concordat.evaluations.rules.evidence.effects import LEVEL
from concordat.evaluations.rules.evidence.inputs import MOST, MOST_STUDIES, Bounds, check
from concordat.evaluations.rules.evidence.quantiles import chi_square_above, normal, student
from concordat.kernel.refusals import Invalid

METHODS = {
    "fixed": "Fixed effect, inverse variance",
    "paule_mandel": "Random effects, Paule–Mandel",
    "dersimonian_laird": "Random effects, DerSimonian–Laird",
}
_BETWEEN = re.compile(r"[;,\t]")
ESTIMATE = Bounds("the estimate", -MOST, MOST)
ERROR = Bounds("the standard error", 1e-6, MOST)


@dataclass(frozen=True)
class Study:
    """One study's estimate and its standard error, on the scale shared by all."""

    name: str
    estimate: float
    error: float


@dataclass(frozen=True)
class Pooled:
    """What several studies say together.

    `weights` are shares of the whole, one a study, in the order given. `prediction` is where the
    effect of another such study may lie; it needs random effects and three studies.
    """

    method: str
    k: int
    estimate: float
    error: float
    low: float
    high: float
    level: float
    tau2: float
    i2: float
    q: float
    q_p: float
    prediction: tuple[float, float] | None
    weights: tuple[float, ...]


def read_studies(text: str) -> list[Study]:
    """Studies as people paste them: a line each, its name, estimate and standard error with
    semicolons, commas or tabs between; the name may be left out.

    Raises Invalid naming the line.
    """
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    studies, wrong = [], []
    for n, line in lines[: MOST_STUDIES + 1]:
        parts = [part.strip() for part in _BETWEEN.split(line)]
        try:
            estimate, error = float(parts[-2]), float(parts[-1])
        except (IndexError, ValueError):
            wrong.append(
                f"Line {n}: enter a name, an estimate and a standard error, such as Leeds; 0.21; 0.08"
            )
        else:
            studies.append(Study(", ".join(parts[:-2]) or f"Study {n}", estimate, error))
    if wrong:
        raise Invalid({"studies": wrong[:10]})
    return studies


def pool(studies: Sequence[Study], method: str = "paule_mandel", level: float = 0.95) -> Pooled:
    """Pool two studies or more by one of METHODS.

    Raises Invalid naming the study by its number.
    """
    _check(studies, method, level)
    _, _, q = _weighed(studies, 0.0)
    tau2 = _TAU2[method](studies)
    estimate, total, _ = _weighed(studies, tau2)
    error = 1 / sqrt(total)
    k, half = len(studies), normal(0.5 + level / 2) * error
    return Pooled(
        method,
        k,
        estimate,
        error,
        estimate - half,
        estimate + half,
        level,
        tau2,
        max(0.0, 1 - (k - 1) / q) if q > 0 else 0.0,
        q,
        chi_square_above(q, k - 1),
        _prediction(estimate, error, tau2, k, level) if method != "fixed" else None,
        tuple(1 / (study.error**2 + tau2) / total for study in studies),
    )


def _weighed(studies: Sequence[Study], tau2: float) -> tuple[float, float, float]:
    """The weighted mean, the sum of the weights, and Q about that mean."""
    weights = [1 / (study.error**2 + tau2) for study in studies]
    total = sum(weights)
    pairs = list(zip(weights, studies, strict=True))
    mean = sum(weight * study.estimate for weight, study in pairs) / total
    estimates = [study.estimate for study in studies]
    mean = min(max(mean, min(estimates)), max(estimates))  # rounding may not take it outside
    return mean, total, sum(weight * (study.estimate - mean) ** 2 for weight, study in pairs)


def _none(studies: Sequence[Study]) -> float:
    return 0.0


def _dersimonian_laird(studies: Sequence[Study]) -> float:
    _, total, q = _weighed(studies, 0.0)
    squares = sum(study.error**-4 for study in studies)
    scale = total - squares / total
    return max(0.0, (q - (len(studies) - 1)) / scale) if scale > 0 else 0.0


def _paule_mandel(studies: Sequence[Study]) -> float:
    """The τ² at which Q equals its degrees of freedom; Q falls as τ² grows, so there is one."""
    wanted = len(studies) - 1
    if _weighed(studies, 0.0)[2] <= wanted:
        return 0.0
    low, high = 0.0, max(study.error for study in studies) ** 2
    while _weighed(studies, high)[2] > wanted:
        low, high = high, high * 2
    while high - low > 1e-13 * high:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if _weighed(studies, middle)[2] > wanted else (low, middle)
    return (low + high) / 2


_TAU2: dict[str, Callable[[Sequence[Study]], float]] = {
    "fixed": _none,
    "paule_mandel": _paule_mandel,
    "dersimonian_laird": _dersimonian_laird,
}


def _prediction(
    estimate: float, error: float, tau2: float, k: int, level: float
) -> tuple[float, float] | None:
    if k < 3:
        return None
    half = student(0.5 + level / 2, k - 2) * sqrt(tau2 + error**2)
    return estimate - half, estimate + half


def _check(studies: Sequence[Study], method: str, level: float) -> None:
    check({"level": level}, {"level": LEVEL})
    if method not in METHODS:
        raise Invalid({"method": ["Select how to pool the studies"]})
    if not 2 <= len(studies) <= MOST_STUDIES:
        raise Invalid(
            {"studies": [f"Enter from 2 to {MOST_STUDIES} studies, each on its own line"]}
        )
    wrong = [
        f"Study {place}: {message[0].lower()}{message[1:]}"
        for place, study in enumerate(studies, 1)
        for bounds, value in ((ESTIMATE, study.estimate), (ERROR, study.error))
        if (message := bounds.wrong(value))
    ]
    if wrong:
        raise Invalid({"studies": wrong[:10]})
