"""The unmodified delta-sharing client, before and after."""

from __future__ import annotations

import delta_sharing
import pytest


@pytest.fixture
def profile(site):
    path = site.people["analyst"]["delta_profile"]
    assert path, "the analyst has an agreement in force"
    return path


def test_the_client_lists_and_loads_what_the_agreement_gives(site, profile):
    client = delta_sharing.SharingClient(profile)
    tables = client.list_all_tables()
    assert tables
    table = tables[0]
    frame = delta_sharing.load_as_pandas(f"{profile}#{table.share}.{table.schema}.{table.name}")
    assert len(frame) > 0
    version = delta_sharing.get_table_version(
        f"{profile}#{table.share}.{table.schema}.{table.name}"
    )
    assert version >= 0


def test_both_forms_of_the_protocol_give_the_same_rows(site, profile):
    table = delta_sharing.SharingClient(profile).list_all_tables()[0]
    url = f"{profile}#{table.share}.{table.schema}.{table.name}"
    delta = delta_sharing.load_as_pandas(url, use_delta_format=True)
    parquet = delta_sharing.load_as_pandas(url, use_delta_format=False)
    columns = list(parquet.columns)
    assert sorted(map(str, delta[columns].values.tolist())) == sorted(
        map(str, parquet.values.tolist())
    )


def test_somebody_without_an_agreement_gets_no_profile(site):
    assert site.people["steward"]["delta_profile"] == ""
