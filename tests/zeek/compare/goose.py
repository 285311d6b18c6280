"""GOOSE (IEC 61850-8-1): one operation a publication, on its control block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.zeek.compare import Explained, Operation
from tests.zeek.tshark import Frame

LAYERS = ("goose",)
SERVICES = ("goose",)
SCRIPTS = ("protocols/goose.zeek",)
ANALYZERS = ("goose",)
EXPLAINED = (
    Explained(
        "*GOOSE_missing_timestamp.pcap",
        "publish",
        "without the time that the standard demands tshark gives up; the counters are there",
    ),
    Explained(
        "*GOOSE_malformed_asn1.pcap",
        "publish",
        "one octet too many in the first field: tshark gives up, but the rest is well formed",
    ),
)


def operations(frames: Iterable[Frame]) -> Iterator[Operation]:
    """A change of ``stNum`` is told from a repetition, stream by stream."""
    states: dict[tuple[str, str], int] = {}
    for frame in frames:
        for pdu in frame.of("goose"):
            state = pdu.num("goose.stNum")
            if state is None or pdu.num("goose.sqNum") is None:
                continue
            block = pdu.get("goose.gocbRef") or ""
            appid = pdu.num("goose.appid") or 0
            known = states.get((frame.eth_dst, block), state)
            states[frame.eth_dst, block] = state
            name = "publish" if known == state else "state_change"
            yield Operation(frame.eth_src, frame.eth_dst, f"0x{appid:04x}", name, block)
