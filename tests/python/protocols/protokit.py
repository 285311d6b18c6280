"""Logs written by hand into a folder, and what the ledger makes of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gaugeglass.ledger.ingest import ingest
from gaugeglass.ledger.store import connect
from gaugeglass.logs.account import Account

#: Whom a row is about where a test doesn't say: client, its port, server.
CLIENT, CLIENT_PORT, SERVER = "10.0.0.5", 40001, "10.0.0.9"
T0 = 1_795_300_000.0

#: Stands for every password in these tests: nothing that comes out may hold it.
SECRET = "hunter2"


def zeek(kind: str, port: int, rows: Iterable[Mapping[str, Any]]) -> str:
    """A Zeek TSV log. ``ts`` is relative; ``back`` (True: sent by the server) sets is_orig and
    ICSNPP's source and destination."""
    full = []
    for row in rows:
        row = dict(row)
        back = row.pop("back", None)
        row = {
            "ts": 0.0, "uid": "C1", "id.orig_h": CLIENT, "id.orig_p": CLIENT_PORT,
            "id.resp_h": SERVER, "id.resp_p": port, **row,
        }  # fmt: skip
        if back is not None:
            ends = [(row[f"id.{e}_h"], row[f"id.{e}_p"]) for e in ("orig", "resp")]
            (row["source_h"], row["source_p"]), (row["destination_h"], row["destination_p"]) = (
                ends[::-1] if back else ends
            )
            row["is_orig"] = not back
        full.append(row)
    fields = list(dict.fromkeys(f for row in full for f in row))

    def text(field: str, value: Any) -> str:
        if value is None:
            return "-"
        if field == "ts":
            return f"{T0 + value:.6f}"
        if isinstance(value, bool):
            return "T" if value else "F"
        if isinstance(value, (list, tuple)):
            return ",".join(map(str, value)) or "(empty)"
        return str(value)

    lines = [
        "#separator \\x09", "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-",
        f"#path\t{kind}", "#fields\t" + "\t".join(fields),
        "#types\t" + "\t".join("string" for _ in fields),
        *("\t".join(text(f, row.get(f)) for f in fields) for row in full), "",
    ]  # fmt: skip
    return "\n".join(lines)


def eve(event: str, port: int, rows: Iterable[Mapping[str, Any]]) -> str:
    """An EVE log: each row is ``{"ts": seconds, event: {...}}`` plus what differs."""
    out = []
    for row in rows:
        row = dict(row)
        second = row.pop("ts", 0)
        full = {
            "timestamp": f"2026-11-22T10:00:{second:09.6f}+0000", "flow_id": 7, "proto": "TCP",
            "event_type": event, "src_ip": CLIENT, "src_port": CLIENT_PORT, "dest_ip": SERVER,
            "dest_port": port, "community_id": "1:x", **row,
        }  # fmt: skip
        out.append(json.dumps(full))
    return "\n".join([*out, ""])


@dataclass
class Ledger:
    """What one ingest gave."""

    activity: list[dict[str, Any]]
    claims: list[dict[str, Any]]
    accounts: dict[str, Account]

    def counts(self, *columns: str, **where: Any) -> dict[Any, int]:
        """Sums of ``count`` by ``columns`` (a tuple, or the value of a single one)."""
        found: Counter[Any] = Counter()
        for row in self.activity:
            if all(row[k] == v for k, v in where.items()):
                key = tuple(row[c] for c in columns)
                found[key if len(columns) > 1 else key[0]] += row["count"]
        return dict(found)

    def one(self, **where: Any) -> dict[str, Any]:
        """The only activity row with these values."""
        rows = [r for r in self.activity if all(r[k] == v for k, v in where.items())]
        assert len(rows) == 1, (where, self.counts("operation", "object", "outcome"))
        return rows[0]

    def said(self, asset: str) -> set[tuple[str, str]]:
        """Attribute and value of every claim about ``asset``."""
        return {(c["attribute"], c["value"]) for c in self.claims if c["asset"] == asset}


def run(folder: Path, logs: Mapping[str, str]) -> Ledger:
    """Ingest ``logs`` (file name to text); rows must be conserved and secrets absent."""
    source = folder / "plant"
    source.mkdir(parents=True)
    for name, text in logs.items():
        (source / name).write_text(text)
    report = ingest([source], folder / "state", workers=1)
    accounts: dict[str, Account] = {}
    for account in report.accounts:
        assert not account.remarks, account
        assert not account.rejected, account
        assert account.kind not in accounts
        accounts[account.kind] = account
    for kind in {a.split(".log")[0] for a in logs if a.endswith(".log")}:
        rows = sum(not line.startswith("#") for line in logs[f"{kind}.log"].splitlines())
        assert accounts[kind].read == rows
    db = connect(folder / "state")
    tables = []
    for table in ("activity", "claims"):
        cursor = db.execute(f"SELECT * FROM {table} ORDER BY ALL")
        names = [d[0] for d in cursor.description]
        tables.append([dict(zip(names, row, strict=True)) for row in cursor.fetchall()])
    db.close()
    assert SECRET not in repr(tables)
    assert SECRET not in repr(report.accounts)
    for row in tables[0]:
        assert row["client"], row
        assert row["server"], row
        assert row["count"] > 0, row
    return Ledger(tables[0], tables[1], accounts)
