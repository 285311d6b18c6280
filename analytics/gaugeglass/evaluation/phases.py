"""Which part of a run is learned, which is known to be quiet, and where it ends."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gaugeglass.errors import Told


class PhasesError(Told, ValueError):
    """A phases file, or the span it names, cannot be used; the message says why."""


@dataclass(frozen=True)
class Phases:
    """Moments of a run, UTC without zone. ``quiet_until`` None: no stretch is known to be quiet.

    With ``first_until`` a first baseline is learned up to there and works until ``learn_until``,
    when what came since is learned in its place; nobody decides on its alerts.
    """

    learn_until: datetime
    quiet_until: datetime | None = None
    start: datetime | None = None
    end: datetime | None = None
    first_until: datetime | None = None

    def within(self, first: datetime, last: datetime) -> Phases:
        """The same, bounded by what the ledger holds. Raises :class:`PhasesError`."""
        start, end = max(self.start or first, first), min(self.end or last, last)
        if not start < self.learn_until < end:
            raise PhasesError(
                f"learning until {self.learn_until} leaves nothing to learn or to judge:"
                f" the logs hold {first} to {last} (UTC)"
            )
        quiet = min(self.quiet_until, end) if self.quiet_until else None
        if quiet is not None and quiet < self.learn_until:
            raise PhasesError(f"quiet until {quiet} ends before {self.learn_until}, where learning"
                              " does")  # fmt: skip
        if self.first_until is not None and not start < self.first_until < self.learn_until:
            raise PhasesError(
                f"the first baseline's end, {self.first_until}, must lie between {start} and"
                f" {self.learn_until}"
            )
        return Phases(self.learn_until, quiet, start, end, self.first_until)


def read(path: Path) -> Phases:
    """Phases from a JSON object with ``learn_until`` and, optionally, ``quiet_until``, ``start``,
    ``end`` and ``first_until`` (RFC 3339). Raises :class:`PhasesError`."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(told, dict) or "learn_until" not in told:
            raise PhasesError(f"{path}: no object with learn_until")
        moments = {
            key: _utc(str(told[key]))
            for key in ("start", "learn_until", "quiet_until", "end", "first_until")
            if told.get(key)
        }
    except (OSError, ValueError) as err:
        if isinstance(err, PhasesError):
            raise
        raise PhasesError(f"{path}: {err}") from err
    return Phases(**moments)


def _utc(text: str) -> datetime:
    when = datetime.fromisoformat(text)
    return when.astimezone(UTC).replace(tzinfo=None) if when.tzinfo else when
