"""Long work: durable, with progress, retries, cancelling and a result that stays.

A job is a row. A worker leases it, beats while it works, and writes how it ended. When a worker
dies its lease runs out and another takes the job up again, up to the number of tries.
"""

from __future__ import annotations

from concordat.kernel.jobs.tasks import Running, Stopped, task
from concordat.kernel.jobs.work import queue, run_next, run_until_idle

__all__ = ["Running", "Stopped", "queue", "run_next", "run_until_idle", "task"]
