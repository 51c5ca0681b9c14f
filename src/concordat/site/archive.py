"""Backup and restore: one archive of database, files and tables that were true at one moment.

The database is read in one snapshot, as lines of JSON, so that an archive made on SQLite restores
on PostgreSQL and the other way round. Files are kept by hash and tables by version, so whatever the
snapshot names is still there when it is copied after it.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from concordat.kernel.audit.models import Entry
from concordat.kernel.files.store import PIECE, store

FORMAT: Final = 1
BATCH: Final = 1000
Tell = Callable[[str], None]  # takes a line of progress


class ArchiveError(Exception):
    """The archive cannot be made or used; the message says why and what to do."""


def backup(target: Path, tell: Tell = lambda _: None) -> dict[str, Any]:
    """Write the archive and return its manifest. The file appears whole or not at all."""
    partial = target.with_name(target.name + ".partial")
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(),
        "migrations": _migrations(),
        "rows": {},
        "sha256": {},
    }
    try:
        with tarfile.open(partial, "w:gz", compresslevel=1) as tar:
            _add_database(tar, manifest, tell)
            _add_store(tar, manifest, tell)
            _add_bytes(tar, "manifest.json", json.dumps(manifest, indent=1).encode())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def restore(source: Path, tell: Tell = lambda _: None) -> dict[str, Any]:
    """Fill an empty, migrated installation from an archive. Raises ArchiveError.

    Everything is checked against the manifest before the first row is written; the rows go in as
    one transaction.
    """
    with tempfile.TemporaryDirectory() as folder:
        tell("unpacking and checking the archive")
        manifest = _unpack(source, Path(folder))
        if manifest["migrations"] != _migrations():
            raise ArchiveError(
                "The archive was made by another version. Install that version, restore there, "
                "and upgrade afterwards."
            )
        if Entry.objects.exists():
            raise ArchiveError(
                "This installation already holds records. Restore into an empty data folder."
            )
        for path in sorted((Path(folder) / "store").rglob("*")):
            if path.is_file():
                name = path.relative_to(Path(folder) / "store").as_posix()
                tell(f"{name}: {path.stat().st_size:,} bytes")
                store().put(name, path)
        with transaction.atomic():
            for model in _models():
                tell(f"{model._meta.db_table}: {manifest['rows'][model._meta.db_table]:,} rows")
                _fill(model, Path(folder) / "database" / f"{model._meta.db_table}.jsonl")
            _reset_sequences()
    return manifest


def _models() -> list[type[models.Model]]:
    skipped = {"sessions.Session", "contenttypes.ContentType", "auth.Permission"}
    found = apps.get_models(include_auto_created=True)
    return [
        m for m in found if m._meta.managed and not m._meta.proxy and m._meta.label not in skipped
    ]


def _migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def _add_database(tar: tarfile.TarFile, manifest: dict[str, Any], tell: Tell) -> None:
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for model in _models():
            name = f"database/{model._meta.db_table}.jsonl"
            with tempfile.TemporaryFile() as spool:
                count = 0
                for line in _lines(model):
                    spool.write(line)
                    count += 1
                manifest["rows"][model._meta.db_table] = count
                manifest["sha256"][name] = _add_file(tar, name, spool)
            tell(f"{model._meta.db_table}: {count:,} rows")


def _lines(model: type[models.Model]) -> Iterator[bytes]:
    names = [field.attname for field in model._meta.concrete_fields]
    rows = model._base_manager.order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=BATCH):
        yield json.dumps([_plain(v) for v in row], ensure_ascii=False).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {"$b": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def _add_file(tar: tarfile.TarFile, name: str, file: Any) -> str:
    info = tarfile.TarInfo(name)
    info.size = file.tell()
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    file.seek(0)
    tar.addfile(info, file)
    return digest.hexdigest()


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))


def _add_store(tar: tarfile.TarFile, manifest: dict[str, Any], tell: Tell) -> None:
    for path, size in store().list():
        tell(f"{path}: {size:,} bytes")
        with tempfile.TemporaryFile() as spool:
            for piece in store().read(path):
                spool.write(piece)
            manifest["sha256"][f"store/{path}"] = _add_file(tar, f"store/{path}", spool)


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    try:
        with tarfile.open(source, "r:gz") as tar:
            tar.extractall(folder, filter="data")
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    except (OSError, tarfile.TarError, ValueError, EOFError) as error:
        raise ArchiveError(f"{source} is not a whole Concordat archive: {error}") from error
    if manifest.get("format") != FORMAT:
        raise ArchiveError(f"{source} has a format that this version does not know.")
    for name, expected in manifest["sha256"].items():
        with (folder / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != expected:
                raise ArchiveError(f"{name} in the archive is damaged. Use another archive.")
    return manifest


@contextmanager
def _as_they_were(model: type[models.Model]) -> Iterator[None]:
    """Moments that the database stamps by itself are restored, not stamped anew."""
    stamped = [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.DateField) and (field.auto_now or field.auto_now_add)
    ]
    held = [(field, field.auto_now, field.auto_now_add) for field in stamped]
    for field in stamped:
        field.auto_now = field.auto_now_add = False
    try:
        yield
    finally:
        for field, now, now_add in held:
            field.auto_now, field.auto_now_add = now, now_add


def _fill(model: type[models.Model], path: Path) -> None:
    with _as_they_were(model):
        _fill_rows(model, path)


def _fill_rows(model: type[models.Model], path: Path) -> None:
    fields = model._meta.concrete_fields
    batch: list[models.Model] = []
    with path.open("rb") as lines:
        for line in lines:
            values = [_full(f, v) for f, v in zip(fields, json.loads(line), strict=True)]
            batch.append(model.from_db(None, [f.attname for f in fields], values))
            if len(batch) == BATCH:
                model._base_manager.bulk_create(batch)
                batch = []
    model._base_manager.bulk_create(batch)


def _full(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"$b"}:
        return base64.b64decode(value["$b"])
    return value if isinstance(field, models.JSONField) else field.to_python(value)


def _reset_sequences() -> None:
    for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
        with connection.cursor() as cursor:
            cursor.execute(statement)
