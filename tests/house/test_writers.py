"""One writer. Nothing calls the database's own verbs but the deeds, and those named here."""

from __future__ import annotations

import ast
from pathlib import PurePath

import pytest

from tests.house.tree import ROOT, functions, parsed, python_files

pytestmark = pytest.mark.once

WRITERS = {"save", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
WRITERS |= {f"a{verb}" for verb in WRITERS} | {"acreate", "aupdate", "save_base", "_raw_delete"}
# A relation to many is written through the row: `row.creators.add(…)`; a plain set has one name.
RELATIONS = {"add", "clear", "set", "create", "remove"}
SQL = {"execute", "executemany"}
NO_RELATION = {"record.lines", "self.stopping"}  # the worker's own event
KERNEL = PurePath("src/concordat/kernel")
DEEDS = (KERNEL / "deeds", KERNEL / "audit")

# Who else writes, and why it is no deed: none of these is a record that people decide about.
INFRASTRUCTURE = {
    "src/concordat/kernel/administration/oauth.py": "device codes wait in the cache, not in a row",
    "src/concordat/site/adapters.py": "allauth ties the issuer's account to one that was invited",
    "src/concordat/site/signin_forms.py": "allauth sets the password of whoever holds the link",
    "src/concordat/kernel/doors/idempotency.py": "answers kept so that a repeat does nothing twice",
    "src/concordat/kernel/doors/journeys.py": "half-finished answers in the visitor's own session",
    "src/concordat/kernel/files/store.py": "objects in the file store, not rows",
    "src/concordat/kernel/jobs/tasks.py": "the progress of a job",
    "src/concordat/kernel/jobs/schedules.py": "when something that is done every so often was done",
    "src/concordat/kernel/notices/tell.py": "notices, the shadows of deeds",
    "src/concordat/kernel/notices/post.py": "when a notice was posted",
    "src/concordat/kernel/people/tokens.py": "when a token was last used",
    "src/concordat/tables/actions/reads.py": "the list of reads, the shadow of what the log tells",
    "src/concordat/tables/plane/lake.py": "lines of files in the lake, not rows of the database",
    "src/concordat/site/archive.py": "restore: rows return as they were, entries and all",
}


def _writes(node: ast.AST) -> bool:
    """Whether a call is one of the database's verbs.

    Several are other things' verbs too: a table is written by `….objects.create`, by a relation's
    `row.creators.add`, by SQL through a `cursor` (DuckDB's connections are the data plane), and by
    an `update` that is told its columns by name alone, as a dictionary's hardly ever is.
    """
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    verb, receiver = node.func.attr, ast.unparse(node.func.value)
    if verb in RELATIONS:
        return isinstance(node.func.value, ast.Attribute) and receiver not in NO_RELATION
    if verb in SQL:
        return "cursor" in receiver
    if verb == "update":
        queries = ("objects", "filter(", "exclude(", "manager")
        named = bool(node.keywords) and not node.args
        return any(word in receiver for word in queries) or (
            named and not receiver.endswith(("globals", "filters"))
        )
    return verb in WRITERS


def _writers() -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for path in python_files(tests=False):
        if path.parts[0] != "src" or any(path.is_relative_to(room) for room in DEEDS):
            continue
        if lines := [node.lineno for node in ast.walk(parsed(path)) if _writes(node)]:
            found[path.as_posix()] = lines
    return found


def test_nothing_writes_but_the_deeds_and_what_is_named_here():
    strangers = {path: lines for path, lines in _writers().items() if path not in INFRASTRUCTURE}
    assert not strangers, "write through act() or act_many(), or say here why it is no deed"


WRITING = (
    "rows.update(**values)",
    "rows.update(status='x')",
    "found.creators.add(body)",
    "found.creators.set([])",
    "found.creators.clear()",
    "found.tables.create(name='x')",
    "cursor.execute('DELETE FROM t')",
    "connection.cursor().executemany(sql, rows)",
    "row.save_base(raw=True)",
    "rows._raw_delete('default')",
    "await rows.abulk_update(found, ['status'])",
    "await rows.aupdate_or_create(pk=1)",
    "Dataset.objects.create(title='x')",
    "row.delete()",
)
READING = ("seen.add(name)", "values.update(other)", "connection.execute('SELECT 1')")


@pytest.mark.parametrize("code", WRITING)
def test_each_way_of_writing_is_known(code):
    assert any(_writes(node) for node in ast.walk(ast.parse(code)))


@pytest.mark.parametrize("code", READING)
def test_what_only_looks_like_writing_is_let_be(code):
    assert not any(_writes(node) for node in ast.walk(ast.parse(code)))


@pytest.mark.parametrize("path", INFRASTRUCTURE)
def test_what_is_named_here_does_still_write(path):
    assert path in _writers(), "take the line away"


def _actions():
    for path in python_files(tests=False):
        if path.parts[0] == "src" and ("actions" in path.parts or path.stem == "actions"):
            yield path


def _public_actions():
    for path in _actions():
        for node in parsed(path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield path, node


def test_every_action_begins_with_the_actor():
    wrong = [
        f"{path}:{f.lineno} {f.name}"
        for path, f in _public_actions()
        if [a.arg for a in (f.args.posonlyargs + f.args.args)[:1]] != ["actor"]
    ]
    assert not wrong


# In a room of reads without being a read: what it is.
NO_READ = {
    "actor_for": "makes the actor",
    "actor_of_facts": "makes the actor",
    "opened": "the content of an upload that `upload` let the actor have",
    "rolled_up": "ids from ids; the rows are read by their own query",
    "like": "narrows rows that begin with an actor",
    "resource_rows": "the labels and values of a record already read",
    "request_rows": "the labels and values of a record already read",
    "clauses_of": "the sentences of a record already read",
    "differences": "the labels and values of a record already read",
    "register_rows": "the labels and values of a record already read",
    "evaluation_rows": "the labels and values of a record already read",
    "date_rows": "the labels and values of a record already read",
    "parts": "the sections of a plan already read",
    "lacking": "what a record already read does not say",
    "answer_rows": "the words of an assessment already read",
    "public_body": "the file of a version already read",
    "flat_columns": "the names of columns",
    "flat": "one line of a record already read",
    "question_rows": "the labels and values of a record already read",
    "recommendation_rows": "the labels and values of a record already read",
    "between": "narrows rows that begin with an actor",
    "beyond": "narrows rows that begin with an actor",
    "within": "narrows rows that begin with an actor",
    "moves_of": "how the dates of lines already read moved",
    "numbers_of": "the numbers of lines already read",
    "basis_in_words": "the words for a year already read",
    "flags_in_words": "the words for figures already reckoned",
    "change_in_words": "the words for figures already reckoned",
    "summary_rows": "the labels and values of figures already reckoned",
    "line_rows": "the labels and values of a project already read",
}


def _queries():
    for path in python_files(tests=False):
        if path.parts[0] == "src" and ("queries" in path.parts or path.stem == "queries"):
            for node in parsed(path).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    yield path, node


def _begins_with_the_actor(function: ast.FunctionDef) -> bool:
    given = function.args.posonlyargs + function.args.args
    return given[:1] != [] and given[0].arg == "actor" and len(function.args.defaults) < len(given)


def test_every_query_begins_with_the_actor_and_supposes_none():
    wrong = {f.name: str(path) for path, f in _queries() if not _begins_with_the_actor(f)}
    assert not {name: path for name, path in wrong.items() if name not in NO_READ}
    assert not set(NO_READ) - set(wrong), "take the line away"


def _calls(function: ast.AST) -> set[str]:
    made = {node.func for node in ast.walk(function) if isinstance(node, ast.Call)}
    return {f.id if isinstance(f, ast.Name) else getattr(f, "attr", "") for f in made}


def test_every_action_goes_through_act():
    bodies = {f.name: _calls(f) for path in _actions() for f in functions(path)}
    # A read is a deed that changes nothing; asking for long work is the deed of the jobs' room.
    through = {"act", "act_many", "note_read", "queue"}
    while more := {name for name, called in bodies.items() if called & through} - through:
        through |= more
    around = {f"{path} {f.name}" for path, f in _public_actions() if f.name not in through}
    assert not around


def test_django_signals_connect_nothing():
    """What should happen after a deed is one line in site/wiring.py."""
    users = [
        str(path)
        for path in python_files(tests=False)
        if path.parts[0] == "src" and "django.db.models.signals" in (ROOT / path).read_text("utf-8")
    ]
    assert not users
