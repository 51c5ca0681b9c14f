"""`concordat NOUN VERB [REFERENCE] [--field value …] [--json]`, and signing in."""

from __future__ import annotations

import html
import json
import sys
import time
import uuid
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import httpx2
import typer

from concordat.console.operations import Operation, operations, typed
from concordat.console.profile import Profile, load, save
from concordat.console.sending import Refused, send

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
_NAMES = ("reference", "slug", "id", "role", "permission", "number")
_CALLED = ("title", "name", "text", "label", "holder", "relation", "scope", "hash")
_SCOPE = "read write deliver"
_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


def _client(profile: Profile) -> httpx2.Client:
    headers = {"Accept": "application/json"}
    if profile.token:
        headers["Authorization"] = f"Bearer {profile.token}"
    return httpx2.Client(base_url=profile.url, headers=headers, timeout=60)


def _stop(words: str) -> typer.Exit:
    typer.echo(words, err=True)
    return typer.Exit(1)


@app.command()
def login(
    url: Annotated[str, typer.Option(help="Address of the site")] = "",
    token: Annotated[str, typer.Option(help="A token you already have")] = "",
    scope: Annotated[str, typer.Option(help="What for; admin too, for people and tokens")] = _SCOPE,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON")] = False,
) -> None:
    """Sign in: by a code that you allow in a browser, or with a token."""
    profile = Profile((url or load().url).rstrip("/"), token)
    if not token:
        profile = Profile(profile.url, _by_code(profile, scope))
    save(profile)
    typer.echo(json.dumps({"url": profile.url}) if as_json else f"Signed in to {profile.url}.")


def _by_code(profile: Profile, scope: str) -> str:
    with _client(Profile(profile.url)) as client:
        begun = client.post("/oauth/device", data={"scope": scope}).json()
        if "error" in begun:
            raise _stop(begun["error_description"])
        # Beside the answer, not in it: `--json` may be read by a program.
        words = f"Open {begun['verification_uri']} and enter {begun['user_code']}"
        typer.echo(words, err=True)
        for _ in range(begun["expires_in"] // begun["interval"]):
            time.sleep(begun["interval"])
            data = {"grant_type": _DEVICE, "device_code": begun["device_code"]}
            answer = client.post("/oauth/token", data=data).json()
            if "access_token" in answer:
                return str(answer["access_token"])
            if answer["error"] != "authorization_pending":
                break
    raise _stop("The code was not allowed in time. Begin again.")


@app.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    add_help_option=False,  # `--help` after a noun or a verb is about that one
)
def do(
    context: typer.Context,
    noun: Annotated[str, typer.Argument(help="Such as dataset, datasets, share-request")],
    verb: Annotated[str, typer.Argument(help="Such as list, get, draft, submit")] = "list",
) -> None:
    """Do a verb to a record over the API: `concordat dataset publish DS-7K2M-41`."""
    with _client(load()) as client:
        if (noun, verb) == ("table", "send"):
            _send(client, context.args)
            return
        found = _described(client)
        if "--help" in (verb, *context.args):
            operation = found.get((noun, verb))
            typer.echo(operation.usage() if operation else _offer(found, noun))
            return
        if verb.startswith("--"):  # the verb was left out: `concordat search --q housing`
            context.args.insert(0, verb)
            verb = "list"
        operation = found.get((noun, verb))
        if operation is None:
            raise _stop(_offer(found, noun))
        _perform(client, operation, context.args)


_SENDS = (
    "concordat table send TB-… FILE [--load] [--json]\n  Send a file for a table, going on where it "
    "was cut off; then show its start, or load it"
)


def _send(client: httpx2.Client, given: list[str]) -> None:
    """Send a file piece by piece, then show its start or, with `--load`, load it."""
    flags, names = {w for w in given if w.startswith("--")}, [w for w in given if w[:2] != "--"]
    if flags - {"--load", "--json"} or len(names) != 2:
        if "--help" not in flags:
            raise _stop(_SENDS)
        typer.echo(_SENDS)
        return
    table, file = names[0], Path(names[1])
    if not file.is_file():
        raise _stop(f"There is no file at “{file}”.")
    try:
        number = send(client, table, file, _tell)
    except (Refused, httpx2.HTTPError) as error:
        raise _stop(f"\n{error} What came is kept for a week: send it again to go on.") from error
    typer.echo("", err=True)
    found = _described(client)
    operation = found["table-file", "load" if "--load" in flags else "get"]
    _perform(client, operation, [table, str(number), *(flags & {"--json"})])


