"""Evaluations, the versions of their plans, and the files that they come from."""

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

APPROVER = "approver"

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
        Transition(
            "identify",
            states("published", "withdrawn"),
            needs=Can.EVALUATION_PUBLISH,
            label="Give a DOI",
            hidden=True,
        ),
        # What the clock says, each to those who may do what it tells of; it changes no field.
        *(
            Transition(verb, states("published"), needs=told, tells=told, by=by, hidden=True)
            for verb, told, by in (
                ("remind", Can.EVALUATION_DRAFT, OWNER),
                ("chase", Can.EVALUATION_SIGN_OFF, OWNER),
                ("alert", Can.EVALUATION_OVERSEE, OWNER),
                ("refer", Can.EVALUATION_REGULATE, ANYONE),
                ("report_on", Can.EVALUATION_FUND, ANYONE),
                ("ask_exemption", Can.EXEMPTION_ACCEPT, OWNER),
            )
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
        Transition(
            "identify",
            states("fixed"),
            needs=Can.EVALUATION_PUBLISH,
            label="Give a DOI",
            hidden=True,
        ),
    ),
)

INTAKE = Lifecycle(
    noun="intake",
    states={"kept": State("Kept", end=True)},
    transitions=(Transition("keep", NEW, needs=Can.EVALUATION_DRAFT, target="kept", hidden=True),),
)
