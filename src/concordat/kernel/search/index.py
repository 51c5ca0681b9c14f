"""The index: one tantivy folder on each host, rebuilt from the database whenever it must be."""

from __future__ import annotations

import json
import shutil
import time
import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import structlog
import tantivy

from concordat.kernel.search.document import Document
from concordat.kernel.search.host import BusyError, DamagedError, HostLock, guarded
from concordat.kernel.search.words import analyser

VERSION: Final = 3  # of the schema and the folder: another number means another folder, built anew
FACETS: Final = (
    "kind",
    "organisation",
    "theme",
    "type",
    "stage",
    "method",
    "access",
    "format",
    "licence",
)
TEXTS: Final = {"title": 4.0, "keywords": 2.0, "summary": 1.5, "body": 1.0}
KEPT: Final = 2000  # characters of the body that are kept to show and explain
QUIET: Final = 120.0  # seconds: a younger generation is not built again because a reader failed
_RELOAD: Final = 0.3
log = structlog.get_logger()


@cache
def schema() -> Any:
    """The fields of the index."""
    made = tantivy.SchemaBuilder()
    for name in ("key", "reference", "audience", "later"):
        made.add_text_field(name, stored=name == "key", tokenizer_name="raw", index_option="basic")
    for name in TEXTS:
        made.add_text_field(name, stored=False, tokenizer_name="words", index_option="position")
    for name in FACETS:
        made.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("modified", "opens"):
        made.add_date_field(name, fast=True, indexed=True)
    made.add_text_field("shown", stored=True, tokenizer_name="raw", index_option="basic")
    return made.build()


@dataclass(frozen=True)
class Cursor:
    """The last place of the log that is in the index, and what stands there: a log that holds
    something else at that place is another log. -1 and "" before the first."""

    position: int
    commitment: str


