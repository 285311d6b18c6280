"""DNP3 and IEC 60870-5-104: what outstations are asked, told, and what they send unasked."""

from __future__ import annotations

import numpy as np

from ..world import Channel, Floats, World
from ..zeeklog import Fixed, Ints


def dnp3(
    world: World, channel: Channel, ts: Ints, function: str | None, reply: str | None = "RESPONSE",
    iin: int = 0, up: int = 20, down: int = 90,
) -> None:  # fmt: skip
    """One DNP3 exchange at each of ``ts``; without ``function`` an unsolicited response."""
    fields = {"fc_request": function, "fc_reply": reply, "iin": iin if reply else None}
    world.logs.add("dnp3", ts, {**channel.fields(ts), **fields})
    channel.carried(ts, up if function else 0, down if reply else 0)


def operate(
    world: World, channel: Channel, ts: Ints, point: int | Ints, function: str = "DIRECT_OPERATE",
    code: str = "Close",
) -> None:  # fmt: skip
    """A control relay output block at each of ``ts``."""
    dnp3(world, channel, ts + 30_000, function)
    block = {
        "block_type": "Control Relay Output Block", "index_number": point,
        "trip_control_code": code, "operation_type": "Pulse On", "clear_bit": "F",
        "execute_count": 1, "on_time": 100, "off_time": 100,
    }  # fmt: skip
    there = {**channel.packet(ts), "function_code": function}
    back = {
        **channel.packet(ts, reply=True), "function_code": "RESPONSE", "status_code": "Success",
    }  # fmt: skip
    world.logs.add("dnp3_control", ts, {**there, **block})
    world.logs.add("dnp3_control", ts + 30_000, {**back, **block})


def iec104(
    world: World, channel: Channel, ts: Ints, type_id: str, ioa: int | Ints, cause: str,
    station: int = 23, monitored: bool = True, value: Floats | None = None, **more: object,
) -> None:  # fmt: skip
    """One information object in each of the ASDUs at ``ts``.

    A command (not ``monitored``) is confirmed 20 ms later. ``more`` are the type's own columns.
    """
    # an APDU's number ties its two logs: the moment names it
    for reply in (False, True)[: 1 if monitored else 2]:
        at = ts + 20_000 * reply
        apdu = (at // 1000) % (1 << 31)
        down = monitored or reply
        common = {**channel.fields(ts), "is_orig": "F" if down else "T", "apdu": apdu}
        world.logs.add(
            "iec104-asdu-ident",
            at,
            {
                **common, "ident.type_id": type_id, "ident.nobj": 1, "ident.sq": "F",
                "ident.cot": "Actcon" if reply else cause, "ident.pn": "F", "ident.test": "F",
                "ident.originator_address": 0, "ident.common_address": station,
            },
        )  # fmt: skip
        shown = {} if value is None else {"io.r32": Fixed(np.asarray(value), 3)}
        world.logs.add(
            f"iec104-{type_id}",
            at,
            {**common, "type_id": type_id, "io.obj_addr": ioa, **shown, **more},
        )
    channel.carried(ts, 0 if monitored else 16, 20)


def frames(world: World, channel: Channel, ts: Ints, start: bool) -> None:
    """STARTDT or STOPDT, and its confirmation."""
    for code, at in ((1, ts), (2, ts + 5_000)):
        world.logs.add(
            "iec104-apci_u",
            at,
            {
                **channel.fields(ts), "is_orig": "T" if code == 1 else "F",
                "apdu": (at // 1000) % (1 << 31), "startdt": code if start else 0,
                "stopdt": 0 if start else code, "testfr": 0,
            },
        )  # fmt: skip
    channel.carried(ts, 6, 6)
