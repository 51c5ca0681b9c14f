"""Leave to publish later, and the chase of what is overdue."""

from __future__ import annotations

from concordat.evaluations.policy import Can
from concordat.kernel.lifecycle import (
    EITHER,
    NEW,
    OWNER,
    Lifecycle,
    Note,
    State,
    Transition,
    states,
)

EXEMPTION = Lifecycle(
    noun="exemption",
    states={
        "asked": State("Asked for", turn=OWNER, days=10, colour="blue"),
        "granted": State("Granted", colour="purple"),
        "refused": State("Refused", end=True, colour="red"),
        "ended": State("Ended", end=True),
    },
    transitions=(
        Transition(
            "draft",
            NEW,
            needs=Can.EXEMPTION_DRAFT,
            target="asked",
            by=EITHER,
            label="Ask for an exemption",
        ),
        Transition(
            "accept",
            states("asked"),
            needs=Can.EXEMPTION_ACCEPT,
            target="granted",
            apart_from=("draft",),
            label="Grant",
            main=True,
        ),
        Transition(
            "reject",
            states("asked"),
            needs=Can.EXEMPTION_ACCEPT,
            target="refused",
            note=Note.REQUIRED,
            label="Refuse",
        ),
        Transition(
            "close",
            states("asked", "granted"),
            needs=Can.EXEMPTION_DRAFT,
            target="ended",
            by=EITHER,
            note=Note.REQUIRED,
            label="End",
        ),
    ),
)

ESCALATION = Lifecycle(
    noun="escalation",
    states={
        "sent": State("Waits for an answer", turn=OWNER, days=14, colour="orange"),
        "answered": State("Answered", end=True, colour="green"),
    },
    transitions=(
        Transition("send", NEW, needs=Can.EVALUATION_DRAFT, target="sent", hidden=True),
        Transition(
            "draft",
            NEW,
            needs=Can.EVALUATION_DRAFT,
            target="answered",
            by=EITHER,
            label="Say why it is late",
        ),
        Transition(
            "answer",
            states("sent"),
            needs=Can.EVALUATION_DRAFT,
            target="answered",
            by=EITHER,
            main=True,
        ),
    ),
)
