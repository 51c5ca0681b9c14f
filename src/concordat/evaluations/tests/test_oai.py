"""OAI-PMH as its reference validator asks: each answer well-formed, each error by its code."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from concordat.evaluations import actions
from concordat.evaluations.feeds.oai import OaiError, Token, read_request
from concordat.evaluations.models import Evaluation
from concordat.evaluations.public import oai
from concordat.kernel.publication.reference import make
from tests.cast import drafted_evaluation, published_evaluation

OAI = "{http://www.openarchives.org/OAI/2.0/}"


def ask(method="get", **arguments):
    """The root of an answer, and what it holds beside the date and the request."""
    told = {name.rstrip("_"): value for name, value in arguments.items()}
    answer = getattr(Client(), method)("/oai", told)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/xml")
    text = answer.content.decode("utf-8")
    assert re.match(r'<\?xml[^>]*\?>\s*<OAI-PMH xmlns="[^"]+/OAI/2.0/"', text)
    root = ElementTree.fromstring(text)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", root.findtext(f"{OAI}responseDate"))
    return root


def code(**arguments):
    root = ask(**arguments)
    found = root.find(f"{OAI}error")
    return None if found is None else found.get("code")


def identifiers(root):
    return [node.text.rpartition(":")[2] for node in root.iter(f"{OAI}identifier")]


def many(cast, count):
    """Public evaluations beside one that was published by its deeds."""
    first = published_evaluation(cast)
    for number in range(count - 1):
        again = Evaluation.objects.get(pk=first.pk)
        again.pk, again.reference = None, make("EV")
        again.changed_at = first.changed_at + timedelta(seconds=number // 3)
        again.save(force_insert=True)
    return first


@pytest.mark.django_db
def test_identify_says_what_the_validator_wants(cast):
    published_evaluation(cast)
    for method in ("get", "post"):
        found = ask(method, verb="Identify").find(f"{OAI}Identify")
        told = {node.tag.removeprefix(OAI): node.text for node in found}
        assert told["baseURL"] == "http://testserver/oai"
        assert told["protocolVersion"] == "2.0"
        assert re.fullmatch(r"\w[\w.-]+@[\w.-]+\.[a-z]{2,}", told["adminEmail"])
        assert told["granularity"] == "YYYY-MM-DDThh:mm:ssZ"
        assert told["deletedRecord"] == "persistent"


@pytest.mark.django_db
def test_a_record_is_had_by_its_identifier_and_by_its_datestamp(cast):
    made = published_evaluation(cast)
    listed = ask(verb="ListIdentifiers", metadataPrefix="oai_dc", set="body:treasury")
    name, stamp = listed.findtext(f".//{OAI}identifier"), listed.findtext(f".//{OAI}datestamp")
    assert "body:treasury" in [node.text for node in listed.iter(f"{OAI}setSpec")]
    record = ask("post", verb="GetRecord", metadataPrefix="oai_dc", identifier=name)
    assert made.title in ElementTree.tostring(record, "unicode")
    bounded = ask(verb="ListRecords", metadataPrefix="oai_dc", from_=stamp, until=stamp)
    assert identifiers(bounded) == [made.reference]
    formats = ask(verb="ListMetadataFormats", identifier=name)
    assert formats.findtext(f".//{OAI}metadataPrefix") == "oai_dc"


@pytest.mark.django_db
def test_every_record_is_had_as_datacite_too(cast):
    made = published_evaluation(cast)
    root = ask(verb="ListRecords", metadataPrefix="oai_datacite")
    kernel = "{http://datacite.org/schema/kernel-4}"
    assert root.findtext(f".//{kernel}title") == made.title
    assert root.find(f".//{kernel}resourceType").get("resourceTypeGeneral") == "StudyRegistration"
    formats = ask(verb="ListMetadataFormats")
    prefixes = [node.text for node in formats.iter(f"{OAI}metadataPrefix")]
    assert prefixes == ["oai_dc", "oai_datacite"]


@pytest.mark.django_db
def test_each_error_has_its_code(cast):
    published_evaluation(cast)
    dc = {"metadataPrefix": "oai_dc"}
    assert code() == "badVerb"
    assert code(verb="Nonsense") == "badVerb"
    assert code(verb="GetRecord", **dc) == "badArgument"
    assert code(verb="GetRecord", identifier="oai:x:EV-0000-00") == "badArgument"
    assert code(verb="ListRecords") == "badArgument"
    assert code(verb="ListIdentifiers", from_="junk") == "badArgument"
    assert code(verb="ListIdentifiers", until="junk", **dc) == "badArgument"
    assert code(verb="GetRecord", identifier='in"valid', **dc) == "badArgument"
    assert code(verb="GetRecord", identifier="oai:x:EV-0000-00", **dc) == "idDoesNotExist"
    assert code(verb="ListRecords", resumptionToken="junktoken") == "badResumptionToken"
    assert (
        code(verb="ListRecords", resumptionToken="junktoken", until="2030-01-01") == "badArgument"
    )
    mixed = {"from_": "2001-01-01", "until": "2002-01-01T00:00:00Z"}
    assert code(verb="ListRecords", **mixed, **dc) == "badArgument"
    first = ask(verb="Identify").findtext(f".//{OAI}earliestDatestamp")
    before = f"{int(first[:4]) - 1}{first[4:]}"
    assert code(verb="ListRecords", until=before, **dc) == "noRecordsMatch"
    assert code(verb="ListRecords", metadataPrefix="marc") == "cannotDisseminateFormat"
    assert code(verb="ListRecords", metadataPrefix="") == "cannotDisseminateFormat"
    assert code(verb="GetRecord", identifier="oai:x:\x00", **dc) == "badArgument"
    assert code(verb="ListRecords", set="body:nobody", **dc) == "noRecordsMatch"
    assert code(verb="Identify", verbose="1") == "badArgument"


@pytest.mark.django_db
def test_what_is_wrong_comes_back_nowhere_unescaped(cast):
    text = Client().get("/oai", {"verb": '"><script>', "identifier": "<x>"}).content.decode()
    assert "<script>" not in text
    assert "<x>" not in text


@pytest.mark.django_db
def test_a_long_list_is_cut_and_goes_on_without_loss(cast, monkeypatch):
    monkeypatch.setattr(oai, "PAGE", 4)
    many(cast, 10)
    root, seen = ask(verb="ListRecords", metadataPrefix="oai_dc"), list[str]()
    cursors = []
    while True:
        seen += identifiers(root)
        token = root.find(f".//{OAI}resumptionToken")
        cursors.append((token.get("cursor"), token.get("completeListSize")))
        if not token.text:
            break
        root = ask(verb="ListRecords", resumptionToken=token.text)
    assert sorted(seen) == sorted(Evaluation.objects.values_list("reference", flat=True))
    assert cursors == [("0", "10"), ("4", "10"), ("8", "10")]


@pytest.mark.django_db
def test_a_list_that_fits_has_no_token(cast):
    many(cast, 3)
    root = ask(verb="ListIdentifiers", metadataPrefix="oai_dc")
    assert root.find(f".//{OAI}resumptionToken") is None


@pytest.mark.django_db
def test_the_withdrawn_are_deleted_and_what_is_not_open_is_absent(cast, monkeypatch):
    gone, shown = published_evaluation(cast), published_evaluation(cast, title="Shown")
    actions.perform(cast.lea, gone, "withdraw", note="It never began.")
    drafted_evaluation(cast)
    shut = published_evaluation(cast, timezone.localdate() + timedelta(days=9), title="Shut")
    for verb in ("ListIdentifiers", "ListRecords"):
        root = ask(verb=verb, metadataPrefix="oai_dc")
        deleted = root.findall(f".//{OAI}header[@status='deleted']")
        assert [identifiers(node) for node in deleted] == [[gone.reference]]
        assert set(identifiers(root)) == {gone.reference, shown.reference}
        assert len(root.findall(f".//{OAI}metadata")) == (1 if verb == "ListRecords" else 0)
    later = timezone.now() + timedelta(days=10)
    monkeypatch.setattr(timezone, "now", lambda: later)
    since = (timezone.now() - timedelta(days=3)).strftime("%Y-%m-%d")
    root = ask(verb="ListIdentifiers", metadataPrefix="oai_dc", from_=since)
    assert identifiers(root) == [shut.reference], "its datestamp moved when its embargo ended"


@pytest.mark.django_db
def test_sets_stand_under_what_they_are_part_of(cast):
    published_evaluation(cast)
    specs = [node.text for node in ask(verb="ListSets").iter(f"{OAI}setSpec")]
    assert {"body", "body:treasury", "topic:money", "type:impact"} <= set(specs)
    for spec in specs:
        root = ask(verb="ListIdentifiers", metadataPrefix="oai_dc", set=spec)
        assert len(identifiers(root)) == 1, spec


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changed",
    [
        {"stamp": "0001-01-01T00:00:00+23:00"},
        {"stamp": "9999-12-31T23:59:59-23:00"},
        {"stamp": "2026-01-01"},
        {"since": "junk"},
        {"since": "2026-02-02", "until": "2026-01-01"},
    ],
)
def test_a_token_that_somebody_made_up_is_refused(changed):
    made = Token("oai_dc", stamp="2026-01-01T00:00:00+00:00", id=1, cursor=100)
    assert code(verb="ListRecords", resumptionToken=str(replace(made, **changed))) == (
        "badResumptionToken"
    )


@pytest.mark.once
@given(st.text(max_size=60))
def test_no_text_but_our_own_is_a_token(text):
    try:
        Token.read(text)
    except OaiError as error:
        assert error.code == "badResumptionToken"


@pytest.mark.once
@given(st.integers(0, 2**62), st.datetimes(timezones=st.just(UTC)))
def test_a_token_reads_back(pk, moment):
    token = Token("oai_dc", "body:x", "", "2026-01-01", moment.isoformat(), pk, 100)
    assert Token.read(str(token)) == token


@pytest.mark.once
@given(
    st.dictionaries(
        st.sampled_from(
            ["verb", "from", "until", "set", "identifier", "metadataPrefix", "resumptionToken"]
        ),
        st.lists(st.text(max_size=20), min_size=1, max_size=2),
    )
)
def test_any_request_is_read_or_refused_by_a_code(given_):
    try:
        read_request(given_)
    except OaiError as error:
        assert error.code.startswith(("bad", "cannot"))
