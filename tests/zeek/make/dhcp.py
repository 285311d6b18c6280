"""Captures of DHCP for the btests: ``python -m tests.zeek.make.dhcp``."""

from __future__ import annotations

from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Dot1Q, Ether
from tests.zeek.make.layer2 import mac, spaced, write

PLC, SERVER, ROGUE = "02:00:00:00:00:51", "02:00:00:00:00:5f", "02:00:00:00:00:66"
LEASED, SERVER_IP, ROGUE_IP = "10.10.20.51", "10.10.20.1", "10.10.20.66"
Option = tuple[str, object] | str


def message(
    kind: str,
    *options: Option,
    client: str = PLC,
    leased: str = "0.0.0.0",
    held: str = "0.0.0.0",
    server: tuple[str, str] | None = None,
    vlan: int | None = None,
) -> bytes:
    """A frame; from a server where there is one, with its MAC and IP address, else to all."""
    source = server or (client, held)
    link = Ether(src=source[0], dst="ff:ff:ff:ff:ff:ff")
    if vlan is not None:
        link = link / Dot1Q(vlan=vlan)
    ports = (67, 68) if server else (68, 67)
    packet = (
        link
        / IP(src=source[1], dst="255.255.255.255", id=1)
        / UDP(sport=ports[0], dport=ports[1])
        / BOOTP(op=2 if server else 1, xid=7, chaddr=mac(client), yiaddr=leased, ciaddr=held)
        / DHCP(options=[("message-type", kind), *options, "end"])
    )
    return bytes(packet)


def main() -> None:
    """Write every capture."""
    names: tuple[Option, ...] = (("hostname", b"plc-7"), ("vendor_class_id", b"S7-1500"))
    here, there = (SERVER, SERVER_IP), (ROGUE, ROGUE_IP)
    says, lies = ("server_id", SERVER_IP), ("server_id", ROGUE_IP)
    lease = [
        message("discover", *names),
        message("offer", says, leased=LEASED, server=here),
        message("request", *names, says),
        message("ack", says, leased=LEASED, server=here),
    ]
    write("dhcp", "lease", spaced(lease))
    write(
        "dhcp",
        "tagged",
        spaced(
            [
                message("discover", *names, vlan=7),
                message("ack", says, leased=LEASED, server=here, vlan=7),
            ]
        ),
    )
    write("dhcp", "inform", spaced([message("inform", *names, held="10.10.20.52")]))
    write(
        "dhcp",
        "rogue",
        spaced(
            [
                *lease[:2],
                message("offer", lies, leased=LEASED, server=there),
                message("offer", lies, leased=LEASED, server=there),
            ]
        ),
    )
    # What the sensor joins late, a lease that is refused, and frames cut in the middle.
    write("dhcp", "lost", spaced([lease[3], message("nak", says, server=here)]))
    write("dhcp", "malformed", spaced([lease[0][:200], lease[3][:290], lease[1]]))


if __name__ == "__main__":
    main()
