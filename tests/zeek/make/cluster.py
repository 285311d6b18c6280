"""Captures as a cluster's workers see them, each connection on one worker, and all of it:
``python -m tests.zeek.make.cluster``."""

from __future__ import annotations

from scapy.packet import Packet
from tests.suricata.makers.wire import ENGINEER, HMI, OUTSIDE, PLC, C, merged, tcp
from tests.zeek.make import save
from tests.zeek.make.detections import CLASSES, COLD_RESTART, asked
from tests.zeek.make.modbus import poll, say

WRITE = ("0600010003", "0600010003")
REFUSED = ("0300ff0002", "8302")


def captures() -> dict[str, list[Packet]]:
    """Every capture by name. The same client, server and request are seen by both workers."""
    first = [
        tcp(HMI, PLC, 502, [*poll(40), *say([WRITE] * 3, first=90)], step=0.7),
        tcp(ENGINEER, PLC, 502, say([REFUSED, WRITE]), sport=50001, start=20.0),
    ]
    second = [
        tcp(HMI, PLC, 502, [*poll(25), *say([WRITE] * 2, first=90)], sport=50002, step=0.9),
        tcp(ENGINEER, PLC, 502, say([REFUSED, ("2b0e0100", "")]), sport=50003, start=30.0),
        tcp(
            HMI,
            PLC,
            20000,
            asked("01" + CLASSES, COLD_RESTART, "01" + CLASSES),
            sport=50004,
            start=40.0,
        ),
    ]
    return {
        "first": merged(*first),
        "second": merged(*second),
        "both": merged(*first, *second),
        "outward": tcp(HMI, OUTSIDE, 443, [(C, b"x")], sport=50005, start=200.0),
    }


if __name__ == "__main__":
    save("cluster", captures())
