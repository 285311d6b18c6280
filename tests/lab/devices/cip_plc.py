"""A Rockwell controller (cpppo): EtherNet/IP, CIP tags, Identity.

cpppo ends the session on a service it does not know. A Logix controller
answers some of those: Reset, Start and Stop of the program, and the list of
its tags. They are answered here, before the stack parses the request.
"""

from __future__ import annotations

import contextlib
import os
import struct
import sys
from typing import Any

from cpppo.server.enip import device
from cpppo.server.enip.main import main as serve

from ..node import Node

TAGS = {
    "Fuel_Flow": ("REAL", 8),
    "Valve_Pos": ("REAL", 4),
    "Burner_State": ("DINT", 4),
    "Setpoint_Temp": ("REAL", 2),
    "Setpoint_Ratio": ("REAL", 2),
    "Recipe": ("DINT", 10),
}
TYPE_CODES = {"REAL": 0x20CA, "DINT": 0x20C4}  # with the bit that says array
RESET, START, STOP, GET_INSTANCE_ATTRIBUTE_LIST = 0x05, 0x06, 0x07, 0x55
REPLY = 0x80


def tag_list(request: bytes) -> bytes:
    """The symbol objects from the asked instance on: id, name, type."""
    path_words = request[1]
    path = request[2 : 2 + path_words * 2]
    wide = len(path) >= 6 and path[2] == 0x25
    first = struct.unpack_from("<H", path, 4)[0] if wide else path[3] if len(path) > 3 else 0
    rows = b""
    for number, (name, (kind, _)) in enumerate(TAGS.items(), start=1):
        if number >= first:
            rows += struct.pack("<IH", number, len(name)) + name.encode()
            rows += struct.pack("<H", TYPE_CODES[kind])
    return rows


class Supervisor(device.Connection_Manager):
    """cpppo's connection manager, with the services a real controller has."""

    def request(self, data: Any, addr: Any = None) -> Any:
        """Answer the added services; leave the rest to the stack."""
        raw = (
            bytes(data.request.input)
            if data and "request" in data and "input" in data.request
            else b""
        )
        if raw and raw[0] in (RESET, START, STOP):
            data.request.input = bytearray((raw[0] | REPLY, 0, 0, 0))
            return True
        if raw and raw[0] == GET_INSTANCE_ATTRIBUTE_LIST:
            data.request.input = bytearray((raw[0] | REPLY, 0, 0, 0)) + bytearray(tag_list(raw))
            return True
        return super().request(data, addr=addr)


def main(node: Node) -> None:
    """Serve until the run ends; cpppo owns the process and its threads."""
    tags = [f"{name}={kind}[{count}]" for name, (kind, count) in TAGS.items()]
    arguments = ["--address", f"{node.ip}:44818", "--no-print", "--log", os.devnull, *tags]
    with contextlib.redirect_stdout(sys.stderr):
        serve(argv=arguments, connection_manager_class=Supervisor)
