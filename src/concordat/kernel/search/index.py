"""The index: one tantivy folder on each host, rebuilt from the database whenever it must be."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import structlog
import tantivy

from concordat.kernel.search.document import Document
from concordat.kernel.search.words import analyser

VERSION: Final = 1  # of the schema: another number means another folder, built anew
FACETS: Final = ("kind", "organisation", "theme", "access", "format", "licence")
TEXTS: Final = {"title": 4.0, "keywords": 2.0, "summary": 1.5, "body": 1.0}
KEPT: Final = 2000  # characters of the body that are kept to show and explain
_RELOAD: Final = 0.3
log = structlog.get_logger()


def schema() -> Any:
    """The fields of the index."""
    made = tantivy.SchemaBuilder()
    for name in ("key", "reference", "audience"):
        made.add_text_field(name, stored=name == "key", tokenizer_name="raw", index_option="basic")
    for name in TEXTS:
        made.add_text_field(name, stored=False, tokenizer_name="words", index_option="position")
    for name in FACETS:
        made.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    made.add_date_field("modified", fast=True, indexed=True)
    made.add_text_field("shown", stored=True, tokenizer_name="raw", index_option="basic")
    return made.build()


class Index:
    """A folder with an index in it, and the place in the log up to which it has read.

    Opening a folder that is missing, damaged or of an older version moves it aside and starts an
    empty one at place -1, so that the follower fills it again.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / f"v{VERSION}"
        self._index = self._open()
        self._writer: Any = None
        self._looked = 0.0

    def _open(self) -> Any:
        try:
            if self.folder.exists() and self._cursor_file.exists():
                found = tantivy.Index.open(str(self.folder))
                found.register_tokenizer("words", analyser())
                found.searcher()
                return found
        except (ValueError, OSError) as error:
            log.warning("the search index is damaged and will be built again", error=str(error))
        return self._fresh()

    def _fresh(self) -> Any:
        if self.folder.exists():
            aside = self.folder.with_name(f"damaged-{time.time_ns()}")
            self.folder.rename(aside)
            shutil.rmtree(aside, ignore_errors=True)
        self.folder.mkdir(parents=True)
        made = tantivy.Index(schema(), path=str(self.folder))
        made.register_tokenizer("words", analyser())
        self._note(-1)
        return made

    @property
    def _cursor_file(self) -> Path:
        return self.folder / "cursor.json"

    @property
    def cursor(self) -> int:
        """The last place of the log whose entry is in the index; -1 when none is."""
        try:
            return int(json.loads(self._cursor_file.read_text())["position"])
        except (OSError, ValueError, KeyError):
            return -1

    def _note(self, position: int) -> None:
        """Write the cursor so that a crash leaves the old one or the new one, whole."""
        partial = self._cursor_file.with_suffix(".partial")
        partial.write_text(json.dumps({"position": position}))
        partial.replace(self._cursor_file)

    def write(
        self,
        documents: Iterable[Document],
        gone: Iterable[str],
        position: int,
        *,
        anew: bool = False,
    ) -> int:
        """Put documents in the place of their older selves, take out `gone` (keys), move on to
        `position`; returns how many were put in. One commit: readers see all of it or none.

        Raises ValueError when another process of this host is writing.
        """
        if self._writer is None:
            self._writer = self._index.writer(64_000_000, 1)
        if anew:
            self._writer.delete_all_documents()
        count = 0
        for key in gone:
            self._writer.delete_documents_by_term("key", key)
        for document in documents:
            if not anew:
                self._writer.delete_documents_by_term("key", document.key)
            self._writer.add_document(_made(document))
            count += 1
        self._writer.commit()
        self._note(position)
        self._looked = 0.0
        return count

    def close(self) -> None:
        """Let another process write."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    def searcher(self) -> Any:
        """A view of what was last committed, at most a third of a second old."""
        now = time.monotonic()
        if now - self._looked > _RELOAD:
            self._index.reload()
            self._looked = now
        return self._index.searcher()

    @property
    def schema(self) -> Any:
        """The schema, as queries need it."""
        return self._index.schema


def _made(document: Document) -> Any:
    made = tantivy.Document()
    made.add_text("key", document.key)
    for name in (document.reference.lower(), *document.reference.lower().split("-")):
        made.add_text("reference", name)
    for token in document.audience:
        made.add_text("audience", token)
    for name, text in (
        ("title", document.title),
        ("keywords", " . ".join(document.keywords)),
        ("summary", document.summary),
        ("body", document.body),
    ):
        made.add_text(name, text)
    made.add_text("kind", document.kind)
    for name in FACETS:
        for value in document.facets.get(name, ()):
            made.add_text(name, value)
    made.add_date("modified", document.modified)
    made.add_text("shown", json.dumps(_shown(document), ensure_ascii=False))
    return made


def _shown(document: Document) -> dict[str, Any]:
    return {
        "kind": document.kind,
        "reference": document.reference,
        "title": document.title,
        "summary": document.summary,
        "keywords": list(document.keywords),
        "body": document.body[:KEPT],
        "path": document.path,
        "state": document.state,
        "organisation": list(document.facets.get("organisation", ())),
        "modified": document.modified.isoformat(),
    }
