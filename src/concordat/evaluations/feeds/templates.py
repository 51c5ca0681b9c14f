"""Foreign registration forms, and answers to them.

Two shapes are read: pages of questions with a `qid`, and a flat list of blocks in which a label comes
before its input. A question is known by its key, never by its title: titles repeat.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from concordat.evaluations.feeds.cells import amount, says_nothing, text_of, written
from concordat.evaluations.feeds.found import FeedEvaluation
from concordat.evaluations.feeds.gather import join
from concordat.evaluations.feeds.known import known_form, meaning

MOST_QUESTIONS: Final = 1000
MOST_TEXT: Final = 100_000
_DEPTH: Final = 6
# What stands around the answers, in the exports and the API of the service that has these forms.
_WRAPPERS: Final = ("registration_responses", "responses", "registered_meta", "attributes", "data")
_INPUTS: Final = {
    "short-text-input": "string",
    "long-text-input": "string",
    "single-select-input": "choose",
    "multi-select-input": "choose",
    "file-input": "upload",
    "contributors-input": "author",
}
_TYPES: Final = {"osf-upload": "upload", "osf-author-import": "author", "file": "upload"}


class FormError(ValueError):
    """The form or the answers are not what they should be; the message says what is expected."""


@dataclass(frozen=True)
class Question:
    """One question. `kind` is string, choose, object, upload, author or "" for none told; `parts`
    are the ids of what an object holds."""

    key: str
    title: str
    page: str = ""
    kind: str = ""
    several: bool = False
    required: bool = False
    options: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """A registration form: its name, its version and its questions in order."""

    name: str
    version: int
    questions: tuple[Question, ...]

    def question(self, key: str) -> Question | None:
        """The question of that key, or the only one of that title."""
        by_key = {question.key: question for question in self.questions}
        if key in by_key:
            return by_key[key]
        titled = [q for q in self.questions if _slug(q.title) == _slug(key)]
        return titled[0] if len(titled) == 1 else None


@dataclass(frozen=True)
class Answer:
    """An answer that our plan has no place for: the foreign key, the question and what was said."""

    key: str
    title: str
    said: str


@dataclass
class Answers:
    """Answers as an evaluation, and those that found no place in it."""

    form: str
    found: FeedEvaluation
    unmapped: list[Answer] = field(default_factory=list)


def read_form(given: Any) -> Form:
    """The description of a form in either shape. Raises FormError."""
    if not isinstance(given, Mapping):
        raise FormError("Give the form as a JSON object with `pages` or `blocks`.")
    name, version = text_of(given.get("name"))[:255], given.get("version")
    if isinstance(given.get("pages"), list):
        questions = list(_paged(given["pages"]))
    elif isinstance(given.get("blocks"), list):
        questions = list(_blocks(given["blocks"]))
    else:
        raise FormError("The form has neither `pages` of questions nor `blocks`.")
    if not questions or len(questions) > MOST_QUESTIONS:
        raise FormError(f"The form has {len(questions):,} questions; 1 to {MOST_QUESTIONS:,} fit.")
    return Form(name, version if isinstance(version, int) else 0, tuple(questions))


def _paged(pages: list[Any]) -> Iterator[Question]:
    for page in pages:
        questions = page.get("questions") if isinstance(page, Mapping) else None
        for question in questions if isinstance(questions, list) else []:
            if not isinstance(question, Mapping) or not question.get("qid"):
                raise FormError("A question has no `qid`.")
            yield _question(question, text_of(page.get("title")))


def _question(told: Mapping[str, Any], page: str) -> Question:
    kind = text_of(told.get("type"))
    parts = told.get("properties") if isinstance(told.get("properties"), list) else []
    return Question(
        key=text_of(told["qid"])[:80],
        title=text_of(told.get("title"))[:500],
        page=page[:255],
        kind=_TYPES.get(kind, kind),
        several=told.get("format") == "multiselect",
        required=told.get("required") is True,
        options=tuple(_options(told.get("options"))),
        parts=tuple(text_of(p.get("id")) for p in parts or [] if isinstance(p, Mapping)),
    )


def _options(given: Any) -> Iterator[str]:
    """Options are texts, or objects with a text and a hint."""
    for option in given if isinstance(given, list) else []:
        yield text_of(option.get("text") if isinstance(option, Mapping) else option)


def _blocks(blocks: list[Any]) -> Iterator[Question]:
    page = label = ""
    waiting: list[dict[str, Any]] = []
    for block in blocks:
        if not isinstance(block, Mapping):
            raise FormError("A block is not an object.")
        kind, words = text_of(block.get("block_type")), text_of(block.get("display_text"))
        if kind == "page-heading":
            page = words
        elif kind.endswith("-label"):
            label = words
        elif kind == "select-input-option" and waiting:
            waiting[-1]["options"].append(words)
        elif kind in _INPUTS:
            required = block.get("required") is True
            waiting.append({"title": label, "page": page, "kind": _INPUTS[kind], "options": []})
            waiting[-1] |= {"required": required, "several": kind.startswith("multi")}
    yield from _keyed(waiting)


def _keyed(waiting: list[dict[str, Any]]) -> Iterator[Question]:
    """Blocks have no ids: each is named by its label, and numbered where a label comes again."""
    seen = Counter[str]()
    for told in waiting:
        key = _slug(told["title"]) or "question"
        seen[key] += 1
        key = f"{key}-{seen[key]}" if seen[key] > 1 else key
        options = tuple(told.pop("options"))
        yield Question(key=key, options=options, **told)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:80]


def read_answers(given: Any, form: Form | None = None, name: str = "", key: str = "") -> Answers:
    """Answers to a form as an evaluation; what is not mapped is kept with its foreign key.

    The form is known by its description or by its `name`; `key` is the registration's own id, else
    what the answers say. Raises FormError.
    """
    if not isinstance(given, Mapping):
        raise FormError("Give the answers as a JSON object: an answer for each question's key.")
    told = text_of(given.get("form") or given.get("registration_schema"))
    called = form.name if form else name or told
    key = key or text_of(given.get("id"))
    made = Answers(called, FeedEvaluation(key[:255], places=[1]))
    known = known_form(called)
    flat = dict(_flat(_inner(given), ""))
    if not flat:
        raise FormError("There are no answers. Give an object with an answer for each key.")
    for place, said in flat.items():
        if said and not says_nothing(said):
            _take(made, known, form, place, said[:MOST_TEXT])
    return made


def _inner(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answers themselves, without what stands around them."""
    for _ in range(_DEPTH):
        found = next((given[w] for w in _WRAPPERS if isinstance(given.get(w), Mapping)), None)
        if found is None:
            break
        given = found
    inside = [value for value in given.values() if isinstance(value, Mapping)]
    if len(given) == 1 and inside and not {"value", "question"} & set(inside[0]):
        return inside[0]  # {name of the form: answers}
    return {k: v for k, v in given.items() if k not in ("id", "form", "registration_schema")}


