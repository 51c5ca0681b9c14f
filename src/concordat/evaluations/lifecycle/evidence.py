"""Ratings and findings."""

from __future__ import annotations

from concordat.evaluations.policy import Can
from concordat.kernel.lifecycle import (
    ANYONE,
    EITHER,
    NEW,
    Lifecycle,
    Note,
    State,
    Transition,
    states,
)

ASSESSOR = "assessor"

ASSESSMENT = Lifecycle(
    noun="assessment",
    states={
        "draft": State("Draft"),
        "published": State("Published", colour="green"),
        "withdrawn": State("Withdrawn", end=True, colour="red"),
        "cancelled": State("Cancelled", end=True),
    },
    transitions=(
        Transition("draft", NEW, needs=Can.EVALUATION_ASSESS, target="draft", by=ANYONE),
        Transition("edit", states("draft"), needs=Can.EVALUATION_ASSESS, by=ASSESSOR),
        Transition(
            "publish",
            states("draft"),
            needs=Can.EVALUATION_ASSESS,
            target="published",
            by=ASSESSOR,
            main=True,
        ),
        Transition(
            "cancel",
            states("draft"),
            needs=Can.EVALUATION_ASSESS,
            target="cancelled",
            by=ASSESSOR,
        ),
        Transition(
            "withdraw",
            states("published"),
            needs=Can.EVALUATION_ASSESS,
            target="withdrawn",
            by=ASSESSOR,
            note=Note.REQUIRED,
        ),
    ),
)

FINDING = Lifecycle(
    noun="finding",
    states={
        "stated": State("Stated", colour="green"),
        "removed": State("Removed", end=True, colour="red"),
    },
    transitions=(
        Transition("draft", NEW, needs=Can.EVALUATION_DRAFT, target="stated", by=EITHER),
        Transition(
            "edit",
            states("stated"),
            needs=Can.EVALUATION_DRAFT,
            by=EITHER,
            note=Note.OPTIONAL,
        ),
        Transition(
            "match",
            states("stated"),
            needs=Can.EVALUATION_DRAFT,
            by=EITHER,
            label="Say which outcome of the plan it is",
        ),
        Transition(
            "remove",
            states("stated"),
            needs=Can.EVALUATION_DRAFT,
            target="removed",
            by=EITHER,
            note=Note.REQUIRED,
        ),
    ),
)
