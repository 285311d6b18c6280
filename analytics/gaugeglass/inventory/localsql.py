"""Membership of networks as SQL over text: the query engine's address type needs an extension.

IPv4 is one regular expression, which the engine runs as an automaton, some hundred times faster
than arithmetic on the parts. IPv6, rare in plants and written in many ways, is spelled out to 32
hexadecimal digits and compared.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

#: (first, last) address of a range, as numbers, both in it.
Span = tuple[int, int]

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_MAPPED = 0xFFFF << 32
_MAPPED_TEXT = "(?:::[fF]{4}:)?"
_IPV6 = "[0-9a-f:]*::[0-9a-f:]*|[0-9a-f]{1,4}(:[0-9a-f]{1,4}){7}"


def member(ip: str, four: Sequence[Span], six: Sequence[Span]) -> str:
    """SQL: whether the VARCHAR expression ``ip`` lies in a span; TRUE for what is no IP at all.

    NULL stays NULL.
    """
    four = merged(four)
    # An IPv4 address may come in hexadecimal, as ::ffff:a01:203.
    six = merged([*six, *((_MAPPED | a, _MAPPED | b) for a, b in four)])
    inside = "|".join(_alternatives(four)) or "-"
    quad = f"{_OCTET}(?:[.]{_OCTET}){{3}}"
    bare = f"lower(split_part({ip}, '%', 1))"
    left, right = (_padded(f"split_part({bare}, '::', {i})") for i in (1, 2))
    digits = (
        f"list_transform([[{left}, {right}]], lambda p:"
        " p[1] || repeat('0', 32 - length(p[1]) - length(p[2])) || p[2])"
    )
    in6 = " OR ".join(f"(d BETWEEN '{a:032x}' AND '{b:032x}')" for a, b in six) or "FALSE"
    return (
        f"CASE WHEN {ip} IS NULL THEN NULL"
        f" WHEN regexp_full_match({ip}, '{_MAPPED_TEXT}(?:{inside})') THEN TRUE"
        f" WHEN regexp_full_match({ip}, '{_MAPPED_TEXT}{quad}') THEN FALSE"
        f" WHEN regexp_full_match({bare}, '{_IPV6}')"
        f" THEN list_transform({digits}, lambda d: ({in6}))[1]"
        " ELSE TRUE END"
    )


def merged(spans: Sequence[Span]) -> list[Span]:
    """``spans`` in order, with touching ones joined."""
    out: list[Span] = []
    for low, high in sorted(spans):
        if out and low <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return out


def _alternatives(spans: Sequence[Span]) -> list[str]:
    """A regular expression for each network of IPv4 ``spans``."""
    out = []
    for low, high in spans:
        for net in ipaddress.summarize_address_range(
            ipaddress.IPv4Address(low), ipaddress.IPv4Address(high)
        ):
            whole, rest = divmod(net.prefixlen, 8)
            octets = list(net.network_address.packed)
            parts = [str(o) for o in octets[:whole]]
            if rest:
                values = range(octets[whole], octets[whole] + (1 << (8 - rest)))
                parts.append(f"(?:{'|'.join(map(str, values))})")
            parts += [_OCTET] * (4 - len(parts))
            out.append("[.]".join(parts))
    return out


def _padded(groups: str) -> str:
    """SQL: the IPv6 groups in ``groups`` as four hexadecimal digits each, without colons."""
    zeros = f"regexp_replace(':' || {groups}, ':([0-9a-f]+)', ':000\\1', 'g')"
    return (
        f"replace(regexp_replace({zeros}, ':[0-9a-f]{{0,3}}([0-9a-f]{{4}})', '\\1', 'g'), ':', '')"
    )
