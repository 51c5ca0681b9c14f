"""Bringing in a file of evaluations: whole or not at all, told row by row, and once."""

from __future__ import annotations

import json

import pytest

from concordat.evaluations import actions
from concordat.evaluations.feeds.columns import LIGHT_HEADERS
from concordat.evaluations.lifecycle import EVALUATION
from concordat.evaluations.models import Evaluation, Intake, Plan, Report
from concordat.evaluations.tests.workbooks import as_csv, table
from concordat.kernel.access import PUBLIC
from concordat.kernel.deeds import act_many
from concordat.kernel.files.models import Upload
from concordat.kernel.jobs import run_until_idle
from concordat.kernel.refusals import Invalid, NotAllowed

pytestmark = pytest.mark.django_db
WRITTEN = [
    {
        "Evaluation ID": "1",
        "Report ID": "1.1",
        "Evaluation title": "Letters",
        "Impact": "Y (AA)",
        "Client": "HM Treasury; Department for Education",
        "Report title": "Letters, at last",
        "Report type": "Main final report; Technical",
        "Author(s)": "A. Author; B. Writer",
        "gov_uk_link": "https://www.gov.uk/letters",
        "Publication date (Month)": "Nov",
        "Publication date (Year)": "2016",
        "Outcome title": "Returns in time",
        "Primary or secondary outcome": "Primary",
        "Intervention name": "A letter",
        "Intervention costs (£)": "£69m funding programme",
        "Impact - Design": "Randomised Controlled Trial (RCT); A hunch",
        "Impact - Equity": "Not applicabe",
        "Total number of people (or other unit) included in the evaluation": "1,000",
    },
    {"Evaluation ID": "1", "Report ID": "1.1", "Outcome title": "Debts", "Primary or secondary outcome": "Third"},
    {"Evaluation ID": "2", "Evaluation title": "Calls", "Client": "Department for Educatoin"},
    {"Evaluation ID": "3", "Evaluation title": "Visits", "Process": "Yes"},
]  # fmt: skip


@pytest.fixture
def bring(cast, tmp_path):
    def brought(written=WRITTEN, *, actor=None, **options):
        path = as_csv(table(written), tmp_path / "in.csv")
        owner = cast.bodies["treasury"]
        return actions.import_evaluations(actor or cast.eve, owner, path, **options)

    return brought


def outcomes(intake):
    return {k: v for k, v in intake.counts.items() if k.startswith("evaluations")}


def test_each_evaluation_is_made_whole_or_waits_and_every_row_is_told_of(bring):
    intake = bring()
    assert outcomes(intake) == {"evaluations made": 2, "evaluations waiting": 1}
    assert intake.counts["reports"] == 1
    made = Evaluation.objects.get(source_id="1")
    assert (made.title, made.status, made.owner.slug) == ("Letters", "draft", "treasury")
    assert [body.slug for body in made.partners.all()] == ["education"]
    assert made.designs == ["randomised"]
    assert made.plan["population"]["sample_size"] == 1000
    assert [o["id"] for o in made.plan["outcomes"]] == ["returns-in-time", "debts"]
    assert made.plan["interventions"][0]["costs"] == "£69m funding programme"
    assert made.foreign["reports"][0]["outcomes"] == ["returns-in-time", "debts"]
    told = {line["place"] for line in intake.lines}
    assert {"rows 2 to 3", "row 4", "row 5"} <= told


def test_what_cannot_be_read_is_told_of_and_kept_as_it_was_said(bring):
    intake = bring()
    made = Evaluation.objects.get(source_id="1")
    assert made.foreign["unread"] == {"outcomes[debts].rank": "Third"}
    assert made.foreign["rest"]["Impact - Design"].endswith("A hunch")
    assert made.foreign["unsaid"][0]["said"] == "Not applicabe"
    assert "equity" not in made.plan.get("design", {})
    noted = [line for line in intake.lines if line["outcome"] == "noted"]
    assert {line["said"] for line in noted} >= {
        "Third",
        "Randomised Controlled Trial (RCT); A hunch",
    }
    assert all(line["mend"] for line in noted)


def test_an_unknown_body_is_told_of_with_those_of_like_names_and_the_row_waits(bring):
    intake = bring()
    assert intake.unknown["Department for Educatoin"][0] == "education"
    assert not Evaluation.objects.filter(source_id="2").exists()
    again = bring(chosen={"Department for Educatoin": "education"})
    assert outcomes(again) == {"evaluations made": 1, "evaluations unchanged": 2}
    made = Evaluation.objects.get(source_id="2")
    assert [body.slug for body in made.partners.all()] == ["education"]


def test_a_name_can_be_left_out_by_a_person_alone(bring):
    bring(chosen={"Department for Educatoin": "-"})
    assert not Evaluation.objects.get(source_id="2").partners.exists()


def test_a_second_run_changes_nothing(bring):
    chosen = {"Department for Educatoin": "education"}
    bring(chosen=chosen)
    before = list(Evaluation.objects.order_by("pk").values())
    assert outcomes(bring(chosen=chosen)) == {"evaluations unchanged": 3}
    assert list(Evaluation.objects.order_by("pk").values()) == before


