"""How far a claim is believed: by the log it came from.

A device asked by a protocol made for identification tells what its maker put in; a name service or
a login tells what an administrator put in; a banner tells what a program likes to say; the first
bytes of a MAC tell who made the network card, which is often not who made the device.
"""

from __future__ import annotations

from functools import lru_cache

#: Start of the log's name (without ``eve:``) to confidence; the longest match counts.
SOURCES: dict[str, float] = {
    "cip_identity": 0.95,
    "enip": 0.95,
    "s7comm_known_devices": 0.95,
    "s7comm_read_szl": 0.95,
    "s7comm_plus": 0.9,
    "modbus_read_device_identification": 0.95,
    "bacnet_property": 0.95,
    "bacnet": 0.9,
    "dnp3": 0.9,
    "opcua": 0.9,
    "profinet": 0.9,
    "mms": 0.9,
    "hart_ip": 0.9,
    "lldp": 0.9,
    "snmp": 0.85,
    "dhcp": 0.85,
    "ntlm": 0.85,
    "smb": 0.8,
    "rdp": 0.8,
    "dce_rpc": 0.8,
    "known_modbus": 0.8,
    "mdns": 0.7,
    "software": 0.7,
    "ssh": 0.7,
    "mqtt": 0.65,
    "tls": 0.6,
    "ssl": 0.6,
    "x509": 0.6,
    "http": 0.6,
    "ftp": 0.6,
    "smtp": 0.6,
    "telnet": 0.6,
    "known_": 0.5,
    "dns": 0.5,
    "oui": 0.3,
}
DEFAULT = 0.5

#: At least this: the device itself, asked by a protocol made for it.
SELF_REPORT = 0.9


@lru_cache(maxsize=1024)
def origin(source: str | None) -> str:
    """The log a claim's ``source`` names: lower-case, without ``eve:``."""
    return (source or "").lower().removeprefix("eve:")


@lru_cache(maxsize=1024)
def confidence(source: str | None) -> float:
    """How far a claim from ``source`` is believed, 0 to 1."""
    name = origin(source)
    best = max((p for p in SOURCES if name.startswith(p)), key=len, default=None)
    return DEFAULT if best is None else SOURCES[best]
