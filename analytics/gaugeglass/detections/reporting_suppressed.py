"""A device was told to be silent: unsolicited reports off, communication control, alarms off."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Finding
from gaugeglass.detections.common import acts, found, habit, listing, naming, severity, times

ALARM = (
    "regexp_matches(operation || ' ' || coalesce(object, ''), '(?i)alarm|acknowledge|event_enrol')"
)
#: Requests with the same name that switch reporting on again.
ENABLING = (
    "regexp_matches(coalesce(object, ''), '(?i)^(state[:=] *)?enable$')"
    " OR starts_with(operation, 'enable')"
)

ENABLED_AGAIN = """
    SELECT max("last") AS "last" FROM activity
    WHERE client = ? AND server = ? AND service = ? AND starts_with(operation, 'enable')
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    part = f"CASE WHEN {ALARM} THEN 'alarms' ELSE 'reports' END"
    for row in acts(ctx, "suppress", part, f"NOT ({ENABLING})"):
        if row["known"]:
            continue  # a DNP3 master does this at each start, and enables them again
        who = (row["client"], row["server"], row["service"])
        again = ctx.rows(ENABLED_AGAIN, *who)[0]["last"]
        restored = again is not None and again >= row["last"]
        verb = "switched off" if row["done"] else "tried to switch off"
        alarms = row["part"] == "alarms"
        yield found(
            row,
            (*who, row["part"]),
            f"{name(row['client'])} {verb} {'alarms' if alarms else 'reporting'} of"
            f" {name(row['server'])} over {row['service']}",
            severity="medium" if restored else severity(row, "high", "medium", "low"),
            techniques=("T0878",) if alarms else ("T1691.002", "T0878"),
            object=listing(row["objects"]) or None,
            observed=f"{times(row['n'], 'request')}: {listing(row['operations'])}"
            f" (outcome {listing(row['outcomes'])})"
            + ("; the same client enabled reports again afterwards" if restored else ""),
            normal=habit(row, ctx.learned),
        )


DETECTION = Detection(
    name="reporting_suppressed",
    title="Reporting or alarms switched off",
    severity="high",
    techniques=("T1691.002", "T0878"),
    card=Card(
        meaning="The device no longer reports changes by itself, or its alarms are silenced. The"
        " control room sees the last value and may believe that all is well.",
        check=(
            "Read the device's values by hand or on site and compare them with the screen",
            "Is the client this outstation's own master? Masters do this when they start",
            "Were reports enabled again afterwards?",
            "Tell the control room which displays may be stale",
        ),
        avoid=(
            "Don't trust the alarm list of this device until a test alarm has come through",
            "Don't restart the device only to bring its reports back: enable them instead",
        ),
    ),
    find=find,
    rank=1,
)
