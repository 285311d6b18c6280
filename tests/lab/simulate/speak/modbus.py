"""Modbus exchanges as ICSNPP's ``modbus_detailed`` tells them: a row is a request and its reply."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..world import Channel, Floats, World
from ..zeeklog import Fixed, Ints, Join

READ, COILS = "READ_HOLDING_REGISTERS", "READ_COILS"
WRITE, WRITE_MANY, FORCE = "WRITE_SINGLE_REGISTER", "WRITE_MULTIPLE_REGISTERS", "WRITE_SINGLE_COIL"


def ask(
    world: World, channel: Channel, ts: Ints, func: str, address: int | Ints | None = None,
    quantity: int | None = 1, unit: int | Ints = 1, values: Sequence[Floats | int] = (),
    exception: str | None = None, answered: bool = True, mei: str | None = None,
) -> None:  # fmt: skip
    """One request at each of ``ts``. ``values`` are the columns of numbers it reads or writes.
    Address, unit and each of ``values`` belong to the moments of ``ts`` in their order."""
    vector = [Fixed(np.round(v).clip(0, 65535), 0) if isinstance(v, np.ndarray) else int(v)
              for v in values]  # fmt: skip
    shown = Join(vector) if vector else None
    writes = func.startswith(("WRITE", "MASK"))
    world.logs.add(
        "modbus_detailed",
        ts,
        {
            **channel.fields(ts), "tid": np.arange(len(ts)) % 65536, "unit": unit, "func": func,
            "address": address, "quantity": quantity,
            "request_values": shown if writes else None,
            "response_values": None if writes or exception or not answered else shown,
            "matched": "T" if answered else "F", "exception_code": exception, "mei_type": mei,
        },
    )  # fmt: skip
    size = 2 * len(values)
    channel.carried(ts, 12 + size * writes, 9 + size * (not writes) if answered else 0)
