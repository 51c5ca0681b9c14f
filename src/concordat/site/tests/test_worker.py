"""A worker that cannot go on says so and ends; what it does on a schedule, one worker does."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from concordat.kernel.jobs.models import ScheduleRun
from concordat.kernel.jobs.schedules import LEASE, Schedule, run_due
from concordat.site.management.commands.serve import worker_command
from concordat.site.worker import Worker


class Panic(BaseException):
    """What a Rust library raises: no Exception."""


@pytest.mark.django_db(transaction=True)
def test_a_panic_in_a_thread_ends_the_process_with_a_failure(monkeypatch):
    def panic():
        raise Panic("index out of bounds")

    monkeypatch.setattr(Worker, "_steps", lambda *_: [("log", panic), ("jobs", lambda: 0)])
    assert Worker().run() == 1


NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)


def test_a_daily_schedule_runs_once_a_day_however_often_workers_start(db):
    ran = []
    daily = (Schedule("daily", 24 * 3600, lambda: ran.append(1)),)
    assert [run_due(daily, NOW + timedelta(hours=n)) for n in (0, 0, 1, 23, 24, 25)] == [
        1, 0, 0, 0, 1, 0,
    ]  # fmt: skip
    assert len(ran) == 2


def test_what_another_host_is_running_is_left_to_it_until_it_must_be_dead(db):
    inside = []

    def run():
        inside.append(run_due(schedules, NOW + timedelta(seconds=20)))  # the other host looks

    schedules = (Schedule("slow", 5, run),)
    assert run_due(schedules, NOW) == 1
    assert inside == [0]
    ScheduleRun.objects.filter(name="slow").update(not_before=NOW + LEASE)  # died while running
    later = (Schedule("slow", 5, lambda: 0),)
    assert run_due(later, NOW + LEASE - timedelta(seconds=1)) == 0
    assert run_due(later, NOW + LEASE) == 1


def test_a_schedule_that_fails_is_tried_again_in_a_minute_and_holds_up_no_other(db):
    ran = []
    both = (
        Schedule("failing", 24 * 3600, lambda: 1 / 0),
        Schedule("other", 24 * 3600, lambda: ran.append(1)),
    )
    assert run_due(both, NOW) == 2 and ran
    assert run_due(both, NOW + timedelta(seconds=59)) == 0
    assert run_due(both, NOW + timedelta(seconds=60)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_look_at_once_run_it_once():
    ran, barrier = [], threading.Barrier(2)
    schedules = (Schedule("both", 24 * 3600, lambda: ran.append(1)),)

    def look():
        barrier.wait()
        try:
            run_due(schedules, NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ran) == 1


@pytest.mark.parametrize(
    ("face", "inline", "whole"),
    [("all", True, True), ("all", False, False), ("public", True, False)],
)
def test_every_host_that_serves_keeps_its_index(settings, face, inline, whole):
    changed = {"face": face, "inline_worker": inline}
    settings.ENV = settings.ENV.model_copy(update=changed)
    assert ("--index-only" not in worker_command()) is whole
    assert [thread.name for thread in Worker(index_only=True).threads] == ["index"]
