"""One client tries function codes until the device answers that it doesn't know them."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Finding
from gaugeglass.detections.common import EVIDENCE, found, listing, naming, options, times

#: unsupported: distinct functions refused as unknown within an hour; functions: distinct
#: functions never used on this conduit before, refused or not.
OPTIONS = {"unsupported": 3, "functions": 10}

UNKNOWN = (
    "regexp_matches(coalesce(outcome, ''), 'illegal_function|not_supported|unsupported|"
    "no_func_code|unrecogni[sz]ed_service|not_implemented|unknown_(type|cause|service|function)|"
    "reject_unrecognized')"
)

SCANS = f"""
    WITH asked AS (
        SELECT *, {UNKNOWN} AS refused, time_bucket(INTERVAL 1 HOUR, "window") AS hour
        FROM judged j
        WHERE operation <> 'connection' AND action NOT IN ('connect', 'report')
          AND NOT EXISTS (FROM known_operation k WHERE k.client = j.client
                          AND k.server = j.server AND k.service = j.service
                          AND k.operation = j.operation)
    ), scanning AS (
        SELECT client, server, service, hour FROM asked
        GROUP BY client, server, service, hour
        HAVING count(DISTINCT operation) FILTER (refused) >= ?
            OR (count(DISTINCT operation) >= ? AND bool_or(refused))
    )
    SELECT client, server, service, min(port) AS port,
           list_sort(list(DISTINCT operation)) AS operations,
           coalesce(sum("count") FILTER (refused), 0)::BIGINT AS refused, {EVIDENCE}
    FROM asked SEMI JOIN scanning USING (client, server, service, hour)
    GROUP BY client, server, service ORDER BY client, server, service
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    o = options(ctx, OPTIONS)
    for row in ctx.rows(SCANS, o["unsupported"], o["functions"]):
        functions = len(row["operations"])
        yield found(
            row,
            (row["client"], row["server"], row["service"]),
            f"{name(row['client'])} tried {times(functions, row['service'] + ' function')} on"
            f" {name(row['server'])}, which refused {times(row['refused'], 'request')} as unknown",
            observed=f"{times(row['n'], 'request')}: {listing(row['operations'], 8)}",
            normal="none of these functions were used between them while learning"
            if ctx.learned
            else "nothing learned yet",
        )


DETECTION = Detection(
    name="function_code_scan",
    title="Function codes probed",
    severity="high",
    techniques=("T0888", "T0846"),
    card=Card(
        meaning="Somebody is finding out what a controller can be told to do. Devices answer"
        " unknown functions politely, but the scan also tries known ones, which may act.",
        check=(
            "Which of the tried functions did the device accept, and do any of them write?",
            "Is somebody commissioning or testing this device now?",
            "Did the device's scan time or communication load suffer?",
        ),
        avoid=(
            "Don't repeat the functions to see what they do",
            "Don't reset communication faults before noting the device's counters",
        ),
    ),
    find=find,
    options=OPTIONS,
)
