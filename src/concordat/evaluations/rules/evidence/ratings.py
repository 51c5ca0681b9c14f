"""Ratings as checklists: a scale is a table of criteria and a pure function from answers to score.

A scale's rules never change under its version: a new reading is a new version beside the old one,
so that a stored score can always be worked out again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from concordat.kernel.refusals import Invalid

Answers = Mapping[str, str]


@dataclass(frozen=True)
class Option:
    """One answer to a criterion."""

    code: str
    label: str


@dataclass(frozen=True)
class Criterion:
    """One question of a checklist; its options stand from the strongest answer to the weakest."""

    code: str
    question: str
    options: tuple[Option, ...]
    hint: str = ""

    def label(self, code: str) -> str:
        """What an answer says, or the code itself where the scale has no such answer."""
        return next((option.label for option in self.options if option.code == code), code)


@dataclass(frozen=True)
class Score:
    """Where the answers put an evaluation: `level` out of `of`, its label, and why."""

    level: int
    of: int
    label: str
    reasons: tuple[str, ...]

    @property
    def strength(self) -> float:
        """The level as a share of the highest, 0 to 1: a weight within one scale, not between two."""
        return self.level / self.of


@dataclass(frozen=True)
class Scale:
    """A rating scale in one version: its criteria, where it comes from, and how answers score."""

    code: str
    name: str
    version: str
    source: str
    about: str
    criteria: tuple[Criterion, ...]
    judge: Callable[[Answers], Score]


def rate(scale: Scale, answers: Answers) -> Score:
    """The score that the answers give.

    Raises Invalid naming each criterion that has no answer, or one that the scale does not know.
    """
    wrong = {
        criterion.code: [f"Select an answer to “{criterion.question}”"]
        for criterion in scale.criteria
        if answers.get(criterion.code) not in {option.code for option in criterion.options}
    }
    known = {criterion.code for criterion in scale.criteria}
    wrong |= {name: ["This scale has no such criterion"] for name in answers if name not in known}
    if wrong:
        raise Invalid(wrong)
    return scale.judge(answers)


def options(**labels: str) -> tuple[Option, ...]:
    """Options by code, from the strongest to the weakest."""
    return tuple(Option(code, label) for code, label in labels.items())


YES_NO = options(yes="Yes", no="No, or not shown")
