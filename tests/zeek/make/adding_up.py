"""Captures for the sensor's detections that add things up, or look beyond the plant, each with one
that is alike and harmless, and one that lost packets: ``python -m tests.zeek.make.adding_up``."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence

from scapy.layers.dns import DNS, DNSQR
from scapy.layers.snmp import SNMPnext, SNMPvarbind
from scapy.packet import Packet
from tests.suricata.makers.bacnet import BROADCAST, tell
from tests.suricata.makers.mqtt import BAD_PASSWORD, CONNACK, connect
from tests.suricata.makers.snmp import message
from tests.suricata.makers.tftp import READ, transfer
from tests.suricata.makers.wire import (
    ATTACKER,
    CONTROLLER,
    ENGINEER,
    HMI,
    OUTSIDE,
    PLC,
    C,
    Exchange,
    S,
    merged,
    tcp,
    udp,
)
from tests.zeek.make import save
from tests.zeek.make.detections import asked, knock, refused
from tests.zeek.make.modbus import poll, say

OFFICE = "10.20.50.7"
IDENTITY = ("2b0e0100", "2b0e0101000001 000941636d6520496e632e")
WHO_IS = 8
SSH: Exchange = [(S, b"SSH-2.0-OpenSSH_9.2\r\n"), (C, b"SSH-2.0-PuTTY_Release_0.81\r\n")]


def writes(points: int, times: int = 1) -> Exchange:
    """Registers written one after the other, all of them ``times`` times."""
    single = [f"06{address:04x}{turn:04x}" for turn in range(times) for address in range(points)]
    return say((pdu, pdu) for pdu in single)


def identities(client: str, servers: Sequence[int], gap: Sequence[int] = ()) -> list[Packet]:
    """What each of some servers is; replies of those in ``gap`` are lost."""
    flows = (
        tcp(client, f"10.10.20.{n}", 502, say([IDENTITY]), sport=50000 + n, start=n * 1.0,
            gap={1} if n in gap else ())
        for n in servers
    )  # fmt: skip
    return merged(*flows)


def who_is(ranges: Iterable[tuple[int, int]]) -> Exchange:
    return [(C, tell(WHO_IS, f"0a{low:04x}1a{high:04x}")) for low, high in ranges]


def minutes(server: str, count: int, sport: int, hole: range = range(0)) -> list[Packet]:
    """A poll a minute, but not in those of the hole; each on a connection of its own."""
    flows = (
        tcp(HMI, server, 502, poll(1), sport=sport + n, start=n * 60.0 + 1)
        for n in range(count)
        if n not in hole
    )
    return merged(*flows)


def names(queries: Iterable[str]) -> list[Packet]:
    said: Exchange = [
        (C, bytes(DNS(id=n, rd=1, qd=DNSQR(qname=name)))) for n, name in enumerate(queries)
    ]
    return udp(HMI, PLC, 53, said)


def get(user: str = "", password: str = "", status: str = "200 OK") -> Exchange:
    """A page asked for, with or without a login."""
    word = base64.b64encode(f"{user}:{password}".encode()).decode()
    head = f"Authorization: Basic {word}\r\n" if user else ""
    return [
        (C, f"GET /setup HTTP/1.1\r\nHost: cam\r\n{head}\r\n".encode()),
        (S, f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()),
    ]


def refusals(count: int) -> Exchange:
    return [said for n in range(count) for said in get("admin", f"guess{n}", "401 Unauthorized")]


def refused_one_by_one(count: int, lost: int) -> list[Packet]:
    """The same on a connection each; the packets of one are lost."""
    flows = (
        tcp(ATTACKER, PLC, 80, get("admin", f"guess{n}", "401 Unauthorized"), sport=50000 + n,
            start=n * 2.0, gap={0, 1} if n == lost else ())
        for n in range(count)
    )  # fmt: skip
    return merged(*flows)


def logins(answer: bytes, count: int) -> list[Packet]:
    """Connections to a broker, each with a login of its own."""
    flows = (
        tcp(ATTACKER, PLC, 1883, [(C, connect(f"c{n}", "admin", f"p{n}")), (S, answer)],
            sport=50000 + n, start=n * 2.0)
        for n in range(count)
    )  # fmt: skip
    return merged(*flows)


def walk(servers: Sequence[int], community: str = "public") -> list[Packet]:
    question = message(SNMPnext(id=1, varbindlist=[SNMPvarbind(oid="1.3.6.1.2.1.1")]), community)
    flows = (
        udp(HMI, f"10.10.20.{n}", 161, [(C, question)], sport=50000 + n, start=n * 1.0)
        for n in servers
    )
    return merged(*flows)


def watching() -> dict[str, list[Packet]]:
    """Who asks around, and who answers no more."""
    wide = [(n * 100, n * 100 + 99) for n in range(12)]
    return {
        "device_scan": identities(ATTACKER, range(30, 37)),
        "device_scan_lost": identities(ATTACKER, range(30, 37), gap=(31, 33)),
        "few_identities": identities(ENGINEER, range(30, 33)),
        "device_search": udp(ATTACKER, BROADCAST, 47808, who_is(wide)),
        "one_by_one": udp(HMI, BROADCAST, 47808, who_is((n, n) for n in range(1000, 1040))),
        "knocked_telnet": merged(
            tcp(HMI, PLC, 502, poll(2)), *(knock(host, 23) for host in range(30, 60))
        ),
        "silent": merged(minutes(PLC, 70, 50000), minutes(CONTROLLER, 45, 51000)),
        "paused": merged(
            minutes(PLC, 70, 50000), minutes(CONTROLLER, 70, 51000, hole=range(45, 52))
        ),
        "all_silent": merged(
            minutes(PLC, 45, 50000),
            minutes(CONTROLLER, 45, 51000),
            udp(HMI, PLC, 53, [(C, b"\0" * 20)] * 30, start=2710.0, step=60.0),
        ),
    }


def changing() -> dict[str, list[Packet]]:
    """Who writes too much, and who asks too often."""
    return {
        "brute_force": tcp(ATTACKER, PLC, 502, writes(40)),
        "brute_force_lost": tcp(ATTACKER, PLC, 502, writes(40), gap={10, 11, 12, 40}),
        "few_writes": tcp(HMI, PLC, 502, writes(10, times=5)),
        "flood": tcp(ATTACKER, PLC, 502, poll(300), step=0.001),
        "flood_lost": tcp(ATTACKER, PLC, 502, poll(300), step=0.001, gap={100, 101, 300}),
        "function_scan_lost": tcp(ATTACKER, PLC, 502, refused(12), gap={6, 7, 13}),
        "suppressed_lost": tcp(
            ATTACKER, PLC, 20000, asked(*["01" + "3c0206"] * 3, "15" + "3c0206"),
            gap={2, 3}, step=0.1,
        ),
    }  # fmt: skip


def entering() -> dict[str, list[Packet]]:
    """Who logs in with what, and who comes from outside or goes there."""
    plant = tcp(HMI, PLC, 502, poll(3))
    much: Exchange = [(C, b"x" * 1400)] * 4
    return {
        "web_guessing": tcp(ATTACKER, PLC, 80, refusals(6)),
        "web_guessing_lost": refused_one_by_one(7, lost=2),
        "web_mistyped": tcp(HMI, PLC, 80, [*refusals(2), *get("admin", "correct")]),
        "web_factory": tcp(ATTACKER, PLC, 80, [*refusals(1), *get("admin", "admin")]),
        "broker_guessing": logins(BAD_PASSWORD, 6),
        "broker_few": logins(BAD_PASSWORD, 2),
        "broker_often": logins(CONNACK, 9),
        "community": walk(range(30, 34)),
        "community_of_its_own": walk(range(30, 40), "pl4nt"),
        "community_of_one": walk(range(30, 31)),
        "firmware_tftp": udp(CONTROLLER, ATTACKER, 69, transfer(READ, "NP5150A_1.99.rom")),
        "settings_tftp": udp(CONTROLLER, ENGINEER, 69, transfer(READ, "trend2026.txt")),
        "dns_tunnel": names(f"{'abcdefgh' * 3}{n:08d}.t.example.net" for n in range(40)),
        "dns_names": names(
            [f"host{n}.plant.example.net" for n in range(40)]
            + ["a-long-name-of-one-single-service.plant.example.net"] * 40
        ),
        "border": merged(
            plant,
            tcp(OUTSIDE, HMI, 22, SSH, sport=50001, start=5.0),
            tcp(HMI, OUTSIDE, 443, much, sport=50002, start=6.0),
            tcp(OFFICE, HMI, 22, SSH, sport=50003, start=7.0),
            tcp(OFFICE, PLC, 502, poll(2), sport=50004, start=8.0),
        ),
        "within_border": merged(
            plant,
            tcp(ENGINEER, HMI, 22, SSH, sport=50001, start=5.0),
            tcp(OFFICE, HMI, 80, get(), sport=50002, start=6.0),
            tcp("10.10.10.99", OUTSIDE, 443, much, sport=50003, start=7.0),
        ),
    }


if __name__ == "__main__":
    save("detections", {**watching(), **changing(), **entering()})
