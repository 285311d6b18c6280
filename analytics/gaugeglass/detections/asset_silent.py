"""An asset or a conduit that spoke steadily has stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gaugeglass.behaviour.silence import Silence, silent
from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import listing, naming, options, text
from gaugeglass.ledger.schema import WINDOW_SECONDS

#: factor: times the longest learned pause that is waited for, where no behaviour was learned that
#: says how long; windows: least number of windows.
OPTIONS = {"factor": 3.0, "windows": 5}

#: Whose silence leaves the process without eyes or hands.
VITAL = (
    "controller", "rtu", "io_device", "hmi", "scada_server", "gateway", "switch", "router",
)  # fmt: skip

#: Somebody's network, not the asset, and the view or the asset that is lost with it.
TECHNIQUES: dict[str, tuple[str, ...]] = {
    "asset": ("T1695.002", "T0829", "T0826"),
    "conduit": ("T1691.002", "T0829"),
    "sensor": (),
}


def find(ctx: Context) -> Iterator[Finding]:
    o = options(ctx, OPTIONS)
    learned = ctx.models if ctx.judgement is not None else None
    factor = o["factor"] if learned is None else learned.patience
    window = getattr(ctx.models, "window_seconds", WINDOW_SECONDS)
    name = naming(ctx)
    roles = {r["address"]: r["role"] for r in ctx.rows("SELECT address, role FROM address")}
    for s in silent(ctx.db, ctx.since, ctx.until, window, factor, o["windows"]):
        if s.kind == "conduit" and ctx.is_told(Event(s.client, s.server, s.service)):
            continue
        others = sorted({c for c, _, _ in s.conduits} - {s.address or ""})
        yield Finding(
            key=(s.kind, *_who(s)),
            summary=f"{_subject(s, name)} fell silent"
            + (", and came back" if s.back else " and is still silent"),
            first=s.seen,
            last=s.until,
            client=s.client,
            server=s.server or s.address,
            service=s.service,
            assets=tuple(a for a in (s.address, s.client, s.server) if a),
            observed=s.observed
            + (f"; its conduits with {listing(others)} stopped too" if others else ""),
            normal=s.expected,
            uids=s.uids,
            severity=_severity(s, roles.get(s.address or "", "unknown")),
            techniques=TECHNIQUES[s.kind],
            covers=_covers(s),
        )


def _covers(silence: Silence) -> tuple[Event, ...]:
    """What it tells: a silent asset's part in every conversation, at either end."""
    if silence.kind == "asset":
        return (Event(client=silence.address), Event(server=silence.address))
    return (Event(silence.client, silence.server, silence.service),) if silence.client else ()


def _who(silence: Silence) -> tuple[str, ...]:
    if silence.kind == "asset":
        return (silence.address or "",)
    if silence.kind == "conduit":
        return (silence.client or "", silence.server or "", silence.service or "")
    return silence.sensors


def _subject(silence: Silence, name: Callable[[str | None], str]) -> str:
    if silence.kind == "asset":
        return name(silence.address)
    if silence.kind == "conduit":
        return f"{name(silence.client)} to {name(silence.server)} over {text(silence.service)}"
    return f"sensor {listing(silence.sensors)}"


def _severity(silence: Silence, role: str) -> str:
    if silence.kind == "conduit":
        return "low" if silence.back else "medium"
    if silence.kind == "sensor" or role in VITAL:
        return "medium" if silence.back else "high"
    return "low" if silence.back else "medium"


DETECTION = Detection(
    name="asset_silent",
    title="Asset fell silent",
    severity="high",
    techniques=("T1695.002", "T0829", "T0826"),
    card=Card(
        meaning="What reported steadily reports no more. The control room may still show its last"
        " values; its alarms won't come.",
        check=(
            "Is the device powered, and its network lamp lit? Is the switch port up?",
            "Was it taken out for maintenance, or is its HMI the one that stopped asking?",
            "Did other alerts name it shortly before: a restart, a flood, a stop?",
            "Is it the sensor that lost sight: does everything on that segment seem silent?",
        ),
        avoid=(
            "Don't trust the last value on the screen: mark it as stale for the operators",
            "Don't power-cycle a controller that still runs its process without a network",
        ),
    ),
    find=find,
    options=OPTIONS,
    needs_baseline=True,
    budgeted=True,
    rank=8,
)
