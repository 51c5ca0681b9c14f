"""`concordat backup FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from concordat.site.archive import backup


class Command(BaseCommand):
    """Write one archive of database, files and tables."""

    help = "Write one consistent archive of database, files and tables."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and say what it holds."""
        manifest = backup(options["file"], self.stderr.write)
        rows = sum(manifest["rows"].values())
        files = sum(name.startswith("store/") for name in manifest["sha256"])
        self.stdout.write(f"{options['file']}: {rows:,} rows and {files:,} files.")
