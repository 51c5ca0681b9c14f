"""Searching: the audience is part of the query, so no count or facet can say what may not be known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import tantivy
from django.utils import timezone

from concordat.kernel.search.host import DamagedError, guarded
from concordat.kernel.search.index import FACETS, TEXTS, Index, schema
from concordat.kernel.search.words import WHOLE, Asked, marked, read, stems

MOST_PAGES: Final = 500
_WHERE: Final = {
    "title": "the title",
    "keywords": "the keywords",
    "summary": "the summary",
    "body": "the description",
}


@dataclass(frozen=True)
class Hit:
    """One result. `title` and `text` are escaped HTML with the words asked for in <mark>."""

    kind: str
    reference: str
    title: str
    text: str
    path: str
    state: str
    organisation: str
    modified: str
    why: str


@dataclass(frozen=True)
class Results:
    """A page of results; `total` and the counts of `facets` are exact."""

    total: int
    hits: list[Hit]
    facets: dict[str, list[tuple[str, int]]]
    asked: Asked
    near: bool = False  # nothing held the words themselves, so words like them were looked for
    page: int = 1
    size: int = 20
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        """How many pages there are, as far as one may turn."""
        return min(MOST_PAGES, max(1, -(-self.total // self.size)))


def search(
    index: Index,
    audience: frozenset[str],
    text: str = "",
    *,
    chosen: Mapping[str, tuple[str, ...]] | None = None,
    newest: bool = False,
    page: int = 1,
    size: int = 20,
) -> Results:
    """What `audience` may find for `text` within the chosen values of facets.

    A facet's counts leave its own choices out, so that another value can be chosen beside them.
    A search that fails is tried once more with the index opened anew; then it raises DamagedError,
    and whoever keeps the index is asked to build it again.
    """
    asked = read(text)
    picked = {k: tuple(v) for k, v in (chosen or {}).items() if k in FACETS and v}
    page, size = max(1, min(page, MOST_PAGES)), max(1, min(size, 100))
    try:
        return _answer(index, audience, asked, picked, newest, page, size)
    except DamagedError as error:
        index.report(error)
        return _answer(index, audience, asked, picked, newest, page, size)


def _answer(
    index: Index,
    audience: frozenset[str],
    asked: Asked,
    picked: Mapping[str, tuple[str, ...]],
    newest: bool,
    page: int,
    size: int,
) -> Results:
    searcher = index.searcher()
    with guarded():
        return _found(searcher, audience, asked, picked, newest, page, size)


def _found(
    searcher: Any,
    audience: frozenset[str],
    asked: Asked,
    picked: Mapping[str, tuple[str, ...]],
    newest: bool,
    page: int,
    size: int,
) -> Results:
    near, query = False, _query(audience, asked, picked)
    found = _search(searcher, query, newest, page, size)
    if not found.count and asked.words:
        near_query = _query(audience, asked, picked, near=True)
        near_found = _search(searcher, near_query, newest, page, size)
        if near_found.count:
            found, near, query = near_found, True, near_query
    return Results(
        total=found.count or 0,
        hits=[_hit(searcher, address, asked, near) for _, address in found.hits],
        facets=_facets(searcher, audience, asked, picked, near, query),
        asked=asked,
        near=near,
        page=page,
        size=size,
        chosen=picked,
    )


def _search(searcher: Any, query: Any, newest: bool, page: int, size: int) -> Any:
    order = {"order_by_field": "modified"} if newest else {}
    return searcher.search(query, limit=size, offset=(page - 1) * size, count=True, **order)


def _query(
    audience: frozenset[str],
    asked: Asked,
    chosen: Mapping[str, tuple[str, ...]],
    *,
    near: bool = False,
) -> Any:
    fields, must = schema(), tantivy.Occur.Must
    parts = [(must, _quiet(_open_to(audience)))]
    for name, values in chosen.items():
        parts.append((must, _quiet(tantivy.Query.term_set_query(fields, name, list(values)))))
    if asked.reference:
        if len(asked.reference) < WHOLE:
            named = tantivy.Query.regex_query(fields, "reference", f"{asked.reference}.*")
        else:
            named = tantivy.Query.term_query(fields, "reference", asked.reference)
        parts.append((must, named))
    parts += [(must, _word(word, near)) for word in asked.words]
    for phrase in asked.phrases:
        places = [tantivy.Query.phrase_query(fields, name, list(phrase)) for name in TEXTS]
        parts.append((must, tantivy.Query.disjunction_max_query(places)))
    for word in asked.without:
        for name in TEXTS:
            banned = tantivy.Query.term_query(fields, name, word)
            parts.append((tantivy.Occur.MustNot, banned))
    return tantivy.Query.boolean_query(parts)


def _open_to(audience: frozenset[str]) -> Any:
    """What `audience` may find now: what is open to it, and what was to open to it by now."""
    fields, tokens = schema(), sorted(audience)
    must, either = tantivy.Occur.Must, tantivy.Occur.Should
    ended = tantivy.Query.range_query(fields, "opens", tantivy.FieldType.Date, None, timezone.now())
    opened = tantivy.Query.boolean_query(
        [(must, tantivy.Query.term_set_query(fields, "later", tokens)), (must, ended)]
    )
    now = tantivy.Query.term_set_query(fields, "audience", tokens)
    return tantivy.Query.boolean_query([(either, now), (either, opened)])


def _quiet(query: Any) -> Any:
    """A condition that decides who and what, and adds nothing to the rank."""
    return tantivy.Query.const_score_query(query, 0.0)


def _word(word: str, near: bool) -> Any:
    fields = []
    for name, boost in TEXTS.items():
        if near and len(word) > 3:
            found = tantivy.Query.fuzzy_term_query(
                schema(), name, word, distance=1 + (len(word) > 7)
            )
        else:
            found = tantivy.Query.term_query(schema(), name, word)
        fields.append(tantivy.Query.boost_query(found, boost))
    return tantivy.Query.disjunction_max_query(fields, 0.1)


def _facets(
    searcher: Any,
    audience: frozenset[str],
    asked: Asked,
    chosen: Mapping[str, tuple[str, ...]],
    near: bool,
    query: Any,
) -> dict[str, list[tuple[str, int]]]:
    """Exact counts of each value: one pass for the facets nothing is chosen in, one for each other."""
    free = [name for name in FACETS if name not in chosen]
    found = searcher.aggregate(query, {name: _terms(name) for name in free}) if free else {}
    for name in chosen:
        others = {k: v for k, v in chosen.items() if k != name}
        wider = _query(audience, asked, others, near=near)
        found |= searcher.aggregate(wider, {name: _terms(name)})
    return {name: [(b["key"], b["doc_count"]) for b in found[name]["buckets"]] for name in FACETS}


def _terms(name: str) -> dict[str, Any]:
    # segment_size is above any number of values we have, so that counts are exact.
    return {"terms": {"field": name, "size": 100, "segment_size": 60_000}}


def _hit(searcher: Any, address: Any, asked: Asked, near: bool) -> Hit:
    shown = json.loads(searcher.doc(address)["shown"][0])
    wanted = asked.wanted
    summary = shown["summary"] if "<mark>" in marked(shown["summary"], wanted) else ""
    return Hit(
        kind=shown["kind"],
        reference=shown["reference"],
        title=marked(shown["title"], wanted),
        text=marked(summary or shown["body"] or shown["summary"], wanted, 240),
        path=shown["path"],
        state=shown["state"],
        organisation=", ".join(shown["organisation"]),
        modified=shown["modified"],
        why=_why(shown, asked, near),
    )


def _why(shown: dict[str, Any], asked: Asked, near: bool) -> str:
    """Which of the words stand where; "" when nothing was asked."""
    if asked.reference:
        return "Its reference matches."
    if not asked.wanted:
        return ""
    places: list[str] = []
    held: set[str] = set()
    for name, words in _WHERE.items():
        text = " . ".join(shown[name]) if name == "keywords" else shown[name]
        if found := asked.wanted.intersection(stems(text)):
            places.append(words)
            held |= found
    # Every text but the description is kept whole, so a word that is nowhere else is further down.
    if not near and held != asked.wanted and _WHERE["body"] not in places:
        places.append(_WHERE["body"])
    return f"Your words are in {', '.join(places)}." if places else "Words like yours are in it."
