"""Catalogues nobody has seen are read the same, whatever their shape; what is none is refused."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from concordat.marketplace.feeds import FeedDataset, FeedError, FeedService, Line, normalise, read

OGL = "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
DCAT = "http://www.w3.org/ns/dcat#"
DCT = "http://purl.org/dc/terms/"
PREFIXES = f"@prefix dcat: <{DCAT}> . @prefix dct: <{DCT}> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .\n"
TURTLE = (
    PREFIXES
    + f"""
<https://y.example/cat> a dcat:Catalog ; dct:publisher <https://y.example/org> .
<https://y.example/org> a foaf:Agent ; foaf:name "Corff Y"@cy , "Y Body"@en .
<https://y.example/d1> a dcat:Dataset ; dct:title "Coed"@cy , "Trees"@en ;
  dcat:keyword "b"@en , "a"@en ;
  dcat:theme <http://publications.europa.eu/resource/authority/data-theme/ENVI> ;
  dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/ANNUAL_2> ;
  dct:accessRights <http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC> ;
  dcat:distribution [ a dcat:Distribution ; dcat:accessURL <https://y.example/page> ;
    dcat:downloadURL <https://y.example/t.csv> ; dct:license <{OGL}> ;
    dct:format <http://publications.europa.eu/resource/authority/file-type/CSV> ] .
<https://y.example/api> a dcat:DataService ; dct:title "Trees API" ;
  dcat:endpointURL <https://y.example/api/v1> .
"""
)


def write(folder, name, content):
    path = folder / name
    data = content if isinstance(content, bytes | str) else json.dumps(content)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def datasets(items):
    return [x for x in items if isinstance(x, FeedDataset)]


def lines(items, *outcomes):
    return [x for x in items if isinstance(x, Line) and x.outcome in outcomes]


def rdf(kind):
    from rdflib import Graph

    return Graph().parse(data=TURTLE, format="turtle").serialize(format=kind)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.ttl", "turtle"),
        ("a.rdf", "xml"),
        ("a.xml", "pretty-xml"),
        ("a.nt", "nt"),
        ("a.n3", "n3"),
        ("a.jsonld", "json-ld"),
        ("catalog", "turtle"),
    ],
)
def test_one_graph_reads_the_same_in_every_form(tmp_path, name, kind):
    items = list(read(write(tmp_path, name, rdf(kind))))
    (trees,) = datasets(items)
    assert (trees.source_id, trees.title, trees.publisher) == (
        "https://y.example/d1",
        "Trees",
        "Y Body",
    )
    assert (trees.themes, trees.frequency) == (("Environment",), "freq:semiannual")
    assert (trees.access_rights, trees.licence) == ("INTERNAL", "OGL-UK-3.0")
    assert sorted(trees.keywords) == ["a", "b"]
    (form,) = trees.distributions
    assert (form.access_url, form.download_url, form.format) == (
        "https://y.example/page",
        "https://y.example/t.csv",
        "CSV",
    )
    (api,) = (x for x in items if isinstance(x, FeedService))
    assert (api.title, api.endpoint_url) == ("Trees API", "https://y.example/api/v1")


@pytest.mark.parametrize("kind", ["turtle", "xml", "json-ld"])
def test_blank_nodes_do_not_change_a_digest(tmp_path, kind):
    """Each writing names its blank nodes anew."""
    made = {
        d.digest()
        for _ in range(3)
        for d in datasets(
            read(
                write(
                    tmp_path, "a." + {"turtle": "ttl", "xml": "rdf"}.get(kind, "jsonld"), rdf(kind)
                )
            )
        )
    }
    assert len(made) == 1


PACKAGE = {
    "id": "u-1",
    "name": "slug",
    "title": "Trees",
    "organization": {"name": "moray", "title": "Moray Council"},
    "license_id": "uk-ogl",
    "extras": [{"key": "frequency", "value": "Fortnightly"}],
    "resources": [{"id": "r1", "url": "https://m.example/t.csv", "format": "csv"}],
}


@pytest.mark.parametrize(
    "content",
    [
        {"success": True, "result": PACKAGE},
        {"success": True, "result": {"count": 1, "results": [PACKAGE]}},
        [PACKAGE],
        PACKAGE,
        json.dumps(PACKAGE) + "\n" + json.dumps({**PACKAGE, "id": "u-2", "private": True}) + "\n",
    ],
)
def test_ckan_is_read_in_every_shape_it_answers_in(tmp_path, content):
    items = list(read(write(tmp_path, "ckan.json", content)))
    (made,) = datasets(items)
    assert (made.source_id, made.publisher, made.licence) == ("u-1", "Moray Council", "OGL-UK-3.0")
    assert made.frequency == "freq:biweekly"
    assert [f.identifier for f in made.distributions] == ["r1"]


def test_what_its_source_has_deleted_or_keeps_private_is_not_taken(tmp_path):
    found = [{**PACKAGE, "state": "deleted"}, {**PACKAGE, "id": "2", "private": True}]
    items = list(read(write(tmp_path, "a.json", {"result": {"results": found}})))
    assert datasets(items) == []
    assert len(lines(items, "ignored")) == 2


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (
            "Dataset Name;Data Owner;Web Link;Last updated",
            "Trees;Moray;https://m.example/t;02/03/2021",
        ),
        ("name\towner\turl\tdate updated", "Trees\tMoray\thttps://m.example/t\t2021-03-02"),
        (
            "Our list\n\nTitle,Publisher,URL,Modified",
            "Trees,Moray,https://m.example/t,2 March 2021",
        ),
        (
            "﻿Title|Organisation|Landing Page|Updated",
            "Trees|Moray|https://m.example/t|2021-03-02T09:00:00Z",
        ),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_table_is_read_by_the_words_of_its_header(tmp_path, header, row, encoding):
    text = f"{header}\r\n{row}\r\n".removeprefix("﻿" if encoding == "utf-16" else "")
    (made,) = datasets(read(write(tmp_path, "a.csv", text.encode(encoding))))
    assert (made.title, made.publisher, made.landing_page, str(made.modified)) == (
        "Trees",
        "Moray",
        "https://m.example/t",
        "2021-03-02",
    )


def test_odd_rows_are_told_and_not_lost(tmp_path):
    text = (
        "Title,Title,Publisher,URL\n"
        "A,,Moray,https://m.example/a,beyond\n"
        "B,second,Moray\n"
        ",,,\n"
        f"{'x' * 10_000},,Moray,https://m.example/c\n"
    )
    items = list(read(write(tmp_path, "a.csv", text)))
    assert [len(d.title) for d in datasets(items)] == [1, 200]
    assert Counter(x.outcome for x in lines(items, "used", "rejected")) == {
        "used": 2,
        "rejected": 2,
    }
    said = " ".join(x.message for x in lines(items, "noted", "repaired"))
    for words in ("twice", "More cells than columns", "3 cells under 4", "Cut to 200"):
        assert words in said


def test_rows_that_name_nobody_take_the_publisher_that_is_given(tmp_path):
    path = write(tmp_path, "a.csv", "Title,URL\nA,https://m.example/a\n")
    assert datasets(read(path)) == []
    assert [d.publisher for d in datasets(read(path, "Moray Council"))] == ["Moray Council"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.csv", b"PK\x03\x04rest", "spreadsheet"),
        ("a.csv", b"\xff\x00\x00\x01", "not text"),
        ("a.json", "<!DOCTYPE html><p>502</p>", "web page"),
        ("a.json", {"success": False, "error": {"message": "Denied"}}, "Denied"),
        ("a.json", {"result": ["slug-a", "slug-b"]}, "package_search"),
        ("a.json", '{"a":' * 100_000, "nested too deeply|not valid JSON"),
        ("a.rdf", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'.encode("utf-16"), "entities"),
        ("a.xml", "<catalog><dataset/></catalog>", "dcat:Dataset"),
        ("a.csv", 'Title,URL\n"' + "x" * (17 * 1024 * 1024), "line"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_mend(tmp_path, name, content, says):
    with pytest.raises(FeedError, match=says):
        list(read(write(tmp_path, name, content)))


def test_no_context_or_import_is_fetched(tmp_path, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("the network was asked")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    ld = {
        "@context": "https://evil.example/context.jsonld",
        "@type": "Dataset",
        "@id": "https://y.example/d",
        "title": "Trees",
        "publisher": "Y",
    }
    assert len(datasets(read(write(tmp_path, "a.jsonld", ld)))) == 1
    ttl = (
        TURTLE
        + "<https://y.example/cat> <http://www.w3.org/2002/07/owl#imports> <https://evil.example/x> ."
    )
    assert len(datasets(read(write(tmp_path, "a.ttl", ttl)))) == 1


def test_relative_addresses_say_nothing_of_where_the_file_lies(tmp_path):
    ttl = (
        PREFIXES + '<d> a dcat:Dataset ; dct:title "T" ; dct:publisher "P" ; dcat:landingPage <p> .'
    )
    (made,) = datasets(read(write(tmp_path, "a.ttl", ttl)))
    assert str(tmp_path) not in repr(made)
    assert made.landing_page == ""


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("OGL3", "OGL-UK-3.0"),
        ("UK Open Government Licence (OGL)", "OGL-UK-3.0"),
        ("Open Government Licence v1.0", "OGL-UK-1.0"),
        ("OGL v2", "OGL-UK-2.0"),
        (OGL, "OGL-UK-3.0"),
        ("https://creativecommons.org/share-your-work/public-domain/cc0", "CC0-1.0"),
        ("https://creativecommons.org/licenses/by/4.0", "CC-BY-4.0"),
        ("CC-BY-ND-4.0", "UNKNOWN"),
        ("Creative Commons Attribution-NonCommercial 4.0", "CC-BY-NC-4.0"),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/", "UNKNOWN"),
        ("Restricted", "RESTRICTED"),
        ("Unrestricted", "UNKNOWN"),
        ("Open", "UNKNOWN"),
    ],
)
def test_no_licence_is_read_as_one_that_allows_more(given, code):
    assert normalise.licence(given) == code


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("2021-05-03T10:00:00.123456", "2021-05-03"),
        ("3\xa0May\xa02021", "2021-05-03"),
        ("3rd of May 2021", "2021-05-03"),
        ("May 3, 2021", "2021-05-03"),
        ("03/05/2021", "2021-05-03"),
        ("Mon, 03 May 2021 10:00:00 GMT", "2021-05-03"),
        ("1620000000000", "2021-05-03"),
        ("Sept 2020", "2020-09-01"),
        ("2021", "2021-01-01"),
        ("15:38:45Z", "None"),
        ("2021-13-40", "None"),
        ("31/12/1066", "None"),
        ("R/P1D", "None"),
    ],
)
def test_dates_are_read_however_they_are_written(given, day):
    assert str(normalise.day(given)) == day


@pytest.mark.parametrize(
    "given",
    [
        "javascript:alert(1)",
        "http://a:b@x.example/",
        "//x.example/",
        "http://[",
        "http://x.example/{{id}}",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_no_page_may_link_to_is_left_out(given):
    assert normalise.address(given) == ""


KEYS = st.sampled_from(
    (
        "@id @type @graph @value dataset title name publisher identifier url distribution "
        "resources size keyword metas extras result modified service"
    ).split()
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=30,
)
FUZZ = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def must_read_or_refuse(path):
    try:
        first, second = list(read(path)), list(read(path))
    except FeedError:
        return
    assert first == second


@FUZZ
@given(ANYTHING)
def test_any_json_is_read_twice_the_same_or_refused(tmp_path, value):
    must_read_or_refuse(write(tmp_path, "any.json", json.dumps(value)))
    must_read_or_refuse(
        write(
            tmp_path,
            "any.json",
            json.dumps(
                {
                    "dataset": [{"title": "T", "publisher": "P", "identifier": "1", **value}]
                    if isinstance(value, dict)
                    else value
                }
            ),
        )
    )


@FUZZ
@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.json", "a.ttl", "a.rdf", "a", "a.nt"]))
def test_any_bytes_are_read_or_refused(tmp_path, data, name):
    must_read_or_refuse(write(tmp_path, name, data))
    must_read_or_refuse(write(tmp_path, name, b"Title,Publisher,URL,Size\n" + data))


@FUZZ
@given(st.lists(st.integers(0, len(TURTLE) - 1), max_size=4), st.text(max_size=4))
def test_any_damage_to_a_graph_is_read_or_refused(tmp_path, places, junk):
    text = TURTLE
    for place in places:
        text = text[:place] + junk + text[place + 1 :]
    must_read_or_refuse(write(tmp_path, "a.ttl", text.encode("utf-8", "ignore")))


def test_the_real_catalogue_has_the_numbers_that_were_counted_in_it(shared):
    folder = shared / "marketplace" / "scottish-catalogue" / "data"
    rows, found = Counter(), Counter()
    for path in sorted(folder.rglob("*.csv")):
        kind = "scotgov" if path.name.startswith("scotgov-") else "common"
        for item in read(path):
            if isinstance(item, FeedDataset):
                found[kind] += 1
            elif item.outcome in ("used", "merged", "rejected"):
                rows[kind] += 1
    assert rows == {"common": 7376, "scotgov": 615}
    assert 1525 <= found["common"] <= 1530


def test_a_second_reading_of_the_real_catalogue_gives_the_same_digests(shared):
    folder = shared / "marketplace"
    for path in [
        *folder.glob("dcat-feeds/*.json"),
        *folder.glob("scottish-catalogue/data/dcat/*.csv"),
    ]:
        first, second = ([d.digest() for d in datasets(read(path))] for _ in range(2))
        assert first == second


def test_the_misspelt_addresses_of_real_feeds_are_found(shared):
    """They write `dcat:accessUrl`; the standard says accessURL."""
    for path in (shared / "marketplace" / "dcat-feeds").glob("*.json"):
        forms = [form for each in datasets(read(path)) for form in each.distributions]
        assert sum(1 for form in forms if form.access_url) / len(forms) > 0.99
