"""The lives of a stored table, one version of it, a share, and a table of totals."""

from __future__ import annotations

from concordat.kernel.lifecycle import (
    NEW,
    OWNER,
    Lifecycle,
    Note,
    State,
    Transition,
    Visibility,
    states,
)
from concordat.tables.policy import Can

TABLE = Lifecycle(
    noun="table",
    states={
        "empty": State("No data yet", turn=OWNER),
        "ready": State("Ready", colour="green"),
        "withdrawn": State("Withdrawn"),
    },
    transitions=(
        Transition("draft", NEW, needs=Can.TABLE_DRAFT, target="empty"),
        Transition("edit", states("empty", "ready"), needs=Can.TABLE_DRAFT),
        Transition(
            "load", states("empty", "ready"), needs=Can.TABLE_LOAD, target="ready", hidden=True
        ),
        Transition(
            "withdraw",
            states("empty", "ready"),
            needs=Can.TABLE_WITHDRAW,
            target="withdrawn",
            note=Note.REQUIRED,
        ),
        Transition("restore", states("withdrawn"), needs=Can.TABLE_WITHDRAW, target="ready"),
    ),
)

VERSION = Lifecycle(
    noun="table_version",
    states={"loaded": State("Loaded", end=True, colour="green")},
    transitions=(Transition("load", NEW, needs=Can.TABLE_LOAD, target="loaded", hidden=True),),
)

SHARE = Lifecycle(
    noun="share",
    states={
        "open": State("Open", colour="green"),
        "suspended": State("Suspended", colour="yellow"),
        "closed": State("Closed", end=True),
    },
    transitions=(
        Transition(
            "open",
            NEW,
            needs=Can.SHARE_OPEN,
            target="open",
            opens_to=Visibility.PARTIES,
            hidden=True,
        ),
        Transition(
            "suspend", states("open"), needs=Can.SHARE_CLOSE, target="suspended", note=Note.REQUIRED
        ),
        Transition("resume", states("suspended"), needs=Can.SHARE_CLOSE, target="open"),
        Transition(
            "close",
            states("open", "suspended"),
            needs=Can.SHARE_CLOSE,
            target="closed",
            note=Note.OPTIONAL,
            hidden=True,
        ),
    ),
)

RECIPIENT = "recipient"
_ASKED = ("release", "release_part", "refuse", "submit")


def _asked(verb: str, target: str, label: str = "") -> Transition:
    """What comes of asking for totals: the rules say which of three."""
    return Transition(
        verb,
        NEW,
        needs=Can.OUTPUT_ASK,
        by=RECIPIENT,
        target=target,
        opens_to=Visibility.PARTIES,
        label=label,
        hidden=True,
    )


OUTPUT = Lifecycle(
    noun="output",
    states={
        "released": State("Released", end=True, colour="green"),
        "part_released": State("Released in part", colour="yellow"),
        "refused": State("Refused", colour="red"),
        "in_review": State("In review", turn=OWNER, days=10, colour="blue"),
        "rejected": State("Not cleared", end=True, colour="red"),
    },
    transitions=(
        _asked("release", "released"),
        _asked("release_part", "part_released", "Release in part"),
        _asked("refuse", "refused"),
        Transition(
            "submit",
            states("part_released", "refused"),
            needs=Can.OUTPUT_ASK,
            by=RECIPIENT,
            target="in_review",
            note=Note.REQUIRED,
            label="Ask for clearance",
        ),
        Transition(
            "clear",
            states("in_review"),
            needs=Can.OUTPUT_CLEAR,
            target="released",
            note=Note.REQUIRED,
            apart_from=_ASKED,
            main=True,
        ),
        Transition(
            "reject",
            states("in_review"),
            needs=Can.OUTPUT_CLEAR,
            target="rejected",
            note=Note.REQUIRED,
            apart_from=_ASKED,
        ),
    ),
)
