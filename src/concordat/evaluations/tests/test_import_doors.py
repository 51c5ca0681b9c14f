"""Files of evaluations through every door: page, API and what is taken out again."""

from __future__ import annotations

import csv
import json
from io import BytesIO, StringIO

import pytest
from django.test import Client

from concordat.evaluations import actions
from concordat.evaluations.models import Evaluation, Intake
from concordat.evaluations.queries import intakes as files
from concordat.evaluations.rules.outward import HEADERS
from concordat.evaluations.tests.test_import_workbook import WRITTEN
from concordat.evaluations.tests.test_read_templates import PAGES, RIDIE
from concordat.evaluations.tests.workbooks import as_csv, table
from concordat.kernel.access import PUBLIC
from concordat.kernel.doors.exports import csv_pieces
from concordat.kernel.jobs import run_until_idle
from concordat.kernel.refusals import Invalid, NotAllowed, NotVisible
from tests.cast import drafted_evaluation, published_evaluation
from tests.script import script

pytestmark = pytest.mark.django_db
CHOSEN = {"Department for Educatoin": "education"}


def browser(cast, who="eve"):
    made = Client()
    made.force_login(cast.people[who])
    return made


def sent(tmp_path, name="in.csv"):
    file = BytesIO(as_csv(table(WRITTEN), tmp_path / "in.csv").read_bytes())
    file.name = name
    return file


def test_a_file_is_sent_looked_at_checked_and_brought_in_by_pages(cast, tmp_path):
    eve = browser(cast)
    form = {"owner": cast.bodies["treasury"].pk, "file": sent(tmp_path)}
    answer = eve.post("/inside/evaluations/import", form)
    check = answer["Location"]
    text = eve.get(check).content.decode()
    assert "Letters" in text
    assert "Which body is “Department for Educatoin”?" in text
    wrong = eve.post(check, {"how": "check", "name_0": "no-such-body"})
    assert (wrong.status_code, "there is no “no-such-body”" in wrong.content.decode()) == (
        422,
        True,
    )
    job = eve.post(check, {"how": "check"})["Location"]
    run_until_idle()
    assert Intake.objects.get().get_absolute_url() in eve.get(job).content.decode()
    assert not Evaluation.objects.exists()
    report = eve.get(Intake.objects.get().get_absolute_url()).content.decode()
    assert "nothing was changed" in report
    assert f"{check}?report=" in report
    eve.post(check, {"how": "bring", "name_0": "education"})
    run_until_idle()
    assert Evaluation.objects.count() == 3
    rows = b"".join(eve.get(f"{Intake.objects.last().get_absolute_url()}?download=csv"))
    assert b"rows 2 to 3" in rows
    listed = eve.get("/inside/evaluations/imports").content.decode()
    assert "in.csv" in listed


def test_nobody_else_may_know_of_a_file_or_its_report(cast, tmp_path):
    kept = actions.send_evaluations(cast.eve, cast.bodies["treasury"], "in.csv", [b"a,b\n1,2\n"])
    actions.import_evaluations(
        cast.eve, cast.bodies["treasury"], as_csv(table(WRITTEN), tmp_path / "i.csv")
    )
    report = Intake.objects.get().get_absolute_url()
    assert browser(cast, "lea").get(report).status_code == 200
    for who in ("erin", "olive", "noor"):
        other = browser(cast, who)
        assert other.get(f"/inside/evaluations/import/{kept.pk}").status_code == 404
        assert other.get(report).status_code == 404
    assert browser(cast, "noor").get("/inside/evaluations/import").status_code == 403


def test_a_file_that_is_no_table_is_refused_where_it_is_sent(cast):
    file = BytesIO(b"%PDF-1.7 and so on")
    file.name = "in.pdf"
    form = {"owner": cast.bodies["treasury"].pk, "file": file}
    answer = browser(cast).post("/inside/evaluations/import", form)
    assert (answer.status_code, ".csv" in answer.content.decode()) == (422, True)


def test_the_template_that_is_downloaded_can_be_sent_filled_in(cast, tmp_path):
    text = b"".join(browser(cast).get("/inside/evaluations/template.csv")).decode()
    [header] = csv.reader(StringIO(text))
    row = ["7", "Letters", "A letter.", "Impact", *[""] * (len(header) - 4)]
    path = as_csv([header, row], tmp_path / "in.csv")
    actions.import_evaluations(cast.eve, cast.bodies["treasury"], path)
    assert Evaluation.objects.get().title == "Letters"


def test_a_script_brings_a_file_in_and_reads_its_report(cast, tmp_path):
    eve = script(cast.eve)
    form = {"owner": "treasury", "file": sent(tmp_path), "names": json.dumps(CHOSEN)}
    headers = {"Authorization": f"Bearer {eve.token}"}
    answer = eve.browser.post("/api/v1/evaluations/import", form, headers=headers)
    assert answer.status_code == 202, answer.content
    run_until_idle()
    [row] = eve.get("/evaluation-imports").json()["items"]
    assert row["counts"]["evaluations made"] == 3
    report = eve.get(f"/evaluation-imports/{row['id']}").json()
    assert {"made", "noted"} <= {line["outcome"] for line in report["lines"]}
    assert script(cast.erin).get(f"/evaluation-imports/{row['id']}").status_code == 404


