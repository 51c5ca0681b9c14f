"""Readers are shown words, their name, and first what they most likely came for."""

from __future__ import annotations

import re
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from concordat.kernel.administration.actions import issue_token
from concordat.kernel.doors.records import buttons, deed_words, past
from concordat.kernel.notices.models import Notice
from concordat.marketplace import actions
from concordat.site.worker import catch_up
from tests.cast import request_values


def reader(cast, name):
    client = Client()
    client.force_login(cast.people[name])
    return client


def in_review(cast, dataset):
    request = actions.draft_request(
        cast.asha, cast.bodies["pensions"], dataset.dataset, request_values(dataset)
    )
    request = actions.perform(cast.asha, request, "submit")
    return actions.perform(cast.olive, request, "review")


def test_a_deed_is_told_in_words():
    assert deed_words("share_request:review") == "Share request: start the review"
    assert deed_words("table:deliver") == "Table: deliver"
    assert deed_words("gone:turned_over") == "Gone: turned over"


def test_what_happened_is_told_in_the_past():
    assert past("Start the review") == "Started the review"
    assert past("Submit") == "Submitted" and past("Withdraw") == "Withdrew"
    assert past("Retry") == "Retried" and past("Edit") == "Edited"
    assert past("Turned over") == "Turned over"


def test_the_main_step_stands_first_in_green_and_what_ends_the_record_last_in_red(cast, dataset):
    found = buttons(cast.colin, in_review(cast, dataset))
    assert [b.verb for b in found if b.main] == ["accept"] and found[0].verb == "accept"
    assert [b.verb for b in found if b.warn] == ["reject"] and found[-1].verb == "reject"


def test_the_audit_log_says_what_was_done_and_keeps_the_name_that_programs_use(cast, dataset):
    reference = dataset.dataset.reference
    page = Client().get(f"/audit/record/{reference}").content.decode()
    assert "Dataset: publish to everyone" in page
    assert '<code class="doors-code-name">dataset:publish</code>' in page


def test_a_token_says_in_words_what_it_may_do(cast):
    issue_token(cast.asha, "nightly", ["read"], timezone.now() + timedelta(days=3))
    assert (
        "See what you can see"
        in reader(cast, "asha").get("/inside/account/tokens").content.decode()
    )


def test_the_head_of_each_page_says_who_one_is_and_how_much_waits_unread(cast, dataset):
    in_review(cast, dataset)
    catch_up()
    waiting = Notice.objects.visible_to(cast.colin).filter(status="unread").count()
    page = reader(cast, "colin").get("/inside").content.decode()
    head = re.sub(r"<[^>]+>|\s+", " ", page[page.index("<header") : page.index("</header")])
    assert "Your account: Colin, HM Treasury" in re.sub(" +", " ", head)
    assert waiting and f"Inbox {waiting} unread" in re.sub(" +", " ", head)
    at_inbox = reader(cast, "colin").get("/inside/notices").content.decode()
    assert "service-navigation__item--active" in page
    assert "service-navigation__item--active" not in at_inbox
    assert "unread" not in Client().get("/").content.decode()


def test_a_records_links_stand_on_its_page_and_not_in_its_head(cast, dataset):
    request = in_review(cast, dataset)
    page = reader(cast, "olive").get(request.inside_url()).content.decode()
    assert page.count("Link this to another record") == 1
    assert page.index("</head>") < page.index("Link this to another record")
