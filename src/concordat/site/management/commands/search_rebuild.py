"""`concordat search_rebuild`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from concordat.kernel.search.follow import rebuild


class Command(BaseCommand):
    """Build this host's search index anew."""

    help = "Build this host's search index anew from the database."

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, with progress."""

        def tell(done: int, total: int) -> None:
            self.stderr.write(f"\r{done:,} of {total:,}", ending="")

        count = rebuild(tell)
        self.stderr.write("")
        self.stdout.write(f"{count:,} records are in the index.")
