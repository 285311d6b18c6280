"""Who is in the simulated plant, and at which address. Names are made up; vendors are real."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Host:
    """One host. ``subnet`` is the third octet: 1 control, 2 operations, 3 site, 5 business."""

    name: str
    ip: str
    mac: str
    what: str


def _host(name: str, ip: str, prefix: str, what: str) -> Host:
    last = ip.split(".")
    return Host(name, ip, f"{prefix}:{int(last[2]):02x}:00:{int(last[3]):02x}", what)


HOSTS: dict[str, Host] = {
    h.name: h
    for h in (
        _host("plc-mix", "10.40.1.11", "00:80:f4", "Modbus controller of the mixer"),
        _host("plc-pump", "10.40.1.12", "00:30:de", "Modbus controller of the pumps"),
        _host("plc-press", "10.40.1.13", "28:63:36", "S7 controller of the press"),
        _host("plc-oven", "10.40.1.14", "00:1b:1b", "S7 controller of the oven"),
        _host("plc-pack", "10.40.1.15", "00:00:bc", "CIP controller of the packing line"),
        _host("plc-palletiser", "10.40.1.16", "00:1d:9c", "CIP controller of the palletiser"),
        _host("drive", "10.40.1.17", "00:1a:eb", "Modbus drive of the conveyor"),
        _host("rtu-intake", "10.40.1.21", "00:30:a7", "DNP3 outstation of the intake"),
        _host("rtu-well", "10.40.1.22", "00:30:a7", "DNP3 outstation of the well"),
        _host("rtu-feeder", "10.40.1.23", "00:02:a3", "IEC 104 outstation of the feeder"),
        _host("bms-hall", "10.40.1.25", "00:40:ae", "BACnet controller of the hall"),
        _host("bms-office", "10.40.1.26", "00:40:ae", "BACnet controller of the offices"),
        _host("gateway", "10.40.1.30", "00:90:e8", "Modbus gateway of four meters"),
        _host("broker", "10.40.1.31", "00:90:e8", "MQTT broker"),
        _host("iot", "10.40.1.32", "00:d0:c9", "vibration sensors, over MQTT"),
        _host("camera", "10.40.1.40", "a4:14:37", "camera at the gate"),
        _host("switch", "10.40.1.2", "00:a0:45", "managed switch"),
        _host("hmi-1", "10.40.2.50", "94:18:82", "operator station"),
        _host("hmi-2", "10.40.2.51", "94:18:82", "operator station"),
        _host("scada", "10.40.2.52", "94:18:82", "SCADA server"),
        _host("historian", "10.40.3.10", "00:50:56", "historian"),
        _host("ews", "10.40.3.20", "00:50:56", "engineering workstation"),
        _host("server", "10.40.3.5", "00:50:56", "time, names, leases and backups"),
        _host("jump", "10.40.3.30", "00:50:56", "jump host"),
        _host("office-1", "10.40.5.31", "f4:8e:38", "desktop of production planning"),
        _host("office-2", "10.40.5.32", "f4:8e:38", "desktop of quality"),
        _host("office-3", "10.40.5.33", "f4:8e:38", "desktop of maintenance"),
        _host("cloud", "203.0.113.80", "02:00:5e", "the reporting service outside"),
    )
}

#: Comes with an attack or a change; a quiet plant never sees them.
STRANGERS: dict[str, Host] = {
    h.name: h
    for h in (
        _host("laptop", "10.40.1.99", "3c:97:0e", "a laptop that nobody knows"),
        _host("implant", "10.40.1.77", "b8:27:eb", "a small computer behind the switch"),
        _host("drop", "198.51.100.23", "02:00:5e", "a rented server outside"),
        _host("hmi-3", "10.40.2.53", "94:18:82", "a third operator station"),
    )
}

ROUTER_MAC = "00:05:1e:00:00:01"


def host(name: str) -> Host:
    """A host by name."""
    return HOSTS.get(name) or STRANGERS[name]


def ip(name: str) -> str:
    """A host's address."""
    return host(name).ip


def macs(client: Host, server: Host) -> tuple[str, str]:
    """Layer-2 addresses as a SPAN of the control network shows them: what is routed has the
    router's."""
    local = [h.ip.startswith("10.40.1.") for h in (client, server)]
    if not any(local):
        return client.mac, server.mac
    return (client.mac if local[0] else ROUTER_MAC, server.mac if local[1] else ROUTER_MAC)
