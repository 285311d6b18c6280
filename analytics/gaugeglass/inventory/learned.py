"""Public ranges that a plant uses inside, told from the outside by what the sensor saw.

Plants often number their machines from public ranges. A /24 (IPv6: /64) of public addresses is
taken for local only on one of these grounds:

1. *Talk within*: a host of it asked another host of it by an industrial protocol and was answered.
   Traffic between two hosts of somebody else's network does not pass this sensor.
2. *Regular service*: at least ``SERVERS`` hosts of it answered at least ``REQUESTS`` industrial
   requests each, asked by hosts that are local already.
3. *Own layer-2 addresses*: at least ``OWN_MACS`` hosts of it were each seen with a MAC that no
   other address had. Through a router they would all have had the router's.

Being an industrial client is no ground, so an attacker outside stays outside; nor is receiving
data, so a drop site stays outside. Where at least ``NEIGHBOURS`` of the networks found lie in one
/16 (IPv6: /48), the smallest network that holds them all is taken instead: who numbers machines
from three parts of a range has the range between. What this misses is declared in
``site.local_networks``.
"""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Callable

import duckdb

from gaugeglass.inventory.addresses import Network, canonical, is_device, is_mac, network_of
from gaugeglass.inventory.traffic import ANSWERED, quoted
from gaugeglass.inventory.vocabulary import INDUSTRIAL

SERVERS, REQUESTS, OWN_MACS, NEIGHBOURS = 2, 20, 3, 3

Pair = tuple[str, str, int]


def learn(db: duckdb.DuckDBPyConnection, known: Callable[[str], bool]) -> dict[Network, str]:
    """Local networks that ``db``'s activity shows beyond those ``known``, each with its reason."""
    pairs = _industrial_pairs(db)
    found = {**_own_macs(db, known), **_talk_within(pairs, known)}
    while True:
        more = _regular_service(pairs, known, found)
        if not more:
            return _widen(found)
        found |= more


def _industrial_pairs(db: duckdb.DuckDBPyConnection) -> list[Pair]:
    """(client, server, answered requests) of industrial services, between single devices."""
    rows = db.execute(
        f"""
        SELECT client, server,
               coalesce(sum("count") FILTER (operation <> 'connection'), 0)::BIGINT AS n
        FROM activity
        WHERE service IN ({quoted(INDUSTRIAL)}) AND ({ANSWERED}) AND client <> server
        GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    out = []
    for client_raw, server_raw, n in rows:
        client, server = canonical(client_raw), canonical(server_raw)
        if client and server and is_device(client) and is_device(server) and client != server:
            out.append((client, server, n))
    return out


def _talk_within(pairs: list[Pair], known: Callable[[str], bool]) -> dict[Network, str]:
    found: dict[Network, str] = {}
    for client, server, _ in pairs:
        net = network_of(server)
        if net is not None and net == network_of(client) and not known(server):
            found.setdefault(net, f"{client} and {server} in it speak an industrial protocol")
    return found


def _regular_service(
    pairs: list[Pair], known: Callable[[str], bool], found: dict[Network, str]
) -> dict[Network, str]:
    answered: dict[str, int] = defaultdict(int)
    for client, server, n in pairs:
        if not known(server) and (known(client) or network_of(client) in found):
            answered[server] += n
    servers: dict[Network, set[str]] = defaultdict(set)
    for server, n in answered.items():
        net = network_of(server)
        if n >= REQUESTS and net is not None and net not in found:
            servers[net].add(server)
    return {
        net: f"{len(hosts)} hosts in it serve industrial protocols to local hosts"
        for net, hosts in sorted(servers.items(), key=lambda item: str(item[0]))
        if len(hosts) >= SERVERS
    }


def _own_macs(db: duckdb.DuckDBPyConnection, known: Callable[[str], bool]) -> dict[Network, str]:
    rows = db.execute(
        """
        SELECT client AS ip, client_mac AS mac FROM activity WHERE client_mac IS NOT NULL
        UNION SELECT server, server_mac FROM activity WHERE server_mac IS NOT NULL
        """
    ).fetchall()
    macs: dict[str, set[str]] = defaultdict(set)
    ips: dict[str, set[str]] = defaultdict(set)
    for ip_raw, mac_raw in rows:
        ip, mac = canonical(ip_raw), canonical(mac_raw)
        if ip and mac and not is_mac(ip) and is_mac(mac) and is_device(ip) and is_device(mac):
            macs[ip].add(mac)
            ips[mac].add(ip)
    own: dict[Network, set[str]] = defaultdict(set)
    for ip, seen in macs.items():
        net = network_of(ip)
        if net is not None and not known(ip) and len(seen) == 1 and len(ips[min(seen)]) == 1:
            own[net].add(ip)
    return {
        net: f"{len(hosts)} hosts in it have layer-2 addresses of their own"
        for net, hosts in own.items()
        if len(hosts) >= OWN_MACS
    }


def _widen(found: dict[Network, str]) -> dict[Network, str]:
    """Replace neighbours in one /16 or /48 by the smallest network that holds them."""
    groups: dict[Network, list[Network]] = defaultdict(list)
    for net in found:
        groups[net.supernet(new_prefix=16 if net.version == 4 else 48)].append(net)
    out: dict[Network, str] = {}
    for parent in sorted(groups, key=lambda n: (n.version, int(n.network_address))):
        nets = sorted(groups[parent], key=lambda n: int(n.network_address))
        if len(nets) < NEIGHBOURS:
            out |= {net: found[net] for net in nets}
            continue
        low, high = int(nets[0].network_address), int(nets[-1].broadcast_address)
        prefix = nets[0].max_prefixlen - (low ^ high).bit_length()
        first = nets[0].network_address
        whole = ipaddress.ip_network((first, prefix), strict=False)
        out[whole] = f"holds {len(nets)} networks of the plant, as {nets[0]}: {found[nets[0]]}"
    return out
