"""The share of spend that is evaluated, as an interval (reference §5.2).

D is the disclosed cost, E that of the evaluated projects among it, H the hidden cost: the published
total less D, where the total covers the hidden projects. Lower = E ÷ (D + H), upper = (E + H) ÷ (D + H).
Costs that are hidden are taken to be zero or more. Without such a total H is unknown: there is then
the share of disclosed spend, the share of projects as an interval, and no single figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final, Literal

Basis = Literal["", "disclosed", "all"]
BASES: Final[dict[str, str]] = {
    "all": "It includes the projects whose cost is hidden",
    "disclosed": "It is the sum of the disclosed costs alone",
}
ZERO: Final = Decimal(0)


@dataclass(frozen=True)
class Spend:
    """One project in one year: its cost in £ million (None where hidden), and whether an evaluation
    of it is registered."""

    value: Decimal | None
    evaluated: bool = False


@dataclass(frozen=True)
class Total:
    """A published total in £ million, and whether it covers the hidden projects."""

    amount: Decimal
    basis: Basis = "all"


@dataclass(frozen=True)
class Interval:
    """Two shares from 0 to 1, the lower never above the upper; a project that earns money can put
    them beyond."""

    lower: Decimal
    upper: Decimal

    @property
    def is_single(self) -> bool:
        """Whether it is one figure."""
        return self.lower == self.upper


@dataclass(frozen=True)
class Coverage:
    """What is evaluated of some projects. Amounts in £ million; `hidden_cost` is None where no usable
    total is published, and so is `share`; `clipped` says that the total is less than what is disclosed,
    so that the hidden block was put to 0; `over` that a total exceeds it although nothing is hidden."""

    projects: int
    disclosed: int
    hidden: int
    evaluated: int
    hidden_evaluated: int
    cost: Decimal
    evaluated_cost: Decimal
    total: Total | None = None
    hidden_cost: Decimal | None = None
    share: Interval | None = None
    of_disclosed: Decimal | None = None
    by_count: Interval | None = None
    flags: tuple[str, ...] = field(default=())


FLAGS: Final[dict[str, str]] = {
    "clipped": (
        "The published total is less than the disclosed costs, so nothing is left for the hidden "
        "projects: their cost is counted as 0 here and is not known."
    ),
    "rest": "The published total is not the sum of the costs, although no cost is hidden.",
    "earning": (
        "Some projects earn more than they cost. Their costs are below zero and lower the sums, "
        "so that a share can pass 100%."
    ),
    "no_sum": "The costs come to nothing or less, so that no share of them can be given.",
}


def coverage(lines: Iterable[Spend], total: Total | None = None) -> Coverage:
    """What is evaluated of the projects, with the published total for just these projects, if any."""
    known = list(lines)
    disclosed = [line for line in known if line.value is not None]
    hidden = len(known) - len(disclosed)
    cost = sum((line.value or ZERO for line in disclosed), ZERO)
    done = [line for line in disclosed if line.evaluated]
    evaluated_cost = sum((line.value or ZERO for line in done), ZERO)
    hidden_evaluated = sum(line.evaluated for line in known) - len(done)
    block, flags = _hidden_block(cost, hidden, total)
    if any(line.value is not None and line.value < 0 for line in disclosed):
        flags = (*flags, "earning")
    if disclosed and cost + (block or ZERO) <= 0:
        flags = (*flags, "no_sum")
    return Coverage(
        projects=len(known),
        disclosed=len(disclosed),
        hidden=hidden,
        evaluated=len(done) + hidden_evaluated,
        hidden_evaluated=hidden_evaluated,
        cost=cost,
        evaluated_cost=evaluated_cost,
        total=total,
        hidden_cost=block,
        share=_share(evaluated_cost, cost, block, hidden, hidden_evaluated),
        of_disclosed=_part(evaluated_cost, cost),
        by_count=_by_count(len(done), hidden, len(known)),
        flags=flags,
    )


def _hidden_block(
    cost: Decimal, hidden: int, total: Total | None
) -> tuple[Decimal | None, tuple[str, ...]]:
    """(H, flags): 0 where nothing is hidden, None where no total tells."""
    if not hidden:
        differs = total is not None and abs(total.amount - cost) >= 1  # totals are whole millions
        return ZERO, ("rest",) if differs else ()
    if total is None or total.basis != "all":
        return None, ()
    if total.amount < cost:
        return ZERO, ("clipped",)
    return total.amount - cost, ()


def _share(
    evaluated: Decimal, cost: Decimal, block: Decimal | None, hidden: int, hidden_evaluated: int
) -> Interval | None:
    """The interval of §5.2: closed from above where no hidden project is evaluated, from below where
    all are."""
    if block is None or cost + block <= 0:
        return None
    whole = cost + block
    most = evaluated + (block if hidden_evaluated else ZERO)
    least = evaluated + (block if hidden and hidden_evaluated == hidden else ZERO)
    return Interval(least / whole, most / whole)


def _part(part: Decimal, whole: Decimal) -> Decimal | None:
    return part / whole if whole > 0 else None


def _by_count(known: int, unknown: int, projects: int) -> Interval | None:
    """Evaluated projects of known cost ÷ all, up to those and every project of hidden cost ÷ all."""
    if not projects:
        return None
    return Interval(Decimal(known) / projects, Decimal(known + unknown) / projects)


def percent(share: Decimal | None, rounding: str = ROUND_HALF_UP) -> str:
    """“63.4%”; "" for none."""
    if share is None:
        return ""
    return f"{(share * 100).quantize(Decimal('0.1'), rounding)}%"


def shown_share(found: Interval | None) -> str:
    """“60% to 80.5%”, rounded outwards so that the truth stays within; one figure where it is one."""
    if found is None:
        return ""
    if found.is_single:
        return percent(found.lower)
    return f"{percent(found.lower, ROUND_FLOOR)} to {percent(found.upper, ROUND_CEILING)}"


def rounded(share: Decimal | None, rounding: str = ROUND_HALF_UP) -> Decimal | None:
    """A share to the thousandth, for a table."""
    return None if share is None else share.quantize(Decimal("0.001"), rounding)


def plain_amount(amount: Decimal | None) -> Decimal | None:
    """An amount without the zeros at its end."""
    return None if amount is None else Decimal(f"{amount.normalize():f}")


def millions(amount: Decimal | None) -> str:
    """“£1,234.5 million”; "" for none, never 0 for what is hidden."""
    if amount is None:
        return ""
    text = f"{abs(amount):,.2f}".removesuffix(".00")
    return f"{'−' if amount < 0 else ''}£{text} million"
