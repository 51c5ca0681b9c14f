"""`concordat erase NUMBER … --why TEXT`: personal data out of the log, under the law."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from concordat.kernel.access import SYSTEM
from concordat.kernel.deeds.erase import erase
from concordat.kernel.refusals import Invalid


class Command(BaseCommand):
    """Erase what entries keep private."""

    help = "Erase the names, notes and closed fields of entries of the audit log; proofs stand."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, and why."""
        parser.add_argument(
            "entries", nargs="+", type=int, help="Their numbers, as proofs say them"
        )
        parser.add_argument("--why", required=True, help="The reason, which the log keeps")

    def handle(self, *args: Any, **options: Any) -> None:
        """One after the other; what is erased stays so if a later one is not there."""
        for number in options["entries"]:
            try:
                erase(SYSTEM, number, options["why"])
            except Invalid as refusal:
                says = [text for texts in refusal.errors.values() for text in texts]
                raise CommandError(" ".join(says)) from refusal
            self.stdout.write(f"entry {number}: erased")
