"""Where tables live: one Delta table each, under one root, local or S3."""

from __future__ import annotations

import fcntl
import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from deltalake import (
    CommitProperties,
    DeltaTable,
    PostCommitHookProperties,
    Transaction,
    write_deltalake,
)
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError

from concordat.tables.plane.errors import TableError

STAGING_SECONDS: Final = 24 * 3600
TRIES: Final = 6
FILE_BYTES: Final = 128 * 1024 * 1024  # about, of each of a version's files
PIECE: Final = 8 * 1024 * 1024  # bytes fetched at a time
_APPLICATION: Final = "concordat"
# Delta Lake would forget how to read a version after thirty days; we say when one may go.
_HOOKS: Final = PostCommitHookProperties(cleanup_expired_logs=False)
Rows = Callable[[], pa.RecordBatchReader]  # called again for each try


@dataclass(frozen=True)
class Lake:
    """`root` holds the tables (a folder or an `s3://` address); `work` is a local folder for
    staging and prepared extracts; `options` are the object store's."""

    root: str
    work: Path
    options: dict[str, str] = field(default_factory=dict)

    @property
    def is_local(self) -> bool:
        """True when the tables are files on this machine."""
        return "://" not in self.root

    def address(self, table: str) -> str:
        """Where one table lives."""
        return f"{self.root.rstrip('/')}/{table}"

    def open(self, table: str, version: int | None = None) -> DeltaTable:
        """The table at a version (None: the latest). Raises TableError."""
        try:
            return DeltaTable(
                self.address(table), version=version, storage_options=self.options or None
            )
        except (DeltaError, TableNotFoundError, OSError) as error:
            raise TableError(f"Version {version} of {table} cannot be opened.") from error

    def write(self, table: str, rows: Rows) -> int:
        """Commit `rows` as the next version, replacing what the last one held; returns its number.

        Older versions stay readable. The commit is atomic: a crash leaves the last version. Of
        loads at once each gets a version of its own. Raises TableError when others never let go.
        """
        for _ in range(TRIES):
            number = time.time_ns()
            self._commit(
                table,
                rows,
                mode="overwrite",
                schema_mode="overwrite",
                target_file_size=FILE_BYTES,
                # Delta Lake refuses the slower of two commits that name the same application.
                commit_properties=CommitProperties(
                    app_transactions=[Transaction(_APPLICATION, number)]
                ),
            )
            found = self._bearing(table, number)
            # Over an empty table it lets both pass, and the later keeps the rows of both. Nobody
            # has been told of that version, so load once more.
            if found.version() == 0 or not self._mixed(table, found):
                return int(found.version())
        raise TableError(f"Others are loading {table} too. Try again.")

    def _bearing(self, table: str, number: int) -> DeltaTable:
        """The version that bears a load's number: the latest may be somebody else's by now.

        The history is no help: it numbers the versions wrong while others commit.
        """
        found = self.open(table)
        while found.transaction_version(_APPLICATION) != number:
            found = self.open(table, found.version() - 1)
        return found

    def _mixed(self, table: str, found: DeltaTable) -> bool:
        """Whether a version still holds files of the one before it."""
        before = self.open(table, found.version() - 1)
        return not set(before.file_uris()).isdisjoint(found.file_uris())

    def restore(self, table: str, version: int) -> int:
        """Make the rows of `version` those of the next version, of the same files; its number.

        Raises TableError where its files are gone.
        """
        number = time.time_ns()
        with self._locked(table):
            try:
                self.open(table).restore(
                    version,
                    commit_properties=CommitProperties(
                        app_transactions=[Transaction(_APPLICATION, number)]
                    ),
                    post_commithook_properties=_HOOKS,
                )
            except DeltaError as error:
                raise TableError(f"Version {version} of {table} cannot be had again.") from error
        return int(self._bearing(table, number).version())

    def append(self, table: str, rows: Rows) -> None:
        """Add `rows` to a table that only grows."""
        self._commit(table, rows, mode="append")

    def _commit(self, table: str, rows: Rows, **options: Any) -> None:
        """One commit at a time on this host; where another host was faster, try again."""
        address = self.address(table)
        if self.is_local:
            Path(address).mkdir(parents=True, exist_ok=True)
        with self._locked(table):
            for attempt in range(TRIES):
                try:
                    with self._tidied(table):
                        write_deltalake(
                            address,
                            rows(),
                            storage_options=self.options or None,
                            post_commithook_properties=_HOOKS,
                            **options,
                        )
                except CommitFailedError as error:
                    if attempt + 1 == TRIES:
                        raise TableError(f"Others are loading {table} too. Try again.") from error
                    time.sleep(random.uniform(0, 0.2 * 2**attempt))
                else:
                    return

    @contextmanager
    def _tidied(self, table: str) -> Iterator[None]:
        """Take away the files that were written here for a version that then failed; needs the lock,
        so that none is of a load that goes on."""
        folder = Path(self.address(table))
        before = set(folder.glob("*.parquet")) if self.is_local else set()
        try:
            yield
        except BaseException:
            new = set(folder.glob("*.parquet")) - before if self.is_local else set()
            # What fails after its commit has its version all the same.
            named = self._made(table, self.open(table).version()) if new and _begun(folder) else {}
            for path in new:
                if path.name not in named:
                    path.unlink()
            raise

    @contextmanager
    def _locked(self, table: str) -> Iterator[None]:
        """Hold the lock under which this host commits to a table."""
        locks = self.work / "locks"
        locks.mkdir(parents=True, exist_ok=True)
        with (locks / table).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def files(self, table: str, version: int) -> list[tuple[str, int]]:
        """(address, bytes) of each Parquet file of a version. Raises TableError."""
        found: Any = pa.table(self.open(table, version).get_add_actions(flatten=True))
        names = found["path"].to_pylist()
        sizes = found["size_bytes"].to_pylist()
        return [
            (f"{self.address(table)}/{name}", int(size))
            for name, size in zip(names, sizes, strict=True)
        ]

    def unneeded(self, table: str, gone: list[int], kept: set[int]) -> list[str]:
        """The names of the files of the versions that are `gone` which none of those `kept` needs,
        nor any after them: they may have been committed and not named yet. A version between them
        that nobody ever named is gone too, once it is a day old."""
        newest, last = max(kept), self.open(table).version()
        needed = {
            name
            for number in {*kept, *range(newest, last + 1)}
            for name in self._made(table, number)
        }
        old, found = (time.time() - STAGING_SECONDS) * 1000, set(gone)
        doomed: set[str] = set()
        for number in range(min(gone), newest):
            if number in kept:
                continue
            made = self._made(table, number)
            if number in found or max(made.values(), default=0) < old:
                doomed |= set(made)
        return sorted(doomed - needed)

    def _made(self, table: str, version: int) -> dict[str, int]:
        """The names of a version's files, and when (ms since 1970) each was made."""
        found: Any = pa.table(self.open(table, version).get_add_actions(flatten=True))
        times = found["modification_time"].cast(pa.int64()).to_pylist()
        return dict(zip(found["path"].to_pylist(), times, strict=True))

    def forget_rows(self, table: str, predicate: str) -> None:
        """Take rows away from a table that only grows, where there is one, and their files; what is
        left of its many small files becomes one."""
        try:
            found = self.open(table)
        except TableError:
            return
        with self._locked(table):
            found.delete(predicate, post_commithook_properties=_HOOKS)
            found.optimize.compact(post_commithook_properties=_HOOKS)
            # Of files that were taken away alone: one that is being written is not yet named.
            found.vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False)

    def size(self, table: str, version: int) -> int:
        """Bytes that a version's files hold. Raises TableError."""
        return sum(size for _, size in self.files(table, version))

    def fetch(self, table: str, version: int, folder: Path) -> list[Path]:
        """The version's files on this machine: as they lie, or fetched into `folder` from the
        object store. Raises TableError."""
        files = [address for address, _ in self.files(table, version)]
        if self.is_local or not files:
            return [Path(file) for file in files]
        stored: Any = self.open(table, version).to_pyarrow_dataset()
        fetched = [folder / f"{number:06}.parquet" for number in range(len(files))]
        for file, path in zip(stored.files, fetched, strict=True):
            with stored.filesystem.open_input_file(file) as source, path.open("wb") as out:
                shutil.copyfileobj(source, out, PIECE)
        return fetched

    def staging(self) -> Path:
        """The local folder for files in the making."""
        folder = self.work / "staging"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def sweep(self, older_than: float = STAGING_SECONDS) -> int:
        """Remove what a crash left in staging; returns how many things."""
        limit, swept = time.time() - older_than, 0
        for path in self.staging().iterdir():
            if path.stat().st_mtime < limit:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()
                swept += 1
        return swept


def _begun(folder: Path) -> bool:
    """Whether a table has a first version, which may be damaged."""
    return DeltaTable.is_deltatable(str(folder))
