"""Many at once, and crashes in between: one wins, the others are told, nothing acknowledged is lost."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import close_old_connections, connection, transaction

from concordat.kernel import refusals
from concordat.kernel.access import SYSTEM
from concordat.kernel.access.queries import actor_for
from concordat.kernel.audit.follow import follow
from concordat.kernel.audit.log import sequence
from concordat.kernel.audit.models import Entry, Leaf
from concordat.kernel.deeds import act
from concordat.kernel.organisations.lifecycle import ORGANISATION
from concordat.kernel.organisations.models import Organisation
from concordat.marketplace import actions
from concordat.marketplace.models import ShareRequest
from tests.cast import make_body, make_person, request_values

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _many_connections(request):
    memory = connection.vendor == "sqlite" and "mode=memory" in str(
        connection.settings_dict["NAME"]
    )
    if memory:
        pytest.skip("racing writers need PostgreSQL, not SQLite in memory")


def in_thread(function, *given):
    close_old_connections()
    try:
        return function(*given)
    finally:
        connection.close()


def test_of_64_racing_decisions_one_wins_and_63_are_told(cast, dataset):
    request = actions.draft_request(
        cast.asha, cast.bodies["pensions"], dataset.dataset, request_values(dataset)
    )
    actions.perform(cast.asha, request, "submit")
    actions.perform(cast.olive, request, "review")
    colin, start = cast.colin, threading.Barrier(16)

    def decide(number):
        start.wait(timeout=30)
        verb = "accept" if number % 2 else "reject"
        mine = ShareRequest.objects.visible_to(colin).get(pk=request.pk)
        try:
            actions.perform(colin, mine, verb, note="Because.")
        except refusals.Conflict:
            return "told"
        return "won"

    with ThreadPoolExecutor(16) as pool:
        answers = Counter(pool.map(lambda n: in_thread(decide, n), range(64)))
    assert answers == {"won": 1, "told": 63}
    decided = Entry.objects.of(request).filter(
        name__in=["share_request:accept", "share_request:reject"]
    )
    assert decided.count() == 1


def test_a_follower_misses_nothing_when_transactions_commit_out_of_order(cast):
    while sequence():
        pass
    follow("watcher", lambda batch: None, limit=10_000)
    seen: list[str] = []
    slow_has_written, fast_is_read = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            act(SYSTEM, ORGANISATION["draft"], Organisation(slug="slow", name="Slow"))
            slow_has_written.set()
            fast_is_read.wait(timeout=30)

    def watch():
        while sequence():
            pass
        follow("watcher", lambda batch: seen.extend(e.reference for e in batch), limit=10_000)

    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer, so commits are in order")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(in_thread, slow)
        slow_has_written.wait(timeout=30)
        make_body("fast", "Fast")  # a later id, committed first
        watch()
        assert seen == ["fast"]
        fast_is_read.set()
        waiting.result(timeout=30)
    watch()
    assert seen == ["fast", "slow"]


def test_a_follower_that_crashes_reads_the_batch_again_and_skips_nothing(cast):
    while sequence():
        pass
    follow("crasher", lambda batch: None, limit=10_000)
    for number in range(5):
        make_body(f"body-{number}", f"Body {number}")
    while sequence():
        pass
    seen, broken = [], [True]

    def handle(batch):
        for entry in batch:
            if entry.reference == "body-2" and broken[0]:
                raise RuntimeError("crash")
            seen.append(entry.reference)

    follow("crasher", handle)
    assert "body-3" not in seen
    broken[0] = False
    follow("crasher", handle)
    assert list(dict.fromkeys(seen)) == [f"body-{n}" for n in range(5)]


def test_places_stay_free_of_gaps_under_many_writers(cast):
    def write(number):
        make_body(f"racer-{number}", f"Racer {number}")
        return sequence()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: in_thread(write, n), range(24)))
    while sequence():
        pass
    places = list(Leaf.objects.order_by("position").values_list("position", flat=True))
    assert places == list(range(Entry.objects.count()))


def test_of_two_people_editing_one_draft_the_second_is_told(cast, dataset):
    draft = actions.draft_request(
        cast.asha, cast.bodies["pensions"], dataset.dataset, {"title": "One"}
    )
    seen = draft.version
    abe = actor_for(make_person("abe", cast.bodies["pensions"], ("analyst",)))
    actions.edit_request(cast.asha, draft, {"title": "Two"}, expected=seen)
    with pytest.raises(refusals.StaleVersion):
        actions.edit_request(abe, draft, {"title": "Three"}, expected=seen)
    assert ShareRequest.objects.get(pk=draft.pk).title == "Two"
