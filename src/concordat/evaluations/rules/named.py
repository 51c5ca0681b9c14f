"""What others call designs, topics, events and choices, found by the very words and never by likeness."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

from concordat.evaluations.feeds import cells
from concordat.evaluations.rules.facts import Fact
from concordat.kernel.reference import codelist

# Other words for the very same thing.
_DESIGNS: Final = {
    "randomised controlled trial": "randomised",
    "randomised control trial": "randomised",
    "randomized controlled trial": "randomised",
    "rct": "randomised",
    "cluster randomised controlled trial": "randomised_cluster",
    "cluster randomised trial": "randomised_cluster",
    "cluster rct": "randomised_cluster",
    "difference in differences": "quasi_difference_in_difference",
    "quasi experimental design": "quasi",
    "theory based evaluation": "theory",
    "cost benefit": "value_cost_benefit",
    "cost effectiveness": "value_cost_effectiveness",
    "cost utility": "value_cost_utility",
    "cost minimisation": "value_cost_minimisation",
}
# The events that a category's start and end are.
_EVENTS: Final = {
    "evaluation": ("start", "end"),
    "evaluation start": ("start", ""),
    "evaluation end": ("end", ""),
    "intervention": ("intervention_start", "intervention_end"),
    "intervention start date": ("intervention_start", ""),
    "intervention end date": ("intervention_end", ""),
    "recruitment": ("first_recruited", "last_recruited"),
    "participant recruitment": ("first_recruited", "last_recruited"),
    "data collection": ("first_data", ""),
    "interim data extraction date": ("interim_data", ""),
    "interim analysis": ("interim_analysis_start", "interim_analysis_end"),
    "interim data analysis": ("interim_analysis_start", "interim_analysis_end"),
    "final data extraction date": ("final_data", ""),
    "final analysis": ("final_analysis_start", "final_analysis_end"),
    "final data analysis": ("final_analysis_start", "final_analysis_end"),
    "publication of interim results": ("interim_published", ""),
    "publication of final results": ("publication", ""),
}


def plain(text: str) -> str:
    """Words alone, in small letters, without what stands in brackets at the end."""
    bare = re.sub(r"\s*\([^()]*\)\s*$", "", text.casefold()).replace("&", "and")
    return " ".join(re.findall(r"\w+", bare))


@cache
def _designs() -> dict[tuple[str, str], str]:
    """The code of a design by (type, words), with and without the type before the words; under the
    type "" the words that mean one design whatever the type."""
    found: dict[tuple[str, str], set[str]] = {}
    for code, row in codelist("evaluation_designs").rows.items():
        label, kind = row["label"], row["type"]
        for words in {plain(label), plain(label.partition(": ")[2])} - {""}:
            found.setdefault((kind, words), set()).add(code)
            found.setdefault(("", words), set()).add(code)
    return {key: min(codes) for key, codes in found.items() if len(codes) == 1}


@lru_cache(maxsize=4096)
def design(text: str, kind: str = "") -> str | None:
    """The code of the design of that name, among those of a type where one is given."""
    words, known = plain(text), _designs()
    alias = _DESIGNS.get(words)
    if alias and kind in ("", codelist("evaluation_designs").rows[alias]["type"]):
        return alias
    return known.get((kind, words)) or known.get(("", words))


def topic(text: str) -> str | None:
    """The code of the topic of that name."""
    return _labelled("evaluation_topics", text)


def report_type(text: str) -> str | None:
    """The code of the type of report of that name, with or without “report” at its end."""
    return _labelled("report_types", text) or _labelled("report_types", f"{plain(text)} report")


@lru_cache(maxsize=4096)
def _labelled(name: str, text: str) -> str | None:
    wanted = plain(text)
    return next((code for code, label in codelist(name).choices if plain(label) == wanted), None)


@lru_cache(maxsize=4096)
def events(category: str) -> tuple[str, str] | None:
    """The events that the start and the end of a category are; "" for one that is none."""
    words = plain(category)
    for code, label in codelist("evaluation_events").choices:
        if plain(label) == words and code != "other":
            return code, ""
    return _EVENTS.get(words)


def choice(fact: Fact, text: str) -> str | None:
    """The code of a choice by its label, its code or, for yes and no, any way of writing it."""
    words = plain(text)
    codes = dict(fact.choices)
    answer = cells.yes_or_no(text)
    if answer is not None and {"yes", "no"} <= set(codes):
        return "yes" if answer else "no"
    if text in codes:
        return text
    for code, label in fact.choices:
        if words in (plain(label), f"{plain(label)} outcome", f"{plain(label)} measure"):
            return code
    return None
