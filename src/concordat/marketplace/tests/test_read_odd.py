"""Catalogues that are empty, nested, half closed or in rare encodings: read, or told why not."""

from __future__ import annotations

import json

import pytest

from concordat.marketplace.feeds import FeedDataset, FeedError, Line, read, read_all

ROW = "Trees,Moray,https://m.example/t\n"
TABLE = "Title,Publisher,URL\n" + ROW
NODE = {
    "@id": "https://y.example/d",
    "@type": "dcat:Dataset",
    "dct:title": "Trees",
    "dct:publisher": "Y",
}


def write(folder, name, content):
    path = folder / name
    data = content if isinstance(content, bytes | str) else json.dumps(content)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def datasets(items):
    return [x for x in items if isinstance(x, FeedDataset)]


def said(items, outcome):
    return [x.message for x in items if isinstance(x, Line) and x.outcome == outcome]


@pytest.mark.parametrize(
    "content",
    [
        {"@type": "dcat:Catalog", "dcat:dataset": NODE},
        {"@graph": [{"@type": "dcat:Catalog", "dcat:dataset": [NODE]}]},
        {"@graph": [{"@type": "dcat:Catalog", "dcat:dataset": NODE}]},
        {"@graph": [{"@type": "dcat:Catalog", "dcat:dataset": {"@id": NODE["@id"]}}, NODE]},
        [{"@type": "dcat:Catalog", "dcat:dataset": [NODE]}],
    ],
)
def test_a_dataset_is_found_wherever_compacted_json_ld_puts_it(tmp_path, content):
    (made,) = datasets(read(write(tmp_path, "a.jsonld", content)))
    assert (made.source_id, made.title, made.publisher) == (NODE["@id"], "Trees", "Y")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "Title,Publisher,URL\n"),
        ("a.json", {"dataset": []}),
        ("a.json", {"success": True, "result": {"count": 0, "results": []}}),
        ("a.jsonld", {"@graph": []}),
    ],
)
def test_an_empty_catalogue_says_so(tmp_path, name, content):
    assert "holds no dataset" in " ".join(said(read(write(tmp_path, name, content)), "noted"))


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
def test_wide_encodings_are_known_without_their_mark(tmp_path, encoding):
    (made,) = datasets(read(write(tmp_path, "a.csv", TABLE.encode(encoding))))
    assert (made.title, made.publisher) == ("Trees", "Moray")


def test_a_wide_text_that_is_cut_is_refused_by_its_encodings_name(tmp_path):
    path = write(tmp_path, "a.csv", (TABLE * 9).encode("utf-16-le")[:-1])
    with pytest.raises(FeedError, match="UTF-16-LE"):
        list(read(path))


def test_a_quote_left_open_to_the_end_is_told_with_its_lines(tmp_path):
    text = f'{TABLE}"Bins,Moray,https://m.example/b\n{ROW}{ROW}'
    items = list(read(write(tmp_path, "a.csv", text)))
    assert len(datasets(items)) == 1
    assert "lines 3 to 5" in " ".join(said(items, "rejected"))


def test_a_quote_that_closes_in_a_later_row_is_told_with_its_lines(tmp_path):
    text = f'{TABLE}"Bins,Moray,https://m.example/b\n{ROW}"Paths",Moray,https://m.example/p\n'
    items = list(read(write(tmp_path, "a.csv", text)))
    assert "lines 3 to 5" in " ".join(said(items, "noted"))


def test_text_of_several_lines_within_quotes_is_no_fault(tmp_path):
    text = 'Title,Publisher,URL\n"Trees\nof Moray",Moray,https://m.example/t'
    items = list(read(write(tmp_path, "a.csv", text)))
    assert [d.title for d in datasets(items)] == ["Trees of Moray"]
    assert said(items, "rejected") == []


def test_a_date_that_is_none_is_a_line_of_the_report_and_nothing_more(tmp_path, caplog, capsys):
    text = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    <https://y.example/d> a dcat:Dataset ; dct:title "Trees" ; dct:publisher "Y" ;
      dct:modified "2021-02-30"^^xsd:date ."""
    items = list(read(write(tmp_path, "a.ttl", text)))
    assert datasets(items)[0].modified is None
    assert "Not a date; left out." in said(items, "repaired")
    assert not caplog.records
    assert "Traceback" not in "".join(capsys.readouterr())


def test_what_its_source_does_not_say_is_noted_once_a_dataset(tmp_path):
    items = list(read(write(tmp_path, "a.csv", TABLE + ROW)))
    noted = said(items, "noted")
    assert noted == ["No date of a last change is given.", "No contact is given."]


def test_files_of_one_source_are_read_as_one_and_a_bad_one_stops_no_other(tmp_path):
    paths = [
        write(tmp_path, "a.csv", TABLE),
        write(tmp_path, "b.csv", b"PK\x03\x04"),
        write(tmp_path, "c.csv", TABLE + "Bins,Moray,https://m.example/b\n"),
    ]
    items = list(read_all(paths))
    assert [d.title for d in datasets(items)] == ["Trees", "Bins"]
    assert len(said(items, "refused")) == 1


def test_no_media_type_is_kept_that_the_exchange_model_refuses(tmp_path):
    form = {"accessURL": "https://m.example/x", "mediaType": "chemical/x-pdb"}
    item = {"identifier": "1", "title": "T", "publisher": "P", "distribution": [form]}
    (made,) = datasets(read(write(tmp_path, "a.json", {"dataset": [item]})))
    assert made.distributions[0].media_type == "application/octet-stream"
