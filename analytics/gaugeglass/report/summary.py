"""The first screen: what to do first, what the numbers are, and how far to trust them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gaugeglass.alerts.model import Alert, Incident
from gaugeglass.detections.base import SEVERITIES
from gaugeglass.inventory.model import Asset
from gaugeglass.report.data import ReportData
from gaugeglass.report.text import plural, role, size, total

TODO_MAX = 3
_GRAVE = ("critical", "high", "medium")


@dataclass(frozen=True)
class Todo:
    """One thing to do: what happened, to whom, and the card's first check and first don't."""

    severity: str
    risk: int
    title: str
    anchor: str
    who: tuple[str, ...]
    check: str
    avoid: str


@dataclass(frozen=True)
class Trust:
    """One reason to trust or doubt the rest. ``state`` is ok, attention or unknown."""

    state: str
    title: str
    sentences: tuple[str, ...]
    anchor: str = ""


@dataclass(frozen=True)
class Tile:
    """One number, what it counts, and what it is made of."""

    number: int
    name: str
    parts: str
    anchor: str


def severity_rank(severity: str) -> int:
    """0 for info up to 4 for critical; an unknown word ranks lowest."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else 0


def by_risk(incidents: list[Incident]) -> list[Incident]:
    """Worst first; equals by time, then id."""
    return sorted(incidents, key=lambda i: (-i.risk, -severity_rank(i.severity), i.first, i.id))


def worst_first(alerts: list[Alert]) -> list[Alert]:
    """As :func:`by_risk`, for alerts."""
    return sorted(alerts, key=lambda a: (-a.risk, -severity_rank(a.severity), a.first, a.id))


def verdict(data: ReportData) -> str:
    """One sentence on where the site stands."""
    counts = Counter(i.severity for i in data.incidents)
    grave = sum(counts[s] for s in _GRAVE)
    if not data.judged:
        return "Nothing was judged yet: no detection was asked about this data."
    if grave:
        parts = ", ".join(f"{counts[s]} {s}" for s in _GRAVE if counts[s])
        verb = "needs" if grave == 1 else "need"
        return f"{plural(grave, 'incident')} {verb} attention: {parts}."
    if data.incidents:
        return f"No incident above low severity; {plural(len(data.incidents), 'minor incident')}."
    return "No incident in the judged span."


def todos(
    incidents: list[Incident], alerts: Mapping[str, list[Alert]], known: Mapping[str, Asset]
) -> list[Todo]:
    """The worst incidents (``incidents`` is :func:`by_risk`'s order; anchors count in it)."""
    found = []
    for place, incident in enumerate(incidents[:TODO_MAX], 1):
        mine = worst_first(alerts.get(incident.id, []))
        card = mine[0].card if mine else None
        found.append(
            Todo(
                incident.severity, incident.risk, incident.title, f"incident-{place}",
                tuple(who(a, known) for a in incident.assets[:4]),
                card.check[0] if card and card.check else "",
                card.avoid[0] if card and card.avoid else "",
            )
        )  # fmt: skip
    return found


def who(address: str | None, known: Mapping[str, Asset]) -> str:
    """``PLC-3 (10.0.0.3)``, or the address alone where the inventory has no better name."""
    if not address:
        return ""
    asset = known.get(address)
    if asset is None or not asset.label or asset.label == address:
        return address
    if address == asset.id:
        return asset.label
    return f"{asset.label} ({address})"


def tiles(data: ReportData, fired: int) -> list[Tile]:
    """Key numbers. ``fired``: how many techniques were seen."""
    severities = Counter(a.severity for a in data.alerts)
    roles = Counter(a.role for a in data.assets if a.local)
    levels = ", ".join(f"{severities[s]:,} {s}" for s in reversed(SEVERITIES) if severities[s])
    top = sorted(roles.items(), key=lambda r: (r[0] == "unknown", -r[1], r[0]))
    parts = ", ".join(f"{n:,} {role(r, n)}" for r, n in top[:4])
    rows = sum(total(log.get("read")) for log in data.logs)
    outside = sum(not a.local for a in data.assets)
    local = len(data.assets) - outside
    changing = {"write", "command", "program", "mode", "firmware", "restart", "suppress"}
    writers = sum(bool(changing & set(c.get("actions") or ())) for c in data.conduits)
    return [
        Tile(len(data.incidents), "incidents", f"from {plural(len(data.alerts), 'alert')}",
             "incidents"),
        Tile(len(data.alerts), "alerts", levels, "incidents"),
        Tile(fired, "ATT&CK techniques seen", "ATT&CK for ICS", "attack"),
        Tile(local, "assets of this site", parts + (f"; {outside:,} outside" if outside else ""),
             "assets"),
        Tile(len(data.conduits), "conduits", f"{writers:,} carry writes or commands", "conduits"),
        Tile(rows, "log rows read", f"from {plural(_files(data.logs), 'log file')}", "decoded"),
    ]  # fmt: skip


