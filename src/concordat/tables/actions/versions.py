"""Verbs of the versions of a table: looked into, had again, and let go."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from concordat.kernel.access import Actor, may
from concordat.kernel.deeds import act, note_read
from concordat.kernel.refusals import Invalid, NotAllowed, NotVisible
from concordat.tables import queries
from concordat.tables.actions.loading import announce
from concordat.tables.lifecycle import TABLE, VERSION
from concordat.tables.models import Share, StoredTable, TableVersion
from concordat.tables.plane.compare import compared
from concordat.tables.plane.engine import open_table
from concordat.tables.plane.policy import Policy, Versions
from concordat.tables.plane.prepare import forget, in_use
from concordat.tables.policy import Can
from concordat.tables.rules.retention import due
from concordat.tables.sharing import columns_of, unkept_promise
from concordat.tables.store import lake, remove_files

FIRST: Final = 20
_GONE: Final = "Version {} is no longer kept. Choose one that is."


def look_into(
    actor: Actor, version: TableVersion, *, door: str = "page"
) -> tuple[list[str], list[list[str | None]]]:
    """The columns and first rows (as text) of a version, for whoever may load the table; the log says who
    looked. Raises NotAllowed, and TableError where it is no longer kept."""
    table = version.table
    if not may(actor, Can.TABLE_LOAD, table):
        raise NotAllowed
    columns = columns_of(version)
    names = [column.name for column in columns]
    relation = open_table(lake(), table.reference, version.number, columns, Policy(tuple(names)))
    try:
        batch = next(relation.batches(FIRST), None)
        cells = batch.slice(0, FIRST).to_pylist() if batch is not None else []
    finally:
        relation.close()
    rows = [[None if row[n] is None else str(row[n]) for n in names] for row in cells]
    facts = {"version": version.number, "rows": len(rows), "door": door}
    note_read(actor, "table:look_into", table, facts)
    return names, rows


def roll_back_table(
    actor: Actor,
    table: StoredTable,
    *,
    number: int,
    note: str = "",
    expected: int | None = None,
) -> StoredTable:
    """Make what version `number` held the next version; the numbers go on.

    Raises Invalid (field `number`) for one that is not kept, is the latest, or lacks columns that
    an agreement in force promises.
    """

    def change(row: StoredTable) -> None:
        past = _had_again(actor, row, number)
        made = TableVersion(
            table=row,
            number=lake().restore(row.reference, past.number),
            restored_from=past.number,
            changes=compared(columns_of(row.latest), columns_of(past)) if row.latest else {},
            source_name=f"Version {past.number}",
            **{name: getattr(past, name) for name in _CARRIED},
        )
        version = act(actor, VERSION["load"], made)
        row.name_latest(version)
        announce(actor, version)

    return act(actor, TABLE["roll_back"], table, change, note=note, expected=expected)


_CARRIED: Final = ("rows", "size", "columns", "quality", "source_digest")


def _had_again(actor: Actor, table: StoredTable, number: int) -> TableVersion:
    try:
        past = queries.version(actor, table, number)
    except NotVisible as error:
        raise Invalid({"number": [f"There is no version {number}."]}) from error
    if past.status != "loaded":
        raise Invalid({"number": [_GONE.format(number)]})
    if past.pk == table.latest_id:
        raise Invalid({"number": [f"Version {number} is the latest already."]})
    if broken := unkept_promise(table, columns_of(past)):
        raise Invalid({"number": [f"{broken} Choose another version, or end that first."]})
    return past


def sweep_versions(actor: Actor, now: datetime | None = None) -> int:
    """Let go of the versions that no rule keeps, with their files; returns how many are gone.

    A version is first said to be no longer kept, then its files go, then it is said to be removed:
    whatever stops in between is taken up by the next sweep.
    """
    count, moment = 0, now or timezone.now()
    for table in StoredTable.objects.visible_to(actor).exclude(latest=None).order_by("id"):
        _retire(actor, table, moment)
        count += _remove(actor, table)
    return count


def _retire(actor: Actor, table: StoredTable, now: datetime) -> None:
    with transaction.atomic():
        # A share that names a version is opened under the same lock.
        row = StoredTable.objects.select_for_update(of=("self",)).get(pk=table.pk)
        kept = {version.number: version for version in row.versions.kept()}
        loads = [(number, version.created_at) for number, version in kept.items()]
        newest = settings.ENV.keep_versions if row.keep_versions is None else row.keep_versions
        days = settings.ENV.keep_days if row.keep_days is None else row.keep_days
        for number in due(loads, _named(row), newest=newest, days=days, now=now):
            if not in_use(lake(), row.reference, number):
                act(actor, VERSION["retire"], kept[number])


def _named(table: StoredTable) -> list[Versions]:
    """What the shares that are not closed say of versions."""
    policies = Share.objects.filter(table=table).exclude(status="closed").values_list("policy")
    return [Versions(**policy.get("versions", {})) for (policy,) in policies]


def _remove(actor: Actor, table: StoredTable) -> int:
    gone = list(table.versions.filter(status="retired").order_by("number"))
    if not gone:
        return 0
    kept = set(table.versions.kept().values_list("number", flat=True))
    numbers = [version.number for version in gone]
    remove_files(table.reference, lake().unneeded(table.reference, numbers, kept))
    for number in numbers:
        forget(lake(), table.reference, number)
        lake().forget_rows(f"{table.reference}-rejects", f"version = {number}")
    for version in gone:
        act(actor, VERSION["remove"], version)
    return len(gone)
