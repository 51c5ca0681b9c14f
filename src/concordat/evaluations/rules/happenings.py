"""When things happen to an evaluation: its dated events, and the stage that they tell.

Each is `{"event": …, "on": "2026-04", "kind": "intended" | "actual"}`; an event has at most one date
of each kind. The stage follows from what has actually happened, never from a word that somebody
chose, so that a status cannot change without its date.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal

from concordat.evaluations.rules.dates import Moment

Stage = Literal["planned", "live", "complete", "stopped"]
STAGES: Final[dict[str, str]] = {
    "planned": "Planned",
    "live": "Live",
    "complete": "Complete",
    "stopped": "Stopped early",
}
KINDS: Final = {"intended": "Intended", "actual": "Actual"}
_BEGUN: Final = ("start", "first_recruited", "first_data", "intervention_start", "final_data")
_ENDED: Final = ("end", "publication", "report_sign_off", "final_analysis_end")
_ORDERED: Final = (
    ("start", "end"),
    ("intervention_start", "intervention_end"),
    ("first_recruited", "last_recruited"),
    ("first_data", "final_data"),
    ("first_data", "publication"),
    ("interim_analysis_start", "interim_analysis_end"),
    ("final_analysis_start", "final_analysis_end"),
    ("report_sign_off", "publication"),
)
Happening = dict[str, str]


class Dates:
    """The dated events of one evaluation, for whoever asks when something was or is to be."""

    def __init__(self, given: list[Happening]) -> None:
        self._held = {(h["event"], h["kind"]): Moment.read(h["on"]) for h in given}

    def actual(self, event: str) -> Moment | None:
        """When it happened."""
        return self._held.get((event, "actual"))

    def intended(self, event: str) -> Moment | None:
        """When it is to happen."""
        return self._held.get((event, "intended"))

    def both(self, event: str) -> tuple[Moment | None, Moment | None]:
        """(when it is to happen, when it happened)."""
        return self.intended(event), self.actual(event)

    def best(self, event: str) -> Moment | None:
        """When it happened, or else when it is to."""
        return self.actual(event) or self.intended(event)

    @property
    def stage(self) -> Stage:
        """Stopped or complete once that has happened, live once anything has begun."""
        if self.actual("stopped"):
            return "stopped"
        if any(self.actual(event) for event in _ENDED):
            return "complete"
        return "live" if any(self.actual(event) for event in _BEGUN) else "planned"

    def until(self, day: date) -> Dates:
        """The same without what happened after a day."""
        told = Dates([])
        told._held = {
            key: on for key, on in self._held.items() if key[1] != "actual" or on.first <= day
        }
        return told

    def out_of_order(self) -> list[tuple[str, str]]:
        """Pairs of events of one kind of which the first is after the second, at the coarser
        precision."""
        return [
            (first, second)
            for first, second in _ORDERED
            for kind in KINDS
            if (a := self._held.get((first, kind)))
            and (b := self._held.get((second, kind)))
            and a.is_after(b)
        ]


def read_happenings(
    given: Any, events: Mapping[str, str]
) -> tuple[list[Happening], dict[str, list[str]]]:
    """(events in the order of the codelist, what is wrong by place). `events` are code and label."""
    if not isinstance(given, list) or len(given) > 2 * len(events):
        return [], {"": ["Give a list of dated events"]}
    wrong: dict[str, list[str]] = {}
    kept: dict[tuple[str, str], Happening] = {}
    for number, item in enumerate(given, 1):
        if says := _fault(item, events, kept):
            wrong[f"[{number}]"] = [says]
            continue
        event, kind = item["event"], item["kind"]
        on = str(Moment.read(item["on"]))
        kept[event, kind] = {"event": event, "kind": kind, "on": on}
    order = {code: place for place, code in enumerate(events)}
    return sorted(kept.values(), key=lambda h: (order[h["event"]], h["kind"])), wrong


def _fault(item: Any, events: Mapping[str, str], kept: Mapping[tuple[str, str], Any]) -> str:
    """What is wrong with one event; "" for nothing."""
    if not isinstance(item, Mapping) or set(item) != {"event", "on", "kind"}:
        return "Give an event, a date and whether it is intended or actual"
    event, kind = item["event"], item["kind"]
    if event not in events or kind not in KINDS:
        return "Select an event, and whether its date is intended or actual"
    if (event, kind) in kept:
        return f"“{events[event]}” has such a date already"
    try:
        Moment.read(item["on"] if isinstance(item["on"], str) else "")
    except ValueError:
        return "Enter a real date, as 2026, 2026-04 or 2026-04-27"
    return ""
