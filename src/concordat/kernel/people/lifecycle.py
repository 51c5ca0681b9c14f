"""The lives of a person's account, an API client and a token."""

from __future__ import annotations

from concordat.kernel.access.policy import Can
from concordat.kernel.lifecycle import ANY, NEW, Lifecycle, Note, State, Transition, states

PERSON = Lifecycle(
    noun="person",
    states={
        "active": State("Active", colour="green"),
        "closed": State("Closed"),
    },
    transitions=(
        Transition("invite", NEW, needs=Can.PERSON_INVITE, target="active"),
        Transition(
            "invite_again",
            states("active"),
            needs=Can.PERSON_INVITE,
            label="Send the invitation again",
        ),
        Transition("edit", ANY, needs=Can.PERSON_INVITE, by="self"),
        Transition(
            "close",
            states("active"),
            needs=Can.PERSON_CLOSE,
            target="closed",
            note=Note.OPTIONAL,
        ),
        Transition("reopen", states("closed"), needs=Can.PERSON_CLOSE, target="active"),
    ),
)

CLIENT = Lifecycle(
    noun="client",
    states={
        "active": State("Active", colour="green"),
        "closed": State("Closed", end=True),
    },
    transitions=(
        Transition("draft", NEW, needs=Can.CLIENT_DRAFT, target="active"),
        Transition("edit", states("active"), needs=Can.CLIENT_DRAFT),
        Transition("renew", states("active"), needs=Can.CLIENT_DRAFT, label="Make a new secret"),
        Transition(
            "close",
            states("active"),
            needs=Can.CLIENT_CLOSE,
            target="closed",
            note=Note.OPTIONAL,
        ),
    ),
)

TOKEN = Lifecycle(
    noun="token",
    states={
        "active": State("Active", colour="green"),
        "revoked": State("Revoked", end=True),
    },
    transitions=(
        Transition("issue", NEW, needs=Can.TOKEN_ISSUE, target="active", by="holder"),
        Transition(
            "revoke", states("active"), needs=Can.TOKEN_REVOKE, target="revoked", by="holder"
        ),
    ),
)
