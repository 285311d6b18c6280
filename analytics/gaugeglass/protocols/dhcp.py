"""DHCP: Zeek ``dhcp``, EVE ``dhcp``: which address a device was given, and what it calls itself."""

from __future__ import annotations

from gaugeglass.protocols.base import EVE, LIST, STR, TIME, Source

FIXED = {"service": "dhcp", "transport": "udp", "operation": "lease", "action": "connect"}

#: A device that asks has no address yet: then its MAC stands for it. ``client_addr`` is who sent
#: the message, which may be a relay; only in an INFORM it is the device's own (RFC 2131, 4.4.3).
_CLIENT = (
    "coalesce(nullif(assigned_addr, '0.0.0.0'), CASE WHEN list_contains(msg_types, 'INFORM')"
    " THEN nullif(client_addr, '0.0.0.0') END, mac)"
)


def _claim(attribute: str, value: str) -> str:
    return (
        f"SELECT ts, uids[1] AS uid, {_CLIENT} AS asset, '{attribute}' AS attribute,"
        f" {value} AS value FROM rows WHERE {_CLIENT} IS NOT NULL"
    )


_EVE_CLIENT = (
    "coalesce(nullif(body->>'$.dhcp.assigned_ip', '0.0.0.0'),"
    " nullif(body->>'$.dhcp.client_ip', '0.0.0.0'), body->>'$.dhcp.client_mac')"
)


def _eve_claim(attribute: str, path: str) -> str:
    return (
        f"SELECT ts, uid, {_EVE_CLIENT} AS asset, '{attribute}' AS attribute,"
        f" body->>'$.dhcp.{path}' AS value FROM rows"
    )


SOURCES = (
    Source(
        kind="dhcp",
        columns={
            "ts": TIME, "uids": LIST, "client_addr": STR, "server_addr": STR, "mac": STR,
            "host_name": STR, "client_fqdn": STR, "assigned_addr": STR, "msg_types": LIST,
            "client_software": STR,
        },
        activities=(
            f"""SELECT ts, uids[1] AS uid, coalesce({_CLIENT}, '0.0.0.0') AS client,
                coalesce(server_addr, '255.255.255.255') AS server, 67 AS port, mac AS client_mac,
                CASE WHEN list_contains(msg_types, 'ACK') THEN 'ok'
                     WHEN list_contains(msg_types, 'NAK') THEN 'nak' ELSE 'no_reply' END AS outcome
                FROM rows""",
        ),
        constants=FIXED,
        claims=(
            _claim("mac", "mac"), _claim("hostname", "host_name"),
            _claim("hostname", "client_fqdn"), _claim("dhcp_client", "client_software"),
        ),
    ),
    Source(
        kind="eve:dhcp",
        columns=EVE,
        activities=(
            f"""SELECT ts, uid, coalesce({_EVE_CLIENT}, src_ip) AS client, dest_ip AS server,
                67 AS port, body->>'$.dhcp.client_mac' AS client_mac, 'unknown' AS outcome
                FROM rows""",
        ),
        constants=FIXED,
        used="coalesce(body->>'$.dhcp.type', 'request') = 'request'",
        ignored="the reply to a request that is counted",
        claims=(_eve_claim("mac", "client_mac"), _eve_claim("hostname", "hostname")),
        covered_by=("dhcp",),
    ),
)  # fmt: skip
