"""The life of an organisation in Concordat."""

from __future__ import annotations

from concordat.kernel.access.policy import Can
from concordat.kernel.lifecycle import ANY, ANYONE, NEW, Lifecycle, State, Transition, states

ORGANISATION = Lifecycle(
    noun="organisation",
    states={
        "live": State("Live", colour="green"),
        "closed": State("Closed"),
    },
    transitions=(
        Transition("draft", NEW, needs=Can.ORGANISATION_DRAFT, target="live", by=ANYONE),
        Transition("edit", ANY, needs=Can.ORGANISATION_EDIT),
        Transition(
            "place",
            ANY,
            needs=Can.PLATFORM_RUN,
            by=ANYONE,
            label="Say what it is part of and became",
        ),
        Transition("close", states("live"), needs=Can.PLATFORM_RUN, target="closed", by=ANYONE),
        Transition("reopen", states("closed"), needs=Can.PLATFORM_RUN, target="live", by=ANYONE),
    ),
)
