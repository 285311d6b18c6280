"""Captures of SNMP for the btests: ``python -m tests.zeek.make.snmp``."""

from __future__ import annotations

from scapy.asn1.asn1 import ASN1_OID, ASN1_STRING, ASN1_TIME_TICKS
from scapy.layers.snmp import (
    SNMPbulk,
    SNMPget,
    SNMPinform,
    SNMPnext,
    SNMPresponse,
    SNMPset,
    SNMPtrapv1,
    SNMPtrapv2,
    SNMPvarbind,
)
from scapy.packet import Packet
from tests.suricata.makers.snmp import message
from tests.suricata.makers.wire import HMI, PLC, C, Exchange, S, udp
from tests.zeek.make import save

PORT, TRAPS = 161, 162
DESCRIPTION, NAME, PLACE = (f"1.3.6.1.2.1.1.{n}.0" for n in (1, 5, 6))


def bound(*pairs: tuple[str, str]) -> list[SNMPvarbind]:
    return [SNMPvarbind(oid=ASN1_OID(oid), value=ASN1_STRING(said)) for oid, said in pairs]


def captures() -> dict[str, list[Packet]]:
    """Every capture by name."""
    told = bound((DESCRIPTION, "Switch 8 ports V2.1"), (NAME, "sw-1"), (PLACE, "hall 3"))
    asked = bound((DESCRIPTION, ""), (NAME, ""))
    everything: Exchange = [
        (C, message(SNMPget(id=1, varbindlist=asked), "public")),
        (S, message(SNMPresponse(id=1, varbindlist=told), "public")),
        (C, message(SNMPnext(id=2, varbindlist=asked), "public", 0)),
        (S, message(SNMPresponse(id=2, error=2, varbindlist=asked), "public", 0)),
        (C, message(SNMPbulk(id=3, max_repetitions=9, varbindlist=asked))),
        (S, message(SNMPresponse(id=3, varbindlist=told))),
        (C, message(SNMPset(id=4, varbindlist=told), "private")),
        (S, message(SNMPresponse(id=4, varbindlist=told), "private")),
        (C, message(SNMPset(id=5, varbindlist=told))),
        (S, message(SNMPresponse(id=5, error=17, varbindlist=told))),
        (C, message(SNMPget(id=6, varbindlist=asked))),
    ]
    reports: Exchange = [
        (
            C,
            message(
                SNMPtrapv1(enterprise="1.3.6.1.4.1.1", time_stamp=ASN1_TIME_TICKS(100)), "public", 0
            ),
        ),
        (C, message(SNMPtrapv2(id=7, varbindlist=told), "public")),
        (C, message(SNMPinform(id=8, varbindlist=told), "public")),
        (S, message(SNMPresponse(id=8, varbindlist=told), "public")),
    ]
    whole = message(SNMPget(id=1, varbindlist=asked), "public")
    return {
        "functions": udp(HMI, PLC, PORT, everything),
        "reports": udp(PLC, HMI, TRAPS, reports),
        "malformed": udp(HMI, PLC, PORT, [(C, whole[:-9]), (C, whole[:12]), (C, b"\x30\x84" * 9)]),
        "benign": udp(HMI, PLC, PORT, [(C, b"hello"), (S, b"hello")]),
    }


if __name__ == "__main__":
    save("snmp", captures())
