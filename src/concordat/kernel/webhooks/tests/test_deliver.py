"""What is told, to whom, signed, in order, at least once, and nothing that may not be known."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from concordat.kernel.access import SYSTEM
from concordat.kernel.access.models import Grant
from concordat.kernel.administration.actions import close_client, revoke_role
from concordat.kernel.audit.lease import Lease, behind, lease, wait_after
from concordat.kernel.audit.models import Follower
from concordat.kernel.publication.models import record_kinds
from concordat.kernel.webhooks import actions
from concordat.kernel.webhooks import deliver as room
from concordat.kernel.webhooks.models import PREFIX, Webhook
from concordat.marketplace import actions as marketplace
from concordat.site.api import api
from concordat.site.worker import catch_up
from tests.cast import DATASET, agreed, request_values

from .conftest import client_of, deliver, verify, wait_over


def asked(cast, dataset):
    return marketplace.draft_request(
        cast.asha, cast.bodies["pensions"], dataset.dataset, request_values(dataset)
    )


def bodies(receiver):
    return [json.loads(body) for _, body in receiver.taken]


def test_an_independent_check_of_the_signature_holds_and_another_secrets_does_not(
    cast, hook, receiver
):
    actions.ping_webhook(cast.ada, hook)
    deliver()
    [(headers, body)] = receiver.taken
    assert verify(hook.secret, headers, body)
    assert not verify(hook.secret, headers, body + b" ")
    renewed, _ = actions.renew_webhook(cast.ada, hook)
    assert renewed.startswith("whsec_")
    assert not verify(renewed, headers, body)
    actions.ping_webhook(cast.ada, hook)
    deliver()
    assert verify(renewed, *receiver.taken[-1])


def test_a_message_is_thin_and_says_where_to_read_the_rest(cast, dataset, hook, receiver, settings):
    request = asked(cast, dataset)
    marketplace.perform(cast.asha, request, "submit")
    deliver()
    [body] = bodies(receiver)
    assert body["type"] == "share_request:submit"
    assert body["data"] == {
        "reference": request.reference,
        "kind": "share_request",
        "status": "submitted",
        "version": 2,
        "organisation": "Department for Work and Pensions",
        "url": f"{settings.BASE_URL}/api/v1/share-requests/{request.reference}",
    }
    assert "Asha" not in str(receiver.taken)


def test_addresses_in_messages_are_addresses_of_the_api():
    paths = set(api.get_openapi_schema()["paths"])
    for kind, model in record_kinds().items():
        if not model.__module__.startswith("concordat"):
            continue  # the tests' own
        assert model(reference="{reference}").api_url() in paths, kind


def test_nothing_of_a_draft_of_another_body_is_ever_told(cast, dataset, receiver):
    catch_up()
    client = client_of(cast, "pensions", "analyst")
    actions.draft_webhook(SYSTEM, client, receiver.url)
    draft = marketplace.draft_dataset(
        cast.olive, cast.bodies["treasury"], {**DATASET, "title": "Zebra"}
    )
    deliver()
    assert receiver.told == []
    marketplace.perform(cast.olive, draft, "submit")
    marketplace.perform(cast.colin, draft, "publish")
    deliver()
    assert receiver.told == ["dataset:publish"]  # and not, afterwards, what went before
    marketplace.perform(cast.colin, draft, "withdraw", note="Wrong.")
    deliver()
    assert receiver.told == ["dataset:publish"]


def test_a_third_body_is_told_nothing_of_what_two_others_do(cast, dataset, receiver):
    catch_up()
    client = client_of(cast, "education", "analyst", "data_steward")
    actions.draft_webhook(SYSTEM, client, receiver.url, ["share_request:*"])
    agreed(cast, dataset)
    deliver()
    assert receiver.told == []


def test_what_lost_its_audience_before_it_was_sent_is_not_sent(cast, dataset, hook, receiver):
    receiver.answers = [500]
    marketplace.draft_dataset(cast.olive, cast.bodies["treasury"], {**DATASET, "title": "Zebra"})
    deliver()
    assert len(receiver.refused) == 1
    revoke_role(SYSTEM, Grant.objects.get(client=hook.client))
    wait_over(hook)
    deliver()
    assert receiver.taken == []


def test_only_the_names_asked_for_are_told(cast, dataset, hook, receiver):
    actions.edit_webhook(cast.ada, hook, names=["share_request:submit", "*:publish"])
    request = asked(cast, dataset)
    marketplace.perform(cast.asha, request, "submit")
    marketplace.perform(cast.olive, request, "review")
    deliver()
    assert receiver.told == ["share_request:submit"]


def test_a_records_deeds_are_told_in_order_and_the_one_that_fails_comes_again_first(
    cast, dataset, hook, receiver
):
    receiver.answers = [204, 503]
    live = agreed(cast, dataset)
    deliver()
    assert len(receiver.taken) == 1
    assert len(receiver.refused) == 1
    assert behind(PREFIX) == []  # not yet: it waits
    wait_over(hook)
    deliver()
    of_request = [b for b in bodies(receiver) if b["data"]["reference"] == live.request.reference]
    versions = [b["data"]["version"] for b in of_request]
    assert versions == sorted(versions)
    assert receiver.taken[1][0]["webhook-id"] == receiver.refused[0][0]["webhook-id"]
    ids = [headers["webhook-id"] for headers, _ in receiver.taken]
    assert len(set(ids)) == len(ids)


def test_the_wait_doubles_up_to_an_hour_and_is_never_the_same_for_all():
    waits = [wait_after(n) for n in range(1, 30)]
    assert all(2.5 * 2**n <= wait <= 5 * 2**n for n, wait in enumerate(waits[:9]))
    assert all(later > earlier for earlier, later in pairwise([wait_after(n) for n in (1, 3, 5)]))
    assert max(waits) <= 3600
    assert len({wait_after(20) for _ in range(20)}) > 10


def test_a_success_forgets_the_failures_before_it(cast, dataset, hook, receiver):
    receiver.answers = [500, 500]
    actions.ping_webhook(cast.ada, hook)
    for _ in range(3):
        wait_over(hook)
        deliver()
    row = hook.delivery
    assert (row.failures, row.error, row.failing_since, row.due_at) == (0, "", None, None)
    assert row.succeeded_at is not None


def test_after_a_crash_between_telling_and_noting_it_is_told_again(
    cast, dataset, hook, receiver, monkeypatch
):
    class PulledPlug(BaseException):
        pass

    def crash(*given, **more):
        raise PulledPlug

    marketplace.perform(cast.asha, asked(cast, dataset), "submit")
    catch_up()
    with monkeypatch.context() as patched, pytest.raises(PulledPlug):
        patched.setattr(Lease, "move", crash)
        patched.setattr(Lease, "release", lambda self: None)
        while room.deliver_next():
            pass
    assert not room.deliver_next()  # the lease of the dead one still stands
    Follower.objects.filter(name=hook.follower).update(leased_until=timezone.now())
    deliver()
    assert receiver.told == ["share_request:submit"] * 2
    first, again = (headers["webhook-id"] for headers, _ in receiver.taken)
    assert first == again


def test_whoever_lost_the_lease_cannot_move_the_place_of_the_one_that_has_it(cast, hook):
    catch_up()
    slow = lease(hook.follower, 0)
    quick = lease(hook.follower, 60)
    assert lease(hook.follower, 60) is None
    assert quick.move(quick.position + 2)
    assert not slow.move(slow.position + 1)
    slow.release()
    slow.fail("late")
    row = hook.delivery
    assert (row.position, row.failures, row.leased_until) == (quick.position, 0, quick.until)


def test_two_webhooks_each_go_their_own_way(cast, dataset, hook, receiver):
    from .conftest import Receiver

    other = Receiver()
    _, second = actions.draft_webhook(cast.ada, hook.client, other.url, ["share_request:*"])
    receiver.answers = [500] * 10
    marketplace.perform(cast.asha, asked(cast, dataset), "submit")
    deliver()
    assert other.told == ["share_request:submit"]
    assert receiver.taken == []
    assert second.delivery.failures == 0
    assert hook.delivery.failures == 1
    ids = {receiver.refused[0][0]["webhook-id"], other.taken[0][0]["webhook-id"]}
    assert len(ids) == 2
    other.shutdown()
    other.server_close()


def test_a_receiver_that_hangs_is_left_in_time_and_told_later(
    cast, dataset, hook, receiver, monkeypatch
):
    monkeypatch.setattr("concordat.kernel.webhooks.network.SECONDS", 0.3)
    receiver.hangs = 1.5
    actions.ping_webhook(cast.ada, hook)
    began = timezone.now()
    deliver()
    assert timezone.now() - began < timedelta(seconds=1.5)
    assert "did not answer" in hook.delivery.error
    receiver.hangs = 0
    wait_over(hook)
    deliver()
    assert "webhook:ping" in receiver.told


def test_after_failing_for_three_days_it_is_paused_and_goes_on_where_it_stopped(
    cast, dataset, hook, receiver
):
    receiver.answers = [500, 500]
    marketplace.perform(cast.asha, asked(cast, dataset), "submit")
    deliver()
    early = timezone.now() - timedelta(days=3)
    Follower.objects.filter(name=hook.follower).update(failing_since=early)
    wait_over(hook)
    deliver()
    hook.refresh_from_db()
    assert hook.status == "paused"
    wait_over(hook)
    deliver()
    assert receiver.taken == []
    actions.resume_webhook(cast.ada, hook)
    deliver()
    assert receiver.told == ["share_request:submit"]
    assert Webhook.objects.get().status == "active"


def test_a_receiver_that_says_it_is_gone_is_left_alone_at_once(cast, hook, receiver):
    receiver.answers = [410]
    actions.ping_webhook(cast.ada, hook)
    deliver()
    hook.refresh_from_db()
    assert hook.status == "paused"


def test_the_webhook_of_a_closed_client_says_nothing(cast, dataset, hook, receiver):
    close_client(SYSTEM, hook.client)
    marketplace.perform(cast.asha, asked(cast, dataset), "submit")
    deliver()
    assert receiver.taken == []


def test_it_begins_at_the_end_of_the_log_and_a_closed_one_follows_no_more(
    cast, dataset, hook, receiver
):
    deliver()
    assert receiver.taken == []  # nothing of the dataset that was published before
    actions.close_webhook(cast.ada, hook)
    assert hook.delivery is None
    marketplace.perform(cast.asha, asked(cast, dataset), "submit")
    deliver()
    assert receiver.taken == []
