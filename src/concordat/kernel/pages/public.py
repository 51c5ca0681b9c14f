"""The public pages of the kernel: reads only."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from markupsafe import Markup

from concordat.kernel.access import PUBLIC, Actor
from concordat.kernel.audit.models import Entry, Seal
from concordat.kernel.audit.sealing import (
    consistency_between,
    day_lines,
    proof_of,
    seal_lines,
    with_seals,
)
from concordat.kernel.doors.exports import download
from concordat.kernel.doors.records import deed_words
from concordat.kernel.doors.tables import Column, Table
from concordat.kernel.organisations import queries
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.publication.history import public_entries
from concordat.kernel.publication.models import record_kinds
from concordat.kernel.refusals import NotVisible
from concordat.kernel.search.index import FACETS
from concordat.kernel.search.queries import find

_FACET_LABELS = {
    "kind": "Kind",
    "organisation": "Organisation",
    "theme": "Theme",
    "type": "Type",
    "stage": "Stage",
    "method": "Method",
    "access": "Who may have it",
    "format": "Format",
    "licence": "Licence",
}


_NEWEST = 20


def search(request: HttpRequest) -> HttpResponseBase:
    """Search as the public, whoever is looking."""
    return search_page(request, PUBLIC, "/search")


def search_page(request: HttpRequest, actor: Actor, path: str) -> HttpResponseBase:
    """One page of results with facets, or a file of them; any query at all is answered."""
    text = request.GET.get("q", "")
    chosen = {n: tuple(request.GET.getlist(n)[:50]) for n in FACETS if request.GET.getlist(n)}
    asked = request.GET.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    newest = request.GET.get("sort") == "newest"
    if (kind := request.GET.get("download", "")) in ("csv", "json"):
        return download(kind, "search", _FOUND, _FOUND, _found(actor, text, chosen, newest))
    results = find(actor, text, chosen=chosen, newest=newest, page=page)
    context = {
        "title": f"{text[:80]}: search" if text else "Search",
        "text": text[:300],
        "results": results,
        "facets": _facets(results.facets, chosen),
        "path": path,
        "inside": path.startswith("/inside"),
        "pagination": _pagination(request, results.page, results.pages),
        "newest": newest,
        "downloads": {kind: _href(request, "download", kind) for kind in ("csv", "json")},
    }
    return render(request, "pages/search.html", context)


_FOUND = ("reference", "kind", "title", "organisation", "state", "modified", "path")
_MOST_DOWNLOADED = 1000


def _found(
    actor: Actor, text: str, chosen: dict[str, tuple[str, ...]], newest: bool
) -> Iterator[list[str]]:
    """The first results as rows, a hundred at a time."""
    for page in range(1, _MOST_DOWNLOADED // 100 + 1):
        results = find(actor, text, chosen=chosen, newest=newest, page=page, size=100)
        for hit in results.hits:
            plain = unescape(hit.title.replace("<mark>", "").replace("</mark>", ""))
            yield [plain if name == "title" else getattr(hit, name) for name in _FOUND]
        if page >= results.pages:
            return


def _href(request: HttpRequest, name: str, value: str) -> str:
    """This address with one parameter changed."""
    query = request.GET.copy()
    query[name] = value
    return f"?{query.urlencode()}"


def _facets(
    counts: dict[str, list[tuple[str, int]]], chosen: dict[str, tuple[str, ...]]
) -> list[dict[str, Any]]:
    found = []
    for name, values in counts.items():
        picked = chosen.get(name, ())
        shown = values[:12] + [(v, n) for v, n in values[12:] if v in picked]
        items = [
            {
                "value": value,
                "text": f"{value.replace('_', ' ').capitalize() if name == 'kind' else value} ({count:,})",
                "checked": value in picked,
            }
            for value, count in shown
        ]
        if items:
            found.append({"name": name, "label": _FACET_LABELS[name], "items": items})
    return found


def _pagination(request: HttpRequest, page: int, pages: int) -> dict[str, Any]:
    if pages < 2:
        return {}

    def href(number: int) -> str:
        return _href(request, "page", str(number))

    near = sorted({1, pages} | {n for n in range(page - 1, page + 2) if 1 <= n <= pages})
    items: list[dict[str, Any]] = []
    for before, number in zip([0, *near], near, strict=False):
        if number - before > 1:
            items.append({"ellipsis": True})
        items.append({"number": number, "href": href(number), "current": number == page})
    made: dict[str, Any] = {"items": items}
    if page > 1:
        made["previous"] = {"href": href(page - 1)}
    if page < pages:
        made["next"] = {"href": href(page + 1)}
    return made


def organisations(request: HttpRequest) -> HttpResponseBase:
    """Every organisation."""
    columns = [
        Column("name", "Name", link=lambda o: o.get_absolute_url(), sort="name"),
        Column("abbreviation", "Abbreviation", sort="abbreviation"),
        Column("kind", "Kind", show=lambda o: o.kind.replace("-", " "), sort="kind"),
        Column("status", "Status", show=lambda o: o.state.label, sort="status"),
    ]
    table = Table(
        columns,
        Organisation.objects.visible_to(PUBLIC).order_by("name"),
        name="organisations",
        noun=("organisation", "organisations"),
    )
    return table.respond(request, context={"title": "Organisations"})


def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """One organisation: where it belongs, what became of it."""
    found = queries.organisations(PUBLIC).filter(slug=slug).first()
    if found is None:
        raise NotVisible
    context = {
        "title": found.name,
        "it": found,
        "ties": queries.ties(PUBLIC, found),
        "published": list(_published(found)),
    }
    return render(request, "pages/organisation.html", context)


def _published(body: Organisation) -> Iterator[dict[str, Any]]:
    """Its public records by kind, with those of the bodies that became it: counts, the newest few."""
    bodies = queries.rolled_up([body.pk])
    for kind, model in sorted(record_kinds().items()):
        rows = model.objects.visible_to(PUBLIC).filter(owner__in=bodies)
        if count := rows.count():
            newest = rows.select_related("owner").order_by("-modified_at", "-id")[:_NEWEST]
            yield {"kind": kind.replace("_", " "), "count": count, "newest": newest}


def audit(request: HttpRequest) -> HttpResponse:
    """The seals, and how to check them."""
    seals = Paginator(Seal.objects.order_by("-number"), 50).get_page(request.GET.get("page"))
    context = {
        "title": "Audit log",
        "seals": seals,
        "count": seals.paginator.count,
        "pagination": _pagination(request, seals.number, seals.paginator.num_pages),
    }
    return render(request, "pages/audit.html", context)


def seals(request: HttpRequest) -> StreamingHttpResponse:
    """`seals.jsonl`."""
    return StreamingHttpResponse(seal_lines(), content_type="application/x-ndjson")


def day(request: HttpRequest, date: str) -> StreamingHttpResponse:
    """`days/<date>.jsonl`."""
    if not Seal.objects.filter(date=date).exists():
        raise NotVisible
    return StreamingHttpResponse(
        day_lines(date, public_entries()), content_type="application/x-ndjson"
    )


def _deed(entry: Entry) -> Markup:
    """What was done, in words, with the name that files and webhooks use."""
    code = Markup('<code class="doors-code-name">{}</code>').format(entry.name)
    return Markup("{} {}").format(deed_words(entry.name), code)


def day_page(request: HttpRequest, date: str) -> HttpResponseBase:
    """The public entries of a day."""
    found = public_entries().filter(at__date=date).order_by("-id")
    columns = [
        Column("at", "When", sort="at"),
        Column("name", "What", show=_deed, sort="name"),
        Column("reference", "Record", link=lambda e: f"/audit/record/{e.reference}"),
        Column("body.organisation", "By", value=lambda e: e.body.get("organisation", "")),
    ]
    table = Table(columns, found, name=f"audit-{date}", noun=("public entry", "public entries"))
    return table.respond(request, context={"title": f"Public entries of {date}"})


def record(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The public entries about one record, each with its proof."""
    found = public_entries().filter(reference=reference).order_by("-id")
    if not found.exists():
        raise NotVisible
    columns = [
        Column("at", "When", sort="at"),
        Column("name", "What", show=_deed, sort="name"),
        Column("body.organisation", "By", value=lambda e: e.body.get("organisation", "")),
        Column("pk", "Proof", show=_proof),
    ]
    table = Table(
        columns,
        with_seals(found),
        name=f"audit-{reference}",
        noun=("public entry", "public entries"),
    )
    context = {"title": f"Audit log of {reference}", "back": "/audit"}
    return table.respond(request, context=context)


def _proof(entry: Any) -> Markup | str:
    if not entry.sealed:
        return "With the next daily seal"
    link = Markup('<a class="govuk-link" href="/audit/proof/{0}.json">Proof of entry {0}</a>')
    return link.format(entry.pk)


def proof(request: HttpRequest, entry: int) -> JsonResponse:
    """The inclusion proof of a public entry."""
    found = public_entries().filter(pk=entry).first() if entry < 2**63 else None
    made = proof_of(found, open_body=True) if found else None
    if made is None:
        raise NotVisible("There is no such public entry under a seal yet.")
    return JsonResponse(made)


def consistency(request: HttpRequest, first: int, second: int) -> JsonResponse:
    """The proof that the log at one seal extends the log at another."""
    made = consistency_between(first, second) if max(first, second) < 2**31 else None
    if made is None:
        raise NotVisible
    return JsonResponse(made)
