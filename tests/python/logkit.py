"""Logs as sensors write them, made from a few dictionaries, and what reading them gave."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, settings

from gaugeglass.ledger import aggregate, ingest, parts
from gaugeglass.ledger.job import Job, Outcome
from gaugeglass.ledger.printable import make_printable
from gaugeglass.ledger.read import Reader
from gaugeglass.ledger.schema import TABLES, keys
from gaugeglass.ledger.store import connect
from gaugeglass.ledger.worker import engine
from gaugeglass.logs.account import Account, Reject
from gaugeglass.logs.discover import LogFile
from gaugeglass.logs.header import HEAD, sniff
from gaugeglass.logs.slices import JSON_TIMES
from gaugeglass.logs.stream import compression_of, head, zstd
from gaugeglass.protocols import ports

T0 = datetime(2026, 11, 22, 10, tzinfo=UTC).timestamp()

CONN = {
    "ts": "time", "uid": "string", "id.orig_h": "addr", "id.orig_p": "port", "id.resp_h": "addr",
    "id.resp_p": "port", "proto": "enum", "service": "string", "duration": "interval",
    "orig_bytes": "count", "resp_bytes": "count", "conn_state": "string", "orig_pkts": "count",
    "resp_pkts": "count",
}  # fmt: skip
MODBUS = {
    "ts": "time", "uid": "string", "id.orig_h": "addr", "id.orig_p": "port", "id.resp_h": "addr",
    "id.resp_p": "port", "tid": "count", "unit": "count", "func": "string", "pdu_type": "string",
    "exception": "string",
}  # fmt: skip
DETAILED = {
    "ts": "time", "uid": "string", "id.orig_h": "addr", "id.orig_p": "port", "id.resp_h": "addr",
    "id.resp_p": "port", "tid": "count", "unit": "count", "func": "string", "address": "count",
    "quantity": "count", "request_values": "vector[count]", "response_values": "vector[count]",
    "matched": "bool", "exception_code": "string",
}  # fmt: skip
UNKNOWN = {"ts": "time", "uid": "string", "what": "string"}

Row = dict[str, Any]


def conn(n: int, start: float = 0.0, step: float = 7.31) -> list[Row]:
    """``n`` rows of conn, in time order."""
    rows = []
    for i in range(n):
        rows.append(
            {
                "ts": round(T0 + start + i * step, 6), "uid": f"C{i:05d}x",
                "id.orig_h": f"10.1.0.{i % 5 + 1}", "id.orig_p": 40000 + i,
                "id.resp_h": f"10.2.0.{i % 3 + 1}", "id.resp_p": (502, 102, 44818)[i % 3],
                "proto": "tcp", "service": ("modbus", None, "enip")[i % 3],
                "duration": 0.25 * (i % 4), "orig_bytes": 10 * i, "resp_bytes": 7 * i,
                "conn_state": ("SF", "S0", "REJ", "RSTO")[i % 4], "orig_pkts": i % 9,
                "resp_pkts": i % 7,
            }
        )  # fmt: skip
    return rows


def modbus(n: int, step: float = 0.5) -> list[Row]:
    """``n`` requests with their replies (two rows each), every seventh without one."""
    rows = []
    for i in range(n):
        base = {
            "uid": f"M{i % 4}", "id.orig_h": "10.1.0.9", "id.orig_p": 50000 + i % 4,
            "id.resp_h": f"10.2.0.{i % 4 + 1}", "id.resp_p": 502, "tid": i, "unit": 1,
            "func": ("READ_HOLDING_REGISTERS", "WRITE_SINGLE_COIL")[i % 2], "exception": None,
        }  # fmt: skip
        ts = T0 + i * step
        rows.append({"ts": round(ts, 6), **base, "pdu_type": "REQ"})
        if i % 7:
            rows.append({"ts": round(ts + 0.02, 6), **base, "pdu_type": "RESP",
                         "exception": "ILLEGAL_FUNCTION" if i % 5 == 0 else None})  # fmt: skip
    return rows


def detailed(n: int, step: float = 1.7) -> list[Row]:
    """``n`` rows of ICSNPP's modbus_detailed: polls whose gaps are worth measuring."""
    return [
        {
            "ts": round(T0 + i * step + (i % 3) * 0.001, 6), "uid": f"D{i % 3}",
            "id.orig_h": "10.1.0.9", "id.orig_p": 50001, "id.resp_h": f"10.2.0.{i % 3 + 1}",
            "id.resp_p": 502, "tid": i, "unit": 1, "func": "READ_HOLDING_REGISTERS",
            "address": 100, "quantity": 2, "request_values": None,
            "response_values": [i % 50, 7], "matched": True, "exception_code": None,
        }
        for i in range(n)
    ]  # fmt: skip


