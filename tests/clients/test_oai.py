"""Harvesters that others wrote, against a site that is served: they agree on what there is."""

from __future__ import annotations

import oaipmh_scythe
import pytest
import sickle
from oaipmh.client import Client as Infrae
from oaipmh.error import NoRecordsMatchError
from oaipmh.metadata import MetadataRegistry, oai_dc_reader


@pytest.fixture(scope="module")
def address(site):
    """Where the harvesters go."""
    return f"{site.url}/oai"


def infrae(address: str) -> Infrae:
    registry = MetadataRegistry()
    registry.registerReader("oai_dc", oai_dc_reader)
    return Infrae(address, registry)


def by_sickle(address: str, **narrowed: str) -> list[tuple[str, bool]]:
    try:
        found = sickle.Sickle(address).ListRecords(metadataPrefix="oai_dc", **narrowed)
        return sorted((each.header.identifier, each.header.deleted) for each in found)
    except sickle.oaiexceptions.NoRecordsMatch:
        return []


def by_scythe(address: str, **narrowed: str) -> list[tuple[str, bool]]:
    with oaipmh_scythe.Scythe(address) as client:
        told = {f"{k}_" if k in ("from", "set") else k: v for k, v in narrowed.items()}
        try:
            found = list(client.list_records(metadata_prefix="oai_dc", **told))
        except oaipmh_scythe.exceptions.NoRecordsMatch:
            return []
    return sorted((each.header.identifier, each.header.deleted) for each in found)


def by_infrae(address: str, **narrowed: str) -> list[tuple[str, bool]]:
    try:
        found = list(infrae(address).listRecords(metadataPrefix="oai_dc", **narrowed))
    except NoRecordsMatchError:
        return []
    return sorted((header.identifier(), header.isDeleted()) for header, _, _ in found)


def test_three_harvesters_agree_on_all_there_is_and_on_each_set(site, address):
    sets = [each.setSpec for each in sickle.Sickle(address).ListSets()]
    assert sets == [spec for spec, _, _ in infrae(address).listSets()]
    assert any(spec.startswith("body:") for spec in sets)
    for narrowed in ({}, *({"set": spec} for spec in sets)):
        found = by_sickle(address, **narrowed)
        assert found, narrowed
        assert found == by_scythe(address, **narrowed) == by_infrae(address, **narrowed)


def test_they_agree_on_headers_and_on_what_is_deleted(site, address):
    found = by_sickle(address)
    headers = sickle.Sickle(address).ListIdentifiers(metadataPrefix="oai_dc")
    assert sorted((each.identifier, each.deleted) for each in headers) == found
    assert any(deleted for _, deleted in found), "the world has one that was withdrawn"
    assert not all(deleted for _, deleted in found)


def test_each_record_is_had_by_itself_with_a_title(site, address):
    harvester = sickle.Sickle(address)
    for name, deleted in by_sickle(address):
        record = harvester.GetRecord(identifier=name, metadataPrefix="oai_dc")
        assert record.header.deleted == deleted
        assert deleted or record.metadata["title"]
        record = harvester.GetRecord(identifier=name, metadataPrefix="oai_datacite")
        assert deleted or record.metadata["schemaVersion"] == ["4.5"]
    told = infrae(address).identify()
    assert told.baseURL() == address
    assert told.deletedRecord() == "persistent"
