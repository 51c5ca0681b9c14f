"""Telling the receivers: each webhook reads the log for itself, as its own client would see it.

One message at a time, so that a receiver hears of every record in the order in which things
happened; the one that fails is tried again before any later one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import groupby
from typing import Any, Final

import structlog
from django.conf import settings
from django.utils import timezone

from concordat.kernel.access import SYSTEM, Actor
from concordat.kernel.access.queries import actor_for
from concordat.kernel.audit.follow import after
from concordat.kernel.audit.lease import Lease, behind, lease
from concordat.kernel.audit.models import Entry
from concordat.kernel.publication.history import floor
from concordat.kernel.publication.models import Record, record_kinds
from concordat.kernel.refusals import Refusal
from concordat.kernel.webhooks.actions import pause_webhook
from concordat.kernel.webhooks.models import PREFIX, Webhook
from concordat.kernel.webhooks.network import Undelivered, send
from concordat.kernel.webhooks.signing import signed

log = structlog.get_logger()

STINT: Final = 20.0  # seconds for one webhook before another has its turn
LEASE: Final = 60.0  # a stint, its last message and the finding of its address fit well inside
PATIENCE: Final = timedelta(days=3)
_BATCH: Final = 50


def deliver_next() -> bool:
    """Take one webhook that has something to read and tell its receiver. False when there is none.

    Several processes and threads may call it at once: each takes another webhook.
    """
    for name in behind(PREFIX):
        number = int(name.removeprefix(PREFIX))
        if _speaking(number) and (held := lease(name, LEASE)):
            _stint(number, held)
            return True
    return False


def _speaking(number: int) -> Webhook | None:
    return Webhook.objects.speaking().select_related("client__owner").filter(pk=number).first()


def _stint(number: int, held: Lease) -> None:
    ends = time.monotonic() + STINT
    try:
        while _step(number, held) and time.monotonic() < ends:
            pass
    finally:
        held.release()


def _step(number: int, held: Lease) -> bool:
    """One message, or a run of entries that are not for this receiver. False when to stop.

    The webhook, its client and the record are read again for each message, so that whoever lost
    sight of something is not told of it a moment later.
    """
    webhook = _speaking(number)
    batch = after(held.position, _BATCH) if webhook else []
    if webhook is None or not batch:
        return False
    try:
        place, entry, body = first_to_tell(webhook, batch)
        if entry is None:
            return held.move(place)
        send(webhook.url, signed(webhook, entry.pk, body, int(time.time())), body)
    except Undelivered as error:
        _failed(webhook, held, str(error), gone=error.gone)
        return False
    except Exception:
        log.exception("webhook failed", webhook=number)
        _failed(webhook, held, "The message could not be made.")
        return False
    return held.move(place, told=True)


def _failed(webhook: Webhook, held: Lease, error: str, *, gone: bool = False) -> None:
    """Wait before the next try; after three days, or where there is nobody any more, pause."""
    since = held.fail(error)
    if gone or timezone.now() - since >= PATIENCE:
        # Somebody may have paused or closed it meanwhile: then there is nothing more to do.
        with suppress(Refusal):
            pause_webhook(SYSTEM, webhook, note=f"Paused because messages failed. {error}")


def first_to_tell(
    webhook: Webhook, batch: Sequence[tuple[int, Entry]]
) -> tuple[int, Entry | None, bytes]:
    """(its place, the entry, the message) of the first that the client may know of and wants.

    When there is none: (the last place, None, nothing).
    """
    actor = actor_for(webhook.client, webhook.client.scopes)
    wanted = [entry for _, entry in batch if webhook.wants(entry.name)]
    records = _visible(actor, wanted)
    for place, entry in batch:
        if entry.kind == Webhook.KIND:
            if entry.subject_id == webhook.pk and entry.name == "webhook:ping":
                return place, entry, message(entry, webhook.api_url())
            continue
        record = records.get((entry.kind, entry.subject_id))
        if record and webhook.wants(entry.name) and entry.visibility >= floor(actor, record):
            return place, entry, message(entry, record.api_url())
    return batch[-1][0], None, b""


def _visible(actor: Actor, entries: Sequence[Entry]) -> dict[tuple[str, int], Record]:
    """The records of these entries that the actor may know of, by kind and id."""
    found: dict[tuple[str, int], Record] = {}
    kinds = record_kinds()
    for kind, group in groupby(sorted(entries, key=lambda e: e.kind), lambda e: e.kind):
        if kind in kinds:
            ids = {entry.subject_id for entry in group}
            rows = kinds[kind].objects.visible_to(actor).in_bulk(ids)
            found |= {(kind, pk): row for pk, row in rows.items()}
    return found


def message(entry: Entry, path: str) -> bytes:
    """The body: what a public entry would show of the deed, and where to read the rest."""
    shown = ("reference", "kind", "status", "version", "organisation")
    data: dict[str, Any] = {name: entry.body.get(name) for name in shown}
    data["url"] = f"{settings.BASE_URL}{path}"
    body = {"type": entry.name, "timestamp": entry.at.isoformat(), "data": data}
    return json.dumps(body, separators=(",", ":")).encode()
