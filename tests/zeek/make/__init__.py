"""Makers of the captures that the btests read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from scapy.packet import Packet
from tests.suricata.makers.wire import pcap

TRACES = Path(__file__).parents[2] / "traces"


def save(folder: str, captures: Mapping[str, Iterable[Packet]]) -> None:
    """Write captures, packets by name, below the folder of traces."""
    (TRACES / folder).mkdir(parents=True, exist_ok=True)
    for name, packets in captures.items():
        (TRACES / folder / f"{name}.pcap").write_bytes(pcap(packets))
