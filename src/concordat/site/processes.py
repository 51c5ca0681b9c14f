"""The processes that `serve` keeps: begun, begun again, ended, with nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

import structlog

GRACE: Final = 15.0  # seconds between asking a process to stop and killing it
STEADY: Final = 60.0  # seconds after which a process that ends is begun again at once
_LOOK: Final = 0.2
log = structlog.get_logger()


class Child:
    """A Python module in a process group of its own, so that whatever it starts ends with it."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        quiet: bool = False,
    ) -> None:
        self.name = name
        self.process: subprocess.Popen[bytes] | None = None
        self._command = [sys.executable, "-m", "concordat.site.leash", *command]
        self._environment = {**os.environ, **(environment or {})}
        self._output = subprocess.DEVNULL if quiet else None
        self._began = self._due = 0.0
        self._pause = 0.5

    def start(self) -> None:
        """Begin it."""
        self._began, self._due = time.monotonic(), 0.0
        self.process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=self._output,
            process_group=0,
        )

    def ended(self) -> int | None:
        """Its exit code; None while it runs or before it began."""
        return self.process.poll() if self.process else None

    def revive(self) -> None:
        """Begin it again when it has ended: after a second, then two, four, … up to a minute."""
        code, now = self.ended(), time.monotonic()
        if code is None or now < self._due:
            return
        if self._due:
            self.start()
            return
        self._kill_group()
        steady = now - self._began > STEADY
        self._pause = 1.0 if steady else min(60.0, 2 * self._pause)
        self._due = now + self._pause
        log.error("a process ended", process=self.name, code=code, again_in=self._pause)

    def ask_to_stop(self) -> None:
        """SIGTERM."""
        if self.process:
            self.process.terminate()

    def end(self, grace: float = GRACE) -> None:
        """Wait until it has stopped, then kill it and what is left of its group."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=grace)
        self._kill_group()
        self.process.wait()

    def _kill_group(self) -> None:
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


def supervise(vital: Child, *others: Child) -> int:
    """Keep processes until a signal comes (0) or `vital` ends (its code, never 0); end them all."""
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: asked.append(number))
    try:
        for child in (vital, *others):
            if child.process is None and not asked:
                child.start()
        while not asked:
            if (code := vital.ended()) is not None:
                log.error("the site stops", process=vital.name, code=code)
                return code if code > 0 else 1
            for child in others:
                child.revive()
            time.sleep(_LOOK)
        return 0
    finally:
        for child in (vital, *others):
            child.ask_to_stop()
        for child in (vital, *others):
            child.end()
