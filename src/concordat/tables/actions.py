"""Verbs of the data plane. The only writer of its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from concordat.kernel.access import SYSTEM, Actor, may
from concordat.kernel.deeds import act, note_read
from concordat.kernel.files import queries as uploads
from concordat.kernel.files.actions import discard_upload
from concordat.kernel.files.models import Upload
from concordat.kernel.files.packed import BadFile
from concordat.kernel.jobs import Running, queue, task
from concordat.kernel.jobs.models import Job
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.refusals import NotAllowed, Refusal, WrongState
from concordat.tables import queries
from concordat.tables.lifecycle import SHARE, TABLE, VERSION
from concordat.tables.models import Share, StoredTable, TableVersion
from concordat.tables.plane.columns import Column
from concordat.tables.plane.ingest import Loaded, load
from concordat.tables.plane.policy import Policy, PolicyError
from concordat.tables.plane.predicate import PredicateError
from concordat.tables.store import lake


def draft_table(actor: Actor, owner: Organisation, title: str, name: str) -> StoredTable:
    """An empty stored table of `owner`."""
    return act(actor, TABLE["draft"], StoredTable(owner=owner, title=title, name=name))


def edit_table(
    actor: Actor, table: StoredTable, *, expected: int | None = None, **fields: str
) -> StoredTable:
    """Change what people call a table; its name stays, because programs use it."""
    return act(actor, TABLE["edit"], table, fields, expected=expected)


def withdraw_table(
    actor: Actor, table: StoredTable, *, note: str = "", expected: int | None = None
) -> StoredTable:
    """Stop every delivery of a table; what was loaded stays."""
    return act(actor, TABLE["withdraw"], table, note=note, expected=expected)


def restore_table(actor: Actor, table: StoredTable, *, expected: int | None = None) -> StoredTable:
    """Deliver a withdrawn table again."""
    return act(actor, TABLE["restore"], table, expected=expected)


TABLE_VERBS: Final[dict[str, Callable[..., StoredTable]]] = {
    "edit": edit_table,
    "withdraw": withdraw_table,
    "restore": restore_table,
}


def load_table(
    actor: Actor,
    table: StoredTable,
    source: Path,
    *,
    source_name: str = "",
    options: Mapping[str, Any] | None = None,
    progress: Callable[[int, int, int], None] | None = None,
) -> TableVersion:
    """Load a file as the next version of `table`: all of it, or nothing.

    The Delta version is committed before the row that names it: a crash between the two leaves an
    unnamed version that nobody reads. Raises NotAllowed or WrongState before anything is read, and
    BadFile with the place of a fault.
    """
    _refuse_unless_loadable(actor, table)
    loaded = load(
        lake(),
        table.reference,
        source,
        progress=progress,
        check=lambda columns: _refuse_unless_promised(table, columns),
        **dict(options or {}),
    )
    return record_version(actor, table, loaded, source_name or source.name)


def _refuse_unless_loadable(actor: Actor, table: StoredTable) -> None:
    """Ask before hours of work what `act` will ask again after them."""
    if not may(actor, TABLE["load"].needs, table):
        raise NotAllowed
    if not TABLE["load"].starts_from(table.status):
        raise WrongState(f"Nothing can be loaded while this is “{table.state.label}”.")


def _refuse_unless_promised(table: StoredTable, columns: list[Column]) -> None:
    """Refuse a file that lacks what a share in force delivers. Raises BadFile."""
    for share in Share.objects.promised(table):
        try:
            Policy.from_data(share.policy).select(columns, "stored")
        except (PolicyError, PredicateError) as error:
            raise BadFile(
                f"{share.basis} promises columns that this file does not give. {error} "
                "Send a file that has them, or end that first."
            ) from error


def receive_file(
    actor: Actor, table: StoredTable, upload: Upload, *, encoding: str = "", delimiter: str = ""
) -> Job:
    """Load an upload as the next version of `table`, as a job that the actor can follow.

    `encoding` and `delimiter` are found in the file where they are not given.
    """
    _refuse_unless_loadable(actor, table)
    given = {"encoding": encoding, "delimiter": delimiter}
    arguments = {
        "table": table.reference,
        "upload": upload.pk,
        "options": {name: value for name, value in given.items() if value},
    }
    title = f"Load {upload.name} into “{table.title}”"
    return queue(actor, table.owner, "load_table", arguments, title=title)


LOADED_KINDS: Final = ("text", "Parquet", "gzip", "zip")
_STEPS: Final = ("", "Unpacked", "Read", "Checked", "Written")


@task("load_table")
def _load_upload(
    running: Running, table: str, upload: int, options: dict[str, str]
) -> dict[str, Any]:
    """The job behind `receive_file`, done as whoever asked for it."""
    actor = running.actor
    found, sent = queries.table(actor, table), uploads.upload(actor, upload)

    def tell(step: int, now: int, total: int) -> None:
        running.progress(now, total, _STEPS[step])

    try:
        with uploads.opened(sent) as source:
            version = load_table(
                actor, found, source, source_name=sent.name, options=options, progress=tell
            )
    except BadFile as error:
        raise Refusal(str(error), "Nothing was loaded.") from error
    discard_upload(SYSTEM, sent)
    return {
        "table": table,
        "version": version.number,
        "rows": version.rows,
        "rejected": version.rejected,
        "url": found.inside_url(),
    }


def record_version(
    actor: Actor, table: StoredTable, loaded: Loaded, source_name: str
) -> TableVersion:
    """Name a committed Delta version as the table's latest."""
    with transaction.atomic():
        version = act(
            actor,
            VERSION["load"],
            TableVersion(
                table=table,
                number=loaded.version,
                rows=loaded.rows,
                rejected=loaded.rejected,
                size=loaded.size,
                columns=[column.to_data() for column in loaded.columns],
                source_name=source_name[-255:],
                source_digest=loaded.source_digest,
            ),
        )
        act(actor, TABLE["load"], table, lambda row: _show_latest(row, version))
    return version


