"""The worker process: gives entries their places, runs followers, jobs, schedules and seals."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from typing import Final

import structlog
from django.db import close_old_connections

from concordat.kernel.audit.follow import follow
from concordat.kernel.audit.log import sequence
from concordat.kernel.jobs import run_next
from concordat.kernel.jobs.schedules import run_due
from concordat.kernel.search.follow import follow_index
from concordat.kernel.webhooks.deliver import deliver_next
from concordat.site.wiring import FOLLOWERS, SCHEDULES

log = structlog.get_logger()
PAUSE: Final = 0.2
GRACE: Final = 10.0  # seconds for the steps in hand when it is told to stop
TELLERS: Final = 4  # threads for webhooks: so many receivers may hang before another one waits


class Worker:
    """One worker process: a thread that follows the log, threads that tell webhooks and run jobs.

    `index_only` is for a host that serves pages and runs no worker: it keeps the index of that host
    and writes nothing to the database.
    """

    def __init__(self, job_threads: int = 1, *, index_only: bool = False) -> None:
        self.stopping = threading.Event()
        self.failed = False
        self.threads = [
            threading.Thread(target=self._loop, args=(step,), name=name, daemon=True)
            for name, step in (
                [("index", follow_index)] if index_only else self._steps(job_threads)
            )
        ]

    def _steps(self, job_threads: int) -> list[tuple[str, Callable[[], int]]]:
        steps: list[tuple[str, Callable[[], int]]] = [("log", follow_log), ("clock", run_schedules)]
        steps += [(f"webhooks-{n}", lambda: int(deliver_next())) for n in range(TELLERS)]
        return steps + [(f"jobs-{n}", lambda: int(run_next())) for n in range(job_threads)]

    def run(self) -> int:
        """Work until told to stop; returns the exit code: 1 when a thread could not go on."""
        for thread in self.threads:
            thread.start()
        self.stopping.wait()
        deadline = time.monotonic() + GRACE
        for thread in self.threads:
            thread.join(timeout=max(0.0, deadline - time.monotonic()))
        return int(self.failed)

    def stop_on_signals(self) -> None:
        """Finish the step in hand on SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())

    def _loop(self, step: Callable[[], int]) -> None:
        while not self.stopping.is_set():
            close_old_connections()
            try:
                busy = step()
            except Exception:
                log.exception("worker step failed", step=threading.current_thread().name)
                busy = 0
                self.stopping.wait(2)
            except (
                BaseException
            ):  # a panic of a Rust library: what it left behind is not to be used
                log.exception("the worker ends", step=threading.current_thread().name)
                self.failed = True
                self.stopping.set()
                return
            if not busy:
                self.stopping.wait(PAUSE)


def run_schedules() -> int:
    """What is due now; 0, so that the clock is looked at again after a pause."""
    run_due(SCHEDULES)
    return 0


def follow_log() -> int:
    """Sequence what has committed and let every follower read it; returns how much was done."""
    told = sum(follow(name, handle) for name, handle in FOLLOWERS.items())
    return sequence() + told + follow_index()


def catch_up() -> None:
    """Follow the log to its end now: for commands and tests."""
    while follow_log():
        pass