def _tell(there: int, size: int) -> None:
    typer.echo(f"\r{there * 100 // size}% of {size:,} bytes", nl=False, err=True)


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="One SELECT; - reads it from standard input")] = "",
    file: Annotated[Path | None, typer.Option("-f", "--file", help="A file that holds it")] = None,
    form: Annotated[str, typer.Option("--format", help="table, json or csv")] = "table",
) -> None:
    """Run one SELECT over the tables that your shares give."""
    if form not in ("table", "json", "csv"):
        raise _stop("--format is table, json or csv.")
    if file is not None and not file.is_file():
        raise _stop(f"There is no file “{file}”.")
    text = file.read_text("utf-8") if file else sys.stdin.read() if query == "-" else query
    if not text.strip():
        raise _stop('Give a query: concordat sql "SELECT …", or -f with a file.')
    body = {"sql": text, "format": "csv" if form == "csv" else "json"}
    with _client(load()) as client, client.stream("POST", "/api/v1/sql", json=body) as answer:
        if answer.is_error:
            answer.read()
            raise _stop(_problem(answer.json()))
        if form == "csv":
            _pass_on(answer)
            return
        answer.read()
    data = answer.json()
    typer.echo(json.dumps(data, indent=1, ensure_ascii=False) if form == "json" else _grid(data))


def _grid(data: dict[str, Any]) -> str:
    """The rows of a query in columns."""
    cells = [[column["name"] for column in data["columns"]]]
    cells += [["" if cell is None else str(cell) for cell in row] for row in data["rows"]]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in cells]
    if not data["whole"]:
        lines.append("There are more rows: --format csv gives all.")
    return "\n".join(lines)


def _described(client: httpx2.Client) -> dict[tuple[str, str], Operation]:
    """What the site can do, by its own word."""
    try:
        return operations(client.get("/api/v1/openapi.json").raise_for_status().json())
    except (httpx2.HTTPError, ValueError, KeyError) as error:
        raise _stop(f"{client.base_url} does not answer as a Concordat site: {error}") from error


def nouns() -> str:
    """The nouns of the site one has signed in to, each with its verbs; or how to sign in."""
    profile = load()
    if not profile.token:
        return "Sign in to see what there is: concordat login --url https://…"
    with _client(profile) as client:
        found = _described(client)
    verbs: dict[str, list[str]] = {}
    for noun, verb in sorted(found):
        verbs.setdefault(noun, []).append(verb)
    lines = [f"  {noun:<16} {', '.join(held)}" for noun, held in verbs.items()]
    return "\n".join([f"What there is at {profile.url} (concordat NOUN VERB):", *lines])


def _offer(found: dict[tuple[str, str], Operation], noun: str) -> str:
    verbs = sorted(verb for name, verb in found if name == noun)
    if verbs:
        return f"For {noun} there is: {', '.join(verbs)}."
    return f"There is no {noun}. Choose from: {', '.join(sorted({n for n, _ in found}))}."


def _perform(client: httpx2.Client, operation: Operation, given: list[str]) -> None:
    values, options, as_json = _read(operation, given)
    path = operation.path
    for name, value in zip(operation.names, values, strict=True):
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    headers = {} if operation.method == "GET" else {"Idempotency-Key": uuid.uuid4().hex}
    query = {k: v for k, v in options.items() if k in operation.filters}
    body = {k: v for k, v in options.items() if k in operation.fields}
    sent = _sent(operation, body) if operation.method != "GET" else {}
    asked = client.stream(operation.method, path, params=query, headers=headers, **sent)
    with asked as answer:
        if "json" not in answer.headers.get("content-type", ""):
            _pass_on(answer)
            return
        answer.read()
    data = answer.json()
    if answer.is_error:
        raise _stop(json.dumps(data, indent=1) if as_json else _problem(data))
    typer.echo(json.dumps(data, indent=1, ensure_ascii=False) if as_json else _shown(data))


