"""Sampled values (IEC 61850-9-2): one operation a frame, on its stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.zeek.compare import Operation
from tests.zeek.tshark import Frame

LAYERS = ("sv",)
SERVICES = ("sv",)
SCRIPTS = ("protocols/sv.zeek",)
ANALYZERS = ("sv",)


def operations(frames: Iterable[Frame]) -> Iterator[Operation]:
    """Frames with a counter; several samples in one frame are one publication."""
    for frame in frames:
        for pdu in frame.of("sv"):
            if pdu.has("sv.smpCnt"):
                appid = pdu.num("sv.appid") or 0
                yield Operation(
                    frame.eth_src, frame.eth_dst, f"0x{appid:04x}", "publish",
                    pdu.get("sv.svID") or "",
                )  # fmt: skip
