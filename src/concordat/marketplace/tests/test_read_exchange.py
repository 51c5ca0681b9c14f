"""Records of the UK exchange model: valid ones are accepted, others are refused field by field."""

from __future__ import annotations

from datetime import date

import pytest

from concordat.marketplace.feeds import FeedDataset, FeedService, Line, exchange, read

yaml = pytest.importorskip("yaml", reason="the published examples are YAML, which tests alone read")


def examples(shared, verdict):
    folder = shared / "marketplace" / "uk-exchange-model" / "data"
    return {
        (path.parent.parent.name, path.name): yaml.safe_load(path.read_text("utf-8"))
        for path in sorted(folder.glob(f"*/{verdict}/*.yaml"))
    }


@pytest.fixture(scope="module")
def slugs(request):
    shared = request.getfixturevalue("shared")
    model = yaml.safe_load(
        (shared / "marketplace/uk-exchange-model/model/uk-gov-orgs.yaml").read_text("utf-8")
    )
    (names,) = (each["permissible_values"] for each in model["enums"].values())
    return frozenset(names)


def test_every_valid_example_is_accepted(shared, slugs):
    found = examples(shared, "valid")
    assert len(found) == 8
    for (kind, name), record in found.items():
        assert exchange.problems(kind, record, slugs) == {}, name


def test_every_invalid_example_is_refused_at_the_field_it_is_named_after(shared, slugs):
    named = {
        "missing-contact-name.yaml": "contactName",
        "invalid-access-right.yaml": "accessRights",
        "invalid-date-format.yaml": "modified",
        "invalid-email.yaml": "contactPoint",
        "invalid-serviceStatus.yaml": "serviceStatus",
        "missing-security-classification.yaml": "securityClassification",
        "invalid-frequency.yaml": "updateFrequency",
        "missing-frequency.yaml": "updateFrequency",
        "invalid-type.yaml": "type",
        "invalid-mediatype-csv.yaml": "mediaType",
        "invalid-mediatype-uri.yaml": "mediaType",
        "dwp-address-lookup.yaml": "type",
    }
    found = examples(shared, "invalid")
    assert len(found) == 12
    for (kind, name), record in found.items():
        assert named[name] in exchange.problems(kind, record, slugs)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ["A"]),
        ("keyword", "trees"),
        ("modified", "2026-02-30"),
        ("modified", "2026-02"),
        ("securityClassification", "SENSITIVE"),
        ("licence", "OGL v3"),
        ("summary", "x" * 251),
        ("colour", "green"),
        ("contactPoint", {"contactName": "Team", "email": "nobody"}),
        ("identifier", None),
    ],
)
def test_a_fault_is_told_at_its_own_field_alone(field, value):
    record = {
        "identifier": "trees",
        "type": "dcat:Dataset",
        "title": "Trees",
        "description": "All trees",
        "contactPoint": {"contactName": "Team", "email": "team@x.example"},
        "publisher": "hm-land-registry",
        "creator": ["hm-land-registry"],
        "version": "v1.0",
        "modified": date(2026, 3, 27),
        "licence": "DATA_SHARE_AGREEMENT",
        "accessRights": "OPEN",
        "securityClassification": "OFFICIAL",
        "updateFrequency": "freq:annual",
    }
    assert exchange.problems("Dataset", record) == {}
    assert set(exchange.problems("Dataset", {**record, field: value})) == {field}


def test_the_bulk_templates_are_read_and_their_gaps_told_by_row_and_column(shared):
    folder = shared / "marketplace" / "bulk-template"
    items = list(read(folder / "dataset.csv"))
    made = [x for x in items if isinstance(x, FeedDataset)]
    assert [len(d.distributions) for d in made] == [3, 1, 1]
    assert made[0].contact_name == "DSP Customer Forum"
    told = {(x.place, x.field) for x in items if isinstance(x, Line) and x.outcome == "noted"}
    assert ("dataset.csv, line 3", "version") in told
    assert ("dataset.csv, line 3", "distribution_licence") in told
    assert ("dataset.csv, line 45", "licence") in told
    services = [x for x in read(folder / "dataservice.csv") if isinstance(x, FeedService)]
    assert [s.service_type for s in services] == ["REST", "REST"]
