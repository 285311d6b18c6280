"""A Siemens S7-300 (python-snap7's server): data blocks, SZL, CPU control, blocks.

DB1 holds measurements (reals, refreshed once a second), DB2 setpoints, DB10 is
the block that the download attack overwrites.
"""

from __future__ import annotations

import struct

from snap7.server import Server
from snap7.type import SrvArea

from ..node import Node
from ..plant import Host

MEASUREMENTS, SETPOINTS, PROGRAM = 1, 2, 10


def component_identification(host: Host) -> bytes:
    """SZL 0x001C: records of an index and 32 bytes of text, as a S7-300 sends them."""
    names = {
        1: "S7-300 station_1",
        2: host.name,
        3: "Millbrook",
        4: "Original Siemens Equipment",
        5: host.serial,
        7: host.model,
    }
    rows = [
        struct.pack(">H", index) + name.encode().ljust(32, b"\0") for index, name in names.items()
    ]
    return struct.pack(">HH", 34, len(rows)) + b"".join(rows)


def module_identification(host: Host) -> bytes:
    """SZL 0x0011: order number of module and hardware, and the firmware's version."""
    major, minor, patch = (int(part) for part in host.firmware.lstrip("V").split("."))
    order, rows = host.order_number.encode().ljust(20), []
    for index, versions in ((1, (0, 0)), (6, (0, 0)), (7, (0x5600 | major, minor << 8 | patch))):
        rows.append(struct.pack(">H20sHHH", index, order, 0, *versions))
    return struct.pack(">HH", 28, len(rows)) + b"".join(rows)


class NamedServer(Server):
    """The stack's own identity is SNAP7-SERVER's; ours is what plant.toml says."""

    named: Host

    def _get_szl_data(self, szl_id: int, szl_index: int) -> bytes | None:
        made = {0x0011: module_identification, 0x001C: component_identification}.get(szl_id)
        return made(self.named) if made else super()._get_szl_data(szl_id, szl_index)


def main(node: Node) -> None:
    """Serve until the run ends, refreshing the measurements."""
    server = NamedServer(log=False)
    server.named = node.host
    measured = bytearray(64)
    setpoints = bytearray(struct.pack(">4f", 3000.0, 62.5, 5.5, 12.0) + bytes(48))
    server.register_area(SrvArea.DB, MEASUREMENTS, measured)
    server.register_area(SrvArea.DB, SETPOINTS, setpoints)
    server.register_area(SrvArea.DB, PROGRAM, bytearray(512))
    server.register_area(SrvArea.MK, 0, bytearray(64))
    server.start_to(node.ip, 102)
    try:
        for _ in node.every(1.0):
            for index in range(8):
                value = node.measure(f"turbine:{index}", 0, 3600)
                struct.pack_into(">f", measured, index * 4, value)
    finally:
        server.stop()