@pytest.mark.parametrize("names", ["nonsense", "[]", '{"a": 1}'])
def test_a_script_is_told_how_names_are_given(cast, tmp_path, names):
    eve = script(cast.eve)
    form = {"owner": "treasury", "file": sent(tmp_path), "names": names}
    headers = {"Authorization": f"Bearer {eve.token}"}
    answer = eve.browser.post("/api/v1/evaluations/import", form, headers=headers)
    assert answer.status_code == 422


def test_what_goes_out_comes_in_and_changes_nothing(cast, tmp_path):
    owner = cast.bodies["treasury"]
    path = as_csv(table(WRITTEN), tmp_path / "in.csv")
    actions.import_evaluations(cast.eve, owner, path, chosen=CHOSEN)
    before = list(Evaluation.objects.order_by("pk").values())
    out = tmp_path / "out.csv"
    rows = files.workbook_rows(cast.eve, owner)
    out.write_bytes(b"".join(csv_pieces(HEADERS, rows)))
    again = actions.import_evaluations(cast.eve, owner, out)
    assert again.counts["evaluations unchanged"] == 3
    assert {n: again.counts[n] for n in ("reports", "outcomes", "interventions")} == {
        "reports": 1,
        "outcomes": 2,
        "interventions": 1,
    }
    assert list(Evaluation.objects.order_by("pk").values()) == before


def test_what_was_registered_here_goes_out_and_comes_in_as_itself(cast, tmp_path):
    made = published_evaluation(cast)
    out = tmp_path / "out.csv"
    out.write_bytes(b"".join(csv_pieces(HEADERS, files.workbook_rows(cast.eve))))
    assert made.reference in out.read_text("utf-8")
    again = actions.import_evaluations(cast.eve, cast.bodies["treasury"], out)
    assert again.counts["evaluations unchanged"] == 1
    assert Evaluation.objects.count() == 1


def test_a_download_holds_what_its_reader_may_know_and_no_more(cast):
    hidden = {"population": "completion"}
    published_evaluation(cast, title="Open", hidden=hidden)
    drafted_evaluation(cast, title="Closed")

    def text(actor):
        return str([*files.workbook_rows(actor)])

    assert "Closed" in text(cast.eve)
    assert "Everyone who is late" in text(cast.eve)
    for actor in (cast.erin, PUBLIC):
        assert "Open" in text(actor)
        assert "Closed" not in text(actor)
        assert "Everyone who is late" not in text(actor)
    answer = script(cast.erin).get("/evaluations/workbook", owner="treasury")
    assert b"Open" in b"".join(answer)


def test_a_foreign_registration_becomes_a_draft_with_the_rest_beside_it(cast):
    made = actions.import_answers(cast.eve, cast.bodies["treasury"], RIDIE, title="Letters abroad")
    assert (made.status, made.access_class, made.designs) == ("draft", "unseen", ["randomised"])
    assert made.plan["independence"]["implementer"] == "public_body"
    assert made.plan["population"]["sample_size"] == 12000
    text = browser(cast).get(f"{made.inside_url()}/source").content.decode()
    assert "letters, tax" in text
    assert "q8" in text
    with pytest.raises(NotVisible):
        files.source_told(cast.erin, made)


def test_a_registration_comes_in_once(cast):
    for _ in range(2):
        try:
            actions.import_answers(cast.eve, cast.bodies["treasury"], RIDIE, title="Letters abroad")
        except Invalid as refusal:
            assert "already has" in str(refusal.errors)
    assert Evaluation.objects.count() == 1


def test_a_registration_without_a_title_asks_for_one(cast):
    with pytest.raises(Invalid) as refused:
        actions.import_answers(cast.eve, cast.bodies["treasury"], RIDIE)
    assert set(refused.value.errors) == {"title"}
    with pytest.raises(NotAllowed):
        actions.import_answers(cast.asha, cast.bodies["treasury"], RIDIE, title="Letters")


def test_answers_come_in_by_page_and_by_script(cast):
    answers, form = BytesIO(json.dumps(RIDIE).encode()), BytesIO(json.dumps(PAGES).encode())
    answers.name, form.name = "answers.json", "form.json"
    told = {"owner": cast.bodies["treasury"].pk, "form": "ridie", "title": "By page"}
    eve = browser(cast)
    answer = eve.post("/inside/evaluations/import-answers", {**told, "answers": answers})
    assert answer["Location"].endswith("/source")
    bad = BytesIO(b"no json")
    bad.name = "bad.json"
    wrong = eve.post("/inside/evaluations/import-answers", {**told, "answers": bad})
    assert (wrong.status_code, "this is none" in wrong.content.decode()) == (422, True)
    body = {
        "owner": "treasury",
        "title": "By script",
        "answers": {"q2": "Much."},
        "template": PAGES,
    }
    made = script(cast.eve).post("/evaluations/import-answers", body)
    assert made.status_code == 201, made.content
    row = Evaluation.objects.get(title="By script")
    assert row.foreign["unmapped"] == [{"key": "q2", "title": "Details", "said": "Much."}]
