"""An office PC reading the historian's reports."""

from __future__ import annotations

import contextlib

import requests
from dnslib import DNSRecord

from ..devices.router import DOMAIN
from ..node import Node
from ..web import BROWSER
from .timekeeper import ask

PERIOD_SECONDS = 7.0


def main(node: Node) -> None:
    """Read until the run ends."""
    gateway = node.plant.segments[node.host.segment].gateway
    base = f"http://{node.peer('historian')}"
    for beat in node.every(PERIOD_SECONDS, jitter=0.2):
        with contextlib.suppress(OSError):
            if beat % 5 == 0:
                ask(gateway, 53, DNSRecord.question(f"historian.{DOMAIN}").pack())
            page = "/reports/daily" if beat % 4 == 0 else "/api/v1/trend?tag=supply"
            requests.get(base + page, timeout=3, headers=BROWSER)
