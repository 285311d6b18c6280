"""An OPC UA server on a soft PLC (asyncua): heat metering.

Anonymous and unencrypted, as a great many are; Heating/Setpoint is writable by
whoever asks.
"""

from __future__ import annotations

from asyncua import Server, ua

from ..node import Node

NAMESPACE_URI = "urn:millbrook:metering"
MEASURES = {
    "SupplyTemp": (70, 95),
    "ReturnTemp": (40, 60),
    "FlowRate": (80, 160),
    "HeatPower": (2, 9),
}


async def main(node: Node) -> None:
    """Serve until the run ends, writing fresh measurements twice a second."""
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://{node.ip}:4840/")
    server.set_server_name(f"{node.host.model} TwinCAT OPC UA")
    await server.set_application_uri(f"urn:{node.name}:BeckhoffAutomation:TcOpcUaServer")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    index = await server.register_namespace(NAMESPACE_URI)
    folder = await server.nodes.objects.add_folder(ua.NodeId("Heating", index), f"{index}:Heating")
    measured = {}
    for name in MEASURES:
        measured[name] = await folder.add_variable(ua.NodeId(name, index), f"{index}:{name}", 0.0)
    setpoint = await folder.add_variable(ua.NodeId("Setpoint", index), f"{index}:Setpoint", 82.0)
    await setpoint.set_writable()
    pump = await folder.add_variable(ua.NodeId("PumpEnable", index), f"{index}:PumpEnable", True)
    await pump.set_writable()
    async with server:
        async for _ in node.every_async(1.0):
            for name, (low, high) in MEASURES.items():
                await measured[name].write_value(round(node.measure(name, low, high), 2))
