"""What stands around every page: the name, the menus, who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

from concordat.kernel.access import PUBLIC, Actor
from concordat.kernel.notices.models import Notice

_DEFAULTS: Final[dict[str, Any]] = {
    "name": "Concordat",
    "phase": "",
    "navigation": [],
    "inside": {},
    "menu": [],
    "footer": [],
    "sign_in": "/sign-in",
    "sign_out": "/sign-out",
    "account": "",
    "inbox": "",
}
_MOST_COUNTED: Final = 99


@dataclass(frozen=True)
class Frame:
    """The furniture of one page. Items are mappings as the GOV.UK macros take them."""

    name: str
    phase: str
    navigation: list[dict[str, Any]]
    menu: list[dict[str, Any]]
    footer: list[dict[str, str]]
    sign_in: str
    sign_out: str
    actor: Actor
    account: str
    inbox: str

    @cached_property
    def unread(self) -> str:
        """How many notices wait unread, up to “99+”; "" for none. One query, when it is asked."""
        if self.actor.kind != "person":
            return ""
        unread = Notice.objects.visible_to(self.actor).filter(status="unread")
        found = unread.values("pk")[: _MOST_COUNTED + 1].count()
        return f"{_MOST_COUNTED}+" if found > _MOST_COUNTED else str(found or "")


def frame(request: HttpRequest | None) -> Frame:
    """The frame for a request; a page rendered without one gets the public's."""
    told = {**_DEFAULTS, **getattr(settings, "DOORS", {})}
    actor: Actor = getattr(request, "actor", PUBLIC)
    path = request.path if request else ""
    return Frame(
        name=told["name"],
        phase=told["phase"],
        navigation=_items(_navigation(told, actor), path),
        menu=_items(_menu(told["menu"], actor), _below(told, path), among=True)
        if actor.signed_in
        else [],
        footer=[{"text": label, "href": href} for label, href in told["footer"]],
        sign_in=told["sign_in"],
        sign_out=told["sign_out"],
        actor=actor,
        account=told["account"],
        inbox=told["inbox"],
    )


def _below(told: dict[str, Any], path: str) -> str:
    """Where the reader is, for the menu: nowhere in it on the pages that the head leads to."""
    heads = [href for href in (told["account"], told["inbox"]) if href]
    return "" if any(path == href or path.startswith(f"{href}/") for href in heads) else path


def _navigation(told: dict[str, Any], actor: Actor) -> list[tuple[str, str]]:
    """The public places; for somebody signed in, the doors on which they see what they may see."""
    doors = told["inside"] if actor.signed_in else {}
    return [(label, doors.get(href, href)) for label, href in told["navigation"]]


def _menu(menu: list[tuple[str, str, str]], actor: Actor) -> list[tuple[str, str]]:
    """The items (label, address, permission) that the actor has a use for."""
    return [(label, href) for label, href, needs in menu if not needs or actor.bodies(needs)]


def _items(pairs: list[tuple[str, str]], path: str, *, among: bool = False) -> list[dict[str, Any]]:
    """Menu items, with the one the reader is under marked; `among` marks the closest only."""
    under = [href for _, href in pairs if path == href or path.startswith(f"{href}/")]
    closest = max(under, key=len, default="")
    return [
        {
            "text": label,
            "href": href,
            "current": path == href,
            "active": href == closest if among else href in under,
        }
        for label, href in pairs
    ]
