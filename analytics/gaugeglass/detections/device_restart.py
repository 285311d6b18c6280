"""A device was told to restart: DNP3 cold or warm restart, CIP reset, BACnet reinitialize, ..."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Finding
from gaugeglass.detections.common import acts, found, habit, listing, naming, severity, times


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    for row in acts(ctx, "restart"):
        verb = "restarted" if row["done"] else "tried to restart"
        yield found(
            row,
            (row["client"], row["server"], row["service"]),
            f"{name(row['client'])} {verb} {name(row['server'])} over {row['service']}"
            f" ({listing(row['operations'])})",
            severity=severity(row, "high", "medium", "low"),
            object=listing(row["objects"]) or None,
            observed=f"{times(row['n'], 'request')}: {listing(row['operations'])}"
            f" (outcome {listing(row['outcomes'])})",
            normal=habit(row, ctx.learned),
        )


DETECTION = Detection(
    name="device_restart",
    title="Device restarted remotely",
    severity="high",
    techniques=("T0816",),
    card=Card(
        meaning="The device was told over the network to restart. While it starts it neither"
        " controls nor reports; a cold restart may also fall back to other settings.",
        check=(
            "Is the device back, in the right mode, with its time and its reports enabled?",
            "What did its outputs do meanwhile, and did an upstream protection trip?",
            "Was the restart part of planned work by this client?",
            "Is it repeated? A device restarted again and again is held out of service",
        ),
        avoid=(
            "Don't send commands to test it before it has finished starting and synchronising",
            "Don't reset it again to clear the fault: its event memory is evidence",
        ),
    ),
    find=find,
    rank=1,
)
