"""The command `concordat harvest`: catalogues of several files, twice, with their report."""

from __future__ import annotations

import csv
import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from concordat.kernel.access import PUBLIC, SYSTEM
from concordat.kernel.audit.models import Entry
from concordat.kernel.deeds import act
from concordat.kernel.links.models import LINK, Link
from concordat.kernel.links.queries import links_of
from concordat.marketplace.lifecycle import DATASET
from concordat.marketplace.models import Dataset, Distribution
from concordat.marketplace.queries.rows import resource_rows

HEAD = "Title,Owner,PageURL,AssetURL\n"
TREES = "Trees,Moray Council,https://moray.example/trees,https://moray.example/trees.csv\n"
BINS = "Bins,Moray Council,https://moray.example/bins,https://moray.example/bins.csv\n"


def write(folder, name, rows):
    (folder / name).write_text(HEAD + rows, encoding="utf-8")


def run(capsys, *arguments):
    call_command("harvest", *map(str, arguments), json=True)
    return json.loads(capsys.readouterr().out)


def held():
    return [
        sorted(model.objects.values_list("pk", "version", "status"))
        for model in (Dataset, Distribution, Link)
    ]


@pytest.mark.once
def test_the_whole_real_catalogue_comes_in_once_and_a_second_run_changes_nothing(
    cast, shared, capsys
):
    folder = shared / "marketplace" / "scottish-catalogue" / "data"
    first = run(capsys, folder)
    rows = sum(first.get(f"rows {told}", 0) for told in ("used", "merged", "rejected", "ignored"))
    assert rows == 7991
    assert first.get("datasets refused", 0) == first.get("files refused", 0) == 0
    assert first["datasets made"] == Dataset.objects.count() == first["rows used"]
    assert first["distributions made"] == Distribution.objects.count()
    assert first["links made"] == Link.objects.count() > 200
    entries, before = Entry.objects.count(), held()
    again = run(capsys, folder)
    assert again["datasets unchanged"] == first["datasets made"]
    assert (Entry.objects.count(), held()) == (entries, before)


def test_a_record_that_somebody_withdrew_stays_so_and_the_run_goes_on(cast, tmp_path, capsys):
    write(tmp_path, "moray.csv", TREES)
    run(capsys, tmp_path)
    act(SYSTEM, DATASET["withdraw"], Dataset.objects.get(), note="It is not theirs.")
    write(tmp_path, "moray.csv", TREES.replace("trees.csv", "wood.csv") + BINS)
    report = tmp_path / "report.txt"
    counts = run(capsys, tmp_path, f"--report={report}")
    assert (counts["datasets refused"], counts["datasets made"]) == (1, 1)
    assert "cannot be done while this is “Withdrawn”" in report.read_text("utf-8")
    assert [d.title for d in Dataset.objects.visible_to(PUBLIC)] == ["Bins"]


def test_nothing_is_invented_where_a_source_says_no_date_and_no_contact(cast, tmp_path, capsys):
    write(tmp_path, "moray.csv", TREES)
    report = tmp_path / "report.txt"
    run(capsys, tmp_path, f"--report={report}")
    found = Dataset.objects.get()
    page = Client().get(found.get_absolute_url()).content.decode()
    rows = dict(resource_rows(found))
    assert (rows["Contact"], rows["Date modified"]) == ("", None)
    assert "invalid.example" not in page
    answer = Client().get(found.api_url()).json()
    assert (answer["modified_on"], answer["contact_name"], answer["contact_email"]) == (
        None,
        "",
        "",
    )
    assert "1970" not in page + json.dumps(answer)
    assert "No contact is given." in report.read_text("utf-8")


def test_the_report_takes_any_text_and_no_spreadsheet_runs_it(cast, tmp_path, capsys):
    evil = {"title": "=1+1", "publisher": "Moray Council"}
    half = {"title": "Half \ud83d of it", "publisher": "Moray Council", "identifier": "x" * 501}
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"dataset": [evil, {**half, "title": "\ud83d"}, half, "\ud83d"]}))
    report = tmp_path / "report.csv"
    run(capsys, path, f"--report={report}")
    with report.open(encoding="utf-8", newline="") as out:
        cells = [cell for row in csv.reader(out) for cell in row]
    assert "'=1+1" in cells
    assert "\\ud83d" in cells


def test_files_under_one_source_are_one_harvest(cast, tmp_path, capsys):
    write(tmp_path, "a.csv", TREES)
    write(tmp_path, "b.csv", BINS + TREES)
    for told in ("datasets made", "datasets unchanged"):
        counts = run(capsys, tmp_path, "--source=moray")
        assert (counts[told], counts.get("datasets gone", 0)) == (2, 0)
    (tmp_path / "b.csv").write_bytes(b"PK\x03\x04")
    counts = run(capsys, tmp_path, "--source=moray")
    assert (counts["files refused"], counts.get("datasets gone", 0)) == (1, 0)


def test_two_files_whose_names_read_alike_are_two_sources(cast, tmp_path, capsys):
    write(tmp_path, "a-b.csv", TREES)
    write(tmp_path, "a_b.csv", BINS)
    for told in ("datasets made", "datasets unchanged"):
        counts = run(capsys, tmp_path)
        assert (counts[told], counts.get("datasets gone", 0)) == (2, 0)
    assert Dataset.objects.values("source").distinct().count() == 2


@pytest.mark.parametrize("option", ["--publisher", "--source"])
@pytest.mark.parametrize("given", ["x" * 300, "Moray\u202e", "half \udce4"])
def test_an_option_that_no_name_may_hold_is_refused(cast, tmp_path, option, given):
    write(tmp_path, "a.csv", TREES)
    with pytest.raises(CommandError, match=option):
        call_command("harvest", str(tmp_path), f"{option}={given}")


def test_one_dataset_by_two_sources_is_two_records_linked_once(cast, tmp_path, capsys):
    write(tmp_path, "a.csv", TREES)
    write(tmp_path, "b.csv", TREES + BINS)
    write(tmp_path, "c.csv", BINS + BINS.replace("/bins", "/other-bins"))
    assert run(capsys, tmp_path)["links made"] == 1
    first, second = Dataset.objects.filter(title="Trees").order_by("pk")
    assert [x.other for x in links_of(PUBLIC, second)] == [first]
    assert run(capsys, tmp_path).get("links made", 0) == 0
    act(SYSTEM, LINK["remove"], Link.objects.get())
    assert run(capsys, tmp_path).get("links made", 0) == 0
