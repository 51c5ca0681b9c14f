"""Atom feeds: of all evaluations, of a body, of a topic, of a search."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from concordat.evaluations.feeds.atom import Item, feed
from concordat.evaluations.queries.news import News, narrowed, news
from concordat.kernel.access import PUBLIC
from concordat.kernel.organisations.queries import of_slug
from concordat.kernel.reference import codelist
from concordat.kernel.refusals import NotVisible, Unknown

_SAYS = {
    "new": "A new evaluation is registered.",
    "amended": "The plan is amended.",
    "published": "Results are published.",
    "withdrawn": "The evaluation is withdrawn.",
}


def atom(request: HttpRequest) -> HttpResponse:
    """What is new, amended, published or withdrawn, narrowed by `organisation`, `topic` and `q`."""
    asked = {
        name: request.GET.get(name, "").strip()[:300] for name in ("organisation", "topic", "q")
    }
    topic, topics = asked["topic"], codelist("evaluation_topics")
    if topic and topic not in topics:
        raise NotVisible
    try:
        body = (
            of_slug(PUBLIC, asked["organisation"], "organisation")
            if asked["organisation"]
            else None
        )
    except Unknown:
        raise NotVisible from None
    rows = narrowed(PUBLIC, body=body, topic=topic, text=asked["q"])
    names = [body.name if body else "", topics.label(topic) if topic else "", asked["q"]]
    title = ": ".join(["Evaluation Registry", *filter(None, names)])
    query = urlencode({name: value for name, value in asked.items() if value})
    address = f"{settings.BASE_URL}/evaluations/feed.atom{f'?{query}' if query else ''}"
    items = [_item(each) for each in news(PUBLIC, rows)]
    told = feed(title, address, f"{settings.BASE_URL}/evaluations", items, timezone.now())
    return HttpResponse(told, content_type="application/atom+xml; charset=utf-8")


def _item(each: News) -> Item:
    found = each.evaluation
    place = f"{settings.BASE_URL}{found.get_absolute_url()}"
    host = urlsplit(settings.BASE_URL).hostname
    return Item(
        id=f"tag:{host},2026:{found.reference}/{each.entry}",
        title=found.title,
        address=f"{place}/versions/{each.plan.number}" if each.plan else place,
        at=each.at,
        kind=each.kind,
        body=_body(each),
        author=found.owner.name,
    )


def _body(each: News) -> str:
    found = each.evaluation
    if each.plan:
        return f"{each.plan.get_kind_display()}: {each.plan.reason}"
    if each.report:
        return f"{_SAYS[each.kind]} {each.report.title}"
    if each.kind == "withdrawn":
        return f"{_SAYS[each.kind]} {found.withdrawn_why}"
    told = "" if found.status == "withdrawn" else found.plain_summary or found.summary
    return f"{_SAYS[each.kind]} {told}".strip()
