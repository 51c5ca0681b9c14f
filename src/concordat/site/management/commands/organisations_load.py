"""`concordat organisations_load FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from concordat.kernel.administration.load_organisations import load_organisations
from concordat.kernel.refusals import Invalid


class Command(BaseCommand):
    """Bring in the GOV.UK list of organisations."""

    help = "Bring in the GOV.UK list of organisations (JSON)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what could not be used."""
        try:
            report = load_organisations(options["file"])
        except Invalid as refusal:
            raise CommandError(" ".join(refusal.errors["file"])) from refusal
        for line in report.unused:
            self.stdout.write(f"not used: {line}")
        for name, count in sorted(report.counts.items()):
            self.stdout.write(f"{name}: {count:,}")
