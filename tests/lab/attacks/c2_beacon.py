"""The engineering workstation beacons: odd DNS names, then TLS to a server outside."""

from __future__ import annotations

import contextlib
import ssl
import urllib.request

from dnslib import DNSRecord

from ..clients.timekeeper import ask
from ..node import Node

TITLE = "The engineering workstation beacons to a server outside over DNS and TLS"
TECHNIQUES = ("T0869", "T0885")
ORIGIN = "ews"
ENTITIES = ("ews", "dropzone")
EVIDENCE = "tls.handshake.type == 1 && ip.dst == 198.51.100.77"

BEACONS = 10
PERIOD_SECONDS = 0.8


def run(node: Node) -> None:
    """Beacon at a machine's even pace."""
    gateway = node.plant.segments[node.host.segment].gateway
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for _ in range(BEACONS):
        name = f"{node.rng.randbytes(10).hex()}.cdn-telemetry.example"
        with contextlib.suppress(OSError):
            ask(gateway, 53, DNSRecord.question(name).pack())
            url = f"https://{node.peer('dropzone')}/p"
            request = urllib.request.Request(url, headers={"Host": "cdn-telemetry.example"})
            urllib.request.urlopen(request, timeout=2, context=context).read()
        node.pause(PERIOD_SECONDS)
