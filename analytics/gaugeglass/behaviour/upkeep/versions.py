"""Every learning makes a numbered version: a folder that is written whole, then made to count.

``baselines/0001/`` holds the folders ``baseline`` and ``models`` (each checks itself) and
``modes.json``; the manifest says which versions there are and which one is in force. A folder that
the manifest does not know does not exist: learning that dies leaves the version before in force,
and the next one takes the number again. The same learning gives the same bytes in the folder; when
it was done stands in the manifest alone.

A state from before versions, with ``baseline`` and ``models`` beside its manifest, counts as
version 0 of itself.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gaugeglass.behaviour import store
from gaugeglass.behaviour.baseline import Baseline
from gaugeglass.behaviour.files import MisfitError
from gaugeglass.behaviour.learn import Behaviour
from gaugeglass.behaviour.upkeep.modes import Modes
from gaugeglass.errors import Told
from gaugeglass.ledger.manifest import Manifest
from gaugeglass.ledger.schema import WINDOW_SECONDS

FOLDER = "baselines"
MODES = "modes.json"
_CURRENT = "baseline_version"

_DDL = """CREATE TABLE IF NOT EXISTS baseline_versions (
    number INTEGER PRIMARY KEY, start TEXT NOT NULL, until TEXT NOT NULL, facts INTEGER NOT NULL,
    left_out INTEGER NOT NULL, learned TEXT
)"""


class NoVersionError(Told, LookupError):
    """There is no such version; the message names those there are."""


@dataclass(frozen=True)
class Version:
    """One stored learning. ``start`` and ``until`` bound the learned span (UTC)."""

    number: int
    folder: Path
    start: datetime | None
    until: datetime | None
    facts: int  # rows in the tables of facts
    left_out: int  # rows of the span that were not learned from
    learned: datetime | None  # when it was learned, where the learner said so
    current: bool

    @property
    def name(self) -> str:
        """Four digits, as the folder is named."""
        return f"{self.number:04d}"


def save(
    state: Path,
    baseline: Baseline,
    models: Behaviour | None = None,
    modes: Modes | None = None,
    *,
    left_out: int = 0,
    learned: datetime | None = None,
) -> Version:
    """Store a learning as a new version of ``state`` and put it in force; all of it or nothing."""
    manifest = Manifest(state)
    with closing(manifest.db), manifest.transaction() as tx:
        # The write lock is held while the folder is written, so that no other learner takes its
        # number. Readers of the ledger don't wait for it.
        tx.execute(_DDL)
        row = tx.execute("SELECT max(number) FROM baseline_versions").fetchone()
        number = (row[0] or 0) + 1
        folder = state / FOLDER / f"{number:04d}"
        _write(folder, baseline, models, modes)
        facts = sum(t.num_rows for name, t in baseline.tables.items() if name.startswith("known"))
        tx.execute(
            "INSERT INTO baseline_versions VALUES (?, ?, ?, ?, ?, ?)",
            (number, baseline.start.isoformat(), baseline.until.isoformat(), facts, left_out,
             learned.isoformat() if learned else None),
        )  # fmt: skip
        manifest.set(_CURRENT, str(number))
    return Version(number, folder, baseline.start, baseline.until, facts, left_out, learned, True)


def _write(folder: Path, baseline: Baseline, models: Behaviour | None, modes: Modes | None) -> None:
    """Write the version beside its place and move it there, whole and on the disk."""
    fresh = folder.with_name(f".{folder.name}.new")
    for stale in (fresh, folder):  # of a learning that died
        shutil.rmtree(stale, ignore_errors=True)
    fresh.mkdir(parents=True)
    baseline.save(fresh / "baseline")
    if models is not None:
        store.save(models, fresh / "models")
    if modes is not None:
        (fresh / MODES).write_bytes(modes.dump())
    fresh.rename(folder)
    _sync(folder)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def versions(state: Path) -> list[Version]:
    """The versions of ``state``, oldest first. Never writes."""
    rows, chosen = _stored(state)
    if not rows and not (state / "manifest.sqlite").exists():
        rows = _unlisted(state)
    legacy = (state / "baseline").is_dir()
    if chosen is None:
        chosen = rows[-1][0] if rows else 0
    found = [
        Version(
            number, state / FOLDER / f"{number:04d}", _moment(start), _moment(until), facts,
            left_out, _moment(learned), number == chosen,
        )
        for number, start, until, facts, left_out, learned in rows
    ]  # fmt: skip
    if legacy:
        start, until, facts = _about(state / "baseline")
        found.insert(0, Version(0, state, start, until, facts, 0, None, chosen == 0))
    return found


def current(state: Path) -> Version | None:
    """The version of ``state`` in force; None where nothing was learned."""
    return next((v for v in versions(state) if v.current), None)


def find(state: Path, number: int) -> Version:
    """Version ``number`` of ``state``; raises :class:`NoVersionError`."""
    known = versions(state)
    for version in known:
        if version.number == number:
            return version
    names = ", ".join(str(v.number) for v in known)
    there = f"there are {names}" if names else "learn first: gaugeglass learn"
    raise NoVersionError(f"{state}: no baseline version {number}; {there}")


def use(state: Path, number: int) -> Version:
    """Put version ``number`` in force; raises :class:`NoVersionError` and, unread, MisfitError."""
    found = find(state, number)
    if not (found.folder / "baseline").is_dir():
        raise MisfitError(found.folder, "its folder is gone", "use another version, or learn again")
    manifest = Manifest(state)
    with closing(manifest.db), manifest.transaction():
        manifest.set(_CURRENT, str(number))
    return find(state, number)


def load(
    version: Version, window_seconds: int = WINDOW_SECONDS
) -> tuple[Baseline, Behaviour | None]:
    """What ``version`` learned; :class:`~gaugeglass.behaviour.files.MisfitError` if unusable."""
    models = version.folder / "models"
    return (
        Baseline.load(version.folder / "baseline", window_seconds),
        store.load(models, window_seconds) if models.is_dir() else None,
    )


def load_modes(version: Version) -> Modes | None:
    """The operating modes stored with ``version``; None where there are none."""
    path = version.folder / MODES
    try:
        return Modes.load(path.read_bytes())
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as err:
        raise MisfitError(path, f"is not a table of modes ({err})") from err


_Row = tuple[int, str | None, str | None, int, int, str | None]


def _stored(state: Path) -> tuple[list[_Row], int | None]:
    """What the manifest lists and which it says is in force; it may be another's, so read only."""
    path = state / "manifest.sqlite"
    if not path.exists():
        return [], None
    with closing(_reader(path)) as db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        if "baseline_versions" not in tables:
            return [], None
        rows = db.execute("SELECT * FROM baseline_versions ORDER BY number").fetchall()
        chosen = db.execute("SELECT value FROM meta WHERE key = ?", (_CURRENT,)).fetchone()
    return rows, int(chosen[0]) if chosen else None


