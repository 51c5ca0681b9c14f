"""What our fields are called elsewhere."""

from __future__ import annotations

import re
from typing import Final

# Best first. Names are compared without case, prefix or punctuation: dct:title, DCTERMS_TITLE and
# Title are one.
NAMES: Final[dict[str, tuple[str, ...]]] = {
    "identifier": ("identifier", "guid", "id", "datasetid", "uuid", "@id", "about", "name"),
    "title": ("title", "datasettitle", "datasetname", "label", "name"),
    "alternative": ("alternativetitle", "alternative"),
    "description": ("description", "notes", "abstract", "summary", "comment"),
    "publisher": (
        "publisher",
        "owner",
        "organization",
        "organisation",
        "publishername",
        "creator",
        "department",
        "attribution",
        "author",
    ),
    "page": (
        "landingpage",
        "pageurl",
        "page",
        "url",
        "permalink",
        "link",
        "homepage",
        "webpage",
    ),
    "asset": (
        "asseturl",
        "downloadurl",
        "accessurl",
        "download",
        "resourceurl",
        "fileurl",
        "contenturl",
    ),
    "access_url": ("accessurl", "asseturl"),
    "download_url": ("downloadurl", "contenturl", "fileurl", "resourceurl"),
    "endpoint": ("endpointurl", "endpoint"),
    "endpointdescription": ("endpointdescription", "documentation"),
    "servicetype": ("servicetype", "apitype"),
    "servicestatus": ("servicestatus",),
    "keyword": ("keyword", "keywords", "tags", "originaltags", "tag", "domaintags"),
    "theme": ("theme", "themes", "category", "categories", "topic", "groups", "domaincategory"),
    "licence": ("license", "licence", "licenseurl", "licensetitle", "licenseid", "rights"),
    "access": ("accessrights", "accesslevel"),
    "created": ("created", "datecreated", "creationdate", "createdat", "metadatacreated"),
    "issued": ("issued", "releasedate", "published", "datepublished", "publicationdate"),
    "modified": (
        "modified",
        "dateupdated",
        "datemodified",
        "lastupdated",
        "updated",
        "updatedat",
        "metadatamodified",
        "lastmodified",
    ),
    "frequency": ("accrualperiodicity", "updatefrequency", "frequency"),
    "contact": ("contactpoint", "contact", "maintainer", "contactname"),
    "email": (
        "contactemail",
        "maintaineremail",
        "authoremail",
        "email",
        "hasemail",
        "contactpointemail",
    ),
    "format": ("format", "filetype", "mediatype", "mimetype", "encodingformat", "type"),
    "media_type": ("mediatype", "mimetype", "encodingformat"),
    "size": ("filesize", "bytesize", "contentsize", "size"),
    "unit": ("filesizeunit",),
    "filename": ("filename", "resourcename", "resourcetitle"),
    "distribution": ("distribution", "distributions", "resources", "resource"),
}
# The fields that each name may stand for.
FIELDS: Final = {
    name: frozenset(field for field, names in NAMES.items() if name in names)
    for names in NAMES.values()
    for name in names
}

_BODIES: Final = (
    "publisher owner organisation organization department council provider agency authority "
    "custodian body supplier"
)
# For columns of no known name: what they are about, by their words; the first rule that fits.
_WORDS: Final[tuple[tuple[frozenset[str], frozenset[str], str], ...]] = tuple(
    (frozenset(these.split()), frozenset(those.split()), name)
    for these, those, name in (
        ("email mail", "", "contactemail"),
        ("frequency", "", "updatefrequency"),
        ("licence license licensing", "", "licence"),
        ("url link uri address href", "download file resource asset data api", "asseturl"),
        ("url link uri href webpage website web", "", "landingpage"),
        ("title", "", "title"),
        ("name", "dataset data resource", "title"),
        ("contact", "", "contactname"),
        ("description abstract notes summary about", "", "description"),
        ("created creation", "", "created"),
        ("issued published release released", "date day on first", "issued"),
        ("updated modified update amended revised", "", "modified"),
        (_BODIES, "", "publisher"),
        ("format type", "file data resource format", "format"),
        ("keyword keywords tag tags", "", "keywords"),
        ("theme category topic subject", "", "theme"),
        ("id identifier uuid guid", "", "identifier"),
        ("size", "", "filesize"),
    )
)


def local(name: str) -> str:
    """A name without prefix, case and punctuation."""
    tail = name
    if not name.startswith("@"):
        tail = name.rsplit("#", 1)[-1].rsplit("/", 1)[-1].rsplit(":", 1)[-1]
    return "".join(c for c in tail.casefold() if c.isalnum() or c == "@")


def column(header: str) -> str:
    """The known name a column's header stands for, by its words where need be, or ""."""
    if local(header) in FIELDS:
        return local(header)
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header[:200])
    words = set(re.findall(r"[a-z]+", spaced.casefold()))
    for these, those, name in _WORDS:
        if words & these and (not those or words & those):
            return name
    return ""
