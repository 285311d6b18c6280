"""Two known devices talk over a service they never used between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import (
    EVIDENCE,
    FAILED,
    found,
    listing,
    naming,
    options,
    techniques,
    times,
)
from gaugeglass.ledger.schema import STATE_CHANGING

#: fold: servers newly talked to by one client that become one alert. ephemeral: ports from here
#: up without a known service are chosen at random by their owner (passive FTP, RPC), and no news
#: between two hosts that already used such ports.
OPTIONS = {"fold": 4, "ephemeral": 32768}

REMOTE = ("ssh", "rdp", "vnc", "rfb", "telnet", "smb", "winrm", "dce_rpc", "ftp", "tftp")

#: A conduit whose service is known on another port, or whose port is known under another name
#: (the sensor recognised the protocol only once), is not new.
NEW = f"""
    SELECT client, server, service, min(port) AS port,
           list_sort(list(DISTINCT operation)) AS operations,
           list_sort(list(DISTINCT action)) AS actions,
           bool_or(NOT ({FAILED})) AS answered, {EVIDENCE}
    FROM judged j
    WHERE NOT is_group(server) AND is_local(client) AND is_local(server)
      AND NOT EXISTS (FROM known_conduit k WHERE k.client = j.client AND k.server = j.server
                      AND (k.service = j.service OR k.port = j.port))
      AND NOT (regexp_matches(service, '^(tcp|udp)/') AND port >= $ephemeral
               AND EXISTS (FROM known_conduit k
                           WHERE k.client IN (j.client, j.server)
                             AND k.server IN (j.client, j.server)
                             AND regexp_matches(k.service, '^(tcp|udp)/')
                             AND k.port >= $ephemeral))
      -- A host that answers "not here" to a stray packet begins no conversation.
      AND NOT (service = 'icmp' AND EXISTS (FROM known_conduit k
               WHERE k.client IN (j.client, j.server) AND k.server IN (j.client, j.server)))
    GROUP BY client, server, service ORDER BY client, server, service
"""


def find(ctx: Context) -> Iterator[Finding]:
    o = options(ctx, OPTIONS)
    name = naming(ctx)
    by_client: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in ctx.rows(NEW, {"ephemeral": o["ephemeral"]}):
        if not _told(ctx, row):
            by_client[row["client"]].append(row)
    for client, rows in by_client.items():
        servers: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            servers[row["server"]].append(row)
        if len(servers) >= o["fold"]:
            yield _finding(name, (client, "many"), rows)
        else:
            for server, part in servers.items():
                yield _finding(name, (client, server), part)


def _told(ctx: Context, row: dict[str, Any]) -> bool:
    who = (row["client"], row["server"], row["service"])
    changing = set(row["actions"]) & set(STATE_CHANGING)
    if changing:  # only a detection that names the operation has told these
        return any(ctx.is_told(Event(*who, None, op)) for op in row["operations"])
    return ctx.is_told(Event(*who)) or ctx.is_told(
        Event(row["client"], row["server"], None, row["port"], "connection")
    )


def _finding(
    name: Callable[[str | None], str], key: tuple[str, str], rows: list[dict[str, Any]]
) -> Finding:
    servers = sorted({r["server"] for r in rows})
    services = sorted({r["service"] for r in rows})
    actions = {a for r in rows for a in r["actions"]}
    answered = any(r["answered"] for r in rows)
    changing = actions & set(STATE_CHANGING)
    many = key[1] == "many"
    whom = times(len(servers), "device") if many else name(servers[0])
    row = {
        "client": key[0],
        "server": None if many else servers[0],
        "service": services[0] if len(services) == 1 else None,
        "port": rows[0]["port"] if len(rows) == 1 else None,
        "first": min(r["first"] for r in rows),
        "last": max(r["last"] for r in rows),
        "n": sum(r["n"] for r in rows),
        "uid_min": min((r["uid_min"] for r in rows if r["uid_min"]), default=None),
        "uid_max": max((r["uid_max"] for r in rows if r["uid_max"]), default=None),
    }
    first = ("T0886",) if any(s in REMOTE for s in services) else ()
    operations = sorted({op for r in rows for op in r["operations"]} - {"connection"})
    verb = "talks to" if answered else "tried to talk to"
    return found(
        row,
        key,
        f"{name(key[0])} {verb} {whom} over {listing(services)}, which is new",
        severity="high" if changing or many else "medium" if answered else "low",
        techniques=techniques(actions - {"connect"} or actions, first),
        assets=(key[0], *servers[:50]),
        covers=tuple(
            Event(r["client"], r["server"], r["service"], None, op)
            for r in rows
            for op in r["operations"]
        ),
        observed=f"{times(row['n'], 'event')} with {listing(servers)}"
        + (f": {listing(operations)}" if operations else ""),
        normal="no such conduit was learned",
    )


DETECTION = Detection(
    name="new_conduit",
    title="New conduit",
    severity="medium",
    techniques=("T0869", "T0886"),
    card=Card(
        meaning="Two devices talk that never did, or in a way they never did. Plant networks"
        " change when somebody changes them; each new path is also a path into the process.",
        check=(
            "Does a change order, a new display or a new report explain it?",
            "Which zones does it connect, and does the zone plan allow that?",
            "Who started it, and is the client under somebody's hands now?",
        ),
        avoid=(
            "Don't block it in the middle of a batch or a switching sequence: it may belong to it",
            "Don't add it to the firewall's permitted list only because it exists",
        ),
    ),
    find=find,
    options=OPTIONS,
    needs_baseline=True,
    budgeted=True,
    rank=7,
)
