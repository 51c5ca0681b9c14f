"""Any verb of any record of the marketplace, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from concordat.kernel.access import Actor
from concordat.kernel.deeds import act
from concordat.kernel.publication.models import Record
from concordat.kernel.refusals import WrongState
from concordat.marketplace.actions import agreements, requests

_OWN: Final[dict[tuple[str, str], Callable[..., Any]]] = {
    ("share_request", "accept"): requests.accept_request,
    ("agreement", "sign"): agreements.sign,
    ("agreement", "countersign"): agreements.countersign,
    ("agreement", "revoke"): agreements.revoke_agreement,
    ("agreement", "close"): agreements.close_agreement,
}


def perform(
    actor: Actor, record: Record, verb: str, *, note: str = "", expected: int | None = None
) -> Record:
    """Do `verb` to `record`. Raises what `act` raises, and WrongState for a verb it has not."""
    if verb not in record.LIFECYCLE or record.LIFECYCLE[verb].makes:
        raise WrongState(f"There is no “{verb[:40]}” for a {record.KIND.replace('_', ' ')}.")
    own = _OWN.get((record.KIND, verb))
    if own is not None:
        own(actor, record, note=note, expected=expected)
    else:
        act(actor, record.LIFECYCLE[verb], record, note=note, expected=expected)
    record.refresh_from_db()
    return record
