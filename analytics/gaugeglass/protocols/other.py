"""Logs whose rows add nothing to what conn and the protocols tell: known, and left out by design."""

from __future__ import annotations

from gaugeglass.protocols.base import Source

_FILES = "files are not followed; the protocol's own log has the transfer"
_CONN = "conn tells who talked to whom"

SOURCES = tuple(
    Source(kind, {}, used="FALSE", ignored=why)
    for kind, why in (
        ("files", _FILES), ("pe", _FILES), ("ocsp", _FILES), ("eve:fileinfo", _FILES),
        ("analyzer", "why an analyzer gave up; weird has what matters"),
        ("dpd", "why an analyzer gave up; weird has what matters"),
        ("tunnel", _CONN), ("syslog", _CONN), ("sip", _CONN), ("irc", _CONN), ("smtp", _CONN),
        ("socks", _CONN), ("radius", _CONN), ("ldap", _CONN), ("ldap_search", _CONN),
        ("mysql", _CONN), ("postgresql", _CONN), ("redis", _CONN), ("quic", _CONN),
        ("websocket", _CONN), ("wireguard", _CONN), ("traceroute", _CONN),
        ("signatures", "notice carries what a signature found"),
        ("intel", "notice carries an intelligence hit"), ("notice_alarm", "a copy of notice"),
        ("weird_stats", "weird has the rows"), ("unknown_protocols", _CONN),
        ("eve:packetinfo", _CONN), ("eve:drop", _CONN), ("eve:ike", _CONN), ("eve:sip", _CONN),
        ("eve:smtp", _CONN), ("eve:quic", _CONN), ("eve:nfs", _CONN), ("eve:rpc", _CONN),
        ("eve:frame", _CONN), ("eve:http2", _CONN), ("eve:arp", _CONN), ("eve:pgsql", _CONN),
        ("eve:websocket", _CONN), ("eve:ldap", _CONN), ("eve:mdns", _CONN),
    )
)  # fmt: skip
