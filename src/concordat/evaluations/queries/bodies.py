"""Which body a name is, and which bodies' names are close to one that nobody has."""

from __future__ import annotations

from collections import defaultdict
from difflib import get_close_matches
from typing import Final

from concordat.kernel.access import Actor
from concordat.kernel.organisations.models import Organisation

LEFT_OUT: Final = "-"  # what somebody chooses for a name that is to be no body
_CLOSE: Final = 5


class Bodies:
    """Every body by each of its names; a name that two bodies share is nobody's."""

    def __init__(self, actor: Actor, chosen: dict[str, str] | None = None) -> None:
        self._by_name: dict[str, set[int]] = defaultdict(set)
        self.rows: dict[int, Organisation] = {}
        self._chosen = chosen or {}
        for body in Organisation.objects.visible_to(actor):
            self.rows[body.pk] = body
            for name in (body.slug, body.name, body.abbreviation, *body.aliases):
                if name:
                    self._by_name[_plain(name)].add(body.pk)
        self._by_slug = {body.slug: body for body in self.rows.values()}

    def find(self, name: str) -> Organisation | None:
        """The one body of that name, or the one that was chosen for it."""
        if slug := self._chosen.get(name):
            return self._by_slug.get(slug)
        found = self._by_name.get(_plain(name), set())
        return self.rows[next(iter(found))] if len(found) == 1 else None

    def is_left_out(self, name: str) -> bool:
        """Whether somebody chose that this name is no body."""
        return self._chosen.get(name) == LEFT_OUT

    def close(self, name: str) -> list[str]:
        """The slugs of bodies with this name or one like it, nearest first."""
        plain = _plain(name)
        words = get_close_matches(plain, list(self._by_name), _CLOSE, 0.6)
        if plain in self._by_name:  # shared by several
            words.insert(0, plain)
        wide = [held for held in self._by_name if len(plain) > 3 and plain in held]
        found = [self.rows[pk].slug for word in [*words, *wide] for pk in self._by_name[word]]
        return list(dict.fromkeys(found))[:_CLOSE]


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("&", "and").split()).removeprefix("the ")
