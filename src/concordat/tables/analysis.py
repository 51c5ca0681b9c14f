"""The SQL door's way to the rows: one SELECT over what one's shares give, checked, apart, bounded."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
from django.conf import settings
from django.utils import timezone

from concordat.kernel.access import Actor
from concordat.kernel.refusals import Invalid, NotAllowed, Refusal, WrongState
from concordat.tables import queries, sharing
from concordat.tables.actions import note_delivery, record_query
from concordat.tables.deliver import Watch, parts_of
from concordat.tables.models import Share
from concordat.tables.plane.columns import Column
from concordat.tables.plane.gate import Checked, Name, SqlError, check
from concordat.tables.plane.pool import NURSERY, Job, Run
from concordat.tables.plane.streams import Cut
from concordat.tables.policy import Can
from concordat.tables.slots import hold

MOST_BYTES: Final = 512 * 1024**2  # of Arrow, that one query may answer with
AT_ONCE: Final = 2  # queries of one person
ON_A_HOST: Final = 4
_MACHINE: Final = "[^a-z0-9_]"


@dataclass(frozen=True)
class Granted:
    """A table as the SQL door names it: always `qualified`, and `name` too where no other has it."""

    share: Share
    schema: str
    name: str
    alone: bool
    columns: list[Column]

    @property
    def qualified(self) -> str:
        """Such as `ag_7k2m_41.organogram`."""
        return f"{self.schema}.{self.name}"

    @property
    def shown(self) -> str:
        """The shortest name that means it."""
        return self.name if self.alone else self.qualified

    @property
    def names(self) -> list[Name]:
        """All its names."""
        return [(self.schema, self.name), *([("", self.name)] if self.alone else [])]


def refuse_unless_analyst(actor: Actor) -> None:
    """Raises NotAllowed for who may not read tables in any body."""
    if not actor.bodies(Can.TABLE_READ):
        raise NotAllowed(mend="Ask an administrator of your organisation for the role of analyst.")


def tables(actor: Actor, address: str) -> list[Granted]:
    """The tables that the actor may query now from an internet address.

    Raises NotAllowed for who may not read tables.
    """
    refuse_unless_analyst(actor)
    found = queries.sql_shares(actor)
    named = [share.table.name for share in found]
    granted = []
    for share in found:
        try:
            sharing.admit(share, address)
            columns = sharing.terms_of(share).shown
        except (NotAllowed, WrongState):
            continue  # another network, or the owner has to mend it: the others can be read
        schema = re.sub(_MACHINE, "_", share.name)
        alone = named.count(share.table.name) == 1
        granted.append(Granted(share, schema, share.table.name, alone, columns))
    return granted


class Asked:
    """A query that runs: its `schema`, then its `batches`, once. Records itself when it ends."""

    def __init__(
        self,
        actor: Actor,
        address: str,
        sql: str,
        token: int | None,
        *,
        explain: bool,
        most: int | None,
    ) -> None:
        self.actor, self.sql, self.explain = actor, sql, explain
        self._rows_most = min(most or settings.ENV.sql_rows, settings.ENV.sql_rows)
        self._started, self._clock = timezone.now(), time.monotonic()
        self.rows = self.bytes = 0
        self.checked, self._read = Checked("", frozenset()), list[Granted]()
        self._reads = list[str]()  # the ids of what has begun, in the order of `_read`
        self._held, self._ended = ExitStack(), False
        try:
            self._start(address, token)
        except SqlError as error:
            self._end("refused" if not self.checked.sql else "stopped", str(error))
            raise Invalid({"sql": [f"{error.detail} {error.mend}"]}) from error
        except Cut as error:
            self._end("stopped", "The share ended.")
            raise WrongState("What you read is no longer shared with you.") from error
        except Refusal as error:
            self._end("refused", str(error))
            raise
        except BaseException:
            self._end("stopped", "It could not be run.")
            raise

    def _start(self, address: str, token: int | None) -> None:
        granted = tables(self.actor, address)
        by_name = {name: table for table in granted for name in table.names}
        self.checked = check(self.sql, by_name)
        self._held.enter_context(hold(self.actor, "queries", each=AT_ONCE, host=ON_A_HOST))
        self._read = [t for t in granted if self.checked.names & set(t.names)]
        watches = [Watch(self.actor, table.share, token) for table in self._read]
        job = Job(
            self.checked.sql,
            [_extract(table) for table in self._read],
            settings.ENV.sql_seconds,
            settings.ENV.sql_memory_mb * 2**20,
            self._rows_most,
            MOST_BYTES,
            self.explain,
        )
        self._note(begun=True)  # before the first byte, so that a crash hides no read
        self._run = Run(job, lambda: all(watch() for watch in watches))
        self._held.callback(self._run.close)
        self.schema: pa.Schema = self._run.schema

    @property
    def whole(self) -> bool:
        """Whether all the rows came, once they have."""
        return self._run.whole

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows. Raises SqlError or Cut where they stop on the way."""
        outcome, problem = "stopped", "The reader went away."
        try:
            for batch in self._run.batches():
                self.rows += batch.num_rows
                self.bytes += batch.nbytes
                yield batch
            outcome, problem = ("whole" if self.whole else "part"), ""
        except SqlError as error:
            problem = str(error)
            raise
        except Cut:
            problem = "The share ended."
            raise
        finally:
            self._end(outcome, problem)

    def close(self) -> None:
        """End it, where nobody read to the end."""
        self._end("stopped", "The reader went away.")

    def _note(self, **facts: Any) -> None:
        """Tell the log of each share: the supplier sees what of theirs was read."""
        reads, made = self._reads or [""] * len(self._read), []
        for table, read in zip(self._read, reads, strict=True):
            number = sharing.delivered(table.share).number
            columns = [column.name for column in table.columns]
            told = {"version": number, "columns": columns, **facts}
            made.append(note_delivery(self.actor, table.share, "sql", read=read, **told))
        self._reads = made

    def _end(self, outcome: str, problem: str) -> None:
        if self._ended:
            return
        self._ended = True
        self._held.close()
        facts = {"rows": self.rows, "bytes": self.bytes}
        if self._reads:
            limit = {"limit": self._rows_most} if outcome == "part" else {}
            self._note(whole=outcome == "whole", **facts, **limit)
        if not self.actor.bodies(Can.TABLE_READ):
            return
        record_query(
            self.actor,
            sql=self.sql,
            run_sql=self.checked.sql,
            bases=[table.share.basis for table in self._read],
            started_at=self._started,
            milliseconds=int(1000 * (time.monotonic() - self._clock)),
            outcome=outcome,
            problem=problem[:500],
            **facts,
        )