def trust(data: ReportData) -> list[Trust]:
    """Is the baseline complete, did the sensor see everything, was it understood, was it read."""
    return [_baseline(data), _sensor(data), _understood(data), _rows(data)]


def _baseline(data: ReportData) -> Trust:
    said = tuple(data.baseline)
    if data.learned is None:
        text = "Nothing was learned: detections that compare with what is normal did not run."
        return Trust("attention", "No baseline", (text, *said))
    if data.baseline_ok is None:
        state, title = "unknown", "Baseline not assessed"
    elif data.baseline_ok:
        state, title = "ok", "Baseline is complete enough"
    else:
        state, title = "attention", "Baseline is not complete"
        if not said:
            said = ("Some of what is reported as new may only be rare. Learn for longer.",)
    return Trust(state, title, said)


def _sensor(data: ReportData) -> Trust:
    if not data.sensor_health:
        text = (
            "No log says whether the sensor dropped packets (Zeek capture_loss and stats,"
            " Suricata stats)."
        )
        return Trust("unknown", "Sensor health is not known", (text,), "decoded")
    bad = [r for r in data.sensor_health if r.get("ok") is False]
    open_ = [r for r in data.sensor_health if r.get("ok") is None]
    told = bad or open_ or list(data.sensor_health)
    said = []
    for row in told[:3]:
        note = f" ({row['note']})" if row.get("note") else ""
        said.append(f"{row.get('measure', '')}: {row.get('value', '')}{note}.")
    if bad:
        return Trust("attention", "The sensor missed traffic", tuple(said), "decoded")
    if open_:
        return Trust("unknown", "Sensor health is partly known", tuple(said), "decoded")
    return Trust("ok", "The sensor reports no loss", tuple(said), "decoded")


def _understood(data: ReportData) -> Trust:
    if not data.undecoded:
        if not data.decoded:
            return Trust("unknown", "Nothing was decoded", ("No activity is in the ledger.",))
        text = f"All conduits' protocols were decoded ({len(data.decoded)} protocols)."
        return Trust("ok", "Every conduit was understood", (text,), "decoded")
    amount = sum(total(r.get("bytes")) for r in data.undecoded)
    hints = sorted({str(r["hint"]) for r in data.undecoded if r.get("industrial")})
    said = [
        f"{plural(len(data.undecoded), 'conduit')} ({size(amount)}) known only as connections:"
        " what was said in them cannot be judged."
    ]
    if hints:
        more = f" and {len(hints) - 4} more" if len(hints) > 4 else ""
        said.append(f"By their ports, these may be industrial: {', '.join(hints[:4])}{more}.")
    # A port that industrial protocols use is a blind spot; another may be nothing.
    return Trust("attention" if hints else "ok", "Not every conduit was decoded", tuple(said),
                 "decoded")  # fmt: skip


def _files(logs: Iterable[Mapping[str, Any]]) -> int:
    """How many files: one that holds rows of several kinds has a line of accounting for each."""
    return len({r.get("file") for r in logs})


def _rows(data: ReportData) -> Trust:
    read = sum(total(r.get("read")) for r in data.logs)
    bad = sum(total(r.get("rejected")) for r in data.logs)
    if not data.logs:
        return Trust("unknown", "No row accounting", ("No log files are on record.",))
    if bad:
        files = _files(r for r in data.logs if total(r.get("rejected")))
        text = f"{bad:,} of {plural(read, 'row')} rejected, in {plural(files, 'log file')}."
        return Trust("attention", "Some log rows were unreadable", (text,), "decoded")
    text = f"{plural(read, 'row')} read, none rejected."
    return Trust("ok", "Every log row was readable", (text,), "decoded")
