"""What changed between two versions: facts by kind, ranges point by point, amounts that moved."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from kit import at, ledger
from upkeep_kit import CONFIG, HMI, LAPTOP, PLC, PLC2, polls, read, write

from gaugeglass.behaviour.baseline import Baseline, learn
from gaugeglass.behaviour.upkeep.diff import Difference, diff


def base(rows: list[dict[str, Any]], until: int = 60) -> Baseline:
    return learn(ledger(rows), at(0), at(until), CONFIG)


def told(found: list[Difference], kind: str) -> list[tuple[str, str, str, str]]:
    return [(d.change, d.what, d.before, d.after) for d in found if d.kind == kind]


def test_the_same_is_no_difference() -> None:
    assert diff(base(polls(60)), base(polls(60))) == []


def test_what_came_goes_the_other_way_round() -> None:
    old = base(polls(60))
    new = base([*polls(60), write(30), read(31, HMI, PLC, object="holding_register:8-19")])
    came = diff(old, new)
    assert told(came, "asset") == [("came", LAPTOP, "", "")]
    assert told(came, "conduit") == [("came", "port 502", "", "")]
    assert told(came, "operation") == [("came", "write_single_register (write)", "", "")]
    assert told(came, "object") == [
        ("came", "read_holding_registers at holding_register:10-19 of unit 1", "", ""),
        ("came", "write_single_register at holding_register:5 of unit 1", "", ""),
    ]
    assert told(came, "hour") == []  # an hour's learning says nothing of the time of day
    went = diff(new, old)
    assert [d.change for d in went] == ["went"] * len(came)
    assert [(d.kind, d.client, d.what) for d in went] == [(d.kind, d.client, d.what) for d in came]


def test_amounts_that_moved() -> None:
    quicker = [read(m, server=PLC, count=80) for m in range(60)]
    slower = [read(m, server=PLC2) for m in range(0, 60, 3)]
    old = base([*polls(60), write(5, HMI)])
    new = base([*quicker, *slower, write(5, HMI, value_max=9.0)])
    found = diff(old, new)
    assert told(found, "rate") == [
        ("moved", "read_holding_registers", "60 a window", "80 a window")
    ]
    assert told(found, "value") == [
        ("moved", "write_single_register at holding_register:5", "7 to 7", "7 to 9")
    ]
    assert told(found, "pause") == [
        ("moved", "longest pause", "60 s", "180 s"),
        ("moved", f"longest pause of {PLC2}", "60 s", "180 s"),
    ]
    assert told(diff(old, new, ratio=1.5), "rate") == []


rows_of = st.lists(
    st.builds(
        lambda m, c, s, lo, n: read(m, c, s, object=f"holding_register:{lo}-{lo + n}"),
        st.integers(0, 59), st.sampled_from([HMI, LAPTOP]), st.sampled_from([PLC, PLC2]),
        st.integers(0, 30), st.integers(1, 9),
    ), max_size=6,
)  # fmt: skip


@settings(max_examples=15)
@given(rows_of, rows_of)
def test_came_and_went_mirror_each_other(a: list[dict[str, Any]], b: list[dict[str, Any]]) -> None:
    there, back = diff(base(a), base(b)), diff(base(b), base(a))
    swap = {"came": "went", "went": "came", "moved": "moved"}

    def keys(found: list[Difference]) -> set[tuple[object, ...]]:
        return {(d.change, d.kind, d.client, d.server, d.what) for d in found}

    assert keys(there) == {(swap[str(k[0])], *k[1:]) for k in keys(back)}


def test_hours_are_told_once_days_were_learned() -> None:
    early = [read(1440 * d + 60 * h) for d in range(3) for h in range(6)]
    later = [read(1440 * d + 60 * h) for d in range(3) for h in range(8)]
    found = diff(base(early, 3 * 1440), base(later, 3 * 1440))
    assert told(found, "hour") == [("came", "read at 06 h, 07 h (UTC)", "", "")]
