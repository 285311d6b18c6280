"""The plant's network: namespaces, bridges, a router, and a SPAN port.

Every host is a network namespace. All bridges live in one more, the fabric,
which stands for the switches. A port is the fabric's end of a veth pair.

The SPAN is what a switch does: each mirrored port's *ingress* is copied to one
monitor port. Ingress only, so a frame is seen once however many ports it
leaves by. Two segments share the monitor port, so the second is mirrored only
for what the first cannot show: a packet the router forwards would otherwise
be seen twice, with two pairs of MAC addresses.

Nothing here touches an interface outside the namespaces it made.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from .plant import Host, Plant

PREFIX = "gg-"
FABRIC = PREFIX + "fabric"
SPAN_IN = "span0"
MONITOR = "mon0"


def namespace(name: str) -> str:
    """The network namespace of a host."""
    return PREFIX + name


def command(arguments: Sequence[str], check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run one system command and say what failed."""
    result = subprocess.run(list(arguments), capture_output=True, text=True, check=False)
    if check and result.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {result.stderr.strip()}")
    return result


def inside(name: str, arguments: Sequence[str]) -> list[str]:
    """The command line that runs something inside a host's namespace."""
    return ["ip", "netns", "exec", namespace(name), *arguments]


def _sysctl(space: str, **settings: int) -> None:
    words = [f"{key.replace('__', '.')}={value}" for key, value in settings.items()]
    command(["ip", "netns", "exec", space, "sysctl", "-q", "-w", *words])


def _new_namespace(space: str) -> None:
    command(["ip", "netns", "add", space])
    # No IPv6: its neighbour and router discovery would be the only traffic of its kind.
    _sysctl(space, net__ipv6__conf__all__disable_ipv6=1, net__ipv6__conf__default__disable_ipv6=1)
    command(["ip", "-n", space, "link", "set", "lo", "up"])


def port_name(host: Host, index: int) -> str:
    """The fabric's end of a host's interface: at most 15 characters."""
    return f"{host.name[:12]}.{index}"


def _connect(plant: Plant, host: Host) -> None:
    space = namespace(host.name)
    _new_namespace(space)
    for index, leg in enumerate(host.interfaces):
        port, inner = port_name(host, index), f"eth{index}"
        command(
            [
                "ip",
                "-n",
                FABRIC,
                "link",
                "add",
                port,
                "type",
                "veth",
                "peer",
                "name",
                inner,
                "address",
                leg.mac,
                "netns",
                space,
            ]
        )
        # Offloads would give the sensor frames of 64 kB with checksums not yet computed.
        command(
            [
                "ip",
                "netns",
                "exec",
                space,
                "ethtool",
                "-K",
                inner,
                "tx",
                "off",
                "tso",
                "off",
                "gso",
                "off",
                "gro",
                "off",
            ],
            check=False,
        )
        segment = plant.segments[leg.segment]
        command(
            [
                "ip",
                "-n",
                space,
                "addr",
                "add",
                f"{leg.ip}/{segment.prefix_length}",
                "brd",
                "+",
                "dev",
                inner,
            ]
        )
        command(["ip", "-n", space, "link", "set", inner, "up"])
        command(["ip", "-n", FABRIC, "link", "set", port, "master", leg.segment])
        _mirror(port, segment.span, plant)
        command(["ip", "-n", FABRIC, "link", "set", port, "up" if host.plugged else "down"])
    if host.legs:
        _sysctl(space, net__ipv4__ip_forward=1, net__ipv4__conf__all__send_redirects=0)
    elif host.plugged:
        _default_route(plant, host)


def _default_route(plant: Plant, host: Host) -> None:
    gateway = plant.segments[host.segment].gateway
    command(["ip", "-n", namespace(host.name), "route", "replace", "default", "via", gateway])


def _mirror(port: str, span: str, plant: Plant) -> None:
    if span == "none":
        return
    wanted = ""
    if span == "local":
        elsewhere = [s.network for s in plant.segments.values() if s.span == "all"]
        wanted = "arp or (ip and not (" + " or ".join(f"net {net}" for net in elsewhere) + "))"
    code = command(["tcpdump", "-y", "EN10MB", "-ddd", wanted]).stdout
    command(["ip", "netns", "exec", FABRIC, "tc", "qdisc", "add", "dev", port, "clsact"])
    command(
        [
            "ip",
            "netns",
            "exec",
            FABRIC,
            "tc",
            "filter",
            "add",
            "dev",
            port,
            "ingress",
            "bpf",
            "bytecode",
            ",".join(code.split("\n")).rstrip(","),
            "action",
            "mirred",
            "egress",
            "mirror",
            "dev",
            SPAN_IN,
        ]
    )


def build(plant: Plant) -> None:
    """Make every namespace, link, route and mirror of the plant."""
    _new_namespace(FABRIC)
    command(["ip", "-n", FABRIC, "link", "add", SPAN_IN, "type", "veth", "peer", "name", MONITOR])
    for end in (SPAN_IN, MONITOR):
        command(["ip", "-n", FABRIC, "link", "set", end, "up", "promisc", "on", "arp", "off"])
    for segment in plant.segments.values():
        command(
            [
                "ip",
                "-n",
                FABRIC,
                "link",
                "add",
                segment.name,
                "type",
                "bridge",
                "mcast_snooping",
                "0",
            ]
        )
        command(["ip", "-n", FABRIC, "link", "set", segment.name, "up"])
    for host in plant.hosts.values():
        _connect(plant, host)


def plug(plant: Plant, name: str, up: bool = True) -> None:
    """Switch a host's port on or off, as pulling its cable would."""
    host = plant.host(name)
    state = "up" if up else "down"
    command(["ip", "-n", FABRIC, "link", "set", port_name(host, 0), state])
    if up and not host.legs:
        _default_route(plant, host)


def destroy() -> None:
    """Remove every namespace with our prefix, with whatever still runs inside.

    Only processes inside these namespaces are ended: they can be ours alone.
    """
    listed = command(["ip", "netns", "list"], check=False).stdout.split("\n")
    for space in (line.split()[0] for line in listed if line.startswith(PREFIX)):
        pids = command(["ip", "netns", "pids", space], check=False).stdout.split()
        for pid in pids:
            command(["kill", "-KILL", pid], check=False)
        command(["ip", "netns", "del", space], check=False)


def require_root() -> None:
    """Namespaces need root; say so rather than fail half-way."""
    import os

    if os.geteuid() != 0:
        sys.exit("the lab makes network namespaces and so needs root")
