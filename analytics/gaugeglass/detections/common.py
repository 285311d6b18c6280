"""What several detections need: SQL fragments over the ledger, wording, findings from rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from gaugeglass.detections.base import Context, Event, Finding
from gaugeglass.ledger.schema import STATE_CHANGING

#: Services of offices and networks, whose operations and objects vary by nature (every URL and
#: every name asked for is "new"); detections of novelty leave them to `new_conduit`.
IT_SERVICES: tuple[str, ...] = (
    "dns", "http", "https", "ssl", "tls", "quic", "dhcp", "ntp", "smb", "dce_rpc", "ntlm", "gssapi",
    "krb", "kerberos", "ldap", "ssh", "rdp", "rfb", "vnc", "ftp", "ftp-data", "tftp", "smtp",
    "imap", "pop3", "syslog", "mdns", "llmnr", "ssdp", "netbios", "icmp", "igmp", "arp", "radius",
    "sip", "mysql", "postgresql", "tds", "mssql", "socks",
)  # fmt: skip

#: The measures and evidence of a group of activity rows.
EVIDENCE = (
    'min("first") AS "first", max("last") AS "last", sum("count")::BIGINT AS n,'
    " min(uid_min) AS uid_min, max(uid_max) AS uid_max"
)

#: Outcomes that say nobody answered, or that the answer was a refusal to connect.
FAILED = "coalesce(outcome, 'ok') NOT IN ('ok', 'unknown', 'partial')"

#: Whether a request may have taken effect. No reply is no proof that it had none.
DONE = "coalesce(outcome, 'ok') IN ('ok', 'unknown', 'no_reply')"

CHANGING = ", ".join(f"'{a}'" for a in STATE_CHANGING)

#: What an action shows when nothing more specific is known. Primary first.
ACTION_TECHNIQUES: Mapping[str, tuple[str, ...]] = {
    "connect": ("T0869",),
    "read": ("T0801",),
    "write": ("T1692.001", "T0836"),
    "command": ("T1692.001",),
    "program": ("T0843", "T0889"),
    "mode": ("T0858",),
    "firmware": ("T1693.001",),
    "restart": ("T0816",),
    "identify": ("T0888",),
    "discover": ("T0846",),
    "authenticate": ("T0859",),
    "file": ("T0867",),
    "diagnose": ("T0888",),
    "report": ("T0869",),
    "time": ("T0836",),
    "suppress": ("T1691.002",),
    "other": ("T0869",),
}

#: Actions that take many requests.
_LENGTHY = ("program", "firmware")

LOUDNESS = {name: level for level, name in enumerate(("info", "low", "medium", "high", "critical"))}


def options(ctx: Context, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The options in force: the configuration's over ``defaults``."""
    return {name: ctx.option(name, default) for name, default in defaults.items()}


def text(value: object, limit: int = 80) -> str:
    """A value off the wire, fit for one line: no control characters, at most ``limit`` long."""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(value))
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def listing(values: Iterable[object], most: int = 4) -> str:
    """``a, b, c and 4 more``; NULLs left out, order kept."""
    known = [text(v) for v in values if v is not None]
    if len(known) <= most + 1:
        return ", ".join(known)
    return f"{', '.join(known[:most])} and {len(known) - most} more"


def times(n: int, noun: str, plural: str = "") -> str:
    """``1 write``, ``3 writes``, ``3 replies``."""
    return f"{n} {noun if n == 1 else plural or noun + 's'}"


def naming(ctx: Context) -> Callable[[str | None], str]:
    """A function that writes an address with its role, as ``10.0.0.5 (hmi)``.

    A device that wasn't there while learning has whatever role its deeds gave it, so that it is
    only called new.
    """
    roles = {
        r["address"]: r["role"].replace("_", " ")
        for r in ctx.rows(
            "SELECT address, CASE WHEN NOT $learned OR role = 'external' OR EXISTS"
            " (FROM known_asset k WHERE k.address = a.address) THEN role ELSE 'new device' END"
            " AS role FROM address a WHERE role <> 'unknown'",
            {"learned": ctx.learned},
        )
    }

    def name(address: str | None) -> str:
        shown = text(address) if address is not None else "somebody"
        role = roles.get(address)
        return f"{shown} ({role})" if role else shown

    return name


