"""A Modbus/TCP PLC (pymodbus): registers of a boiler or a pump station.

Holding 0-19 are setpoints, input 0-39 measurements, coils 0-15 outputs. Device
identification (function 43/14) answers from plant.toml.
"""

from __future__ import annotations

import asyncio

from pymodbus.constants import ExcCodes
from pymodbus.pdu.device import ModbusDeviceIdentification
from pymodbus.server import StartAsyncTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from ..node import Node

SETPOINTS = [650, 720, 180, 400, 55, 900, 300, 120, 10, 5] + [0] * 10
MEASUREMENTS = 40
READ_INPUT_REGISTERS = 4


async def main(node: Node) -> None:
    """Serve until the run ends."""
    host = node.host
    identity = ModbusDeviceIdentification(
        info_name={
            "VendorName": host.vendor,
            "ProductCode": host.model,
            "MajorMinorRevision": host.firmware,
            "VendorUrl": "",
            "ProductName": host.model,
            "ModelName": host.model,
            "UserApplicationName": node.name,
        }
    )

    async def refresh(
        function_code: int,
        start: int,
        address: int,
        count: int,
        current: list[int],
        values: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        # Measurements are made when they are asked for: no clock of their own to run.
        if function_code == READ_INPUT_REGISTERS and values is None:
            for register in range(address, address + count):
                name = f"{node.name}:{register}"
                current[register - start] = int(node.measure(name, 100, 4000))
        return None

    device = SimDevice(
        id=0,
        simdata=(
            [SimData(0, count=16, values=False, datatype=DataType.BITS)],
            [SimData(0, count=16, values=False, datatype=DataType.BITS)],
            [SimData(0, values=SETPOINTS, datatype=DataType.REGISTERS)],
            [SimData(0, count=MEASUREMENTS, values=0, datatype=DataType.REGISTERS)],
        ),
        identity=identity,
        action=refresh,
    )
    server = asyncio.create_task(
        StartAsyncTcpServer(context=device, identity=identity, address=(node.ip, 502))
    )
    await server
