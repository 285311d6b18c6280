"""Every log of the public captures: no row unaccounted for, no statement that fails."""

from __future__ import annotations

import gzip
import os
from collections import defaultdict
from pathlib import Path

import pytest

from gaugeglass.ledger.ingest import Report, ingest
from gaugeglass.ledger.store import connect

CORPUS = os.environ.get("GAUGEGLASS_CORPUS", "")
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS, reason="GAUGEGLASS_CORPUS names no folder"),
]

#: Keys and sums that may not differ between two formats of one capture: all but evidence.
SUMS = """
    SELECT "window", client, server, transport, port, service, unit, operation, action, object,
           outcome, sum("count"), sum(bytes_to_server), sum(bytes_to_client), min("first"),
           max("last"), sum(gap_count), sum(gap_sum), sum(gap_sq), min(value_min), max(value_max)
    FROM activity GROUP BY ALL ORDER BY ALL
"""


def _rows(path: Path) -> int:
    """Rows of a log: its lines that are no header."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        return sum(bool(line.strip()) and not line.startswith(b"#") for line in file)


def _check(report: Report) -> None:
    read: dict[str, int] = defaultdict(int)
    for account in report.accounts:
        assert not any("not read" in r for r in account.remarks), account
        assert not any("worked with" in r for r in account.rejected), account
        assert account.used >= 0, account
        if account.format:  # else no log at all, which its remark says
            read[account.file] += account.read
    for file, rows in read.items():
        assert rows == _rows(Path(file)), file


def test_rows_are_conserved(tmp_path: Path) -> None:
    report = ingest([Path(CORPUS)], tmp_path)
    assert len(report.accounts) > 1
    _check(report)
    db = connect(tmp_path)
    allowed = "'connect','read','write','command','program','mode','firmware','restart',"
    allowed += "'identify','discover','authenticate','file','diagnose','report','time','suppress',"
    allowed += "'other'"
    odd = db.execute(
        f"""SELECT DISTINCT service, operation, action, outcome FROM activity
            WHERE action NOT IN ({allowed}) OR "count" <= 0 OR operation = '' OR outcome = ''
               OR NOT regexp_full_match(operation, '[a-z0-9_]+')
               OR NOT regexp_full_match(outcome, '[a-z0-9_]+')"""
    ).fetchall()
    assert odd == []


@pytest.mark.parametrize("name", ["mb2-icsnpp"])
def test_both_formats_of_one_capture_give_the_same_sums(tmp_path: Path, name: str) -> None:
    roots = [next(iter(sorted(Path(CORPUS).rglob(f"{name}-{f}"))), None) for f in ("tsv", "json")]
    if None in roots:
        pytest.skip(f"no {name}-tsv and -json under GAUGEGLASS_CORPUS")
    sums = []
    for root in roots:
        assert root is not None
        state = tmp_path / root.name
        _check(ingest([root], state, sensor="s"))
        sums.append(connect(state).execute(SUMS).fetchall())
    assert sums[0] == sums[1]
    assert sums[0]