def test_a_dry_run_says_the_same_and_leaves_nothing(bring):
    intake = bring(dry=True)
    assert outcomes(intake) == {"evaluations made": 2, "evaluations waiting": 1}
    assert not Evaluation.objects.exists()
    assert Intake.objects.get().dry


def test_what_changed_in_the_file_is_changed_and_nothing_else(bring):
    bring()
    changed = [*WRITTEN[:3], {**WRITTEN[3], "Evaluation title": "Home visits"}]
    assert outcomes(bring(changed)) == {
        "evaluations changed": 1,
        "evaluations unchanged": 1,
        "evaluations waiting": 1,
    }
    assert Evaluation.objects.get(source_id="3").title == "Home visits"


def test_what_is_published_is_amended_with_a_version_and_what_is_in_review_waits(cast, bring):
    bring()
    for source_id in ("1", "3"):
        made = Evaluation.objects.get(source_id=source_id)
        actions.edit_evaluation(cast.eve, made, {"approver": cast.people["lea"]})
        actions.perform(cast.eve, made, "submit")
    made = Evaluation.objects.get(source_id="3")
    actions.perform(cast.lea, made, "sign_off")
    actions.publish_evaluation(cast.lea, made)
    changed = [{**row, "Evaluation title": f"New {n}"} for n, row in enumerate(WRITTEN)]
    found = outcomes(bring([changed[0], *WRITTEN[1:3], changed[3]]))
    assert found == {"evaluations changed": 1, "evaluations waiting": 2}
    assert Plan.objects.filter(evaluation=made).count() == 2


def test_one_row_that_the_model_refuses_stops_no_other(bring):
    written = [*WRITTEN[3:], {"Evaluation ID": "4", "Evaluation title": "x" * 1100}]
    intake = bring(written)
    assert outcomes(intake) == {"evaluations made": 1, "evaluations refused": 1}
    [refused] = [line for line in intake.lines if line["outcome"] == "refused"]
    assert refused["place"] == "row 3"
    assert "title" in refused["says"]


def test_the_database_refuses_in_the_model_s_words_and_nothing_of_the_batch_is_made(cast):
    told = {"title": "Letters", "source": "s", "source_id": "1"}
    pairs = [(Evaluation(owner=cast.bodies["treasury"]), told) for _ in range(2)]
    with pytest.raises(Invalid) as refused:
        act_many(cast.eve, EVALUATION["draft"], pairs)
    assert "This source already has" in str(refused.value.errors)
    assert not Evaluation.objects.exists()


def test_reports_are_recorded_and_corrected_with_their_evaluation(cast, bring):
    bring()
    made = Report.objects.get()
    assert (made.title, made.source_id, made.status) == ("Letters, at last", "1.1", "published")
    assert set(made.kinds) == {"technical_report", "main_final_report"}
    assert (made.authors, made.published_on) == (["A. Author", "B. Writer"], "2016-11")
    bring([{**WRITTEN[0], "Report title": "Letters, again"}, *WRITTEN[1:]])
    assert Report.objects.get().title == "Letters, again"


def test_only_who_drafts_for_a_body_may_bring_in_for_it(cast, bring):
    for who in (cast.asha, cast.noor, PUBLIC):
        with pytest.raises(NotAllowed):
            bring(actor=who)


def test_two_bodies_may_use_the_same_ids(cast, bring, tmp_path):
    bring()
    path = tmp_path / "in.csv"
    intake = actions.import_evaluations(cast.erin, cast.bodies["education"], path)
    assert outcomes(intake)["evaluations made"] == 2


def test_drafts_that_were_brought_in_are_known_to_their_body_alone(cast, bring):
    bring()
    assert Evaluation.objects.visible_to(cast.lea).count() == 2
    for who in (PUBLIC, cast.erin, cast.noor):
        assert not Evaluation.objects.visible_to(who).exists()
        assert not Intake.objects.visible_to(who).exists()


def test_the_plain_template_comes_in_as_a_light_entry(cast, tmp_path):
    row = ["a1", "Letters", "A letter.", "Impact", "Case studies", "Money", "2027-03", "no"]
    row += ["2027-12-31", "2028-03", "The team", "team@x.example", "Department for Education"]
    path = as_csv([list(LIGHT_HEADERS), row], tmp_path / "in.csv")
    actions.import_evaluations(cast.eve, cast.bodies["treasury"], path)
    made = Evaluation.objects.get()
    assert (made.contact_email, made.topics) == ("team@x.example", ["money"])
    assert {"event": "first_data", "kind": "intended", "on": "2027-03"} in made.dates


def test_a_file_is_sent_and_brought_in_by_a_job(cast, tmp_path):
    text = as_csv(table(WRITTEN), tmp_path / "in.csv").read_bytes()
    sent = actions.send_evaluations(cast.eve, cast.bodies["treasury"], "in.csv", [text])
    job = actions.receive_evaluations(cast.eve, sent)
    run_until_idle()
    job.refresh_from_db()
    assert job.status == "done", job.error
    intake = Intake.objects.get(pk=job.result["intake"])
    assert outcomes(intake)["evaluations made"] == 2
    assert Upload.objects.get().status == "kept"  # a name waits to be chosen
    assert json.dumps(job.result)


def test_a_file_of_something_else_is_refused(cast, tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(Invalid):
        actions.import_evaluations(cast.eve, cast.bodies["treasury"], path)
