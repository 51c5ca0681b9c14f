"""The open file of a day, and that anybody can check it against the public log."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.utils import timezone

from concordat.__main__ import main
from concordat.evaluations import actions
from concordat.evaluations.actions.openfile import make_open_file
from concordat.evaluations.queries.openfile import FOLDER
from concordat.evaluations.rules.openfile import FORMS, OpenFile
from concordat.evaluations.rules.versions import digest_of
from concordat.kernel.access import SYSTEM
from concordat.kernel.audit.verify import verify
from concordat.kernel.files.store import store
from concordat.kernel.jobs import run_until_idle
from tests.cast import drafted_evaluation, published_evaluation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_files():
    """The store outlives a test's database."""
    for path, _ in list(store().list(FOLDER)):
        store().remove(path)


def get(address):
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return b"".join(answer) if answer.streaming else answer.content


@pytest.fixture
def files(cast, tmp_path):
    """(the folder of the public files, the stem of the open file) of a registry with everything."""
    made = published_evaluation(cast, hidden={"outcomes": "2020", "population": "completion"})
    actions.amend_evaluation(cast.lea, made, {"title": "Do letters work?"}, note="Shorter.")
    gone = published_evaluation(cast, title="Gone")
    actions.perform(cast.lea, gone, "withdraw", note="It never began.")
    published_evaluation(cast, timezone.localdate() + timedelta(days=9), title="Shut")
    drafted_evaluation(cast, title="Draft")
    assert make_open_file(SYSTEM)
    run_until_idle()
    assert make_open_file(SYSTEM) is None, "there is one for today"
    return taken(tmp_path)


def taken(folder):
    """Every public file, as somebody outside takes them."""
    day = timezone.now().date().isoformat()
    (folder / "days").mkdir(exist_ok=True)
    seals = get("/audit/seals.jsonl")
    (folder / "seals.jsonl").write_bytes(seals)
    for date in {json.loads(line)["date"] for line in seals.splitlines()}:
        (folder / "days" / f"{date}.jsonl").write_bytes(get(f"/audit/days/{date}.jsonl"))
    for form in (*FORMS, "manifest.json"):
        (folder / f"{day}.{form}").write_bytes(get(f"/evaluations/open/{day}.{form}"))
    return folder, str(folder / day)


def problems(files):
    folder, stem = files
    return verify(str(folder), witness=OpenFile(f"{stem}.json")).problems


