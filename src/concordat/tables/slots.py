"""Places to work in, so that neither one reader nor all together take every thread of a host.

A place is a locked file: all web workers count together, and a crash gives back what it held.
"""

from __future__ import annotations

import fcntl
import re
from contextlib import ExitStack
from typing import IO, Final

from concordat.kernel.access import Actor
from concordat.kernel.refusals import TooMany
from concordat.tables.store import lake

_MACHINE: Final = re.compile("[^a-z0-9]")


def hold(actor: Actor, kind: str, *, each: int, host: int) -> ExitStack:
    """A place of a `kind`, of those that an actor has at once and of this host's; held until it is
    closed. Raises TooMany."""
    with ExitStack() as held:
        mine = _lock(f"{kind}-{_MACHINE.sub('-', actor.key)}", each)
        if mine is None:
            raise TooMany(
                f"{each} of your {kind} are running.", "Wait until one of them has ended."
            )
        held.enter_context(mine)
        place = _lock(kind, host)
        if place is None:
            raise TooMany(f"Many {kind} are running.", "Wait a few seconds and try again.")
        held.enter_context(place)
        return held.pop_all()


def _lock(name: str, places: int) -> IO[str] | None:
    folder = lake().work / "slots"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(places):
        file = (folder / f"{name}.{number}").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
        else:
            return file
    return None
