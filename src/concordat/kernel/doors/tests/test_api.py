"""The JSON API: strict in, allow-listed out, paged by cursor, safe to send twice."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from concordat.kernel.access import Actor
from concordat.kernel.doors.idempotency import forget
from concordat.kernel.doors.models import IdempotencyKey
from concordat.kernel.doors.schemas import In
from concordat.kernel.doors.tests import paper
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.people.models import Person
from concordat.kernel.people.tokens import digest

pytestmark = pytest.mark.urls("concordat.kernel.doors.tests.paper_api")
PAPERS = "/api/v1/papers"


class Caller:
    """A test client with a token, that speaks JSON."""

    def __init__(self, token: str) -> None:
        self.client, self.token = Client(), token

    def __call__(self, method: str, url: str, body: Any = None, **headers: str) -> Any:
        sent = {"authorization": f"Bearer {self.token}"} if self.token else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        return self.client.generic(method, url, data, content_type="application/json", headers=sent)


@pytest.fixture
def call(alice: Person) -> Caller:
    alice.tokens.create(
        name="t", digest=digest("tok"), scopes=["read", "write"], status="active",
        expires_at=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    return Caller("tok")


def test_a_paper_is_drafted_edited_published_and_then_anyone_may_read_it(call: Caller) -> None:
    made = call("POST", PAPERS, {"title": "One", "pages": 3})
    assert made.status_code == 201 and made["ETag"] == '"1"'
    url = made["Location"]
    assert made.json()["can"] == ["edit", "publish"]
    assert Caller("")("GET", url).status_code == 404
    edited = call("PATCH", url, {"pages": 4}, if_match='"1"')
    assert edited.json()["pages"] == 4 and edited.json()["title"] == "One"
    published = call("POST", f"{url}/publish", {"note": "Ready"})
    assert published.json()["status"] == "published"
    seen = Caller("")("GET", url)
    assert seen.status_code == 200 and seen.json()["can"] == []
    assert Caller("")("GET", url, if_none_match=seen["ETag"]).status_code == 304


def test_a_verb_without_a_body_needs_none_and_a_required_note_is_required(call: Caller) -> None:
    url = call("POST", PAPERS, {"title": "One"})["Location"]
    assert call("POST", f"{url}/publish").status_code == 200
    refused = call("POST", f"{url}/withdraw", {})
    assert refused.status_code == 422 and refused.json()["errors"][0]["field"] == "note"
    assert call("POST", f"{url}/withdraw", {"note": "Wrong"}).json()["status"] == "withdrawn"
    assert call("POST", f"{url}/withdraw", {"note": "Again"}).status_code == 409


def test_a_stale_etag_is_refused_and_a_strange_one_too(call: Caller) -> None:
    url = call("POST", PAPERS, {"title": "One"})["Location"]
    call("PATCH", url, {"title": "Two"})
    stale = call("PATCH", url, {"title": "Three"}, if_match='"1"')
    assert (
        stale.status_code == 412 and stale.json()["type"] == "urn:concordat:problem:stale-version"
    )
    for header in ("1", '"x"', '"1", "2"', '"' + "9" * 99 + '"'):
        assert call("PATCH", url, {"title": "x"}, if_match=header).status_code == 422
    assert call("PATCH", url, {"title": "Four"}, if_match="*").status_code == 200


BAD: list[tuple[Any, int]] = [
    ({"title": "x", "extra": 1}, 422),
    ({"title": "x" * 101}, 422),
    ({"title": ""}, 422),
    ({"title": "a\x00b"}, 422),
    ({"title": 5}, 422),
    ({"title": "x", "pages": "3"}, 422),
    ({"title": "x", "pages": True}, 422),
    ({"title": "x", "pages": 2.5}, 422),
    ({"title": "x", "pages": 10**30}, 422),
    ({"title": "x", "pages": -1}, 422),  # the model says so, not the schema
    ({"title": "x", "due": 0}, 422),
    ({"title": "x", "due": "2026-02-30"}, 422),
    ([], 422),
    (b'{"title": "\\ud800"}', 422),
    (b'{"title": "x", "title": "y"}', 400),
    (b'{"title": NaN}', 400),
    (b"{", 400),
    (b"\xff\xfe", 400),
    (b"[" * 100_000, 400),
    (b'{"title": ' + b"9" * 5000 + b"}", 400),
    (b"", 422),
]


@pytest.mark.parametrize(("body", "status"), BAD)
def test_bad_input_is_refused_with_the_field_named_and_nothing_made(
    call: Caller, body: Any, status: int
) -> None:
    response = call("POST", PAPERS, body)
    assert response.status_code == status == response.json()["status"], response.content
    assert response["Content-Type"] == "application/problem+json"
    assert paper.Paper.objects.count() == 0
    if isinstance(body, dict):
        named = {"extra", "title", "pages", "due", ""}
        assert {e["field"] for e in response.json()["errors"]} <= named


def test_a_whole_number_written_with_a_point_is_a_whole_number(call: Caller) -> None:
    assert call("POST", PAPERS, b'{"title": "x", "pages": 3.0}').json()["pages"] == 3


@pytest.fixture
def fifty(actor: Actor, bodies: list[Organisation]) -> list[paper.Paper]:
    return [paper.draft(actor, bodies[0], title=f"Paper {n}", pages=n) for n in range(50)]


def test_pages_by_cursor_meet_every_row_once_while_rows_come_and_go(
    call: Caller, actor: Actor, bodies: list[Organisation], fifty: list[paper.Paper]
) -> None:
    seen, cursor = [], ""
    while cursor is not None:
        page = call("GET", f"{PAPERS}?limit=20&cursor={cursor}").json()
        seen += [row["title"] for row in page["items"]]
        cursor = page["next"]
        paper.draft(actor, bodies[0], title="Late", pages=1)
    assert seen == [f"Paper {n}" for n in reversed(range(50))]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=0", 422),
        ("limit=101", 422),
        ("limit=9999999999999999999999", 422),
        ("limit=x", 422),
        ("cursor=abc", 404),
        ("cursor=" + "x" * 2000, 422),
        ("offset=5", 422),
        ("word=" + "x" * 51, 422),
        ("limit=100", 200),
    ],
)
def test_paging_is_bounded(call: Caller, query: str, status: int) -> None:
    assert call("GET", f"{PAPERS}?{query}").status_code == status


def test_a_cursor_serves_only_the_list_that_made_it(call: Caller, fifty: list[paper.Paper]) -> None:
    cursor = call("GET", f"{PAPERS}?limit=2").json()["next"]
    assert call("GET", f"{PAPERS}?limit=2&cursor={cursor}").status_code == 200
    assert call("GET", f"{PAPERS}?limit=2&word=Paper&cursor={cursor}").status_code == 404
    assert call("GET", f"{PAPERS}?limit=2&cursor={cursor[:-3]}abc").status_code == 404


def test_a_token_that_expires_in_the_middle_of_a_list_stops_it(
    call: Caller, alice: Person, fifty: list[paper.Paper]
) -> None:
    cursor = call("GET", f"{PAPERS}?limit=2").json()["next"]
    alice.tokens.update(expires_at=timezone.now())
    assert call("GET", f"{PAPERS}?limit=2&cursor={cursor}").status_code == 401


def test_a_write_sent_twice_is_done_once_and_answered_the_same(call: Caller) -> None:
    first = call("POST", PAPERS, {"title": "x"}, idempotency_key="k1")
    again = call("POST", PAPERS, {"title": "x"}, idempotency_key="k1")
    assert (again.status_code, again.content) == (201, first.content)
    assert again["Location"] == first["Location"] and again["ETag"] == first["ETag"]
    assert again["Idempotent-Replayed"] == "true" and paper.Paper.objects.count() == 1


def test_a_key_used_for_something_else_is_refused(call: Caller) -> None:
    call("POST", PAPERS, {"title": "x"}, idempotency_key="k1")
    other = call("POST", PAPERS, {"title": "y"}, idempotency_key="k1")
    assert other.status_code == 422 and other.json()["errors"][0]["field"] == "Idempotency-Key"
    assert call("POST", PAPERS, {"title": "y"}, idempotency_key="a b").status_code == 422


def test_a_refused_write_forgets_its_key(call: Caller) -> None:
    assert call("POST", PAPERS, {"title": ""}, idempotency_key="k1").status_code == 422
    assert IdempotencyKey.objects.count() == 0
    assert call("POST", PAPERS, {"title": "x"}, idempotency_key="k1").status_code == 201


def test_a_secret_is_answered_once_and_never_kept(call: Caller) -> None:
    first = call("POST", "/api/v1/secrets", {"name": "x"}, idempotency_key="k1")
    assert first.json()["secret"] == "hunter2"
    assert call("POST", "/api/v1/secrets", {"name": "x"}, idempotency_key="k1").status_code == 409
    assert "hunter2" not in str(list(IdempotencyKey.objects.values()))


def test_old_keys_can_be_cleared_away(call: Caller) -> None:
    call("POST", PAPERS, {"title": "x"}, idempotency_key="k1")
    assert forget() == 0
    IdempotencyKey.objects.update(at=timezone.now() - timedelta(days=3))
    assert (forget(), forget()) == (1, 0)


def test_a_narrow_token_may_not_write_and_nobody_without_one(call: Caller, alice: Person) -> None:
    assert Caller("")("POST", PAPERS, {"title": "x"}).status_code == 401
    alice.tokens.update(scopes=["read"])
    assert call("POST", PAPERS, {"title": "x"}).status_code == 403


@pytest.mark.parametrize("reference", ["1", "PA-7K2M", "PA-7K2M-41x", "DS-7K2M-41", "PA-7k2m-41"])
def test_a_malformed_reference_is_refused(call: Caller, reference: str) -> None:
    assert call("GET", f"{PAPERS}/{reference}").status_code == 422


def test_a_wrong_method_says_which_are_right(call: Caller) -> None:
    response = call("DELETE", PAPERS)
    assert response.status_code == 405 and "GET" in response["Allow"]
    assert response.json()["status"] == 405


def test_the_description_names_every_operation_refusal_and_header(client: Client, db: None) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    assert schema["openapi"].startswith("3.1")
    paths = schema["paths"]
    ids = {op["operationId"] for path in paths.values() for op in path.values()}
    assert ids == {
        "list_papers", "get_paper", "draft_paper", "edit_paper", "publish_paper",
        "withdraw_paper", "make_secret",
    }  # fmt: skip
    edit = paths["/api/v1/papers/{reference}"]["patch"]
    assert {"401", "403", "404", "409", "412", "422", "429"} <= set(edit["responses"])
    assert "application/problem+json" in edit["responses"]["422"]["content"]
    assert "Idempotency-Key" in edit["description"] and "If-Match" in edit["description"]
    assert paths["/api/v1/papers"]["get"]["security"] == [{}, {"Token": []}]
    assert paths["/api/v1/papers"]["post"]["security"] == [{"Token": []}]
    title = schema["components"]["schemas"]["DraftPaperIn"]["properties"]["title"]
    assert title["maxLength"] == 100 and title["pattern"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    )
)
def test_whatever_json_is_sent_is_taken_or_refused_but_never_breaks(value: Any) -> None:
    class Some(In):
        text: str = ""
        whole: int = 0
        many: list[int] = []
        free: Any = None

    for sent in (value, {"text": value}, {"whole": value}, {"many": [value]}, {"free": value}):
        try:
            made = Some.model_validate(sent)
        except ValueError:
            continue
        assert "\x00" not in json.dumps(made.free, ensure_ascii=False) and type(made.whole) is int


@pytest.mark.django_db(transaction=True)
def test_of_many_racing_copies_of_one_write_one_is_done_and_all_are_answered_alike(
    call: Caller,
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("racing writers need PostgreSQL, not SQLite in memory")

    def send(_: int) -> tuple[int, bytes]:
        try:
            response = call("POST", PAPERS, {"title": "x"}, idempotency_key="race")
            return response.status_code, response.content
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(8) as pool:
            answers = set(pool.map(send, range(16)))
        assert len(answers) == 1 and {status for status, _ in answers} == {201}
        assert paper.Paper.objects.count() == 1
    finally:
        paper.Paper.objects.all().delete()  # its table has no migration, so no flush empties it
