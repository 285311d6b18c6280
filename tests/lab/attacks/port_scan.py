"""A laptop just plugged into the control network sweeps it and scans for OT ports."""

from __future__ import annotations

import logging
import time

from scapy.config import conf
from scapy.layers.inet import IP, TCP
from scapy.layers.l2 import ARP, Ether
from scapy.sendrecv import sendp, srp

from ..node import Node

TITLE = "ARP sweep and TCP SYN scan of the control network from a new device"
TECHNIQUES = ("T0846.001", "T0846.002")
ORIGIN = "laptop"
ENTITIES = ("laptop",)
EVIDENCE = "tcp.flags.syn == 1 && tcp.flags.ack == 0 && ip.src == 10.20.1.99"

PORTS = (
    21,
    22,
    23,
    80,
    102,
    135,
    443,
    445,
    502,
    1883,
    2222,
    2323,
    2404,
    3389,
    4840,
    5900,
    8080,
    9600,
    20000,
    44818,
)
SWEEP = range(1, 60)


def run(node: Node) -> None:
    """Find who answers ARP, then send a SYN to each port of each."""
    logging.getLogger("scapy.runtime").setLevel(logging.CRITICAL)
    conf.verb = 0
    prefix = node.ip.rsplit(".", 1)[0]
    sweep = [Ether(dst="ff:ff:ff:ff:ff:ff") / ARP(pdst=f"{prefix}.{last}") for last in SWEEP]
    answered, _ = srp(sweep, iface="eth0", timeout=0.8, inter=0.005)
    found = [(reply.psrc, reply.hwsrc) for _, reply in answered]
    for ip, mac in found:
        # The kernel resets what it did not open, as it does under any SYN scanner.
        base = Ether(dst=mac) / IP(dst=ip)
        probes = [
            base
            / TCP(
                sport=node.rng.randrange(33000, 60000),
                dport=port,
                flags="S",
                window=1024,
                options=[("MSS", 1460)],
            )
            for port in PORTS
        ]
        sendp(probes, iface="eth0", inter=0.004)
        time.sleep(0.05)
