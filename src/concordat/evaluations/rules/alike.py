"""How alike two evaluations are: a score with its reasons, so that a person can judge.

The score is a mean over what both of them tell, each part from 0 to 1, weighted:

- title (5): the words that say something, sorted, so that their order does not matter; the mean of
  how alike the two titles are whole (Indel ratio) and of how far one is contained in the other;
- body (2): 1 for the same lead body, a half where one of them takes part in the other;
- major projects (2), only where both name one: what they share of what either names (Jaccard);
- topics (1): the same;
- time (1): the days that both take of the days that either takes.

What one of them does not tell counts for nothing either way. Two that are likely one are suggested
to a person and never merged.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from rapidfuzz import fuzz

LIKELY: Final = 0.7  # from here on two are worth a person's look
_WEIGHTS: Final = {"title": 5, "body": 2, "projects": 2, "topics": 1, "time": 1}
_WORD: Final = re.compile(r"[^\W_]+")
# Words that titles of evaluations share whatever they are about.
_EMPTY: Final = frozenset(
    "a an and assessment at by does for from how impact in is it its of on or pilot process programme "
    "project report review scheme study the to trial what whether with evaluation evaluating".split()
)


@dataclass(frozen=True)
class Told:
    """What two evaluations are compared by. `topics` are the words of their topics; `begins` and
    `ends` the first and the last day of anything that happens; `projects` name major projects."""

    title: str
    lead: str = ""
    partners: frozenset[str] = frozenset()
    projects: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    begins: date | None = None
    ends: date | None = None


@dataclass(frozen=True)
class Likeness:
    """How alike two are, from 0 to 1, and why, for a person to read."""

    score: float
    reasons: tuple[str, ...] = ()

    @property
    def likely(self) -> bool:
        """Whether the two may be one evaluation."""
        return self.score >= LIKELY


def alike(one: Told, other: Told) -> Likeness:
    """How alike two evaluations are; the same whichever comes first, and 1 for one and itself."""
    parts = {
        "title": _titles(one.title, other.title),
        "body": _bodies(one, other),
        "projects": _shared(one.projects, other.projects),
        "topics": _shared(one.topics, other.topics),
        "time": _times(one, other),
    }
    told = {name: part for name, part in parts.items() if part is not None}
    whole = sum(_WEIGHTS[name] for name in told)
    score = sum(_WEIGHTS[name] * part for name, part in told.items()) / whole if whole else 0.0
    return Likeness(round(score, 4), tuple(_reasons(one, other, told)))


def words_of(title: str) -> list[str]:
    """The words of a title that say something, in small letters without accents, sorted, each once;
    all of its words where none does."""
    plain = unicodedata.normalize("NFKD", title.casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    found = sorted(set(_WORD.findall(letters)))
    return [word for word in found if word not in _EMPTY] or found


def stems_of(title: str, most: int = 8) -> list[str]:
    """The beginnings, of six letters at most, of the longest words of a title that say something: what
    the title of one that is likely the same has some of."""
    words = {
        word for word in _WORD.findall(title.casefold()) if word not in _EMPTY and len(word) > 2
    }
    longest = sorted(words, key=lambda word: (-len(word), word))[:most]
    return list(dict.fromkeys(word[:6] for word in longest))


def _titles(one: str, other: str) -> float | None:
    left, right = " ".join(words_of(one)), " ".join(words_of(other))
    if not left or not right:
        return 1.0 if one == other else None
    whole, contained = fuzz.ratio(left, right), fuzz.token_set_ratio(left, right)
    return (whole + contained) / 200


def _bodies(one: Told, other: Told) -> float | None:
    if not one.lead or not other.lead:
        return None
    if one.lead == other.lead:
        return 1.0
    return 0.5 if {one.lead, *one.partners} & {other.lead, *other.partners} else 0.0


def _shared(one: frozenset[str], other: frozenset[str]) -> float | None:
    return len(one & other) / len(one | other) if one and other else None


def _times(one: Told, other: Told) -> float | None:
    if not (one.begins and one.ends and other.begins and other.ends):
        return None
    both = (min(one.ends, other.ends) - max(one.begins, other.begins)).days + 1
    either = (max(one.ends, other.ends) - min(one.begins, other.begins)).days + 1
    return max(0, both) / max(1, either)


def _reasons(one: Told, other: Told, told: dict[str, float]) -> Iterable[str]:
    title, body, time = (told.get(name) or 0.0 for name in ("title", "body", "time"))
    if title >= 0.6:
        how = "the same" if title == 1 else "nearly the same" if title >= 0.85 else "much alike"
        yield f"the titles are {how}"
    if body:
        yield "the same body leads both" if body == 1 else "a body takes part in both"
    for noun, shared in (
        ("project", one.projects & other.projects),
        ("topic", one.topics & other.topics),
    ):
        if shared:
            yield f"the same {noun}{'s'[: len(shared) > 1]}: {', '.join(sorted(shared))}"
    if time:
        yield "both take place at the same time" if time >= 0.5 else "their times overlap"
