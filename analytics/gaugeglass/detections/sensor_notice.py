"""What Zeek itself concluded, passed through with its technique tags translated."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.attack.table import resolve
from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import found, naming, options, text, times

#: ignore: notices about the sensor itself or about the capture, by the start of their names.
OPTIONS = {
    "ignore": ["CaptureLoss::", "PacketFilter::", "Weird::", "Stats::", "Broker::", "Cluster::",
               "Intel::Sensor", "ProtocolDetector::", "Site::"],
}  # fmt: skip

#: What Zeek's own notices show where no tag came with them.
KNOWN: dict[str, tuple[str, ...]] = {
    "Scan::Port_Scan": ("T0846.001", "T0846"),
    "Scan::Address_Scan": ("T0846",),
    "SSH::Password_Guessing": ("T0859", "T1694.001"),
    "SSH::Login_By_Password_Guesser": ("T0859", "T0886"),
    "SSH::Interesting_Hostname_Login": ("T0886",),
    "FTP::Bruteforcing": ("T0859", "T1694.001"),
    "FTP::Site_Exec_Success": ("T0866",),
    "HTTP::SQL_Injection_Attacker": ("T0819",),
    "HTTP::SQL_Injection_Victim": ("T0819",),
    "TeamCymruMalwareHashRegistry::Match": ("T0867",),
    "Traceroute::Detected": ("T0840",),
    "Heartbleed::SSL_Heartbeat_Attack": ("T0866",),
    "Heartbleed::SSL_Heartbeat_Attack_Success": ("T0866",),
    "ATTACK::Lateral_Movement": ("T0867", "T0886"),
    "ATTACK::Execution": ("T0871", "T0886"),
    "ATTACK::Discovery": ("T0888",),
}

NOTICES = """
    SELECT name, client, server, min(service) AS service, min(port) AS port,
           max(severity) AS any_severity, list(DISTINCT severity) AS severities,
           list_sort(list(DISTINCT techniques)) AS tags, min(message) AS message,
           min("first") AS "first", max("last") AS "last", sum("count")::BIGINT AS n,
           min(uid_min) AS uid_min, max(uid_min) AS uid_max,
           EXISTS (FROM notices o WHERE o.ts < $since AND o.origin = 'zeek_notice'
                   AND o.name = j.name AND o.client IS NOT DISTINCT FROM j.client
                   AND o.server IS NOT DISTINCT FROM j.server) AS before
    FROM judged_notices j WHERE origin = 'zeek_notice'
    GROUP BY name, client, server ORDER BY name, client, server
"""


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    ignore = tuple(options(ctx, OPTIONS)["ignore"])
    for row in ctx.rows(NOTICES, {"since": ctx.since}):
        notice = row["name"]
        if notice.startswith(ignore):
            continue
        severity = loudest(row["severities"])
        if row["before"] and ctx.learned and severity not in ("high", "critical"):
            continue  # it was part of the plant's ordinary day
        tags = [t for tag in row["tags"] or [] if tag for t in tag.split(";")]
        ids = tuple(t.id for t in resolve(tags)) or KNOWN.get(notice, ())
        yield found(
            row,
            (notice, row["client"] or "", row["server"] or ""),
            f"Zeek: {text(notice)}"
            + (f" by {name(row['client'])}" if row["client"] else "")
            + (f" at {name(row['server'])}" if row["server"] else ""),
            severity=severity,
            techniques=ids,
            rule=text(notice),
            covers=(Event(row["client"], row["server"], None, row["port"], "notice"),),
            observed=f"{times(row['n'], 'notice')}: {text(row['message'] or notice, 300)}",
            normal="reported before the judged span too"
            if row["before"]
            else "not reported before",
        )


def loudest(severities: list[str | None]) -> str:
    """The loudest of what the sensor said; medium where it said nothing we know."""
    order = ("critical", "high", "medium", "low", "info")
    return next((s for s in order if s in severities), "medium")


DETECTION = Detection(
    name="sensor_notice",
    title="Notice by Zeek",
    severity="medium",
    techniques=(),
    card=Card(
        meaning="A script on the sensor drew this conclusion from the traffic itself. Its name and"
        " text say what it saw.",
        check=(
            "Read the notice's text and the script's documentation: what condition fired?",
            "Do other alerts on the same assets at the same time tell the same story?",
            "Follow the uid into the sensor's connection log",
        ),
        avoid=(
            "Don't switch the script off because it is loud: tune its condition or its addresses",
            "Don't act on plant equipment on a notice alone: confirm it with the process",
        ),
    ),
    find=find,
    options=OPTIONS,
    rank=4,
)
