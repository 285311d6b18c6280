"""Rows for Zeek's logs, kept as columns of numbers until they are written as rotated .log.gz."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from .columns import KINDS

Ints = npt.NDArray[np.int64]
SECOND = 1_000_000  # microseconds: the unit of every ``ts`` here
DAY = 86_400 * SECOND


@dataclass(frozen=True)
class Pick:
    """A column of text: one of ``choices`` per row."""

    codes: npt.NDArray[np.integer]
    choices: Sequence[str | None]


@dataclass(frozen=True)
class Fixed:
    """A column of numbers written with a fixed count of decimals."""

    values: npt.NDArray[np.floating]
    decimals: int = 2


@dataclass(frozen=True)
class Join:
    """A vector: the parts of each row with commas between."""

    parts: Sequence[object]


@dataclass
class Chunk:
    """Rows of one log that share most of their fields; ``ts`` ascends."""

    ts: Ints
    fields: dict[str, object]
    order: int

    def between(self, first: int, last: int) -> slice:
        """The rows with first <= ts < last."""
        low, high = np.searchsorted(self.ts, [first, last])
        return slice(int(low), int(high))


@dataclass
class Mute:
    """Rows that never came: those between two hosts (None: anyone) in a span of time."""

    client: str | None
    server: str | None
    first: int
    last: int
    keep: float = 0.0  # share of the rows that came all the same
    kinds: tuple[str, ...] = ()  # logs it holds for; none: all
    only: tuple[str, tuple[object, ...]] | None = None  # a field, and the values it holds for


@dataclass
class Logs:
    """All logs of one plant."""

    chunks: dict[str, list[Chunk]] = field(default_factory=dict)
    mutes: list[Mute] = field(default_factory=list)
    _count: int = 0

    def add(self, kind: str, ts: Ints, fields: Mapping[str, object]) -> None:
        """Add a row per element of ``ts`` (microseconds). Fields are text, numbers, an array of
        whole numbers, :class:`Pick`, :class:`Fixed` or :class:`Join`; what is left out is unset."""
        unknown = set(fields) - set(KINDS[kind])
        if unknown:
            raise KeyError(f"{kind} has no column {', '.join(sorted(unknown))}")
        if not len(ts):
            return
        order = np.argsort(ts, kind="stable")
        if np.any(order != np.arange(len(ts))):
            fields = {name: _taken(value, order) for name, value in fields.items()}
            ts = ts[order]
        self._count += 1
        rows = Chunk(np.asarray(ts, dtype=np.int64), dict(fields), self._count)
        self.chunks.setdefault(kind, []).append(rows)

    def silence(self) -> None:
        """Take away what the mutes keep quiet; they then count as done."""
        for number, mute in enumerate(self.mutes):
            for kind, chunks in self.chunks.items():
                if mute.kinds and kind not in mute.kinds:
                    continue
                if mute.only and mute.only[0] not in KINDS[kind]:
                    continue
                for chunk in chunks:
                    if mute.only and chunk.fields.get(mute.only[0]) not in mute.only[1]:
                        continue
                    ends = chunk.fields.get("id.orig_h"), chunk.fields.get("id.resp_h")
                    if any(m not in (None, e) for m, e in
                           zip((mute.client, mute.server), ends, strict=True)):  # fmt: skip
                        continue
                    hit = (chunk.ts >= mute.first) & (chunk.ts < mute.last)
                    if mute.keep:
                        # whole exchanges go, not one of their rows: by moments of a tenth
                        moment = (chunk.ts // (SECOND // 10)).astype(np.uint64)
                        dice = (moment * np.uint64(2654435761) + np.uint64(number * 97)) % 1000
                        hit &= dice >= mute.keep * 1000
                    if hit.any():
                        kept = np.flatnonzero(~hit)
                        chunk.fields = {n: _taken(v, kept) for n, v in chunk.fields.items()}
                        chunk.ts = chunk.ts[kept]
        self.mutes.clear()

    def write(self, folder: Path, first: int, last: int, rotation: int = DAY) -> int:
        """Write [first, last) to ``folder``, a file for each log and rotation; returns the rows."""
        self.silence()
        db = duckdb.connect(config={"threads": 2})
        rows = 0
        plain = folder / ".rows"
        folder.mkdir(parents=True, exist_ok=True)
        for kind, chunks in sorted(self.chunks.items()):
            for start in range(first, last, rotation):
                stop = min(start + rotation, last)
                parts = [(c, c.between(start, stop)) for c in chunks]
                parts = [(c, s) for c, s in parts if s.stop > s.start]
                if not parts:
                    continue
                rows += sum(s.stop - s.start for _, s in parts)
                _copy(db, kind, parts, plain)
                stamp = "%Y-%m-%d-%H-%M-%S"
                names = [_moment(t).strftime(stamp) for t in (start, stop)]
                target = folder / f"{kind}.{names[0]}.log.gz"
                with (
                    target.open("wb") as raw,
                    gzip.GzipFile("", "wb", 1, raw, mtime=0) as out,
                    plain.open("rb") as body,
                ):
                    out.write(_header(kind, names[0]))
                    while block := body.read(1 << 20):
                        out.write(block)
                    out.write(f"#close\t{names[1]}\n".encode())
        plain.unlink(missing_ok=True)
        db.close()
        return rows


def _moment(ts: int) -> datetime:
    return datetime.fromtimestamp(ts / SECOND, UTC)


def _taken(value: object, rows: npt.NDArray[np.integer] | slice) -> object:
    if isinstance(value, Pick):
        return Pick(value.codes[rows], value.choices)
    if isinstance(value, Fixed):
        return Fixed(value.values[rows], value.decimals)
    if isinstance(value, Join):
        return Join([_taken(part, rows) for part in value.parts])
    return value[rows] if isinstance(value, np.ndarray) else value


def _header(kind: str, opened: str) -> bytes:
    columns = {"ts": "time", **KINDS[kind]}
    lines = (
        "#separator \\x09", "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-",
        f"#path\t{kind}", f"#open\t{opened}", "#fields\t" + "\t".join(columns),
        "#types\t" + "\t".join(columns.values()),
    )  # fmt: skip
    return ("\n".join(lines) + "\n").encode()


def _copy(
    db: duckdb.DuckDBPyConnection, kind: str, parts: list[tuple[Chunk, slice]], target: Path
) -> None:
    selects, params = [], []
    for number, (chunk, rows) in enumerate(parts):
        columns: dict[str, npt.NDArray[np.generic]] = {"ts": chunk.ts[rows]}
        shown = []
        for name in KINDS[kind]:
            value = chunk.fields.get(name)
            shown.append(_sql(_taken(value, rows), columns, params))
        db.register(f"chunk{number}", pd.DataFrame(columns))
        selects.append(
            f"SELECT ts, {number} AS part, row_number() OVER () AS line, "
            + ", ".join(f"{s} AS f{i}" for i, s in enumerate(shown))
            + f" FROM chunk{number}"
        )
    names = ", ".join(f"f{i}" for i in range(len(KINDS[kind])))
    time = f"concat(ts // {SECOND}, '.', lpad((ts % {SECOND})::VARCHAR, 6, '0'))"
    db.execute(
        f"COPY (SELECT {time}, {names} FROM ({' UNION ALL '.join(selects)})"
        f" ORDER BY ts, part, line) TO '{target}'"
        " (FORMAT csv, DELIMITER '\t', HEADER false, QUOTE '', ESCAPE '', NULLSTR '-')",
        params,
    )
    for number in range(len(parts)):
        db.unregister(f"chunk{number}")


def _sql(value: object, columns: dict[str, npt.NDArray[np.generic]], params: list[object]) -> str:
    """SQL that gives ``value`` as text; arrays go to ``columns``, texts to ``params``."""
    if isinstance(value, Join):
        return f"concat_ws(',', {', '.join(_sql(p, columns, params) for p in value.parts)})"
    name = f"c{len(columns)}"
    if isinstance(value, Pick):
        used, codes = np.unique(value.codes, return_inverse=True)
        params.append([value.choices[int(code)] for code in used])
        columns[name] = codes.astype(np.int64) + 1
        return f"(?::VARCHAR[])[{name}]"
    if isinstance(value, Fixed):
        columns[name] = np.asarray(value.values, dtype=np.float64)
        return f"printf('%.{value.decimals}f', {name})"
    if isinstance(value, np.ndarray):
        columns[name] = value.astype(np.int64)
        return f"{name}::VARCHAR"
    if value is None:
        return "NULL::VARCHAR"
    params.append(str(value))
    return "?::VARCHAR"
