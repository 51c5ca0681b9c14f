"""`concordat worker`: the background process alone, for hosts that serve no pages."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from concordat.site.worker import Worker


class Command(BaseCommand):
    """Run followers, jobs, schedules and seals until stopped."""

    help = "Run followers, jobs, schedules and seals until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many jobs at once."""
        parser.add_argument("--jobs", type=int, default=1, help="Jobs run at once")
        parser.add_argument(
            "--index-only",
            action="store_true",
            help="Only keep this host's search index; writes nothing to the database",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run."""
        worker = Worker(options["jobs"], index_only=options["index_only"])
        worker.stop_on_signals()
        sys.exit(worker.run())
