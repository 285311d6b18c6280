"""Captures of DNP3 for the btests: ``python -m tests.zeek.make.dnp3``."""

from __future__ import annotations

from scapy.packet import Packet
from tests.suricata.makers._dnp3 import request, response
from tests.suricata.makers.dnp3 import CLASSES, VALUES, polls
from tests.suricata.makers.wire import HMI, PLC, C, Exchange, S, tcp, udp
from tests.zeek.make import save

PORT = 20000
CROB = "0c01170103{code}0164000000640000 00{status}"
DEVICE = (
    "00fc000000 0104 41636d65",
    "00fa000000 0105 5254552d31",
    "00f2000000 0103 322e30",
    "00f8000000 0104 30303432",
)
FILE = "1a000600" + "00" * 6 + "a40100000000" + "00" * 4 + "010000040100" + "2f612e747874"

#: Function code and objects; None for a reply that doesn't come, else what the response says.
REQUESTS: tuple[tuple[str, str | None], ...] = (
    ("00", None),
    (CLASSES, VALUES),
    ("011e01000000", "1e0100000001 20000000"),
    ("011e0006", ""),
    ("023201" + "0701a1b2c3d4e501", ""),
    ("025001000707 00", ""),
    ("03" + CROB.format(code="41", status="00"), CROB.format(code="41", status="00")),
    ("04" + CROB.format(code="41", status="00"), CROB.format(code="41", status="02")),
    ("05" + CROB.format(code="03", status="00"), CROB.format(code="03", status="00")),
    ("06" + CROB.format(code="81", status="00"), None),
    ("0714000 6", ""), ("08140006", None), ("09140006", ""), ("0a140006", None),
    ("0b32020701a1b2c3d4e501640000001400 06", ""),
    ("0d", "34010701e803"), ("0e", "34010701e803"), ("0f", ""), ("10", ""), ("11", ""),
    ("12", ""), ("13", ""), ("143c02063c03063c0406", ""), ("153c02063c03063c0406", ""),
    ("163c0206010006", ""), ("17", "34020701 0500"), ("18", ""),
    ("1946035b01" + f"{len(FILE) // 2:02x}00" + FILE, ""),
    ("1a46045b010d00 01000000 00000000 0004 0100 00", ""),
    ("1b46035b01" + f"{len(FILE) // 2:02x}00" + FILE, ""),
    ("1f", ""),
    ("70", ""),
)  # fmt: skip


def hexes(text: str) -> str:
    return text.replace(" ", "")


def conversation() -> Exchange:
    """Every request, with its response where one comes."""
    said = []
    for number, (asked, told) in enumerate(REQUESTS):
        said.append((C, request(hexes(asked), number=number)))
        if told is not None:
            said.append((S, response(hexes(told), number=number)))
    return said


def outcomes() -> Exchange:
    """Internal indications one by one, and a request that nobody answers."""
    said = []
    for number, iin in enumerate(("0001", "0002", "0004", "0010", "0020", "8000")):
        said.append((C, request("0b", number=number)))
        said.append((S, response("", number=number, iin=iin)))
    return [*said, (C, request("0d", number=9))]


def identities() -> Exchange:
    """Device attributes asked for and told."""
    said = []
    for number, attribute in enumerate(DEVICE):
        said.append((C, request(attribute[:4].join(("01", "000000")), number=number)))
        said.append((S, response(hexes(attribute), number=number)))
    return said


def headers() -> Exchange:
    """Headers whose data, or absence of data, is easily taken for more headers."""
    control = "41016400000064000000" + "00"
    asked = (
        # Two empty strings, then a class; a string that reads as two classes.
        "027000000001" + "3c0206",
        "027006000000" + "3c02063c0306",
        # Controls by range; by virtual addresses, which are reserved.
        "040c01000000" + control,
        "040c01030000" + "3c0206",
    )
    said: Exchange = []
    for number, objects in enumerate(asked):
        said.append((C, request(objects, number=number)))
        said.append((S, response("", number=number)))
    # An outstation that has started.
    return [*said, (S, response("", number=5, function=0x82, iin="8000")),
            (C, request("00", number=5))]  # fmt: skip


def captures() -> dict[str, list[Packet]]:
    """Every capture by name."""
    reports = [
        (S, response("0201280100030081", number=3, function=0x82)),
        (C, request("00", number=3)),
    ]
    bad = bytearray(request(CLASSES))
    bad[12] ^= 0xFF
    return {
        "functions": tcp(HMI, PLC, PORT, conversation()),
        "outcomes": tcp(HMI, PLC, PORT, outcomes()),
        "headers": tcp(HMI, PLC, PORT, headers()),
        "identity": tcp(HMI, PLC, PORT, identities()),
        "analog_output": tcp(
            HMI, PLC, PORT, [*polls(1), (C, request("0529021701022c0100", number=1))]
        ),
        "unsolicited": tcp(HMI, PLC, PORT, reports),
        "polling": tcp(HMI, PLC, PORT, polls(10), step=1.0),
        "datagrams": udp(HMI, PLC, PORT, polls(5)),
        "elsewhere": tcp(HMI, PLC, 20555, polls(3)),
        "coalesced": tcp(HMI, PLC, PORT, polls(4), coalesce=True, split=700),
        "split": tcp(HMI, PLC, PORT, polls(3), split=7),
        "lost": tcp(HMI, PLC, PORT, polls(10), gap={4, 9}),
        "joined": tcp(HMI, PLC, PORT, polls(4), midstream=True, close=False),
        "malformed": tcp(HMI, PLC, PORT, [(C, bytes(bad)), *polls(2)]),
        "truncated": tcp(HMI, PLC, PORT, [*polls(1), (C, request(CLASSES)[:14])]),
        "benign": tcp(HMI, PLC, PORT, [(C, b"USER operator\r\n"), (S, b"331 go on\r\n")]),
    }  # fmt: skip


if __name__ == "__main__":
    save("dnp3", captures())
