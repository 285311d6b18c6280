"""zat's published anomaly example: one row of a log a sample, contamination 0.2.

Rows of a log become a matrix by zat's ``DataFrameToMatrix``; an isolation forest is fitted on the
very rows that it then judges, as the example does. It names its columns for ``http.log`` and
``dns.log``; ``conn.log`` gets the columns its rows are described by.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import IsolationForest

from gaugeglass.behaviour.ways.base import SCORED, stacked
from gaugeglass.evaluation.rivals.base import Data, Rival
from gaugeglass.frames import NotZeekError, read

CONTAMINATION = 0.2
FEATURES: dict[str, tuple[str, ...]] = {
    "http": ("id.resp_p", "method", "resp_mime_types", "request_body_len"),
    "dns": ("Z", "rejected", "proto", "query_length", "qclass_name", "qtype_name", "rcode_name"),
    "conn": ("id.resp_p", "proto", "service", "duration", "orig_bytes", "resp_bytes"),
}


def flag(data: Data) -> pd.DataFrame:
    found = [_flagged(kind, _rows(data, kind), data.seed) for kind in sorted(FEATURES)]
    return stacked(found, SCORED)


def _flagged(kind: str, frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    if len(frame) < 2:
        return pd.DataFrame(columns=list(SCORED))
    from zat.dataframe_to_matrix import DataFrameToMatrix

    if "query" in frame.columns:
        frame = frame.assign(query_length=frame["query"].astype(str).str.len())
    table = frame[[f for f in FEATURES[kind] if f in frame.columns]].copy()
    for name in table.columns:
        if str(table[name].dtype).startswith("timedelta"):
            table[name] = table[name].dt.total_seconds()
        if pd.api.types.is_numeric_dtype(table[name]):
            table[name] = pd.to_numeric(table[name]).astype(float).fillna(0.0)
        else:
            table[name] = table[name].astype("object").fillna("-").astype(str).astype("category")
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells of each column, and of pandas' ways
        made = DataFrameToMatrix().fit_transform(table)
    matrix = np.nan_to_num(np.asarray(made, dtype=float))
    forest = IsolationForest(contamination=CONTAMINATION, random_state=seed).fit(matrix)
    found = frame[forest.predict(matrix) < 0]
    window = found["ts"].dt.floor("60s")
    client, server = found["id.orig_h"].astype(str), found["id.resp_h"].astype(str)
    rows = {
        "length": 60, "window": window, "end": window + pd.Timedelta(seconds=60),
        "side": "conduit", "address": client + " > " + server + " " + kind, "client": client,
        "server": server, "pool": "", "score": 1.0,
    }  # fmt: skip
    return pd.DataFrame(rows)[list(SCORED)].drop_duplicates(ignore_index=True)


def _rows(data: Data, kind: str) -> pd.DataFrame:
    parts = []
    for path in _files(data.logs, kind):
        try:
            parts.append(read(path)[0])
        except (NotZeekError, OSError):
            continue
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"ts": []})
    return frame[(frame["ts"] >= data.since) & (frame["ts"] < data.until)].reset_index(drop=True)


def _files(logs: tuple[Path, ...], kind: str) -> list[Path]:
    found = (
        p for root in logs for p in ([root] if root.is_file() else root.rglob(f"{kind}*.log*"))
    )
    return sorted(p for p in found if p.name.split(".")[0] == kind)


RIVAL = Rival("zat example", f"rows of conn, dns and http, contamination {CONTAMINATION:g}", flag)
