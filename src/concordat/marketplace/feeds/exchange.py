"""The UK Cross-Government Metadata Exchange Model: is a record one, and if not, why, by field.

The rules are the model's own (LinkML, Open Government Licence v3.0); what its bulk-upload
templates ask for is the same with other names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from datetime import date, datetime
from typing import Any, Final

from concordat.kernel.reference import codelist

Problems = dict[str, list[str]]
_ADDRESS: Final = re.compile(r"[A-Za-z][\w+.-]*:\S+|[\w.%/#?=&-]+")
_EMAIL: Final = re.compile(r"\S+@[\S+.]+\S+")
MEDIA_TYPE: Final = re.compile(
    r"(application|audio|font|image|message|model|multipart|text|video)/[\w.+-]+", re.ASCII
)
_COMMON: Final = (
    "identifier! type! title! alternativeTitle* summary description! keyword* theme* contactPoint! "
    "publisher! creator!* version! created issued modified! licence! accessRights! "
    "securityClassification! relatedResource*"
)
# Each class's properties: ! mandatory, * a list.
_CLASSES: Final = {
    "Dataset": f"{_COMMON} distribution* updateFrequency!",
    "DataService": f"{_COMMON} endpointDescription! endpointURL servesData* serviceStatus! serviceType!",
    "Distribution": "identifier! type! title! description issued modified licence! accessRights "
    "mediaType! accessService* byteSize downloadURL",
    "ContactPoint": "contactName! email! telephone address",
}


def problems(kind: str, record: object, organisations: Container[str] | None = None) -> Problems:
    """What is wrong with a record of a class, by property; empty when it is valid.

    `kind` is Dataset, DataService, Distribution or ContactPoint. With `organisations`, publisher
    and creator must be among these slugs. Raises KeyError for another class.
    """
    rules = {name.rstrip("!*"): name for name in _CLASSES[kind].split()}
    if not isinstance(record, Mapping):
        return {"": [f"Give {kind} as an object with properties."]}
    found: Problems = {}
    for name in record:
        if name not in rules:
            found[str(name)] = [f"{kind} has no such property."]
    for name, rule in rules.items():
        if said := _of_property(kind, rule, record.get(name), organisations):
            found[name] = said
    return found


def _of_property(
    kind: str, rule: str, value: Any, organisations: Container[str] | None
) -> list[str]:
    name = rule.rstrip("!*")
    if value in (None, "", []):
        return ["Mandatory, and not given."] if "!" in rule else []
    if rule.endswith("*"):
        if not isinstance(value, list):
            return ["Give a list, even of one."]
        each = value
    elif isinstance(value, list):
        return ["Give one value, not a list."]
    else:
        each = [value]
    said = [_one(kind, name, item, organisations) for item in each[:1000]]
    return list(dict.fromkeys(text for text in said if text))


def _one(kind: str, name: str, value: Any, organisations: Container[str] | None) -> str:
    if name == "contactPoint":
        inner = problems("ContactPoint", value)
        return " ".join(f"{k}: {' '.join(v)}".lstrip(": ") for k, v in inner.items())
    if name == "type":
        right = (f"dcat:{kind}", f"http://www.w3.org/ns/dcat#{kind}")
        return "" if value in right else f"Write {right[0]}."
    if name in ("publisher", "creator"):
        known = isinstance(value, str) and (organisations is None or value in organisations)
        return "" if known else "Not the slug of an organisation on GOV.UK."
    return _CHECKS.get(name, _text)(value)


def _text(value: Any) -> str:
    return "" if isinstance(value, str | int | float) else "Write text."


def _summary(value: Any) -> str:
    fits = isinstance(value, str) and len(value) <= 250 and "\n" not in value.strip()
    return "" if fits else "One line of 1 to 250 characters."


def _day(value: Any) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return ""
    try:
        date.fromisoformat(value if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) else "")
    except (TypeError, ValueError):
        return "Write a whole date, such as 2026-03-27."
    return ""


def _address(value: Any) -> str:
    return "" if isinstance(value, str) and _ADDRESS.fullmatch(value) else "Write an address (URI)."


def _web(value: Any) -> str:
    right = isinstance(value, str) and re.fullmatch(r"[A-Za-z][\w+.-]*:\S+", value)
    return "" if right else "Write a whole address, such as https://…"


def _email(value: Any) -> str:
    return "" if isinstance(value, str) and _EMAIL.match(value) else "Write an e-mail address."


def _media(value: Any) -> str:
    right = isinstance(value, str) and MEDIA_TYPE.fullmatch(value)
    return "" if right else "Write an IANA media type, such as text/csv."


def _size(value: Any) -> str:
    right = isinstance(value, int) and not isinstance(value, bool) and value >= 1
    return "" if right else "Write a whole number of bytes, 1 or more."


def _among(name: str, *more: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        codes = [*codelist(name), *more]
        return "" if value in codes else f"Write one of: {', '.join(codes)}."

    return check


_CHECKS: Final[dict[str, Callable[[Any], str]]] = {
    "summary": _summary,
    "identifier": _address,
    "theme": _address,
    "relatedResource": _address,
    "distribution": _address,
    "accessService": _address,
    "servesData": _address,
    "licence": _address,
    "endpointDescription": _address,
    "endpointURL": _web,
    "downloadURL": _web,
    "created": _day,
    "issued": _day,
    "modified": _day,
    "email": _email,
    "mediaType": _media,
    "byteSize": _size,
    "accessRights": _among("access_rights"),
    "securityClassification": _among(
        "security_classifications", "SECRET", "TOP_SECRET", "NOT_APPLICABLE"
    ),
    "updateFrequency": _among("frequencies"),
    "serviceStatus": _among("service_statuses"),
    "serviceType": _among("service_types"),
}


def row_problems(kind: str, cells: Mapping[str, str]) -> Problems:
    """What is wrong with a row of a bulk-upload template, by column."""
    lists = {name.rstrip("!*") for name in _CLASSES[kind].split() if name.endswith("*")}
    record: dict[str, Any] = {"type": f"dcat:{kind}"}
    inner: dict[str, dict[str, Any]] = {"contactPoint": {}, "distribution": {}}
    for column, cell in cells.items():
        prefix, _, rest = column.partition("_")
        if prefix in inner:
            inner[prefix][rest] = _cell(rest, cell)
        elif column:
            record[column] = cell.split(",") if column in lists and cell else cell.strip()
    found = problems(kind, {**record, "contactPoint": inner["contactPoint"]})
    contact = problems("ContactPoint", inner["contactPoint"])
    found.pop("contactPoint", None)
    found |= {f"contactPoint_{name}": said for name, said in contact.items()}
    if any(inner["distribution"].values()):
        form = {"type": "dcat:Distribution", **inner["distribution"]}
        inside = problems("Distribution", form)
        found |= {f"distribution_{name}": said for name, said in inside.items()}
    return found


def _cell(name: str, cell: str) -> Any:
    text = cell.strip()
    if name == "accessService":
        return text.split(",") if text else []
    return int(text) if name == "byteSize" and text.isascii() and text.isdigit() else text
