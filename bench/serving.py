"""Ours and the peers served alike: granian, WSGI, two workers, each with what the product sets."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

OURS: Final = "concordat.site.wsgi:application"
_TICK: Final = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A server that is up."""

    port: int
    pid: int

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def cpu(self) -> float:
        """Seconds of CPU that its processes have spent."""
        return sum(_cpu(pid) for pid in family(self.pid))


def family(pid: int) -> Iterator[int]:
    """A process and all that it started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def _cpu(pid: int) -> float:
    told = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(told[11]) + int(told[12])) / _TICK


@contextmanager
def served(application: str = OURS, **settings: str) -> Iterator[Server]:
    """The application on a free port, warm in every worker, stopped afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)]
    command += ["--workers", "2", "--blocking-threads", "40", "--no-ws", "--log-level", "warning"]
    env = {**os.environ, "CONCORDAT_BASE_URL": f"http://127.0.0.1:{port}", **settings}
    process = subprocess.Popen([*command, application], env=env, stdout=subprocess.DEVNULL)
    try:
        for _ in range(20):  # each worker gets some of them
            _wait(f"http://127.0.0.1:{port}/readyz", process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=5).read()
            return
        except urllib.error.HTTPError:
            return  # it answers, if only that there is nothing here
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} did not answer")
