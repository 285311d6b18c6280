"""Series: one operation on one object comes more or less often, or carries other values, than ever.

A window's score is how far outside the range that was learned of the series it lies, in quarters
of that range, of the measure that lies farthest. Values that stand still though they always moved
are outside too: a measurement that is replayed, frozen or made up.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from gaugeglass.behaviour.points import ALL, KEYS, beyond, joined, others_of, ranges, series
from gaugeglass.behaviour.registry import number
from gaugeglass.behaviour.ways.base import SCORED, TESTED, Span, Why, scored, stacked
from gaugeglass.logs.sql import quote

Floats = npt.NDArray[np.float64]

#: A quarter of a range is at least so wide, in the unit of each measure: 15% more or less often, 5%
#: of a value, values a third farther apart.
_PACE, _VALUE, _SPAN = 0.15, 0.05, 0.3
#: Values that lie apart by less than this share of what they usually do stand still.
_STILL = 0.01
#: How many quarters outside its range a series may lie: a rhythm repeats itself, a measurement
#: wanders with the season, the load and the recipe.
_SLACK = {"more": 1.5, "fewer": 1.5, "lower": 4.0, "higher": 4.0, "still": 1.5}
#: After planned work a series is held to the new ways when it has shown them for a day.
_DAY = timedelta(days=1)

_LIMITS = (
    "windows", "told", "pace_low", "pace_high", "low", "high", "span_low", "span_high",
    "span_usual",
)  # fmt: skip
_STATE = (*KEYS, "action", "least", "steady", *_LIMITS)

#: Window length -> a row a series: :data:`_STATE`.
State = Mapping[int, pd.DataFrame]


class Series:
    """Ranges of each series."""

    name = "series"
    files: tuple[str, ...] = ("series.parquet",)
    tail = 0.5

    def learn(self, span: Span) -> tuple[State, pd.DataFrame, pd.DataFrame]:
        states: dict[int, pd.DataFrame] = {}
        parts, tests = [], []
        for length in _lengths(span):
            which = series(span.db, span.source, span.since, span.until, length)
            if length == span.seconds:  # a window of which the sensor saw half would lack half
                which["steady"] = False
            asked = (span.db, span.source, span.since, span.until, length, which)
            blocks = ranges(*asked, span.cuts)
            states[length] = which.merge(joined(blocks), on=list(KEYS), how="inner")
            others = others_of(blocks)
            parts.append(_told(beyond(*asked, others, span.cuts), length))
            tests.append(_tested(blocks, others, which, length))
        return states, stacked(parts, SCORED), stacked(tests, TESTED)

    def judge(self, state: State, span: Span) -> pd.DataFrame:
        parts, kept = [], []
        for length in (n for n in span.lengths if n in state):
            mine = state[length]
            limits = mine[[*KEYS, *_LIMITS]].assign(block=0)
            rows = beyond(span.db, span.source, span.since, span.until, length, mine, limits)
            rows = _after_changes(span, length, mine, rows)
            parts.append(_told(rows, length))
            kept.append(rows.assign(length=length))
        everything = pd.concat(kept, ignore_index=True) if kept else pd.DataFrame()
        span.keep(self.name, everything)
        return stacked(parts, SCORED)

    def explain(self, state: State, span: Span, rows: pd.DataFrame) -> list[Why]:
        found = span.kept(self.name)
        by_window = found.groupby(
            ["length", "bucket", "client", "server", "service"], sort=False
        ).indices
        out = []
        for row in rows.itertuples(index=False):
            service = str(row.address).rsplit(" ", 1)[1]
            at = by_window[(row.length, row.window, row.client, row.server, service)]
            mine = found.iloc[at]
            # of two alike the one that names the object
            whole = (mine["object"] == ALL).to_numpy()
            out.append(_why(mine.iloc[int(np.lexsort((whole, -_score(mine)))[0])]))
        return out

    def dump(self, state: State) -> dict[str, bytes]:
        whole = [frame[list(_STATE)].assign(length=length) for length, frame in state.items()]
        out = io.BytesIO()
        if whole:
            table = pa.Table.from_pandas(pd.concat(whole), preserve_index=False)
        else:
            table = pa.table({name: pa.array([], pa.string()) for name in (*_STATE, "length")})
        pq.write_table(table.replace_schema_metadata(None), out, compression="zstd")
        return {"series.parquet": out.getvalue()}

    def load(self, files: Mapping[str, bytes]) -> State:
        source = io.BytesIO(files["series.parquet"])
        try:
            table = pq.ParquetFile(source, pre_buffer=False).read(use_threads=False)
        except (pa.ArrowException, OSError) as err:
            raise ValueError(f"is not a table of series ({err})") from err
        if table.column_names != [*_STATE, "length"]:
            raise ValueError("is not a table of series")
        frame = table.to_pandas()
        return {
            int(length): mine.drop(columns="length").reset_index(drop=True)
            for length, mine in frame.groupby("length", sort=True)
        }


def _lengths(span: Span) -> tuple[int, ...]:
    """Longer windows, in which a rhythm shows; the ledger's own where there are no others."""
    return span.lengths[1:] or span.lengths


