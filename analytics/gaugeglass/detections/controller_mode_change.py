"""A controller was stopped, started or put into another operating mode."""

from __future__ import annotations

from collections.abc import Iterator

from gaugeglass.detections.base import Card, Context, Detection, Finding
from gaugeglass.detections.common import acts, found, habit, listing, naming, severity, times

#: Operations that leave the process without its control program.
STOPPING = (
    "regexp_matches(operation || coalesce(object, ''), '(?i)stop|halt|shutdown|program_mode')"
)


def find(ctx: Context) -> Iterator[Finding]:
    name = naming(ctx)
    for row in acts(ctx, "mode", stops=STOPPING):
        stop = row["stops"]
        deed = "stopped" if stop else "changed the operating mode of"
        if not row["done"]:
            deed = "tried to stop" if stop else "tried to change the operating mode of"
        yield found(
            row,
            (row["client"], row["server"], row["service"]),
            f"{name(row['client'])} {deed} the controller {name(row['server'])}"
            f" over {row['service']}",
            severity=severity(row, "critical" if stop else "high", "medium", "low"),
            # A stopped CPU is also a device shut down; any other mode is only a mode.
            techniques=("T0858", "T0816") if stop else ("T0858",),
            object=listing(row["objects"]) or None,
            observed=f"{times(row['n'], 'request')}: {listing(row['operations'])}"
            f" (outcome {listing(row['outcomes'])})",
            normal=habit(row, ctx.learned),
        )


DETECTION = Detection(
    name="controller_mode_change",
    title="Controller operating mode changed",
    severity="high",
    techniques=("T0858",),
    card=Card(
        meaning="Somebody told a controller to stop, start or leave RUN. A stopped controller no"
        " longer executes its program: outputs fall to their configured fail state or freeze,"
        " interlocks in the program are gone, and operators may see stale values.",
        check=(
            "Look at the controller itself: RUN/STOP lamp, key switch, diagnostic buffer",
            "Ask maintenance and engineering whether this was planned, and by which permit",
            "Is the client an engineering workstation that is manned right now?",
            "What came before: a program download within minutes is a typical sequence",
        ),
        avoid=(
            "Don't restart the controller before the process is in a safe state and somebody at"
            " the machine agrees: a start moves equipment",
            "Don't power-cycle it: the diagnostic buffer and a changed program are evidence",
        ),
    ),
    find=find,
    rank=1,
)
