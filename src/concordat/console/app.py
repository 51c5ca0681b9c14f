"""`concordat NOUN VERB [REFERENCE] [--field value …] [--json]`, and signing in."""

from __future__ import annotations

import json
import sys
import time
import uuid
from typing import Annotated, Any

import httpx2
import typer

from concordat.console.operations import Operation, operations, typed
from concordat.console.profile import Profile, load, save

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
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
) -> None:
    """Sign in: by a code that you allow in a browser, or with a token."""
    profile = Profile((url or load().url).rstrip("/"), token)
    if not token:
        profile = Profile(profile.url, _by_code(profile))
    save(profile)
    typer.echo(f"Signed in to {profile.url}.")


def _by_code(profile: Profile) -> str:
    with _client(Profile(profile.url)) as client:
        begun = client.post("/oauth/device", data={"scope": "read write deliver"}).json()
        typer.echo(f"Open {begun['verification_uri']} and enter {begun['user_code']}")
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
)
def do(
    context: typer.Context,
    noun: Annotated[str, typer.Argument(help="Such as dataset, datasets, share-request")],
    verb: Annotated[str, typer.Argument(help="Such as list, get, draft, submit")] = "list",
) -> None:
    """Do a verb to a record over the API: `concordat dataset publish DS-7K2M-41`."""
    profile = load()
    with _client(profile) as client:
        try:
            found = operations(client.get("/api/v1/openapi.json").raise_for_status().json())
        except httpx2.HTTPError as error:
            raise _stop(f"{profile.url} does not answer as a Concordat site: {error}") from error
        operation = found.get((noun, verb))
        if operation is None:
            raise _stop(_offer(found, noun))
        _perform(client, operation, context.args)


def _offer(found: dict[tuple[str, str], Operation], noun: str) -> str:
    verbs = sorted(verb for name, verb in found if name == noun)
    if verbs:
        return f"For {noun} there is: {', '.join(verbs)}."
    return f"There is no {noun}. Choose from: {', '.join(sorted({n for n, _ in found}))}."


def _perform(client: httpx2.Client, operation: Operation, given: list[str]) -> None:
    values, options, as_json = _read(operation, given)
    path = operation.path
    for name, value in zip(operation.names, values, strict=True):
        path = path.replace(f"{{{name}}}", value)
    headers = {} if operation.method == "GET" else {"Idempotency-Key": uuid.uuid4().hex}
    query = {k: v for k, v in options.items() if k in operation.filters}
    body = {k: v for k, v in options.items() if k in operation.fields}
    sends = operation.method != "GET" and bool(body or operation.fields)
    answer = client.request(
        operation.method, path, params=query, headers=headers, json=body if sends else None
    )
    data = answer.json() if "json" in answer.headers.get("content-type", "") else answer.text
    if answer.is_error:
        raise _stop(json.dumps(data, indent=1) if as_json else _problem(data))
    typer.echo(json.dumps(data, indent=1, ensure_ascii=False) if as_json else _shown(data))


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
            known = {*operation.fields, *operation.filters}
            if name not in known:
                raise _stop(f"--{name} is not known here. Use: {', '.join(sorted(known))}.")
            text = text or next(waiting, "")
            options[name] = typed(text, operation.fields.get(name, {}))
        else:
            values.append(word)
    if len(values) != len(operation.names):
        raise _stop(f"Give {' '.join(operation.names) or 'nothing more'} after the verb.")
    return values, options, as_json


def _problem(data: Any) -> str:
    if not isinstance(data, dict):
        return str(data)
    lines = [f"{data.get('title', 'Refused')}: {data.get('detail', '')}"]
    for error in data.get("errors", []) or []:
        lines.append(f"  {error['field']}: {error['message']}")
    return "\n".join(lines)


def _shown(data: Any) -> str:
    """A list as lines, a record as names and values."""
    if isinstance(data, dict) and isinstance(data.get("items"), list):
        lines = [_line(item) for item in data["items"]]
        more = [f"More: --cursor {data['next']}"] if data.get("next") else []
        return "\n".join([*lines, *more])
    if isinstance(data, dict):
        return "\n".join(
            f"{name}: {value}" for name, value in data.items() if value not in (None, "")
        )
    return str(data)


def _line(item: dict[str, Any]) -> str:
    words = [item.get("reference", ""), item.get("status", ""), item.get("title", "")]
    return "  ".join(str(word) for word in words)


def main(arguments: list[str]) -> int:
    """Run; `dataset publish …` is short for `do dataset publish …`."""
    if arguments and arguments[0] not in ("login", "do", "--help"):
        arguments = ["do", *arguments]
    try:
        stopped = app(arguments, standalone_mode=False)
    except Exception as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return stopped if isinstance(stopped, int) else 0
