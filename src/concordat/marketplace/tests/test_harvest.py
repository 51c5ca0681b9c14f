"""Catalogues come in whole: every row is part of a record or a line of the report, once."""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concordat.kernel.access import PUBLIC, SYSTEM
from concordat.kernel.audit.models import Entry
from concordat.marketplace.actions import harvest
from concordat.marketplace.feeds import FeedDataset, FeedError, FeedService, Line, normalise, read
from concordat.marketplace.models import DataService, Dataset

API = "https://moray.example/api"
CSV = """Title,Owner,PageURL,AssetURL,DateUpdated,FileType,License,Description
Trees,Moray Council,https://moray.example/trees,https://moray.example/trees.csv,2021-05-03,CSV,OGL3,<p>All <b>trees</b></p><script>x()</script>
Trees,Moray Council,https://moray.example/trees,https://moray.example/trees.json,NULL,json,OGL3,All trees
Bins,Moray Council,,,3 May 2021,CSV,,Nothing to point at
Paths,Moray Council,javascript:alert(1),https://moray.example/paths.zip,2021,zip,Open,
"""


def write(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def outcomes(items):
    return Counter(x.outcome for x in items if isinstance(x, Line))


def test_rows_of_one_page_are_one_dataset_and_every_row_is_accounted_for(tmp_path):
    items = list(read(write(tmp_path, "moray.csv", CSV)))
    made = [x for x in items if isinstance(x, FeedDataset)]
    assert [(d.title, len(d.distributions)) for d in made] == [("Trees", 2), ("Paths", 1)]
    counted = outcomes(items)
    assert (counted["used"], counted["merged"], counted["rejected"]) == (2, 1, 1)
    assert made[0].description == "All trees"
    assert made[0].licence == "OGL-UK-3.0"
    assert made[1].landing_page == ""
    assert str(made[1].modified) == "2021-01-01"


CKAN = {
    "result": {
        "results": [
            {
                "id": "9f6c",
                "name": "trees",
                "title": "Trees",
                "notes": "All trees",
                "organization": {"title": "Moray Council"},
                "license_id": "uk-ogl",
                "metadata_modified": "2021-05-03T10:00:00",
                "tags": [{"name": "trees"}],
                "resources": [{"url": "https://moray.example/t.csv", "format": "CSV", "name": "T"}],
            }
        ]
    }
}
DATA_JSON = {
    "dataset": [
        {
            "identifier": "9f6c",
            "title": "Trees",
            "description": "All trees",
            "publisher": {"@type": "org:Organization", "name": "Moray Council"},
            "license": "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            "modified": "2021-05-03",
            "keyword": ["trees"],
            "distribution": [
                {
                    "downloadURL": "https://moray.example/t.csv",
                    "mediaType": "text/csv",
                    "title": "T",
                }
            ],
        }
    ]
}
TURTLE = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<https://moray.example/9f6c> a dcat:Dataset ; dct:identifier "9f6c" ; dct:title "Trees" ;
  dct:description "All trees" ; dct:publisher [ a foaf:Agent ; foaf:name "Moray Council" ] ;
  dct:modified "2021-05-03" ; dcat:keyword "trees" ;
  dct:license <http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/> ;
  dcat:distribution <https://moray.example/9f6c/1> .
<https://moray.example/9f6c/1> a dcat:Distribution ; dct:title "T" ;
  dcat:accessURL <https://moray.example/t.csv> ; dcat:mediaType "text/csv" .
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ckan.json", json.dumps(CKAN)),
        ("data.json", json.dumps(DATA_JSON)),
        ("catalog.ttl", TURTLE),
    ],
)
def test_feeds_of_other_kinds_say_the_same(tmp_path, name, text):
    (made,) = (x for x in read(write(tmp_path, name, text)) if isinstance(x, FeedDataset))
    assert (made.source_id, made.title, made.publisher) == ("9f6c", "Trees", "Moray Council")
    assert (made.licence, str(made.modified)) == ("OGL-UK-3.0", "2021-05-03")
    assert made.keywords == ("trees",)
    (form,) = made.distributions
    assert (form.access_url, form.format) == ("https://moray.example/t.csv", "CSV")


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("x.csv", "a,b\n1,2\n", "none of the columns"),
        ("x.csv", "", "empty"),
        ("x.json", "{", "not valid JSON"),
        ("x.json", '{"a": 1}', "no list of datasets"),
        ("x.json", "[" * 100_000, "not valid JSON"),
        ("x.ttl", "@prefix", "not valid"),
        ("x.rdf", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "entities"),
    ],
)
def test_what_is_no_catalogue_is_refused_with_its_mend(tmp_path, name, text, says):
    with pytest.raises(FeedError, match=says):
        list(read(write(tmp_path, name, text)))


