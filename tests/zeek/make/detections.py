"""Captures of what the sensor's detections look for, as far as no protocol's captures hold it:
``python -m tests.zeek.make.detections``."""

from __future__ import annotations

from scapy.packet import Packet
from tests.suricata.makers._dnp3 import request, response
from tests.suricata.makers.wire import (
    ATTACKER,
    ENGINEER,
    HMI,
    OUTSIDE,
    PLC,
    C,
    Exchange,
    S,
    merged,
    tcp,
)
from tests.zeek.make import save
from tests.zeek.make.modbus import poll, say

CLASSES = "3c02063c03063c0406"
ALL_OUTSTATIONS = 65535
DISABLE, ENABLE, COLD_RESTART = "15", "14", "0d"


def refused(count: int) -> Exchange:
    """Function codes one after the other, each answered with exception 1, illegal function."""
    return say((f"{code:02x}0000", f"{code | 0x80:02x}01") for code in range(65, 65 + count))


def asked(*functions: str) -> Exchange:
    """DNP3 requests that the outstation grants."""
    said: Exchange = []
    for number, function in enumerate(functions):
        said.append((C, request(function, number=number)))
        said.append((S, response("", number=number)))
    return said


def knock(host: int, port: int) -> list[Packet]:
    """A SYN that a reset answers."""
    packets = tcp(ATTACKER, f"10.10.20.{host}", port, [], sport=50000 + host, start=host / 10)[:2]
    packets[1]["TCP"].flags = "RA"
    return packets


def captures() -> dict[str, list[Packet]]:
    """Every capture by name."""
    return {
        "function_scan": tcp(ATTACKER, PLC, 502, refused(12)),
        "few_refused": tcp(HMI, PLC, 502, refused(3)),
        "suppressed": tcp(ATTACKER, PLC, 20000, asked(DISABLE + CLASSES), step=0.1),
        "started": tcp(HMI, PLC, 20000, asked(DISABLE + CLASSES, ENABLE + CLASSES), step=0.1),
        "broadcast": tcp(
            ATTACKER, PLC, 20000, [(C, request(COLD_RESTART, to=ALL_OUTSTATIONS))], step=0.1
        ),
        "address_scan": merged(
            tcp(HMI, PLC, 502, poll(2)), *(knock(host, 502) for host in range(30, 40))
        ),
        "many_servers": merged(
            *(
                tcp(HMI, f"10.10.20.{host}", 502, poll(2), sport=50000 + host)
                for host in range(30, 50)
            )
        ),
        "outside": merged(
            tcp(OUTSIDE, PLC, 502, poll(3)),
            tcp(ENGINEER, OUTSIDE, 502, poll(3), sport=50001, start=1.0),
        ),
    }


if __name__ == "__main__":
    save("detections", captures())
