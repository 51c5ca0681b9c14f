"""`concordat docs`: write docs/generated from the code; `--check` says whether it is fresh."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError, CommandParser

from concordat.kernel.access import all_permissions, all_roles
from concordat.kernel.lifecycle import mermaid
from concordat.kernel.publication.models import record_kinds, subject_kinds
from concordat.kernel.reference import codelist, codelist_names
from concordat.site.api import api
from concordat.site.environment import Environment

_NOTE = "<!-- Made from the code by `concordat docs`. Do not edit. -->\n"


class Command(BaseCommand):
    """The documents that the code can write itself."""

    help = "Write docs/generated from the code."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where, and whether only to check."""
        parser.add_argument("--check", action="store_true", help="Fail when something is stale")
        parser.add_argument("--folder", type=Path, default=Path("docs/generated"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or compare each."""
        folder: Path = options["folder"]
        stale = []
        for name, text in documents():
            path = folder / name
            if options["check"]:
                if not path.exists() or path.read_text("utf-8") != text:
                    stale.append(name)
                continue
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        if stale:
            raise CommandError(f"Stale: {', '.join(stale)}. Run `concordat docs`.")


def documents() -> Iterator[tuple[str, str]]:
    """(file name, text) of each generated document."""
    yield "settings.md", _settings()
    yield "permissions.md", _permissions()
    yield "lifecycles.md", _lifecycles()
    yield "public-fields.md", _public_fields()
    yield "commands.md", _commands()
    yield "codelists.md", _codelists()
    yield "openapi.json", _openapi()


def _table(title: str, heads: list[str], rows: Iterator[list[str]]) -> str:
    lines = [_NOTE, f"# {title}\n", f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads)]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _settings() -> str:
    def rows() -> Iterator[list[str]]:
        for name, field in Environment.model_fields.items():
            default = field.default
            shown = default.get_secret_value() if hasattr(default, "get_secret_value") else default
            text = "" if shown in ("", {}, []) else f"`{json.dumps(shown, default=str)}`"
            yield [f"`CONCORDAT_{name.upper()}`", text, field.description or ""]

    return _table("Settings", ["Environment variable", "Default", "What it does"], rows())


def _permissions() -> str:
    roles = all_roles()

    def rows() -> Iterator[list[str]]:
        for permission in sorted(all_permissions()):
            held = [f"`{role}`" for role in sorted(roles) if permission in roles[role]]
            yield [f"`{permission}`", ", ".join(held)]

    return _table("Permissions and who holds them", ["Permission", "Roles"], rows())


def _lifecycles() -> str:
    parts = [_NOTE, "# Lifecycles\n"]
    for kind, model in sorted(subject_kinds().items()):
        found = model.LIFECYCLE
        parts.append(f"## {kind}\n\n```mermaid\n{mermaid(found)}```\n")
        parts.append("| Verb | From | To | Side | Needs | Opens to | Note | Apart from |")
        parts.append("| --- | --- | --- | --- | --- | --- | --- | --- |")
        for t in found.transitions:
            opens = t.opens_to.name.lower() if t.opens_to is not None else ""
            sources = ", ".join(sorted(s or "(new)" for s in t.sources))
            cells = [t.verb, sources, t.target or "(stays)", t.by, t.needs, opens, t.note.value]
            parts.append(f"| {' | '.join(map(str, cells))} | {', '.join(t.apart_from)} |")
        parts.append("")
    return "\n".join(parts)


def _public_fields() -> str:
    def rows() -> Iterator[list[str]]:
        for kind, model in sorted(record_kinds().items()):
            if model.PUBLIC_FIELDS:
                yield [kind, ", ".join(f"`{name}`" for name in model.PUBLIC_FIELDS)]

    return _table("What a public entry of the log may show", ["Record", "Fields"], rows())


def _commands() -> str:
    def rows() -> Iterator[list[str]]:
        yield ["`concordat verify`", "Check the audit log from its public files alone"]
        for name, app in sorted(get_commands().items()):
            if str(app).startswith("concordat."):
                yield [f"`concordat {name}`", load_command_class(str(app), name).help]

    return _table("Commands for operators", ["Command", "What it does"], rows())


def _codelists() -> str:
    def rows() -> Iterator[list[str]]:
        for name in codelist_names():
            found = codelist(name)
            yield [f"`{name}`", found.version, found.source, str(len(found.rows))]

    return _table("Codelists", ["List", "Version", "Source", "Codes"], rows())


def _openapi() -> str:
    return json.dumps(api.get_openapi_schema(), indent=1, sort_keys=True) + "\n"
