"""What an asset or a conduit never did like that while learning, whichever way it shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from gaugeglass.behaviour.judge import Episode
from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import naming, text

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
    "write_ratio": ("T1692.001", "T0836"),
    "written_low": ("T0836",),
    "written_high": ("T0836",),
    "object_low": ("T0861", "T0802"),
    "object_high": ("T0861", "T0802"),
    "silence": ("T1695.002", "T0829"),
    "fewer": ("T1691", "T0829"),
    "more": ("T0806", "T0814"),
    "lower": ("T1692.002", "T0831"),
    "higher": ("T1692.002", "T0831"),
    "still": ("T1692.002", "T0832"),
    "client": ("T0864",),
    "asks": ("T0886", "T0866"),
    "server": ("T0846",),
    "card": ("T0830", "T0849"),
    "pair": ("T0886",),
    "conduit": ("T0886",),
    "action": ("T1692.001",),
    "object": ("T0836", "T0861"),
    "value": ("T0836", "T0831"),
    "outcome": ("T0888",),
    "hour": ("T0859",),
}


#: How the way that found it says it.
_SAYS = {
    "novelty": "does something new",
    "silence": "is silent",
    "checks": "leaves its usual range",
    "series": "changes one thing that it always does",
    "forest": "behaves unlike itself",
}


def find(ctx: Context) -> Iterator[Finding]:
    if ctx.judgement is None:
        return
    # An episode is an alert, as the budget counts them. Where it began is known to the hour: the
    # window of an hour that holds its first minute may be found unusual later than that minute.
    by_hour: dict[tuple[str, datetime], list[Episode]] = defaultdict(list)
    for episode in ctx.judgement.episodes:
        pair = Event(episode.client, episode.server)
        if not ctx.is_told_of(pair, episode.start, episode.end):
            by_hour[episode.focus, episode.start.replace(minute=0, second=0)].append(episode)
    name = naming(ctx)
    for (address, hour), found in by_hour.items():
        worst = min(found, key=lambda e: (e.rate, e.start))
        others = sorted({a for e in found for a in e.addresses} - {address})
        yield Finding(
            key=(address, hour.isoformat()),
            summary=f"{name(address)} {_SAYS[worst.way]}: {text(worst.observed, 200)}",
            first=min(e.first for e in found),
            last=max(e.last for e in found),
            count=sum(e.windows for e in found),
            client=worst.client,
            server=worst.server,
            service=worst.service,
            operation=worst.operation,
            assets=(address, *others[:20]),
            observed=f"{text(worst.observed, 400)} (normal time is that strange"
            f" {_rarely(worst.rate)})",
            normal=text(worst.normal, 400),
            uids=worst.uids,
            severity="medium" if worst.score >= 0.6 else "low",
            techniques=SHOWS.get(worst.features[0] if worst.features else "", ("T0869",)),
            score=worst.score,
        )


def _rarely(rate: float) -> str:
    """A rate per day, in words."""
    if rate >= 0.5:
        return f"about {rate:.2g} times a day"
    days = 1 / max(rate, 1e-9)
    if days < 60:
        return f"once in {days:.2g} days"
    return f"once in {days / 365:.2g} years" if days < 36500 else "less than once in a century"


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
    rank=9,
)
