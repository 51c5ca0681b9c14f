"""Versions of a plan: each the same bytes for everyone, each naming the one before.

A version's digest is the SHA-256 of the digest before it and of its body as canonical JSON (after
RFC 8785), so that whoever holds the public file can reckon the chain again. What is hidden until a
date stands in the body as a salted commitment: hiding it and later opening it leave every digest
as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from concordat.evaluations.rules.dates import Moment
from concordat.evaluations.rules.happenings import Dates
from concordat.evaluations.rules.plan import Difference
from concordat.evaluations.rules.sections import BY_NAME
from concordat.kernel.audit.commitment import canonical, commit

KINDS: Final = {
    "first": "First version",
    "update": "Update",
    "amendment": "Amendment",
    "correction": "Correction of a slip",
}
COMPLETION: Final = "completion"


def digest_of(previous: str, body: Mapping[str, Any]) -> str:
    """The digest of a version, in hexadecimal; `previous` is that of the one before, "" of none."""
    return hashlib.sha256(previous.encode("ascii") + canonical(body)).hexdigest()


def may_be_hidden(path: str) -> bool:
    """Whether a path names a section of the plan, or a fact of one that is no list."""
    name, _, fact = path.partition(".")
    section = BY_NAME.get(name)
    if section is None:
        return False
    return not fact or (not section.many and section.fact(fact) is not None)


def sealed(plan: Mapping[str, Any], hidden: Iterable[str], salts: Mapping[str, str]) -> Any:
    """The plan with a commitment in the place of each hidden path that it holds.

    `salts` are 32 bytes in hexadecimal by path. Raises KeyError for a path without one.
    """
    made = {name: dict(v) if isinstance(v, Mapping) else v for name, v in plan.items()}
    for path in hidden:
        name, _, fact = path.partition(".")
        holder, key = (made.get(name), fact) if fact else (made, name)
        if isinstance(holder, dict) and key in holder:
            salt = bytes.fromhex(salts[path])
            holder[key] = {"hidden": commit(holder[key], salt).hex()}
    return made


def opened(plan: Mapping[str, Any], secrets: Mapping[str, Mapping[str, Any]]) -> Any:
    """The sealed plan with the salt and the value of each path of `secrets` beside its commitment."""
    made = {name: dict(v) if isinstance(v, Mapping) else v for name, v in plan.items()}
    for path, secret in secrets.items():
        name, _, fact = path.partition(".")
        holder, key = (made.get(name), fact) if fact else (made, name)
        if isinstance(holder, dict) and key in holder:
            holder[key] = {**holder[key], **secret}
    return made


def held_back(
    plan: Mapping[str, Any], hidden: Iterable[str], salts: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """The salt and the value of each hidden path that the plan holds: what `opened` will tell."""
    kept: dict[str, dict[str, Any]] = {}
    for path in hidden:
        name, _, fact = path.partition(".")
        value = plan.get(name, {}).get(fact) if fact else plan.get(name)
        if value is not None:
            kept[path] = {"salt": salts[path], "value": value}
    return kept


def is_hidden(until: str, dates: Dates, today: date) -> bool:
    """Whether what is hidden `until` a date, or until `completion`, is hidden today.

    Completion is the actual end of the evaluation, or of its being stopped; a date known to the
    month ends with the month.
    """
    if until == COMPLETION:
        return dates.stage not in ("complete", "stopped")
    return Moment.read(until).last > today


def data_begun(dates: Dates, today: date) -> bool:
    """Whether the first data are collected: by the actual date, or else the intended one.

    An evaluation that says neither is taken by its start.
    """
    for event in ("first_data", "start"):
        if begun := dates.best(event):
            return begun.first <= today
    return False


def kind_of(found: list[Difference], *, after_data: bool, slip: bool) -> str:
    """A slip is a correction; what changes the promise once data are collected is an amendment."""
    if slip:
        return "correction"
    return "amendment" if after_data and any(d.substance for d in found) else "update"
