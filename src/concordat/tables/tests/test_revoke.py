"""A delivery that has begun stops at the next piece when what it rests on ends."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from concordat.kernel.access import SYSTEM
from concordat.kernel.access.models import Grant
from concordat.kernel.administration.actions import (
    close_person,
    issue_token,
    revoke_role,
    revoke_token,
)
from concordat.kernel.audit.models import Entry
from concordat.marketplace import actions
from concordat.tables import deliver, queries, sharing
from concordat.tables.actions import restore_table, suspend_share, withdraw_table
from concordat.tables.models import Share
from concordat.tables.plane import streams
from concordat.tables.plane.streams import Cut


@pytest.fixture
def bearer(cast, agreement):
    secret, token = issue_token(
        cast.asha, "laptop", ["deliver"], timezone.now() + timedelta(days=1)
    )
    return secret, token


@pytest.fixture
def share(agreement):
    return Share.objects.get(basis=agreement.agreement.reference)


@pytest.fixture
def small_pieces(monkeypatch):
    """Pieces so small that a small table has several, and asked about each."""
    monkeypatch.setattr(deliver, "PIECE", 16)
    monkeypatch.setattr(deliver, "AGAIN", 0)
    for form in (streams.Csv, streams.JsonLines, streams.Arrow, streams.Parquet):
        monkeypatch.setattr(form, "rows", 1)


def _revoke_token(cast, token, agreement):
    revoke_token(cast.asha, token)


def _take_role(cast, token, agreement):
    revoke_role(SYSTEM, Grant.objects.get(person=cast.people["asha"], status="active"))


def _close_account(cast, token, agreement):
    close_person(SYSTEM, cast.people["asha"])


def _end_agreement(cast, token, agreement):
    actions.perform(cast.colin, agreement.agreement, "revoke", note="Stop.")


def _run_out(cast, token, agreement):
    Share.objects.update(ends_at=timezone.now())


def _withdraw_table(cast, token, agreement):
    withdraw_table(cast.colin, agreement.table, note="The figures are wrong.")


def _suspend(cast, token, agreement):
    suspend_share(cast.colin, Share.objects.get(), note="Until we know more.")


ENDS = [_suspend, _take_role, _close_account, _end_agreement, _run_out, _withdraw_table]


def _begin(client, address, **headers):
    pieces = iter(client.get(address, headers=headers).streaming_content)
    return pieces, [next(pieces), next(pieces)]


@pytest.mark.parametrize("end", [_revoke_token, *ENDS])
@pytest.mark.parametrize("kind", ["csv", "jsonl", "arrow", "parquet"])
def test_a_stream_stops_at_the_next_piece(cast, agreement, bearer, share, small_pieces, kind, end):
    address = f"/api/v1/shares/{share.reference}/data.{kind}"
    pieces, _ = _begin(Client(), address, Authorization=f"Bearer {bearer[0]}")
    end(cast, bearer[1], agreement)
    with pytest.raises(Cut):
        next(pieces)
    facts = Entry.objects.filter(name="share:read").last().private["facts"]
    assert (facts["door"], facts["whole"], 0 < facts["rows"] < 4) == (kind, False, True)


@pytest.mark.parametrize("end", ENDS)
def test_a_stream_for_a_session_stops_too(cast, agreement, share, small_pieces, end):
    client = Client()
    client.force_login(cast.people["asha"])
    pieces, _ = _begin(client, f"/inside/shares/{share.reference}/data.csv")
    end(cast, None, agreement)
    with pytest.raises(Cut):
        next(pieces)


@pytest.mark.parametrize("end", [_revoke_token, *ENDS])
def test_a_range_stops_inside_and_the_log_has_what_was_sent(
    cast, agreement, bearer, share, small_pieces, end
):
    pieces, sent = _begin(Client(), _address(share, bearer), Range="bytes=4-99")
    end(cast, bearer[1], agreement)
    assert list(pieces) == []
    facts = Entry.objects.filter(name="share:read").last().private["facts"]
    assert {k: facts[k] for k in ("door", "file", "start", "bytes", "version")} == {
        "door": "delta-sharing file",
        "file": "00000",
        "start": 4,
        "bytes": sum(map(len, sent)),
        "version": 0,
    }
    assert facts["policy"] == share.policy_digest


def _address(share, bearer):
    answer = Client().post(
        f"/sharing/shares/{share.name}/schemas/default/tables/junior_posts/query",
        data="{}",
        content_type="application/json",
        headers={"Authorization": f"Bearer {bearer[0]}"},
    )
    last = json.loads(answer.content.decode().splitlines()[-1])
    return last["file"]["url"].removeprefix("http://testserver")


def test_asking_again_costs_three_queries(
    cast, agreement, bearer, share, django_assert_num_queries
):
    asha = cast.asha
    with django_assert_num_queries(3):  # two for who they are now, one for the share
        assert queries.still_readable(asha, share.pk, bearer[1].pk)


def test_a_share_is_readable_from_its_start_and_up_to_its_end(cast, agreement, share):
    def readable(now):
        return Share.objects.readable_by(cast.asha, now).exists()

    moment = timedelta(seconds=1)
    assert not readable(share.starts_at - moment)
    assert readable(share.starts_at)
    assert readable(share.ends_at - moment)
    assert not readable(share.ends_at)


def test_a_table_that_was_withdrawn_is_delivered_again_once_it_is_restored(cast, agreement, share):
    table = withdraw_table(cast.colin, agreement.table, note="The figures are wrong.")
    assert not Share.objects.readable_by(cast.asha).exists()
    restore_table(cast.colin, table)
    assert Share.objects.readable_by(cast.asha).get() == share


def test_a_share_that_is_over_opens_no_door(cast, agreement, bearer, share):
    address = _address(share, bearer)
    Share.objects.update(ends_at=timezone.now())
    headers = {"Authorization": f"Bearer {bearer[0]}"}
    assert Client().get("/sharing/shares", headers=headers).json()["items"] == []
    assert Client().get(address).status_code == 403
    data = f"/api/v1/shares/{share.reference}/data.csv"
    assert Client().get(data, headers=headers).status_code == 404


def test_a_policy_that_is_not_the_one_signed_delivers_nothing(cast, agreement, bearer, share):
    Share.objects.update(policy={**share.policy, "columns": ["Pay minimum"], "rows": None})
    share.refresh_from_db()
    with pytest.raises(RuntimeError, match="does not match its digest"):
        sharing.policy_of(share)
    headers = {"Authorization": f"Bearer {bearer[0]}"}
    client = Client(raise_request_exception=False)
    answer = client.get(f"/api/v1/shares/{share.reference}/data.csv", headers=headers)
    assert (answer.status_code, b"30000" in answer.content) == (500, False)
