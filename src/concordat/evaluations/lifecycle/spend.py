"""Major projects, and what they cost."""

from __future__ import annotations

from concordat.evaluations.policy import Can
from concordat.kernel.lifecycle import (
    ANY,
    ANYONE,
    NEW,
    Lifecycle,
    Note,
    State,
    Transition,
    states,
)


def _kept(verb: str, sources: frozenset[str], target: str | None = None) -> Transition:
    """A deed of the loader upon reference data, which no page offers by itself."""
    return Transition(
        verb, sources, needs=Can.PORTFOLIO_LOAD, target=target, by=ANYONE, hidden=True
    )


PROJECT = Lifecycle(
    noun="project",
    states={"listed": State("Listed"), "joined": State("Joined to another")},
    transitions=(
        _kept("draft", NEW, "listed"),
        _kept("edit", ANY),
        Transition(
            "join",
            states("listed"),
            needs=Can.PORTFOLIO_LOAD,
            target="joined",
            by=ANYONE,
            label="Join to another number",
        ),
        Transition(
            "separate",
            states("joined"),
            needs=Can.PORTFOLIO_LOAD,
            target="listed",
            by=ANYONE,
            note=Note.REQUIRED,
        ),
    ),
)

SPEND_LINE = Lifecycle(
    noun="spend_line",
    states={"listed": State("Listed"), "withdrawn": State("No longer in the file")},
    transitions=(
        _kept("draft", NEW, "listed"),
        _kept("edit", ANY, "listed"),
        _kept("withdraw", states("listed"), "withdrawn"),
    ),
)

PORTFOLIO_YEAR = Lifecycle(
    noun="portfolio_year",
    states={"loaded": State("Loaded", end=True)},
    transitions=(
        _kept("draft", NEW, "loaded"),
        _kept("edit", states("loaded")),
        Transition(
            "state_total",
            states("loaded"),
            needs=Can.PORTFOLIO_LOAD,
            by=ANYONE,
            label="Say the published total",
        ),
    ),
)
