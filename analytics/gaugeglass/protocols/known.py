"""What Zeek already learned: ``software``, ``known_hosts``, ``known_services``, ``known_modbus``."""

from __future__ import annotations

from gaugeglass.protocols.base import STR, TIME, Source

SOURCES = (
    Source(
        kind="software",
        columns={
            "ts": TIME, "host": STR, "software_type": STR, "name": STR, "unparsed_version": STR,
        },
        claims=(
            "SELECT ts, host AS asset, CASE WHEN software_type ILIKE '%OS::%' THEN 'os'"
            " ELSE 'software' END AS attribute, coalesce(unparsed_version, name) AS value"
            " FROM rows",
        ),
    ),
    Source(
        kind="known_modbus",
        columns={"ts": TIME, "host": STR, "device_type": STR},
        claims=(
            "SELECT ts, host AS asset, 'role_hint' AS attribute,"
            " lower(replace(device_type, 'Known::', '')) AS value FROM rows",
        ),
    ),
    Source(
        kind="known_devices",
        columns={"ts": TIME, "mac": STR, "dhcp_host_name": STR},
        claims=(
            "SELECT ts, mac AS asset, 'hostname' AS attribute, dhcp_host_name AS value FROM rows",
        ),
    ),
    *(
        Source(kind, {}, used="FALSE", ignored="conn tells the same in more detail")
        for kind in ("known_hosts", "known_services", "known_certs")
    ),
)  # fmt: skip
