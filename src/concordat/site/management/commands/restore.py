"""`concordat restore FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from concordat.site.archive import ArchiveError, restore


class Command(BaseCommand):
    """Fill an empty installation from an archive."""

    help = "Fill an empty, migrated installation from an archive."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore it and say what it held."""
        try:
            manifest = restore(options["file"], self.stderr.write)
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        rows = sum(manifest["rows"].values())
        files = sum(name.startswith("store/") for name in manifest["sha256"])
        self.stdout.write(f"{options['file']}: {rows:,} rows and {files:,} files.")
