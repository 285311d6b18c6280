"""Captures for the sensor's detections as they come from a sensor that lost packets, alarming ones
and harmless ones: ``python -m tests.zeek.make.losing``."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from scapy.packet import Packet
from tests.suricata.makers.mqtt import CONNACK, SUBACK, connect, subscribe
from tests.suricata.makers.wire import ATTACKER, CONTROLLER, HMI, PLC, C, Exchange, S, merged, tcp
from tests.zeek.make import save
from tests.zeek.make.adding_up import minutes
from tests.zeek.make.detections import knock
from tests.zeek.make.enip import asked, opened, path
from tests.zeek.make.modbus import poll
from tests.zeek.make.opcua import GOOD, NO_ID, NULL, TIME, Talk, array, node, number, session

BROWSE = 527
#: Before the first browsing: HEL, ACK, OPN, its reply, and a session created and activated.
OPENING = 8
REQUEST, REPLY = {0}, {1}
LIST_TAGS = "55 206b25000000|020001000200"


def browsing(nodes: Sequence[int]) -> Exchange:
    """A session that asks, one node after the other, what lies below; there is nothing."""
    talk = Talk().open()
    session(talk)
    view = NO_ID + TIME + number(0) + number(0)
    for id_, name in enumerate(nodes, 16):
        described = node(name, 2) + number(0) + node(33) + b"\x01" + number(0) + number(63)
        nothing = number(GOOD) + NULL + array()
        talk.ask(BROWSE, view + array(described), array(nothing) + NULL, id_)
    return talk.said


def browsed(
    nodes: Sequence[int], requests: Collection[int] = (), replies: Collection[int] = ()
) -> list[Packet]:
    """The same as packets, without some of the requests and replies (counted from 0)."""
    gap = {OPENING + 2 * n for n in requests} | {OPENING + 2 * n + 1 for n in replies}
    return tcp(ATTACKER, PLC, 4840, browsing(nodes), gap=gap)


def served(hosts: Sequence[int], one_sided: str | None = None) -> list[Packet]:
    """One client of many servers; that they open is lost, or all that they say."""
    flows = []
    for host in hosts:
        packets = tcp(HMI, f"10.10.20.{host}", 502, poll(2), sport=50000 + host, start=host * 1.0,
                      one_sided=one_sided)  # fmt: skip
        flows.append(packets if one_sided else [packets[0], *packets[2:]])
    return merged(*flows, tcp(ATTACKER, PLC, 80, [], start=120.0))


def polled(server: str, count: int, sport: int, lost: dict[int, set[int]]) -> list[Packet]:
    """A poll a minute, each on a connection of its own; of some minutes a part is lost."""
    flows = (
        tcp(HMI, server, 502, poll(1), sport=sport + n, start=n * 60.0 + 1, gap=lost.get(n, ()))
        for n in range(count)
    )
    return merged(*flows)


def listing() -> dict[str, list[Packet]]:
    """Who has points listed."""
    subscribed: Exchange = [(C, connect()), (S, CONNACK), (C, subscribe("#")), (S, SUBACK)]
    tags: Exchange = [*opened(), *asked(path(LIST_TAGS))]
    return {
        "browsed": browsed(range(1, 9)),
        "browsed_lost": browsed(range(1, 9), requests=(1, 4), replies=(0, 4, 5)),
        "browsed_again": browsed([1, 2, 3, 4] * 5, requests=(1, 4, 9), replies=(0, 4, 15)),
        "subscribed_lost": tcp(ATTACKER, PLC, 1883, subscribed, gap={0, 1, 3}),
        "tags_listed_lost": tcp(ATTACKER, PLC, 44818, tags, gap={0, 1, 3}),
    }


def knocking() -> dict[str, list[Packet]]:
    """Who knocks in vain, and who only seems to."""
    heard = [knock(host, 502) for host in range(30, 34)]
    unanswered = [knock(host, 502)[:1] for host in range(34, 38)]
    unasked = [knock(host, 502)[1:] for host in range(38, 42)]
    later = tcp(HMI, PLC, 502, poll(2), start=120.0)  # attempts are given up with time
    return {
        "address_scan_lost": merged(*heard, *unanswered, *unasked, later),
        "refusals_only": merged(*(knock(host, 502)[1:] for host in range(30, 60)), later),
        "openings_lost": served(range(30, 50)),
        "servers_unheard": served(range(30, 50), one_sided=C),
    }


def silence() -> dict[str, list[Packet]]:
    """A device that stops, and devices that only the sensor doesn't hear."""
    always = minutes(PLC, 70, 50000)
    here_and_there = {n: (REPLY if n % 2 else REQUEST) for n in range(0, 45, 4)}
    return {
        "silent_lost": merged(always, polled(CONTROLLER, 45, 51000, here_and_there)),
        "requests_lost": merged(
            always, polled(CONTROLLER, 70, 51000, dict.fromkeys(range(45, 70), REQUEST))
        ),
        "replies_lost": merged(
            always, polled(CONTROLLER, 70, 51000, dict.fromkeys(range(45, 53), REPLY))
        ),
    }


if __name__ == "__main__":
    save("detections", {**listing(), **knocking(), **silence()})
