"""The lives of a stored table, one version of it, and a share."""

from __future__ import annotations

from concordat.kernel.lifecycle import (
    ANYONE,
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
            "roll_back",
            states("ready"),
            needs=Can.TABLE_LOAD,
            target="ready",
            note=Note.REQUIRED,
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
    states={
        "loaded": State("Kept", colour="green"),
        "retired": State("No longer kept"),  # and its files are still to be removed
        "removed": State("Removed", end=True),
    },
    transitions=(
        Transition("load", NEW, needs=Can.TABLE_LOAD, target="loaded", hidden=True),
        Transition(
            "retire", states("loaded"), needs=Can.TABLE_WITHDRAW, target="retired", hidden=True
        ),
        Transition(
            "remove", states("retired"), needs=Can.TABLE_WITHDRAW, target="removed", hidden=True
        ),
    ),
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
            "announce",
            states("open", "suspended"),
            needs=Can.TABLE_LOAD,
            note=Note.REQUIRED,
            tells=Can.TABLE_READ,
            hidden=True,
        ),
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

QUERY_RUN = Lifecycle(
    noun="query_run",
    states={"ended": State("Ended", end=True)},
    transitions=(
        Transition(
            "end", NEW, needs=Can.TABLE_READ, target="ended", by=ANYONE, hidden=True, label="Run"
        ),
    ),
)

SAVED_QUERY = Lifecycle(
    noun="saved_query",
    states={
        "private": State("Only you"),
        "shared": State("Your organisation", colour="green"),
        "removed": State("Removed", end=True),
    },
    transitions=(
        Transition(
            "save", NEW, needs=Can.TABLE_READ, target="private", by=ANYONE, label="Save this query"
        ),
        Transition("edit", states("private", "shared"), needs=Can.TABLE_READ, by="person"),
        Transition(
            "share",
            states("private"),
            needs=Can.TABLE_READ,
            target="shared",
            by="person",
            label="Share with your organisation",
        ),
        Transition(
            "unshare",
            states("shared"),
            needs=Can.TABLE_READ,
            target="private",
            by="person",
            label="Keep to yourself",
        ),
        Transition(
            "remove",
            states("private", "shared"),
            needs=Can.TABLE_READ,
            target="removed",
            by="person",
        ),
    ),
)
