"""A lifecycle is data: states, and the transitions between them. No Django, no database.

The buttons on a page, the links in the API, the choices in the console, the diagram in the docs and
the access matrix all read the same table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Final


class Visibility(IntEnum):
    """Who may know that a record exists, from the fewest to everybody."""

    OWNER = 0
    PARTIES = 1
    GOVERNMENT = 2
    PARTNERS = 3
    PUBLIC = 4

    @property
    def label(self) -> str:
        """The words a page shows."""
        return {
            0: "Only the owning organisation",
            1: "The organisations it is between",
            2: "Across government",
            3: "Government and partner organisations",
            4: "Everyone",
        }[int(self)]


class Note(Enum):
    """Whether a deed carries words of explanation."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


OWNER: Final = "owner"
EITHER: Final = "either"  # a side: whoever holds the permission on any side of the record
ANYONE: Final = "anyone"  # a side: whoever holds the permission in any body
NEW: Final = frozenset({""})  # the sources of a transition that makes the record
ANY: Final[frozenset[str]] = frozenset({"*"})  # every state


@dataclass(frozen=True)
class State:
    """One status: what people call it, whose turn it is and for how many days."""

    label: str
    turn: str | None = None
    days: int | None = None
    end: bool = False
    colour: str = "grey"


@dataclass(frozen=True)
class Transition:
    """One edge: who may take it, from where to where, and what it opens.

    `target=None` keeps the status (an edit). `apart_from` names verbs whose last doer may not do
    this one (separation of duties). `opens_to=None` keeps the visibility.
    """

    verb: str
    sources: frozenset[str]
    needs: str
    target: str | None = None
    by: str = OWNER
    opens_to: Visibility | None = None
    note: Note = Note.NONE
    apart_from: tuple[str, ...] = ()
    label: str = ""
    hidden: bool = False  # done by the system or by another deed, never offered as a button
    # Whoever may do this on any side of the record (by ANYONE: in any body) is told, in the note's words.
    tells: str = ""
    main: bool = False  # what most people come to the record for: its button stands first, in green

    @property
    def makes(self) -> bool:
        """True when the transition creates its record."""
        return "" in self.sources

    @property
    def text(self) -> str:
        """The words on the button."""
        return self.label or self.verb.replace("_", " ").capitalize()

    def starts_from(self, status: str) -> bool:
        """True when the verb can be done to a record of this status."""
        return status in self.sources or ("*" in self.sources and status != "")


@dataclass(frozen=True)
class Lifecycle:
    """The states and transitions of one noun.

    Raises ValueError when a transition names an unknown state or a verb appears twice, when a state
    cannot be reached, or when one that is not an end cannot be left.
    """

    noun: str
    states: Mapping[str, State]
    transitions: tuple[Transition, ...]
    _by_verb: dict[str, Transition] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_verb = {t.verb: t for t in self.transitions}
        if len(by_verb) != len(self.transitions):
            raise ValueError(f"{self.noun}: a verb appears twice")
        object.__setattr__(self, "_by_verb", by_verb)
        self._check_names()
        self._check_reach()

    def _check_names(self) -> None:
        for transition in self.transitions:
            named = set(transition.sources) - {"", "*"}
            named |= {transition.target} if transition.target is not None else set()
            if unknown := named - set(self.states):
                raise ValueError(f"{self.noun}:{transition.verb} names {sorted(unknown)}")
            if transition.makes and transition.target is None:
                raise ValueError(f"{self.noun}:{transition.verb} makes a record without a status")

    def _check_reach(self) -> None:
        reached = {t.target for t in self.transitions if t.target}
        if missing := set(self.states) - reached:
            raise ValueError(f"{self.noun}: no transition reaches {sorted(missing)}")
        for name, state in self.states.items():
            leaves = any(t.target not in (None, name) for t in self.offered(name))
            if state.end == leaves:
                raise ValueError(
                    f"{self.noun}: {name} must either be left by a transition or be an end"
                )

    def __getitem__(self, verb: str) -> Transition:
        return self._by_verb[verb]

    def __contains__(self, verb: object) -> bool:
        return verb in self._by_verb

    def offered(self, status: str) -> tuple[Transition, ...]:
        """The transitions that start from `status`, in the order of the table."""
        return tuple(t for t in self.transitions if t.starts_from(status))

    def label(self, status: str) -> str:
        """The words for a status."""
        return self.states[status].label

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(status, label) pairs, as a Django field wants them."""
        return [(name, state.label) for name, state in self.states.items()]

    def permissions(self) -> frozenset[str]:
        """Every permission some transition asks for."""
        return frozenset(t.needs for t in self.transitions)


def states(*names: str) -> frozenset[str]:
    """The sources of a transition, written as words."""
    return frozenset(names)


def mermaid(lifecycle: Lifecycle) -> str:
    """The lifecycle as a Mermaid state diagram, for the generated documents."""
    lines = ["stateDiagram-v2"]
    for transition in lifecycle.transitions:
        lines += list(_edges(lifecycle, transition))
    lines += [f"    {name} --> [*]" for name, state in lifecycle.states.items() if state.end]
    return "\n".join(lines) + "\n"


def _edges(lifecycle: Lifecycle, transition: Transition) -> Iterable[str]:
    if transition.target is None:
        return
    sources = transition.sources
    named = (
        [s for s in lifecycle.states if transition.starts_from(s)] if "*" in sources else sources
    )
    for source in sorted(named):
        yield f"    {source or '[*]'} --> {transition.target}: {transition.verb} ({transition.by})"
