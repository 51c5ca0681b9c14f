"""Long work is done once, tried again when it should be, and stops when it is told to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from concordat.kernel.access import SYSTEM
from concordat.kernel.deeds import act
from concordat.kernel.jobs import queue, run_next, run_until_idle, task
from concordat.kernel.jobs.models import JOB, Job
from concordat.kernel.jobs.work import _end
from concordat.kernel.refusals import NotAllowed, Refusal, WrongState

told: list[object] = []


@task("test_count", most_tries=3)
def _count(running, upto):
    for number in range(upto):
        running._beat = 0.0  # so that each step is written, not one in two seconds
        running.progress(number + 1, upto, f"number {number + 1}")
        told.append(number)
    return {"counted": upto, "url": "/inside"}


@task("test_fail", most_tries=3)
def _fail(running):
    told.append("tried")
    raise RuntimeError("the secret is 42")


@task("test_refuse", most_tries=3)
def _refuse(running):
    raise Refusal("The file is empty.", "Send another.")


@task("test_cancelled")
def _cancelled(running):
    act(SYSTEM, JOB["cancel"], Job.objects.get(pk=running.job.pk))
    running.progress(1, 10)
    told.append("went on")


@pytest.fixture(autouse=True)
def _fresh():
    told.clear()


def ask(cast, name, **arguments):
    return queue(cast.olive, cast.bodies["treasury"], name, arguments, title="Some work")


def page(cast, name="olive"):
    client = Client()
    client.force_login(cast.people[name])
    return client


def test_a_job_is_done_once_with_its_progress_and_its_result_stays(cast):
    job = ask(cast, "test_count", upto=3)
    assert run_until_idle() == 1
    job.refresh_from_db()
    assert (job.status, job.percent, job.result["counted"], told) == ("done", 100, 3, [0, 1, 2])
    shown = page(cast).get(job.get_absolute_url()).content.decode()
    assert "Counted" in shown and 'href="/inside"' in shown
    assert run_until_idle() == 0


def test_a_failure_is_tried_again_later_and_then_told_without_its_secrets(cast):
    job = ask(cast, "test_fail")
    for tried in (1, 2, 3):
        assert run_next()
        job.refresh_from_db()
        assert job.tries == tried
        if tried < 3:
            assert job.status == "queued" and job.run_at > timezone.now()
            Job.objects.filter(pk=job.pk).update(run_at=timezone.now())
    assert (job.status, told) == ("failed", ["tried"] * 3)
    assert "42" not in page(cast).get(job.get_absolute_url()).content.decode()


def test_what_was_refused_is_not_tried_again_and_says_what_to_do(cast):
    job = ask(cast, "test_refuse")
    run_until_idle()
    job.refresh_from_db()
    assert (job.status, job.tries, job.error) == ("failed", 1, "The file is empty. Send another.")


def test_a_cancelled_job_stops_at_its_next_step(cast):
    job = ask(cast, "test_cancelled")
    run_until_idle()
    job.refresh_from_db()
    assert (job.status, told) == ("cancelled", [])


def test_a_waiting_job_is_cancelled_on_its_page_and_never_runs(cast):
    job = ask(cast, "test_count", upto=1)
    assert page(cast).post(f"{job.get_absolute_url()}/cancel").status_code == 302
    assert run_until_idle() == 0
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_work_whose_worker_died_is_taken_up_by_another(cast):
    job = ask(cast, "test_count", upto=1)
    change = {"tries": 1, "beat_at": timezone.now() - timedelta(minutes=5)}
    act(SYSTEM, JOB["start"], job, change)
    assert not run_next(), "it waits a little before it is tried again"
    Job.objects.filter(pk=job.pk).update(run_at=timezone.now())
    assert run_next()
    job.refresh_from_db()
    assert (job.status, job.tries) == ("done", 2)


def test_a_failed_job_is_tried_once_more_when_somebody_asks(cast):
    job = ask(cast, "test_refuse")
    run_until_idle()
    job.refresh_from_db()
    act(cast.olive, JOB["retry"], job)
    assert run_next()


def test_another_body_sees_no_job_and_somebody_without_the_role_asks_for_none(cast):
    job = ask(cast, "test_count", upto=1)
    assert page(cast, "erin").get(job.get_absolute_url()).status_code == 404
    with pytest.raises(NotAllowed):
        queue(cast.noor, cast.bodies["treasury"], "test_count", {"upto": 1}, title="Mine")
    with pytest.raises(WrongState):
        queue(cast.olive, cast.bodies["treasury"], "no_such_task", {}, title="Nothing")


def test_a_worker_that_was_thought_dead_does_not_write_over_the_next(cast):
    job = ask(cast, "test_count", upto=1)
    lost = act(SYSTEM, JOB["start"], job, {"tries": 1, "beat_at": timezone.now()})
    again = act(SYSTEM, JOB["requeue"], lost, {"run_at": timezone.now()})
    act(SYSTEM, JOB["start"], again, {"tries": 2, "beat_at": timezone.now()})
    lost.tries = 1
    _end(lost, "finish", {"result": {"stale": True}})
    job.refresh_from_db()
    assert (job.status, job.result) == ("running", {})
