"""Reports, and what they recommend."""

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

REPORT = Lifecycle(
    noun="report",
    states={
        "draft": State("Draft", turn=OWNER),
        "submitted": State("Submitted", turn=OWNER, days=10, colour="blue"),
        "published": State("Published", colour="green"),
        "removed": State("Removed", end=True),
    },
    transitions=(
        Transition("draft", NEW, needs=Can.REPORT_DRAFT, target="draft", by=EITHER),
        Transition("edit", states("draft"), needs=Can.REPORT_DRAFT, by=EITHER),
        Transition(
            "submit",
            states("draft"),
            needs=Can.REPORT_DRAFT,
            target="submitted",
            by=EITHER,
            label="Submit for publication",
            main=True,
        ),
        Transition(
            "return",
            states("submitted"),
            needs=Can.REPORT_PUBLISH,
            target="draft",
            note=Note.REQUIRED,
        ),
        Transition(
            "cancel",
            states("submitted"),
            needs=Can.REPORT_DRAFT,
            target="draft",
            by=EITHER,
            label="Take it back",
        ),
        Transition(
            "publish", states("submitted"), needs=Can.REPORT_PUBLISH, target="published", main=True
        ),
        Transition(
            "amend",
            states("published"),
            needs=Can.REPORT_DRAFT,
            by=EITHER,
            note=Note.REQUIRED,
            label="Correct what is said of it",
        ),
        Transition(
            "remove",
            states("draft", "published"),
            needs=Can.REPORT_PUBLISH,
            target="removed",
            note=Note.REQUIRED,
        ),
        # What a source says was published already.
        Transition(
            "record",
            NEW,
            needs=Can.REPORT_DRAFT,
            target="published",
            by=EITHER,
            hidden=True,
        ),
    ),
)

ADDRESSEE = "addressee"
RECOMMENDATION = Lifecycle(
    noun="recommendation",
    states={
        "open": State("No response", colour="blue"),
        "responded": State("Responded", colour="turquoise"),
        "done": State("Done", colour="green", end=True),
        "removed": State("Removed", end=True),
    },
    transitions=(
        Transition("add", NEW, needs=Can.RECOMMENDATION_ADD, target="open"),
        Transition("edit", states("open"), needs=Can.RECOMMENDATION_ADD),
        Transition(
            "respond",
            states("open", "responded"),
            needs=Can.RECOMMENDATION_RESPOND,
            target="responded",
            by=ADDRESSEE,
        ),
        Transition(
            "finish",
            states("responded"),
            needs=Can.RECOMMENDATION_RESPOND,
            target="done",
            by=ADDRESSEE,
            label="Say what changed",
        ),
        Transition(
            "remove",
            states("open"),
            needs=Can.RECOMMENDATION_ADD,
            target="removed",
            note=Note.REQUIRED,
        ),
    ),
)
