"""What a Delta Sharing client asks for, read from its body or its address, and the versions meant."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from concordat.tables.models import Share, TableVersion
from concordat.tables.sharing.terms import delivered, versions_of

_MOST = 2**63


class BadQuestion(ValueError):
    """The question cannot be answered; the message is for the client."""


@dataclass(frozen=True)
class Asked:
    """Versions and moments as they were asked for; hints are only ever hints."""

    version: int | None = None
    timestamp: datetime | None = None
    starting: int | None = None
    starting_at: datetime | None = None
    ending: int | None = None
    ending_at: datetime | None = None
    limit: int | None = None
    predicate: Any = None

    @property
    def changes(self) -> bool:
        """Whether changes are asked for, and not rows."""
        return self.starting is not None or self.starting_at is not None


def read_body(body: bytes) -> Asked:
    """The body of a query. Raises BadQuestion."""
    try:
        data = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:  # it may nest deeper than any reader goes
        raise BadQuestion("The body is not JSON.") from error
    if not isinstance(data, dict):
        raise BadQuestion("The body must be a JSON object.")
    found = _read(data)
    if found.version is not None and found.timestamp is not None:
        raise BadQuestion("Ask for a version or for a timestamp, not both.")
    return found


def read_address(given: Mapping[str, str]) -> Asked:
    """The parameters of an address. Raises BadQuestion."""
    found = _read({name: _whole(given[name]) for name in given})
    if found.starting is not None and found.starting_at is not None:
        raise BadQuestion("Ask from a version or from a timestamp, not both.")
    if found.ending is not None and found.ending_at is not None:
        raise BadQuestion("Ask up to a version or a timestamp, not both.")
    return found


def _whole(text: str) -> str | int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else text


def _read(data: Mapping[str, Any]) -> Asked:
    return Asked(
        version=_number(data, "version"),
        timestamp=_moment(data, "timestamp"),
        starting=_number(data, "startingVersion"),
        starting_at=_moment(data, "startingTimestamp"),
        ending=_number(data, "endingVersion"),
        ending_at=_moment(data, "endingTimestamp"),
        limit=_number(data, "limitHint"),
        predicate=data.get("jsonPredicateHints"),
    )


def _number(data: Mapping[str, Any], name: str) -> int | None:
    value = data.get(name)
    if value is None:
        return None
    if type(value) is not int or not 0 <= value < _MOST:
        raise BadQuestion(f"{name} must be a whole number that is not negative.")
    return value


def _moment(data: Mapping[str, Any], name: str) -> datetime | None:
    value = data.get(name)
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError) as error:  # in UTC it may be before the year 1
        raise BadQuestion(f"{name} must be a time such as 2026-01-31T12:00:00Z.") from error


def version_asked(share: Share, asked: Asked) -> TableVersion:
    """The version meant; the one that the share delivers where none is. Raises BadQuestion."""
    if asked.version is None and asked.timestamp is None:
        return delivered(share)
    loads = versions_of(share)
    if asked.version is not None:
        found = loads.filter(number=asked.version).first()
    else:
        found = loads.filter(created_at__lte=asked.timestamp).last()
    if found is None:
        raise BadQuestion("This share does not give that version.")
    return found


def version_since(share: Share, moment: datetime) -> TableVersion:
    """The first version at or after a moment. Raises BadQuestion."""
    found = versions_of(share).filter(created_at__gte=moment).first()
    if found is None:
        raise BadQuestion("There is no version at or after startingTimestamp.")
    return found


def changes_asked(share: Share, asked: Asked) -> list[tuple[TableVersion | None, TableVersion]]:
    """Each load from the first to the last version meant, with the one before it; None before the
    first that the share gives. Raises BadQuestion."""
    if not asked.changes:
        raise BadQuestion("Give startingVersion or startingTimestamp.")
    loads = list(versions_of(share))
    if share.policy.get("versions", {}).get("which") != "since":
        raise BadQuestion("This share has no history.")
    first = asked.starting
    if first is None:
        assert asked.starting_at is not None
        first = version_since(share, asked.starting_at).number
    last = asked.ending if asked.ending is not None else loads[-1].number
    if asked.ending_at is not None:
        last = max((v.number for v in loads if v.created_at <= asked.ending_at), default=-1)
    if not loads[0].number <= first <= loads[-1].number:
        raise BadQuestion(f"Changes can be had from version {loads[0].number} on.")
    if last < first:
        raise BadQuestion("The end is before the start.")
    pairs = zip([None, *loads], loads, strict=False)
    return [(before, after) for before, after in pairs if first <= after.number <= last]
