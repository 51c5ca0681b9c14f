"""The right people are told, once, and nobody of what they may not know."""

from __future__ import annotations

from datetime import timedelta

from django.core import mail
from django.utils import timezone

from concordat.kernel.clocks import days_by_side, nudge_overdue
from concordat.kernel.notices.actions import prefer, read_all
from concordat.kernel.notices.models import Notice
from concordat.kernel.notices.post import post, post_digests
from concordat.marketplace import actions
from concordat.marketplace.models import ShareRequest
from concordat.site.notify import token
from concordat.site.worker import catch_up
from tests.cast import request_values


def submitted(cast, dataset):
    request = actions.draft_request(
        cast.asha, cast.bodies["pensions"], dataset.dataset, request_values(dataset)
    )
    actions.perform(cast.asha, request, "submit")
    catch_up()
    return request


def told(name):
    return sorted(Notice.objects.filter(reference=name).values_list("person__name", flat=True))


def test_the_side_whose_turn_it_is_is_told_and_nobody_else(cast, dataset):
    request = submitted(cast, dataset)
    assert told(request.reference) == ["Olive"] or told(request.reference) == ["Colin", "Olive"]


def test_whoever_asked_is_told_of_the_answer_but_not_of_their_own_deeds(cast, dataset):
    request = submitted(cast, dataset)
    actions.perform(cast.olive, request, "review")
    actions.perform(cast.olive, request, "return", note="Why?")
    catch_up()
    assert "Asha" in told(request.reference)
    texts = Notice.objects.visible_to(cast.asha).values_list("text", flat=True)
    assert any("returned" in text for text in texts)
    assert not Notice.objects.visible_to(cast.erin).exists()


def test_nothing_is_told_twice_when_the_log_is_read_again(cast, dataset):
    from concordat.kernel.audit.models import Follower

    submitted(cast, dataset)
    before = Notice.objects.count()
    Follower.objects.filter(name="notices").update(position=-1)
    catch_up()
    assert Notice.objects.count() == before


def test_e_mail_goes_at_once_daily_or_never_as_each_person_wishes(cast, dataset):
    prefer(cast.colin, "never")
    prefer(cast.olive, "daily")
    submitted(cast, dataset)
    post()
    assert [m.to for m in mail.outbox if "olive" in m.to[0] or "colin" in m.to[0]] == []
    assert post_digests() >= 1
    assert any("olive" in m.to[0] for m in mail.outbox)
    assert post_digests() == 0
    assert read_all(cast.olive) == Notice.objects.visible_to(cast.olive).count()


def test_a_clock_that_ran_out_is_told_once(cast, dataset):
    request = submitted(cast, dataset)
    late = timezone.now() + timedelta(days=6)
    assert nudge_overdue(late) == 1
    assert nudge_overdue(late) == 0
    catch_up()
    assert Notice.objects.filter(name="share_request:overdue").exists()
    row = ShareRequest.objects.get(pk=request.pk)
    assert days_by_side(row, late)["supplier"] > 5


def test_notifys_token_is_a_signed_json_web_token():
    assert token("service", "secret", 0).count(".") == 2
