"""Somebody reaches for a screen or a shell inside the control zone: RDP, VNC, SSH and the like."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import EVIDENCE, FAILED, found, listing, naming, times

SERVICES = (
    "rdp", "vnc", "rfb", "ssh", "telnet", "teamviewer", "anydesk", "winrm", "x11", "radmin",
    "rlogin", "rsh", "pcanywhere", "splashtop", "rustdesk", "screenconnect",
)  # fmt: skip
#: Where the sensor named no service.
PORTS = (
    22, 23, 513, 2323, 3389, 4899, 5631, 5800, 5900, 5901, 5902, 5903, 5938, 5985, 5986, 6000,
    6568, 6783, 7070, 21115, 21116, 21117,
)  # fmt: skip
SCREENS = ("rdp", "vnc", "rfb", "teamviewer", "anydesk", "radmin", "splashtop", "rustdesk")

SESSIONS = f"""
    SELECT client, server, any_value(a.role) AS role, any_value(a.level) AS level,
           any_value(is_local(client)) AS inside,
           list_sort(list(DISTINCT service)) AS services, list_sort(list(DISTINCT port)) AS ports,
           min(port) AS port, bool_or(NOT ({FAILED})) AS reached,
           any_value(c.level) AS from_level, {EVIDENCE}
    FROM judged j
    LEFT JOIN address a ON a.address = j.server
    LEFT JOIN address c ON c.address = j.client
    WHERE (list_contains($services, service) OR list_contains($ports, port))
      AND is_local(server) AND NOT is_group(server)
      AND NOT EXISTS (FROM known_conduit k WHERE k.client = j.client AND k.server = j.server
                      AND (k.service = j.service OR k.port = j.port))
    GROUP BY client, server ORDER BY client, server
"""

#: Roles that are part of the control zone whatever level the inventory gave them.
CONTROL = (
    "controller", "rtu", "io_device", "hmi", "scada_server", "engineering_workstation", "gateway",
)  # fmt: skip


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    for row in ctx.rows(SESSIONS, {"services": list(SERVICES), "ports": list(PORTS)}):
        client, server = row["client"], row["server"]
        level = row["level"]
        zone = row["role"] in CONTROL or (level is not None and level <= 2.5)
        outside = not row["inside"]
        # An office computer's own remote desktop is no business of ours; from outside any is.
        if not (zone or outside or row["role"] is None):
            continue
        if not ctx.learned and not outside and not _upwards(row):
            continue
        if all(
            ctx.is_told(Event(client, server, None, port, "connection")) for port in row["ports"]
        ):
            continue
        over = listing(row["services"])
        verb = "reached" if row["reached"] else "tried to reach"
        ids = ("T0822", "T0886") if outside else ("T0886",)
        screen = any(s in SCREENS for s in row["services"])
        loud = "critical" if outside and zone else "high" if outside else "medium"
        yield found(
            row,
            (client, server),
            f"{name(client)} {verb} {name(server)} by {over}"
            + (" from outside the site" if outside else ""),
            service=row["services"][0],
            severity=loud if row["reached"] else "medium" if outside else "low",
            techniques=(*ids, "T0823") if screen and row["reached"] else ids,
            covers=tuple(Event(client, server, None, port) for port in row["ports"]),
            observed=f"{times(row['n'], 'event')} over {over} (ports {listing(row['ports'])})",
            normal="no remote access between them was learned"
            if ctx.learned
            else "nothing learned yet",
        )


def _upwards(row: dict[str, object]) -> bool:
    """Whether the client stands above the control zone and the server in it."""
    here, there = row["level"], row["from_level"]
    return isinstance(here, float) and isinstance(there, float) and here <= 2.5 and there >= 3.5


DETECTION = Detection(
    name="remote_access",
    title="Remote access into the control zone",
    severity="high",
    techniques=("T0886", "T0822"),
    card=Card(
        meaning="Somebody opened a screen or a shell on a plant computer from a place that never"
        " did so. With it they can do what an operator standing there can do.",
        check=(
            "Is it a vendor or colleague with a permit; does the time match?",
            "Look at the screen of the reached computer: does the pointer move by itself?",
            "Did the session come through the jump host and its recording, or around them?",
        ),
        avoid=(
            "Don't cut a vendor's session in the middle of a firmware or program change they were"
            " asked to make: ask first, then end it",
            "Don't log in to the same computer with an administrator's account to look",
        ),
    ),
    find=find,
    rank=2,
)
