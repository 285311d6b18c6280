"""Addresses as the ledger holds them: one spelling each, and what kind of thing they name."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_MAC = re.compile(r"[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}", re.IGNORECASE)

#: Virtual router addresses: VRRP (RFC 9568), HSRP 1 and 2, GLBP. Such a frame is a router's.
VIRTUAL_ROUTERS = ("00:00:5e:00:01:", "00:00:5e:00:02:", "00:00:0c:07:ac:", "00:00:0c:9f:f",
                   "00:05:73:a0:", "00:07:b4:00:")  # fmt: skip


@lru_cache(maxsize=65536)
def parse_ip(text: str) -> IP | None:
    """``text`` as an address, without zone index and with IPv4-mapped IPv6 as IPv4; else None."""
    if len(text) > 64:
        return None
    try:
        ip = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    return ip


@lru_cache(maxsize=65536)
def canonical(text: str) -> str | None:
    """The one spelling of an IP or a MAC: shortest lower-case; None where it is neither.

    Zeek writes ``2001:db8::1`` and Suricata ``2001:0db8:0000:...:0001`` for one host.
    """
    if _MAC.fullmatch(text):
        return text.lower().replace("-", ":")
    ip = parse_ip(text)
    return None if ip is None else str(ip)


def is_mac(address: str) -> bool:
    """Whether a canonical ``address`` is a MAC."""
    return len(address) == 17 and _MAC.fullmatch(address) is not None


def is_device(address: str) -> bool:
    """Whether a canonical ``address`` can name one device: not multicast, broadcast or unset."""
    if is_mac(address):
        return not int(address[:2], 16) & 1 and address != "00:00:00:00:00:00"
    ip = parse_ip(address)
    return ip is not None and not (
        ip.is_multicast
        or ip.is_unspecified
        or (ip.version == 4 and (int(ip) >> 24 == 0 or int(ip) >= 0xF0000000))
    )


def is_link_local(address: str) -> bool:
    """Whether a canonical IP never crosses a router: link-local or loopback."""
    ip = parse_ip(address)
    return ip is not None and (ip.is_link_local or ip.is_loopback)


def is_local_mac(mac: str) -> bool:
    """Whether a MAC is locally administered, so that its prefix says nothing of a maker."""
    return bool(int(mac[:2], 16) & 2)


@lru_cache(maxsize=65536)
def network_of(address: str) -> Network | None:
    """The /24 (IPv4) or /64 (IPv6) that a canonical IP lies in; None for a MAC."""
    ip = parse_ip(address)
    if ip is None:
        return None
    return ipaddress.ip_network((ip, 24 if ip.version == 4 else 64), strict=False)


def sort_key(address: str) -> tuple[int, int, str]:
    """Order for people: IPv4 by number, IPv6 by number, then MACs."""
    ip = parse_ip(address)
    return (9, 0, address) if ip is None else (ip.version, int(ip), address)
