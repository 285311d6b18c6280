"""What Suricata's rules matched, one alert per rule and server, its tags translated.

Suricata's own decoder and parser events ("SURICATA ...") are not alerts here: what they count is
evidence for ``protocol_violations``.
"""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.attack.table import resolve
from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import found, listing, naming, text, times
from gaugeglass.detections.protocol_violations import STOCK
from gaugeglass.detections.rule_cards import card
from gaugeglass.detections.sensor_notice import loudest

ALERTS = f"""
    SELECT name, rule_id, server, list_sort(list(DISTINCT client)) AS clients,
           min(service) AS service, min(port) AS port, min(operation) AS operation,
           list(DISTINCT severity) AS severities,
           list_sort(list(DISTINCT techniques)) AS tags, min(message) AS message,
           min("first") AS "first", max("last") AS "last", sum("count")::BIGINT AS n,
           min(uid_min) AS uid_min, max(uid_min) AS uid_max,
           EXISTS (FROM notices o WHERE o.ts < ? AND o.origin = 'suricata_alert'
                   AND o.name = j.name AND o.server IS NOT DISTINCT FROM j.server) AS before
    FROM judged_notices j WHERE origin = 'suricata_alert' AND NOT {STOCK}
    GROUP BY name, rule_id, server ORDER BY name, rule_id, server
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    for row in ctx.rows(ALERTS, ctx.since):
        severity = loudest(row["severities"])
        if row["before"] and ctx.learned and severity not in ("high", "critical"):
            continue  # it was part of the plant's ordinary day
        clients = [c for c in row["clients"] or [] if c]
        tags = [t for tag in row["tags"] or [] if tag for t in tag.split(";")]
        client = clients[0] if len(clients) == 1 else None
        yield found(
            row,
            (row["rule_id"] or row["name"], row["server"] or ""),
            f"Suricata: {text(row['name'], 160)}"
            + (f" at {name(row['server'])}" if row["server"] else ""),
            client=client,
            severity=severity,
            card=card(row["operation"]),
            techniques=tuple(t.id for t in resolve(tags)),
            rule=text(row["rule_id"] or row["name"]),
            assets=(*clients[:20], *([row["server"]] if row["server"] else [])),
            covers=(Event(client, row["server"], None, row["port"], "alert"),),
            observed=f"{times(row['n'], 'match', 'matches')} from {listing(clients) or 'somebody'}"
            + (f": {text(row['message'], 200)}" if row["message"] else ""),
            normal="matched before the judged span too" if row["before"] else "no match before",
        )


DETECTION = Detection(
    name="sensor_alert",
    title="Rule matched by Suricata",
    severity="medium",
    techniques=(),
    card=Card(
        meaning="The traffic matched a rule that somebody wrote for a known attack or for an"
        " operation that should not happen here.",
        check=(
            "Read the rule by its id: what exactly does it match, and how easily by mistake?",
            "Is the client allowed to do what the rule looks for, such as an engineering station?",
            "Do other alerts on the same assets at the same time tell the same story?",
        ),
        avoid=(
            "Don't disable the rule for the whole site because one conduit matches it rightly:"
            " suppress it for that conduit",
            "Don't let a prevention mode drop plant traffic on a rule that was never tried there",
        ),
    ),
    find=find,
    rank=4,
)
