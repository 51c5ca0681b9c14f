"""A whole plan: checked, said what it lacks, set beside another.

A plan is `{section: {fact: value}}` for sections of facts and `{section: [{"id": …, fact: value}]}`
for lists; what is empty is left out. `id` names a thing across versions, whatever it is renamed to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from concordat.evaluations.rules.facts import Section
from concordat.evaluations.rules.sections import BY_NAME, SECTIONS

Plan = dict[str, Any]
MOST_ITEMS: Final = 200
MOST_CHARACTERS: Final = 1_000_000  # of one plan, all its texts together
_ID: Final = re.compile(r"[a-z0-9_-]{1,40}", re.ASCII)


def read_plan(given: Any) -> tuple[Plan, dict[str, list[str]]]:
    """(the plan as it is kept, what is wrong by place such as `outcomes[2].name`)."""
    if not isinstance(given, Mapping):
        return {}, {"": ["Give the plan as an object of sections"]}
    plan: Plan = {}
    wrong: dict[str, list[str]] = {}
    for name in given:
        if name not in BY_NAME:
            wrong[str(name)[:60]] = ["There is no such section"]
    for section in SECTIONS:
        if found := _read_section(section, given.get(section.name), wrong):
            plan[section.name] = found
    if _size(plan) > MOST_CHARACTERS:
        wrong[""] = [f"Enter fewer than {MOST_CHARACTERS:,} characters in all"]
    return plan, wrong


def _size(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_size, value.values()))
    return sum(map(_size, value)) if isinstance(value, list) else len(str(value))


def _read_section(section: Section, given: Any, wrong: dict[str, list[str]]) -> Any:
    if given is None:
        return None
    if not section.many:
        return _read_facts(section, given, section.name, wrong)
    if not isinstance(given, list) or len(given) > MOST_ITEMS:
        wrong[section.name] = [f"Give a list of {MOST_ITEMS} or fewer"]
        return None
    kept, taken = [], set[str]()
    for number, item in enumerate(given, 1):
        place = f"{section.name}[{number}]"
        facts = _read_facts(section, item, place, wrong)
        if not facts:
            continue
        name = item.get("id") or _free(section, taken)
        if not isinstance(name, str) or not _ID.fullmatch(name) or name in taken:
            wrong[f"{place}.id"] = ["Give each an id of its own, in small letters and digits"]
            continue
        taken.add(name)
        kept.append({"id": name, **facts})
    return kept


def _free(section: Section, taken: set[str]) -> str:
    number = 1
    while f"{section.one}-{number}" in taken:
        number += 1
    return f"{section.one}-{number}"


def _read_facts(
    section: Section, given: Any, place: str, wrong: dict[str, list[str]]
) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        wrong[place] = ["Give an object of facts"]
        return {}
    kept: dict[str, Any] = {}
    for name in given:
        if name != "id" and section.fact(name) is None:
            wrong[f"{place}.{str(name)[:60]}"] = ["There is no such fact"]
    for fact in section.facts:
        try:
            value = fact.read(given.get(fact.name))
        except ValueError as error:
            wrong[f"{place}.{fact.name}"] = [str(error)]
        else:
            if value is not None:
                kept[fact.name] = value
    return kept


def new_id(section: Section, items: list[dict[str, Any]]) -> str:
    """An id for one more thing in a list: never one that a thing there has."""
    return _free(section, {str(item.get("id")) for item in items})


TIERS: Final = {"light": "Light", "impact": "Impact", "major": "Major project"}


def tier_of(types: list[str], *, major: bool) -> str:
    """How deep an entry goes: `major` with a link to a major project, `impact` for impact and value
    for money, else `light`."""
    if major:
        return "major"
    return "impact" if {"impact", "economic"} & set(types) else "light"


# What an entry of a tier should say; never what stops it from being registered.
_WANTED: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "light": (),
    "impact": (
        ("interventions", "", "At least one intervention"),
        ("outcomes", "", "At least one primary outcome, with when it is measured"),
        ("population", "studied", "Who is studied"),
        ("population", "sample_size", "The planned sample"),
        ("design", "comparison", "What it is compared with"),
        ("design", "power_done", "Whether a power analysis was done"),
        ("analysis", "basis", "The basis of the analysis"),
        ("analysis", "effect_measure", "The effect measure"),
        ("ethics", "approval", "Whether an ethics committee approved it"),
        ("documents", "", "The plan as a document"),
    ),
    "major": (
        ("costs", "", "What the evaluation costs, item by item"),
        ("documents", "theory_of_change", "The theory of change"),
        ("independence", "condition", "Whether a spending settlement requires it"),
        ("independence", "may_publish", "Whether all results may be published"),
    ),
}


def missing(plan: Plan, tier: str) -> list[tuple[str, str]]:
    """(section, what) for each thing that an entry of this tier should say and does not yet."""
    tiers = ("impact", "major") if tier == "major" else (tier,)
    wanted = [want for name in tiers for want in _WANTED[name]]
    return [(section, words) for section, fact, words in wanted if not _says(plan, section, fact)]


def _says(plan: Plan, section: str, fact: str) -> bool:
    found = plan.get(section)
    if section == "outcomes":
        return any(o.get("rank") == "primary" and o.get("time_frame") for o in found or [])
    if section == "documents" and fact:
        return any(fact in document.get("kinds", []) for document in found or [])
    return bool(found and (not fact or found.get(fact)))


@dataclass(frozen=True)
class Difference:
    """One fact that differs between two versions, with its words and what it said in each."""

    path: str
    label: str
    before: Any
    after: Any

    @property
    def substance(self) -> bool:
        """Whether it changes what was promised."""
        section = BY_NAME.get(self.path.partition(".")[0].partition("[")[0])
        return self.path == "designs" or (section is not None and section.substance)


def differences(old: Plan, new: Plan) -> list[Difference]:
    """Fact by fact, in the order of the table; things in lists are matched by their id."""
    found: list[Difference] = []
    for section in SECTIONS:
        before, after = old.get(section.name), new.get(section.name)
        if before == after:
            continue
        if _is_sealed(before) or _is_sealed(after):
            told = (_openness(before), _openness(after))
            found.append(Difference(section.name, section.title, *told))
        elif section.many:
            found += _between_lists(section, before or [], after or [])
        else:
            found += _between(section, section.name, section.title, before or {}, after or {})
    return found


def _is_sealed(value: Any) -> bool:
    """Whether a commitment stands in its place."""
    return isinstance(value, dict) and "hidden" in value


def _openness(value: Any) -> str | None:
    return ("Hidden" if _is_sealed(value) else "Told") if value else None


def _between_lists(
    section: Section, before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> Iterator[Difference]:
    olds, news = ({str(item["id"]): item for item in items} for items in (before, after))
    for key in dict.fromkeys([*olds, *news]):
        old, new = olds.get(key, {}), news.get(key, {})
        item = new or old
        title = item.get("name") or item.get("title") or key
        yield from _between(
            section, f"{section.name}[{key}]", f"{section.title}: {title}", old, new
        )


def _between(
    section: Section, place: str, title: str, old: dict[str, Any], new: dict[str, Any]
) -> Iterator[Difference]:
    for fact in section.facts:
        before, after = old.get(fact.name), new.get(fact.name)
        if before != after:
            yield Difference(
                f"{place}.{fact.name}",
                f"{title}: {fact.label}",
                *("Hidden" if _is_sealed(v) else fact.shown(v) for v in (before, after)),
            )