def change(files, edit, *, honest=True):
    """Change the rows of the JSON, and say its new digest in the manifest where one lies well."""
    _, stem = files
    with open(f"{stem}.json", "rb") as file:
        rows = json.load(file)["evaluations"]
    rows = edit(rows) or rows
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    with open(f"{stem}.json", "w") as file:
        file.write(f'{{"evaluations": [\n{lines}\n]}}\n')
    with open(f"{stem}.manifest.json") as file:
        manifest = json.load(file)
    if honest:
        with open(f"{stem}.json", "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        manifest |= {"evaluations": len(rows)}
        manifest["files"]["json"]["sha256"] = digest
        with open(f"{stem}.manifest.json", "w") as file:
            json.dump(manifest, file)


def test_the_three_forms_hold_what_is_public_and_nothing_else(files):
    _, stem = files
    with open(f"{stem}.json", "rb") as file:
        rows = json.load(file)["evaluations"]
    assert [row["title"] for row in rows] == ["Do letters work?", "Gone"]
    assert [len(row["versions"]) for row in rows] == [2, 1]
    with open(f"{stem}.csv", newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert [line["title"] for line in lines] == ["Do letters work?", "Gone"]
    assert lines[0]["first_data_intended"] == "2027-03"
    table = pq.read_table(f"{stem}.parquet").to_pylist()
    assert [line["reference"] for line in table] == [row["reference"] for row in rows]
    assert json.loads(table[0]["history"]) == rows[0]["versions"]
    with open(f"{stem}.manifest.json") as file:
        manifest = json.load(file)
    assert (manifest["evaluations"], manifest["versions"]) == (2, 3)
    everything = json.dumps(rows)
    for closed in ("Shut", "Draft", "hm-treasury.example"):
        assert closed not in everything
    assert "Everyone who is late" not in json.dumps(rows[0]), "it is hidden until the end"
    assert f"/evaluations/open/{manifest['date']}.csv" in get("/evaluations/open").decode()


def test_anybody_can_check_that_it_is_whole(files, capsys):
    folder, stem = files
    assert problems(files) == []
    assert main_with("verify", str(folder), "--open", f"{stem}.json") == 0
    assert "Verified" in capsys.readouterr().out


def main_with(*arguments):
    from unittest.mock import patch

    with patch("sys.argv", ["concordat", *arguments]):
        return main()


def test_a_changed_date_or_text_of_a_plan_is_found(files):
    def text(rows):
        rows[0]["versions"][0]["body"]["summary"] = "Something else."

    def date(rows):
        rows[0]["versions"][1]["body"]["dates"][0]["on"] = "2027-09"

    for edit in (text, date):
        whole = Path(f"{files[1]}.json")
        before = whole.read_text("utf-8")
        change(files, edit)
        assert any("its digest does not match" in says for says in problems(files))
        whole.write_text(before, "utf-8")


def test_a_history_that_was_written_anew_is_found(files):
    def anew(rows):
        previous = ""
        for version in rows[0]["versions"]:
            version["body"]["dates"] = []
            version["previous"] = previous
            version["digest"] = previous = digest_of(previous, version["body"])
        rows[0]["digest"] = previous

    change(files, anew)
    found = problems(files)
    assert sum("the log knows no version of that digest" in says for says in found) == 2
    assert any("its digest is not what the log says" in says for says in found)


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (lambda rows: rows[1:], "open by the log, and not in the file"),
        (lambda rows: rows[0]["versions"].pop(), "its newest version is missing"),
        (lambda rows: rows[0]["versions"].pop(0) and None, "a version before it was dropped"),
        (lambda rows: rows[0].update(title="Other"), "its title is not what the log says"),
        (lambda rows: rows[0].update(dates=[]), "its dates is not what the log says"),
        (
            lambda rows: rows[0]["versions"][0]["opened"]["outcomes"].update(value=[]),
            "what was opened of outcomes is not what was hidden",
        ),
        (
            lambda rows: [
                *rows,
                {**rows[0], "reference": "EV-0000-00", "versions": [], "digest": ""},
            ],
            "EV-0000-00",
        ),
    ],
)
def test_what_is_left_out_or_changed_is_found(files, edit, says):
    def rows_after(rows):
        made = edit(rows)
        return made if isinstance(made, list) else None

    change(files, rows_after)
    folder, stem = files
    witness = OpenFile(f"{stem}.json")
    found = verify(str(folder), witness=witness).problems
    assert any(says in each for each in found) or (says == "EV-0000-00" and witness.unproven)


def test_a_file_that_is_not_the_one_of_its_manifest_is_found(files):
    change(files, lambda rows: rows[0].update(title="Other"), honest=False)
    with open(f"{files[1]}.csv", "a") as file:
        file.write("x")
    assert sum("it was changed" in says for says in problems(files)) == 2


def test_what_is_newer_than_the_seal_waits_for_the_next(cast, tmp_path):
    published_evaluation(cast)
    make_open_file(SYSTEM)
    run_until_idle()
    witness = OpenFile(f"{taken(tmp_path)[1]}.json")
    witness.digests, witness.log = set(), {}
    assert all("not in the file" not in says for says in witness.problems())


def test_there_is_no_file_of_a_day_that_had_none(client):
    for form in (*FORMS, "manifest.json"):
        assert client.get(f"/evaluations/open/2020-01-01.{form}").status_code == 404
    assert client.get("/evaluations/open/2020-02-31.json").status_code == 404
    assert io.BytesIO(client.get("/evaluations/open").content).read()
