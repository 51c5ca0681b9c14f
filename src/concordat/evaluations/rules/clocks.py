"""Are results late? One definition, reckoned when read; `today` is always told.

After the trackers of clinical trials and the rules of the UK registry: results are due twelve weeks
after the final report is signed off, else on the planned publication date. A date known to the month
gives two readings: the strict one takes the earliest day that results can have been due and the
latest that they can have come, the generous one the other way about. Both numbers are always told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from concordat.evaluations.rules.dates import Moment

GRACE: Final = 30  # days past due after which what nobody handed in counts as overdue
WEEKS: Final = timedelta(weeks=12)  # from the sign-off of the final report to its publication

State = Literal[
    "not_due",
    "in_grace",
    "overdue",
    "overdue_withdrawn",
    "submitted",
    "submitted_late",
    "published",
    "published_late",
    "published_early",
    "exempt",
    "exempt_published",
    "inconsistent",
    "left_scope",
]
STATES: Final[dict[str, str]] = {
    "not_due": "Not due yet",
    "in_grace": "Due now",
    "overdue": "Overdue",
    "overdue_withdrawn": "Overdue: handed in and taken back",
    "submitted": "Handed in",
    "submitted_late": "Handed in late",
    "published": "Published on time",
    "published_late": "Published late",
    "published_early": "Published early",
    "exempt": "Exempt",
    "exempt_published": "Exempt, and published all the same",
    "inconsistent": "Cannot be judged",
    "left_scope": "No longer covered",
}
# Due, the grace over, whether or not it came: what a share of results published is a share of.
DUE: Final = frozenset(
    {
        "overdue",
        "overdue_withdrawn",
        "submitted",
        "submitted_late",
        "published",
        "published_late",
    }
)
OUT: Final = DUE - {"overdue", "overdue_withdrawn"}
OVERDUE: Final = frozenset({"overdue", "overdue_withdrawn"})
LATE: Final = frozenset({"overdue", "overdue_withdrawn", "submitted_late", "published_late"})


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to results: `on` None where the day is not known, `inferred` where it
    was reckoned. Events stand in the order in which they happened, which decides where two have one
    day."""

    kind: Literal["submitted", "returned", "cancelled", "published"]
    on: Moment | None
    inferred: bool = False


def inferred(events: Sequence[Event]) -> tuple[Event, ...]:
    """The events, each that has no day given one and marked.

    Against whoever is late: results are taken to have come as late as what followed, and to have
    been returned or taken back as early as what went before. With nothing to go by, a day stays
    unknown.
    """
    told: list[Event] = []
    for place, event in enumerate(events):
        if event.on is not None:
            told.append(event)
            continue
        before = next((e.on for e in reversed(told) if e.on), None)
        after = next((e.on for e in events[place + 1 :] if e.on), None)
        came = event.kind in ("submitted", "published")
        day = (after or before) if came else (before or after)
        told.append(Event(event.kind, day, inferred=day is not None))
    return tuple(told)


@dataclass(frozen=True, slots=True)
class Span:
    """A due date that may be any day from `first` to `last`."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Leave:
    """An exemption: until it expires, nothing is due."""

    granted: date
    expires: date


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of one evaluation's results. `wrong` says why it cannot be judged; "" if it can.

    `due` is what a rule of due date makes of its dates: the engine asks no more of the rule.
    `completed` is when what is to be reported was complete: what is published before is early.
    `covered` is False for one that is gone from the source: kept, in no count, and it may return.
    """

    due: Moment | Span | None
    events: tuple[Event, ...] = ()
    leaves: tuple[Leave, ...] = ()
    completed: Moment | None = None
    wrong: str = ""
    covered: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """A case judged on a day. Numbers are days late, by the strict and the generous reading;
    `penalised` are those beyond the grace that nobody can excuse. `counts` says that it is among
    those due, whether or not it came: in no grace, not exempt, and with its due date behind it."""

    state: State
    due: date | None = None  # by the strict reading
    due_at_latest: date | None = None  # by the generous one
    strict: int = 0
    generous: int = 0
    penalised: int = 0
    reason: str = ""
    counts: bool = False

    @property
    def is_late(self) -> bool:
        """What is shown as late: by the strict number."""
        return self.state in LATE

    @property
    def label(self) -> str:
        """The words for its state."""
        return STATES[self.state]


def due_of(sign_off: Moment | None, planned: Moment | None) -> Span | None:
    """When results are due: twelve weeks after the sign-off of the final report, else as planned.

    A sign-off known to the month is due from twelve weeks after its first day, by the strict
    reading, to twelve weeks after its last, by the generous one.
    """
    if sign_off is not None:
        return Span(sign_off.first + WEEKS, sign_off.last + WEEKS)
    return Span(planned.first, planned.last) if planned is not None else None


def judge(case: Case, today: date, grace: int = GRACE) -> Verdict:
    """The state of a case on a day, with both numbers."""
    if not case.covered:
        return Verdict("left_scope")
    if case.wrong:
        return Verdict("inconsistent", reason=case.wrong)
    known = tuple(e for e in inferred(case.events) if e.on is None or e.on.first <= today)
    strict_due, generous_due = _due(case, today)
    last, first = _standing(known), _first(known)
    strict = _late(min(last.last, today) if last else None, strict_due, today, grace)
    generous = _late(first.first if first else None, generous_due, today, grace)
    generous = min(generous, strict)
    state = _state(case, known, strict, today, strict_due)
    passed = strict_due is not None and strict_due < today
    return Verdict(
        state,
        strict_due,
        generous_due,
        strict,
        generous,
        max(0, generous - grace) if strict > 0 else 0,
        counts=passed and (state in DUE or state == "published_early"),
    )


