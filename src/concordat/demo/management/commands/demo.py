"""`concordat demo`: build the demonstration world, play the main job, serve it."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
import urllib.request
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max
from django.utils import timezone

from concordat.demo.people import CAST
from concordat.demo.scale import count_of, part_of
from concordat.kernel.access.queries import actor_for
from concordat.kernel.administration.actions import issue_token, revoke_token
from concordat.kernel.audit.models import Leaf, Pending
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.people.models import Person, Token
from concordat.kernel.search.follow import index
from concordat.site.management.commands.serve import refuse_taken_port, site_processes
from concordat.site.processes import Child, supervise
from concordat.site.worker import catch_up
from concordat.tables.models import Share

SEED = 20261124
# What a demonstration makes in its data folder.
_OURS = ("concordat.sqlite3*", "store", "work", "index", "mail", "profiles", "metrics", "demo-*")
PATIENCE = 90  # seconds for a slow machine to start the server


class Command(BaseCommand):
    """The demonstration."""

    help = "Build the demonstration world, play the main job and serve it; or print credentials."
    # `migrate` makes them when there is something to build; a second start has nothing new to check.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, and how large."""
        parser.add_argument("what", nargs="?", default="run", choices=["run", "credentials"])
        parser.add_argument("--json", action="store_true", help="Credentials as JSON")
        parser.add_argument("--reset", action="store_true", help="Begin anew")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument(
            "--rows", type=part_of, default=1.0, help="Such as 0.01: that part of the stored rows"
        )
        parser.add_argument(
            "--scale", type=count_of, default=0, help="Such as 100k: a catalogue with as many more"
        )
        parser.add_argument("--build-only", action="store_true", help="Build the world and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        if options["what"] == "credentials":
            self._credentials()
            return
        if not settings.ENV.demo:
            raise CommandError(
                "Set CONCORDAT_DEMO=1: this data folder would get people without passwords."
            )
        if not options["build_only"]:
            refuse_taken_port("127.0.0.1", options["port"])  # before anything is built or removed
        if options["reset"]:
            self._reset()
        self._build(options)
        if options["build_only"]:
            return
        once = os.environ.get("ONCE") == "1"
        self._serve(options["port"], play_story=once or not _mark("played").exists(), once=once)

    def _reset(self) -> None:
        """Take away what this demonstration made, and nothing that others keep beside it."""
        if settings.ENV.database_url:
            call_command("migrate", verbosity=0)
            call_command("flush", interactive=False, verbosity=0)
        connections.close_all()
        folder = Path(settings.DATA_DIR)
        for name in _OURS:
            for path in folder.glob(name):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        self._say(f"The demonstration in {folder} is gone.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _build(self, options: dict[str, Any]) -> None:
        """Build what is not there; a world that was left half-built is built anew."""
        start = time.perf_counter()
        self._say("world     opening the data folder")
        _migrate()
        if not _mark("built").exists():
            if Organisation.objects.exists():
                self._reset()
                _migrate()
            from concordat.demo import history, play  # not for a world that is there: it takes time

            history.build(play.World(options["seed"]), options["rows"], self._say)
            catch_up()
            index().close()  # the worker is the one who writes from now on
            _mark("built").write_text(str(options["seed"]))
            self._say(f"world     built in {time.perf_counter() - start:.1f} s")
        if options["scale"]:
            from concordat.demo.enlarge import enlarge

            enlarge(options["scale"], options["seed"], self._say)
            self._say("scale     putting them into the search index")
            call_command("search_rebuild")

    def _serve(self, port: int, *, play_story: bool, once: bool) -> None:
        """Keep the web server and the worker from this process, so that none starts in between."""
        base = f"http://127.0.0.1:{port}"
        self._say("site      starting")
        # Outside clients are pointed at the demonstration, and they knock fast: no limit here.
        quiet = {"CONCORDAT_LOG_LEVEL": "WARNING", "CONCORDAT_RATE_LIMIT": "0"}
        environment = {**quiet, **os.environ, "CONCORDAT_BASE_URL": base}
        _mark("url").write_text(base)
        site = site_processes("127.0.0.1", port, environment=environment, quiet=True)
        web, worker = site
        try:
            web.start()
            _wait_until_up(base, web)
            worker.start()  # not before: while pages load for the first time, it would be in the way
            if play_story:
                self._story(base)
        except BaseException:  # Ctrl+C too: the processes have groups of their own
            _stop(*site)
            raise
        if once:
            _stop(*site)
            return
        self._say(f"\nConcordat is up at {base}/ and you can be anyone at {base}/sign-in")
        self._say("Stop it with Ctrl+C. Start it again with make demo: it keeps its data.")
        connections.close_all()
        sys.exit(supervise(*site))

    def _story(self, base: str) -> None:
        from concordat.demo.story import TITLE, Story, StoryError

        by_email = {p.email: p for p in Person.objects.select_related("owner")}
        people = {part.key: by_email[part.email] for part in CAST}
        self._say(f"\nThe main job: “{TITLE}” from one department to another\n")
        try:
            Story(self._say, people, base, catch_up_elsewhere).play()
        except StoryError as error:
            raise CommandError(f"The main job failed: {error}") from error
        _mark("played").touch()

    def _credentials(self) -> None:
        if not _mark("built").exists():
            raise CommandError(
                f"There is no demonstration world in {settings.DATA_DIR}. Run make demo first, "
                "and this from the same folder."
            )
        found = []
        folder = Path(settings.DATA_DIR) / "profiles"
        folder.mkdir(parents=True, exist_ok=True)
        for part in CAST:
            person = Person.objects.filter(email=part.email).first()
            if person is None:
                raise CommandError("The demonstration world is not built. Run make demo first.")
            found.append(_credential(part.key, person, folder))
        self.stdout.write(json.dumps({"base_url": _base(), "people": found}, indent=1))


def _mark(name: str) -> Path:
    """A file that remembers: that the world is `built`, the main job `played`, the `url` served."""
    return Path(settings.DATA_DIR) / f"demo-{name}"


def _base() -> str:
    told = "CONCORDAT_BASE_URL" in os.environ
    return settings.BASE_URL if told or not _mark("url").exists() else _mark("url").read_text()


def _forget_old(person: Person) -> None:
    """Revoke what an earlier call gave, so that there is one token a person and not a pile."""
    actor = actor_for(person)
    names = ("demonstration", "demonstration profile")
    for token in Token.objects.visible_to(actor).filter(status="active", name__in=names):
        revoke_token(actor, token)


def _credential(key: str, person: Person, folder: Path) -> dict[str, Any]:
    """Sign-in name, a token for everything, and a Delta profile where there is something to read."""
    _forget_old(person)
    actor = actor_for(person)
    ends = timezone.now() + timedelta(days=30)
    token, _ = issue_token(actor, "demonstration", ["read", "write", "deliver", "admin"], ends)
    profile = ""
    if Share.objects.readable_by(actor).exists():
        path = folder / f"{key}.share"
        secret, _ = issue_token(actor, "demonstration profile", ["deliver"], ends)
        endpoint = f"{_base()}/sharing"
        body = {"shareCredentialsVersion": 1, "endpoint": endpoint, "bearerToken": secret}
        path.write_text(json.dumps(body))
        path.chmod(0o600)
        profile = str(path)
    home = person.owner.name if person.owner else ""
    return {
        "key": key,
        "name": person.name,
        "organisation": home,
        "sign_in": person.email,
        "token": token,
        "delta_profile": profile,
    }


def _migrate() -> None:
    """Bring the database up to date, where it is not: to look is quicker than to do nothing."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0)


def _stop(*children: Child) -> None:
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.end()


def _wait_until_up(base: str, server: Child) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.ended() is not None:
            raise CommandError("The server stopped before it was up.")
        try:
            with urllib.request.urlopen(f"{base}/readyz", timeout=2) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise CommandError(f"The server did not come up within {PATIENCE} seconds.")


def catch_up_elsewhere() -> None:
    """Wait until the worker process has put what was just written into the index."""
    for _ in range(400):
        last = Leaf.objects.aggregate(last=Max("position"))["last"]
        if not Pending.objects.exists() and index().cursor == last:
            return
        time.sleep(0.05)
    raise CommandError("The worker did not read what was written within 20 seconds.")
