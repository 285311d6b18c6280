"""Names of services by port, where the sensor's own detection gave none.

Names are the ledger's service names, so that a connection that no analyzer decoded still says
what it most likely is.
"""

from __future__ import annotations

from gaugeglass.protocols.base import SERVES

BY_PORT: dict[tuple[str, int], str] = {
    ("tcp", 20): "ftp", ("tcp", 21): "ftp", ("tcp", 22): "ssh", ("tcp", 23): "telnet",
    ("tcp", 2323): "telnet", ("tcp", 25): "smtp", ("udp", 53): "dns", ("tcp", 53): "dns",
    ("udp", 67): "dhcp", ("udp", 69): "tftp", ("tcp", 80): "http", ("tcp", 8080): "http",
    ("tcp", 88): "kerberos", ("udp", 88): "kerberos", ("tcp", 102): "s7comm",
    ("udp", 123): "ntp", ("tcp", 135): "dce_rpc", ("udp", 137): "netbios", ("udp", 138): "netbios",
    ("tcp", 139): "smb", ("udp", 161): "snmp", ("udp", 162): "snmp", ("tcp", 389): "ldap",
    ("tcp", 443): "tls", ("tcp", 8443): "tls", ("tcp", 445): "smb", ("tcp", 502): "modbus",
    ("tcp", 802): "modbus", ("udp", 514): "syslog", ("tcp", 514): "syslog", ("tcp", 554): "rtsp",
    ("tcp", 789): "crimson", ("tcp", 1153): "c1222", ("tcp", 1433): "mssql",
    ("udp", 1434): "mssql", ("udp", 1502): "tristation", ("tcp", 1883): "mqtt",
    ("tcp", 8883): "mqtt", ("tcp", 1911): "fox", ("tcp", 4911): "fox", ("tcp", 1962): "pcworx",
    ("udp", 2222): "cip", ("tcp", 2404): "iec104", ("tcp", 2455): "codesys",
    ("tcp", 3306): "mysql", ("tcp", 3389): "rdp", ("udp", 3389): "rdp", ("udp", 3671): "knx",
    ("tcp", 4712): "synchrophasor", ("udp", 4713): "synchrophasor", ("tcp", 4840): "opcua",
    ("tcp", 5432): "postgresql", ("udp", 5094): "hart_ip", ("tcp", 5094): "hart_ip",
    ("tcp", 5900): "vnc", ("tcp", 5901): "vnc", ("tcp", 5938): "teamviewer",
    ("udp", 5938): "teamviewer", ("tcp", 5985): "winrm", ("tcp", 5986): "winrm",
    ("tcp", 6568): "anydesk", ("tcp", 7070): "anydesk", ("udp", 9600): "fins",
    ("tcp", 9600): "fins", ("tcp", 11740): "codesys", ("tcp", 18245): "ge_srtp",
    ("tcp", 20000): "dnp3", ("udp", 20000): "dnp3", ("tcp", 20547): "proconos",
    ("udp", 34964): "profinet", ("tcp", 44818): "cip", ("udp", 44818): "cip",
    ("udp", 47808): "bacnet", ("tcp", 48898): "ads", ("udp", 5353): "mdns", ("udp", 1900): "ssdp",
    ("udp", 5355): "llmnr", ("udp", 3702): "ws_discovery",
}  # fmt: skip

#: What sensors call a service, and what the ledger calls it.
ALIASES: dict[str, str] = {
    "ssl": "tls", "enip": "cip", "enip_tcp": "cip", "enip_udp": "cip", "cip": "cip",
    "dnp3_tcp": "dnp3", "dnp3_udp": "dnp3", "s7comm_tcp": "s7comm", "s7comm_plus": "s7comm_plus",
    "opcua_binary": "opcua", "opcua-binary": "opcua", "cotp": "s7comm", "gssapi": "smb",
    "dce-rpc": "dce_rpc", "dcerpc": "dce_rpc", "krb": "kerberos", "krb_tcp": "kerberos",
    "icsnpp_bacnet": "bacnet", "spicy_iec104": "iec104", "iec60870_5_104": "iec104", "rfb": "vnc",
    "spicy_ot_s7comm": "s7comm", "spicy_ot_enip": "cip", "spicy_ot_enip_udp": "cip",
    "spicy_ot_cip_io": "cip_io", "spicy_ot_bacnet": "bacnet",
    "spicy_ot_iec104": "iec104", "spicy_ot_opcua": "opcua", "spicy_ot_tristation": "tristation",
    "spicy_ot_mms": "mms",
    "http2": "http", "ikev2": "ike", "nbss": "smb", "mqtt": "mqtt", "ftp-data": "ftp",
}  # fmt: skip


#: SQL that creates what is looked up; the engine runs it once per connection.
SETUP = (
    SERVES,
    "CREATE OR REPLACE TEMP TABLE port_name AS SELECT * FROM (VALUES "
    + ", ".join(f"('{t}', {p}, '{n}')" for (t, p), n in BY_PORT.items())
    + ") AS v(transport, port, name)",
    "CREATE OR REPLACE TEMP TABLE service_alias AS SELECT * FROM (VALUES "
    + ", ".join(f"('{a}', '{n}')" for a, n in ALIASES.items())
    + ") AS v(alias, name)",
)


def named(source: str) -> str:
    """``source`` (a subquery with ``proto``, ``port`` and the sensor's ``said`` service) with the
    ledger's name of the service as ``service``: the sensor's, by its port, or ``tcp/1234``.

    Zeek may name several (``gssapi,smb,dce_rpc``); the first that is no carrier counts.
    """
    return f"""(
        SELECT s.*, coalesce(a.name, s.one, p.name,
               CASE WHEN s.proto IN ('tcp', 'udp') THEN concat(s.proto, '/', s.port)
                    ELSE s.proto END) AS service
        FROM (SELECT *, CASE WHEN contains(said, ',') THEN
                string_split(trim(regexp_replace(lower(said), '(^|,)(gssapi|ntlm|ssl|-[^,]*)(,|$)',
                                                 ',', 'g'), ','), ',')[1]
                ELSE lower(said) END AS one FROM {source}) s
        LEFT JOIN service_alias a ON a.alias = s.one
        LEFT JOIN port_name p ON p.transport = s.proto AND p.port = s.port)"""
