"""A Siemens S7-300 (python-snap7's server): data blocks, SZL, CPU control, blocks.

DB1 holds measurements (reals, refreshed once a second), DB2 setpoints, DB10 is
the block that the download attack overwrites.
"""

from __future__ import annotations

import struct

from snap7.server import Server
from snap7.type import SrvArea

from ..node import Node

MEASUREMENTS, SETPOINTS, PROGRAM = 1, 2, 10
COMPONENT_IDENTIFICATION = 0x001C


class NamedServer(Server):
    """The stack's own identity says SNAP7-SERVER; ours says what plant.toml says."""

    names: tuple[str, str, str] = ("", "", "")

    def _get_szl_data(self, szl_id: int, szl_index: int) -> bytes | None:
        data = super()._get_szl_data(szl_id, szl_index)
        if szl_id != COMPONENT_IDENTIFICATION or data is None:
            return data
        system, module, serial = (name.encode() for name in self.names)
        named = bytearray(data)
        named[6:30] = system.ljust(24, b"\0")[:24]
        named[40:64] = module.ljust(24, b"\0")[:24]
        named[142:166] = serial.ljust(24, b"\0")[:24]
        named[176:208] = module.ljust(32, b"\0")[:32]
        return bytes(named)


def main(node: Node) -> None:
    """Serve until the run ends, refreshing the measurements."""
    server = NamedServer(log=False)
    server.names = ("S7-300 " + node.name, node.host.model, node.host.serial)
    measured, setpoints = bytearray(64), bytearray(struct.pack(">4f", 3000.0, 62.5, 5.5, 12.0) + bytes(48))
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
