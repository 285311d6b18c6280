"""Captures of S7comm and S7comm-plus for the btests: ``python -m tests.zeek.make.s7comm``.

Message by message, as stations and controllers send them, and as they shouldn't.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path

from tests.suricata.makers._s7 import answer, data, job, tpkt
from tests.suricata.makers.wire import ENGINEER, HMI, PLC, C, Exchange, S, pcap, tcp

TRACES = Path(__file__).parents[2] / "traces" / "s7comm"
PORT = 102
PASSWORD = bytes.fromhex("64626663616a6a6b")
SETUP = "f0000001000101e0"

#: Program invocation services and their arguments.
INVOKED = {
    "P_PROGRAM": "", "_INSE": b"\2\x000800001P0A00007P".hex(), "_DELE": b"\1\x000C00012B".hex(),
    "_MODU": b"EP".hex(), "_GARB": "", "_N_LOGIN_": PASSWORD.hex(), "_N_NEWPWD": PASSWORD.hex(),
    "_N_F_DELE": b"\x0e/_N_MPF_DIR/_N_A".hex(), "_N_SELECT": "",
}  # fmt: skip
#: Functions of user data by group, with what follows the return code of a request.
USER = {
    1: (*range(1, 0x14), 0x16), 2: (1, 4, 5, 7, 8), 3: (1, 2, 3), 4: (1, 2, 6, 7, 13, 14),
    5: (1, 2), 6: (1,), 7: (1, 2, 3, 4), 15: (1,), 9: (1,),
}  # fmt: skip


def item(area: int, at: int, *, kind: int = 2, count: int = 1, block: int = 0, bit: int = 0) -> str:
    """An S7ANY pointer as hex."""
    address = at if 0x1C <= area <= 0x1F else at * 8 + bit
    body = struct.pack("!BBBBHHB", 0x12, 10, 0x10, kind, count, block, area)
    return (body + address.to_bytes(3)).hex()


def read(items: Iterable[str], reference: int = 1) -> bytes:
    listed = list(items)
    return job(f"04{len(listed):02x}" + "".join(listed), reference=reference)


def write(items: Iterable[str], values: str, reference: int = 1) -> bytes:
    listed = list(items)
    return job(f"05{len(listed):02x}" + "".join(listed), values, reference=reference)


def called(selector: bytes, kind: int = 0xE0) -> bytes:
    """A COTP connection request, or the confirm of one."""
    rest = b"\xc0\x01\x0a\xc1\x02\x01\x00\xc2" + bytes([len(selector)]) + selector
    head = bytes([kind]) + b"\0\0\0\1\0" + rest
    return tpkt(bytes([len(head)]) + head)


def opened(selector: bytes = b"\1\2") -> Exchange:
    return [
        (C, called(selector)), (S, called(selector, 0xD0)),
        (C, job(SETUP, reference=900)), (S, answer(SETUP, reference=900)),
    ]  # fmt: skip


def user(
    group: int, code: int, payload: bytes, reference: int, *, reply: bool = False,
    sequence: int = 0, more: int = 0, error: int = 0, ok: int = 0xFF,
) -> bytes:  # fmt: skip
    """User data; ``group`` with its type, as 0x44 for a request to the processor."""
    long = reply or sequence > 0 or group >> 4 == 0
    head = bytes([0, 1, 0x12, 8 if long else 4, 0x12 if long else 0x11, group, code, sequence])
    tail = struct.pack("!BBH", 0, more, error) if long else b""
    content = struct.pack("!BBH", ok, 9 if payload else 0, len(payload)) + payload
    return job((head + tail).hex(), content.hex(), reference, kind=7)


def status(identity: int, size: int, records: list[bytes]) -> bytes:
    return struct.pack("!HHHH", identity, 0, size, len(records)) + b"".join(records)


POLLED = [item(0x84, 0, count=10, block=5), item(0x83, 10, kind=1, bit=3)]
POLL_OK = "ff04005000010203040506070809ff03000101"


def polls(count: int, first: int = 100) -> Exchange:
    said: list[tuple[str, bytes]] = []
    for n in range(first, first + count):
        said += [(C, read(POLLED, n)), (S, answer("0402", POLL_OK, reference=n))]
    return said


def jobs() -> Exchange:
    """Every job."""
    areas = [
        item(0x84, 10, kind=4, count=3, block=70), item(0x85, 2, kind=8, block=71),
        item(0x81, 0, count=4), item(0x82, 1, kind=1, bit=7), item(0x83, 100, kind=7),
        item(0x80, 256, kind=5), item(0x1D, 4, kind=29, count=2), item(0x1C, 3, kind=28),
        item(0x86, 0, kind=6), item(0x83, 5, kind=1, count=12, bit=6), item(0x99, 1),
    ]  # fmt: skip
    others = [
        "1207b00104000700" + "2000",
        "120eb2008a0e0009deadbeef40000001",
        "1208824100010002" + "0501",
    ]
    listed = [*areas, *others]
    data_ok = "ff040008aa00" * (len(listed) - 1) + "ff040008aa"
    said: list[tuple[str, bytes]] = [*opened()]
    said += [(C, read(listed)), (S, answer(f"04{len(listed):02x}", data_ok))]
    numbers = [
        item(0x84, 0, kind=5, block=1), item(0x84, 4, kind=8, block=1),
        item(0x83, 0, kind=1, bit=1),
        item(0x84, 8, count=3, block=1),
    ]  # fmt: skip
    values = "00050010ff9c" + "0007000441bc0000" + "00030001" + "0100" + "00040018010203"
    said += [(C, write(numbers, values, 2)), (S, answer("0504", "ffffffff", reference=2))]
    name = b"_0800001P".hex()
    said += [
        (C, job("1a00010000000000" + "09" + name + "0d31303030313030303031323334", reference=3)),
        (S, answer("1a", reference=3)),
        # The controller fetches it, and ends.
        (S, job("1b00010000000000" + "09" + name, reference=1)),
        (C, answer("1b01", "000400fb70700101", reference=1)),
        (S, job("1b00010000000000" + "09" + name, reference=2)),
        (C, answer("1b00", "000400fb7070", reference=2)),
        (S, job("1c00010000000000" + "09" + name, reference=3)),
        (C, answer("1c", reference=3)),
        (C, job("1d00000000000000" + "09" + b"_0A00007A".hex(), reference=5)),
        (S, answer("1d00010000000007" + "0730303030313030", reference=5)),
        (C, job("1e00000000000007", reference=6)), (S, answer("1e01", "000400fb7070", reference=6)),
        (C, job("1f00000000000007", reference=7)), (S, answer("1f", reference=7)),
        (C, job("29000000000009505f50524f4752414d", reference=8)), (S, answer("29", reference=8)),
    ]  # fmt: skip
    for n, (service, arguments) in enumerate(INVOKED.items(), 20):
        named = f"{len(service):02x}" + service.encode().hex()
        body = "28000000000000fd" + f"{len(arguments) // 2:04x}" + arguments + named
        said += [(C, job(body, reference=n)), (S, answer("28", reference=n))]
    said += [(C, job("5500", reference=40)), (S, answer("55", reference=40))]
    said += [(C, job("00", reference=41)), (S, data(bytes.fromhex("320200000029000000000000")))]
    said += [(C, data(bytes([0x32, 9, 0, 0, 0, 1, 0, 0, 0, 0])))]
    return [*said, (C, tpkt(b"\x06\x80\0\0\0\1\0")), (S, tpkt(b"\x05\xc0\0\0\0\1"))]


def functions() -> Exchange:
    """Every function of user data, and what controllers push."""
    contents = {
        (2, 1): bytes.fromhex("00020105" + "".join(POLLED)),
        (2, 5): bytes.fromhex("00010105" + POLLED[0]),
        (3, 2): b"0A", (3, 3): b"0A00007A", (4, 1): b"\x01\x31\0\1", (5, 1): PASSWORD,
        (1, 2): table(b"\x03\1\0\0\0\0" + b"\x10\1\0\0\0\x08"),
        (1, 8): table(b"\x71\4\0\7\0\2", b"\0\x09\0\4abcd"),
        (1, 9): table(b"\x22\1\0\0\0\4" + b"\x54\1\0\0\0\5", b"\0\x09\0\2ab\0\x09\0\2ab"),
    }  # fmt: skip
    said: list[tuple[str, bytes]] = [*opened()]
    reference = 0
    for group, codes in USER.items():
        for code in codes:
            reference += 1
            content = contents.get((group, code), b"")
            said.append((C, user(0x40 | group, code, content, reference)))
            said.append((S, user(0x80 | group, code, b"", reference, reply=True)))
    for group, code in ((0, 0), (0, 2), (4, 3), (4, 0x11), (2, 1), (0, 0x55)):
        said.append((S, user(group, code, b"\1\2", 0)))
    return said


def table(items: bytes, values: bytes = b"") -> bytes:
    """The table of a programmer function."""
    listed = struct.pack("!H", len(items) // 6) + items + values
    return struct.pack("!HH", 20, len(listed)) + bytes(20) + listed


def identity() -> Exchange:
    """What a controller says it is, the second list in two parts."""
    order = [
        struct.pack("!H20sHHH", 1, b"6ES7 315-2EH14-0AB0 ", 0, 4, 1),
        struct.pack("!H20sHHH", 6, b"6ES7 315-2EH14-0AB0 ", 0, 4, 1),
        struct.pack("!H20sHHH", 7, b" " * 20, 0, 0x5603, 0x0206),
    ]
    texts = {1: b"Line 4", 2: b"PLC_1", 3: b"Millbrook", 4: b"Original Siemens Equipment",
             5: b"S C-X4U421302009", 7: b"CPU 315-2 PN/DP", 8: b"MMC 267FF11F"}  # fmt: skip
    parts = status(0x1C, 34, [struct.pack("!H32s", n, t) for n, t in texts.items()])
    return [
        *opened(),
        (C, user(0x44, 1, b"\0\x11\0\0", 1)),
        (S, user(0x84, 1, status(0x11, 28, order), 1, reply=True)),
        (C, user(0x44, 1, b"\0\x1c\0\0", 2)),
        (S, user(0x84, 1, parts[:150], 2, reply=True, sequence=3, more=1)),
        (C, user(0x44, 1, b"", 3, sequence=3)),
        (S, user(0x84, 1, parts[150:], 3, reply=True, sequence=3)),
        (C, user(0x44, 1, b"\0\xa0\0\0", 4)),
        (S, user(0x84, 1, b"", 4, reply=True, error=0xD401, ok=0x0A)),
    ]


def outcomes() -> Exchange:
    """What is refused, in part or as a whole, and what is not answered."""
    three = [item(0x84, n, block=9) for n in (0, 10, 20)]
    return [
        *opened(b"\2\3"),
        (C, read(three)), (S, answer("0403", "ff04000801000a00000005000000")),
        # Some controllers give the failed item a length of four.
        (C, read(three, 2)), (S, answer("0403", "0a0000040a0000040a000004", reference=2)),
        (C, write(three, "0004000801000004000802000004000803", 3)),
        (S, answer("0503", "ff0306", reference=3)),
        (C, read(three[:1], 4)), (S, answer("0401", "0a000000", reference=4)),
        (C, read(three, 5)), (S, answer("04", error="8104", reference=5)),
        (C, job("29000000000009505f50524f4752414d", reference=6)),
        (S, answer("29", error="8404", reference=6)),
        (C, read(three[1:], 7)),
        (C, read(three[:1], 8)), (C, read(three[1:2], 9)),
        (S, answer("0401", "ff04000801", reference=9)),
        (S, answer("0401", "ff04000801", reference=8)),
        (S, answer("0401", "ff04000801", reference=77)),
    ]  # fmt: skip


def plus_request(code: int, number: int, body: bytes = b"", version: int = 2) -> bytes:
    head = b"\x31\0\0" + struct.pack("!HHHIB", code, 0, number, 0x3A0, 0x34) + body
    return plus_frame(head, version)


def plus_reply(code: int, number: int, body: bytes = b"\0", version: int = 2) -> bytes:
    return plus_frame(b"\x32\0\0" + struct.pack("!HHHB", code, 0, number, 0x34) + body, version)


def plus_frame(inner: bytes, version: int, last: bool = True) -> bytes:
    content = (b"\x20" + bytes(range(32)) if version == 3 else b"") + inner
    tail = bytes([0x72, version, 0, 0]) if last else b""
    return data(bytes([0x72, version]) + len(content).to_bytes(2) + content + tail)


def plus_session() -> Exchange:
    """Every function of S7comm-plus, a message in pieces, run and stop, and TLS at last."""
    said: list[tuple[str, bytes]] = [
        (C, called(b"SIMATIC-ROOT-ES")), (S, called(b"SIMATIC-ROOT-ES", 0xD0)),
    ]  # fmt: skip
    codes = (0x4CA, 0x4BB, 0x4D4, 0x4F2, 0x524, 0x542, 0x54C, 0x556, 0x560, 0x56B, 0x57C, 0x586,
             0x590, 0x59A, 0x5A9, 0x5B3, 0x777)  # fmt: skip
    session = b"\0" + b"1;6ES7 212-1BE40-0XB0 ;V4.1\0"
    for n, code in enumerate(codes, 1):
        version = 1 if code == 0x4CA else 3 if n % 2 else 2
        said.append((C, plus_request(code, n, bytes(8), version)))
        body = b"\0\x15\x1e" + session if code == 0x4CA else b"\0"
        said.append((S, plus_reply(code, n, body, version)))
    state = bytes.fromhex("0000003401907700 08".replace(" ", ""))
    for n, wanted in ((50, b"\1"), (51, b"\3")):
        said += [(C, plus_request(0x4F2, n, state + wanted + bytes(9), 3))]
        said += [(S, plus_reply(0x4F2, n, b"\0" if wanted == b"\1" else b"\x90\x80\x01", 3))]
    said.append((S, plus_frame(b"\x33\x70\0\0\1" + bytes(20), 3)))
    said.append((S, plus_frame(b"\x77\0\0\0\1" + bytes(20), 2)))
    # One notification in three pieces, whose middle looks like a request.
    said.append((S, plus_frame(b"\x33" + bytes(30), 2, last=False)))
    said.append((S, plus_frame(b"\x31" + bytes(30), 2, last=False)))
    said.append((S, plus_frame(b"\x31" + bytes(10), 2)))
    said.append((S, plus_frame(b"\x33" + bytes(10), 2)))
    said.append((C, data(b"\x72\xff\0\0")))
    said += [(C, data(b"\x16\x03\x01\x00\x30" + bytes(48))), (S, data(b"\x16\x03\x03" + bytes(60)))]
    return [*said, (C, data(b"\x17\x03\x03\0\x20" + bytes(32)))]


def fragmented() -> Exchange:
    """Messages in several COTP fragments, with the empty one that comes before many a message."""
    listed = [item(0x84, n, block=9) for n in range(18)]
    whole = read(listed, 5)[7:]
    return [
        *opened(), *polls(1),
        (C, data(whole[:100], last=False)), (C, data(whole[100:200], last=False)),
        (C, data(whole[200:])),
        (C, data(b"", last=False)), (S, answer("0412", "0a000000" * 18, reference=5)),
        *polls(1, 200),
    ]  # fmt: skip


def pieces() -> Exchange:
    """Polls in two segments each."""
    said: list[tuple[str, bytes]] = [*opened()]
    for n in range(100, 110):
        asked = read(POLLED, n)
        said += [(C, asked[:20]), (C, asked[20:]), (S, answer("0402", POLL_OK, reference=n))]
    return said


def malformed() -> Exchange:
    """Messages that are wrong, each before one that is right."""
    right = [(C, read([item(0x83, n)], n)) for n in range(1, 13)]
    wrong = [
        job("0409" + POLLED[0]),  # fewer variables than it says
        job("0401" + "12ff10" + "00" * 9),  # a pointer longer than the list
        read(POLLED)[:-3],  # cut: TPKT swallows what follows
        data(bytes.fromhex("3201000000010fff0000") + b"\4\1"),  # parameters beyond the message
        data(b"\x32"), data(b"\x32\7\0\0\0\1\0\4\0\0\0\1"), data(b"\x72\2\xff\xff\x31"),
        job("28000000000000fdffff"), job("1a0001000000000040"),
        tpkt(b"\x02\xf0"), b"\x03\x00\x00\x03", b"\xff" * 50,
    ]  # fmt: skip
    said: list[tuple[str, bytes]] = [*opened()]
    for bad, good in zip(wrong, right, strict=True):
        said += [(C, bad), good]
    return [*said, *polls(3)]


def mms() -> Exchange:
    """Another protocol of port 102: a session is opened, and much is said."""
    first = bytes.fromhex("0db10506130100160102140200023302000134020001c1a0319e")
    return [
        (C, called(b"\0\1")), (S, called(b"\0\1", 0xD0)), (C, data(first)), (S, data(first)),
        *[(C, data(b"\1\0\1\0a\x1f" + bytes(30))), (S, data(b"\1\0\1\0a\x1f" + bytes(40)))] * 20,
    ]  # fmt: skip


def cut(capture: bytes, snap: int) -> bytes:
    """The capture as it would be with a smaller snap length."""
    parts, at = [capture[:24]], 24
    while at < len(capture):
        seconds, micros, kept, size = struct.unpack_from("<IIII", capture, at)
        frame = capture[at + 16 : at + 16 + kept][:snap]
        parts += [struct.pack("<IIII", seconds, micros, len(frame), size), frame]
        at += 16 + kept
    return b"".join(parts)


def captures() -> dict[str, bytes]:
    """Every capture by name."""
    day = [*opened(), *polls(30)]
    stop = (C, job("29000000000009505f50524f4752414d", reference=8))
    late = [*polls(3), stop, (S, answer("29", reference=8))]
    torn = [(S, POLL_OK.encode()[9:]), (C, read(POLLED)[11:]), *late]
    refusal = [(C, called(b"\1\7")), (S, tpkt(b"\x06\x80\0\1\0\0\1"))]
    web = [(C, b"GET / HTTP/1.1\r\n\r\n"), (S, b"HTTP/1.1 400\r\n\r\n")]
    return {
        "jobs": pcap(tcp(ENGINEER, PLC, PORT, jobs())),
        "user_data": pcap(tcp(ENGINEER, PLC, PORT, functions())),
        "identity": pcap(tcp(ENGINEER, PLC, PORT, identity())),
        "outcomes": pcap(tcp(HMI, PLC, PORT, outcomes())),
        "plus": pcap(tcp(ENGINEER, PLC, PORT, plus_session())),
        "fragmented": pcap(tcp(HMI, PLC, PORT, fragmented())),
        "malformed": pcap(tcp(HMI, PLC, PORT, malformed())),
        "split": pcap(tcp(HMI, PLC, PORT, day, split=7)),
        "coalesced": pcap(tcp(HMI, PLC, PORT, day, coalesce=True)),
        "lost": pcap(tcp(HMI, PLC, PORT, day, gap=(10, 11, 25, 40))),
        "lost_within": pcap(tcp(HMI, PLC, PORT, pieces(), gap=(7, 14, 21))),
        "one_sided": pcap(tcp(HMI, PLC, PORT, day, one_sided=C)),
        "joined": pcap(tcp(HMI, PLC, PORT, late, midstream=True, close=False)),
        "joined_at_reply": pcap(tcp(HMI, PLC, PORT, late[1:], midstream=True, close=False)),
        "joined_within": pcap(tcp(HMI, PLC, PORT, torn, midstream=True, close=False)),
        "elsewhere": pcap(tcp(HMI, PLC, 1102, day)),
        "elsewhere_joined": pcap(tcp(HMI, PLC, 1102, late, midstream=True, close=False)),
        "truncated": cut(pcap(tcp(HMI, PLC, PORT, day)), 96),
        "refused": pcap(tcp(HMI, PLC, PORT, refusal)),
        "mms": pcap(tcp(HMI, PLC, PORT, mms())),
        "benign": pcap(tcp(HMI, PLC, PORT, web)),
    }  # fmt: skip


def main() -> None:
    """Write every capture."""
    TRACES.mkdir(parents=True, exist_ok=True)
    for name, capture in captures().items():
        (TRACES / f"{name}.pcap").write_bytes(capture)


if __name__ == "__main__":
    main()
