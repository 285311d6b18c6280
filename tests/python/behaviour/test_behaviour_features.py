from __future__ import annotations

import math

import pandas as pd
import pytest
from kit import at, ledger
from plant_ledger import moment, plant

from gaugeglass.behaviour.features import KEYS, features
from gaugeglass.behaviour.registry import FEATURES, NAMES


def one(frame: pd.DataFrame, side: str, address: str, minute: int = 0) -> dict[str, float]:
    chosen = frame[
        (frame["side"] == side) & (frame["address"] == address) & (frame["window"] == at(minute))
    ]
    assert len(chosen) == 1
    return chosen.iloc[0].to_dict()


def test_every_feature_says_what_it_is() -> None:
    assert len(set(NAMES)) == len(NAMES)
    for f in FEATURES:
        assert f.doc.endswith("."), f.name
        assert all((f.unit, f.phrase, f.floor > 0)), f.name
        assert f.direction in ("high", "both")


def test_counts_shares_and_fans() -> None:
    base = {"client": "a", "unit": "1"}
    rows = [
        base | {"server": "b", "count": 6, "object": "coil:1", "bytes_to_server": 60,
                "bytes_to_client": 600, "gap_count": 5, "gap_sum": 5_000_000, "gap_sq": 5 * 10**12},
        base | {"server": "c", "count": 2, "operation": "write_single_coil", "action": "write",
                "object": "coil:1", "outcome": "illegal_function"},
        base | {"server": "c", "count": 2, "outcome": "no_reply"},
        base | {"server": "c", "action": "connect", "operation": "connection",
                "bytes_to_server": 7, "unit": None},
    ]  # fmt: skip
    frame = features(ledger(rows), at(0), at(1))
    assert list(frame.columns) == [*KEYS, *NAMES]
    client = one(frame, "client", "a")
    expected = {
        "events": 11, "reads": 8, "writes": 2, "sessions": 1, "peers": 2, "services": 1,
        "units": 2, "operations": 2, "objects": 2, "bytes_sent": 60, "bytes_received": 600,
        "session_bytes_sent": 7, "gap_mean": 1.0, "gap_cv": 0.0, "role": "unknown",
    }  # fmt: skip
    assert {k: client[k] for k in expected} == expected
    assert client["error_ratio"] == pytest.approx(2 / 11)
    assert client["no_reply_ratio"] == pytest.approx(2 / 11)
    shares = [8 / 11, 2 / 11, 1 / 11]
    assert client["operation_entropy"] == pytest.approx(
        -sum(p * math.log2(p) for p in shares), abs=1e-5
    )
    server = one(frame, "server", "b")
    assert (server["peers"], server["bytes_sent"], server["bytes_received"]) == (1, 600, 60)
    assert math.isnan(one(frame, "server", "c")["gap_mean"])
    assert one(frame, "server", "c")["error_ratio"] == pytest.approx(0.4)


def test_a_few_events_make_no_share_no_mean_and_no_variety() -> None:
    rows = [
        {"client": "a", "server": "b", "count": 2, "gap_count": 1, "gap_sum": 9_000_000,
         "gap_sq": 81 * 10**12},
        {"client": "a", "server": "b", "count": 2, "outcome": "no_reply", "operation": "ping"},
    ]  # fmt: skip
    few = one(features(ledger(rows), at(0), at(1)), "client", "a")
    for name in ("no_reply_ratio", "error_ratio", "operation_entropy", "gap_mean", "gap_cv"):
        assert math.isnan(few[name]), name


def test_rates_are_per_minute_whatever_the_window() -> None:
    rows = [{"client": "a", "server": "b", "count": 50}]
    frame = features(ledger(rows), at(0), at(5), window_seconds=300)
    assert one(frame, "client", "a")["events"] == 10


def test_windows_next_to_darkness_are_edges() -> None:
    rows = [{"minute": m, "client": "a", "server": "b"} for m in (0, 1, 2, 5, 6, 7)]
    frame = features(ledger(rows), at(0), at(10))
    edges = frame.drop_duplicates("window").set_index("window")["edge"]
    assert [m for m in (0, 1, 2, 5, 6, 7) if edges[at(m)]] == [0, 2, 5, 7]
    # The neighbour counts even where it lies outside the span that is asked about.
    later = features(ledger(rows), at(1), at(2))
    assert not later["edge"].any()


def test_roles_come_from_the_inventory() -> None:
    frame = features(plant(3), moment(0), moment(3))
    roles = frame.drop_duplicates(["side", "role"])[["side", "role"]].to_records(index=False)
    assert sorted(map(tuple, roles)) == [
        ("client", "hmi"), ("conduit", "modbus by hmi"), ("server", "controller"),
    ]  # fmt: skip


def test_same_bytes_whatever_the_order_or_the_threads() -> None:
    first = features(plant(50, threads=1), moment(0), moment(50))
    second = features(plant(50, threads=4, shuffled=True), moment(0), moment(50))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_nothing_gives_nothing() -> None:
    assert features(ledger(), at(0), at(10)).empty