class Index:
    """A folder of generations, the name of the current one, and the place to which that has read.

    A generation is a tantivy folder. One process of the host adds to the current one; building
    makes another beside it and then turns the name over, so that readers always see a whole one.
    A reader goes on with what it has in memory for as long as there is nothing better.
    """

    def __init__(self, folder: Path) -> None:
        self.root = folder / f"v{VERSION}"
        self._held: tuple[str, Any] | None = None
        self._writing: tuple[str, Any] | None = None
        self._looked = 0.0
        self._writer_lock = HostLock(folder / "writer.lock")
        self._build_lock = HostLock(folder / "build.lock")

    @property
    def current(self) -> str:
        """The name of the current generation; "" while there is none."""
        try:
            return (self.root / "current").read_text("utf-8").strip()
        except (OSError, ValueError):
            return ""

    @property
    def folder(self) -> Path:
        """The folder of the current generation."""
        return self.root / (self.current or "none")

    def read_cursor(self) -> Cursor | None:
        """How far the current generation has read; None when it is missing or cannot say."""
        try:
            return Cursor(**json.loads((self.folder / "cursor.json").read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    @property
    def cursor(self) -> int:
        """The last place of the log whose entry is in the index; -1 when none is."""
        found = self.read_cursor()
        return found.position if found else -1

    def claim(self) -> bool:
        """Whether this process is the one of its host that keeps the index in step."""
        return self._writer_lock.take()

    def write(
        self,
        documents: Iterable[Document],
        gone: Iterable[str],
        position: int,
        commitment: str = "",
        *,
        anew: bool = False,
    ) -> int:
        """Put documents in the place of their older selves, take out `gone` (keys), move on to
        `position`; returns how many were put in. One commit: readers see all of it or none.

        Raises DamagedError when that cannot be done, also when another process is writing.
        """
        if not self.current:
            self.build((), Cursor(-1, ""))
        name, made = self.current, list(documents)
        try:
            with guarded():
                writer = self._writer(name)
                if anew:
                    writer.delete_all_documents()
                for key in [*gone, *(document.key for document in made)]:
                    writer.delete_documents_by_term("key", key)
                for document in made:
                    writer.add_document(_made(document))
                writer.commit()
                _note(self.root / name, Cursor(position, commitment))
        except DamagedError:
            self._writing = None
            raise
        self._looked = 0.0
        return len(made)

    def _writer(self, name: str) -> Any:
        if self._writing is None or self._writing[0] != name:
            self._writing = None  # a writer of an older generation goes before another is made
            self._writing = (name, _opened(self.root / name).writer(64_000_000, 1))
        return self._writing[1]

    def build(self, documents: Iterable[Document], cursor: Cursor) -> int:
        """Make a new generation and turn over to it; returns how many documents it holds.

        Raises BusyError when another process of this host is building.
        """
        if not self._build_lock.take():
            raise BusyError
        before, name = self.current, uuid.uuid4().hex[:12]
        folder = self.root / name
        try:
            folder.mkdir(parents=True)
            count = _fill(folder, documents)
            _note(folder, cursor)
            (folder / "built").touch()
            _replace(self.root / "current", name)
            self._sweep({before, name})
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        finally:
            self._build_lock.release()
        self._looked = 0.0
        return count

    def _sweep(self, kept: set[str]) -> None:
        """Remove what is neither current nor was so until now: a reader may be opening that one."""
        (self.root / "damaged").unlink(missing_ok=True)
        older = [path for path in self.root.parent.glob("v*") if path != self.root]
        unused = [path for path in self.root.iterdir() if path.name not in kept and path.is_dir()]
        for path in older + unused:
            shutil.rmtree(path, ignore_errors=True)

    def report(self, error: DamagedError, name: str = "") -> None:
        """Ask whoever keeps the index to build it again, and open it anew at the next search."""
        log.warning("the search index is damaged and will be built again", error=str(error))
        if name := name or (self._held or ("",))[0]:
            with suppress(OSError):
                _replace(self.root / "damaged", name)
        self._held, self._looked = None, 0.0

    @property
    def reported(self) -> bool:
        """Whether a reader found the current generation damaged.

        A young one is left alone, so that a search that always fails cannot keep the host building.
        """
        try:
            named = (self.root / "damaged").read_text("utf-8").strip()
            age = time.time() - (self.folder / "built").stat().st_mtime
        except OSError:
            return False
        return named == self.current and age > QUIET

    def close(self) -> None:
        """Let another process write."""
        if self._writing is not None:
            with suppress(DamagedError), guarded():
                self._writing[1].wait_merging_threads()
            self._writing = None
        self._writer_lock.release()

    def searcher(self) -> Any:
        """A view of what was last committed, at most a third of a second old.

        Raises DamagedError when there is nothing that can be read.
        """
        now = time.monotonic()
        if self._held is None or now - self._looked > _RELOAD:
            self._look()
            self._looked = now
        held = self._held  # another thread may let it go at any moment
        if held is None:
            raise DamagedError("there is no index to read")
        with guarded():
            return held[1].searcher()

    def _look(self) -> None:
        """Turn to the current generation, or to what was added to it since."""
        held, name = self._held, self.current
        try:
            if held is None or (name and held[0] != name):
                self._held = (name, _opened(self.root / name)) if name else None
            elif name:
                with guarded():
                    held[1].reload()
        except DamagedError as error:
            self.report(error, name)
            self._held = held  # what was read before is in memory still


def _opened(folder: Path) -> Any:
    with guarded():
        found = tantivy.Index.open(str(folder))
        found.register_tokenizer("words", analyser())
        found.searcher()
        return found


def _fill(folder: Path, documents: Iterable[Document]) -> int:
    with guarded():
        made = tantivy.Index(schema(), path=str(folder))
        made.register_tokenizer("words", analyser())
        writer = made.writer(64_000_000, 1)
    count = 0
    for count, document in enumerate(documents, 1):  # noqa: B007 -- the number of the last one
        with guarded():
            writer.add_document(_made(document))
    with guarded():
        writer.commit()
        writer.wait_merging_threads()
    return count


def _note(folder: Path, cursor: Cursor) -> None:
    _replace(folder / "cursor.json", json.dumps(asdict(cursor)))


def _replace(path: Path, text: str) -> None:
    """Write a small file so that a crash leaves the old one or the new one, whole."""
    partial = path.with_name(f"{path.name}.{uuid.uuid4().hex[:8]}.partial")
    partial.write_text(text, "utf-8")
    partial.replace(path)


def _made(document: Document) -> Any:
    made = tantivy.Document()
    made.add_text("key", document.key)
    for name in (document.reference.lower(), *document.reference.lower().split("-")):
        made.add_text("reference", name)
    for token in document.audience:
        made.add_text("audience", token)
    for token in document.later:
        made.add_text("later", token)
    if document.opens is not None:
        made.add_date("opens", document.opens)
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
