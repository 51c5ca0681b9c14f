"""A large catalogue beside the world's own, for load work."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final

from concordat.demo.play import Say
from concordat.demo.world import catalogue
from concordat.kernel.access import SYSTEM
from concordat.kernel.deeds import act_many
from concordat.kernel.organisations.models import Organisation
from concordat.marketplace.lifecycle import DATASET
from concordat.marketplace.models import Dataset

_EVERY: Final = 1000  # datasets between two lines of progress


def enlarge(count: int, seed: int, say: Say) -> int:
    """Make `count` datasets as a harvest would, less those of an earlier run; how many were made."""
    there = {
        int(number)
        for number in Dataset.objects.filter(source="scale").values_list("source_id", flat=True)
    }
    missing = count - len([number for number in there if number < count])
    if not missing:
        say(f"scale     the {count:,} datasets are there already")
        return 0
    say(f"scale     making {missing:,} datasets, published by every body of the world in turn")
    start = time.perf_counter()
    made = act_many(SYSTEM, DATASET["harvest"], _pairs(count, seed, there, _Progress(missing, say)))
    spent = time.perf_counter() - start
    say(f"scale     {made:,} datasets in {spent:.0f} s, {made / spent:,.0f} a second")
    return made


def _pairs(
    count: int, seed: int, there: set[int], progress: _Progress
) -> Iterator[tuple[Dataset, dict[str, Any]]]:
    bodies = {body.slug: body for body in Organisation.objects.all()}
    for number, plan in enumerate(catalogue.many(seed, count)):
        if number not in there:
            progress.one_more()
            values = {**plan.values, "source": "scale", "source_id": str(number)}
            yield Dataset(owner=bodies[plan.owner]), values


class _Progress:
    """A line now and then: how many, how fast, how long it will still take."""

    def __init__(self, total: int, say: Say) -> None:
        self._total, self._say = total, say
        self._done, self._start = 0, time.perf_counter()

    def one_more(self) -> None:
        """Count one; speak when a thousand more are begun."""
        self._done += 1
        if self._done % _EVERY == 0 and self._done < self._total:
            rate = self._done / (time.perf_counter() - self._start)
            left = (self._total - self._done) / rate
            self._say(
                f"scale     {self._done:,} of {self._total:,} datasets, {rate:,.0f} a second, "
                f"about {_spell(left)} left"
            )


def _spell(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
