"""One client lists or sweeps a device's points: tags, nodes, objects, blocks, registers."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import (
    EVIDENCE,
    IT_SERVICES,
    found,
    listing,
    naming,
    options,
    times,
)

#: points: points never read before, within an hour, that make a sweep; missing: distinct points
#: that the device says it doesn't have.
OPTIONS = {"points": 15, "missing": 5}

#: Devices looked for rather than points of a device: another detection's question.
DEVICES = (
    "regexp_matches(operation,"
    " 'who_|i_am|i_have|list_(identity|services|interfaces)|find_serv|hello|probe|dcp')"
)

NO_SUCH = (
    "regexp_matches(coalesce(outcome, ''), 'illegal_data_address|address_out_of|unknown_object|"
    "unknown_(property|address|class)|object_does_not_exist|path_(segment|destination)|"
    "node_id_unknown|not_available|object_(non_existent|undefined)')"
)

SWEEPS = f"""
    WITH asked AS (
        SELECT *, time_bucket(INTERVAL 1 HOUR, "window") AS hour, action = 'discover' AS listed,
               {NO_SUCH} AS missing
        FROM judged j
        WHERE action IN ('discover', 'read') AND NOT is_group(server) AND NOT ({DEVICES})
          AND NOT list_contains($it, service)
          AND CASE WHEN action = 'discover' THEN
                NOT EXISTS (FROM known_operation k WHERE k.client = j.client
                            AND k.server = j.server AND k.service = j.service
                            AND k.operation = j.operation)
              ELSE object IS NOT NULL
                AND NOT object_known(j.client, j.server, j.service, j.unit, j.operation, j.object)
              END
    ), sweeping AS (
        SELECT client, server, service, hour FROM asked
        GROUP BY client, server, service, hour
        HAVING count(*) FILTER (listed) > 0
            OR (count(DISTINCT object) >= $points AND $learned)
            OR count(DISTINCT object) FILTER (missing) >= $missing
    )
    SELECT client, server, service, min(port) AS port,
           list_sort(list(DISTINCT operation)) AS operations,
           count(DISTINCT object) AS points, count(DISTINCT object) FILTER (missing) AS missing,
           bool_or(listed) AS listed,
           coalesce(sum("count") FILTER (listed), 0)::BIGINT AS listings,
           list_sort(list(DISTINCT object)) AS objects, {EVIDENCE}
    FROM asked SEMI JOIN sweeping USING (client, server, service, hour)
    GROUP BY client, server, service ORDER BY client, server, service
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    values = {**options(ctx, OPTIONS), "it": list(IT_SERVICES), "learned": ctx.learned}
    for row in ctx.rows(SWEEPS, values):
        who = (row["client"], row["server"], row["service"])
        if all(ctx.is_told(Event(*who, None, op)) for op in row["operations"]):
            continue
        if not ctx.learned and row["missing"] < values["missing"] and row["points"] < 5:
            continue  # browsing a little is what clients do when they connect
        deed = "listed the points of" if row["listed"] else "swept the points of"
        yield found(
            row,
            who,
            f"{name(row['client'])} {deed} {name(row['server'])} over {row['service']}",
            severity="medium" if ctx.learned else "low",
            object=listing(row["objects"]) or None,
            observed=f"{times(row['n'], 'request')}: {listing(row['operations'])};"
            f" {times(row['points'], 'point')} not read before, {row['missing']} that don't exist",
            normal="this client didn't list or read these points while learning"
            if ctx.learned
            else "nothing learned yet",
        )


DETECTION = Detection(
    name="object_enumeration",
    title="Points and tags enumerated",
    severity="medium",
    techniques=("T0861", "T0888"),
    card=Card(
        meaning="Somebody learns which points a controller has and what they are called, which is"
        " what one needs to know before changing them with effect.",
        check=(
            "Is it an HMI or historian being configured, or a tool nobody announced?",
            "Which tags did it read one by one after listing them?",
            "Does the controller's communication load still leave its polls undisturbed?",
        ),
        avoid=(
            "Don't rename or move points in a hurry: every display and alarm refers to them",
            "Don't disconnect a historian in the middle of a regulated recording",
        ),
    ),
    find=find,
    options=OPTIONS,
    rank=1,
)
