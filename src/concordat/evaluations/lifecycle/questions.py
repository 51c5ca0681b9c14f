"""Questions, and what answers them."""

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
    Visibility,
    states,
)

QUESTION = Lifecycle(
    noun="question",
    states={
        "draft": State("Draft", turn=OWNER),
        "published": State("Unanswered", colour="blue"),
        "answered": State("Answered", colour="green"),
        "withdrawn": State("Withdrawn", colour="red", end=True),
    },
    transitions=(
        Transition("draft", NEW, needs=Can.QUESTION_DRAFT, target="draft", label="Ask a question"),
        Transition(
            "load",
            NEW,
            needs=Can.QUESTION_PUBLISH,
            target="published",
            opens_to=Visibility.PUBLIC,
            hidden=True,
        ),
        Transition("edit", states("draft", "published", "answered"), needs=Can.QUESTION_DRAFT),
        Transition(
            "publish",
            states("draft"),
            needs=Can.QUESTION_PUBLISH,
            target="published",
            opens_to=Visibility.PUBLIC,
            main=True,
        ),
        Transition(
            "answer",
            states("published"),
            needs=Can.QUESTION_PUBLISH,
            target="answered",
            note=Note.REQUIRED,
            label="Say what the answer is",
            main=True,
        ),
        Transition(
            "reopen",
            states("answered"),
            needs=Can.QUESTION_PUBLISH,
            target="published",
            note=Note.REQUIRED,
        ),
        Transition(
            "withdraw",
            states("draft", "published", "answered"),
            needs=Can.QUESTION_PUBLISH,
            target="withdrawn",
            note=Note.REQUIRED,
        ),
    ),
)

ASKER = "asker"

QUESTION_LINK = Lifecycle(
    noun="question_link",
    states={
        "proposed": State("Proposed", colour="yellow"),
        "confirmed": State("Confirmed", colour="green"),
        "refused": State("Refused", end=True),
        "removed": State("Removed", end=True),
    },
    transitions=(
        Transition("propose", NEW, needs=Can.QUESTION_LINK_PROPOSE, target="proposed"),
        Transition(
            "confirm",
            states("proposed"),
            needs=Can.QUESTION_LINK_CONFIRM,
            target="confirmed",
            by=ASKER,
            apart_from=("propose",),
        ),
        Transition(
            "refuse",
            states("proposed"),
            needs=Can.QUESTION_LINK_CONFIRM,
            target="refused",
            by=ASKER,
            note=Note.REQUIRED,
        ),
        Transition(
            "remove",
            states("proposed", "confirmed"),
            needs=Can.QUESTION_LINK_PROPOSE,
            target="removed",
            by=EITHER,
        ),
    ),
)
