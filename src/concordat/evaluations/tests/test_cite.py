"""Citing an evaluation and each version of its plan: DataCite, DOIs, BibTeX, RIS."""

from __future__ import annotations

import json
from datetime import date, timedelta

import httpx2
import pytest
from datacite import schema45
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from concordat.evaluations import actions
from concordat.evaluations.actions import dois
from concordat.evaluations.feeds.citations import bibtex, ris
from concordat.evaluations.feeds.datacite import as_json, as_xml
from concordat.evaluations.feeds.registrar import DataCite
from concordat.evaluations.feeds.work import Relation, Work
from concordat.evaluations.models import Plan
from concordat.kernel.access import SYSTEM
from concordat.kernel.jobs import run_until_idle
from concordat.kernel.jobs.models import Job
from tests.cast import EVALUATION, drafted_evaluation, published_evaluation

GRANT = {"id": "grant-1", "name": "Fund for trials", "number": "FT/12"}


class Recorder:
    """A registrar that keeps what it is told, or is out of order."""

    def __init__(self):
        self.told, self.broken = [], False

    def register(self, doi, address, metadata):
        if self.broken:
            raise httpx2.ConnectError("nobody answers")
        self.told.append((doi, address, metadata))


@pytest.fixture
def recorder(monkeypatch, settings):
    made = Recorder()
    monkeypatch.setattr(dois, "_registrar", lambda: made)
    settings.ENV = settings.ENV.model_copy(update={"doi_prefix": "10.5072"})
    return made


def told(found, version=None):
    place = f"/versions/{version}" if version else ""
    return Client().get(f"{found.get_absolute_url()}{place}/datacite.json").json()


def amended(cast, found, **values):
    return actions.amend_evaluation(cast.lea, found, values, note="We learned more.")


@pytest.mark.django_db
def test_an_evaluation_and_every_version_are_valid_datacite(cast):
    plan = {**EVALUATION["plan"], "grants": [GRANT, {"id": "grant-2", "number": "7"}]}
    made = published_evaluation(cast, plan=plan, partners=[cast.bodies["pensions"]])
    amended(cast, made, title="Do letters raise tax returns?")
    amended(cast, made, hidden={"grants": "completion"}, topics=[])
    for found in (told(made), *(told(made, number) for number in (1, 2, 3))):
        schema45.validator.validate(found)
        assert found["types"]["resourceTypeGeneral"] == "StudyRegistration"
        assert [c["name"] for c in found["creators"]] == [
            "HM Treasury",
            "Department for Work and Pensions",
        ]
    relations = [
        {(r["relationType"], r["relatedIdentifier"][-2:]) for r in each["relatedIdentifiers"]}
        for each in (told(made), told(made, 2))
    ]
    assert relations[0] == {("HasVersion", f"/{n}") for n in (1, 2, 3)}
    near = {("IsNewVersionOf", "/1"), ("IsPreviousVersionOf", "/3")}
    assert relations[1] == near | {("IsVersionOf", made.reference[-2:])}
    funding = [each.get("fundingReferences") for each in (told(made, 2), told(made, 3))]
    assert funding == [
        [
            {"funderName": "Fund for trials", "awardNumber": "FT/12"},
            {"funderName": "7", "awardNumber": "7"},
        ],
        None,
    ]
    assert told(made, 1)["titles"][0]["title"] == EVALUATION["title"]
    assert {d["dateType"] for d in told(made)["dates"]} == {
        "Available",
        "Submitted",
        "Accepted",
        "Updated",
    }


@pytest.mark.django_db
def test_what_was_withdrawn_says_so_and_what_is_not_open_is_unknown(cast):
    after = published_evaluation(cast, title="Another")
    gone = published_evaluation(cast)
    actions.withdraw_evaluation(cast.lea, gone, successor=after, note="It never began.")
    found = told(gone)
    schema45.validator.validate(found)
    assert "descriptions" not in found
    assert "Withdrawn" in {d["dateType"] for d in found["dates"]}
    assert "IsObsoletedBy" in {r["relationType"] for r in found["relatedIdentifiers"]}
    shut = published_evaluation(cast, timezone.localdate() + timedelta(days=9))
    for unknown in (shut, drafted_evaluation(cast)):
        for file in ("datacite.json", "citation.bib", "citation.ris"):
            for place in (file, f"versions/1/{file}"):
                assert Client().get(f"{unknown.get_absolute_url()}/{place}").status_code == 404


@pytest.mark.django_db
def test_citations_name_the_body_the_year_and_the_version(cast):
    made = published_evaluation(cast, title="Costs & 5% of {letters}")
    client, year = Client(), str(timezone.localdate().year)
    place = made.get_absolute_url()
    bib = client.get(f"{place}/versions/1/citation.bib")
    assert bib["Content-Type"].startswith("application/x-bibtex")
    text = bib.content.decode()
    assert r"{Costs \& 5\% of \{letters\}}" in text
    assert "author = {{HM Treasury}}" in text
    assert "version = {1}" in text
    lines = client.get(f"{place}/citation.ris").content.decode().split("\r\n")
    assert lines[0] == "TY  - GEN"
    assert {"AU  - HM Treasury", f"PY  - {year}", f"AN  - {made.reference}"} <= set(lines)
    assert lines[-2:] == ["ER  - ", ""]


