"""Many small logs, as an hourly rotation leaves them, and what one ingest says of them."""

from __future__ import annotations

from pathlib import Path

from logkit import DETAILED, conn, detailed, gz, jsonl, ledger, put, take, totals, tsv


def test_many_small_logs(tmp_path: Path) -> None:
    """More than a batch holds, of several kinds and forms; every log has its own account."""
    logs, state = tmp_path / "logs", tmp_path / "state"
    for hour in range(72):
        day = logs / f"2026-11-{1 + hour // 24:02}"
        rows = conn(5, start=-3600.0 * hour)
        form = (tsv(rows, close=True), jsonl(rows))[hour % 2]
        put(day / f"conn.{hour % 24:02}:00:00.log.gz", gz(form))
    put(logs / "current" / "modbus_detailed.log", tsv(detailed(9), "modbus_detailed", DETAILED))
    seen: list[tuple[int, int, str]] = []
    report = take([logs], state, progress=lambda *step: seen.append(step))
    assert totals(report) == (369, 369, 0, 0)
    assert len({a.file for a in report.accounts}) == 73
    assert [a.file for a in report.accounts] == sorted(a.file for a in report.accounts)
    assert len(seen) == 2  # batches
    assert seen[-1][0] == seen[-1][1]
    assert sum(r["count"] for r in ledger(state)) == 369
    assert take([logs], state).unchanged == 73