def worst(severities: Iterable[str]) -> str:
    """The loudest of ``severities``."""
    return max(severities, key=LOUDNESS.__getitem__)


def techniques(actions: Iterable[str], first: Sequence[str] = ()) -> tuple[str, ...]:
    """``first``, then what ``actions`` show, state-changing ones before the others."""
    ordered = sorted(actions, key=lambda a: (a not in STATE_CHANGING, a))
    ids = [*first, *(t for a in ordered for t in ACTION_TECHNIQUES.get(a, ()))]
    return tuple(dict.fromkeys(ids))


def found(row: Mapping[str, Any], key: Sequence[object], summary: str, **more: Any) -> Finding:
    """A finding from a grouped row: its addresses, span, count, evidence, and what it covers.

    ``row`` has the :data:`EVIDENCE` columns and whichever of client, server, service, port,
    operation or operations it was grouped by.
    """
    fields: dict[str, Any] = {
        name: row.get(name) for name in ("client", "server", "service", "port", "operation")
    }
    operations: list[str] = row.get("operations") or []
    if operations and not fields["operation"]:
        fields["operation"] = ", ".join(operations[:3])
    fields["uids"] = tuple(dict.fromkeys(u for u in (row["uid_min"], row["uid_max"]) if u))
    client, server, service = fields["client"], fields["server"], fields["service"]
    if operations and client is not None and server is not None:
        fields["covers"] = (
            *(Event(client, server, service, None, op) for op in operations),
            Event(client, server, None, fields["port"], "connection"),
        )
    fields.update(first=row["first"], last=row["last"], count=row["n"])
    fields.update(more)
    return Finding(key=tuple(str(k) for k in key), summary=summary, **fields)


def acts(
    ctx: Context, action: str, group: str = "''", where: str = "TRUE", stops: str = "FALSE"
) -> list[dict[str, Any]]:
    """The judged activity of one ``action``, per client, server, service and SQL label ``group``.

    Columns: client, server, service, part, port, operations, objects, outcomes, done (some may
    have taken effect), known (all of it was learned), stops (the SQL condition ``stops`` holds for
    some), and the evidence.
    """
    rows = ctx.rows(
        f"""
        SELECT client, server, service, {group} AS part, min(port) AS port,
               list_sort(list(DISTINCT operation)) AS operations,
               list_sort(list(DISTINCT object)) AS objects,
               list_sort(list(DISTINCT outcome)) AS outcomes,
               bool_or({DONE}) AS done, bool_and(known) AS known,
               bool_or({stops}) AS stops, {EVIDENCE}
        FROM (
            SELECT j.*, k.client IS NOT NULL AS known FROM judged j
            LEFT JOIN (SELECT DISTINCT client, server, service, operation FROM known_operation) k
            USING (client, server, service, operation)
            WHERE j.action = ? AND ({where})
        )
        GROUP BY ALL ORDER BY client, server, service, part
        """,
        action,
    )
    # What a device refused in the course of a function code scan is part of the scan. So is a
    # single function of a transfer, for which nobody could say whether it was refused.
    return [
        r
        for r in rows
        if (r["done"] and (action not in _LENGTHY or r["n"] > 2 * len(r["operations"])))
        or not all(
            ctx.is_told(Event(r["client"], r["server"], r["service"], None, operation))
            for operation in r["operations"]
        )
    ]


def habit(row: Mapping[str, Any], learned: bool) -> str:
    """What the baseline says about a row of :func:`acts`."""
    if not learned:
        return "nothing learned yet"
    if row["known"]:
        return "the same client did this to this server while learning"
    return "this client never did this to this server while learning"


def severity(row: Mapping[str, Any], new: str, refused: str, known: str) -> str:
    """``known`` for a learned habit, ``refused`` where nothing took effect, else ``new``."""
    if row["known"]:
        return known
    return new if row["done"] else refused
