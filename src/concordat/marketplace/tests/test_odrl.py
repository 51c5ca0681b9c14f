"""An agreement's policy as ODRL, read back by rdflib."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from concordat.tables.plane.policy import Policy
from tests.cast import agreed
from tests.script import Script, script

ODRL = "http://www.w3.org/ns/odrl/2/"


@pytest.fixture
def made(cast, dataset):
    return agreed(
        cast,
        dataset,
        columns=["Organisation", "Grade", "Started"],
        masks={"Started": "year"},
        sample_by="Grade",
        sample_percent=50,
        people=["asha@pensions.example", "bram@pensions.example"],
        networks=["192.0.2.0/24"],
        versions="since",
        gives="aggregates",
        minimum_cell=12,
    ).agreement


def graph_of(text):
    from rdflib import Graph

    return Graph().parse(data=text, format="json-ld")


def test_each_rule_has_one_assigner_one_assignee_and_one_action(cast, made):
    from rdflib import RDF, RDFS, Literal, Namespace, URIRef

    answer = script(cast.asha).get(f"/agreements/{made.reference}/odrl")
    assert answer["Content-Type"] == "application/ld+json"
    graph, odrl = graph_of(answer.content), Namespace(ODRL)
    uid = URIRef(f"http://testserver/agreements/{made.reference}")
    assert {odrl.Agreement, odrl.Policy} <= set(graph.objects(uid, RDF.type))
    assert graph.value(uid, odrl.uid) == uid
    sentence = Policy.from_data(made.policy).sentence()
    assert graph.value(uid, RDFS.comment) == Literal(sentence, lang="en")
    rules = [*graph.objects(uid, odrl.permission), *graph.objects(uid, odrl.prohibition)]
    assert len(rules) == 2
    for rule in rules:
        for name, slug in (("assigner", "treasury"), ("assignee", "pensions")):
            assert str(graph.value(rule, odrl[name], any=False)).endswith(f"/{slug}")
        assert len(list(graph.objects(rule, odrl.action))) == 1
        assert len(list(graph.objects(rule, odrl.target))) == 1
    left = set(graph.objects(None, odrl.leftOperand))
    for name in ("dateTime", "purpose", "recipient", "virtualLocation", "percentage", "version"):
        assert odrl[name] in left, name
    for constraint in graph.subjects(RDF.type, odrl.Constraint):
        assert graph.value(constraint, odrl.operator, any=False) is not None
        assert list(graph.objects(constraint, odrl.rightOperand))
    mask = next(c for _, c in graph.subject_objects(RDFS.comment) if "Started" in c and len(c) < 40)
    assert str(mask) == "Started is given by its year."


def test_it_reads_back_as_the_same_triples(cast, made):
    from rdflib.compare import isomorphic

    text = script(cast.olive).get(f"/agreements/{made.reference}/odrl").content
    graph = graph_of(text)
    assert isomorphic(graph, graph_of(graph.serialize(format="json-ld")))
    assert isomorphic(graph, graph_of(json.dumps(json.loads(text), indent=2)))


def test_it_is_for_the_two_sides_alone_on_both_doors(cast, made):
    assert script(cast.erin).get(f"/agreements/{made.reference}/odrl").status_code == 404
    assert Script().get(f"/agreements/{made.reference}/odrl").status_code == 401
    bram, erin = Client(), Client()
    bram.force_login(cast.people["bram"])
    erin.force_login(cast.people["erin"])
    page = f"{made.inside_url()}/odrl.jsonld"
    assert page in bram.get(made.inside_url()).content.decode()
    assert bram.get(page).json()["odrl:uid"]["@id"].endswith(made.reference)
    assert erin.get(page).status_code == 404