def _reader(path: Path) -> sqlite3.Connection:
    """The manifest for reading; one on a medium that cannot be written to is read as it lies."""
    where = path.resolve().as_uri()
    db = sqlite3.connect(f"{where}?mode=ro", uri=True, timeout=30)
    try:
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        db.close()
        db = sqlite3.connect(f"{where}?mode=ro&immutable=1", uri=True)
    return db


def _unlisted(state: Path) -> list[_Row]:
    """Versions in a copy of a state that came without its manifest."""
    out: list[_Row] = []
    for folder in sorted((state / FOLDER).glob("[0-9]*")):
        if folder.name.isdigit() and (folder / "baseline").is_dir():
            start, until, facts = _about(folder / "baseline")
            edges = [edge.isoformat() if edge else None for edge in (start, until)]
            out.append((int(folder.name), edges[0], edges[1], facts, 0, None))
    return out


def _about(folder: Path) -> tuple[datetime | None, datetime | None, int]:
    """Span and number of facts of a baseline that the manifest says nothing about."""
    try:
        body = json.loads((folder / "manifest.json").read_bytes())
        edges = [_moment(str(body[k]).removesuffix("Z")) for k in ("start", "until")]
        facts = sum(n for name, n in body["rows"].items() if name.startswith("known"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None, None, 0  # loading it will say what is wrong
    return edges[0], edges[1], facts


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
