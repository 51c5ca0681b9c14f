"""Records as label and value: what pages show of them."""

from __future__ import annotations

from typing import Any

from concordat.kernel.doors.fields import label_of, rows_of, words_of
from concordat.kernel.reference import codelist
from concordat.marketplace.models import Agreement, DataService, Dataset, ShareRequest
from concordat.marketplace.rules.clauses import UNSAID, mask_label, named

Row = tuple[str, Any]


def resource_rows(found: Dataset | DataService, *, empty: bool = True) -> list[Row]:
    """A dataset or a data service; `empty` keeps the fields that nothing is said of."""
    creators = ("Created by", [creator.name for creator in found.creators.all()])
    return [
        ("Publisher", found.owner.name),
        *([creators] if empty or creators[1] else []),
        *rows_of(found, found.FIELDS[1:], empty=empty),
    ]


def request_rows(found: ShareRequest) -> list[Row]:
    """A share request, as both sides read it."""
    table = found.distribution.table if found.distribution else None
    asked = dict(rows_of(found, found.FIELDS[1:]))
    return [
        ("Dataset", found.dataset.title),
        ("Asked by", found.owner.name),
        ("Asked of", found.supplier.name),
        ("Table", table.title if table else ""),
        *(asked | {"Rows": found.rows or "All rows"}).items(),
    ]


def clauses_of(found: ShareRequest) -> list[str]:
    """What an agreement would allow as things stand, a sentence a clause; none while unclear."""
    try:
        return found.policy().clauses()
    except ValueError:  # a draft may be incomplete, and a table may have changed since
        return []


def differences(found: ShareRequest) -> list[tuple[str, Any, Any]]:
    """What was asked beside what the supplier offers: (what, asked, offered), where they differ."""
    lines: list[tuple[str, Any, Any]] = []
    for name, offer in found.conditions.items():
        asked = getattr(found, name)
        if name == "masks":
            words = ((c, named(asked, c), w) for c, w in offer.items())
            lines += [(c, mask_label(c, was), mask_label(c, now)) for c, was, now in words]
        elif name == "rows":
            lines.append(("Rows", asked or "All rows", f"Of these, only those where {offer}"))
        else:
            pair = [words_of(found, name, v or UNSAID.get(name)) for v in (asked, offer)]
            lines.append((label_of(found, name), *pair))
    return lines


def register_rows(found: Agreement) -> list[Row]:
    """An entry of the public register: an explicit list, nothing else."""
    return [
        ("Who shares", found.owner.name),
        ("Who uses", found.acquirer.name),
        ("What for", found.purpose),
        ("Public benefit", found.benefit),
        ("Legal gateway", codelist("legal_gateways").label(found.legal_gateway)),
        ("Lawful basis", [codelist("lawful_bases").label(c) for c in found.lawful_bases]),
        ("From", found.starts_on),
        ("Until", found.ends_on),
        ("In force since", found.acquirer_signed_at),
        ("Ended", found.ended_at),
        ("Hash of the agreement", found.digest),
    ]
