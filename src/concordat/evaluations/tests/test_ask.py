"""Asking questions: loaded once, answered by evaluations that whoever asks confirms."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from concordat.evaluations import actions, queries
from concordat.evaluations.feeds.agendas import read_questions, read_tags
from concordat.evaluations.models import Question, QuestionLink
from concordat.kernel.access import PUBLIC, SYSTEM
from concordat.kernel.audit.models import Entry
from concordat.kernel.lifecycle import Visibility
from concordat.kernel.publication.history import public_entries
from concordat.kernel.refusals import Invalid, NotAllowed, NotVisible
from concordat.kernel.search.follow import rebuild
from concordat.kernel.search.queries import find
from tests.cast import linked_question, published_evaluation, published_question
from tests.script import script

pytestmark = pytest.mark.django_db
CSV = """Agency Abbreviation,QuestionID,Question,Tags
HM Treasury,T 1,Do letters work?,"Housing, Equity"
treasury,T 2,Do calls work?,Equity
Department for Education,E 1,Do books work?,
PMA,P 1,Whose question is this?,
"""


def rows(text=CSV):
    return read_questions(text.encode()).rows


def load(actor, text=CSV, **told):
    found = rows(text)
    bodies = queries.bodies_called(actor, [(row.code, row.name) for row in found])
    return actions.load_questions(actor, bodies, found, source="agenda", **told)


def counts(report):
    return (report.made, report.changed, report.unchanged, report.refused)


def test_a_question_is_its_bodys_alone_until_somebody_else_publishes_it(cast):
    asked = actions.draft_question(cast.eve, cast.bodies["treasury"], {"text": "Do letters work?"})
    assert queries.questions(cast.eve).count() == 1
    for actor in (cast.erin, cast.noor, PUBLIC):
        assert queries.questions(actor).count() == 0
    with pytest.raises(NotAllowed):
        actions.perform(cast.eve, asked, "publish")
    actions.perform(cast.lea, asked, "publish")
    assert queries.questions(PUBLIC).get().status == "published"


def test_what_is_known_stands_beside_the_question_and_can_be_taken_back(cast):
    asked = published_question(cast)
    asked = actions.perform(cast.lea, asked, "answer", note="They do, by four in a hundred.")
    assert (asked.answer, asked.status) == ("They do, by four in a hundred.", "answered")
    again = actions.perform(cast.lea, asked, "reopen", note="That was one year alone.")
    assert (again.answer, again.answered_on, again.status) == ("", None, "published")


def test_an_agenda_is_loaded_once_however_often_it_is_sent(cast):
    first = load(cast.lea)
    assert counts(first) == (2, 0, 0, 2)
    assert [message.place for message in first.messages] == [
        "row 4, Agency Abbreviation",
        "row 5, Agency Abbreviation",
    ]
    entries = Entry.objects.count()
    assert counts(load(cast.lea)) == (0, 0, 2, 2)
    assert Entry.objects.count() == entries
    assert counts(load(cast.lea, CSV.replace("Do calls", "Do text messages"))) == (0, 1, 1, 2)
    assert {q.text for q in Question.objects.visible_to(PUBLIC)} == {
        "Do letters work?",
        "Do text messages work?",
    }


def test_a_question_is_never_taken_from_another_body_by_its_identifier(cast):
    load(cast.lea)
    text = "Agency Abbreviation,QuestionID,Question\nDepartment for Education,T 1,Ours now?\n"
    assert counts(load(cast.erin, text)) == (0, 0, 0, 1)
    assert Question.objects.get(source_id="T 1").text == "Do letters work?"


def test_what_was_withdrawn_stays_so_when_its_agenda_is_loaded_again(cast):
    load(cast.lea)
    actions.perform(cast.lea, Question.objects.get(source_id="T 1"), "withdraw", note="Twice.")
    assert counts(load(cast.lea)) == (0, 0, 2, 2)
    assert not queries.asked_of(PUBLIC, status="published", tag="Housing").exists()


def test_a_row_that_no_question_can_be_is_told_and_the_rest_is_loaded(cast):
    hidden = CSV.replace("Do letters", "Do \u202eletters")
    report = load(cast.lea, hidden)
    assert counts(report) == (1, 0, 0, 3)
    assert report.messages[0].place == "row 2, Question"
    assert "U+202E" in report.messages[0].says


def test_nobody_loads_questions_of_a_body_where_they_may_not(cast):
    report = actions.load_questions(
        cast.eve, {"treasury": cast.bodies["treasury"]}, rows()[1:2], source="x"
    )
    assert counts(report) == (0, 0, 0, 1)
    assert "may not" in report.messages[0].says


def test_the_shared_agendas_come_in_whole_and_a_second_time_change_nothing(cast, shared):
    folder = shared / "evaluations" / "learning-agenda-us"
    known = {t.name for t in read_tags((folder / "tag_definitions.yml").read_text("utf-8"))}
    content = (folder / "learning_agenda_questions.csv").read_bytes()
    found = read_questions(content, known).rows
    bodies = {row.code: cast.bodies["education"] for row in found if row.code != "PMA"}
    first = actions.load_questions(SYSTEM, bodies, found, source="us")
    assert counts(first) == (616, 0, 0, 35)
    assert counts(actions.load_questions(SYSTEM, bodies, found, source="us")) == (0, 0, 616, 35)
    assert queries.asked_of(PUBLIC, tag="Disaster Response & Recovery").count() == 22


def test_tags_narrow_by_the_whole_word_and_bodies_by_their_own(cast):
    load(cast.lea)
    assert queries.tags_asked(PUBLIC) == ["Equity", "Housing"]
    assert queries.asked_of(PUBLIC, tag="Equity").count() == 2
    assert queries.asked_of(PUBLIC, tag="Hous").count() == 0
    assert queries.asked_of(PUBLIC, slug="education").count() == 0


def test_a_tag_in_any_script_narrows_too(cast):
    values = {"text": "A oes gwaith?", "tags": ["Addysg ôl-16", 'Say “so”, "then"']}
    published_question(cast, **values)
    for tag in values["tags"]:
        assert queries.asked_of(PUBLIC, tag=tag).count() == 1


def test_whoever_asks_confirms_what_somebody_else_proposed(cast):
    link = linked_question(cast)
    assert QuestionLink.objects.visible_to(PUBLIC).count() == 0
    with pytest.raises(NotAllowed):
        actions.perform(cast.eve, link, "confirm")
    actions.perform(cast.lea, link, "confirm")
    assert QuestionLink.objects.visible_to(PUBLIC).get().relation == "answers"
    assert queries.questions(PUBLIC).get().evaluations == 1


def test_the_list_says_which_questions_have_links_to_confirm(cast):
    published_question(cast, text="What else?")
    link = linked_question(cast)
    found = [(q.pk, q.proposed) for q in queries.questions_to_decide(cast.lea)]
    assert found[0] == (link.question_id, 1)
    assert [number for _, number in found] == [1, 0]
    assert [q.proposed for q in queries.questions_to_decide(cast.erin)] == [0, 0]


def test_nobody_confirms_what_they_proposed_themselves(cast):
    asked, answers = published_question(cast), published_evaluation(cast)
    link = actions.propose_link(cast.lea, cast.bodies["treasury"], asked, answers, "bears_on")
    with pytest.raises(NotAllowed):
        actions.perform(cast.lea, link, "confirm")


def test_a_link_proposed_by_another_body_is_between_the_two_until_it_is_confirmed(cast):
    asked, answers = published_question(cast), published_evaluation(cast)
    link = actions.propose_link(cast.erin, cast.bodies["education"], asked, answers, "bears_on")
    for actor, knows in ((cast.erin, 1), (cast.lea, 1), (cast.asha, 0), (PUBLIC, 0)):
        assert QuestionLink.objects.visible_to(actor).count() == knows
    assert not public_entries().filter(kind="question_link").exists()
    with pytest.raises(NotAllowed):
        actions.perform(cast.erin, link, "confirm")
    refused = actions.perform(cast.lea, link, "refuse", note="It asks something else.")
    assert refused.status == "refused"
    assert queries.answers_to(cast.lea, asked) == []


def test_nobody_proposes_in_the_name_of_another_body(cast):
    asked, answers = published_question(cast), published_evaluation(cast)
    with pytest.raises(NotAllowed):
        actions.propose_link(cast.eve, cast.bodies["education"], asked, answers, "answers")


def test_an_evaluation_is_linked_to_a_question_once(cast):
    link = linked_question(cast)
    with pytest.raises(Invalid):
        actions.propose_link(
            cast.eve, cast.bodies["treasury"], link.question, link.evaluation, "bears_on"
        )
    actions.perform(cast.eve, link, "remove")
    actions.propose_link(
        cast.eve, cast.bodies["treasury"], link.question, link.evaluation, "bears_on"
    )


def test_a_link_to_an_embargoed_evaluation_is_unknown_outside(cast):
    later = timezone.localdate() + timedelta(days=9)
    asked, shut = published_question(cast), published_evaluation(cast, later)
    link = actions.propose_link(cast.eve, cast.bodies["treasury"], asked, shut, "answers")
    actions.perform(cast.lea, link, "confirm")
    assert queries.questions(PUBLIC).get().evaluations == 0
    assert queries.answers_to(cast.erin, asked) == []
    with pytest.raises(NotVisible):
        queries.question_link(cast.erin, link.pk)
    assert not public_entries().filter(kind="question_link").exists()
    assert shut.reference not in Client().get(asked.get_absolute_url()).content.decode()


def test_an_evaluation_that_is_withdrawn_answers_nothing_any_more(cast):
    link = linked_question(cast, confirmed=True)
    actions.perform(cast.lea, link.evaluation, "withdraw", note="It never began.")
    assert queries.questions(PUBLIC).get().evaluations == 0
    assert queries.answers_to(PUBLIC, link.question) == []


def test_search_finds_questions_by_their_words_and_tags(cast):
    published_question(cast, text="Do zebras cross?", tags=["Wildlife"])
    actions.draft_question(cast.eve, cast.bodies["treasury"], {"text": "A zebra draft?"})
    rebuild()
    assert [find(PUBLIC, word).total for word in ("zebra", "wildlife")] == [1, 1]
    assert find(cast.eve, "zebra").total == 2


def test_the_public_pages_show_the_questions_their_answers_and_a_chart(cast):
    link = linked_question(cast, confirmed=True)
    listed = Client().get("/evaluations/questions").content.decode()
    assert link.question.text in listed
    assert "Unanswered questions by body" in listed
    page = Client().get(link.question.get_absolute_url()).content.decode()
    assert link.evaluation.title in page
    other = Client().get(link.evaluation.get_absolute_url()).content.decode()
    assert link.question.text in other
    answer = Client().get("/evaluations/questions?download=csv&answered=answered")
    assert len(b"".join(answer).splitlines()) == 1


def test_an_agenda_is_loaded_from_a_page_with_a_report(cast):
    from django.core.files.uploadedfile import SimpleUploadedFile

    lea = Client()
    lea.force_login(cast.people["lea"])
    sent = {"source": "agenda", "file": SimpleUploadedFile("agenda.csv", CSV.encode())}
    page = lea.post("/inside/evaluations/questions/load", sent)
    assert "row 5, Agency Abbreviation" in page.content.decode()
    assert Question.objects.get(source_id="T 1").visibility == Visibility.PUBLIC
    bad = {"source": "agenda", "file": SimpleUploadedFile("agenda.csv", b"a,b\n")}
    refused = lea.post("/inside/evaluations/questions/load", bad)
    assert refused.status_code == 422
    assert "no column" in refused.content.decode()


def test_a_script_does_all_that_pages_do(cast):
    lea, eve = script(cast.lea), script(cast.eve)
    loaded = lea.post("/question-loads", {"source": "agenda", "csv": CSV}).json()
    assert (loaded["made"], loaded["refused"]) == (2, 2)
    evaluation = published_evaluation(cast)
    question = lea.get("/questions?tag=Housing").json()["items"][0]
    told = {"question": question["reference"], "evaluation": evaluation.reference}
    told |= {"owner": "treasury", "relation": "answers"}
    link = eve.post("/question-links", told).json()
    assert link["can"] == ["remove"]
    assert lea.post(f"/question-links/{link['id']}/confirm").status_code == 200
    found = lea.get(f"/questions/{question['reference']}").json()
    assert (found["evaluations"], found["tags"]) == (1, ["Housing", "Equity"])
    answered = lea.post(f"/questions/{question['reference']}/answer", {"note": "They do."}).json()
    assert (answered["status"], answered["answer"]) == ("answered", "They do.")
