"""`python -m concordat.site.leash MODULE …`: run a module that dies with the process that began it.

Its standard input is a pipe that only the beginner holds open and nobody writes to. When even
`kill -9` ends the beginner, the pipe closes, and this process kills its group: no port stays taken.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading


def _watch() -> None:
    while os.read(0, 64):
        pass
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    threading.Thread(target=_watch, daemon=True).start()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
