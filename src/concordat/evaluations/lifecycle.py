"""The lives of the registry's nouns: plain data that every door reads."""

from __future__ import annotations

from concordat.evaluations.policy import Can
from concordat.kernel.lifecycle import (
    ANY,
    ANYONE,
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

APPROVER, ASSESSOR = "approver", "assessor"
_BEFORE = states("draft", "in_review", "signed_off")

EVALUATION = Lifecycle(
    noun="evaluation",
    states={
        "draft": State("Draft", turn=OWNER),
        "in_review": State("In review", turn=APPROVER, days=15, colour="blue"),
        "signed_off": State("Signed off", turn=OWNER, days=10, colour="turquoise"),
        "published": State("Published", colour="green"),
        "withdrawn": State("Withdrawn", colour="red"),
        "cancelled": State("Cancelled", end=True),
    },
    transitions=(
        Transition("draft", NEW, needs=Can.EVALUATION_DRAFT, target="draft"),
        Transition("edit", states("draft"), needs=Can.EVALUATION_DRAFT, by=EITHER),
        Transition(
            "submit",
            states("draft"),
            needs=Can.EVALUATION_SUBMIT,
            target="in_review",
            opens_to=Visibility.PARTIES,  # the approver is a party to it
            label="Submit for sign-off",
            main=True,
        ),
        Transition(
            "return",
            states("in_review", "signed_off"),
            needs=Can.EVALUATION_SIGN_OFF,
            target="draft",
            opens_to=Visibility.OWNER,
            note=Note.REQUIRED,
        ),
        Transition(
            "sign_off",
            states("in_review"),
            needs=Can.EVALUATION_SIGN_OFF,
            target="signed_off",
            by=APPROVER,
            apart_from=("submit",),
            main=True,
        ),
        Transition(
            "publish",
            states("signed_off"),
            needs=Can.EVALUATION_PUBLISH,
            target="published",
            opens_to=Visibility.PUBLIC,
            main=True,
        ),
        Transition(
            "cancel",
            _BEFORE,
            needs=Can.EVALUATION_DRAFT,
            target="cancelled",
            opens_to=Visibility.OWNER,
        ),
        Transition(
            "amend",
            states("published"),
            needs=Can.EVALUATION_DRAFT,
            by=EITHER,
            note=Note.REQUIRED,
            label="Amend the plan",
            main=True,
        ),
        Transition(
            "withdraw",
            states("published"),
            needs=Can.EVALUATION_WITHDRAW,
            target="withdrawn",
            note=Note.REQUIRED,
        ),
        Transition(
            "restore",
            states("withdrawn"),
            needs=Can.EVALUATION_WITHDRAW,
            target="published",
            note=Note.REQUIRED,
        ),
        Transition(
            "version",
            states("published"),
            needs=Can.EVALUATION_DRAFT,
            by=EITHER,
            hidden=True,
        ),
        Transition(
            "reply",
            states("published"),
            needs=Can.EVALUATION_DRAFT,
            by=EITHER,
            label="Reply to what readers may ask",
        ),
        Transition("invite", ANY, needs=Can.EVALUATION_DRAFT, label="Invite an editor"),
        Transition("transfer", ANY, needs=Can.EVALUATION_TRANSFER, note=Note.REQUIRED),
    ),
)

PLAN = Lifecycle(
    noun="plan",
    states={"fixed": State("Fixed", end=True)},
    transitions=(
        Transition("fix", NEW, needs=Can.EVALUATION_DRAFT, target="fixed", by=EITHER, hidden=True),
    ),
)

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
