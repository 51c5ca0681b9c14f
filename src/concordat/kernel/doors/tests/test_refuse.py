"""Around every request: a number, a content policy, a limit, and refusals in the asker's shape."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from concordat.kernel.access import Actor
from concordat.kernel.doors.limits import Buckets
from concordat.kernel.doors.middleware import RateLimit, client_of
from concordat.kernel.people.models import Person
from concordat.kernel.people.tokens import digest

pytestmark = [
    pytest.mark.urls("concordat.kernel.doors.tests.paper"),
    pytest.mark.django_db,
]
STATUS = {
    "NotVisible": 404,
    "NotAllowed": 403,
    "WrongState": 409,
    "StaleVersion": 409,
    "Invalid": 422,
}


@pytest.mark.parametrize(("kind", "status"), STATUS.items())
def test_a_refusal_is_a_page_for_people_and_a_problem_for_programs(
    client: Client, kind: str, status: int
) -> None:
    page = client.get(f"/refuse/{kind}", headers={"accept": "text/html"})
    assert page.status_code == status and b"<h1" in page.content
    problem = client.get(f"/api/refuse/{kind}")
    assert problem.status_code == status == problem.json()["status"]
    assert problem["Content-Type"] == "application/problem+json"
    assert problem.json()["instance"] == f"/api/refuse/{kind}" and problem.json()["mend"]


def test_an_invalid_request_names_each_field(client: Client) -> None:
    errors = client.get("/api/refuse/Invalid").json()["errors"]
    assert {"field": "title", "message": "Enter a title."} in errors and len(errors) == 2


def test_a_stale_version_breaks_the_condition_of_whoever_set_one(client: Client) -> None:
    assert client.get("/api/refuse/StaleVersion", headers={"if-match": '"3"'}).status_code == 412


def test_who_must_sign_in_is_sent_there_and_back(client: Client) -> None:
    page = client.get("/refuse/NotSignedIn?a=1")
    assert page.status_code == 302 and page["Location"].endswith(
        "?next=%2Frefuse%2FNotSignedIn%3Fa%3D1"
    )
    problem = client.get("/api/refuse/NotSignedIn")
    assert problem.status_code == 401 and problem["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", ["/broken", "/api/broken"])
def test_an_unexpected_error_gives_a_number_and_no_detail(client: Client, path: str) -> None:
    client.raise_request_exception = False
    response = client.get(path)
    assert response.status_code == 500 and b"secret" not in response.content
    assert response["X-Request-ID"].encode() in response.content
    assert b"RuntimeError" not in response.content


def test_an_unknown_address_is_a_page_or_a_problem(client: Client) -> None:
    assert b"Page not found" in client.get("/nowhere").content
    assert client.get("/api/v1/nowhere").json()["status"] == 404


def test_every_answer_carries_the_headers_of_a_careful_site(client: Client) -> None:
    response = client.get("/nowhere")
    policy = response["Content-Security-Policy"]
    assert "script-src 'self';" in policy and "nonce" not in policy
    assert "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert response["X-Content-Type-Options"] == "nosniff" and response["Permissions-Policy"]
    assert response["Referrer-Policy"] == "same-origin"


def test_a_request_keeps_its_number_if_that_is_plain(client: Client) -> None:
    given = client.get("/nowhere", headers={"x-request-id": "abcd-1234"})
    assert given["X-Request-ID"] == "abcd-1234"
    evil = client.get("/nowhere", headers={"x-request-id": "<script>alert(1)</script>"})
    assert re.fullmatch(r"[0-9a-f]{32}", evil["X-Request-ID"])


def test_a_form_without_its_token_is_refused_with_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/write/topic", {"topic": "data"})
    assert response.status_code == 403 and b"reload the page" in response.content


def test_a_signed_in_page_is_not_kept_by_caches(web: Client, client: Client) -> None:
    assert "private" in web.get("/write/topic")["Cache-Control"]
    assert "Cache-Control" not in client.get("/write/topic").headers


def test_the_api_listens_to_tokens_and_never_to_cookies(web: Client, alice: Person) -> None:
    response = web.get("/api/refuse/NotAllowed")
    assert response.wsgi_request.actor.kind == "public"
    from datetime import timedelta

    from django.utils import timezone

    alice.tokens.create(
        name="t", digest=digest("s3cret"), scopes=["read"], status="active",
        expires_at=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    known = web.get("/api/refuse/NotAllowed", headers={"authorization": "Bearer s3cret"})
    assert known.wsgi_request.actor.key == f"person:{alice.pk}"
    for header in (
        "Bearer wrong",
        "Bearer ",
        "Basic YTpi",
        "Bearer " + "x" * 5000,
        "Bearer \u00e9",
    ):
        refused = web.get("/api/refuse/NotAllowed", headers={"authorization": header})
        assert refused.status_code == 401, header


def test_a_bucket_lets_a_burst_through_then_a_steady_rate() -> None:
    now = [0.0]
    buckets = Buckets(per_second=2, burst=3, clock=lambda: now[0])
    assert [buckets.wait("a") for _ in range(4)] == [0, 0, 0, 1]
    assert buckets.wait("b") == 0  # another client has its own
    now[0] = 0.5
    assert [buckets.wait("a"), buckets.wait("a")] == [0, 1]


def test_too_many_requests_are_told_when_to_come_back(settings: Any) -> None:
    settings.RATE_LIMIT = 4
    middleware = RateLimit(lambda request: HttpResponse("ok"))
    ask = RequestFactory().get("/api/v1/things")
    answers = [middleware(ask) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 429] and int(answers[1]["Retry-After"]) > 0
    sharing = RequestFactory().get("/sharing/shares")
    answers = [middleware(sharing) for _ in range(11)]
    assert [a.status_code for a in answers] == [200] * 10 + [429], "ten times as often"


def test_two_people_at_one_address_have_a_limit_each(settings: Any) -> None:
    settings.RATE_LIMIT = 4
    middleware = RateLimit(lambda request: HttpResponse("ok"))
    told = []
    for person in (1, 2, 1):
        ask = RequestFactory().get("/inside")
        ask.actor = Actor("person", person)  # type: ignore[attr-defined]
        told.append(middleware(ask).status_code)
    assert told == [200, 200, 429]


def test_forwarded_addresses_are_believed_only_from_known_proxies(settings: Any) -> None:
    ask = RequestFactory().get("/", headers={"x-forwarded-for": "6.6.6.6, 10.0.0.1"})
    assert client_of(ask) == "127.0.0.1"
    settings.TRUSTED_PROXIES = 1
    assert client_of(ask) == "10.0.0.1"


@pytest.mark.urls("concordat.site.urls")
def test_a_token_that_is_missing_is_told_before_the_limit(settings: Any) -> None:
    settings.RATE_LIMIT = 4
    middleware = RateLimit(lambda request: HttpResponse("ok"))
    told = {
        path: [middleware(RequestFactory().get(path)).status_code for _ in range(2)][1]
        for path in ("/api/v1/datasets", "/api/v1/share-requests", "/api/v1/nothing")
    }
    assert told == {
        "/api/v1/datasets": 429,
        "/api/v1/share-requests": 401,
        "/api/v1/nothing": 429,
    }
