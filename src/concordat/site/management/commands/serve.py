"""`concordat serve`: web workers and one worker process on this machine."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    """Migrate, then serve until stopped."""

    help = "Bring the database up to date, then serve pages and run the worker."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-migrate", action="store_true", help="Leave the database as it is")

    def handle(self, *args: Any, **options: Any) -> None:
        """Start both kinds of process, and stop both when either ends."""
        host, port = options["host"], options["port"]
        refuse_taken_port(host, port)
        public = settings.ENV.face == "public"
        if not (public or options["no_migrate"]):
            call_command("migrate", verbosity=0)
        processes = [subprocess.Popen(web_command(host, port))]
        if settings.ENV.inline_worker and not public:
            processes.append(subprocess.Popen([sys.executable, "-m", "concordat", "worker"]))
        self.stdout.write(f"Concordat is up at http://{host}:{port}/")
        sys.exit(wait_for(processes))


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
        sys.executable,
        "-m",
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
        "--no-ws",
        "--log-level",
        "warning",
        "concordat.site.wsgi:application",
    ]


def wait_for(processes: list[subprocess.Popen[bytes]]) -> int:
    """Wait until one ends or a signal comes, then stop all; returns the first one's code."""

    def stop(*_: object) -> None:
        for process in processes:
            process.terminate()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    while True:
        for process in processes:
            try:
                code = process.wait(timeout=0.5)
            except subprocess.TimeoutExpired:
                continue
            stop()
            for other in processes:
                other.wait(timeout=15)
            return max(code, 0)
