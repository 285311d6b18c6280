"""S7comm exchanges: ICSNPP's ``s7comm`` has a row for each request and each reply."""

from __future__ import annotations

import numpy as np

from ..world import Channel, World
from ..zeeklog import Ints

READ, WRITE = ("0x04", "Read Variable"), ("0x05", "Write Variable")
SETUP = ("0xf0", "Setup Communication")
STOP = ("0x29", "PLC Stop")
#: PLC Control with the service that starts the program.
START = ("0x28", "PLC Control", "P_PROGRAM", "PLC Start / Stop")
#: PLC Control with the service that removes a block.
DELETE = ("0x28", "PLC Control", "_DELE", "Removes module from the PLC's passive file system")
#: Functions of user data: code and name of the group, code and name of the function.
SZL = ("0x04", "CPU functions", "0x01", "Read SZL")
CLOCK = ("0x07", "Time functions", "0x02", "Set clock")
PASSWORD = ("0x05", "Security", "0x01", "PLC Password")
FORCE = ("0x01", "Programmer Controls", "0x09", "Force")
LIST_BLOCKS = ("0x03", "Block functions", "0x01", "List blocks")
_RTT = 8_000


def ask(
    world: World, channel: Channel, ts: Ints, function: tuple[str, ...], answered: bool = True,
    size: int = 60, refused: bool = False,
) -> None:  # fmt: skip
    """One exchange at each of ``ts``; ``size`` is the payload that it carries."""
    data = len(function) == 4 and function[0] != START[0]  # user data
    kinds = ((7, "User-Data"),) * 2 if data else ((1, "Job-Request"), (3, "ACK-Data"))
    said = ("Request: ", "Response: ") if data else ("", "")
    shown: dict[str, object] = {
        "pdu_reference": np.arange(len(ts)) * 256 % 65536, "function_code": function[0],
    }  # fmt: skip
    if len(function) == 4:
        shown |= {"subfunction_code": function[2], "subfunction_name": function[3]}
    faults = ("Resources error", "0x04") if refused else ("No error", "0x00")
    for reply in (False, True)[: 1 + answered]:
        row = {
            **channel.packet(ts, reply), **shown, "rosctr_code": kinds[reply][0],
            "rosctr_name": kinds[reply][1], "function_name": said[reply] + function[1],
        }  # fmt: skip
        if reply:
            row |= {"error_class": faults[0], "error_code": faults[1]}
        world.logs.add("s7comm", ts + _RTT * reply, row)
    channel.carried(ts, 31, size if answered else 0)


def transfer(
    world: World, channel: Channel, begin: int, blocks: int, down: bool, gap: int = 400_000
) -> int:
    """Program blocks to (``down``) or from the controller; returns when it ends."""
    names = ("Request Download", "Download Block", "Download Ended") if down else (
        "Start Upload", "Upload", "End Upload")  # fmt: skip
    codes = ("0x1a", "0x1b", "0x1c") if down else ("0x1d", "0x1e", "0x1f")
    steps = 12
    at = begin
    for block in range(1, blocks + 1):
        which = [0, *[1] * steps, 2]
        ts = at + np.arange(len(which), dtype=np.int64) * 25_000
        for number in (0, 1, 2):
            mine = ts[np.array(which) == number]
            ask(world, channel, mine, (codes[number], names[number]), size=240)
            world.logs.add(
                "s7comm_upload_download",
                mine,
                {
                    **channel.packet(mine), "rosctr": "Job-Request", "pdu_reference": block,
                    "function_name": names[number], "function_status": "0x00",
                    "filename": f"_0800{block:03d}P" if number == 0 else None,
                    "block_type": "Code Block" if number == 0 else None,
                    "block_number": f"{block:05d}" if number == 0 else None,
                    "destination_filesystem": "Passive" if number == 0 else None,
                },
            )  # fmt: skip
        at = int(ts[-1]) + gap
    return at
