"""Verbs of tables of totals: asked for, judged, and cleared by somebody else."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from django.db import transaction

from concordat.kernel.access import Actor, may
from concordat.kernel.deeds import act
from concordat.kernel.refusals import Conflict, NotAllowed, NotVisible, Refusal, WrongState
from concordat.tables import queries
from concordat.tables.actions.reads import note_delivery
from concordat.tables.lifecycle import OUTPUT
from concordat.tables.models import Output, Share
from concordat.tables.plane.aggregate import Aggregate
from concordat.tables.plane.totals import Figure
from concordat.tables.sharing.totals import (
    SECONDS,
    Totals,
    mark_of,
    told_before,
    totals,
    uncovered,
)

_TRIES: Final = 3
_DOOR: Final = "aggregate"


class _Overtaken(Exception):
    """Something else was told to the same body while this was computed."""


def ask_totals(actor: Actor, share: Share, asked: Aggregate) -> Output:
    """Compute a table of totals through a share, judge it, and record as much as may be shown.

    Computed outside the transaction; then the shares of the table to that body are locked, and it is
    computed anew if any of them told something meanwhile, so that two requests see each other.
    Raises NotAllowed, NotVisible where the share has ended, WrongState, Invalid for what cannot be
    asked or is too large, and Conflict where others were faster each time.
    """
    draft = Output(owner=share.owner, recipient=share.recipient, share=share)
    if not may(actor, OUTPUT["release"].needs, draft, OUTPUT["release"].by):
        raise NotAllowed
    until, read = time.monotonic() + SECONDS, ""
    for _ in range(_TRIES):
        found = totals(share, asked, until)
        read = note_delivery(actor, share, _DOOR, read=read, begun=True, **_facts(found))
        try:
            return _record(actor, share, found, read)
        except _Overtaken:
            continue
        except Refusal:
            note_delivery(actor, share, _DOOR, read=read, whole=False)
            raise
    note_delivery(actor, share, _DOOR, read=read, whole=False)
    raise Conflict(
        "Others asked for totals of this table at the same time, and yours could not be judged "
        "beside theirs.",
        "Ask again.",
    )


def _facts(found: Totals) -> dict[str, Any]:
    used = [d.column for d in found.asked.dimensions] + [found.asked.of]
    return {
        "version": found.terms.version.number,
        "columns": list(dict.fromkeys(name for name in used if name)),
        "counted": found.answer.rows,
    }


def _record(actor: Actor, share: Share, found: Totals, read: str) -> Output:
    answer, data = found.answer, [figure.to_data() for figure in found.answer.figures]
    verb = "release" if answer.whole else "release_part" if answer.shown else "refuse"
    near = [table.to_data() for table in found.would_pass]
    output = Output(
        owner=share.owner,
        recipient=share.recipient,
        share=share,
        table_version=found.terms.version,
        policy_digest=share.policy_digest,
        request=found.asked.to_data(),
        figures={"cells": data},
        rules=answer.rules or ["threshold"] if verb == "refuse" else [],
        would_pass={"tables": near} if near else {},
        least=found.least,
    )

    def unchanged(row: Output) -> None:
        _lock(share)
        if not queries.readable_shares(actor).filter(pk=share.pk).exists():
            raise NotVisible
        if mark_of(told_before(share)) != found.mark:
            raise _Overtaken

    with transaction.atomic():
        made = act(actor, OUTPUT[verb], output, unchanged)
        told = {**_facts(found), "cells": answer.shown, "output": made.reference}
        note_delivery(actor, share, _DOOR, read=read, **told)
    return made


def _lock(share: Share) -> None:
    """Keep whoever else tells the same body of the same table waiting until this is told."""
    alike = Share.objects.filter(table=share.table_id, recipient=share.recipient_id)
    list(alike.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def submit_output(
    actor: Actor, output: Output, *, note: str = "", expected: int | None = None
) -> Output:
    """Ask the supplier to show what the rules hide."""
    return act(actor, OUTPUT["submit"], output, note=note, expected=expected)


def review_output(actor: Actor, output: Output) -> list[tuple[Figure, str]]:
    """Every cell with its value and the rule that hides it ("": none), for whoever may clear it now.

    A read of the share like any other, so it is noted. Raises NotVisible for anybody else, and
    WrongState where the share or its table has ended.
    """
    if not queries.may_review(actor, output):
        raise NotVisible
    return _uncovered(actor, output)


def _uncovered(actor: Actor, output: Output) -> list[tuple[Figure, str]]:
    share = output.share
    if not Share.objects.promised(share.table).filter(pk=share.pk, status="open").exists():
        raise WrongState("This share is not open, so nothing more is computed through it.")
    if share.table.status != "ready":
        raise WrongState("This table is withdrawn, so nothing more is computed of it.")
    found = uncovered(output)
    told: dict[str, Any] = {"version": output.table_version.number, "cells": len(found)}
    note_delivery(actor, share, f"{_DOOR} review", output=output.reference, **told)
    return found


def clear_output(
    actor: Actor, output: Output, *, note: str = "", expected: int | None = None
) -> Output:
    """Show every cell of a table that the rules hid in part or whole."""
    found = _uncovered(actor, output) if queries.may_review(actor, output) else []

    def show(row: Output) -> None:
        _lock(row.share)
        row.figures = {"cells": [figure.to_data() for figure, _ in found]}
        row.rules, row.would_pass = [], {}

    with transaction.atomic():
        made = act(actor, OUTPUT["clear"], output, show, note=note, expected=expected)
        told: dict[str, Any] = {"version": output.table_version.number, "cells": len(found)}
        note_delivery(actor, output.share, _DOOR, output=output.reference, **told)
    return made


def reject_output(
    actor: Actor, output: Output, *, note: str = "", expected: int | None = None
) -> Output:
    """Leave hidden what the rules hide; what was released stays as it was."""
    return act(actor, OUTPUT["reject"], output, note=note, expected=expected)


OUTPUT_VERBS: Final[dict[str, Callable[..., Output]]] = {
    "submit": submit_output,
    "clear": clear_output,
    "reject": reject_output,
}
