"""Deterministic captures: TCP sessions and UDP exchanges as packets, and a case as two files.

Everything that a real host would choose at random (MAC, IP id, initial sequence number, clock)
is derived from the addresses and ports, so that the same script gives the same bytes.

A payload is ``(direction, bytes)``: ``C`` (client to server) or ``S`` (server to client)::

    packets = tcp(HMI, PLC, 502, [(C, read), (S, reply), (C, write), (S, echo)])
    case("modbus-write-single", "One write.", packets, alerts={1920010: 1}, silent=[1920011])
"""

import itertools
import json
import struct
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path

from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.l2 import Dot1Q, Ether
from scapy.packet import Packet, Raw

from ._silent import SILENT

SERVER = "10.10.20.10"
PLC = SERVER
CONTROLLER = "10.10.20.20"
HMI = "10.10.10.5"
ENGINEER = "10.10.10.6"
ATTACKER = "10.10.10.66"
OUTSIDE = "203.0.113.9"

C, S = ">", "<"
Exchange = Sequence[tuple[str, bytes]]

CASES = Path(__file__).parents[1]
WRITTEN: set[str] = set()  # names of the cases written in this process
EPOCH = 1_795_500_000.0  # 2026-11-24, seconds
MSS = 1460


def mac(ip: str) -> str:
    """A locally administered MAC that belongs to the address."""
    return "02:00:" + ":".join(f"{octet:02x}" for octet in ip_address(ip).packed[-4:])


def _stamp(packets: list[Packet], start: float, step: float) -> list[Packet]:
    for number, packet in enumerate(packets):
        packet.time = EPOCH + start + number * step
        packet[IP].id = (zlib.crc32(packet[IP].src.encode()) + number) & 0xFFFF
    return packets


def _frame(source: str, target: str, layer: Packet, payload: bytes, vlan: int | None) -> Packet:
    tag = [] if vlan is None else [Dot1Q(vlan=vlan)]
    packet = Ether(src=mac(source), dst=mac(target))
    for part in (*tag, IP(src=source, dst=target, ttl=64, flags="DF"), layer):
        packet = packet / part
    return packet / Raw(payload) if payload else packet


def _pieces(payload: bytes, split: int | Sequence[int] | None) -> list[bytes]:
    """The payload cut every ``split`` bytes, or at the offsets; never above the MSS."""
    if isinstance(split, int):
        cuts = list(range(split, len(payload), split))
    else:
        cuts = sorted(cut if cut >= 0 else len(payload) + cut for cut in split or ())
    edges = [0, *(cut for cut in cuts if 0 < cut < len(payload)), len(payload)]
    parts = [payload[low:high] for low, high in itertools.pairwise(edges)]
    return [part[at : at + MSS] for part in parts for at in range(0, len(part), MSS)]


def _coalesced(exchange: Exchange) -> list[tuple[str, bytes]]:
    joined: list[tuple[str, bytes]] = []
    for direction, payload in exchange:
        if joined and joined[-1][0] == direction:
            joined[-1] = (direction, joined[-1][1] + payload)
        else:
            joined.append((direction, payload))
    return joined


