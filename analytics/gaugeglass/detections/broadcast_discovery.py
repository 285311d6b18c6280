"""One client asks everybody who is there: BACnet Who-Is, EtherNet/IP ListIdentity, DCP, ARP."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import EVIDENCE, IT_SERVICES, found, listing, naming, times

ASKED = f"""
    SELECT client, service, list_sort(list(DISTINCT operation)) AS asked,
           list_sort(list(DISTINCT server)) AS servers, {EVIDENCE}
    FROM judged j
    WHERE action IN ('discover', 'identify') AND is_group(server) AND NOT list_contains(?, service)
      -- Answers to everybody (I-Am, I-Have) are no questions.
      AND NOT regexp_matches(operation, '^i_(am|have)')
      AND NOT EXISTS (FROM known_action k WHERE k.client = j.client AND k.service = j.service
                      AND k.action = j.action)
    GROUP BY client, service ORDER BY client, service
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    for row in ctx.rows(ASKED, list(IT_SERVICES)):
        yield found(
            row,
            (row["client"], row["service"]),
            f"{name(row['client'])} asked the whole network which {row['service']} devices exist",
            operation=row["asked"][0],
            assets=(row["client"],),
            covers=tuple(Event(row["client"], s) for s in row["servers"]),
            observed=f"{times(row['n'], 'request')} ({listing(row['asked'])})"
            f" to {listing(row['servers'])}",
            normal="this client never asked that while learning",
        )


DETECTION = Detection(
    name="broadcast_discovery",
    title="Devices searched by broadcast",
    severity="low",
    techniques=("T0846.002", "T0846"),
    card=Card(
        meaning="A computer looks for devices by asking everybody at once. Engineering tools do"
        " so when somebody opens their device list; so does whoever has just got in.",
        check=(
            "Is an engineering or commissioning tool open on that computer?",
            "Did it then read identities, or connect to devices it has no business with?",
        ),
        avoid=(
            "Don't dismiss it when the computer isn't an engineering station",
            "Don't block broadcasts on the control network: HMIs and controllers need them to"
            " find each other after a restart",
        ),
    ),
    find=find,
    needs_baseline=True,
)