@given(st.text(max_size=60))
def test_no_text_breaks_the_repairs(text):
    for repair in (
        normalise.words,
        normalise.day,
        normalise.address,
        normalise.email,
        normalise.licence,
        normalise.frequency,
        normalise.format_of,
    ):
        repair(text)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.text(max_size=12), max_size=8), max_size=6))
def test_any_rows_at_all_are_accounted_for(tmp_path, rows):
    path = tmp_path / "any.csv"
    with path.open("w", encoding="utf-8", errors="ignore", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["Title", "Owner", "PageURL"])
        writer.writerows(row for row in rows if row)
    counted = outcomes(read(path))
    with path.open(encoding="utf-8", newline="") as text:
        expected = sum(1 for row in csv.reader(text) if row) - 1
    assert counted["used"] + counted["merged"] + counted["rejected"] == expected


def test_a_second_run_changes_nothing_and_a_changed_row_amends_one(cast, tmp_path):
    path = write(tmp_path, "moray.csv", CSV)
    first = harvest(SYSTEM, "moray", read(path))
    assert (first.counts["datasets made"], first.counts["organisations made"]) == (2, 1)
    before = Entry.objects.count()
    again = harvest(SYSTEM, "moray", read(path))
    assert (again.counts["datasets unchanged"], Entry.objects.count()) == (2, before)
    write(tmp_path, "moray.csv", CSV.replace("trees.json,NULL", "trees.json,2024-02-02"))
    third = harvest(SYSTEM, "moray", read(path))
    assert (third.counts["datasets amended"], third.counts["datasets unchanged"]) == (1, 1)
    assert Dataset.objects.visible_to(PUBLIC).count() == 2


def test_a_row_that_disappears_is_reported_and_kept(cast, tmp_path):
    path = write(tmp_path, "moray.csv", CSV)
    harvest(SYSTEM, "moray", read(path))
    write(tmp_path, "moray.csv", CSV.rsplit("\n", 2)[0] + "\n")
    run = harvest(SYSTEM, "moray", read(path))
    assert run.counts["datasets gone"] == 1
    assert Dataset.objects.visible_to(PUBLIC).count() == 2


def test_a_data_service_comes_in_once_and_is_amended_when_it_changes(cast):
    api = FeedService("s", "Trees API", "Text", "Moray Council", endpoint_description=API)
    runs = [harvest(SYSTEM, "moray", [api]).counts for _ in range(2)]
    changed = replace(api, title="The trees API")
    runs += [harvest(SYSTEM, "moray", found).counts for found in ([changed], [])]
    assert [[k for k in c if k.startswith("data services")] for c in runs] == [
        ["data services made"],
        ["data services unchanged"],
        ["data services amended"],
        ["data services gone"],
    ]
    assert [s.title for s in DataService.objects.visible_to(PUBLIC)] == ["The trees API"]


def test_one_bad_dataset_does_not_cost_the_others(cast, tmp_path):
    good = FeedDataset("a", "A", "Text", "Moray Council")
    bad = FeedDataset("b", "B\u202e", "Text", "Moray Council")
    run = harvest(SYSTEM, "moray", [good, bad])
    assert (run.counts["datasets made"], run.counts["datasets refused"]) == (1, 1)
    assert "hidden character" in run.lines[-1].message


def test_every_row_of_the_real_catalogue_is_read(shared):
    folder = shared / "marketplace" / "scottish-catalogue" / "data"
    counted: Counter[str] = Counter()
    for path in folder.rglob("*.csv"):
        counted += outcomes(read(path))
    assert counted["used"] + counted["merged"] + counted["rejected"] == 7991


def test_the_real_dcat_feeds_are_read_with_all_their_distributions(shared):
    expected = {"edinburgh": (44, 264), "highland": (22, 132), "north_lanarkshire": (21, 122)}
    for name, numbers in expected.items():
        path = shared / "marketplace" / "dcat-feeds" / f"{name}.json"
        made = [x for x in read(path) if isinstance(x, FeedDataset)]
        assert (len(made), sum(len(d.distributions) for d in made)) == numbers
