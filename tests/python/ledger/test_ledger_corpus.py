"""Real sensors' logs of public captures: no traceback, no row unaccounted for, formats agree.

Runs where GAUGEGLASS_CORPUS names a folder with ``zeek-logs/`` and ``eve/``.
"""

from __future__ import annotations

import os
import warnings
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest
from logkit import count_rows, take, totals, whole_ledger

from gaugeglass.config import load
from gaugeglass.inventory.build import build
from gaugeglass.ledger.store import connect
from gaugeglass.logs.stream import Stream, compression_of

CORPUS = Path(os.environ.get("GAUGEGLASS_CORPUS", "/nonexistent"))

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(
        not (CORPUS / "zeek-logs").is_dir(), reason="GAUGEGLASS_CORPUS names no corpus"
    ),
]


def folders() -> list[Path]:
    """Every folder of the corpus that holds logs."""
    found = {p.parent for p in CORPUS.rglob("*") if p.is_file() and ".log" in p.name}
    found |= {p.parent for p in CORPUS.rglob("eve*.json*")}
    return sorted(found)


def content(path: Path) -> bytes:
    return b"".join(Stream(path, compression_of(path, "")))


@pytest.mark.parametrize("folder", folders(), ids=lambda p: str(p.relative_to(CORPUS)))
def test_every_row_is_accounted_for(folder: Path, tmp_path: Path) -> None:
    report = take([folder], tmp_path / "state")
    by_file: Counter[str] = Counter()
    for account in report.accounts:
        by_file[account.file] += account.read
        if account.rejected:
            warnings.warn(f"{account.file}: {dict(account.rejected)}", stacklevel=1)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and str(path) in by_file:
            data = content(path)
            tsv = data.startswith(b"#")
            assert by_file[str(path)] == count_rows(data, tsv), path
    missed = [p for p, _ in report.passed_over if p.suffix in (".log", ".gz", ".json")]
    assert missed == []
    read, used, ignored, rejected = totals(report)
    assert read == used + ignored + rejected
    tables = whole_ledger(tmp_path / "state")
    assert all(r["client"] and r["server"] for r in tables["activity"])
    assert all(r["asset"] and r["value"] for r in tables["claims"])
    again = take([folder], tmp_path / "state")
    assert totals(again)[0] == 0


def test_one_plant_in_two_formats(tmp_path: Path) -> None:
    """mb2: one capture, logged as TSV and as JSON by two runs of Zeek (uids differ)."""
    tables, assets = [], []
    for form in "tsv", "json":
        state = tmp_path / form
        take([CORPUS / "zeek-logs" / f"mb2-icsnpp-{form}"], state, sensor="mb2")
        tables.append(whole_ledger(state, uids=False))
        with connect(state) as con:
            assets.append([asdict(a) for a in build(con, load())])
    assert tables[0] == tables[1]
    assert without_uids(assets[0]) == without_uids(assets[1])
    assert len(assets[0]) >= 38


def without_uids(value: object) -> object:
    """Evidence names connections, which each run of Zeek names anew."""
    if isinstance(value, dict):
        return {k: without_uids(v) for k, v in value.items() if "uid" not in k and k != "evidence"}
    if isinstance(value, list | tuple):
        return [without_uids(v) for v in value]
    return value
