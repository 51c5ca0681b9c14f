"""OAI-PMH: the six verbs, by GET or by POST, for anyone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from concordat.evaluations.feeds import oai
from concordat.evaluations.feeds.markup import element, text
from concordat.evaluations.feeds.oai import Asked, Header, OaiError, Token
from concordat.evaluations.queries import harvest as queries
from concordat.evaluations.queries.works import works
from concordat.kernel.access import PUBLIC

PAGE: Final = 100
_DOMAIN: Final = re.compile(r"[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+")
_FOUNDED: Final = datetime(2020, 1, 1, tzinfo=UTC)


@csrf_exempt
@require_http_methods(["GET", "POST", "HEAD"])
def oai_pmh(request: HttpRequest) -> HttpResponse:
    """One request; a faulty one is answered with the protocol's error, and 200."""
    given = QueryDict(mutable=True)
    for sent in (request.GET, request.POST):
        for name, values in sent.lists():
            given.setlist(name, [*given.getlist(name), *values])
    base, echoed = _base(request), dict[str, str]()
    try:
        asked = oai.read_request(dict(given.lists()))
        echoed = dict(asked.echoed)
        inside = _VERBS[asked.verb](asked, base)
    except OaiError as error:
        if error.code in ("badVerb", "badArgument"):
            echoed = {}
        inside = oai.error(error)
    told = oai.answer(base, timezone.now(), echoed, inside)
    return HttpResponse(told, content_type="text/xml; charset=utf-8")


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri(request.path)


def _host() -> str:
    """What names us in identifiers: the site's domain name, or one that stands for none."""
    host = (urlsplit(settings.ENV.base_url).hostname or "").lower()
    return host if _DOMAIN.fullmatch(host) else "concordat.example"


def _identify(asked: Asked, base: str) -> str:
    first = queries.earliest(PUBLIC) or _FOUNDED
    if (first.month, first.day) == (2, 29):  # a validator takes a year from it, as text
        first -= timedelta(days=1)
    email = f"registry@{_host()}"
    return oai.identify("Concordat Evaluation Registry", base, email, first, _host())


def _formats(asked: Asked, base: str) -> str:
    if asked.identifier:
        _one(asked.identifier)
    return oai.formats()


def _sets(asked: Asked, base: str) -> str:
    known = queries.sets(PUBLIC).names
    if not known:
        raise OaiError("noSetHierarchy", "There are no sets.")
    told = [
        element("set", text("setSpec", spec), text("setName", name)) for spec, name in known.items()
    ]
    return element("ListSets", *told)


def _one(identifier: str) -> Any:
    """The evaluation of an identifier. Raises OaiError."""
    scheme, _, reference = identifier.rpartition(":")
    found = queries.harvest(PUBLIC).filter(reference=reference).first()
    if scheme != f"oai:{_host()}" or found is None:
        raise OaiError("idDoesNotExist", "There is no record of that identifier.")
    return found


def _header(found: Any, known: queries.Sets) -> Header:
    name = f"oai:{_host()}:{found.reference}"
    return Header(name, found.stamp, known.of(found), deleted=found.status == "withdrawn")


def _record(asked: Asked, base: str) -> str:
    found = _one(asked.identifier)
    return element("GetRecord", *_whole([found], queries.sets(PUBLIC), asked.prefix))


def _whole(rows: list[Any], known: queries.Sets, prefix: str) -> list[str]:
    """Records with their metadata in the format of that prefix."""
    told, symbol = works(PUBLIC, rows), settings.ENV.doi_repository or "CONCORDAT"
    return [
        oai.record(_header(row, known), oai.metadata(told[row.pk], prefix, symbol)) for row in rows
    ]


def _list(asked: Asked, base: str) -> str:
    """A page of headers or of records. Raises OaiError when there is none."""
    known = queries.sets(PUBLIC)
    rows = queries.harvest(PUBLIC)
    if asked.set:
        rows = queries.within(rows, asked.set, known)
    rows = queries.between(rows, asked.since, asked.until)
    size, cursor = rows.count(), asked.token.cursor if asked.token else 0
    if asked.token:
        rows = queries.beyond(rows, datetime.fromisoformat(asked.token.stamp), asked.token.id)
    page = list(rows[: PAGE + 1])
    if not page:
        raise OaiError("noRecordsMatch", "Nothing matches what was asked for.")
    following = _following(asked, page[PAGE - 1], cursor) if len(page) > PAGE else None
    if asked.verb == "ListIdentifiers":
        made = [oai.header(_header(each, known)) for each in page[:PAGE]]
    else:
        made = _whole(page[:PAGE], known, asked.prefix)
    return element(asked.verb, *made, oai.resumption(following, cursor, size))


def _following(asked: Asked, last: Any, cursor: int) -> Token:
    before = asked.token
    return Token(
        asked.prefix,
        asked.set,
        before.since if before else asked.echoed.get("from", ""),
        before.until if before else asked.echoed.get("until", ""),
        last.stamp.isoformat(),
        last.pk,
        cursor + PAGE,
    )


_VERBS: Final[dict[str, Callable[[Asked, str], str]]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _record,
    "ListIdentifiers": _list,
    "ListRecords": _list,
}
