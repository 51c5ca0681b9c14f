"""What was promised beside what was reported, outcome by outcome.

Matched by id first, then by likeness of text for a person to confirm: a likeness that nobody has
confirmed stays “to check”, and is never shown as an outcome that was dropped or added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from rapidfuzz import fuzz

from concordat.evaluations.rules.dates import Moment

Verdict = Literal[
    "reported", "not_reported", "added_declared", "added_undeclared", "to_check", "awaited"
]
VERDICTS: Final[dict[str, str]] = {
    "reported": "Reported",
    "not_reported": "Not reported",
    "added_declared": "Added, and declared",
    "added_undeclared": "Added, and not declared",
    "to_check": "To check",
    "awaited": "Results are awaited",
}
ALIKE: Final = 0.6  # from here on a likeness is worth a person's look


@dataclass(frozen=True)
class Promise:
    """An outcome of a plan."""

    id: str
    name: str
    rank: str = ""
    time_frame: str = ""
    measure_type: str = ""


@dataclass(frozen=True)
class Told:
    """An outcome that was reported. `outcome_id` is that of the plan, where it says so; `declared`
    where the report itself says that it was not planned; `settled` what a person said of it: the id
    of a promise, or "none" for none of them."""

    key: str
    name: str
    outcome_id: str = ""
    rank: str = ""
    declared: bool = False
    settled: str = ""


@dataclass(frozen=True)
class Row:
    """One line of the comparison. `likeness` is that of a text that nobody has confirmed."""

    verdict: Verdict
    promise: Promise | None = None
    told: Told | None = None
    likeness: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The words for its verdict."""
        return VERDICTS[self.verdict]


def promises(plan: Mapping[str, Any]) -> list[Promise]:
    """The outcomes of a plan; none while they are hidden."""
    held = plan.get("outcomes") or []
    return [
        Promise(
            str(item["id"]),
            str(item.get("name", "")),
            str(item.get("rank", "")),
            str(item.get("time_frame", "")),
            str(item.get("measure_type", "")),
        )
        for item in (held if isinstance(held, list) else [])
    ]


def baseline(
    versions: Sequence[tuple[date, Mapping[str, Any]]], before: Moment | None
) -> Mapping[str, Any] | None:
    """The plan that counts: the last version made before a moment, at its precision; the first where
    none was, or where the moment is not known. `versions` are (day made, plan), first to last."""
    if not versions:
        return None
    if before is None:
        return versions[0][1]
    made = [plan for day, plan in versions if day < before.first]
    return made[-1] if made else versions[0][1]


def compare(
    promised: Sequence[Promise],
    reported: Sequence[Told],
    later: Sequence[Promise] = (),
    *,
    complete: bool,
) -> list[Row]:
    """Each promise and each reported outcome once, promises first.

    `promised` are those of the plan that counts, `later` those of the newest version: an outcome that
    an amendment added is declared by it. Until results are `complete` what is missing is awaited.
    """
    known = {promise.id: promise for promise in promised}
    matched: dict[str, Told] = {}
    loose: list[Told] = []
    for told in reported:
        named = told.settled or told.outcome_id
        if named in known and named not in matched:
            matched[named] = told
        else:
            loose.append(told)
    proposed = _proposed([p for p in promised if p.id not in matched], loose)
    now = {promise.id: promise for promise in later}
    rows = [_kept(p, matched.get(p.id), now.get(p.id), proposed, complete) for p in promised]
    taken = {told.key for told, _ in proposed.values()}
    return [*rows, *(_added(told, now) for told in loose if told.key not in taken)]


def _kept(
    promise: Promise,
    told: Told | None,
    now: Promise | None,
    proposed: Mapping[str, tuple[Told, float]],
    complete: bool,
) -> Row:
    if told is not None:
        return Row("reported", promise, told, notes=_changed(promise, told, now))
    if promise.id in proposed:
        found, likeness = proposed[promise.id]
        return Row("to_check", promise, found, likeness)
    return Row(
        "not_reported" if complete else "awaited", promise, notes=_changed(promise, None, now)
    )


def _added(told: Told, now: Mapping[str, Promise]) -> Row:
    """An outcome that was not promised: declared by the report, or by an amendment."""
    amended = (told.settled or told.outcome_id) in now
    if told.declared or amended:
        note = ("An amendment added it.",) if amended and not told.declared else ()
        return Row("added_declared", None, told, notes=note)
    return Row("added_undeclared", None, told)


def _changed(promise: Promise, told: Told | None, now: Promise | None) -> tuple[str, ...]:
    """What changed of a promise on the way."""
    notes = []
    if told is not None and told.rank and promise.rank and told.rank != promise.rank:
        notes.append(f"Promised as {promise.rank}, reported as {told.rank}.")
    if now is None:
        return tuple(notes)
    if now.rank != promise.rank and now.rank and promise.rank:
        notes.append(f"An amendment made it {now.rank}.")
    if now.time_frame != promise.time_frame:
        notes.append("An amendment changed when it is measured.")
    if now.measure_type != promise.measure_type:
        notes.append("An amendment changed its type of measure.")
    return tuple(notes)


def _proposed(promised: Sequence[Promise], loose: Sequence[Told]) -> dict[str, tuple[Told, float]]:
    """The likest pairs by name, each promise and each reported outcome once at most.

    What a person said belongs to no promise is proposed for none.
    """
    open_ = [told for told in loose if not told.settled and not told.outcome_id]
    if not promised or not open_:
        return {}
    pairs = sorted(
        (-fuzz.token_sort_ratio(p.name.casefold(), t.name.casefold()) / 100, i, j)
        for i, p in enumerate(promised)
        for j, t in enumerate(open_)
    )
    found: dict[str, tuple[Told, float]] = {}
    taken: set[int] = set()
    for unlike, i, j in pairs:
        if -unlike >= ALIKE and promised[i].id not in found and j not in taken:
            found[promised[i].id] = (open_[j], round(-unlike, 2))
            taken.add(j)
    return found
