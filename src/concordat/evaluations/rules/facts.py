"""What one fact of a plan may be, and how a value is read.

A plan is plain JSON: text, whole numbers, truths and lists. Amounts are kept as decimal text
(`"1250.50"`) and dates as `Moment` writes them, so that the same plan is always the same bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

from concordat.evaluations.rules.dates import Moment

Kind = Literal["line", "text", "whole", "amount", "choice", "choices", "moment", "web", "yes"]
MOST_WHOLE: Final = 10**12
MOST_AMOUNT: Final = Decimal(10) ** 12
MOST_TEXT: Final = 20_000
_AMOUNT: Final = re.compile(r"-?\d{1,13}(\.\d{1,6})?", re.ASCII)
_WEB: Final = re.compile(r"https?://[^\s/?#]+[^\s]*", re.ASCII)
YES: Final = (("yes", "Yes"), ("no", "No"))


def options(*labels: str) -> tuple[tuple[str, str], ...]:
    """(code, label) pairs, each code its label in small letters and underscores."""
    return tuple((re.sub(r"[^a-z0-9]+", "_", x.lower()).strip("_"), x) for x in labels)


@dataclass(frozen=True)
class Fact:
    """One thing that a plan says: its name in the plan, its label, its kind and its limits."""

    name: str
    label: str
    kind: Kind = "text"
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    longest: int = 0

    @property
    def most(self) -> int:
        """The most characters of a text."""
        return self.longest or {"line": 256, "web": 2000}.get(self.kind, MOST_TEXT)

    def read(self, value: Any) -> Any:
        """The value as the plan keeps it; None for nothing.

        Raises ValueError, in words that say how to mend it.
        """
        if value is None or value in ("", []):
            return None
        return _READERS[self.kind](self, value)

    def shown(self, value: Any) -> Any:
        """What a reader sees of a value: labels for codes."""
        named = dict(self.choices)
        if isinstance(value, list):
            return [named.get(code, code) for code in value]
        if self.kind == "amount" and value is not None:
            return f"{Decimal(value):,}"
        return named.get(value, value) if isinstance(value, str) else value


def texts(**labels: str) -> tuple[Fact, ...]:
    """Facts that are texts, by name and label."""
    return tuple(Fact(name, label) for name, label in labels.items())


def pick(name: str, label: str, *labels: str) -> Fact:
    """A fact that is one of several, by their labels."""
    return Fact(name, label, "choice", options(*labels))


def _text(fact: Fact, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("Enter text")
    kept = value.strip().replace("\r\n", "\n").replace("\r", "\n")
    if fact.kind == "line" and "\n" in kept:
        raise ValueError("Enter one line")
    if len(kept) > fact.most:
        raise ValueError(f"Enter {fact.most:,} characters or fewer")
    return kept or None  # type: ignore[return-value]


def _web(fact: Fact, value: Any) -> str:
    kept = _text(fact, value)
    if not _WEB.fullmatch(kept):
        raise ValueError("Enter an address that begins with https://")
    return kept


def _whole(fact: Fact, value: Any) -> int:
    if isinstance(value, str):
        plain = value.strip().replace(",", "")
        if not re.fullmatch(r"\d{1,13}", plain, re.ASCII):
            raise ValueError("Enter a whole number, such as 1200")
        value = int(plain)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_WHOLE:
        raise ValueError("Enter a whole number, such as 1200")
    return value


def _amount(fact: Fact, value: Any) -> str:
    plain = str(value).strip().replace(",", "").removeprefix("£")
    if isinstance(value, bool) or not _AMOUNT.fullmatch(plain):
        raise ValueError("Enter a number, such as 1250.50")
    try:
        number = Decimal(plain)
    except InvalidOperation:  # pragma: no cover - the pattern lets no such text through
        raise ValueError("Enter a number, such as 1250.50") from None
    if abs(number) > MOST_AMOUNT:
        raise ValueError("Enter a smaller number")
    return format(number, "f")


def _choice(fact: Fact, value: Any) -> str:
    if value not in dict(fact.choices):
        raise ValueError("Select one of the choices")
    return str(value)


def _choices(fact: Fact, value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > 100:
        raise ValueError("Select from the choices")
    return [code for code, _ in fact.choices if code in [_choice(fact, v) for v in value]]


def _moment(fact: Fact, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("Enter a date as 2026, 2026-04 or 2026-04-27")
    try:
        return str(Moment.read(value))
    except ValueError:
        raise ValueError("Enter a real date, as 2026, 2026-04 or 2026-04-27") from None


_READERS: Final[dict[str, Any]] = {
    "line": _text,
    "text": _text,
    "web": _web,
    "whole": _whole,
    "amount": _amount,
    "choice": _choice,
    "yes": _choice,
    "choices": _choices,
    "moment": _moment,
}


@dataclass(frozen=True)
class Section:
    """A part of a plan: facts, or with `one` (its noun) a list of things that each have them.

    `types` are the types of evaluation that are asked for it; () for all. `substance` says that a
    change here, once data are collected, changes what was promised.
    """

    name: str
    title: str
    facts: tuple[Fact, ...]
    one: str = ""
    types: tuple[str, ...] = ()
    substance: bool = False

    @property
    def many(self) -> bool:
        """Whether it is a list."""
        return bool(self.one)

    def fact(self, name: str) -> Fact | None:
        """The fact of that name."""
        return next((fact for fact in self.facts if fact.name == name), None)
