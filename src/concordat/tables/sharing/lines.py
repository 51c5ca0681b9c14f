"""The shapes of the open Delta Sharing protocol: lines and lists."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from concordat.tables.models import Share, TableVersion
from concordat.tables.plane.columns import spark_schema
from concordat.tables.plane.prepare import Part
from concordat.tables.sharing.terms import Terms

SCHEMA: Final = "default"


@dataclass(frozen=True)
class Handed:
    """A file that is handed out: what it holds, and until when (ms since 1970) its address works."""

    part: Part
    address: str
    until: int


def table_item(share: Share) -> dict[str, str]:
    """A table as the lists show it."""
    return {
        "name": share.table.name,
        "schema": SCHEMA,
        "share": share.name,
        "shareId": share.reference,
        "id": _id(share),
    }


def _id(share: Share) -> str:
    return f"{share.reference}-{share.table.reference}"


def wants_delta(capabilities: str) -> bool:
    """Whether the client reads the delta form (`responseformat=delta,parquet;…`)."""
    for part in capabilities.lower().split(";"):
        name, _, values = part.strip().partition("=")
        if name == "responseformat":
            return "delta" in values.split(",")
    return False


def milliseconds(version: TableVersion) -> int:
    """When a version was loaded, as the protocol counts time."""
    return int(version.created_at.timestamp() * 1000)


def head_lines(terms: Terms, size: int, files: int, *, delta: bool) -> Iterator[str]:
    """The `protocol` and `metaData` lines, of so many bytes and files."""
    about: dict[str, Any] = {
        "id": _id(terms.share),
        "format": {"provider": "parquet"},
        "schemaString": spark_schema(terms.shown),
        "partitionColumns": [],
        "name": terms.share.table.title,
    }
    # Without history the table has one version, of which nothing can have changed.
    kept = terms.policy.versions.which == "since"
    settings = {"delta.enableChangeDataFeed": "true"} if kept else {}
    counted = {"version": terms.version.number, "size": size, "numFiles": files}
    if not delta:
        yield _line({"protocol": {"minReaderVersion": 1}})
        yield _line({"metaData": {**about, "configuration": settings, **counted}})
        return
    writer = 4 if kept else 2  # the least that knows a change data feed
    yield _line(
        {"protocol": {"deltaProtocol": {"minReaderVersion": 1, "minWriterVersion": writer}}}
    )
    about |= {"format": {"provider": "parquet", "options": {}}, "configuration": settings}
    yield _line({"metaData": {"deltaMetadata": about, **counted}})


def file_lines(terms: Terms, handed: Iterable[Handed], *, delta: bool) -> Iterator[str]:
    """One `file` line a part. Its statistics are those of the prepared file, which holds no more
    than the policy lets through."""
    moment = milliseconds(terms.version)
    for file in handed:
        stats = json.dumps(file.part.stats)
        known = {
            "id": f"{terms.mark[:16]}-{terms.version.number}-{file.part.number}",
            "size": file.part.size,
            "expirationTimestamp": file.until,
        }
        if delta:
            add = _action(file, moment, dataChange=True, stats=stats)
            yield _line({"file": {**known, "deltaSingleAction": {"add": add}}})
        else:
            body = {"url": file.address, "partitionValues": {}, "stats": stats}
            yield _line({"file": {**known, **body}})


def change_lines(
    terms: Terms, version: TableVersion, handed: Iterable[Handed], *, delta: bool
) -> Iterator[str]:
    """One line a file of what the load of `version` changed; the rows say how in `_change_type`."""
    moment = milliseconds(version)
    for file in handed:
        known = {
            "id": f"{terms.mark[:16]}-{version.number}c-{file.part.number}",
            "size": file.part.size,
            "expirationTimestamp": file.until,
            "version": version.number,
            "timestamp": moment,
        }
        if delta:
            change = _action(file, None, dataChange=False)
            yield _line({"file": {**known, "deltaSingleAction": {"cdc": change}}})
        else:
            yield _line({"cdf": {**known, "url": file.address, "partitionValues": {}}})


def _action(file: Handed, moment: int | None, **more: Any) -> dict[str, Any]:
    made = {"modificationTime": moment} if moment is not None else {}
    named = {"path": file.address, "partitionValues": {}, "size": file.part.size}
    return {**named, **made, **more}


def _line(data: dict[str, Any]) -> str:
    return json.dumps(data, separators=(",", ":")) + "\n"
