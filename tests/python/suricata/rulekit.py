"""The rules and their cases, read once for all tests of this folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.suricata.run import Case, cases

from gaugeglass.rules.parse import Rule, read

ROOT = Path(__file__).resolve().parents[3]
RULES = ROOT / "suricata-rules"

#: Thousand of sids by file.
BLOCKS: dict[str, int] = {
    "ot-modbus": 1920, "ot-dnp3": 1921, "ot-enip": 1922, "ot-s7comm": 1923, "ot-iec104": 1924,
    "ot-bacnet": 1925, "ot-opcua": 1926, "ot-mms": 1927, "ot-mqtt": 1928, "ot-snmp": 1929,
    "ot-fins": 1930, "ot-slmp": 1931, "ot-ge-srtp": 1932, "ot-hart-ip": 1933,
    "ot-tristation": 1934, "ot-codesys": 1935, "ot-pcworx": 1936, "ot-proconos": 1937,
    "ot-fox": 1938, "ot-knxnet": 1939, "ot-ads": 1940, "ot-c37118": 1941,
    "ot-pcom": 1949, "ot-profinet-cm": 1942, "ot-remote-access": 1943, "ot-credentials": 1944,
    "ot-iot-spread": 1945, "ot-tftp": 1946, "ot-lateral": 1947, "ot-malware": 1948,
    "ot-unanswered": 1950,
}  # fmt: skip

#: Variables of the stock suricata.yaml of 7.0 and 8.0.
VARIABLES = set(
    "HOME_NET EXTERNAL_NET HTTP_SERVERS SMTP_SERVERS SQL_SERVERS DNS_SERVERS TELNET_SERVERS"
    " AIM_SERVERS DC_SERVERS DNP3_SERVER DNP3_CLIENT MODBUS_CLIENT MODBUS_SERVER ENIP_CLIENT"
    " ENIP_SERVER HTTP_PORTS SHELLCODE_PORTS ORACLE_PORTS SSH_PORTS DNP3_PORTS MODBUS_PORTS"
    " FILE_DATA_PORTS FTP_PORTS GENEVE_PORTS VXLAN_PORTS TEREDO_PORTS".split()
)

#: Class types of the stock classification.config.
CLASSTYPES = set(
    "not-suspicious unknown bad-unknown attempted-recon successful-recon-limited"
    " successful-recon-largescale attempted-dos successful-dos attempted-user unsuccessful-user"
    " successful-user attempted-admin successful-admin rpc-portmap-decode shellcode-detect"
    " string-detect suspicious-filename-detect suspicious-login system-call-detect"
    " tcp-connection trojan-activity unusual-client-port-connection network-scan"
    " denial-of-service non-standard-protocol protocol-command-decode web-application-activity"
    " web-application-attack misc-activity misc-attack icmp-event inappropriate-content"
    " policy-violation default-login-attempt targeted-activity exploit-kit external-ip-check"
    " domain-c2 pup-activity credential-theft social-engineering coin-mining"
    " command-and-control".split()
)


@cache
def rules() -> tuple[Rule, ...]:
    return tuple(read(RULES))


@cache
def all_cases() -> tuple[Case, ...]:
    return tuple(cases())


def where(rule: Rule) -> str:
    return f"{rule.file.name}:{rule.line} sid {rule.sid}"
