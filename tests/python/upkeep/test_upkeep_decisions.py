"""An analyst's word: it makes facts known or keeps them unknown, is undone, survives relearning."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit import at
from upkeep_kit import (
    CONFIG,
    DETECTIONS,
    HMI,
    LAPTOP,
    PLC,
    PLC2,
    alert,
    read,
    site,
    state,
    table,
    tell,
    write,
)

from gaugeglass.behaviour.baseline import COLUMNS, learn
from gaugeglass.behaviour.upkeep import decisions, known
from gaugeglass.behaviour.upkeep.raised import UnknownAlertError
from gaugeglass.detections.base import Context
from gaugeglass.detections.context import make_context
from gaugeglass.ledger.manifest import Manifest

WRITES = [write(m) for m in (200, 201, 202)]
STRANGER = [*WRITES, read(200, LAPTOP), {**write(201), "operation": "plc_stop", "action": "mode"}]
TOLD = alert("write_by_new_client", 200, 202, client=LAPTOP, server=PLC, service="modbus",
             operation="write_single_register", object="holding_register:5")  # fmt: skip


def judging(manifest: Manifest, until: int = 180) -> Context:
    """A context over the site with the stranger's rows, as the pipeline makes it."""
    db = site(*STRANGER)
    learn(db, at(0), at(until), CONFIG).register(db)
    decisions.apply(db, manifest)
    return make_context(db, at(until), at(300))


def found(ctx: Context, name: str) -> list[str]:
    return [f.key[0] for f in DETECTIONS[name].find(ctx)]


def test_what_was_approved_is_known_and_nothing_else(tmp_path: Path) -> None:
    manifest = state(tmp_path, [TOLD])
    before = judging(manifest)
    assert found(before, "write_by_new_client") == [LAPTOP]
    made = decisions.approve(before.db, manifest, TOLD.id[:6], at(300), "ana", "commissioning")
    assert (made.verdict, made.who, made.note, made.stands) == ("approved", "ana", "commissioning",
                                                                True)  # fmt: skip
    after = judging(manifest)
    assert found(after, "write_by_new_client") == []
    assert found(after, "new_conduit") == []
    # the reads that came along are a part of it, the stop of the controller is not
    operations = {row[3] for row in table(after.db, "known_operation") if row[0] == LAPTOP}
    assert operations == {"write_single_register", "read_holding_registers"}
    ask = "SELECT object_known(?, ?, 'modbus', '1', 'write_single_register', ?)"
    known_objects = [
        after.db.execute(ask, [LAPTOP, PLC, f"holding_register:{n}"]).fetchone() for n in (5, 6)
    ]
    assert known_objects == [(True,), (False,)]


def test_it_outlives_relearning_and_is_undone(tmp_path: Path) -> None:
    manifest = state(tmp_path, [TOLD])
    made = decisions.approve(judging(manifest).db, manifest, TOLD.id, at(300))
    assert found(judging(manifest, until=100), "write_by_new_client") == []
    undone = decisions.undo(manifest, str(made.number), at(310))
    assert (undone.stands, undone.undone) == (False, at(310))
    assert found(judging(manifest), "write_by_new_client") == [LAPTOP]
    with pytest.raises(decisions.NoDecisionError, match="baseline decisions"):
        decisions.undo(manifest, TOLD.id, at(311))
    assert [d.number for d in decisions.listed(manifest.db)] == [made.number]


def test_a_second_decision_takes_the_first_ones_place(tmp_path: Path) -> None:
    manifest = state(tmp_path, [TOLD])
    db = judging(manifest).db
    decisions.approve(db, manifest, TOLD.id, at(300))
    decisions.reject(db, manifest, TOLD.id, at(301))
    assert [d.stands for d in decisions.listed(manifest.db)] == [False, True]
    assert decisions.standing(manifest.db)[TOLD.id].verdict == decisions.REJECTED


