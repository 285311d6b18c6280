"""Minutes of an asset that don't look like any it had while learning (the isolation forests)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from gaugeglass.behaviour.anomalies import Anomaly, anomalies
from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import naming, text, times

#: What the feature that stands out most shows; else T0869 alone. Primary first.
SHOWS: dict[str, tuple[str, ...]] = {
    "reads": ("T0802",),
    "objects": ("T0802", "T0861"),
    "units": ("T0802", "T0861"),
    "writes": ("T1692.001", "T0836"),
    "commands": ("T1692.001",),
    "controls": ("T0858", "T0843"),
    "probes": ("T0888",),
    "logins": ("T0859",),
    "files": ("T0867",),
    "reports": ("T1692.002",),
    "events": ("T0814",),
    "sessions": ("T0814", "T0846"),
    "peers": ("T0846",),
    "ports": ("T0846.001",),
    "services": ("T0846",),
    "error_ratio": ("T0888",),
    "no_reply_ratio": ("T0814",),
}


def find(ctx: Context) -> Iterator[Finding]:
    if ctx.models is None:
        return
    by_asset: dict[tuple[str, str], list[Anomaly]] = defaultdict(list)
    for anomaly in anomalies(ctx.db, ctx.models, ctx.since, ctx.until):
        if not ctx.is_told(_main(anomaly)):
            by_asset[anomaly.side, anomaly.address].append(anomaly)
    name = naming(ctx)
    for (side, address), found in by_asset.items():
        worst = found[0]  # anomalies come worst first
        client, server = _ends(worst)
        stretches = times(len(found), "stretch", "stretches")
        yield Finding(
            key=(side, address),
            summary=f"{name(address)} behaves unlike itself as a {side}:"
            f" {text(worst.observed, 200)}",
            first=min(a.first for a in found),
            last=max(a.last for a in found),
            count=sum(a.windows for a in found),
            client=client,
            server=server,
            service=worst.service,
            operation=worst.operation,
            assets=tuple(dict.fromkeys(a for a in (address, worst.peer) if a)),
            observed=f"{text(worst.observed, 400)} ({stretches} of unusual windows)",
            normal=text(worst.normal, 400),
            uids=worst.uids,
            severity="medium" if worst.score >= 0.6 else "low",
            techniques=SHOWS.get(worst.reasons[0].feature, ("T0869",)),
            score=worst.score,
        )


def _ends(anomaly: Anomaly) -> tuple[str | None, str | None]:
    one, other = anomaly.address, anomaly.peer
    return (one, other) if anomaly.side == "client" else (other, one)


def _main(anomaly: Anomaly) -> Event:
    """The conversation that makes most of the anomaly, with whatever operation."""
    client, server = _ends(anomaly)
    return Event(client, server)


DETECTION = Detection(
    name="behaviour_anomaly",
    title="Unusual behaviour",
    severity="medium",
    techniques=("T0869",),
    card=Card(
        meaning="The asset does what it is allowed to do, but in another amount, mix or rhythm"
        " than ever while learning. It may be a fault, a new recipe, a start-up, or somebody"
        " using known paths.",
        check=(
            "Read what stands out: which count or rhythm, and against which normal",
            "Was the plant in another state: start-up, cleaning, shutdown, changed product?",
            "Do other alerts name the same assets at the same time?",
        ),
        avoid=(
            "Don't act on the score alone: it says unusual, not harmful",
            "Don't learn the new behaviour as normal until somebody knows its cause",
        ),
    ),
    find=find,
    needs_baseline=True,
    needs_models=True,
    rank=8,
)
