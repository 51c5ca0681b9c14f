"""Sending to addresses that others chose: never inwards, never elsewhere, never for long."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from functools import cache
from typing import Final

import httpx2
from django.conf import settings

SECONDS: Final = 10.0  # for one message, from connecting to the head of the answer
_GONE: Final = 410
_NAT64: Final = ipaddress.ip_network("64:ff9b::/32")  # both prefixes, of RFC 6052 and RFC 8215


class Undelivered(Exception):
    """A message that was not taken; its text is in plain words. `gone`: never send again."""

    def __init__(self, text: str, *, gone: bool = False) -> None:
        super().__init__(text)
        self.gone = gone


def send(url: str, headers: Mapping[str, str], body: bytes) -> None:
    """POST a JSON body, once, to an address that was checked just now.

    Only the status of the answer is read. Raises Undelivered unless it is 2xx.
    """
    target, address = reachable(url)
    try:
        status = asyncio.run(_post(target, address, headers, body))
    except (TimeoutError, httpx2.TimeoutException):
        raise Undelivered(f"It did not answer within {SECONDS:.0f} seconds.") from None
    except httpx2.ConnectError:
        raise Undelivered("No connection could be made, or no secure one.") from None
    except (httpx2.HTTPError, httpx2.InvalidURL):
        raise Undelivered("It broke off, or its answer was not HTTP.") from None
    if 300 <= status < 400:
        raise Undelivered(f"It answered {status}: give the address it leads to instead.")
    if not 200 <= status < 300:
        raise Undelivered(f"It answered {status}.", gone=status == _GONE)


def reachable(url: str) -> tuple[httpx2.URL, str]:
    """The address as it is understood, and the IP address to connect to.

    Raises Undelivered, saying what is wrong, when it may not be sent to or cannot be found.
    """
    try:
        target = httpx2.URL(url)
    except httpx2.InvalidURL:
        raise Undelivered("This is not an address on the web.") from None
    inward = settings.WEBHOOK_PRIVATE_NETWORKS
    if target.scheme != "https" and not (inward and target.scheme == "http"):
        raise Undelivered("The address must begin with https://.")
    if target.userinfo or not target.host:
        raise Undelivered("The address must name a host, and no user or password.")
    found = _resolve(target.raw_host.decode(), target.port or 443)
    if not inward and not all(is_open(address) for address in found):
        raise Undelivered("The address leads to a private or reserved network.")
    return target, found[0]


def is_open(address: str) -> bool:
    """True for an address of the public internet, and not for one that wraps another."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return is_open(str(ip.ipv4_mapped))
        if ip.sixtofour or ip.teredo or ip in _NAT64:
            return False
    return ip.is_global and not ip.is_multicast


def _resolve(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Undelivered("The host of the address cannot be found.") from None
    return [str(place[0]) for *_, place in found]


async def _post(target: httpx2.URL, address: str, headers: Mapping[str, str], body: bytes) -> int:
    """The status of the answer. The time is for all of it: a drip of bytes does not stretch it."""
    told = {"Content-Type": "application/json", "User-Agent": "Concordat", **headers}
    async with (
        asyncio.timeout(SECONDS),
        # No proxy of the environment: it would resolve the name again, and answer for the inside.
        httpx2.AsyncClient(verify=_trust(), timeout=SECONDS, trust_env=False) as client,
    ):
        request = client.build_request(
            "POST",
            target.copy_with(host=address),
            headers={"Host": target.netloc.decode(), **told},
            content=body,
            extensions={"sni_hostname": target.raw_host.decode()},  # whose certificate must hold
        )
        response = await client.send(request, stream=True, follow_redirects=False)
        await response.aclose()
        return response.status_code


@cache
def _trust() -> ssl.SSLContext:
    return httpx2.create_ssl_context(trust_env=False)
