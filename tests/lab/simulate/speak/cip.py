"""CIP exchanges over EtherNet/IP: ICSNPP's ``cip`` has a row for each request and each reply."""

from __future__ import annotations

import numpy as np

from ..world import Channel, World
from ..zeeklog import Ints, Pick

READ_TAG, WRITE_TAG = ("0x4c", "0xcc", "Read Tag"), ("0x4d", "0xcd", "Write Tag")
IDENTITY = ("0x01", "0x81", "Get Attributes All")
GET, SET = ("0x0e", "0x8e", "Get Attribute Single"), ("0x10", "0x90", "Set Attribute Single")
RESET, START, STOP = ("0x05", "0x85", "Reset"), ("0x06", "0x86", "Start"), ("0x07", "0x87", "Stop")
LIST_TAGS = ("0x55", "0xd5", "Get Instance Attribute List")
OPEN = ("0x54", "0xd4", "Forward Open")
#: General status codes (CIP specification, volume 1, appendix B); any other is an unknown path.
STATUS = {"Success": "0x00", "Connection failure": "0x01"}
_RTT = 6_000


def ask(
    world: World, channel: Channel, ts: Ints, service: tuple[str, str, str],
    class_id: str | None = None, class_name: str | None = None,
    instance: str | Pick | None = None, attribute: str | None = None, status: str = "Success",
    size: int = 50,
) -> None:  # fmt: skip
    """One exchange at each of ``ts``."""
    sequence = np.arange(len(ts)) % 65536
    asked = {
        "cip_sequence_count": sequence, "direction": "request", "cip_service_code": service[0],
        "cip_service": service[2], "class_id": class_id, "class_name": class_name,
        "instance_id": instance, "attribute_id": attribute,
    }  # fmt: skip
    world.logs.add("cip", ts, {**channel.packet(ts), **asked})
    told = {
        "cip_sequence_count": sequence, "direction": "response", "cip_service_code": service[1],
        "cip_service": service[2],
        "cip_status_code": STATUS.get(status, "0x05"), "cip_status": status,
    }  # fmt: skip
    world.logs.add("cip", ts + _RTT, {**channel.packet(ts, reply=True), **told})
    channel.carried(ts, 64, size)
