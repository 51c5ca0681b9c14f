"""Records as label and value: what pages show of them."""

from __future__ import annotations

from typing import Any

from concordat.kernel.reference import codelist
from concordat.marketplace.models import Agreement, DataService, Dataset, ShareRequest

Row = tuple[str, Any]
_NONE = "Not given"  # a harvested record says no more than its source does


def _resource_rows(found: Dataset | DataService) -> list[Row]:
    return [
        ("Publisher", found.owner.name),
        ("Summary", found.summary),
        ("Description", found.description),
        ("Keywords", found.keywords),
        ("Themes", [codelist("themes").label(t) for t in found.themes]),
        ("Contact", ", ".join(filter(None, (found.contact_name, found.contact_email))) or _NONE),
        ("Version", found.release),
        ("Issued", found.issued_on),
        ("Modified", found.modified_on or _NONE),
        ("Licence", codelist("licences").label(found.licence)),
        ("Who may have it", codelist("access_rights").label(found.access_rights)),
        ("Classification", found.get_security_classification_display()),
    ]


def dataset_rows(found: Dataset) -> list[Row]:
    """A dataset."""
    return [
        *_resource_rows(found),
        ("Updated", codelist("frequencies").label(found.update_frequency)),
        ("Essential shared data asset", found.is_esda),
    ]


def service_rows(found: DataService) -> list[Row]:
    """A data service."""
    return [
        *_resource_rows(found),
        ("Kind", found.get_service_type_display()),
        ("State", found.get_service_status_display()),
        ("Documentation", found.endpoint_description),
    ]


def request_rows(found: ShareRequest) -> list[Row]:
    """A share request, as both sides read it."""
    table = found.distribution.table if found.distribution else None
    return [
        ("Dataset", found.dataset.title),
        ("Asked by", found.owner.name),
        ("Asked of", found.supplier.name),
        ("Table", table.title if table else ""),
        ("Columns", found.columns),
        ("Rows", found.rows or "All rows"),
        ("What it is for", found.purpose),
        ("Public benefit", found.benefit),
        ("About people", [codelist("data_types").label(c) for c in found.data_types]),
        ("Legal power", found.legal_power),
        ("Legal gateway", codelist("legal_gateways").label(found.legal_gateway)),
        ("Lawful basis", [codelist("lawful_bases").label(c) for c in found.lawful_bases]),
        (
            "Article 9 condition",
            [codelist("special_conditions").label(c) for c in found.special_conditions],
        ),
        ("From", found.starts_on),
        ("Until", found.ends_on),
        ("Destroying copies", found.disposal),
    ]


def register_rows(found: Agreement) -> list[Row]:
    """An entry of the public register: an explicit list, nothing else."""
    return [
        ("Who shares", found.owner.name),
        ("Who uses", found.acquirer.name),
        ("What for", found.purpose),
        ("Public benefit", found.benefit),
        ("Legal gateway", codelist("legal_gateways").label(found.legal_gateway)),
        ("Lawful basis", [codelist("lawful_bases").label(c) for c in found.lawful_bases]),
        ("From", found.starts_on),
        ("Until", found.ends_on),
        ("In force since", found.acquirer_signed_at),
        ("Ended", found.ended_at),
        ("Hash of the agreement", found.digest),
    ]
