"""One client fails to log in again and again: passwords are being guessed."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import EVIDENCE, found, listing, naming, options, times

#: failures: refused logins of one client at one server within an hour; factor: times the most
#: that the same pair had in a window while learning.
OPTIONS = {"failures": 4, "factor": 5.0}

REFUSED = (
    "action = 'authenticate' AND coalesce(outcome, 'ok')"
    " NOT IN ('ok', 'unknown', 'no_reply', 'partial', 'redirect')"
)

FAILURES = f"""
    WITH failed AS (
        SELECT *, time_bucket(INTERVAL 1 HOUR, "window") AS hour FROM judged
        WHERE {REFUSED}
    ), usual AS (
        SELECT client, server, service, max(n) AS most FROM (
            SELECT client, server, service, time_bucket(INTERVAL 1 HOUR, "window") AS hour,
                   sum("count") AS n
            FROM activity WHERE "window" < $since AND {REFUSED}
            GROUP BY ALL
        ) GROUP BY ALL
    ), guessing AS (
        SELECT client, server, service, hour
        FROM failed LEFT JOIN usual USING (client, server, service)
        GROUP BY client, server, service, hour, most
        HAVING sum("count") >= greatest($failures, $factor * coalesce(most, 0))
    )
    SELECT client, server, service, min(port) AS port,
           list_sort(list(DISTINCT operation)) AS operations,
           list_sort(list(DISTINCT outcome)) AS outcomes,
           EXISTS (FROM judged o WHERE o.client = f.client AND o.server = f.server
                   AND o.service = f.service AND o.action = 'authenticate' AND o.outcome = 'ok'
                   AND o."last" >= min(f."first")) AS success, {EVIDENCE}
    FROM failed f SEMI JOIN guessing USING (client, server, service, hour)
    GROUP BY client, server, service ORDER BY client, server, service
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    for row in ctx.rows(FAILURES, {"since": ctx.since, **options(ctx, OPTIONS)}):
        who = (row["client"], row["server"], row["service"])
        if all(ctx.is_told(Event(*who, None, op)) for op in row["operations"]):
            continue  # they were factory names
        yield found(
            row,
            who,
            f"{name(row['client'])} failed to log in to {name(row['server'])} over"
            f" {row['service']} {row['n']} times"
            + (", and then succeeded" if row["success"] else ""),
            severity="high" if row["success"] else "medium",
            observed=f"{times(row['n'], 'refused login')}: {listing(row['operations'])}"
            f" (outcome {listing(row['outcomes'])})",
            normal="no such run of failures before",
        )


DETECTION = Detection(
    name="login_guessing",
    title="Passwords guessed",
    severity="medium",
    techniques=("T0859", "T1694.001"),
    card=Card(
        meaning="Somebody tries one password after the other. Devices in plants seldom lock"
        " accounts, so that guessing succeeds in the end.",
        check=(
            "Was a password changed lately that a script or a recorder still sends?",
            "Did a login succeed after the failures, and what was done with it?",
            "Are factory passwords still set on this device?",
        ),
        avoid=(
            "Don't lock accounts that operators need to run the plant",
            "Don't change the password during the attempts without telling the shift",
        ),
    ),
    find=find,
    options=OPTIONS,
    rank=1,
)
