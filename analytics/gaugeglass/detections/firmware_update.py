"""Firmware was sent to a device, or a device now says it runs another firmware than before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import (
    DONE,
    EVIDENCE,
    acts,
    found,
    habit,
    listing,
    naming,
    severity,
    text,
    times,
)

#: Firmware of a module in a rack or of a field device behind a gateway, rather than the system's.
MODULE = (
    "regexp_matches(operation || ' ' || coalesce(object, ''), '(?i)module|slot|card|expansion')"
)
#: Endings of firmware images.
FILE = r"(?i)firmware|\.(rom|fw|fwu|upd|s19|srec|hex|dfu|chk|trx|uf2)\b"
ENTER = "regexp_matches(operation, 'mode|activate|enter|boot')"

#: A device that fetches a file by TFTP, or anybody who moves a file named like firmware: the way
#: most embedded devices are updated. What a boot server always hands out was learned.
FETCHED = f"""
    SELECT client, server, service, min(port) AS port,
           list_sort(list(DISTINCT operation)) AS operations,
           list_sort(list(DISTINCT object)) AS objects, bool_or({DONE}) AS done,
           bool_or(regexp_matches(coalesce(object, ''), '{FILE}')) AS named, {EVIDENCE}
    FROM judged j
    WHERE (service = 'tftp' OR (action = 'file'
           AND regexp_matches(coalesce(object, ''), '{FILE}')))
      AND NOT EXISTS (FROM known_conduit k WHERE k.client = j.client AND k.server = j.server
                      AND k.service = j.service)
    GROUP BY client, server, service ORDER BY client, server, service
"""

CHANGED = """
    WITH told AS (
        SELECT asset, source, value, min("first") AS "first", max("last") AS "last",
               sum("count")::BIGINT AS n, min(uid_min) AS uid_min, max(uid_min) AS uid_max
        FROM claims WHERE attribute = 'firmware' GROUP BY ALL
    )
    SELECT new.asset AS server, new.source, new.value, new."first", new."last", new.n,
           new.uid_min, new.uid_max, old.value AS before
    FROM told new
    JOIN (
        SELECT asset, source, arg_max(value, ("last", value)) AS value, max("last") AS "last"
        FROM told WHERE "first" < ? GROUP BY ALL
    ) old ON old.asset = new.asset AND old.source = new.source AND old.value <> new.value
    -- Several devices behind one address take turns; a change is when the old one never returns.
    WHERE new."first" >= ? AND new."first" < ? AND old."last" < new."first"
    ORDER BY new.asset, new.source, new.value
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    part = f"CASE WHEN {MODULE} THEN 'module' WHEN {ENTER} THEN 'enter' ELSE 'system' END"
    ids = {
        "module": ("T1693.002",),
        "enter": ("T0800", "T1693.001"),
        "system": ("T1693.001",),
    }
    sent: set[str] = set()
    for row in acts(ctx, "firmware", part):
        sent.add(row["server"])
        verb = "sent firmware to" if row["done"] else "tried to send firmware to"
        yield found(
            row,
            (row["client"], row["server"], row["service"], row["part"]),
            f"{name(row['client'])} {verb} {name(row['server'])} over {row['service']}",
            severity=severity(row, "critical", "high", "low"),
            techniques=ids[row["part"]],
            object=listing(row["objects"]) or None,
            observed=f"{times(row['n'], 'request')}: {listing(row['operations'])}"
            f" (outcome {listing(row['outcomes'])})",
            normal=habit(row, ctx.learned),
        )
    for row in ctx.rows(FETCHED):
        if row["done"]:
            sent |= {row["client"], row["server"]}
            said = " ".join(row["operations"])
            verb = "sent {} to" if re.search("write|put|stor", said) else "fetched {} from"
            what = "firmware" if row["named"] else "a file"
            yield found(
                row,
                ("fetched", row["client"], row["server"], row["service"]),
                f"{name(row['client'])} {verb.format(what)} {name(row['server'])}"
                f" over {row['service']}",
                severity="critical" if row["named"] else "high" if ctx.learned else "low",
                techniques=("T1693.001", "T0867"),
                object=listing(row["objects"]) or None,
                observed=f"{times(row['n'], 'event')}: {listing(row['operations'])}"
                f" {listing(row['objects'])}",
                normal="no such transfer between them was learned"
                if ctx.learned
                else "nothing learned yet",
            )
    for row in ctx.rows(CHANGED, ctx.since, ctx.since, ctx.until):
        if row["server"] in sent:
            continue  # the transfer above already tells it
        yield found(
            row,
            ("changed", row["server"], row["value"]),
            f"{name(row['server'])} now reports firmware {text(row['value'])},"
            f" before it was {text(row['before'])}",
            severity="medium",
            assets=(row["server"],),
            covers=(Event(server=row["server"], service="claims", operation="firmware"),),
            observed=f"firmware {text(row['value'])}, by {text(row['source'])}",
            normal=f"firmware {text(row['before'])}",
        )


DETECTION = Detection(
    name="firmware_update",
    title="Firmware changed",
    severity="critical",
    techniques=("T1693.001", "T1693.002"),
    card=Card(
        meaning="Firmware decides what a device does beneath its program. A changed firmware can"
        " hide anything above it, survive a new program, or leave the device dead.",
        check=(
            "Was this update ordered, and does the version equal the vendor's release and hash?",
            "Does the device still answer, and do its outputs follow?",
            "Which other devices of this kind has the same client touched?",
            "Keep the capture: firmware images can be carved from it and compared",
        ),
        avoid=(
            "Don't interrupt an update in progress: a half-written device may not start again",
            "Don't flash the next device, or this one again, before the first is understood",
        ),
    ),
    find=find,
    rank=1,
)