WORDS = st.text(max_size=30)
WORKS = st.builds(
    Work,
    reference=st.just("EV-7K2M-41"),
    address=st.just("https://example.org/evaluations/EV-7K2M-41"),
    title=WORDS.filter(str.strip),
    creators=st.tuples(WORDS.filter(str.strip)),
    available=st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    summary=WORDS,
    subjects=st.lists(WORDS.filter(str.strip), max_size=3).map(tuple),
    version=st.sampled_from(["", "2"]),
    doi=st.sampled_from(["", "10.5072/ev-7k2m-41"]),
    dates=st.just((("Available", "2026-11-25"),)),
    related=st.lists(
        st.builds(Relation, st.just("HasVersion"), st.just("https://example.org/1"), st.just(""))
    ).map(tuple),
    grants=st.lists(st.tuples(WORDS, WORDS).filter(any), max_size=2).map(tuple),
)


def facts(node):
    """Every element with its attributes and its words, as far as XML can hold them."""
    name = etree.QName(node).localname
    words = " ".join((node.text or "").split())
    attributes = {k.rpartition("}")[2]: v for k, v in node.attrib.items() if "schemaLoc" not in k}
    return (name, sorted(attributes.items()), words, sorted(facts(each) for each in node))


@pytest.mark.once
@given(WORKS)
def test_the_xml_says_what_the_library_makes_of_the_json(work):
    found = as_json(work)
    schema45.validator.validate(found)
    ours = etree.fromstring(as_xml(work))
    try:
        theirs = schema45.dump_etree(found)
    except ValueError:  # it refuses what XML cannot hold, where we write a mark in its place
        return
    mine = [each for each in facts(ours)[3] if each[0] != "identifier"]
    library = [each for each in facts(theirs)[3] if each[0] not in ("identifier", "doi")]
    assert [m for m in mine if m[0] != "titles"] == [t for t in library if t[0] != "titles"]


@pytest.mark.once
@given(WORKS)
def test_a_citation_keeps_its_lines_whatever_people_write(work):
    lines = ris(work).split("\r\n")
    assert all(line[2:6] == "  - " for line in lines[:-1])
    assert bibtex(work).count("\n}") == 1


@pytest.mark.django_db
def test_no_doi_is_registered_unless_it_is_asked_for(cast):
    published_evaluation(cast)
    assert dois._registrar() is None
    assert dois.register_dois(SYSTEM) == 0
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_dois_are_registered_by_a_job_after_publication_and_again_after_a_change(cast, recorder):
    made = published_evaluation(cast)
    drafted_evaluation(cast)
    assert dois.register_dois(SYSTEM) == 1
    assert dois.register_dois(SYSTEM) == 0, "its job waits"
    run_until_idle()
    name = f"10.5072/{made.reference.lower()}"
    assert [doi for doi, _, _ in recorder.told] == [f"{name}.v1", name]
    for _, _, metadata in recorder.told:
        schema45.validator.validate(metadata)
    made.refresh_from_db()
    assert made.doi == name
    assert Plan.objects.get(evaluation=made).doi == f"{name}.v1"
    assert dois.register_dois(SYSTEM) == 0
    recorder.told.clear()
    amended(cast, made, title="Do letters raise tax returns?")
    assert dois.register_dois(SYSTEM) == 1
    run_until_idle()
    assert [doi for doi, _, _ in recorder.told] == [f"{name}.v1", f"{name}.v2", name]
    assert dois.register_dois(SYSTEM) == 0
    assert told(made)["doi"] == name
    assert (
        f"doi = {{{name}}}"
        in Client().get(f"{made.get_absolute_url()}/citation.bib").content.decode()
    )


@pytest.mark.django_db
def test_what_is_under_embargo_has_no_doi_before_it_opens(cast, recorder, monkeypatch):
    published_evaluation(cast, timezone.localdate() + timedelta(days=9))
    assert dois.register_dois(SYSTEM) == 0
    later = timezone.now() + timedelta(days=10)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert dois.register_dois(SYSTEM) == 1


@pytest.mark.django_db
def test_a_registrar_that_fails_is_tried_again_and_the_failure_is_shown(
    cast, recorder, monkeypatch
):
    made, recorder.broken = published_evaluation(cast), True
    dois.register_dois(SYSTEM)
    client = Client()
    client.force_login(cast.people["lea"])
    page = lambda: client.get(made.inside_url()).content.decode()  # noqa: E731
    assert "Being registered" in page()
    for _ in range(6):
        later = timezone.now() + timedelta(minutes=30)
        monkeypatch.setattr(timezone, "now", lambda later=later: later)
        run_until_idle()
    job = Job.objects.get()
    assert (job.status, job.tries) == ("failed", 5)
    assert "It is tried again within the hour" in page()
    recorder.broken, later = False, timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert dois.register_dois(SYSTEM) == 1
    run_until_idle()
    assert f"10.5072/{made.reference.lower()}" in page()


@pytest.mark.once
def test_datacite_is_told_by_its_own_api(monkeypatch):
    sent = []

    def answer(request):
        sent.append(request)
        return httpx2.Response(422 if b"10.5072/bad" in request.content else 201)

    def put(url, **options):
        with httpx2.Client(transport=httpx2.MockTransport(answer)) as client:
            return client.put(url, **options)

    monkeypatch.setattr(httpx2, "put", put)
    keeper = DataCite("https://api.test.example/", "DEMO.REPO", "secret")
    keeper.register("10.5072/ev-1", "https://example.org/1", {"titles": []})
    assert str(sent[0].url) == "https://api.test.example/dois/10.5072/ev-1"
    attributes = json.loads(sent[0].content)["data"]["attributes"]
    assert attributes == {
        "titles": [],
        "doi": "10.5072/ev-1",
        "url": "https://example.org/1",
        "event": "publish",
    }
    assert sent[0].headers["authorization"].startswith("Basic ")
    assert "secret" not in repr(keeper)
    with pytest.raises(httpx2.HTTPStatusError):
        keeper.register("10.5072/bad", "https://example.org/1", {})