def tcp(
    client: str,
    server: str,
    dport: int,
    exchange: Exchange,
    *,
    sport: int = 50000,
    split: int | Sequence[int] | None = None,
    coalesce: bool = False,
    midstream: bool = False,
    one_sided: str | None = None,
    gap: Collection[int] = (),
    close: bool = True,
    vlan: int | None = None,
    start: float = 0.0,
    step: float = 0.01,
) -> list[Packet]:
    """Packets of one TCP session; every data segment is acknowledged by the other side.

    :param split: cut each payload every so many bytes, or at these offsets (negative: from the end)
    :param coalesce: join neighbouring payloads of one direction into one segment
    :param midstream: the capture starts within the session: no handshake
    :param one_sided: only the packets of this direction are seen (``C`` or ``S``)
    :param gap: indices of payloads that the capture lost, though the hosts have them
    :param close: end with FINs; without, the capture stops within the session
    :param start: seconds after the epoch of all captures
    :param step: seconds between packets
    """
    sides = {C: (client, server, sport, dport), S: (server, client, dport, sport)}
    following = {
        side: zlib.crc32(f"{client}:{sport}>{server}:{dport}{side}".encode()) & 0x7FFFFFFF
        for side in (C, S)
    }
    packets: list[tuple[str, Packet]] = []

    def send(side: str, flags: str, payload: bytes = b"", lost: bool = False) -> None:
        source, target, from_port, to_port = sides[side]
        other = S if side == C else C
        segment = TCP(
            sport=from_port,
            dport=to_port,
            flags=flags,
            seq=following[side],
            ack=following[other] if "A" in flags else 0,
            window=64240,
            options=[("MSS", MSS)] if "S" in flags else [],
        )
        following[side] += len(payload) + ("S" in flags or "F" in flags)
        if not lost:
            packets.append((side, _frame(source, target, segment, payload, vlan)))

    if not midstream:
        send(C, "S")
        send(S, "SA")
        send(C, "A")
    for number, (side, payload) in enumerate(_coalesced(exchange) if coalesce else exchange):
        for piece in _pieces(payload, split):
            send(side, "PA", piece, lost=number in gap)
            send(S if side == C else C, "A")
    if close:
        send(C, "FA")
        send(S, "FA")
        send(C, "A")
    kept = [packet for side, packet in packets if one_sided in (None, side)]
    return _stamp(kept, start, step)


def udp(
    client: str,
    server: str,
    dport: int,
    exchange: Exchange,
    *,
    sport: int = 50000,
    vlan: int | None = None,
    start: float = 0.0,
    step: float = 0.01,
) -> list[Packet]:
    """Packets of one UDP exchange, a datagram a payload."""
    sides = {C: (client, server, sport, dport), S: (server, client, dport, sport)}
    packets = []
    for side, payload in exchange:
        source, target, from_port, to_port = sides[side]
        datagram = UDP(sport=from_port, dport=to_port)
        packets.append(_frame(source, target, datagram, payload, vlan))
    return _stamp(packets, start, step)


def merged(*flows: Iterable[Packet]) -> list[Packet]:
    """Several flows as one capture, in the order of time."""
    return sorted((packet for flow in flows for packet in flow), key=lambda packet: packet.time)


def pcap(packets: Iterable[Packet]) -> bytes:
    """Bytes of a capture (Ethernet, microseconds)."""
    parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)]
    for packet in packets:
        frame = bytes(packet)
        seconds, micros = divmod(round(float(packet.time) * 1_000_000), 1_000_000)
        parts += [struct.pack("<IIII", seconds, micros, len(frame), len(frame)), frame]
    return b"".join(parts)


def case(
    name: str,
    description: str,
    packets: Iterable[Packet] | bytes,
    alerts: Mapping[int, int] | None = None,
    silent: Iterable[int] = (),
    made_by: str = "scapy",
) -> None:
    """Write the case ``name``: its capture, and what must come of it.

    :param packets: packets, or the bytes of a capture
    :param alerts: exact count of alerts by sid; alerts of any other of our rules fail the case
    :param silent: sids which this capture was made to show silent
    :param made_by: ``scapy`` (scripted) or ``lab`` (a real stack spoke)
    """
    if name in WRITTEN:
        raise ValueError(f"two cases are called {name}")
    folder = CASES / name
    folder.mkdir(parents=True, exist_ok=True)
    data = packets if isinstance(packets, bytes) else pcap(packets)
    (folder / "input.pcap").write_bytes(data)
    counts = {**dict(alerts or {}), **dict.fromkeys(silent, 0), **SILENT.get(name, {})}
    lines = [f"description: {json.dumps(description)}", f"made-by: {made_by}"]
    lines.append("checks:" if counts else "checks: []")
    for sid, count in sorted(counts.items(), key=lambda item: (item[1] == 0, item[0])):
        match = f"{{event_type: alert, alert.signature_id: {sid}}}"
        lines.append(f"  - filter: {{count: {count}, match: {match}}}")
    (folder / "test.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    WRITTEN.add(name)