def ask(
    actor: Actor,
    address: str,
    sql: str,
    *,
    token: int | None = None,
    explain: bool = False,
    most: int | None = None,
) -> Asked:
    """Run one SELECT as the actor, from an internet address, of at most so many rows; with
    `explain`, show its plan instead.

    Raises Invalid for a query that is refused or fails, TooMany while others of theirs run,
    WrongState where a share ends meanwhile, NotAllowed for who may not read tables.
    """
    return Asked(actor, address, sql, token, explain=explain, most=most)


def rows_of(asked: Asked) -> list[list[Any]]:
    """The rows as lists. Raises Invalid where the query fails on the way."""
    rows: list[list[Any]] = []
    try:
        for batch in asked.batches():
            columns = [[_plain(cell) for cell in column.to_pylist()] for column in batch.columns]
            rows += [list(row) for row in zip(*columns, strict=True)]
    except SqlError as error:
        raise Invalid({"sql": [f"{error.detail} {error.mend}"]}) from error
    return rows


def _plain(cell: Any) -> Any:
    """JSON has no NaN and no infinity."""
    if isinstance(cell, float) and cell - cell != 0:
        return None
    if isinstance(cell, bytes):
        return cell.hex()
    return cell


def is_number(field: pa.Field) -> bool:
    """Whether a column of an answer holds numbers."""
    kind = field.type
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    )


def warm() -> None:
    """Have an engine ready before the first query."""
    NURSERY.warm()


def _extract(table: Granted) -> dict[str, Any]:
    """A table as the child opens it: its files already hold no more than the policy allows."""
    return {
        "names": [list(name) for name in table.names],
        "files": [str(part.path.resolve()) for part in parts_of(table.share)],
        "columns": [[column.name, column.duckdb] for column in table.columns],
    }