def _pass_on(answer: httpx2.Response) -> None:
    """What is no JSON, such as the rows of a share, goes out as it comes in."""
    if answer.is_error:
        raise _stop(f"The site answered {answer.status_code}.")
    try:
        for piece in answer.iter_bytes():
            sys.stdout.buffer.write(piece)
    except httpx2.HTTPError as error:
        raise _stop(f"The answer broke off: {error}. What came is not all of it.") from error
    sys.stdout.buffer.flush()


def _sent(operation: Operation, body: dict[str, Any]) -> dict[str, Any]:
    """The body as httpx takes it: JSON, or a form with the files that the paths name."""
    if not operation.uploads:
        return {"json": body} if body or operation.fields else {}
    files = {}
    for name in operation.uploads:
        place = Path(str(body.pop(name, "")))
        if not place.is_file():
            raise _stop(f"--{name} is the path of a file, and there is none at “{place}”.")
        files[name] = (place.name, place.open("rb"))
    return {"data": body, "files": files}


def _read(operation: Operation, given: list[str]) -> tuple[list[str], dict[str, Any], bool]:
    """(path values, options, --json) of what was typed after the verb."""
    values: list[str] = []
    options: dict[str, Any] = {}
    waiting = iter(given)
    as_json = False
    for word in waiting:
        if word == "--json":
            as_json = True
        elif word.startswith("--"):
            name, _, text = word[2:].partition("=")
            name = name.replace("-", "_")
            known = {**operation.filters, **operation.fields}
            if name not in known:
                raise _stop(f"--{name} is not known here. Use: {', '.join(sorted(known))}.")
            text = text or next(waiting, "")
            options[name] = typed(text, known[name])
        else:
            values.append(word)
    most = len(operation.names)
    for name, value in zip(operation.uploads, values[most:], strict=False):
        options.setdefault(name, value)  # a file may be given by its place alone
    if len(values) < most or len(values) > most + len(operation.uploads):
        raise _stop(f"Give {' '.join(operation.names) or 'nothing more'} after the verb.")
    return values[:most], options, as_json


def _problem(data: Any) -> str:
    if not isinstance(data, dict):
        return str(data)
    lines = [f"{data.get('title', 'Refused')}: {data.get('detail', '')}"]
    for error in data.get("errors", []) or []:
        lines.append(f"  {error['field']}: {error['message']}")
    return "\n".join(lines)


def _shown(data: Any) -> str:
    """A list as lines, a record as names and values."""
    if not isinstance(data, dict):
        return str(data)
    items = data.get("items", data.get("hits"))
    if isinstance(items, list):
        lines = [_line(item) for item in items]
        counted = [f"{data['total']} in all, page {data['page']}"] if "total" in data else []
        more = [f"More: --cursor {data['next']}"] if data.get("next") else []
        return "\n".join([*lines, *counted, *more])
    return "\n".join(f"{name}: {value}" for name, value in data.items() if value not in (None, ""))


def _line(item: dict[str, Any]) -> str:
    """A row in a line: what names it, how it stands, what it is called."""
    named = next((item[key] for key in _NAMES if item.get(key)), "")
    called = next((item[key] for key in _CALLED if item.get(key)), "")
    words = [named, item.get("status") or item.get("state") or "", _unmarked(str(called))]
    return "  ".join(str(word) for word in words if word != "")


def _unmarked(text: str) -> str:
    """Text of a search result as a terminal shows it."""
    return html.unescape(text.replace("<mark>", "").replace("</mark>", ""))


def main(arguments: list[str]) -> int:
    """Run; `dataset publish …` is short for `do dataset publish …`."""
    asks = not arguments or arguments[0] in ("--help", "-h")
    if arguments and not asks and arguments[0] not in ("login", "do", "sql"):
        arguments = ["do", *arguments]
    try:
        stopped = app(["--help"] if asks else arguments, standalone_mode=False)
        if asks:
            sys.stdout.write(f"{nouns()}\n")
    except typer.Exit as left:
        return left.exit_code
    except Exception as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return stopped if isinstance(stopped, int) else 0
