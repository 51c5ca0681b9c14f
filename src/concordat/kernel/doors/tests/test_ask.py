"""Forms: GOV.UK components from Django fields, dates in three boxes, errors with links."""

from __future__ import annotations

import re
from datetime import date

import html5lib
import pytest
from django import forms
from django.http import QueryDict
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st

from concordat.kernel.doors.components import error_summary, field, fields
from concordat.kernel.doors.forms import Form
from concordat.kernel.doors.tests.paper import PaperForm


class Everything(Form):
    title = forms.CharField(max_length=80, label="Title")
    about = forms.CharField(widget=forms.Textarea, max_length=500, help_text="What is in it?")
    count = forms.IntegerField(min_value=0, max_value=9)
    price = forms.DecimalField(required=False, widget=forms.NumberInput({"prefix": "£"}))
    kind = forms.ChoiceField(choices=[("", "---------"), ("a", "A"), ("b", "B & b")])
    topic = forms.ChoiceField(choices=[("x", "X"), ("y", "Y")], widget=forms.RadioSelect)
    areas = forms.MultipleChoiceField(
        choices=[("p", "P"), ("q", "Q")], widget=forms.CheckboxSelectMultiple, required=False
    )
    agreed = forms.BooleanField(label="I agree")
    start = forms.DateField(label="Start date")
    file = forms.FileField(required=False, widget=forms.FileInput({"accept": ".csv"}))
    word = forms.CharField(widget=forms.PasswordInput, required=False)
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


@pytest.fixture
def env() -> object:
    return engines["pages"].env


def test_every_kind_of_field_becomes_its_component_and_valid_html(env: object) -> None:
    html = str(fields(env, Everything(initial={"start": date(2027, 3, 9), "topic": "y"})))
    html5lib.HTMLParser(strict=True).parseFragment(f"<form>{html}</form>")
    for part in (
        "govuk-character-count", "govuk-select", "govuk-radios", "govuk-checkboxes",
        "govuk-date-input", "govuk-file-upload", "govuk-password-input", "govuk-input__prefix",
        'inputmode="numeric"', 'accept=".csv"', 'name="start_day"', "B &amp; b", 'value="2027"',
    ):  # fmt: skip
        assert part in html, part
    said = re.findall(r"(\w+) \(optional\)", html)
    assert said == ["Price", "Areas", "File", "Word"]  # and no more


class Asks(Form):
    mail = forms.CharField(label="E-mail address")
    api = forms.CharField(label="API client")
    who = forms.ChoiceField(label="Who may have it", choices=[("x", "X")])
    often = forms.CharField(label="How often it is updated")
    several = forms.MultipleChoiceField(label="Columns", choices=[("x", "X")])
    may = forms.ChoiceField(label="What may it do?", choices=[("x", "X")])
    why = forms.CharField(label="Why?", error_messages={"required": "Enter the reason"})
    reason = forms.CharField(label="For what?")


def test_a_question_left_empty_is_named_in_what_to_do_about_it() -> None:
    said = {name: errors[0] for name, errors in Asks({}).errors.items()}
    assert said == {
        "mail": "Enter the e-mail address",
        "api": "Enter the API client",
        "who": "Select who may have it",
        "often": "Enter how often it is updated",
        "several": "Select columns",
        "may": "Select an answer to “What may it do?”",
        "why": "Enter the reason",
        "reason": "Enter an answer to “For what?”",
    }


def test_what_was_typed_comes_back_escaped_except_passwords(env: object) -> None:
    evil = '"><script>alert(1)</script>'
    data = dict.fromkeys(Everything.base_fields, evil) | {"start_day": evil, "word": "hunter2"}
    html = str(fields(env, Everything(data)))
    assert "<script" not in html and "&lt;script&gt;" in html and "hunter2" not in html


def test_the_error_summary_links_to_each_control_that_needs_mending(env: object) -> None:
    form = Everything({"start_day": "31", "start_month": "2", "start_year": ""})
    html, page = str(error_summary(env, form)), str(fields(env, form))
    for target in ("id_title", "id_topic", "id_start-year", "id_agreed"):
        assert f'href="#{target}"' in html and f'id="{target}"' in page
    assert "Enter the title" in html and "Select a topic" in html
    assert "Start date must include a year" in html


def test_a_form_not_yet_sent_has_no_summary(env: object) -> None:
    assert str(error_summary(env, Everything())) == "" == str(error_summary(env, None))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (("31", "2", "2027"), "must be a real date"),
        (("", "2", ""), "must include a day and year"),
        (("1", "1", "27"), "Year must include 4 numbers"),
        (("x", "1", "2027"), "must be a real date"),
        (("²", "1", "2027"), "must be a real date"),
        (("9" * 5000, "1", "2027"), "must be a real date"),
    ],
)
def test_a_date_says_what_is_wrong_with_it(typed: tuple[str, str, str], says: str) -> None:
    day, month, year = typed
    form = PaperForm(
        {"title": "x", "pages": 1, "due_day": day, "due_month": month, "due_year": year}
    )
    assert says in str(form.errors["due"])


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_real_date_survives_its_three_boxes(day: date) -> None:
    sent = f"title=x&pages=1&due_day={day.day}&due_month={day.month}&due_year={day.year}"
    form = PaperForm(QueryDict(sent))
    assert form.is_valid() and form.cleaned_data["due"] == day
    form = PaperForm({"title": "x", "pages": 1, "due": day.isoformat()})
    assert form.is_valid() and form.cleaned_data["due"] == day


def test_one_question_can_be_the_heading_of_its_page(env: object) -> None:
    html = str(field(env, Everything()["topic"], heading=True))
    assert "<h1" in html and "govuk-fieldset__legend--l" in html


def test_a_form_over_a_model_leaves_writing_to_actions() -> None:
    with pytest.raises(TypeError):
        PaperForm({"title": "x", "pages": 1}).save()
