"""The site as a person finds it by following links, over plain HTTP, and what a page must be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import html5lib
import httpx2

from tests.house.routes import NAME, routes
from tests.site import Site

LINK = re.compile(r'<a\b[^>]*?\shref="(/[^"#]*)')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
# Answers for machines, which are no pages.
MACHINES = ("api/", "sharing/", "oauth/", "oai", "healthz", "readyz", "metrics")
FILES = (".json", ".jsonld", ".jsonl", ".csv", ".arrow", ".parquet", "/download/")
FILES += (".pdf", ".atom", ".bib", ".ris")  # of the registry
# What a person types or chooses rather than being led there.
ASKED = (
    "/search?q=data&kind=dataset",
    "/search?q=zzzzqq",
    "/inside/search?q=data",
)
ENOUGH = 3


@dataclass
class Page:
    """A page that was reached: its address, its route, what sort of page it is, its HTML, by whom."""

    address: str
    route: str
    sort: str
    text: str
    person: str


class Visitor:
    """Somebody with their own cookies; `person` is a key of the demonstration people, or nobody."""

    def __init__(self, site: Site, person: str = "") -> None:
        self.person = person
        self.site = site
        self.client = httpx2.Client(base_url=site.url, follow_redirects=True, timeout=60)
        if person:
            self.fill("/sign-in", person=site.people[person]["sign_in"])

    def get(self, address: str) -> tuple[int, str, str]:
        """(status, where that led, the HTML; "" for what is no page)."""
        return _told(self.client.get(address))

    def fill(self, address: str, *, files: Any = None, **given: Any) -> Page:
        """The page that follows a form, sent as it stands but for what is given."""
        status, landed, text = self.get(address)
        assert status == 200, address
        form = list(_parsed(text)[0].iter("form"))[-1]
        values = dict(_standing(form)) | given
        answer = self.client.post(landed, data=values, files=files, headers={"Referer": landed})
        _, landed, text = _told(answer)
        return Page(landed, "", "", text, self.person)

    def cookies(self) -> list[dict[str, str]]:
        """What a browser must be given to be this visitor."""
        jar = self.client.cookies.jar
        return [{"name": c.name, "value": c.value or "", "url": self.site.url} for c in jar]


def _told(answer: httpx2.Response) -> tuple[int, str, str]:
    is_page = answer.headers.get("content-type", "").startswith("text/html")
    landed = answer.url.raw_path.decode()
    return answer.status_code, landed, answer.text if is_page else ""


def _standing(form: Any) -> Iterator[tuple[str, str]]:
    """What a form would send if nothing in it were changed; of several ticks the last."""
    for node in form.iter():
        name = node.get("name")
        if node.tag == "select":
            options = list(node.iter("option"))
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            yield from ((name, o.get("value")) for o in chosen)
        elif node.tag == "textarea":
            yield name, node.text or ""
        elif node.tag == "input" and node.get("type") not in ("checkbox", "radio", "file"):
            yield name, node.get("value") or ""


def page_routes() -> dict[str, re.Pattern[str]]:
    """Each route that may answer with a page, and the pattern of its addresses, in their order."""
    told = dict.fromkeys(r.text for r in routes() if "GET" in r.methods)
    return {
        text: re.compile("/" + NAME.sub("[^/]+", re.sub(r"\^|\$|\(\?P<\w+>[^()]*\)", "", text)))
        for text in told
        if not text.startswith(MACHINES) and not text.endswith(FILES)
    }


def route_of(address: str, known: dict[str, re.Pattern[str]]) -> str | None:
    """The route that answers an address, as Django finds it: the first that fits."""
    path = urlsplit(address).path
    return next((text for text, pattern in known.items() if pattern.fullmatch(path)), None)


def plain(known: dict[str, re.Pattern[str]]) -> list[str]:
    """The addresses that hold no name, which can be asked for without having been led there."""
    return [f"/{text}" for text in known if not re.search(r"[<^]", text)]


def walk(
    visitor: Visitor, known: dict[str, re.Pattern[str]], start: Iterable[str], dead: list[str]
) -> Iterator[Page]:
    """Every page that a visitor is led to from the addresses; dead links are told in `dead`."""
    waiting, sources = list(start), dict[str, str]()
    refused, followed = dict[str, int](), Counter[str]()
    seen = set[str]()
    while waiting:
        address = waiting.pop(0)
        route = route_of(address, known)
        route = urlsplit(address).path if route is None else route
        sort = sort_of(route, address)
        if address in seen or (address in sources and followed[sort] >= ENOUGH):
            continue
        seen.add(address)
        followed[sort] += 1
        status, landed, text = visitor.get(address)
        if status >= 400:
            refused[address] = status
        if status in (200, 401) and text and route_of(landed, known) == route:
            yield Page(landed, route, sort, text, visitor.person)
            for link in map(unescape, LINK.findall(text)):
                sources.setdefault(link, address)
                waiting.append(link)
    dead += [
        f"{sources[address]} leads {visitor.person or 'anybody'} to {address}: {status}"
        for address, status in refused.items()
        if address in sources
    ]


def sort_of(route: str, address: str) -> str:
    """What is one sort of address: a route, each verb and step by itself, a list as it is asked."""
    if route.endswith((":verb>", ":step>")):
        return f"{route} {urlsplit(address).path.rsplit('/', 1)[1]}"
    return f"{route}?" if "?" in address else route


def _parsed(text: str) -> tuple[Any, list[Any]]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    return parser.parse(text), parser.errors


def invalid(text: str) -> list[str]:
    """What is wrong with the HTML of a page."""
    tree, errors = _parsed(text)
    wrong = [f"{code} at {where}" for where, code, _ in errors]
    ids = Counter(node.get("id") for node in tree.iter() if node.get("id"))
    wrong += [f"the id {name} {count} times" for name, count in ids.items() if count > 1]
    if (count := len(list(tree.iter("h1")))) != 1:
        wrong.append(f"{count} h1")
    if not (tree.findtext("head/title") or "").strip():
        wrong.append("no title")
    if not tree.get("lang"):
        wrong.append("no language")
    return wrong