def test_a_rejected_finding_that_was_learned_is_an_alert_again(tmp_path: Path) -> None:
    manifest = state(tmp_path, [TOLD])
    db = site(*STRANGER, write(260))
    whole = learn(db, at(0), at(240), CONFIG)
    whole.register(db)
    assert found(make_context(db, at(240), at(300)), "write_by_new_client") == []
    decisions.reject(db, manifest, TOLD.id, at(300))
    decisions.apply(db, manifest)
    assert found(make_context(db, at(240), at(300)), "write_by_new_client") == [LAPTOP]
    # the regular client and what it does stay known
    assert HMI in {row[0] for row in table(db, "known_asset")}
    assert [r for r in table(db, "known_operation") if r[0] == HMI]


def test_rejecting_takes_out_only_the_new_points(tmp_path: Path) -> None:
    wide = read(200, object="holding_register:5-29")
    told = alert("new_object", 200, 200, client=HMI, server=PLC, service="modbus",
                 operation="read_holding_registers", object="holding_register:5-29")  # fmt: skip
    manifest = state(tmp_path, [told])
    db = site(wide)
    learn(db, at(0), at(240), CONFIG).register(db)
    decisions.reject(db, manifest, told.id, at(300))
    decisions.apply(db, manifest)
    objects = [r[5] for r in table(db, "known_object") if r[1] == PLC]
    assert objects == ["holding_register:0-9"]


@pytest.mark.parametrize("whole", [True, False])
def test_an_approved_silence_may_be_as_long_again(tmp_path: Path, whole: bool) -> None:
    who = {"server": PLC} if whole else {"client": HMI, "server": PLC, "service": "modbus"}
    told = alert("asset_silent", 100, 130, **who, assets=(PLC,))
    manifest = state(tmp_path, [told])
    db = site()
    learn(db, at(0), at(240), CONFIG).register(db)
    decisions.approve(db, manifest, told.id, at(300))
    decisions.apply(db, manifest)
    pauses = {r[1]: r[5] for r in table(db, "known_poll")}
    assert pauses == {PLC: 1800, PLC2: 60}
    voices = {r[0]: r[3] for r in table(db, "known_voice")}
    assert voices == {HMI: 60, PLC: 1800 if whole else 60, PLC2: 60}


def test_applying_is_deterministic_and_repeatable(tmp_path: Path) -> None:
    manifest = state(tmp_path, [TOLD])
    decisions.approve(judging(manifest).db, manifest, TOLD.id, at(300))
    first, second = judging(manifest).db, judging(manifest).db
    decisions.apply(second, manifest)  # twice is once, but for amounts
    for name in COLUMNS:
        if name != "known_rate":
            assert (
                first.execute(f'FROM "{name}"').fetchall()
                == second.execute(f'FROM "{name}"').fetchall()
            ), name


def test_unknown_and_ambiguous_alerts_say_where_to_look(tmp_path: Path) -> None:
    manifest = state(tmp_path)
    with pytest.raises(UnknownAlertError, match="gaugeglass alerts"):
        decisions.approve(site(), manifest, "abc", at(0))
    tell(manifest, *(alert("flood", 1, 2, client=HMI, server=PLC, key=(str(n),))
                     for n in range(40)))  # fmt: skip
    with pytest.raises(UnknownAlertError, match="more than one"):
        decisions.approve(site(), manifest, _shared(manifest), at(0))


def _shared(manifest: Manifest) -> str:
    """A letter with which several ids begin."""
    ids = [i for (i,) in manifest.db.execute("SELECT id FROM alerts")]
    return next(i[0] for i in ids if sum(j[0] == i[0] for j in ids) > 1)


spans = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 8)), max_size=6)


@settings(max_examples=200)
@given(spans, spans)
def test_ranges_are_subtracted_point_by_point(mine: list[tuple[int, int]],
                                              others: list[tuple[int, int]]) -> None:  # fmt: skip
    def rows(pairs: list[tuple[int, int]]) -> known.Rows:
        return [["c", "s", "modbus", None, "read", f"r:{a}-{a + n}", "r:", a, a + n]
                for a, n in pairs]  # fmt: skip

    def points(found: known.Rows) -> set[int]:
        return {p for row in found for p in range(row[7], row[8] + 1)}

    left = known.subtract(rows(mine), rows(others))
    assert points(left) == points(rows(mine)) - points(rows(others))
    for row in left:
        assert row[5] == (f"r:{row[7]}" if row[7] == row[8] else f"r:{row[7]}-{row[8]}")
