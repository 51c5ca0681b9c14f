"""Verbs of sources: a table loaded from outside, on a schedule."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from concordat.kernel.access import SYSTEM, Actor
from concordat.kernel.deeds import act
from concordat.kernel.files.check import check
from concordat.kernel.files.packed import PIECE, BadFile
from concordat.kernel.files.store import opened
from concordat.kernel.jobs import Running, Stopped, queue, task
from concordat.kernel.refusals import Invalid, NotVisible, Refusal, WrongState
from concordat.tables import queries
from concordat.tables.actions.loading import LOADED_KINDS, load_table
from concordat.tables.lifecycle import SOURCE
from concordat.tables.models import Source, StoredTable, connections_of
from concordat.tables.plane.outside import Place, Read, SourceError, read
from concordat.tables.store import lake

log = structlog.get_logger()
_SAME: Final = "The same as last time, so nothing was loaded."


def draft_source(actor: Actor, table: StoredTable, **fields: Any) -> Source:
    """A source of `table`, which does nothing until it is run or started."""
    source = Source(owner=table.owner, table=table, **fields)
    _refuse_unless_offered(source)
    return act(actor, SOURCE["draft"], source)


def edit_source(
    actor: Actor, source: Source, *, expected: int | None = None, **fields: Any
) -> Source:
    """Change where from or how often; another place is read anew, whatever was there before."""

    def change(row: Source) -> None:
        before = (row.connection, row.place)
        for name, value in fields.items():
            setattr(row, name, value)
        if (row.connection, row.place) != before:
            _refuse_unless_offered(row)
            row.digest = row.mark = ""
        row.plan()

    return act(actor, SOURCE["edit"], source, change, expected=expected)


def _refuse_unless_offered(source: Source) -> None:
    found = connections_of(source.owner).get(source.connection)
    if found is None:
        raise Invalid({"connection": ["Choose a connection that your organisation may use."]})
    if found.url.get_secret_value().startswith("postgresql:") and "." not in source.place:
        raise Invalid({"place": ["Name the table with its schema, such as public.payments."]})


def start_source(actor: Actor, source: Source, *, expected: int | None = None) -> Source:
    """Load it from now on, as often as it says; for the first time at once."""
    return act(actor, SOURCE["start"], source, _due_now, expected=expected)


def pause_source(actor: Actor, source: Source, *, expected: int | None = None) -> Source:
    """Load it no more for now."""
    return act(actor, SOURCE["pause"], source, {"next_at": None}, expected=expected)


def resume_source(actor: Actor, source: Source, *, expected: int | None = None) -> Source:
    """Load it again, at once and then as often as it says."""
    return act(actor, SOURCE["resume"], source, _due_now, expected=expected)


def _due_now(row: Source) -> None:
    row.next_at = None if row.every == "asked" else timezone.now()


def close_source(actor: Actor, source: Source, *, expected: int | None = None) -> Source:
    """End it; what was loaded stays."""
    return act(actor, SOURCE["close"], source, {"next_at": None}, expected=expected)


def run_source(actor: Actor, source: Source, *, expected: int | None = None) -> Source:
    """Load it as a job that the actor can follow. Raises WrongState while its table is loaded."""
    with transaction.atomic():
        # The lock of the table: of two that ask at once the second sees the job of the first.
        table = StoredTable.objects.select_for_update(of=("self",)).get(pk=source.table_id)
        after = act(actor, SOURCE["run"], source, lambda row: row.plan(), expected=expected)
        if queries.loading(actor, table).exists():
            raise WrongState("Its table is being loaded already.", "Wait until that has ended.")
        arguments = {"source": source.reference, "table": table.reference}
        title = f"Load “{table.title}” from its source"
        queue(actor, source.owner, "load_source", arguments, title=title)
    return after


def run_due_sources(actor: Actor, now: datetime | None = None) -> int:
    """Queue the sources that are due, each unless its table is being loaded; returns how many."""
    due = queries.sources(actor).filter(
        status__in=("active", "failing"),
        table__status__in=("empty", "ready"),
        next_at__lte=now or timezone.now(),
    )
    count = 0
    for source in due:
        with suppress(WrongState):  # it is looked at again in a minute
            run_source(actor, source)
            count += 1
    return count


SOURCE_VERBS: Final[dict[str, Callable[..., Source]]] = {
    "edit": edit_source,
    "start": start_source,
    "run": run_source,
    "pause": pause_source,
    "resume": resume_source,
    "close": close_source,
}


@task("load_source")
def _load_source(running: Running, source: str, table: str) -> dict[str, Any]:
    """The job behind `run_source`, done as whoever asked for it."""
    found = queries.source(running.actor, source)
    try:
        with tempfile.TemporaryDirectory(dir=lake().staging()) as folder:
            result = _loaded(running, found, Path(folder))
    except (BadFile, SourceError) as error:
        _fail(found, str(error))
        raise Refusal(str(error), "Nothing was loaded.") from error
    except (Stopped, NotVisible):
        raise
    except Exception as error:
        _fail(found, error.detail if isinstance(error, Refusal) else "Something went wrong here.")
        raise
    return {**result, "url": found.inside_url()}


def _loaded(running: Running, source: Source, folder: Path) -> dict[str, Any]:
    held = connections_of(source.owner).get(source.connection)
    if held is None:
        raise SourceError(f"The connection {source.connection} is not offered any more.")
    options = {name: value.get_secret_value() for name, value in held.options.items()}
    most = settings.ENV.max_resumable_mb * PIECE
    url = held.url.get_secret_value()
    place = Place(url, lambda: opened(url, options).objects, source.place, most)
    told = read(place, folder, source.mark, lambda count: running.progress(count, 0, "Read"))
    if told is None or told.digest == source.digest:
        _report(source, _SAME, told)
        return {"result": _SAME}
    check(told.path, told.name, LOADED_KINDS)
    version = load_table(
        running.actor, source.table, told.path, source_name=f"{source.connection}: {told.name}"
    )
    said = f"Loaded version {version.number}: {version.rows:,} rows"
    said += f", {version.rejected:,} did not fit" if version.rejected else ""
    _report(source, f"{said}.", told)
    return {"version": version.number, "rows": version.rows, "rejected": version.rejected}


def _report(source: Source, words: str, told: Read | None) -> None:
    """Write how a run ended well; one that failed before is active again, and people are told."""
    change: dict[str, Any] = {"ran_at": timezone.now(), "result": words}
    if told is not None:
        change |= {"digest": told.digest, "mark": told.mark}
    _write(source, "recover", change)


def _fail(source: Source, words: str) -> None:
    """Write how a run failed; people are told of the first failure and not of those after it."""
    log.warning("a source failed", source=source.reference)
    _write(source, "fail", {"ran_at": timezone.now(), "result": words[:500]})


def _write(source: Source, move: str, change: dict[str, Any]) -> None:
    source.refresh_from_db()
    verb = move if SOURCE[move].starts_from(source.status) else "report"
    with suppress(WrongState):  # closed while it ran
        act(SYSTEM, SOURCE[verb], source, change)
