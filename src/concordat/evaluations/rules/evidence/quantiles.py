"""The distributions that the calculators stand on, from SciPy's special functions."""

from __future__ import annotations

from math import isnan

from scipy.special import chdtrc, nctdtr, ndtri, stdtrit


def normal(probability: float) -> float:
    """The z below which `probability` of a standard normal lies."""
    return float(ndtri(probability))


def student(probability: float, df: float) -> float:
    """The t below which `probability` of Student's distribution with `df` degrees lies."""
    return float(stdtrit(df, probability))


def noncentral_below(t: float, df: float, shift: float) -> float:
    """The share of a noncentral t distribution, moved by `shift`, that lies below `t`.

    Where less than 1e-16 lies there, the library may answer “not a number”: that is nothing here.
    """
    share = float(nctdtr(df, shift, t))
    return 0.0 if isnan(share) else share


def chi_square_above(value: float, df: float) -> float:
    """The share of a chi-square distribution that lies above `value`."""
    return float(chdtrc(df, value))