def _flat(given: Any, key: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """(key such as `q8` or `q8.question`, text) of each answer; files by their names."""
    if isinstance(given, Mapping) and depth < _DEPTH:
        if "value" in given:
            yield from _flat(given["value"] or given.get("extra"), key, depth + 1)
        elif name := given.get("file_name") or given.get("selectedFileName"):
            yield key, text_of(name)
        else:
            for inner, value in given.items():
                yield from _flat(value, f"{key}.{inner}".strip("."), depth + 1)
    elif isinstance(given, list):
        texts = [text for each in given for _, text in _flat(each, key, depth + 1) if text]
        yield key, "; ".join(texts)
    elif given is not None:
        yield key, text_of(given)


def _take(
    made: Answers, known: Mapping[str, str], form: Form | None, place: str, said: str
) -> None:
    outer = place.partition(".")[0]
    question = form.question(outer) if form else None
    key = question.key if question else outer
    whole = place.replace(outer, key, 1)
    target = known.get(whole) or known.get(whole.removesuffix(".question")) or known.get(_slug(key))
    if target is None or not _put(made.found, target, said):
        made.unmapped.append(Answer(whole[:255], question.title if question else "", said))


def _put(found: FeedEvaluation, target: str, said: str) -> bool:
    """Put an answer in its place; False where it is no choice, date or number that we know."""
    group, _, name = target.partition(".")
    kept = meaning(target, said)
    if kept is not None and (group == "date" or name == "approved_on"):
        kept = written(kept)
    elif kept is not None and name in ("sample_size", "clusters"):
        kept = amount(kept)
    if kept is None:
        return False
    if group == "date":
        found.dates.append((name, kept, ""))
    elif group == "designs":
        found.designs += [("", kept)] if ("", kept) not in found.designs else []
    elif not name:
        held = {"": getattr(found, group)} if getattr(found, group) else {}
        join(held, "", kept if group == "summary" else " ".join(kept.split()))
        setattr(found, group, held[""])
    elif group in ("interventions", "outcomes"):
        join(found.items.setdefault(group, [{}])[0], name, kept)
    else:
        join(found.sections.setdefault(group, {}), name, kept)
    return True
