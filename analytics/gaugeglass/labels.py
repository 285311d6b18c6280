"""Labelled attacks, and alerts held against them: what was found, what was missed, what was noise.

A label file is CSV with the columns start, end (RFC 3339), technique (ATT&CK for ICS ids joined
by ``;``), description, entities (addresses joined by ``;``, the actor first).
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gaugeglass.alerts.model import Alert
from gaugeglass.attack.table import crosswalk, is_current
from gaugeglass.errors import Told

#: An alert this long after an attack still speaks of it: the ledger's window, and silence is only
#: noticed when something stays away.
SLACK = timedelta(minutes=5)


class LabelError(Told, ValueError):
    """A label file is wrong; the message names file and line."""


@dataclass(frozen=True)
class Label:
    """One attack. Times are UTC without zone."""

    start: datetime
    end: datetime
    techniques: tuple[str, ...]
    description: str
    entities: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """What became of one attack. ``right`` are the alerts that name one of its techniques."""

    label: Label
    alerts: tuple[Alert, ...]
    right: tuple[Alert, ...]

    @property
    def word(self) -> str:
        """found, other technique or missed."""
        return "found" if self.right else "other technique" if self.alerts else "missed"


def read(path: Path) -> list[Label]:
    """Labels in order of start. Raises :class:`LabelError`."""
    out = []
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        need = {"start", "end", "technique", "description", "entities"}
        if missing := need - set(reader.fieldnames or ()):
            raise LabelError(f"{path}:1: no column {', '.join(sorted(missing))}")
        for row in reader:
            where = f"{path}:{reader.line_num}"
            try:
                start, end = (_utc(row[c]) for c in ("start", "end"))
            except (ValueError, TypeError) as err:
                raise LabelError(f"{where}: start or end is not an RFC 3339 time") from err
            techniques = tuple(t.strip() for t in (row["technique"] or "").split(";") if t.strip())
            for technique in techniques:
                if not is_current(technique):
                    now = ", ".join(crosswalk(technique)) or "none"
                    raise LabelError(f"{where}: {technique} is not current (now: {now})")
            entities = tuple(e.strip() for e in (row["entities"] or "").split(";") if e.strip())
            out.append(Label(start, end, techniques, row["description"] or "", entities))
    return sorted(out, key=lambda label: (label.start, label.description))


def family(label: Label) -> str:
    """The attack family that a label names before a colon, else its description."""
    return label.description.split(":")[0].strip()


def chosen(labels: Sequence[Label], names: Collection[str]) -> tuple[list[Label], list[Label]]:
    """Labels whose family or technique is among ``names`` (none: all), and the others."""
    mine: list[Label] = []
    others: list[Label] = []
    for label in labels:
        asked = not names or family(label) in names or not set(names).isdisjoint(label.techniques)
        (mine if asked else others).append(label)
    return mine, others


def _utc(text: str) -> datetime:
    when = datetime.fromisoformat(text)
    return when.astimezone(UTC).replace(tzinfo=None) if when.tzinfo else when


def judge(
    labels: Sequence[Label], alerts: Iterable[Alert], slack: timedelta = SLACK
) -> tuple[list[Verdict], list[Alert]]:
    """Verdicts per label, and the alerts that speak of no labelled attack.

    An alert speaks of an attack when it overlaps it in time (``slack`` after its end, one window
    before its start) and names one of its entities. Nothing else counts: no credit for a whole
    stretch because of one hit, and none for being in time about somebody else.
    """
    verdicts: list[Verdict] = []
    spoken: set[str] = set()
    pool = list(alerts)
    for label in labels:
        about = [a for a in pool if _speaks(a, label, slack)]
        spoken.update(a.id for a in about)
        right = [
            a for a in about if _family(label.techniques) & _family(t.id for t in a.techniques)
        ]
        verdicts.append(Verdict(label, tuple(about), tuple(right)))
    return verdicts, [a for a in pool if a.id not in spoken]


def _family(techniques: Iterable[str]) -> set[str]:
    """The techniques and, for a sub-technique, its parent."""
    return {form for t in techniques for form in (t, t.split(".")[0])}


def _speaks(alert: Alert, label: Label, slack: timedelta) -> bool:
    named = {a for a in (alert.client, alert.server, *alert.assets) if a}
    return speaks(label, alert.first, alert.last, named, slack)


def speaks(
    label: Label, first: datetime, last: datetime, named: Collection[str],
    slack: timedelta = SLACK,
) -> bool:  # fmt: skip
    """Whether something told about the addresses ``named``, from ``first`` to ``last``, speaks of
    this attack: it overlaps it (``slack`` after its end, one window before its start) and names
    one of its entities."""
    if first > label.end + slack or last < label.start - timedelta(minutes=1):
        return False
    return not set(label.entities).isdisjoint(named)
