"""A host sends much more to an address outside than it gets back, and than it ever did."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import EVIDENCE, found, naming, options, text

#: bytes: least upload to one address within an hour; ratio: upload over download; factor: times
#: the host's largest hourly upload to anywhere outside before. unlearned_bytes: least upload
#: where nothing was learned.
OPTIONS = {"bytes": 1_000_000, "ratio": 3.0, "factor": 5.0, "unlearned_bytes": 20_000_000}

UPLOADS = f"""
    WITH outside AS (
        SELECT *, time_bucket(INTERVAL 1 HOUR, "window") AS hour FROM activity
        WHERE operation = 'connection' AND is_local(client) AND NOT is_local(server)
          AND NOT is_group(server) AND "window" < $until
    ), usual AS (
        SELECT client, max(up) AS most FROM (
            SELECT client, hour, sum(bytes_to_server) AS up FROM outside
            WHERE "window" < $since GROUP BY ALL
        ) GROUP BY client
    ), large AS (
        SELECT client, server, any_value(most) AS most FROM outside LEFT JOIN usual USING (client)
        WHERE "window" >= $since
        GROUP BY client, server, hour
        HAVING sum(bytes_to_server) >= $least
           AND sum(bytes_to_server) >= $ratio * sum(bytes_to_client)
           AND sum(bytes_to_server) >= $factor * coalesce(any_value(most), 0)
    )
    SELECT client, server, list_sort(list(DISTINCT service)) AS services, min(port) AS port,
           sum(bytes_to_server)::BIGINT AS up, sum(bytes_to_client)::BIGINT AS down,
           max(most)::BIGINT AS most, {EVIDENCE}
    FROM outside SEMI JOIN large USING (client, server)
    LEFT JOIN (SELECT client, server, max(most) AS most FROM large GROUP BY ALL) l
        USING (client, server)
    WHERE "window" >= $since GROUP BY client, server ORDER BY client, server
"""


def megabytes(n: int | None) -> str:
    """``3.6 MB``."""
    return f"{(n or 0) / 1e6:.1f} MB"


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    o = options(ctx, OPTIONS)
    values = {
        "since": ctx.since, "until": ctx.until, "ratio": o["ratio"], "factor": o["factor"],
        "least": o["bytes"] if ctx.learned else o["unlearned_bytes"],
    }  # fmt: skip
    for row in ctx.rows(UPLOADS, values):
        over = text(", ".join(row["services"]))
        yield found(
            row,
            (row["client"], row["server"]),
            f"{name(row['client'])} sent {megabytes(row['up'])} to {name(row['server'])} outside"
            f" over {over}",
            service=row["services"][0],
            covers=(Event(row["client"], row["server"]),),
            observed=f"{megabytes(row['up'])} sent, {megabytes(row['down'])} received",
            normal=f"at most {megabytes(row['most'])} an hour to all addresses outside"
            if ctx.learned
            else "nothing learned yet",
        )


DETECTION = Detection(
    name="exfiltration",
    title="Large upload to an outside address",
    severity="high",
    techniques=("T0882", "T0869"),
    card=Card(
        meaning="Plant data left the site: archives, recipes, drawings or programs. It is both a"
        " loss and, often, the preparation of an attack on the process.",
        check=(
            "What does this host hold: historian archive, project files, batch records?",
            "Is the receiver a contracted vendor, a cloud backup, or nobody you know?",
            "Was the host reached from outside or from an office computer shortly before?",
        ),
        avoid=(
            "Don't delete the archive files from the host: they show what was taken",
            "Don't cut the historian off if batch release or reporting to the authority needs it",
        ),
    ),
    find=find,
    options=OPTIONS,
)
