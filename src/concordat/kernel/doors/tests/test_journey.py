"""Journeys: one thing a page, kept on the server, taken up where they were left."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.test import Client

from concordat.kernel.doors.journeys import Journey, Step
from concordat.kernel.doors.tests import paper

pytestmark = [
    pytest.mark.urls("concordat.kernel.doors.tests.paper"),
    pytest.mark.django_db,
]
WHEN = {"from_day_day": "1", "from_day_month": "2", "from_day_year": "2027"}


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    paper.KEPT.clear()
    yield
    paper.KEPT.clear()


def send(client: Client, step: str, **data: str) -> str:
    response = client.post(f"/write/{step}", data)
    return response["Location"] if response.status_code == 302 else f"{response.status_code}"


def test_steps_lead_one_to_the_next_then_to_the_check_then_finish(client: Client) -> None:
    assert send(client, "topic", topic="people") == "/write/names"
    assert send(client, "names", names="Ada\nGrace", **WHEN) == "/write/pages"
    assert send(client, "pages", pages="12") == "/write/check"
    html = client.get("/write/check").content.decode()
    assert "People" in html and "1 February 2027" in html and "/write/names?check=1" in html
    assert send(client, "check") == "/done"
    assert "datetime.date(2027, 2, 1)" in paper.KEPT["finished"]


def test_a_step_that_does_not_apply_is_neither_asked_nor_believed(client: Client) -> None:
    send(client, "topic", topic="people")
    send(client, "names", names="Ada", **WHEN)
    assert send(client, "topic", topic="data") == "/write/pages"
    assert client.get("/write/names")["Location"] == "/write/pages"
    send(client, "pages", pages="3")
    send(client, "check")
    assert "Ada" not in paper.KEPT["finished"]


def test_nobody_can_run_ahead_of_an_unanswered_step(client: Client) -> None:
    assert client.get("/write/pages")["Location"] == "/write/topic"
    assert send(client, "pages", pages="3") == "/write/topic"
    assert client.get("/write/check")["Location"] == "/write/topic"
    assert send(client, "check") == "/write/topic" and "finished" not in paper.KEPT


def test_a_journey_is_taken_up_on_another_machine_where_it_was_left(client: Client) -> None:
    send(client, "topic", topic="people")
    raw = json.loads(paper.KEPT["raw"])
    assert paper.JOURNEY.start(raw) == "names" and paper.JOURNEY.start({}) == "topic"
    assert 'value="people" checked' in Client().get("/write/topic").content.decode()
    assert [t["status"].get("text") for t in paper.JOURNEY.tasks(raw, str)] == [
        "Completed", None, "Cannot start yet",
    ]  # fmt: skip


def test_a_change_from_the_check_comes_back_to_it_unless_it_opens_a_question(
    client: Client,
) -> None:
    send(client, "topic", topic="data")
    send(client, "pages", pages="3")
    assert send(client, "pages?check=1", pages="4") == "/write/check"
    assert send(client, "topic?check=1", topic="people") == "/write/names"


def test_a_wrong_answer_is_shown_again_and_not_kept(client: Client) -> None:
    send(client, "topic", topic="data")
    response = client.post("/write/pages", {"pages": "1001"})
    html = response.content.decode()
    assert response.status_code == 422 and "There is a problem" in html and 'value="1001"' in html
    assert "<title>Error: " in html and "pages" not in json.loads(paper.KEPT["raw"])


def test_what_the_draft_refuses_is_shown_beside_its_question(client: Client) -> None:
    send(client, "topic", topic="data")
    response = client.post("/write/pages", {"pages": "666"})
    assert response.status_code == 422 and b"The draft refuses that." in response.content
    assert "pages" not in json.loads(paper.KEPT["raw"])


def test_an_answer_that_has_become_invalid_is_asked_again(client: Client) -> None:
    paper.KEPT["raw"] = json.dumps({"topic": {"topic": ["gone"]}, "pages": {"pages": ["3"]}})
    assert client.get("/write/check")["Location"] == "/write/topic"
    assert "There is a problem" in client.get("/write/topic").content.decode()


def test_a_refusal_at_the_end_points_back_at_the_answer(client: Client) -> None:
    send(client, "topic", topic="data")
    send(client, "pages", pages="13")
    response = client.post("/write/check")
    html = response.content.decode()
    assert response.status_code == 422 and "Not that many." in html and "Try another." in html
    assert 'href="/write/pages?check=1">Not that many' in html


def test_only_the_fields_of_the_step_are_kept_and_only_so_much(client: Client) -> None:
    send(client, "topic", topic="data", finished="yes", csrf="x")
    assert json.loads(paper.KEPT["raw"]) == {"topic": {"topic": ["data"]}}
    assert send(client, "topic", topic="x" * 200_000) == "422"
    assert client.get("/write/nowhere").status_code == 404


def test_steps_need_names_of_their_own() -> None:
    with pytest.raises(ValueError, match="names"):
        Journey("x", [Step("a", "A", paper.TopicForm), Step("a", "B", paper.TopicForm)])
    with pytest.raises(ValueError, match="check"):
        Journey("x", [Step("check", "A", paper.TopicForm)])
