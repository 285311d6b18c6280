"""An asset's ways moved a little and stayed there: no alert, but the baseline is no longer true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from gaugeglass.behaviour.features import has_table
from gaugeglass.behaviour.upkeep import modes
from gaugeglass.behaviour.upkeep.drift import ALPHA, Drift, drift
from gaugeglass.detections.base import Card, Context, Detection, Event, Finding
from gaugeglass.detections.common import naming, options, text, times

#: alpha: share of drifts told that may be chance.
OPTIONS = {"alpha": ALPHA}

_SHOWN = 3


def find(ctx: Context) -> Iterator[Finding]:
    span = _learned(ctx)
    if span is None:
        return
    alpha = options(ctx, OPTIONS)["alpha"]
    known = modes.registered(ctx.db)
    found = drift(ctx.db, span, ctx.since, ctx.until, known, alpha, ctx.changes)
    name = naming(ctx)
    for focus, mine in _grouped([d for d in found if not _told(ctx, d)]):
        worst = mine[0]
        since = min(d.since for d in mine)
        conduit = next((d.addresses for d in mine if d.side == "conduit"), None)
        again = max(d.since for d in mine)
        yield Finding(
            key=(focus,),
            summary=f"{name(focus)} drifts: {worst.sentence()}",
            first=since,
            last=max(d.until for d in mine),
            count=len(mine),
            client=conduit[0] if conduit else focus,
            server=conduit[1] if conduit else None,
            assets=(focus, *sorted({a for d in mine for a in d.addresses} - {focus})[:20]),
            observed=_listed(mine),
            normal=f"as learned from {span[0]:%Y-%m-%d %H:%M} to {span[1]:%Y-%m-%d %H:%M} (UTC);"
            " if the change is wanted, learn again:"
            f" gaugeglass learn --since {again:%Y-%m-%dT%H:%MZ}"
            f" --until {ctx.until:%Y-%m-%dT%H:%MZ}",
            uids=_uids(ctx, focus, worst),
        )


def _learned(ctx: Context) -> tuple[datetime, datetime] | None:
    """The learned span, where the registered baseline tells it."""
    if not has_table(ctx.db, "learned_span"):
        return None
    row = ctx.rows("FROM learned_span")[0]
    return row["start"], row["until"]


def _told(ctx: Context, drift: Drift) -> bool:
    """Whether a detection or the models already told of it: then it is no small shift."""
    who = drift.addresses
    if len(who) == 2 and ctx.is_told_of(Event(*who), drift.since, drift.until):
        return True
    return ctx.judgement is not None and ctx.judgement.supports(who, drift.since, drift.until)


def _grouped(found: list[Drift]) -> Iterator[tuple[str, list[Drift]]]:
    """Drifts that tell of one asset: first of the one that most of them name."""
    left = list(found)
    while left:
        named = Counter(a for d in left for a in d.addresses)
        asks = {d.addresses[0] for d in left if d.side != "server"}
        focus = min(named, key=lambda a: (-named[a], a not in asks, a))
        mine = [d for d in left if focus in d.addresses]
        # what its partners show of their side is the same story
        partners = {a for d in mine for a in d.addresses}
        mine += [d for d in left if d not in mine and set(d.addresses) <= partners]
        left = [d for d in left if d not in mine]
        yield focus, sorted(mine, key=lambda d: (d.side != "conduit", d.p, d.address, d.feature))


def _listed(mine: list[Drift]) -> str:
    parts = [f"{text(d.address)} ({d.side}): {d.sentence()}" for d in mine[:_SHOWN]]
    more = len(mine) - len(parts)
    return "; ".join(parts) + (f"; and {times(more, 'more shift')}" if more else "")


def _uids(ctx: Context, focus: str, worst: Drift) -> tuple[str, ...]:
    rows = ctx.rows(
        "SELECT DISTINCT uid_max AS uid FROM judged WHERE uid_max IS NOT NULL AND"
        ' ? IN (client, server) AND "window" >= ? ORDER BY uid LIMIT 5',
        focus,
        worst.since,
    )
    return tuple(row["uid"] for row in rows)


DETECTION = Detection(
    name="behaviour_drift",
    title="Behaviour drifts",
    severity="low",
    techniques=("T0869",),
    card=Card(
        meaning="Amounts or rhythms moved a little and have stayed there: another poll rate, more"
        " points on a display, a device that answers more slowly. Each hour is unremarkable; the"
        " baseline gets less true by the day, and somebody patient could hide in it.",
        check=(
            "Was a display, a poll rate, a recipe or a device changed at that time?",
            "Did it happen to one device, or to all that share a switch or a server?",
            "Is it wear: a device, a cable or a radio link that gets slower?",
        ),
        avoid=(
            "Don't learn again before somebody knows the cause: it makes the new ways normal",
            "Don't put up with it for long: what is judged by an old normal is judged badly",
        ),
    ),
    find=find,
    needs_baseline=True,
    options=OPTIONS,
    rank=9,
)