def _tested(
    blocks: pd.DataFrame, others: pd.DataFrame, which: pd.DataFrame, length: int
) -> pd.DataFrame:
    """How many windows were held against the other blocks, by action."""
    held = blocks.merge(others[[*KEYS, "block"]], on=[*KEYS, "block"])
    held = held.merge(which[[*KEYS, "action"]], on=list(KEYS))
    counts = held.groupby("action", sort=True)["windows"].sum().reset_index(name="tests")
    return counts.assign(length=length, pool=counts["action"])[list(TESTED)]


def _parts(rows: pd.DataFrame) -> dict[str, Floats]:
    """How far outside each row lies, in quarters of the range, by kind of departure."""

    def column(name: str) -> Floats:
        return rows[name].to_numpy(dtype=np.float64, na_value=np.nan)

    # a few events come one more or one less by chance
    chance = 1.0 / np.sqrt(np.maximum(np.exp(column("pace_high")) * column("minutes"), 1.0))
    pace = np.maximum((column("pace_high") - column("pace_low")) / 4, np.maximum(chance, _PACE))
    value = np.maximum((column("high") - column("low")) / 4, _VALUE)
    usual = np.where(column("span_usual") > 0, column("span_usual"), np.nan)
    still, least, most = (
        np.log(column(name) / usual + _STILL) for name in ("value_span", "span_low", "span_high")
    )
    steady = rows["steady"].to_numpy(dtype=bool)
    out = {
        "more": (column("pace") - column("pace_high")) / pace,
        "fewer": np.where(steady, (column("pace_low") - column("pace")) / pace, 0.0),
        "lower": (column("low") - column("value_low")) / value,
        "higher": (column("value_high") - column("high")) / value,
        "still": (least - still) / np.maximum((most - least) / 4, _SPAN),
    }
    return {k: np.maximum(np.nan_to_num(part) - _SLACK[k], 0.0) for k, part in out.items()}


def _score(rows: pd.DataFrame) -> Floats:
    if not len(rows):
        return np.zeros(0)
    return np.asarray(np.log1p(np.max(list(_parts(rows).values()), axis=0)).round(9))


def _told(rows: pd.DataFrame, length: int) -> pd.DataFrame:
    """A score a conduit and window: that of its strangest series."""
    score = _score(rows)
    rows = rows.assign(score=score)[score > 0]
    if not len(rows):
        return stacked([], SCORED)
    keys = ["bucket", "client", "server", "service"]
    best = rows.sort_values("score", ascending=False, kind="stable").drop_duplicates(keys)
    address = best["client"] + " > " + best["server"] + " " + best["service"]
    frame = best.assign(window=best["bucket"], side="conduit", address=address)
    return stacked([scored(frame, length, frame["action"], frame["score"])], SCORED)


def _after_changes(span: Span, length: int, mine: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """``rows`` without those of planned work, and what it touched held to its new ways too."""
    for change in sorted(span.changes, key=lambda c: (c.start, c.end)):
        if not len(rows):
            break
        hosts = list(change.addresses)
        touched = (rows["client"].isin(hosts) | rows["server"].isin(hosts)) & (
            rows["bucket"] >= change.start
        )
        settled = max(change.settled(length), change.end + _DAY)
        changed = mine[mine["client"].isin(hosts) | mine["server"].isin(hosts)]
        later = rows[touched & (rows["bucket"] >= settled)]
        if len(later) and len(changed):
            shown = ranges(span.db, "activity", change.end, settled, length, changed)
            later = _widened(later, shown)
        rows = pd.concat([rows[~touched], later], ignore_index=True)
        rows = rows.sort_values(["bucket", *KEYS], kind="stable", ignore_index=True)
    return rows


def _widened(rows: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    """``rows`` held to their limits or what was ``shown`` since, whichever is wider."""
    both = rows.merge(shown, on=list(KEYS), how="left", suffixes=("", "_shown"))
    for name in ("pace_low", "low", "span_low"):
        both[name] = np.fmin(both[name], both[f"{name}_shown"])
    for name in ("pace_high", "high", "span_high"):
        both[name] = np.fmax(both[name], both[f"{name}_shown"])
    return both[list(rows.columns)]


def _why(row: pd.Series) -> Why:
    """The series of one window that lies farthest outside, in words."""
    parts = {kind: float(part[0]) for kind, part in _parts(row.to_frame().T).items()}
    kind = max(parts, key=lambda k: parts[k])
    what = str(row["operation"])
    if row["object"] != ALL:
        what += f" of {row['object']}"
    if kind in ("more", "fewer"):
        paces = [float(np.exp(row[n])) for n in ("pace_low", "pace_high")]
        seen = f"{number(row['n'] / row['minutes'])} {what} per minute"
        usual = f"{number(paces[0])} to {number(paces[1])} per minute"
    else:
        low, high = (float(np.sinh(row[n])) for n in ("low", "high"))
        usual = f"{number(low)} to {number(high)}"
        if kind == "still":
            seen = f"{what} stood still at {number(float(row['least_value']))}"
            usual += f", moving by {number(float(row['span_usual']))}"
        else:
            least, most = (number(float(row[n])) for n in ("least_value", "most_value"))
            values = f"the value {least}" if least == most else f"values {least} to {most}"
            seen = f"{what} carried {values}"
    tests = [f"operation = {quote(str(row['operation']))}"]
    if row["object"] != ALL:
        tests.append(f"object = {quote(str(row['object']))}")
    return Why(seen, usual, (kind,), " AND ".join(tests))


WAY = Series()
