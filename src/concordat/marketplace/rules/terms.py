"""The terms of a request and of an agreement: checks, and the one hash of document and policy."""

from __future__ import annotations

import hashlib
from typing import Any

from concordat.kernel.audit.commitment import canonical


def agreement_digest(policy: dict[str, Any], document: str) -> str:
    """SHA-256 (hex) over the policy and the document together."""
    return hashlib.sha256(canonical({"policy": policy, "document": document})).hexdigest()


def law_errors(
    data_types: list[str], bases: list[str], conditions: list[str]
) -> dict[str, list[str]]:
    """Whether the bases fit the data: UK GDPR Articles 6 and 9."""
    errors = {}
    if "none" in data_types and len(data_types) > 1:
        errors["data_types"] = ["“None of these” cannot stand beside the other two."]
    personal = {"personal", "special_category"} & set(data_types)
    if personal and not bases:
        errors["lawful_bases"] = ["Personal data needs a lawful basis (UK GDPR Article 6)."]
    if "special_category" in data_types and not conditions:
        errors["special_conditions"] = [
            "Special category data needs a condition (UK GDPR Article 9)."
        ]
    return errors
