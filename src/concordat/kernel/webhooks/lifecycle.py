"""The life of a webhook."""

from __future__ import annotations

from concordat.kernel.lifecycle import NEW, Lifecycle, Note, State, Transition, states
from concordat.kernel.webhooks.policy import Can

_OPEN = states("active", "paused")

WEBHOOK = Lifecycle(
    noun="webhook",
    states={
        "active": State("Active", colour="green"),
        "paused": State("Paused", colour="yellow"),
        "closed": State("Closed", end=True),
    },
    transitions=(
        Transition("draft", NEW, needs=Can.WEBHOOK_DRAFT, target="active"),
        Transition("edit", _OPEN, needs=Can.WEBHOOK_DRAFT),
        Transition("ping", states("active"), needs=Can.WEBHOOK_DRAFT, label="Send a test"),
        Transition("renew", _OPEN, needs=Can.WEBHOOK_DRAFT, label="Make a new secret"),
        Transition(
            "pause",
            states("active"),
            needs=Can.WEBHOOK_DRAFT,
            target="paused",
            note=Note.OPTIONAL,
        ),
        Transition("resume", states("paused"), needs=Can.WEBHOOK_DRAFT, target="active"),
        Transition("close", _OPEN, needs=Can.WEBHOOK_CLOSE, target="closed", note=Note.OPTIONAL),
    ),
)