def _show_latest(table: StoredTable, version: TableVersion) -> None:
    """Of two loads at once the later commit is the latest, whichever is named last."""
    if table.latest is None or table.latest.number < version.number:
        table.latest = version


def open_share(
    actor: Actor,
    table: StoredTable,
    recipient: Organisation,
    policy: Policy,
    *,
    basis: str,
    basis_digest: str,
    starts_at: datetime,
    ends_at: datetime,
) -> Share:
    """Let `recipient` read `table` as far as `policy` goes, because of `basis`."""
    share = Share(
        owner=table.owner,
        table=table,
        recipient=recipient,
        policy=policy.to_data(),
        policy_digest=policy.digest(),
        basis=basis,
        basis_digest=basis_digest,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    return act(actor, SHARE["open"], share)


def suspend_share(
    actor: Actor, share: Share, *, note: str = "", expected: int | None = None
) -> Share:
    """Stop delivery for now: the next byte is refused."""
    return act(actor, SHARE["suspend"], share, note=note, expected=expected)


def resume_share(actor: Actor, share: Share, *, expected: int | None = None) -> Share:
    """Deliver again."""
    return act(actor, SHARE["resume"], share, expected=expected)


SHARE_VERBS: Final[dict[str, Callable[..., Share]]] = {
    "suspend": suspend_share,
    "resume": resume_share,
}


def close_share(actor: Actor, share: Share, *, note: str = "") -> Share:
    """End it: the next byte is refused."""
    return act(actor, SHARE["close"], share, note=note)


def note_delivery(
    actor: Actor, share: Share, door: str, *, begun: bool = False, **facts: Any
) -> None:
    """Append the entry of one read: door, version, columns, rows and bytes, or that it has begun."""
    note_read(
        actor,
        "share:read_begun" if begun else "share:read",
        share,
        {"basis": share.basis, "policy": share.policy_digest, "door": door, **facts},
    )
