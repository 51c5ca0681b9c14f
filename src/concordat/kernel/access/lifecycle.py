"""The life of a grant."""

from __future__ import annotations

from concordat.kernel.access.policy import Can
from concordat.kernel.lifecycle import NEW, Lifecycle, Note, State, Transition, states

GRANT = Lifecycle(
    noun="grant",
    states={
        "active": State("Active", colour="green"),
        "revoked": State("Revoked", end=True),
    },
    transitions=(
        Transition("give", NEW, needs=Can.GRANT_GIVE, target="active"),
        Transition(
            "revoke",
            states("active"),
            needs=Can.GRANT_REVOKE,
            target="revoked",
            note=Note.OPTIONAL,
        ),
    ),
)
