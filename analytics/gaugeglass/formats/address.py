"""Addresses as the schemas want them: an index refuses a document with one bad IP in it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

_MAC = re.compile(r"[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}")
_COMMUNITY_ID = re.compile(r"1:[A-Za-z0-9+/]{27}=")


def ip(text: str | None) -> str | None:
    """``text`` if it is an IP address (no zone id), in its canonical spelling."""
    if not text or "%" in text:
        return None
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


def version(text: str | None) -> int | None:
    """4 or 6 for an IP address."""
    found = ip(text)
    return ipaddress.ip_address(found).version if found else None


def mac(text: str | None) -> str | None:
    """A MAC address as ECS writes it (RFC 7042): ``00-1B-1B-00-00-05``."""
    if not text or not _MAC.fullmatch(text):
        return None
    return text.replace(":", "-").upper()


def ips(items: Iterable[str | None]) -> list[str]:
    """The IP addresses among ``items``, each once, in order."""
    return list(dict.fromkeys(found for found in map(ip, items) if found))


def macs(items: Iterable[str | None]) -> list[str]:
    """The MAC addresses among ``items``, each once, in order."""
    return list(dict.fromkeys(found for found in map(mac, items) if found))


def community_ids(uids: Iterable[str]) -> list[str]:
    """Those of ``uids`` that are community ids (version 1), not Zeek uids."""
    return [u for u in uids if _COMMUNITY_ID.fullmatch(u)]
