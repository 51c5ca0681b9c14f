"""The lives of stored tables and their versions, of shares, unusual reads, sources and totals."""

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

FLAG = Lifecycle(
    noun="flag",
    states={
        "open": State("Not looked at", turn=OWNER, colour="yellow"),
        "settled": State("Looked at", end=True, colour="green"),
    },
    transitions=(
        Transition("raise", NEW, needs=Can.SHARE_CLOSE, target="open", hidden=True),
        Transition(
            "settle",
            states("open"),
            needs=Can.SHARE_CLOSE,
            target="settled",
            note=Note.REQUIRED,
            main=True,
            label="Mark as looked at",
        ),
    ),
)

_LIVE = ("draft", "active", "failing", "paused")
SOURCE = Lifecycle(
    noun="source",
    states={
        "draft": State("Draft", turn=OWNER),
        "active": State("Active", colour="green"),
        "failing": State("Failing", colour="red", turn=OWNER),
        "paused": State("Paused", colour="yellow"),
        "closed": State("Closed", end=True),
    },
    transitions=(
        Transition("draft", NEW, needs=Can.TABLE_LOAD, target="draft"),
        Transition("edit", states(*_LIVE), needs=Can.TABLE_LOAD),
        Transition("start", states("draft"), needs=Can.TABLE_LOAD, target="active", main=True),
        Transition("run", states(*_LIVE), needs=Can.TABLE_LOAD, label="Run now"),
        Transition("pause", states("active", "failing"), needs=Can.TABLE_LOAD, target="paused"),
        Transition("resume", states("paused"), needs=Can.TABLE_LOAD, target="active"),
        Transition("close", states(*_LIVE), needs=Can.TABLE_LOAD, target="closed"),
        # How a run ended. A failure and its end are moves, of which people are told, once each.
        Transition("report", states(*_LIVE), needs=Can.TABLE_LOAD, hidden=True),
        Transition("fail", states("active"), needs=Can.TABLE_LOAD, target="failing", hidden=True),
        Transition(
            "recover", states("failing"), needs=Can.TABLE_LOAD, target="active", hidden=True
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
