"""What belongs to the site: declared networks, or private ranges and what the ledger teaches."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping

import duckdb

from gaugeglass.config import Config, ConfigError
from gaugeglass.inventory.addresses import Network, parse_ip
from gaugeglass.inventory.learned import learn


def _nets(*texts: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(t) for t in texts)


#: Local where nothing is declared: RFC 1918 and unique local addresses. The documentation ranges,
#: which the standard library also calls private, are outside.
PRIVATE = _nets("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")

#: Never outside, whatever is declared: such a packet crosses no router, or goes to a group.
NEAR = _nets(
    "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/127", "fe80::/10", "ff00::/8"
)  # fmt: skip

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_QUAD = f"{_OCTET}(?:[.]{_OCTET}){{3}}"
_MAPPED = 0xFFFF << 32


class LocalNetworks:
    """The site's networks. ``why`` says for each learned one what it was learned from."""

    def __init__(self, networks: Iterable[Network], why: Mapping[Network, str] | None = None):
        self.networks: tuple[Network, ...] = _collapse(networks)
        self.why: dict[Network, str] = dict(why or {})
        self._spans = {
            version: sorted(
                (int(n.network_address), int(n.broadcast_address))
                for n in (*self.networks, *NEAR)
                if n.version == version
            )
            for version in (4, 6)
        }
        self._seen: dict[str, bool] = {}

    @classmethod
    def declared(cls, config: Config) -> LocalNetworks | None:
        """What ``site.local_networks`` says; None where it is empty.

        Raises:
            ConfigError: an entry is not a network.
        """
        entries = config.get("site.local_networks")
        return cls(parse_networks(entries, "site.local_networks")) if entries else None

    @classmethod
    def of(cls, db: duckdb.DuckDBPyConnection, config: Config) -> LocalNetworks:
        """The declared networks, or the private ranges and what ``db``'s activity teaches."""
        declared = cls.declared(config)
        if declared is not None:
            return declared
        private = cls(PRIVATE)
        learned = learn(db, private.is_local)
        return cls((*PRIVATE, *learned), learned)

    def is_local(self, ip: str) -> bool:
        """Whether ``ip`` is the site's. What is not an IP (a MAC) cannot come from afar: True."""
        known = self._seen.get(ip)
        if known is None:
            address = parse_ip(ip)
            known = address is None or any(
                low <= int(address) <= high for low, high in self._spans[address.version]
            )
            if len(self._seen) < 1_000_000:
                self._seen[ip] = known
        return known

    def sql(self, ip: str = "ip") -> str:
        """A SQL expression that is :meth:`is_local` for the VARCHAR expression ``ip``.

        Plain text functions only: the query engine's address type needs an extension that cannot
        be had offline. NULL stays NULL.
        """
        v4 = f"regexp_extract({ip}, '^(?:::[fF]{{4}}:)?({_QUAD})$', 1)"
        number = " + ".join(
            f"coalesce(TRY_CAST(split_part({v4}, '.', {i + 1}) AS BIGINT), 0) * {256 ** (3 - i)}"
            for i in range(4)
        )
        bare = f"lower(split_part({ip}, '%', 1))"
        left, right = (_padded(f"split_part({bare}, '::', {i})") for i in (1, 2))
        digits = f"{left} || repeat('0', 32 - length({left}) - length({right})) || {right}"
        four = _merged(self._spans[4])
        # An IPv4 address may come in hexadecimal, as ::ffff:a01:203.
        six = _merged(sorted([*self._spans[6], *((_MAPPED | a, _MAPPED | b) for a, b in four)]))
        in4 = " OR ".join(f"({number}) BETWEEN {a} AND {b}" for a, b in four)
        in6 = " OR ".join(f"({digits}) BETWEEN '{a:032x}' AND '{b:032x}'" for a, b in six)
        return (
            f"CASE WHEN {ip} IS NULL THEN NULL"
            f" WHEN {v4} <> '' THEN ({in4})"
            f" WHEN regexp_full_match({bare}, '[0-9a-f:]*::[0-9a-f:]*|[0-9a-f]+(:[0-9a-f]+){{7}}')"
            f" THEN ({in6})"
            f" ELSE TRUE END"
        )


def parse_networks(entries: Iterable[str], option: str) -> list[Network]:
    """The CIDR ``entries`` of configuration ``option``; a bare address is a network of one.

    Raises:
        ConfigError: an entry is not a network.
    """
    networks: list[Network] = []
    for entry in entries:
        try:
            networks.append(ipaddress.ip_network(entry, strict=False))
        except ValueError as err:
            raise ConfigError(f"{option}: {entry!r} is not a network such as 10.1.0.0/16") from err
    return networks


def _padded(groups: str) -> str:
    """SQL: the IPv6 groups in ``groups`` as four hexadecimal digits each, without colons."""
    zeros = f"regexp_replace(':' || {groups}, ':([0-9a-f]+)', ':000\\1', 'g')"
    return (
        f"replace(regexp_replace({zeros}, ':[0-9a-f]{{0,3}}([0-9a-f]{{4}})', '\\1', 'g'), ':', '')"
    )


def _collapse(networks: Iterable[Network]) -> tuple[Network, ...]:
    """``networks`` sorted, without those that lie in others."""
    nets = list(networks)
    v4 = [n for n in nets if isinstance(n, ipaddress.IPv4Network)]
    v6 = [n for n in nets if isinstance(n, ipaddress.IPv6Network)]
    return (*ipaddress.collapse_addresses(v4), *ipaddress.collapse_addresses(v6))


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted ``spans`` with touching ones joined: fewer comparisons a row."""
    out: list[tuple[int, int]] = []
    for low, high in spans:
        if out and low <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return out
