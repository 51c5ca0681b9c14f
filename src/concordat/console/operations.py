"""What the API can do, read from its own description."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Operation:
    """One operation: `noun` and `verb` name it, `path` has the names of what must be given."""

    noun: str
    verb: str
    method: str
    path: str
    summary: str
    names: tuple[str, ...]
    filters: dict[str, dict[str, Any]]
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    required: tuple[str, ...] = ()

    @property
    def uploads(self) -> tuple[str, ...]:
        """The fields that take a file: given as its path."""
        return tuple(n for n, schema in self.fields.items() if schema.get("format") == "binary")

    def usage(self) -> str:
        """How it is typed, a line for each thing that it takes."""
        names = "".join(f" {name.upper()}" for name in (*self.names, *self.uploads))
        lines = [f"concordat {self.noun} {self.verb}{names}", f"  {self.summary}"]
        for name, schema in {**self.filters, **self.fields}.items():
            if name in self.uploads:
                continue
            needed = " (needed)" if name in self.required else ""
            about = schema.get("description", "")
            lines.append(f"  --{name.replace('_', '-')}{needed}  {about}".rstrip())
        return "\n".join([*lines, "  --json  The whole answer as JSON"])


def operations(description: dict[str, Any]) -> dict[tuple[str, str], Operation]:
    """Every operation by (noun, verb): ("dataset", "publish"), ("datasets", "list")."""
    found = {}
    for path, methods in description["paths"].items():
        for method, told in methods.items():
            made = _operation(description, path, method, told)
            found[made.noun, made.verb] = made
    return found


def _operation(
    description: dict[str, Any], path: str, method: str, told: dict[str, Any]
) -> Operation:
    verb, noun = _names(path, told["operationId"])
    given = told.get("parameters", [])
    schema = _body(description, told)
    return Operation(
        noun=noun.replace("_", "-"),
        verb=verb.replace("_", "-"),
        method=method.upper(),
        path=path,
        summary=told.get("summary", ""),
        names=tuple(p["name"] for p in given if p["in"] == "path"),
        filters={p["name"]: p["schema"] for p in given if p["in"] == "query"},
        fields=schema.get("properties", {}),
        required=tuple(schema.get("required", ())),
    )


def _names(path: str, operation: str) -> tuple[str, str]:
    """(verb, noun) of an operation: a verb of several words is the end of its address."""
    end = path.rsplit("/", 1)[-1].replace("-", "_")
    if operation.startswith(f"{end}_"):
        return end, operation.removeprefix(f"{end}_")
    verb, _, noun = operation.partition("_")
    return (noun, verb) if noun == "list" else (verb, noun)  # register_list


def _body(description: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """The schema of a body: JSON, or a form with a file."""
    content = told.get("requestBody", {}).get("content", {})
    media = content.get("application/json") or content.get("multipart/form-data") or {}
    return _resolved(description, media.get("schema", {}))


def _resolved(description: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with its reference followed, the null of an optional body left out."""
    for option in [*schema.get("anyOf", []), *schema.get("allOf", [])]:
        if "$ref" in option:
            schema = option
    if "$ref" in schema:
        found: dict[str, Any] = description["components"]["schemas"]
        return found[schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def typed(text: str, schema: dict[str, Any]) -> Any:
    """A value typed on the command line, as its field takes it.

    Lists are given with commas or as JSON; `null`, numbers and booleans as JSON.
    """
    kinds = {schema.get("type")} | {option.get("type") for option in schema.get("anyOf", [])}
    if "array" in kinds:
        return json.loads(text) if text.startswith("[") else [t.strip() for t in text.split(",")]
    if kinds & {"integer", "number", "boolean", "object"} and "string" not in kinds:
        try:
            return json.loads(text)
        except ValueError:
            return text  # the site says what it should be
    return None if text == "null" and "null" in kinds else text