def unknown(n: int) -> list[Row]:
    """Rows of a log that no protocol file knows."""
    return [{"ts": T0 + i, "uid": f"U{i}", "what": f"w{i}"} for i in range(n)]


def events(n: int) -> list[Row]:
    """EVE events of three kinds: flow, alert, and one that nobody knows."""
    rows = []
    for i in range(n):
        when = datetime.fromtimestamp(T0 + i * 3.1, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+0000")
        base = {
            "timestamp": when, "flow_id": 1000 + i, "src_ip": f"10.1.0.{i % 4 + 1}",
            "src_port": 40000 + i, "dest_ip": "10.2.0.1", "dest_port": 502, "proto": "TCP",
        }  # fmt: skip
        if i % 3 == 0:
            rows.append(
                {
                    **base,
                    "event_type": "flow",
                    "app_proto": "modbus",
                    "flow": {
                        "pkts_toserver": 3,
                        "pkts_toclient": 2,
                        "bytes_toserver": 100 + i,
                        "bytes_toclient": 50,
                        "start": when,
                        "end": when,
                        "state": "closed",
                    },
                }
            )
        elif i % 3 == 1:
            rows.append(
                {
                    **base,
                    "event_type": "alert",
                    "alert": {
                        "gid": 1,
                        "signature_id": 2250001 + i % 2,
                        "rev": 1,
                        "severity": 2,
                        "signature": f"SURICATA test {i % 2}",
                        "category": "x",
                    },
                }
            )
        else:
            rows.append({**base, "event_type": "frobnicate"})
    return rows  # fmt: skip


def value(item: Any, separator: str = ",", unset: str = "-", empty: str = "(empty)") -> str:
    """A value as Zeek's TSV writer prints it."""
    if item is None:
        return unset
    if isinstance(item, bool):
        return "T" if item else "F"
    if isinstance(item, float):
        return f"{item:.6f}"
    if isinstance(item, list):
        return separator.join(map(str, item)) or empty
    return str(item) or empty


def header(
    kind: str, fields: Mapping[str, str], *, separator: str = "\t", set_separator: str = ",",
    unset: str = "-", empty: str = "(empty)", opened: str = "2026-11-22-10-00-00",
) -> bytes:  # fmt: skip
    """Zeek's TSV header."""
    s = separator
    lines = [
        f"#separator \\x{ord(s):02x}", f"#set_separator{s}{set_separator}",
        f"#empty_field{s}{empty}", f"#unset_field{s}{unset}", f"#path{s}{kind}",
        f"#open{s}{opened}", f"#fields{s}{s.join(fields)}", f"#types{s}{s.join(fields.values())}",
    ]  # fmt: skip
    return ("\n".join(lines) + "\n").encode()


def tsv(
    rows: Iterable[Row], kind: str = "conn", fields: Mapping[str, str] = CONN, *,
    separator: str = "\t", set_separator: str = ",", unset: str = "-", empty: str = "(empty)",
    close: bool = False, opened: str = "2026-11-22-10-00-00",
) -> bytes:  # fmt: skip
    """A whole Zeek TSV log."""
    out = [
        header(kind, fields, separator=separator, set_separator=set_separator, unset=unset,
               empty=empty, opened=opened)
    ]  # fmt: skip
    for row in rows:
        values = (value(row.get(f), set_separator, unset, empty) for f in fields)
        out.append(separator.join(values).encode("utf-8", "surrogatepass") + b"\n")
    if close:
        out.append(f"#close{separator}2026-11-22-11-00-00\n".encode())
    return b"".join(out)


def stamp(seconds: float, form: str) -> Any:
    """A time as Zeek's JSON writer prints it: epoch, millis or iso."""
    if form == "epoch":
        return seconds
    if form == "millis":
        return int(seconds * 1000)
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def jsonl(rows: Iterable[Row], path: str = "", form: str = "epoch") -> bytes:
    """A Zeek JSON log (unset fields are left out), or EVE where rows have no ts."""
    out = []
    for row in rows:
        full = {"_path": path, **row} if path else dict(row)
        if "ts" in full:
            full["ts"] = stamp(full["ts"], form)
        sound = {k: v for k, v in full.items() if v is not None}
        out.append(json.dumps(sound, separators=(",", ":")) + "\n")
    return "".join(out).encode()


def gz(data: bytes) -> bytes:
    """A gzip member."""
    return gzip.compress(data, 6, mtime=0)


def zst(data: bytes) -> bytes:
    """A Zstandard frame with a checksum, as the zstd command writes it."""
    options = {zstd.CompressionParameter.checksum_flag: 1}
    return bytes(zstd.compress(data, options=options))


def put(path: Path, data: bytes) -> Path:
    """Write ``data`` to ``path``, making its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def count_rows(data: bytes, tsv: bool) -> int:
    """Data rows of a log, counted without the readers: what is no header and no empty line."""
    lines = data.split(b"\n")
    if tsv:
        return sum(1 for x in lines if x.strip(b"\r") and not x.startswith(b"#"))
    return sum(1 for x in lines if x.strip())


@dataclass
class Got:
    """What reading gave: accounts by kind, and the rows of the three tables."""

    accounts: dict[str, Account]
    tables: dict[str, list[dict[str, Any]]]

    @property
    def read(self) -> int:
        """Rows read."""
        return sum(a.read for a in self.accounts.values())

    @property
    def used(self) -> int:
        """Rows used."""
        return sum(a.used for a in self.accounts.values())

    @property
    def ignored(self) -> Counter[str]:
        """Rows ignored, by reason."""
        return sum((a.ignored for a in self.accounts.values()), Counter())

    @property
    def rejected(self) -> Counter[str]:
        """Rows rejected, by reason."""
        return sum((a.rejected for a in self.accounts.values()), Counter())

    @property
    def rejects(self) -> list[Reject]:
        """The samples kept, in the file's order."""
        samples = [s for a in self.accounts.values() for s in a.samples]
        return sorted(samples, key=lambda s: s.line)

    @property
    def remarks(self) -> list[str]:
        """Remarks on the file as a whole."""
        return [r for a in self.accounts.values() for r in a.remarks]

    @property
    def activity(self) -> list[dict[str, Any]]:
        """Rows of the activity table."""
        return self.tables["activity"]

    @property
    def events(self) -> int:
        """Events counted in the activity table."""
        return sum(r["count"] for r in self.activity)


class Bench:
    """One engine that reads one log after the other; much cheaper than an ingest each."""

    def __init__(self, scratch: Path, threads: int = 1) -> None:
        self.folder = scratch
        self.scratch = scratch / "scratch"
        self.scratch.mkdir()
        self.con = engine(self.scratch, threads, 512)
        for statement in ports.SETUP:
            self.con.execute(statement)

    def read(
        self, path: Path, kind: str = "", *, segment_bytes: int = 0, slice_bytes: int = 0,
        whole_bytes: int = 0, straight: bool = False, offset: int = 0, line: int = 1,
    ) -> Got:  # fmt: skip
        """Read one file as an ingest would, cut into segments of ``segment_bytes``, or in slices
        of ``slice_bytes`` if it is above ``whole_bytes`` (of a log in TSV; thrice that in JSON).
        What can be written ``straight`` is, however few rows it is."""
        named = path.suffix if path.suffix in (".gz", ".zst") else ""
        log = LogFile(path, path.parent, kind, "", compression_of(path, named))
        start, broken = head(path, log.compression, HEAD)
        sniffed = sniff(start, kind)
        if not sniffed.format:
            account = Account(str(path), kind, "")
            account.remark(broken or sniffed.problem)
            return Got({kind: account}, {t: [] for t in TABLES})
        aggregate.create_accumulators(self.con)
        reader = Reader(self.con, self.scratch, 60)
        if segment_bytes:
            reader.segment_bytes = reader.held_bytes = segment_bytes
            reader._whole = lambda whole: None  # type: ignore[method-assign]
        if slice_bytes:
            times = JSON_TIMES if sniffed.format == "zeek_json" else 1
            reader.segment_bytes, reader.whole_bytes = max(1, slice_bytes // times), whole_bytes
        if straight:
            reader.apply.place = lambda n: self.scratch / f"{n}.parquet"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(parts, "SORT_ROWS", 0)
            patch.setattr(parts, "GROUP_ROWS", 0)
            outcome: Outcome = reader.read(Job(log, sniffed, "s", offset=offset, line=line))
        for part in reader.apply.parts:
            self.con.execute(f"INSERT INTO acc_activity BY NAME FROM '{part.path}'")
            part.path.unlink()
        for left in filter(Path.is_file, self.scratch.rglob("*")):
            raise AssertionError(f"left behind: {left}")
        tables = {}
        for table in TABLES:
            make_printable(self.con, table, f"acc_{table}", reader.apply.said[table])
            tables[table] = _rows(self.con, aggregate.merge(table, f"acc_{table}"), table)
        return Got(outcome.accounts, tables)

    def bytes(self, data: bytes, name: str = "x.log", kind: str = "", **how: Any) -> Got:
        """Read ``data`` as a file of that name."""
        return self.read(put(self.folder / name, data), kind, **how)

    def close(self) -> None:
        """Release the engine."""
        self.con.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _rows(con: duckdb.DuckDBPyConnection, sql: str, table: str) -> list[dict[str, Any]]:
    # uid_max is a second sample; of logs whose gaps are not measured it depends on how they are cut
    columns = "* EXCLUDE (uid_max)" if table == "activity" else "*"
    order = ", ".join(f'"{k}"' for k in keys(table))
    found = con.execute(f"SELECT {columns} FROM ({sql}) ORDER BY {order}")
    names = [d[0] for d in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def take(paths: Sequence[Path], state: Path, **how: Any) -> ingest.Report:
    """Ingest in this process."""
    how.setdefault("workers", 1)
    return ingest.ingest(list(paths), state, **how)


def ledger(state: Path, table: str = "activity", uids: bool = True) -> list[dict[str, Any]]:
    """The committed rows of a table, merged, in a stable order; without uids on request."""
    with contextlib.closing(connect(state)) as con:
        rows = _rows(con, aggregate.merge(table, table), table)
    if not uids:
        rows = [{k: v for k, v in r.items() if not k.startswith("uid_")} for r in rows]
    return rows


def whole_ledger(state: Path, uids: bool = True) -> dict[str, list[dict[str, Any]]]:
    """All three tables, as :func:`ledger` gives them."""
    return {t: ledger(state, t, uids) for t in TABLES}


def totals(report: ingest.Report) -> tuple[int, int, int, int]:
    """Rows read, used, ignored and rejected of an ingest."""
    used = sum(a.used for a in report.accounts)
    ignored = sum(a.ignored.total() for a in report.accounts)
    return used + ignored + report.rejected, used, ignored, report.rejected


def examples(n: int) -> settings:
    """``n`` examples of a property, a hundred times as many with HYPOTHESIS_PROFILE=fuzz."""
    many = 100 if os.environ.get("HYPOTHESIS_PROFILE") == "fuzz" else 1
    return settings(
        max_examples=n * many,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
