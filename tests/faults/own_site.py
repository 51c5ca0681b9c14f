"""A data folder and a database of its own, for tests that kill the processes which use them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.db import connection

PRELUDE = """
import os, sys, json, time
os.environ["DJANGO_SETTINGS_MODULE"] = "concordat.site.settings"
import django
django.setup()
from concordat.kernel.access import SYSTEM, PUBLIC
from concordat.kernel.deeds import act
from concordat.kernel.organisations.lifecycle import ORGANISATION
from concordat.kernel.organisations.models import Organisation
"""


class OwnSite:
    """`environment` points every process at this site, on the kind of database being tested."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        names = ("DATABASE_URL", "STORAGE_URL", "DATA_DIR", "DEMO")
        kept = {k: v for k, v in os.environ.items() if not k.endswith(names)}
        self.environment = {
            **kept,
            "CONCORDAT_DATA_DIR": str(folder),
            "CONCORDAT_LOG_LEVEL": "ERROR",
        }
        self.database = ""
        if connection.vendor == "postgresql":
            self.database = f"own_{uuid.uuid4().hex[:12]}"
            self._on_server(f"CREATE DATABASE {self.database}")
            url = urlsplit(os.environ["CONCORDAT_DATABASE_URL"])._replace(path=f"/{self.database}")
            self.environment["CONCORDAT_DATABASE_URL"] = url.geturl()
        self.run("migrate", "-v0")

    def _on_server(self, statement: str) -> None:
        with psycopg.connect(os.environ["CONCORDAT_DATABASE_URL"], autocommit=True) as server:
            server.execute(statement)

    def close(self) -> None:
        """Let the database go."""
        if self.database:
            self._on_server(f"DROP DATABASE {self.database} WITH (FORCE)")

    def run(self, *command: str) -> str:
        """What a `concordat` command printed."""
        done = subprocess.run(
            [sys.executable, "-m", "concordat", *command],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, code: str) -> subprocess.Popen[str]:
        """A process that runs `code` with Django set up; its output is read line by line."""
        return subprocess.Popen(
            [sys.executable, "-u", "-c", PRELUDE + textwrap.dedent(code)],
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, code: str) -> Any:
        """What `code` printed last, as JSON."""
        process = self.start(code)
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        return json.loads(out.splitlines()[-1])
