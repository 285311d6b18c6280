"""An ingest that dies at any point loses nothing and repeats nothing. A long schedule of kills:
``make crash`` (tests/python/crashkit.py)."""

from __future__ import annotations

from pathlib import Path

import crashkit
import pytest
from logkit import conn, gz, put, take, tsv, whole_ledger

from gaugeglass.ledger import commit, ingest, worker


class Death(BaseException):
    """Not an Exception: nothing may catch it."""


def logs_of(tmp_path: Path) -> Path:
    put(tmp_path / "logs/conn.log", tsv(conn(50)))
    put(tmp_path / "logs/old/conn.09:00:00.log.gz", gz(tsv(conn(50, start=-3600))))
    return tmp_path / "logs"


@pytest.mark.parametrize("where", ["before", "within", "after"])
def test_death_around_the_commit(tmp_path: Path, monkeypatch, where: str) -> None:
    logs, state = logs_of(tmp_path), tmp_path / "state"
    take([logs], tmp_path / "truth")
    real, save = commit.commit, commit.save_accounts

    def commits(*args):
        if where == "before":
            raise Death
        real(*args)
        raise Death

    def within(*args):
        raise Death

    with monkeypatch.context() as patch:
        if where == "within":
            patch.setattr(commit, "save_accounts", within)
        else:
            patch.setattr(commit, "commit", commits)
        with pytest.raises(Death):
            take([logs], state)
    parts = list((state / "ledger").glob("*.parquet"))
    assert parts  # they were written
    if where != "after":
        assert whole_ledger(state) == {"activity": [], "claims": [], "notices": []}
    assert save is commit.save_accounts
    take([logs], state)
    assert whole_ledger(state) == whole_ledger(tmp_path / "truth")
    assert len(list((state / "ledger").glob("*.parquet"))) == 1  # leftovers are gone


def test_death_between_two_batches(tmp_path: Path, monkeypatch) -> None:
    """What is committed stays, the rest is read by the next run."""
    logs, state = logs_of(tmp_path), tmp_path / "state"
    take([logs], tmp_path / "truth")
    monkeypatch.setattr(ingest, "BATCH_FILES", 1)
    real, calls = worker.run, []

    def run(batch):
        calls.append(batch)
        if len(calls) == 2:
            raise Death
        return real(batch)

    with monkeypatch.context() as patch:
        patch.setattr(worker, "run", run)
        with pytest.raises(Death):
            take([logs], state)
    assert sum(r["count"] for r in whole_ledger(state)["activity"]) == 50
    report = take([logs], state)
    assert report.unchanged == 1
    assert whole_ledger(state) == whole_ledger(tmp_path / "truth")


def test_kills_at_random_moments(tmp_path: Path) -> None:
    crashkit.schedule(tmp_path, kills=4, seed=7)
