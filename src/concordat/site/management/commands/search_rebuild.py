"""`concordat search_rebuild`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from concordat.kernel.search.follow import rebuild
from concordat.kernel.search.host import BusyError


class Command(BaseCommand):
    """Build this host's search index anew, beside the one in use; a worker may be running."""

    help = "Build this host's search index anew from the database."

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, with progress."""

        def tell(done: int, total: int) -> None:
            self.stderr.write(f"\r{done:,} of {total:,}", ending="")

        try:
            count = rebuild(tell)
        except BusyError:
            raise CommandError("It is being built already. Wait until that is done.") from None
        self.stderr.write("")
        self.stdout.write(f"{count:,} records are in the index.")
