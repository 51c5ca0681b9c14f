"""`concordat serve`: web workers and one worker process on this machine."""

from __future__ import annotations

import shutil
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from concordat.site.processes import Child, supervise


class Command(BaseCommand):
    """Migrate, then serve until stopped."""

    help = "Bring the database up to date, then serve pages and run the worker."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-migrate", action="store_true", help="Leave the database as it is")

    def handle(self, *args: Any, **options: Any) -> None:
        """Start both kinds of process; stop both when told to, or when the web server ends."""
        host, port = options["host"], options["port"]
        refuse_taken_port(host, port)
        public = settings.ENV.face == "public"
        if not (public or options["no_migrate"]):
            call_command("migrate", verbosity=0)
        web, worker = site_processes(host, port)
        self.stdout.write(f"Concordat is up at http://{host}:{port}/")
        self.stdout.flush()
        sys.exit(supervise(web, worker))


def site_processes(
    host: str,
    port: int,
    *,
    environment: Mapping[str, str] | None = None,
    quiet: bool = False,
) -> tuple[Child, Child]:
    """The web server and the worker, neither of them begun; `environment` is added to both."""
    figures = fresh_folder(Path(settings.DATA_DIR) / "metrics" / str(port))
    shared = dict(environment or {})
    measured = {**shared, "PROMETHEUS_MULTIPROC_DIR": str(figures)}
    web = Child("web", web_command(host, port), environment=measured, quiet=quiet)
    return web, Child("worker", worker_command(), environment=shared, quiet=quiet)


def fresh_folder(folder: Path) -> Path:
    """The folder, empty: the figures of web workers that are no more."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def worker_command() -> list[str]:
    """The worker, or, on a host that shall run none, what keeps the search index of that host."""
    whole = settings.ENV.inline_worker and settings.ENV.face != "public"
    return ["concordat", "worker", *([] if whole else ["--index-only"])]


def refuse_taken_port(host: str, port: int) -> None:
    """Raise CommandError, with the mend, when something else listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} on {host} is taken ({error.strerror}). "
                f"Stop what listens there, or choose another: PORT={port + 1}."
            ) from None


def web_command(host: str, port: int) -> list[str]:
    """The web server: granian, WSGI, threads that slow clients cannot hold for ever."""
    return [
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(settings.ENV.web_workers),
        "--blocking-threads",
        str(settings.ENV.web_threads),
        "--respawn-failed-workers",
        "--no-ws",
        "--log-level",
        "warning",
        "concordat.site.wsgi:application",
    ]
