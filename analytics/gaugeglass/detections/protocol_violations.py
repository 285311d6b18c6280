"""A burst of messages that break a protocol's rules: fuzzing, an exploit, or a broken device."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import found, listing, naming, options, text, times

#: burst: violations of one server within an hour; factor: times the largest hour before the
#: judged span.
OPTIONS = {"burst": 20, "factor": 5.0}

#: Suricata's own decoder and parser events, "SURICATA Modbus invalid Length" and the like: on
#: healthy plants they fire by the thousand, so that only their number says anything.
STOCK = "(origin = 'suricata_alert' AND starts_with(name, 'SURICATA '))"

#: Weirds that tell of the capture (losses, joining in mid-session, offloading), not of the hosts.
CAPTURE = (
    "regexp_matches(name, '(?i)hole|gap|underflow|split_routing|reuse|SYN_inside|inappropriate_FIN|"
    "truncated|incompletely_captured|checksum|data_before_established|window_recision|"
    "possible_split|bad_TCP|TCP_christmas|unmatched|line_terminated|stream|ipv4|tcp_|_IP_|^IP')"
)

BURSTS = f"""
    WITH violations AS (
        SELECT coalesce(server, client) AS server, client, coalesce(service, '') AS service, name,
               origin, "count" AS n, "first", "last", uid_min,
               time_bucket(INTERVAL 1 HOUR, ts) AS hour, ts >= $since AS judged
        FROM notices
        WHERE ts < $until AND (origin IN ('zeek_weird', 'suricata_anomaly') OR {STOCK})
          AND NOT {CAPTURE} AND coalesce(server, client) IS NOT NULL
        UNION ALL
        SELECT server, client, service, operation || ' ' || outcome, 'ledger', "count", "first",
               "last", uid_min, time_bucket(INTERVAL 1 HOUR, "window"), "window" >= $since
        FROM activity
        WHERE "window" < $until
          AND regexp_matches(coalesce(outcome, ''), 'malformed|invalid_(length|frame|pdu)')
    ), hours AS (
        SELECT server, service, hour, judged, sum(n) AS n FROM violations GROUP BY ALL
    ), usual AS (
        SELECT server, service, max(n) AS most FROM hours WHERE NOT judged GROUP BY ALL
    ), bursting AS (
        SELECT server, service, hour, n::BIGINT AS peak, coalesce(most, 0)::BIGINT AS most
        FROM hours LEFT JOIN usual USING (server, service)
        WHERE judged AND n >= greatest($burst, $factor * coalesce(most, 0))
    )
    SELECT server, service, list_sort(list(DISTINCT name)) AS names,
           list_sort(list(DISTINCT client) FILTER (client <> server)) AS clients,
           bool_and(origin = 'suricata_alert') AS stock,
           max(b.peak) AS peak, any_value(b.most) AS most,
           min("first") AS "first", max("last") AS "last", sum(n)::BIGINT AS n,
           min(uid_min) AS uid_min, max(uid_min) AS uid_max
    FROM violations JOIN bursting b USING (server, service, hour) WHERE judged
    GROUP BY server, service ORDER BY server, service
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    values = {"since": ctx.since, "until": ctx.until, **options(ctx, OPTIONS)}
    for row in ctx.rows(BURSTS, values):
        clients = row["clients"] or []
        service = row["service"] or None
        if service and len(clients) == 1 and ctx.is_told(Event(clients[0], row["server"], service)):
            continue  # a scan of function codes, a flood: the violations are part of it
        yield found(
            row,
            (row["server"], row["service"]),
            f"{times(row['n'], 'protocol violation')} at {name(row['server'])}"
            + (f" over {text(service)}" if service else ""),
            client=clients[0] if len(clients) == 1 else None,
            service=service,
            assets=(*clients[:20], row["server"]),
            severity="medium" if ctx.learned and not row["stock"] else "low",
            covers=(),
            rule=listing(row["names"], 1),
            observed=f"up to {row['peak']} an hour: {listing(row['names'])}",
            normal=f"at most {row['most']} an hour before" if row["most"] else "none before",
        )


DETECTION = Detection(
    name="protocol_violations",
    title="Burst of protocol violations",
    severity="medium",
    techniques=("T0814", "T0866"),
    card=Card(
        meaning="A device receives or sends many messages that break the protocol's rules."
        " Fuzzers and exploits do that and can hang a controller; so do a failing card, a bad"
        " cable, or a sensor that misreads a vendor's dialect.",
        check=(
            "Did the device stop answering, restart, or show a communication fault?",
            "Who sends the broken messages, and did that begin on one day?",
            "Does the sensor lose packets? Then it sees broken messages where there are none",
        ),
        avoid=(
            "Don't replace the device before ruling out the sensor",
            "Don't replay the messages against a running controller to see what happens",
        ),
    ),
    find=find,
    options=OPTIONS,
    rank=2,
)
