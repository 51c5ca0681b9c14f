"""A whole site for tests that need one: built once, served by its own processes, on a free port."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass
class Site:
    """Its address, its settings, and each of the demonstration people by key."""

    url: str
    environment: dict[str, str]
    people: dict[str, dict[str, Any]]
    folder: Path

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a `concordat` command against this site's data."""
        return subprocess.run(
            [sys.executable, "-m", "concordat", *command],
            env=self.environment,
            capture_output=True,
            text=True,
            check=check,
            timeout=120,
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration world in small, served."""
    folder = tmp_path_factory.mktemp("site")
    url = f"http://127.0.0.1:{free_port()}"
    names = ("DATABASE_URL", "STORAGE_URL")
    environment = {k: v for k, v in os.environ.items() if not k.endswith(names)}
    environment |= {
        "CONCORDAT_DATA_DIR": str(folder),
        "CONCORDAT_DEMO": "1",
        "CONCORDAT_BASE_URL": url,
        "CONCORDAT_RATE_LIMIT": "0",
        "CONCORDAT_LOG_LEVEL": "ERROR",
        "CONCORDAT_WEB_WORKERS": "1",
        "CONCORDAT_WEBHOOK_PRIVATE_NETWORKS": "1",
        "CONCORDAT_CONNECTIONS": json.dumps(
            {"nightly": {"url": f"file://{folder}/drop", "bodies": ["hm-treasury"]}}
        ),
    }
    made = Site(url, environment, {}, folder)
    made.run("demo", "--build-only", "--rows", "0.01")
    told = json.loads(made.run("demo", "credentials", "--json").stdout)
    made.people = {person["key"]: person for person in told["people"]}
    command = [sys.executable, "-m", "concordat", "serve", "--port", url.rsplit(":", 1)[1]]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait(url)
        yield made
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait(url: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{url}/readyz", timeout=2).read()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the site did not come up")
