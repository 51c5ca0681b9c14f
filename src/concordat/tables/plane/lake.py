"""Where tables live: one Delta table each, under one root, local or S3."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError

from concordat.tables.plane.errors import TableError

STAGING_SECONDS: Final = 24 * 3600


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

    def write(self, table: str, rows: pa.RecordBatchReader) -> int:
        """Commit `rows` as the next version, replacing what the last one held; returns its number.

        Older versions stay readable. The commit is atomic: a crash leaves the last version.
        """
        address = self.address(table)
        if self.is_local:
            Path(address).mkdir(parents=True, exist_ok=True)
        write_deltalake(
            address,
            rows,
            mode="overwrite",
            schema_mode="overwrite",
            storage_options=self.options or None,
            target_file_size=128 * 1024 * 1024,
        )
        return self.open(table).version()

    def append(self, table: str, rows: pa.Table) -> None:
        """Add `rows` to a small table that only grows."""
        if self.is_local:
            Path(self.address(table)).mkdir(parents=True, exist_ok=True)
        write_deltalake(
            self.address(table), rows, mode="append", storage_options=self.options or None
        )

    def read_appended(self, table: str, filters: list[tuple[str, str, Any]]) -> pa.Table | None:
        """The rows of a small table that fit `filters`; None where nothing was ever added."""
        try:
            found = DeltaTable(self.address(table), storage_options=self.options or None)
        except (DeltaError, TableNotFoundError, OSError):
            return None
        return found.to_pyarrow_table(filters=filters)

    def files(self, table: str, version: int) -> list[tuple[str, int]]:
        """(address, bytes) of each Parquet file of a version. Raises TableError."""
        found: Any = pa.table(self.open(table, version).get_add_actions(flatten=True))
        names = found["path"].to_pylist()
        sizes = found["size_bytes"].to_pylist()
        return [
            (f"{self.address(table)}/{name}", int(size))
            for name, size in zip(names, sizes, strict=True)
        ]

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
