"""What runs in a plant's network beside the polls, for the bench of the rules: see :data:`SHARES`.

Everything comes from one seed: the same capture on every machine. Payloads of files, video and
TLS are random bytes, as compressed and encrypted content looks; heads are those of the protocols,
so that Suricata's parsers work as they do in life. Sessions of the office kind end and come again
from another port; polls go on for ever.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

TCP, UDP = 6, 17
MSS = 1460
MESSAGES = 4  # of one step: a server that reports unasked gets no more of the turns than others

#: Part of the packets by kind, in percent. Polls are those of tests/bench/suricata.py.
SHARES: dict[str, float] = {
    "polls": 40,  # every OT protocol over IP that has a polling case, in equal numbers of sessions
    "profinet-rt": 10, "goose-sv": 3,  # cyclic frames of layer 2
    "video": 15,  # cameras: RTP over UDP, 1,400 bytes
    "tls": 10,  # web panels and historian replication, half of it bulk
    "smb": 6,  # recipes and backups from a file server
    "http": 5,  # plain web panels, JSON and pages
    "sql": 5,  # historian queries, TDS
    "ssh": 2,
    "names-time-log": 2.5,  # DNS, NTP, syslog
    "layer2": 1.5,  # ARP, LLDP, spanning tree
}  # fmt: skip

Piece = tuple[bool, bytes]  # (from the client, what)


@dataclass
class Talk:
    """What is said on a flow: ``pieces[:loops]`` once, the rest ``turns`` times."""

    protocol: int
    port: int
    pieces: list[Piece] = field(default_factory=list)
    loops: int = 0
    turns: int = 0  # 0: for ever
    sport: int = 0  # 0: any


class Flow:
    """A flow as packets: handshake, talk with acknowledgements, end, and again from a new port."""

    def __init__(self, talk: Talk, client: bytes, server: bytes, sport: int) -> None:
        self.talk, self.client, self.server = talk, client, server
        self.sport = talk.sport or sport
        self.begin()

    def begin(self) -> None:
        self.at, self.turn, self.opened = 0, 0, False
        self.seq = [1000, 5000]
        self.heads = []
        ends = ((self.client, self.sport), (self.server, self.talk.port))
        for (source, one), (target, two) in (ends, ends[::-1]):
            ethernet = b"\x02\0" + target + b"\x02\0" + source + b"\x08\0"
            tail = struct.pack(">BBH", 64, self.talk.protocol, 0) + source + target
            self.heads.append((ethernet, tail, struct.pack(">HH", one, two)))

    def packet(self, up: bool, flags: int, payload: bytes) -> bytes:
        side = 0 if up else 1
        ethernet, tail, ports = self.heads[side]
        if self.talk.protocol == UDP:
            layer = ports + struct.pack(">HH", 8 + len(payload), 0)
        else:
            layer = ports + struct.pack(
                ">IIBBHHH", self.seq[side] & 0xFFFFFFFF,
                self.seq[1 - side] & 0xFFFFFFFF if flags & 16 else 0, 0x50, flags, 64240, 0, 0,
            )  # fmt: skip
            self.seq[side] += len(payload) + (flags & 3 != 0)
        size = 20 + len(layer) + len(payload)
        return ethernet + struct.pack(">BBHHH", 0x45, 0, size, 0, 0x4000) + tail + layer + payload

    def opening(self) -> list[bytes]:
        self.opened = True
        if self.talk.protocol == UDP:
            return []
        return [self.packet(True, 2, b""), self.packet(False, 18, b""), self.packet(True, 16, b"")]

    def step(self) -> list[bytes]:
        """The next request with what answers it; every second segment is acknowledged."""
        made = [] if self.opened else self.opening()
        said, last, first = False, True, self.at
        while self.at < len(self.talk.pieces):
            up, payload = self.talk.pieces[self.at]
            if said and (up or self.at - first == MESSAGES):
                break
            said, self.at, last = True, self.at + 1, up
            cuts = range(0, len(payload), MSS)
            for number, cut in enumerate(cuts):
                made.append(self.packet(up, 24, payload[cut : cut + MSS]))
                if self.talk.protocol == TCP and number % 2 and number + 1 < len(cuts):
                    made.append(self.packet(not up, 16, b""))
        if self.at == len(self.talk.pieces):
            self.at, self.turn = self.talk.loops, self.turn + 1
        if self.talk.protocol == TCP:
            made.append(self.packet(not last, 16, b""))
        if self.talk.turns and self.turn == self.talk.turns:
            if self.talk.protocol == TCP:
                made += [self.packet(True, 17, b""), self.packet(False, 17, b""),
                         self.packet(True, 16, b"")]  # fmt: skip
            self.sport = self.talk.sport or 32768 + (self.sport - 32768 + 97) % 28000
            self.begin()
        return made


def tls(pick: random.Random) -> Talk:
    """A TLS 1.3 session: hellos, then records of application data, small or bulk."""
    name = f"hist{pick.randrange(20)}.plant.example".encode()
    sni = struct.pack(">HHHBH", 0, len(name) + 5, len(name) + 3, 0, len(name)) + name
    extra = sni + bytes.fromhex("000a00040002001d 000d00060004040308 04002b0003020304")
    extra += bytes.fromhex("00330026 0024001d0020") + pick.randbytes(32)
    hello = b"\x03\x03" + pick.randbytes(32) + b"\x20" + pick.randbytes(32)
    hello += bytes.fromhex("0006130113021303 0100") + struct.pack(">H", len(extra)) + extra
    back = b"\x03\x03" + pick.randbytes(32) + b"\x20" + hello[35:67] + bytes.fromhex("130100")
    more = bytes.fromhex("002b00020304 00330024001d0020") + pick.randbytes(32)
    back += struct.pack(">H", len(more)) + more

    def handshake(kind: int, body: bytes) -> bytes:
        head = struct.pack(">B", kind) + struct.pack(">I", len(body))[1:]
        return b"\x16\x03\x01" + struct.pack(">H", len(head) + len(body)) + head + body

    def record(size: int) -> bytes:
        return b"\x17\x03\x03" + struct.pack(">H", size) + pick.randbytes(size)

    change = b"\x14\x03\x03\x00\x01\x01"
    pieces = [(True, handshake(1, hello)),
              (False, handshake(2, back) + change + record(2400)),
              (True, change + record(69))]  # fmt: skip
    for _ in range(3):
        size = 16_000 if pick.random() < 0.3 else pick.randrange(200, 3000)
        pieces += [(True, record(pick.randrange(120, 900))), (False, record(size))]
    return Talk(TCP, 443, pieces, 3, pick.randrange(3, 40))


def http(pick: random.Random) -> Talk:
    """A web panel: pages, values as JSON, pictures."""
    pieces = []
    for number in range(4):
        if number == 0:
            body = (
                b"<html><body>" + b"<div class=tag>FIC-101 42.0 m3/h</div>" * 60 + b"</body></html>"
            )
            path, kind = "/panel/overview.html", "text/html"
        elif number == 3:
            body, path, kind = pick.randbytes(9000), "/panel/unit.png", "image/png"
        else:
            values = ",".join(f'"FIC-{i}":{pick.random() * 90:.2f}' for i in range(60))
            body, path, kind = b"{%s}" % values.encode(), "/api/values?unit=3", "application/json"
        ask = f"GET {path} HTTP/1.1\r\nHost: panel{pick.randrange(9)}.plant.example\r\n"
        ask += "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n"  # noqa: E501
        answer = f"HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"  # noqa: E501
        pieces += [(True, ask.encode()), (False, answer.encode() + body)]
    return Talk(TCP, 80, pieces, 0, pick.randrange(1, 12))


def smb(pick: random.Random) -> Talk:
    """SMB 2.1: negotiation, guest session, a file opened and read in blocks of 32 kB."""

    def message(command: int, number: int, body: bytes, back: bool, tree: int = 5) -> bytes:
        head = b"\xfeSMB" + struct.pack("<HHIHHIIQIIQ", 64, 1, 0, command, 31, int(back), 0, number,
                                        0xFEFF, tree, 0x4000_0000_0001) + bytes(16)  # fmt: skip
        return struct.pack(">I", len(head) + len(body)) + head + body

    share = r"\\files\recipes".encode("utf-16-le")
    name = r"line3\batch.csv".encode("utf-16-le")
    guid = pick.randbytes(16)
    talk = [
        (0, struct.pack("<HHHHI", 36, 1, 1, 0, 0) + guid + bytes(8) + b"\x10\x02",
         struct.pack("<HHHH", 65, 1, 0x210, 0) + guid + struct.pack("<IIIIQQHHI", 1, 1 << 20,
                     1 << 20, 1 << 20, 0x1DA_0000_0000_0000, 0, 128, 0, 0)),
        (1, struct.pack("<HBBIIHHQ", 25, 0, 1, 0, 0, 88, 16, 0) + b"NTLMSSP\0" + bytes(8),
         struct.pack("<HHHH", 9, 1, 72, 0)),
        (3, struct.pack("<HHHH", 9, 0, 72, len(share)) + share,
         struct.pack("<HBBIII", 16, 1, 0, 0, 0, 0x1F01FF)),
        (5, struct.pack("<HBBIQQIIIIIHHII", 57, 0, 0, 2, 0, 0, 0x120089, 128, 7, 1, 64, 120,
                        len(name), 0, 0) + name,
         struct.pack("<HBBIQQQQQQIIQQII", 89, 0, 0, 1, 0, 0, 0, 0, 32768, 32768, 128, 0, 7, 9, 0, 0)),  # noqa: E501
    ]  # fmt: skip
    pieces = []
    for number, (command, ask, answer) in enumerate(talk):
        pieces += [(True, message(command, number, ask, False)),
                   (False, message(command, number, answer, True))]  # fmt: skip
    for block in range(2):
        ask = struct.pack("<HBBIQQQIIIHH", 49, 80, 0, 32768, block * 32768, 7, 9, 1, 0, 0, 0, 0)
        answer = struct.pack("<HBBIII", 17, 80, 0, 32768, 0, 0) + pick.randbytes(32768)
        pieces += [(True, message(8, 4 + block, ask + b"\0", False)),
                   (False, message(8, 4 + block, answer, True))]  # fmt: skip
    return Talk(TCP, 445, pieces, 8, pick.randrange(2, 20))


def sql(pick: random.Random) -> Talk:
    """TDS: a pre-login, then batches of a query and tables of some kB."""

    def tds(kind: int, body: bytes) -> bytes:
        parts = [body[i : i + 4088] for i in range(0, len(body), 4088)]
        return b"".join(
            struct.pack(">BBHHBB", kind, int(n + 1 == len(parts)), 8 + len(part), 51, n + 1, 0)
            + part
            for n, part in enumerate(parts)
        )

    hello = bytes.fromhex("00001500060100 1b000102001c000103001d0004ff 0e000c0300000200000000")
    pieces = [(True, tds(18, hello)), (False, tds(4, hello))]
    for _ in range(4):
        query = f"SELECT ts, value FROM trend WHERE tag = 'FIC-{pick.randrange(400)}' ORDER BY ts"
        rows = b"".join(b"\xd1\x08" + pick.randbytes(8) + b"\x08" + pick.randbytes(8)
                        for _ in range(pick.randrange(10, 500)))  # fmt: skip
        pieces += [(True, tds(1, query.encode("utf-16-le"))), (False, tds(4, rows))]
    return Talk(TCP, 1433, pieces, 2)


def ssh(pick: random.Random) -> Talk:
    pieces = [(True, b"SSH-2.0-OpenSSH_9.6\r\n"), (False, b"SSH-2.0-OpenSSH_9.6\r\n")]
    pieces += [
        (up, pick.randbytes(pick.randrange(36, 400))) for _ in range(8) for up in (True, False)
    ]
    return Talk(TCP, 22, pieces, 2)


def video(pick: random.Random) -> Talk:
    """RTP of a camera, with a sender's report now and then left out."""
    source, pieces = pick.randbytes(4), []
    for number in range(200):
        head = struct.pack(">BBHI", 128, 96 | (number % 20 == 19) << 7, number, number // 20 * 3600)
        payload = b"\x7c\x05" + pick.randbytes(
            pick.randrange(300, 1380) if number % 20 == 19 else 1380
        )
        pieces.append((False, head + source + payload))
    return Talk(UDP, 6970 + 2 * pick.randrange(200), pieces)


def names_time_log(pick: random.Random) -> Talk:
    kind = pick.randrange(3)
    if kind == 0:
        name = b"\x05hist%d\x05plant\x07example\0" % pick.randrange(10)
        question = name + b"\0\x01\0\x01"
        number = pick.randbytes(2)
        answer = b"\xc0\x0c\0\x01\0\x01\0\0\x0e\x10\0\x04\x0a\x14\x01\x05"
        return Talk(UDP, 53, [
            (True, number + b"\x01\0\0\x01\0\0\0\0\0\0" + question),
            (False, number + b"\x85\x80\0\x01\0\x01\0\0\0\0" + question + answer)], 0, 1)  # fmt: skip  # noqa: E501
    if kind == 1:
        ask = b"\x23" + bytes(39) + pick.randbytes(8)
        answer = b"\x24\x02\x06\xe9" + bytes(8) + b"GPS\0" + pick.randbytes(32)
        return Talk(UDP, 123, [(True, ask), (False, answer)])
    line = (
        f"<134>Nov 24 10:00:00 sw{pick.randrange(40)} port: link up on Gi1/0/{pick.randrange(48)}"
    )
    return Talk(UDP, 514, [(True, line.encode())])


def frames(pick: random.Random, kind: str) -> list[bytes]:
    """Some frames of layer 2, sent again and again."""
    source = b"\x02\0\x0a\x14" + pick.randbytes(2)
    if kind == "profinet-rt":
        head = pick.randbytes(4) + b"\x02\0\x0a\x14" + b"\x88\x92\x80\x01"
        return [head[2:8] + source + b"\x88\x92\x80\x01" + pick.randbytes(40) + b"\x35\0"]
    if kind == "goose-sv":
        if pick.random() < 0.5:
            body = b"\x61\x81\x86" + pick.randbytes(134)
            return [b"\x01\x0c\xcd\x01\0\x01" + source + b"\x88\xb8\0\x01\0\x91\0\0\0\0" + body]
        body = b"\x60\x60" + pick.randbytes(96)
        return [b"\x01\x0c\xcd\x04\0\x01" + source + b"\x88\xba\x40\0\0\x6a\0\0\0\0" + body]
    arp = source + pick.randbytes(4)
    return pick.choice([
        [b"\xff" * 6 + source + b"\x08\x06\0\x01\x08\0\x06\x04\0\x01" + arp + bytes(6)
         + pick.randbytes(4) + bytes(18)],
        [b"\x01\x80\xc2\0\0\x0e" + source + b"\x88\xcc\x02\x07\x04" + source + b"\x04\x04\x05Gi1"
         b"\x06\x02\0\x78\0\0" + bytes(20)],
        [b"\x01\x80\xc2\0\0\0" + source + b"\0\x26\x42\x42\x03\0\0\0\0\0" + pick.randbytes(32)],
    ])  # fmt: skip


MAKERS: dict[str, Callable[[random.Random], Talk]] = {
    "video": video, "tls": tls, "smb": smb, "http": http, "sql": sql, "ssh": ssh,
    "names-time-log": names_time_log,
}  # fmt: skip


def steps(pick: random.Random, kind: str) -> Iterator[list[bytes]]:
    """What a kind of traffic sends, for ever: a step of one of its flows at a time."""
    if kind not in MAKERS:
        cyclic = [frames(pick, kind) for _ in range(60)]
        while True:
            yield pick.choice(cyclic)
    number = sorted(SHARES).index(kind)
    flows = [
        Flow(MAKERS[kind](pick), bytes((10, 30, number, 10 + turn)),
             bytes((10, 31, number, 5 + turn % 9)), 33000 + 131 * turn)
        for turn in range(40)
    ]  # fmt: skip
    while True:
        yield pick.choice(flows).step()


def mixed(pick: random.Random, polls: Iterator[list[bytes]]) -> Iterator[list[bytes]]:
    """Steps of all kinds, in the proportions of :data:`SHARES`; ``polls`` is that kind's own."""
    kinds = {k: polls if k == "polls" else steps(pick, k) for k in SHARES}
    made = dict.fromkeys(SHARES, 0.0)
    while True:
        behind = min(SHARES, key=lambda k: made[k])
        step = next(kinds[behind])
        made[behind] += len(step) / SHARES[behind]
        yield step
