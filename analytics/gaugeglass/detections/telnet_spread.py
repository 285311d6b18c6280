"""One client tries Telnet on many hosts in a short time, as Mirai and its kin spread."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import EVIDENCE, found, listing, naming, options, times

#: hosts: distinct Telnet targets within an hour, not talked to while learning.
OPTIONS = {"hosts": 4}

SPREAD = f"""
    WITH news AS (
        SELECT *, port IN (23, 2323) OR service = 'telnet' AS telnet,
               time_bucket(INTERVAL 1 HOUR, "window") AS hour FROM judged j
        WHERE NOT EXISTS (FROM known_conduit k WHERE k.client = j.client
                          AND k.server = j.server AND k.port = j.port)
    ), spreading AS (
        SELECT client, hour FROM news GROUP BY client, hour
        HAVING count(DISTINCT server) FILTER (telnet) >= ?
           -- A scan of many ports has Telnet's among them.
           AND count(DISTINCT (server, port)) <= 2 * count(DISTINCT (server, port)) FILTER (telnet)
    )
    SELECT client, 'telnet' AS service, list_sort(list(DISTINCT server)) AS servers,
           list_sort(list(DISTINCT server) FILTER (outcome = 'ok')) AS reached,
           list_sort(list(DISTINCT port)) AS ports, {EVIDENCE}
    FROM news SEMI JOIN spreading USING (client, hour) WHERE telnet GROUP BY client ORDER BY client
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    for row in ctx.rows(SPREAD, options(ctx, OPTIONS)["hosts"]):
        client, servers, reached = row["client"], row["servers"], row["reached"] or []
        yield found(
            row,
            (client,),
            f"{name(client)} tried Telnet on {times(len(servers), 'host')},"
            f" {len(reached)} of them accepted",
            severity="critical" if reached else "high",
            assets=(client, *reached[:50]),
            covers=(
                Event(client, None, "telnet", None, None),
                *(Event(client, None, None, p, None) for p in row["ports"]),
            ),
            observed=f"{times(row['n'], 'event')} at {listing(servers)};"
            f" accepted by {listing(reached) or 'none'}",
            normal="this client used Telnet with none of them while learning"
            if ctx.learned
            else "nothing learned yet",
        )


DETECTION = Detection(
    name="telnet_spread",
    title="Spread over Telnet",
    severity="critical",
    techniques=("T1694.001", "T0866", "T0846"),
    card=Card(
        meaning="A device behaves like a worm that logs in to others with factory passwords."
        " Cameras, serial servers, gateways and other embedded devices fall to it in minutes, and"
        " their flooding starves the control traffic that shares their network.",
        check=(
            "The client is most likely infected itself: what is it, and who can reach it?",
            "Which targets accepted the login: they may be spreading already",
            "Is Telnet needed at all on these devices, and are factory passwords still set?",
        ),
        avoid=(
            "Don't only restart the device: it comes back clean but is infected again within"
            " minutes while the password stays",
            "Don't cut a gateway or serial server that carries live I/O without operations",
        ),
    ),
    find=find,
    options=OPTIONS,
)
