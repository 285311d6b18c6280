"""A plant asset talks to an address outside the site, or is reached from there."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import (
    EVIDENCE,
    FAILED,
    found,
    listing,
    naming,
    options,
    times,
)

#: servers: a host that used a service with so many outside addresses while learning may use it
#: with others (name service, time, update networks).
OPTIONS = {"servers": 2}

#: Hosts whose business it is to go outside.
OFFICE = ("it_host", "external", "router")

TALKS = f"""
    WITH crossing AS (
        SELECT *, is_local(client) AS outbound FROM judged
        WHERE is_local(client) <> is_local(server) AND NOT is_group(server)
          AND service NOT IN ('icmp', 'igmp')
    )
    SELECT CASE WHEN outbound THEN client ELSE server END AS inside, outbound,
           list_sort(list(DISTINCT CASE WHEN outbound THEN server ELSE client END)) AS others,
           list_sort(list(DISTINCT service)) AS services, list_sort(list(DISTINCT port)) AS ports,
           list_sort(list(DISTINCT {{'client': client, 'server': server, 'port': port}})) AS events,
           bool_or(NOT ({FAILED})) AS answered, {EVIDENCE}
    FROM crossing j
    LEFT JOIN address a ON a.address = CASE WHEN outbound THEN client ELSE server END
    WHERE NOT (outbound AND coalesce(list_contains($office, a.role), FALSE))
      AND NOT EXISTS (FROM known_conduit k WHERE k.client = j.client AND k.server = j.server
                      AND k.service = j.service)
      AND NOT (outbound AND (SELECT count(DISTINCT k.server) FROM known_conduit k
               WHERE k.client = j.client AND k.service = j.service
                 AND NOT is_local(k.server)) >= $servers)
    GROUP BY inside, outbound ORDER BY inside, outbound
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    for row in ctx.rows(TALKS, {"office": list(OFFICE), **options(ctx, OPTIONS)}):
        events = [Event(**e, operation="connection") for e in row["events"]]
        news = [e for e in events if not ctx.is_told(e)]
        if not news:
            continue
        inside, outbound = row["inside"], row["outbound"]
        others = sorted({e.server if outbound else e.client for e in news} - {None}, key=str)
        whom = name(others[0]) if len(others) == 1 else times(len(others), "address", "addresses")
        over = listing(row["services"])
        one = others[0] if len(others) == 1 else None
        yield found(
            row,
            (inside, "out" if outbound else "in"),
            f"{name(inside)} talks to {whom} outside the site over {over}"
            if outbound
            else f"{whom} outside the site reached {name(inside)} over {over}",
            client=inside if outbound else one,
            server=one if outbound else inside,
            service=row["services"][0] if len(row["services"]) == 1 else None,
            port=row["ports"][0] if len(row["ports"]) == 1 else None,
            assets=(inside, *others[:20]) if outbound else (*others[:20], inside),
            severity=_severity(ctx.learned, outbound, row["answered"]),
            techniques=("T0869", "T0885") if outbound else ("T0883", "T0822"),
            covers=tuple(e._replace(operation=None) for e in news),
            observed=f"{times(row['n'], 'event')} with {listing(others)} over {over}",
            normal="no such traffic across the site's border was learned"
            if ctx.learned
            else "nothing learned yet",
        )


def _severity(learned: bool, outbound: bool, answered: bool) -> str:
    if not outbound:
        return "high" if answered else "low"
    return "medium" if answered and learned else "low"


DETECTION = Detection(
    name="internet_access",
    title="Traffic across the site's border",
    severity="medium",
    techniques=("T0883", "T0869", "T0885"),
    card=Card(
        meaning="A plant asset exchanges data with an address outside the site. What talks out can"
        " be told things; what is reachable from outside will be found.",
        check=(
            "Whose address is it, and what is the service for: updates, licence, remote support?",
            "Is the address really outside? Declare the site's own networks in the configuration",
            "Which firewall rule lets it through, and who asked for that rule?",
        ),
        avoid=(
            "Don't close the firewall on a running remote-support or dispatch connection without"
            " asking operations: some plants are dispatched through it",
            "Don't reinstall the host before its disk is preserved",
        ),
    ),
    find=find,
    options=OPTIONS,
    rank=3,
)
