"""Token buckets in this process: how fast one client may ask."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from threading import Lock
from typing import Final

_MOST_CLIENTS: Final = 20_000  # those unheard of for longest are forgotten first


class Buckets:
    """One bucket a client: `burst` tokens, refilled at `per_second`."""

    def __init__(
        self, per_second: float, burst: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.per_second, self.burst, self.clock = per_second, burst, clock
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, client: str) -> int:
        """0 when the client may go on, else the whole seconds to wait."""
        now = self.clock()
        with self._lock:
            tokens, since = self._held.get(client, (self.burst, now))
            tokens = min(self.burst, tokens + (now - since) * self.per_second)
            allowed = tokens >= 1
            self._held[client] = (tokens - 1 if allowed else tokens, now)
            self._held.move_to_end(client)
            if len(self._held) > _MOST_CLIENTS:
                self._held.popitem(last=False)
        return 0 if allowed else max(1, ceil((1 - tokens) / self.per_second))
