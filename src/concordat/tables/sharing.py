"""The shapes of the open Delta Sharing protocol: lines, lists and file addresses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.core import signing
from django.urls import reverse

from concordat.kernel.access import Actor
from concordat.kernel.refusals import WrongState
from concordat.tables.models import Share
from concordat.tables.plane.columns import Column, spark_schema
from concordat.tables.plane.policy import Policy, PolicyError
from concordat.tables.plane.predicate import PredicateError
from concordat.tables.plane.prepare import Part

SCHEMA: Final = "default"
SECONDS: Final = 3600  # how long a file address can be used, if its share lasts that long
_SALT: Final = "concordat.share.file"


def table_item(share: Share) -> dict[str, str]:
    """A table as the lists show it."""
    return {
        "name": share.table.name,
        "schema": SCHEMA,
        "share": share.name,
        "shareId": share.reference,
        "id": f"{share.reference}-{share.table.reference}",
    }


def wants_delta(capabilities: str) -> bool:
    """Whether the client reads the delta form (`responseformat=delta,parquet;…`)."""
    for part in capabilities.lower().split(";"):
        name, _, values = part.strip().partition("=")
        if name == "responseformat":
            return "delta" in values.split(",")
    return False


def head_lines(
    share: Share, columns: list[Column], parts: list[Part], *, delta: bool
) -> Iterator[str]:
    """The `protocol` and `metaData` lines."""
    latest = share.table.latest
    assert latest is not None  # a share without data is not readable
    about = {
        "id": f"{share.reference}-{share.table.reference}",
        "format": {"provider": "parquet"},
        "schemaString": spark_schema(columns),
        "partitionColumns": [],
    }
    size, count = sum(part.size for part in parts), len(parts)
    if not delta:
        yield _line({"protocol": {"minReaderVersion": 1}})
        yield _line(
            {"metaData": {**about, "name": share.table.title, "size": size, "numFiles": count}}
        )
        return
    yield _line({"protocol": {"deltaProtocol": {"minReaderVersion": 1, "minWriterVersion": 2}}})
    about |= {"format": {"provider": "parquet", "options": {}}, "configuration": {}}
    made = {"deltaMetadata": about, "version": latest.number, "size": size, "numFiles": count}
    yield _line({"metaData": made})


def file_lines(
    share: Share, parts: Iterable[Part], addresses: Iterable[str], until: int, *, delta: bool
) -> Iterator[str]:
    """One `file` line a part. Statistics are left out: the recipient reads them in the file."""
    for part, address in zip(parts, addresses, strict=True):
        known = {"id": f"{share.policy_digest[:16]}-{part.number}", "size": part.size}
        stats = json.dumps({"numRecords": part.rows})
        if delta:
            add = {
                "path": address,
                "partitionValues": {},
                "size": part.size,
                "modificationTime": 0,
                "dataChange": True,
                "stats": stats,
            }
            body = {**known, "deltaSingleAction": {"add": add}, "expirationTimestamp": until}
        else:
            body = {
                **known,
                "url": address,
                "partitionValues": {},
                "stats": stats,
                "expirationTimestamp": until,
            }
        yield _line({"file": body})


def _line(data: dict[str, Any]) -> str:
    return json.dumps(data, separators=(",", ":")) + "\n"


def file_address(base: str, actor: Actor, token: int, share: Share, part: Part) -> str:
    """The signed address of one file: for this actor, this token, this share and this version.

    It names the extract too, so that a range of a file that lies there asks of the database only
    whether it may be read.

    The parameter is named as a presigned address names it, or the client would take the delta
    form's path for one on its own disk.
    """
    latest = share.table.latest
    assert latest is not None
    place = (share.table.reference, latest.number, part.number)
    facts = [actor.kind, actor.id, token, share.pk, share.policy_digest, *place]
    signed = signing.dumps(facts, salt=_SALT)
    return f"{base}{reverse('sharing-file')}?X-Amz-Signature={signed}"


def read_address(signature: str) -> list[Any]:
    """What `file_address` signed. Raises django.core.signing.BadSignature."""
    found: list[Any] = signing.loads(signature, salt=_SALT, max_age=SECONDS)
    return found


def policy_of(share: Share) -> Policy:
    """The share's policy, proved against its digest.

    Raises RuntimeError when what is stored is not what was signed: then nothing is delivered.
    """
    policy = Policy.from_data(share.policy)
    if policy.digest() != share.policy_digest:
        raise RuntimeError(f"the policy of {share.reference} does not match its digest")
    return policy


def allowed_columns(share: Share) -> list[Column]:
    """The columns of the version that is delivered, as far as the policy allows them.

    Raises WrongState where a new version no longer has what the policy names: the table's owner
    must mend that, so asking again is no use.
    """
    try:
        policy, columns = policy_of(share), columns_of(share)
        policy.select(columns, "stored")
        return policy.allowed(columns)
    except (PolicyError, PredicateError) as error:
        raise WrongState(
            f"This share cannot be read as it was agreed. {error}", "Ask whoever shares it."
        ) from error


def columns_of(share: Share) -> list[Column]:
    """The columns of the version that is delivered."""
    latest = share.table.latest
    assert latest is not None
    return [Column.from_data(data) for data in latest.columns]
