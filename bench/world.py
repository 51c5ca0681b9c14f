"""What is measured on: the demonstration world in small, built once for a run."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from functools import cache

from django.core.management import call_command

from concordat.kernel.access.queries import actor_for
from concordat.kernel.people.models import Person


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    records: int = 100_000
    rows: int = 5_000_000
    requests: int = 400
    rounds: int = 5


def size() -> Size:
    """The sizes of the issue, or small ones to see that all parts run."""
    return Size(5_000, 100_000, 80, 3) if os.environ.get("BENCH_QUICK") else Size()


@cache
def build() -> dict[str, Person]:
    """The world; returns its cast by key."""
    from concordat.demo.people import CAST

    call_command("demo", "--build-only", "--rows", "0.01", stdout=io.StringIO())
    by_email = {p.email: p for p in Person.objects.select_related("owner")}
    return {part.key: by_email[part.email] for part in CAST}


__all__ = ["Size", "actor_for", "build", "size"]
