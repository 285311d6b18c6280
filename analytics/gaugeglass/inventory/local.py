"""What belongs to the site: declared networks, or private ranges and what the ledger teaches."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping

import duckdb

from gaugeglass.config import Config, ConfigError
from gaugeglass.inventory.addresses import Network, parse_ip
from gaugeglass.inventory.learned import learn
from gaugeglass.inventory.localsql import member


def _nets(*texts: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(t) for t in texts)


#: Local where nothing is declared: RFC 1918 and unique local addresses. The documentation ranges,
#: which the standard library also calls private, are outside.
PRIVATE = _nets("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")

#: Never outside, whatever is declared: such a packet crosses no router, or goes to a group.
NEAR = _nets(
    "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/127", "fe80::/10", "ff00::/8"
)  # fmt: skip


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
        """A SQL expression that is :meth:`is_local` for the VARCHAR expression ``ip``."""
        return member(ip, self._spans[4], self._spans[6])


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


def _collapse(networks: Iterable[Network]) -> tuple[Network, ...]:
    """``networks`` sorted, without those that lie in others."""
    nets = list(networks)
    v4 = [n for n in nets if isinstance(n, ipaddress.IPv4Network)]
    v6 = [n for n in nets if isinstance(n, ipaddress.IPv6Network)]
    return (*ipaddress.collapse_addresses(v4), *ipaddress.collapse_addresses(v6))
