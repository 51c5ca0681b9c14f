"""`concordat administrator E-MAIL --name NAME --body SLUG`: whoever is the first to get in."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from concordat.kernel.access import SYSTEM
from concordat.kernel.access.models import Grant
from concordat.kernel.access.policy import PLATFORM_ADMINISTRATOR
from concordat.kernel.administration.actions import draft_organisation, give_role, invite_person
from concordat.kernel.organisations.models import Organisation
from concordat.kernel.people.models import Person
from concordat.kernel.refusals import Invalid
from concordat.site.invitations import password_link


class Command(BaseCommand):
    """Make an administrator of the platform; whoever can run this already has the whole machine."""

    help = "Make an administrator of the platform, and print the address at which they get in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and where."""
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="The person's name")
        parser.add_argument("--body", required=True, help="The slug of their organisation")
        parser.add_argument("--body-name", help="Its name, where it is not here yet")

    def handle(self, *args: Any, **options: Any) -> None:
        """All of it or nothing, and nothing twice."""
        try:
            with transaction.atomic():
                person = self._administrator(**options)
        except Invalid as refusal:
            wrong = " ".join(says for messages in refusal.errors.values() for says in messages)
            raise CommandError(wrong) from refusal
        self.stdout.write(f"{person.name} <{person.email}> administers the platform.")
        if person.last_login is None:
            self.stdout.write(
                f"They set a password within three days, once, at {password_link(person)}"
            )

    def _administrator(self, *, email: str, name: str, body: str, **options: Any) -> Person:
        home = Organisation.objects.filter(slug=body).first()
        if home is None:
            if not options["body_name"]:
                raise CommandError(f"There is no organisation {body}: say its --body-name too.")
            values = {"slug": body, "name": options["body_name"], "is_government": True}
            home = draft_organisation(SYSTEM, values)
        person = Person.objects.filter(email__iexact=email).first()
        person = person or invite_person(SYSTEM, home, email, name)
        if person.status != "active":
            raise CommandError(f"The account of {person.email} is closed: open it again first.")
        held = Grant.objects.filter(person=person, role=PLATFORM_ADMINISTRATOR, status="active")
        if not held.exists():
            give_role(SYSTEM, home, person, PLATFORM_ADMINISTRATOR)
        return person
