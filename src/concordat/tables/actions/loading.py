"""From a file to the next version of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from concordat.kernel.access import SYSTEM, Actor, may
from concordat.kernel.deeds import act
from concordat.kernel.files import queries as uploads
from concordat.kernel.files.actions import (
    begin_upload,
    continue_upload,
    discard_upload,
    keep_upload,
)
from concordat.kernel.files.models import Upload
from concordat.kernel.files.packed import BadFile
from concordat.kernel.jobs import Running, queue, task
from concordat.kernel.jobs.models import Job
from concordat.kernel.refusals import Invalid, NotAllowed, Refusal, WrongState
from concordat.tables import queries
from concordat.tables.lifecycle import SHARE, TABLE, VERSION
from concordat.tables.models import Share, StoredTable, TableVersion
from concordat.tables.plane.columns import Column
from concordat.tables.plane.compare import compared
from concordat.tables.plane.ingest import Loaded, load
from concordat.tables.plane.preview import WrongTypes
from concordat.tables.plane.quality import timely
from concordat.tables.sharing import columns_of, unkept_promise
from concordat.tables.store import lake


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
        name=source_name,
        progress=progress,
        check=lambda columns: _refuse_unless_promised(table, columns),
        key=table.key,
        needed=table.needed,
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
    if broken := unkept_promise(table, columns):
        raise BadFile(f"{broken} Send a file that has them, or end that first.")


def send_file(actor: Actor, table: StoredTable, name: str, pieces: Iterable[bytes]) -> Upload:
    """Keep a file for `table` until somebody loads it, for a week. Raises Invalid (field `file`)."""
    _refuse_unless_loadable(actor, table)
    return keep_upload(actor, table.owner, name, pieces, LOADED_KINDS, table.reference)


def begin_file(actor: Actor, table: StoredTable, name: str, size: int, told: str = "") -> Upload:
    """Expect a file for `table`, sent piece by piece within a week. Raises TooLarge and Invalid."""
    _refuse_unless_loadable(actor, table)
    return begin_upload(
        actor, table.owner, name, size, LOADED_KINDS, meant_for=table.reference, told=told
    )


def continue_file(
    actor: Actor, table: StoredTable, upload: Upload, start: int, content: Iterable[bytes]
) -> int:
    """Add to such a file; with its last piece it waits like any other. Raises as `continue_upload`."""
    _refuse_unless_loadable(actor, table)
    return continue_upload(actor, upload, start, content, LOADED_KINDS)


def drop_file(actor: Actor, upload: Upload) -> Upload:
    """Let a file go that is unfinished or waits."""
    return discard_upload(actor, upload)


def receive_file(
    actor: Actor,
    table: StoredTable,
    upload: Upload,
    *,
    types: Mapping[str, str] | None = None,
    **given: str,
) -> Job:
    """Load an upload as the next version of `table`, as a job that the actor can follow.

    `encoding`, `delimiter`, `sheet` and `types` (by column) are found in the file where they are
    not given. Raises Invalid (field `types`, or the name of the column) where types are given that
    nothing in the start of the file fits.
    """
    _refuse_unless_loadable(actor, table)
    options: dict[str, Any] = {name: value for name, value in given.items() if value}
    if types:
        options["types"] = dict(types)
        _refuse_unless_fitting(actor, upload, options)
    arguments = {"table": table.reference, "upload": upload.pk, "options": options}
    title = f"Load {upload.name} into “{table.title}”"
    return queue(actor, table.owner, "load_table", arguments, title=title)


def _refuse_unless_fitting(actor: Actor, upload: Upload, options: dict[str, Any]) -> None:
    try:
        queries.preview_of(actor, upload, **options)
    except WrongTypes as error:
        raise Invalid({name: [message] for name, message in error.errors.items()}) from error
    except BadFile as error:
        raise Invalid({"types": [str(error)]}) from error


LOADED_KINDS: Final = ("text", "Parquet", "gzip", "zip", "workbook")


_STEPS: Final = ("", "Unpacked", "Read", "Checked", "Written")


@task("load_table")
def _load_upload(
    running: Running, table: str, upload: int, options: dict[str, Any]
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
        before = table.versions.filter(number__lt=loaded.version).first()
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
                changes=compared(columns_of(before), loaded.columns) if before else {},
                quality=_stamped(actor, [*loaded.quality, *_timeliness(table, before)]),
            ),
        )
        act(actor, TABLE["load"], table, lambda row: row.name_latest(version))
        announce(actor, version)
    return version


def _stamped(actor: Actor, measured: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each with the moment and whose load it was that had it measured."""
    at = timezone.now().isoformat(timespec="seconds")
    return [{**each, "at": at, "by": actor.name or "Concordat"} for each in measured]


def _timeliness(table: StoredTable, before: TableVersion | None) -> list[dict[str, Any]]:
    if table.due_days is None or before is None:
        return []
    return [timely((timezone.now() - before.created_at).days, table.due_days)]


def announce(actor: Actor, version: TableVersion) -> None:
    """Tell whoever reads a table, through a share in force, how its columns changed."""
    if not version.changed:
        return
    says = f"version {version.number} of {version.table.title} {version.changed}"
    for share in Share.objects.promised(version.table):
        if share.policy.get("versions", {}).get("which") != "only":
            act(actor, SHARE["announce"], share, note=says[:4000])