def _due(case: Case, today: date) -> tuple[date | None, date | None]:
    """(strict, generous) due dates; leave that was granted puts them off to its end."""
    if case.due is None:
        return None, None
    ends = [leave.expires for leave in case.leaves if leave.granted <= today]
    return max([case.due.first, *ends]), max([case.due.last, *ends])


def _standing(events: Sequence[Event]) -> Moment | None:
    """When results first came in after they were last taken back; None if nothing stands."""
    for place in range(len(events) - 1, -1, -1):
        if events[place].kind == "cancelled":
            return _first(events[place + 1 :])
    return _first(events)


def _first(events: Sequence[Event]) -> Moment | None:
    """When results first came in, whatever became of them. What was published before anybody said
    here that it was handed in came when it was published."""
    came = [event.on for event in events if event.kind in ("submitted", "published") and event.on]
    return min(came, key=lambda moment: moment.last, default=None)


def _late(came: date | None, due: date | None, today: date, grace: int) -> int:
    """Days late. What has come is late from the first day; what has not, once the grace is over."""
    if due is None:
        return 0
    if came is not None:
        return max(0, (came - due).days)
    days = (today - due).days
    return days if days > grace else 0


def _state(
    case: Case, events: Sequence[Event], strict: int, today: date, due: date | None
) -> State:
    taken_back = max((n for n, e in enumerate(events) if e.kind == "cancelled"), default=-1)
    standing = events[taken_back + 1 :]
    out = next((e for e in standing if e.kind == "published"), None)
    if out is not None:
        return _published(case, out, strict, today, due)
    if any(event.kind == "submitted" for event in standing):
        return "submitted_late" if strict else "submitted"
    if _on_leave(case, today):
        return "exempt"
    if due is None or today <= due:
        return "not_due"
    if strict == 0:
        return "in_grace"
    return "overdue_withdrawn" if taken_back >= 0 else "overdue"


def _published(case: Case, out: Event, strict: int, today: date, due: date | None) -> State:
    if _on_leave(case, today):
        return "exempt_published"
    early = out.on is not None and case.completed is not None and case.completed.is_after(out.on)
    if early or due is None or due > today:
        return "published_early"
    return "published_late" if strict else "published"


def _on_leave(case: Case, today: date) -> bool:
    """Whether leave keeps it from being due today, when it would be."""
    would = case.due is not None and case.due.first < today
    return would and any(leave.granted <= today <= leave.expires for leave in case.leaves)


@dataclass(frozen=True)
class Standing:
    """One body in the table: how many results were due, how many of those came, how late they are.

    `share` is of those due, in per cent to one decimal, and `rank` begins at 1 with ties sharing
    it; both None for a body with nothing due.
    """

    name: str
    due: int
    out: int
    late: int
    overdue: int
    exempt: int
    inconsistent: int
    strict: int
    generous: int
    penalised: int
    share: float | None = None
    rank: int | None = None


def standing_of(name: str, verdicts: Sequence[Verdict]) -> Standing:
    """The figures of one body, before it has a rank."""
    states = [verdict.state for verdict in verdicts]
    due = sum(verdict.counts for verdict in verdicts)
    out = sum(verdict.counts and verdict.state not in OVERDUE for verdict in verdicts)
    return Standing(
        name=name,
        due=due,
        out=out,
        late=sum(s in LATE and s in OUT for s in states),
        overdue=sum(s in OVERDUE for s in states),
        exempt=sum(s in ("exempt", "exempt_published") for s in states),
        inconsistent=sum(s == "inconsistent" for s in states),
        strict=sum(verdict.strict for verdict in verdicts),
        generous=sum(verdict.generous for verdict in verdicts),
        penalised=sum(verdict.penalised for verdict in verdicts),
        share=round(100 * out / due, 1) if due else None,
    )


def ranked(standings: Sequence[Standing]) -> list[Standing]:
    """With ranks: by share, then by days late; bodies with nothing due last, without a rank."""
    told = [s for s in standings if s.share is not None]
    told.sort(key=lambda s: (-(s.share or 0), s.strict, s.name))
    placed: list[Standing] = []
    for place, standing in enumerate(told, 1):
        same = placed and placed[-1].share == standing.share
        rank = placed[-1].rank if same else place
        placed.append(Standing(**{**standing.__dict__, "rank": rank}))
    rest = sorted((s for s in standings if s.share is None), key=lambda s: s.name)
    return [*placed, *rest]


def quarter_ends(today: date, most: int = 12) -> list[date]:
    """The last days of the quarters that are over, newest first."""
    months = today.year * 12 + (today.month - 1) // 3 * 3  # whole months before this quarter
    firsts = [divmod(months - 3 * back, 12) for back in range(most)]
    return [date(year, month + 1, 1) - timedelta(days=1) for year, month in firsts]
