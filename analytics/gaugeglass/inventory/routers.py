"""MACs that stand before other hosts: they name a router, and none of the hosts behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from gaugeglass.inventory.addresses import VIRTUAL_ROUTERS, is_link_local, network_of
from gaugeglass.inventory.bindings import Binding

#: More IPv4 addresses of one network than this at once behind one MAC: a router, not aliases.
ALIASES_MAX = 4
#: More IPv6 networks than this behind one MAC: a router. A host has link, unique and global ones.
V6_NETWORKS_MAX = 3

#: A network with this many MACs of hosts is the sensor's own segment.
AT_HAND = 2


def routers(
    pairs: list[Binding],
    is_local: Callable[[str], bool],
    contradict: Callable[[str, str], bool],
) -> tuple[dict[str, str], list[Binding]]:
    """MACs that stand before other hosts, each with the evidence, and the bindings that remain.

    ``contradict`` says of two IPs that they name different serials, so cannot be one device.
    """
    by_mac: dict[str, list[Binding]] = defaultdict(list)
    for pair in pairs:
        by_mac[pair.mac].append(pair)
    found: dict[str, str] = {}
    for mac in sorted(by_mac):
        reason = _router_reason(mac, by_mac[mac], is_local, contradict)
        if reason:
            found[mac] = reason
    # An outside address never has its own MAC here: its frames come from a router.
    kept = [p for p in pairs if p.own or (p.mac not in found and is_local(p.ip))]
    return found, sorted(
        kept + _own_addresses(found, by_mac, kept, is_local), key=lambda b: (b.ip, b.first, b.mac)
    )


def _own_addresses(
    found: dict[str, str],
    by_mac: dict[str, list[Binding]],
    kept: list[Binding],
    is_local: Callable[[str], bool],
) -> list[Binding]:
    """The routers' own addresses: each the only one behind its MAC of a network at hand.

    A network is at hand where at least ``AT_HAND`` of its hosts show MACs of their own; a host
    beyond the router lies in one where they do not.
    """
    macs: dict[object, set[str]] = defaultdict(set)
    for pair in kept:
        macs[network_of(pair.ip)].add(pair.mac)
    settled = {p.ip for p in kept}
    out = []
    for mac in found:
        networks: dict[object, list[Binding]] = defaultdict(list)
        for pair in by_mac.get(mac, []):
            if is_local(pair.ip) and not is_link_local(pair.ip):
                networks[network_of(pair.ip)].append(pair)
        for net, carried in networks.items():
            if len(carried) == 1 and carried[0].ip not in settled and len(macs[net]) >= AT_HAND:
                out.append(carried[0])
    return out


def _router_reason(
    mac: str,
    seen: list[Binding],
    is_local: Callable[[str], bool],
    contradict: Callable[[str, str], bool],
) -> str | None:
    if mac.startswith(VIRTUAL_ROUTERS):
        return f"{mac} is a virtual router's address (VRRP, HSRP or GLBP)"
    carried = [b for b in seen if not b.own and not is_link_local(b.ip)]
    if len(carried) < 2:
        return None
    outside = sorted(b.ip for b in carried if not is_local(b.ip))
    if outside:
        return (
            f"frames of {len(carried)} addresses carry its MAC {mac}, among them {outside[0]},"
            " which is outside"
        )
    four = [b for b in carried if "." in b.ip]
    nets = sorted({network_of(b.ip) for b in four}, key=str)
    if len(nets) >= 3 or (len(nets) == 2 and _meet_across(four)):
        return (
            f"frames of {len(four)} addresses in {len(nets)} networks"
            f" ({nets[0]}, {nets[1]}{', ...' if len(nets) > 2 else ''}) carry its MAC {mac}"
        )
    if _at_once(four) > ALIASES_MAX:
        return f"frames of {len(four)} addresses carry its MAC {mac}"
    if len({network_of(b.ip) for b in carried if ":" in b.ip}) > V6_NETWORKS_MAX:
        return f"frames of more than {V6_NETWORKS_MAX} IPv6 networks carry its MAC {mac}"
    for i, one in enumerate(carried[:16]):
        for two in carried[i + 1 : 16]:
            if contradict(one.ip, two.ip):
                return (
                    f"{one.ip} and {two.ip} name different serial numbers, yet their frames"
                    f" carry one MAC, {mac}"
                )
    return None


def _meet_across(seen: list[Binding]) -> bool:
    """Whether two networks were behind the MAC during the same time (else the host moved)."""
    hulls: dict[object, Binding] = {}
    for b in seen:
        net = network_of(b.ip)
        hull = hulls.setdefault(net, Binding(b.ip, b.mac, b.first, b.last, 0, False))
        hull.first, hull.last = min(hull.first, b.first), max(hull.last, b.last)
    one, two = hulls.values()
    return one.meets(two) or one.first == two.first


def _at_once(seen: list[Binding]) -> int:
    """The largest number of bindings whose spans hold one point in time."""
    edges = sorted([(b.first, 0) for b in seen] + [(b.last, 1) for b in seen])
    most = now = 0
    for _, closes in edges:
        now += -1 if closes else 1
        most = max(most, now)
    return most
