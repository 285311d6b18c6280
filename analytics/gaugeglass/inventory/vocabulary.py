"""Which services mean what: the words that roles, levels and local networks are judged by."""

from __future__ import annotations

from collections.abc import Iterable

#: Spoken to by whoever programs or polls a controller.
CONTROLLER: frozenset[str] = frozenset({
    "modbus", "umas", "s7comm", "s7comm_plus", "cip", "enip", "omron_fins", "fins", "ge_srtp",
    "melsec", "ads", "tristation", "bacnet", "codesys", "genisys",
    "hart_ip", "roc_plus", "bsap", "c1222", "mms", "fox", "pcworx", "crimson", "proconos",
})  # fmt: skip

#: Telecontrol: the server is an outstation.
TELECONTROL: frozenset[str] = frozenset({"dnp3", "iec104", "iec101", "synchrophasor", "c37118"})

#: Process data sent by an IED to a group: the sender is the device.
PUBLISHED: frozenset[str] = frozenset({"goose", "sv"})

#: Cyclic input and output data, and what sets it up: the server is the I/O.
CYCLIC: frozenset[str] = frozenset({
    "cip_io", "profinet", "profinet_io_cm", "profinet_rt", "profinet_io", "ethercat", "ecat",
})  # fmt: skip

#: Everything that belongs to a plant's process. MQTT is not in it: brokers in the cloud speak it.
INDUSTRIAL: frozenset[str] = (
    CONTROLLER | TELECONTROL | PUBLISHED | CYCLIC | {"opcua", "profinet_dcp", "lontalk", "knx"}
)

#: Asked and answered on purpose: neither cyclic data nor what every device does to be found.
REQUESTED: frozenset[str] = INDUSTRIAL - CYCLIC - PUBLISHED - {"profinet_dcp"}

#: Where history is kept or fetched from.
DATABASE: frozenset[str] = frozenset({
    "tds", "mssql", "ms-sql-s", "mysql", "postgresql", "postgres", "oracle", "influxdb", "pi",
    "pi_server", "opc_hda",
})  # fmt: skip

#: A person's or an administrator's way onto a machine.
ADMIN: frozenset[str] = frozenset({
    "ssh", "telnet", "rdp", "vnc", "rfb", "http", "https", "tls", "ssl", "ftp", "tftp", "winrm",
    "teamviewer", "anydesk",
})  # fmt: skip

#: Video.
VIDEO: frozenset[str] = frozenset({"rtsp", "rtp", "onvif"})

#: Offices, servers and the network's own housekeeping.
IT: frozenset[str] = ADMIN | DATABASE | frozenset({
    "dns", "mdns", "llmnr", "netbios", "netbios-ns", "dhcp", "dhcpv6", "ntp", "smb", "dce_rpc",
    "ntlm", "gssapi", "krb", "krb_tcp", "kerberos", "ldap", "ldaps", "smtp", "imap", "pop3",
    "quic", "radius", "sip", "ssdp", "syslog", "snmp", "ftp-data", "socks", "irc", "mqtt", "amqp",
    "winrm", "teamviewer", "anydesk", "ws_discovery", "ike",
})  # fmt: skip

#: Services that say who serves others. Every Windows host answers remote procedure calls.
IT_SERVER: frozenset[str] = DATABASE | frozenset({
    "dns", "dhcp", "ntp", "smb", "krb", "krb_tcp", "kerberos", "ldap", "ldaps", "smtp",
    "imap", "pop3", "radius", "syslog", "ftp", "http", "https", "tls", "ssl", "mqtt", "amqp",
})  # fmt: skip

#: Actions only engineering tools perform.
ENGINEERING: tuple[str, ...] = ("program", "firmware")

#: Actions that look at the process.
LOOKING: tuple[str, ...] = ("read", "report")

#: Actions any device may answer, so that answering them shows no controller.
ASKING_ONLY: tuple[str, ...] = ("identify", "discover", "connect", "other", "authenticate")

#: Services that are one protocol in two layers or versions.
FAMILY = {
    "enip": "cip", "cip_io": "cip", "s7comm_plus": "s7comm", "umas": "modbus",
    "profinet_io_cm": "profinet", "profinet_dcp": "profinet", "profinet_io": "profinet",
    "profinet_rt": "profinet", "omron_fins": "fins", "ecat": "ethercat",
}  # fmt: skip

#: Display names of services.
NAMES = {
    "modbus": "Modbus", "umas": "UMAS", "s7comm": "S7", "s7comm_plus": "S7-plus", "cip": "CIP",
    "enip": "EtherNet/IP", "bacnet": "BACnet", "dnp3": "DNP3", "iec104": "IEC 104",
    "opcua": "OPC UA", "mqtt": "MQTT", "goose": "GOOSE", "sv": "sampled values", "mms": "MMS",
    "omron_fins": "FINS", "fins": "FINS", "ge_srtp": "GE-SRTP", "tristation": "TriStation",
    "profinet_io_cm": "PROFINET IO", "profinet_dcp": "PROFINET DCP", "hart_ip": "HART-IP",
    "profinet": "PROFINET", "rtsp": "RTSP", "snmp": "SNMP", "lldp": "LLDP", "cip_io": "CIP I/O",
}  # fmt: skip


def names(services: Iterable[str]) -> str:
    """``EtherNet/IP, Modbus and S7``."""
    shown = sorted(NAMES.get(s, s.upper() if len(s) <= 4 else s) for s in set(services))
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
