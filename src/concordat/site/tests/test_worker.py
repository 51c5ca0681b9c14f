"""A worker that cannot go on says so and ends; what it does on a schedule, one worker does."""

from __future__ import annotations

import pytest

from concordat.site.worker import Worker


class Panic(BaseException):
    """What a Rust library raises: no Exception."""


@pytest.mark.django_db(transaction=True)
def test_a_panic_in_a_thread_ends_the_process_with_a_failure(monkeypatch):
    def panic():
        raise Panic("index out of bounds")

    monkeypatch.setattr(Worker, "_steps", lambda *_: [("log", panic), ("jobs", lambda: 0)])
    assert Worker().run() == 1
