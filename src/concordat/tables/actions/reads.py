"""The log of what is read through shares, with its shadow in the list of reads, and its flags."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from concordat.kernel.access import SYSTEM, Actor
from concordat.kernel.deeds import act, note_read
from concordat.tables.lifecycle import FLAG
from concordat.tables.models import Flag, Share, ShareRead
from concordat.tables.rules.reads import WINDOW, covered
from concordat.tables.rules.unusual import HANDED_OUT, Read, unusual
from concordat.tables.sharing.reads import days_of, reads_before, rows_of_version


def note_delivery(
    actor: Actor, share: Share, door: str, *, read: str = "", begun: bool = False, **facts: Any
) -> str:
    """Append the entry of one request: door, version, columns, rows and bytes, or that it has begun.

    Returns the id of the read that it belongs to: of the one whose id `read` is; of the one that
    has read other parts of the same `file`, not long ago and not to its end; or of a new one. Where
    the read is unusual the entry says why, the supplier is told, and a flag is raised, once a read.
    """
    with transaction.atomic():
        row = _row(actor, share, door, read, facts)
        known = row.pk is not None
        if not (known and begun):
            _grow(row, begun, facts)
        judged = not begun and door != HANDED_OUT  # what a read hands out was judged with it
        why = _unusual(actor, share, row, facts.get("version")) if judged else []
        told = {"door": door, **facts, **({"unusual": why} if why else {})}
        entry = note_read(
            actor,
            "share:read_begun" if begun else "share:read",
            share,
            {"basis": share.basis, "policy": share.policy_digest, "read": row.key, **told},
            note=f"an unusual read by {actor.name}: {'; '.join(why)}" if why else "",
        )
        if not known:
            row.entry = entry
        row.save()
        if why:
            act(SYSTEM, FLAG["raise"], Flag(owner_id=share.owner_id, read=row, why=why))
    return row.key


def _row(actor: Actor, share: Share, door: str, read: str, facts: dict[str, Any]) -> ShareRead:
    """The read that a request belongs to, locked; a new one where there is none."""
    rows = ShareRead.objects.filter(share=share.pk).select_for_update(of=("self",))
    found = rows.filter(key=read).first() if read else None
    if found is None and not read and "start" in facts:
        same = rows.filter(reader=actor.key, door=door, file=facts["file"], stage="part")
        same = same.filter(heard_at__gt=timezone.now() - WINDOW).order_by("-id")
        found = same.first()
        if found is None and facts["bytes"] < facts["size"]:
            # Parts that come at once wait for one another, so that the first alone makes the row.
            Share.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=share.pk)
            found = same.first()
    return found or ShareRead(
        share=share,
        key=read or secrets.token_hex(16),
        reader=actor.key,
        home=actor.home,
        door=door,
        file=facts.get("file", ""),
        began_at=timezone.now(),
        requests=0,
    )


def _grow(row: ShareRead, begun: bool, facts: dict[str, Any]) -> None:
    """Add what one entry tells to what the read is so far."""
    row.heard_at = timezone.now()
    row.requests += row.stage != "running"  # the end of one that has begun is no other request
    if begun:
        row.stage = "running"
        return
    if "bytes" in facts:
        row.bytes = (row.bytes or 0) + facts["bytes"]
    if "whole" in facts:
        row.stage = "whole" if facts["whole"] else "limited" if "limit" in facts else "broken"
        row.rows = facts.get("rows")
    elif "start" not in facts:
        row.stage, row.rows = "", facts.get("rows", row.rows)
    elif facts["file"] == row.file:  # and not one of the files that a query has handed out
        start, sent, size = facts["start"], facts["bytes"], facts["size"]
        row.spans = covered(row.covered, start, start + sent)
        whole = size == 0 or row.covered == [(0, size)]
        row.stage, row.rows = ("whole", facts.get("file_rows")) if whole else ("part", None)


def _unusual(actor: Actor, share: Share, row: ShareRead, version: int | None) -> list[str]:
    """Why it is unlike what was read before. The supplier's own looks are no use of theirs; a read
    that has a flag gets no other."""
    if actor.home == share.owner_id:
        return []
    if row.pk is not None and Flag.objects.filter(read=row).exists():
        return []
    earlier = reads_before(share, row)
    if not earlier:
        return []
    cut = row.stage == "broken"
    now = Read(timezone.now(), row.reader, row.door, row.rows, row.bytes, cut)
    rows = rows_of_version(share, version) if now.rows and version is not None else 0
    return unusual(now, earlier, rows, days_of(share, row))


def settle_flag(actor: Actor, flag: Flag, *, note: str = "", expected: int | None = None) -> Flag:
    """Say that an unusual read was looked at, and what was found."""
    found = {"note": note, "settled_by": actor.name, "settled_at": timezone.now()}
    return act(actor, FLAG["settle"], flag, found, note=note, expected=expected)


FLAG_VERBS: Final[dict[str, Callable[..., Flag]]] = {"settle": settle_flag}
