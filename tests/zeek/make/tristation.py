"""Captures of TriStation for the btests: ``python -m tests.zeek.make.tristation``."""

from __future__ import annotations

import struct
from pathlib import Path

from tests.suricata.makers.tristation import (
    CLOSE,
    CLOSED,
    COMMANDS,
    CONNECT,
    CONNECTED,
    DEAD,
    DENIED,
    LIMIT,
    PING,
    REJECTED,
    message,
    tcm,
)  # fmt: skip
from tests.suricata.makers.wire import CONTROLLER, ENGINEER, C, Exchange, S, pcap, udp
from tests.zeek.make.s7comm import cut

TRACES = Path(__file__).parents[2] / "traces" / "tristation"
PORT = 1502
OPEN: Exchange = [(C, tcm(PING)), (S, tcm(PING)), (C, tcm(CONNECT)), (S, tcm(CONNECTED))]
SHUT: Exchange = [(C, tcm(CLOSE)), (S, tcm(CLOSED))]


def functions() -> Exchange:
    """Every command with its reply, and two that nobody knows."""
    said: list[tuple[str, bytes]] = [*OPEN]
    known = {command: (data, reply) for command, data, reply in COMMANDS.values()}
    for command in range(82):
        data, reply = known.get(command, (b"", 103))
        number = command & 0xFF
        said.append((C, message(command, data, count=number)))
        said.append((S, message(reply, bytes(4), reply=True, count=number)))
    return [*said, *SHUT]


def attack() -> Exchange:
    """What Triton did: look at the state, append a program and functions, and run it."""
    block = struct.pack("<HHHHH", 3, 1, 5, 0, 2) + bytes(8)
    said: list[tuple[str, bytes]] = [*OPEN]
    steps = ((19, b"", 108), (65, struct.pack("<H", 3) + bytes(6), 162), (1, bytes(34), 102),
             (55, block, 153), (56, block, 154), (11, b"", 103), (20, b"", 109), (21, b"", 110),
             (19, b"", 108))  # fmt: skip
    for number, (command, data, reply) in enumerate(steps, 1):
        said.append((C, message(command, data, count=number)))
        said.append((S, message(reply, bytes(12), reply=True, count=number)))
    return [*said, *SHUT]


def outcomes() -> Exchange:
    """What controllers reject or leave unanswered."""
    said: list[tuple[str, bytes]] = [*OPEN]
    for number, code in enumerate((212, 201, 241, 100), 1):
        said.append((C, message(20, count=number)))
        said.append((S, message(REJECTED, bytes([code, 0]), reply=True, count=number)))
    said.append((C, message(21, count=9)))
    for kind in (DENIED, LIMIT, DEAD, 11):
        said += [(C, tcm(CONNECT)), (S, tcm(kind))]
    said += [(C, message(22, count=10)), (S, tcm(8))]
    # A reply to what nobody saw.
    return [*said, (S, message(109, bytes(4), reply=True, count=77))]


def malformed() -> Exchange:
    """Datagrams that are wrong, each before one that is right."""
    right = message(19, count=1)
    wrong = [
        right[:12] + b"\xff\0" + right[14:],  # the two lengths disagree, and so the sum
        right[:-2] + b"\0\0",  # a wrong CRC
        message(20)[:-3], right + b"x", b"\x05\0", b"", b"\xff" * 40, tcm(5, b"\0\0\x14"), tcm(77),
    ]  # fmt: skip
    said: list[tuple[str, bytes]] = []
    for number, bad in enumerate(wrong, 1):
        said += [(C, bad), (C, message(19, count=number))]
        said += [(S, message(108, bytes(4), reply=True, count=number))]
    return said


def captures() -> dict[str, bytes]:
    """Every capture by name."""
    session = attack()
    others = [bytes.fromhex("000100000006010300000001"), b"M-SEARCH * HTTP/1.1\r\n\r\n" * 3]
    return {
        "functions": pcap(udp(ENGINEER, CONTROLLER, PORT, functions())),
        "attack": pcap(udp(ENGINEER, CONTROLLER, PORT, session)),
        "outcomes": pcap(udp(ENGINEER, CONTROLLER, PORT, outcomes())),
        "malformed": pcap(udp(ENGINEER, CONTROLLER, PORT, malformed())),
        "joined": pcap(udp(ENGINEER, CONTROLLER, PORT, session[5:])),
        "lost": pcap(udp(ENGINEER, CONTROLLER, PORT, session[:9] + session[10:])),
        "elsewhere": pcap(udp(ENGINEER, CONTROLLER, 15002, session[4:])),
        "truncated": cut(pcap(udp(ENGINEER, CONTROLLER, PORT, session)), 54),
        "benign": pcap(udp(ENGINEER, CONTROLLER, PORT, [(C, o) for o in others] * 5)),
    }


def main() -> None:
    """Write every capture."""
    TRACES.mkdir(parents=True, exist_ok=True)
    for name, capture in captures().items():
        (TRACES / f"{name}.pcap").write_bytes(capture)


if __name__ == "__main__":
    main()
