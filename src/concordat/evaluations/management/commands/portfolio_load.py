"""`concordat portfolio_load YEAR FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from concordat.evaluations.actions import load_portfolio
from concordat.kernel.access import SYSTEM
from concordat.kernel.refusals import Invalid


class Command(BaseCommand):
    """Bring in one year of the Government Major Projects Portfolio."""

    help = "Bring in one year of the Government Major Projects Portfolio (delimited text)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which year, and from where."""
        parser.add_argument("year", type=int)
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say every line that was refused or noted."""
        file: Path = options["file"]
        try:
            done = load_portfolio(SYSTEM, options["year"], file.name, file.read_bytes())
        except OSError as error:
            raise CommandError(f"{file.name}: {error.strerror}.") from error
        except Invalid as refusal:
            raise CommandError(
                " ".join(t for says in refusal.errors.values() for t in says)
            ) from refusal
        for remark in done.remarks:
            self.stdout.write(
                f"{remark.outcome}: {remark.place}: {remark.message} {remark.cell}".rstrip()
            )
        for name in ("made", "changed", "unchanged", "withdrawn", "refused"):
            self.stdout.write(f"{name}: {getattr(done, name):,}")
