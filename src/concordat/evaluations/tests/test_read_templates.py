"""Foreign registration forms and the answers to them."""

from __future__ import annotations

import json

import pytest

from concordat.evaluations.feeds import FormError, read_answers, read_form
from concordat.evaluations.feeds.known import FORMS, known_form

pytestmark = pytest.mark.once

PAGES = {
    "name": "A form of ours",
    "version": 3,
    "pages": [
        {
            "title": "General",
            "questions": [
                {"qid": "q1", "title": "Title", "type": "string", "required": True},
                {"qid": "q2", "title": "Details", "format": "textarea"},
                {
                    "qid": "q3",
                    "title": "Details",
                    "options": ["One", {"text": "Two", "tooltip": "?"}],
                },
                {
                    "qid": "q4",
                    "title": "Plan",
                    "type": "object",
                    "properties": [{"id": "question"}],
                },
            ],
        }
    ],
}
BLOCKS = {
    "name": "Flat",
    "blocks": [
        {"block_type": "page-heading", "display_text": "About"},
        {"block_type": "question-label", "display_text": "Which?"},
        {"block_type": "single-select-input", "required": True},
        {"block_type": "select-input-option", "display_text": "This"},
        {"block_type": "select-input-option", "display_text": "That"},
        {"block_type": "question-label", "display_text": "Other"},
        {"block_type": "long-text-input", "required": False},
        {"block_type": "question-label", "display_text": "Other"},
        {"block_type": "file-input", "required": False},
    ],
}


def test_pages_of_questions_are_read_by_their_keys():
    form = read_form(PAGES)
    assert [(q.key, q.kind, q.required) for q in form.questions] == [
        ("q1", "string", True),
        ("q2", "", False),
        ("q3", "", False),
        ("q4", "object", False),
    ]
    assert form.questions[2].options == ("One", "Two")
    assert form.questions[3].parts == ("question",)
    assert form.question("Title").key == "q1"
    assert form.question("Details") is None  # two are called so


def test_flat_blocks_are_read_by_their_labels():
    form = read_form(BLOCKS)
    assert [(q.key, q.page, q.kind) for q in form.questions] == [
        ("which", "About", "choose"),
        ("other", "About", "string"),
        ("other-2", "About", "upload"),
    ]
    assert form.questions[0].options == ("This", "That")


@pytest.mark.parametrize("given", [None, [], {}, {"pages": []}, {"pages": [{"questions": [{}]}]}])
def test_what_is_no_form_is_refused_in_words(given):
    with pytest.raises(FormError):
        read_form(given)


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("ridie-initiation", (70, 31, 97, 4)),
        ("egap-registration-4", (34, 6, 54, 0)),
        ("osf-preregistration", (25, 7, 13, 12)),
        ("real-world-evidence-2", (19, 17, 13, 0)),
    ],
)
def test_the_real_forms_are_read_whole_and_every_known_question_is_there(shared, name, counts):
    path = shared / "evaluations" / "registration-templates" / f"{name}.json"
    form = read_form(json.loads(path.read_text("utf-8")))
    questions = form.questions
    assert counts == (
        len(questions),
        sum(q.required for q in questions),
        sum(len(q.options) for q in questions),
        sum(len(q.parts) for q in questions),
    )
    known = known_form(form.name)
    assert known
    assert not [key for key in known if form.question(key) is None]
    answers = read_answers({q.key: q.options[0] if q.options else "12" for q in questions}, form)
    assert {each.key for each in answers.unmapped} >= {q.key for q in questions} - set(known)


RIDIE = {
    "id": "RIDIE-STUDY-ID-1",
    "form": "RIDIE Registration - Study Initiation",
    "responses": {
        "q6": {"value": "A letter.", "comments": []},
        "q8": "letters, tax",
        "q27": "Public Sector, e.g. Government Agency or Ministry",
        "q29": "Something else entirely",
        "q31": "27 March 2027",
        "q32": "03/04/2027",
        "q33": "Randomized control trial",
        "q45": "12,000",
        "q69": "Category 2:  The data exist, but …",
        "q47": {"value": {"uploader": {"value": "", "extra": [{"file_name": "plan.pdf"}]}}},
        "q70": "N/A",
    },
}


def test_answers_find_their_places_and_the_others_are_kept_with_their_keys():
    answers = read_answers(RIDIE)
    found = answers.found
    assert (found.source_id, found.summary) == ("RIDIE-STUDY-ID-1", "A letter.")
    assert found.sections["independence"] == {"implementer": "public_body"}
    assert found.sections["population"] == {"sample_size": "12000"}
    assert found.dates == [("intervention_start", "2027-03-27", "")]
    assert (found.designs, found.access_class) == ([("", "randomised")], "unseen")
    assert {each.key: each.said for each in answers.unmapped} == {
        "q8": "letters, tax",
        "q29": "Something else entirely",
        "q32": "03/04/2027",
        "q47.uploader": "plan.pdf",
    }


@pytest.mark.parametrize(
    "given",
    [
        {"q3": "In short.", "q8.question": "Two arms.", "q9": "By coin."},
        {"data": {"attributes": {"registration_responses": {"q3": "In short.", "q8": {"question": "Two arms."}, "q9": "By coin."}}}},
        {"registered_meta": {"OSF Preregistration": {"q3": {"value": "In short."}, "q8": {"value": {"question": {"value": "Two arms."}}}, "q9": {"value": "By coin."}}}},
    ],
)  # fmt: skip
def test_answers_are_found_whatever_stands_around_them(given):
    answers = read_answers(given, name="OSF Preregistration")
    assert answers.found.summary == "In short."
    assert answers.found.sections["design"]["description"] == "Two arms."
    assert [each.key for each in answers.unmapped] == ["q9"]


def test_a_form_that_nobody_knows_keeps_every_answer():
    answers = read_answers({"q2": "Much."}, read_form(PAGES))
    assert [(a.key, a.title, a.said) for a in answers.unmapped] == [("q2", "Details", "Much.")]


@pytest.mark.parametrize("given", [None, "text", {}, {"responses": {}}])
def test_what_is_no_answers_is_refused_in_words(given):
    with pytest.raises(FormError):
        read_answers(given)


def test_each_form_that_we_offer_is_known_by_its_own_name():
    assert all(known_form(name) is known for name, (_, _, known) in FORMS.items())
