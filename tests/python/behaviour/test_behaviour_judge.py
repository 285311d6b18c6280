from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from learned_plant import ALL, CONFIG, LEARN, judged, later, learned
from plant_ledger import insert, moment, plant

from gaugeglass.behaviour.departures import departures
from gaugeglass.behaviour.features import features
from gaugeglass.behaviour.judge import judge
from gaugeglass.behaviour.learn import learn_behaviour
from gaugeglass.behaviour.news import KINDS, passing
from gaugeglass.behaviour.paths import paths
from gaugeglass.behaviour.registry import NAMES
from gaugeglass.behaviour.scorer import Scorer, average_path
from gaugeglass.behaviour.ways.base import Span
from gaugeglass.behaviour.ways.registry import ways


def span_of(frame: pd.DataFrame, db: object = None) -> Span:
    """A span that judges ``frame`` (minute windows) as it stands."""
    behaviour = learned()[1]
    made = Span(db, moment(LEARN), moment(ALL), 60, (60,), standards=behaviour.standards)  # type: ignore[arg-type]
    made._made["frame", 60] = frame.assign(block=0)
    return made


@pytest.fixture(scope="module")
def quiet() -> pd.DataFrame:
    return features(plant(ALL), moment(LEARN), moment(ALL))


def test_there_are_five_ways_and_each_was_calibrated() -> None:
    behaviour = learned()[1]
    assert [w.name for w in ways()] == ["checks", "forest", "novelty", "series", "silence"]
    assert set(behaviour.calibrations) == {w.name for w in ways()}
    assert behaviour.lengths == (60,)
    assert not behaviour.promise.proven
    assert learn_behaviour(plant(600), moment(0), moment(600), CONFIG).lengths == (60, 900)


def test_quiet_time_raises_nothing() -> None:
    found = judged(later())
    assert found.episodes == ()
    assert found.asked > 5000


#: What is done to the plant -> (rows to add, the way that must see it, who is named).
def writes_elsewhere(db: object) -> None:
    for register in range(30):
        insert(db, 400, server="10.0.1.3", operation="write_multiple_registers", action="write",  # type: ignore[arg-type]
               object=f"holding_register:{500 + register}", count=4, uid_min=f"Cevil{register:02}",
               uid_max=f"Cevil{register:02}", last=moment(400.5))  # fmt: skip


def stranger(db: object) -> None:
    insert(db, 400, client="10.0.9.9", uid_min="Cnew", uid_max="Cnew")  # type: ignore[arg-type]


def ten_times_as_often(db: object) -> None:
    for minute in (400, 401, 402):
        insert(db, minute, server="10.0.1.3", count=4000)  # type: ignore[arg-type]


def refused(db: object) -> None:
    for minute in (400, 401):
        insert(db, minute, server="10.0.1.3", count=60, outcome="illegal_data_address")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("harm", "way", "who"),
    [
        (writes_elsewhere, "novelty", {"10.0.0.0", "10.0.1.3"}),
        (stranger, "novelty", {"10.0.9.9", "10.0.1.0"}),
        (ten_times_as_often, "checks", {"10.0.0.0", "10.0.1.3"}),
        (ten_times_as_often, "forest", {"10.0.0.0", "10.0.1.3"}),
        (refused, "novelty", {"10.0.0.0", "10.0.1.3"}),
    ],
)
def test_harm_is_one_episode_with_reasons_and_evidence(harm, way, who) -> None:  # type: ignore[no-untyped-def]
    db = later()
    harm(db)
    (found,) = judged(db).episodes
    assert way in found.ways
    assert set(found.addresses) == who
    assert (found.client, found.server) in {("10.0.0.0", "10.0.1.3"), ("10.0.9.9", "10.0.1.0")}
    assert found.start == moment(400)
    assert 0.5 <= found.score <= 1
    assert found.rate <= learned()[1].promise.budget
    assert found.observed
    assert found.normal
    assert found.features
    assert found.uids
    assert found.events > 0


def test_what_stops_is_told_by_silence_alone() -> None:
    gone = "client = '10.0.0.1' AND server = '10.0.1.2' AND \"window\" >= TIMESTAMP '{}'"
    found = judged(later(gone.format(moment(450))))
    assert [e.way for e in found.episodes] == ["silence"]
    assert found.episodes[0].entity == "10.0.0.1 > 10.0.1.2 modbus"
    assert "silent for" in found.episodes[0].observed
    assert 1 < learned()[1].patience < 20


def test_support_needs_the_same_hosts_at_the_same_time() -> None:
    db = later()
    stranger(db)
    found = judged(db)
    then = (moment(400), moment(401))
    assert found.supports(("10.0.9.9", "10.0.1.0"), *then)
    assert found.supports(("10.0.9.9", None), *then)
    assert not found.supports(("10.0.9.9", "10.0.1.5"), *then)
    assert not found.supports(("10.0.9.9", "10.0.1.0"), moment(500), moment(510))


#: What an attacker changes -> how a window is changed for it. Values are per minute.
PLANTED = {
    "writes": 40.0, "commands": 5.0, "controls": 2.0, "probes": 30.0, "logins": 12.0,
    "files": 9.0, "peers": 20.0, "ports": 60.0, "units": 100.0, "objects": 200.0,
    "error_ratio": 0.5, "no_reply_ratio": 0.7, "bytes_sent": 5e6, "session_bytes_sent": 1e7,
    "gap_mean": 45.0, "services": 6.0, "reads": 30_000.0,
}  # fmt: skip


@pytest.mark.parametrize("way", [w for w in ways() if w.name in ("checks", "forest")],
                         ids=lambda w: w.name)  # fmt: skip
def test_a_planted_feature_is_found_ranks_first_and_is_named(way, quiet: pd.DataFrame) -> None:  # type: ignore[no-untyped-def]
    mine = quiet[quiet["side"] != "conduit"].reset_index(drop=True)
    at = np.linspace(50, len(mine) - 50, 10 * len(PLANTED)).astype(int)
    rows = mine.copy()
    wanted = [name for name in PLANTED for _ in range(10)]
    for index, name in zip(at, wanted, strict=True):
        rows.loc[index, name] = PLANTED[name]
    behaviour = learned()[1]
    span = span_of(rows)
    judged_rows = way.judge(behaviour.states[way.name], span)
    rate = behaviour.calibrations[way.name].worth(judged_rows)[1]
    passed = judged_rows[rate <= behaviour.promise.rate]
    keys = ["window", "side", "address"]
    planted = rows.loc[at, keys].reset_index(drop=True)
    assert len(passed.merge(planted, on=keys)) >= 0.95 * len(planted)
    assert len(passed) <= len(planted)
    whole = planted.merge(judged_rows, on=keys)
    told = way.explain(behaviour.states[way.name], span, whole)
    first = [why.features[0] for why in told]
    assert np.mean([a == b for a, b in zip(first, wanted, strict=True)]) >= 0.95


def test_reasons_speak(quiet: pd.DataFrame) -> None:
    rows = quiet[quiet["address"] == "10.0.1.2"].reset_index(drop=True)
    rows.loc[5, "controls"] = 3.0
    span = span_of(rows)
    for way in ways():
        if way.name not in ("checks", "forest"):
            continue
        state = learned()[1].states[way.name]
        found = way.judge(state, span)
        row = found[(found["window"] == rows["window"][5]) & (found["side"] == "server")]
        (why,) = way.explain(state, span, row)
        assert why.observed.startswith("3 program, mode, firmware or restart requests per minute")
        assert why.normal.startswith("no program, mode")
        assert why.where.startswith("action IN ('program'")


def test_contributions_add_up_to_the_score_and_scores_to_scikit_learns(quiet: pd.DataFrame) -> None:
    behaviour = learned()[1]
    placed = behaviour.standards[60].place(quiet.head(400))
    for name in sorted(set(placed.group)):
        mine = placed.places[(placed.group == name).to_numpy()].astype(np.float32)
        forest = behaviour.states["forest"][60, name].forest
        expected = -forest.score_samples(mine)
        np.testing.assert_allclose(Scorer(forest).score(mine), expected, atol=1e-9, rtol=0)
        flat = paths(forest)
        depth = flat.mean_depth() - flat.contributions(mine).sum(axis=1)
        size = np.array([float(forest.max_samples_)])
        np.testing.assert_allclose(2 ** (-depth / average_path(size)), expected, atol=1e-9)
        # No feature is invisible for never having moved while learning.
        assert set(range(len(NAMES))) <= set(flat.feature)


def test_row_order_slices_and_a_second_fit_change_nothing(quiet: pd.DataFrame) -> None:
    one = judged(later()).rows
    mixed = plant(LEARN, threads=4, shuffled=True)
    again = learn_behaviour(mixed, moment(0), moment(LEARN), CONFIG)
    assert again.promise == learned()[1].promise
    whole = learned()[1].standards[60].place(quiet)
    again_placed = again.standards[60].place(quiet.iloc[:777])
    np.testing.assert_array_equal(whole.places[:777], again_placed.places)
    scorer = again.states["forest"][60, "hmi/client"].scorer
    places = np.tile(whole.places, (4, 1))
    np.testing.assert_array_equal(
        scorer.score(places), np.concatenate([scorer.score(p) for p in np.array_split(places, 7)])
    )
    assert len(one) == 0


def test_held_out_blocks_know_nothing_of_their_own() -> None:
    """A block whose writes are its alone departs from the others, though not from them all."""
    frame = features(plant(LEARN), moment(0), moment(LEARN))
    frame["block"] = np.searchsorted(
        [60, 120, 180], (frame["window"] - moment(0)).dt.total_seconds() / 60, "right"
    )
    mine = (frame["address"] == "10.0.0.1") & (frame["block"] == 2) & (frame["side"] == "client")
    frame.loc[mine, "writes"] = 50.0
    made = departures(frame)
    where = made.frame[made.frame["address"].eq("10.0.0.1") & made.frame["side"].eq("client")].index
    writes = NAMES.index("writes")
    held = pd.Series(made.held_excess[where, writes]).groupby(made.block[where]).max()
    assert held.loc[2] > 5
    assert held.drop(2).max() == 0
    assert made.excess[where, writes].max() == 0


def test_roles_with_too_little_share_the_sites_model_and_almost_nothing_says_so() -> None:
    db = plant(LEARN)
    db.execute("UPDATE address SET role = 'gateway' WHERE address = '10.0.1.5'")
    db.execute("DELETE FROM activity WHERE server = '10.0.1.5' AND \"window\" >= ?", [moment(40)])
    made = learn_behaviour(db, moment(0), moment(LEARN), CONFIG)
    assert (
        "too few windows learned for models of their own; they share a model of the whole site:"
        " gateway/server (40)" in made.notes
    )
    nothing = learn_behaviour(plant(3), moment(0), moment(3), CONFIG)
    assert nothing.empty
    assert "too little time" in nothing.notes[0]
    db = later()
    learned()[0].register(db)
    assert judge(db, nothing, moment(LEARN), moment(ALL)).episodes == ()


def test_what_an_analyst_called_normal_is_no_news_and_anything_beyond_it_is() -> None:
    db = later()
    ten_times_as_often(db)
    stranger(db)
    whole = judged(db).episodes
    assert {e.client for e in whole} == {"10.0.0.0", "10.0.9.9"}
    base, behaviour = learned()
    span = (moment(400), moment(403))

    def after(*who: str, at: tuple = span) -> set[str | None]:  # type: ignore[type-arg]
        base.register(db)
        accepted = ((frozenset(who), *at),)
        made = judge(db, behaviour, moment(LEARN), moment(ALL), accepted=accepted)
        return {e.client for e in made.episodes}

    assert after("10.0.0.0", "10.0.1.3") == {"10.0.9.9"}
    assert after("10.0.0.0") == {"10.0.0.0", "10.0.9.9"}  # of one end only
    late = (moment(500), moment(501))
    assert after("10.0.0.0", "10.0.1.3", at=late) == {"10.0.0.0", "10.0.9.9"}


@pytest.mark.parametrize("harm", [writes_elsewhere, ten_times_as_often])
def test_row_order_threads_slices_and_cores_change_nothing(
    harm,
    monkeypatch: pytest.MonkeyPatch,  # type: ignore[no-untyped-def]
) -> None:
    """The same rows in another order, by other numbers of threads and cores, in other slices: the
    same, to the byte."""
    found = []
    for threads, shuffled, cores, rows in ((1, False, 1, 1024), (4, True, 4, 97)):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        monkeypatch.setattr("gaugeglass.behaviour.measure._SLICE", rows)
        monkeypatch.setattr("gaugeglass.behaviour.scorer._SLICE", rows)
        db = plant(ALL, threads=threads, shuffled=shuffled)
        harm(db)
        made = judged(db)
        assert made.episodes
        found.append((made.rows.to_csv(), made.loose.to_csv(), repr(made.episodes)))
    assert found[0] == found[1]


def test_a_new_fact_is_news_for_a_day() -> None:
    rows = pd.DataFrame(
        {
            "window": [moment(m) for m in (0, 5, 1445, 1446)],
            "client": "a",
            "server": ["b", "b", "b", "c"],
            "service": "modbus",
        }
    )
    flagged = [c for k in KINDS for c in (k, f"{k}?") if c not in rows.columns]
    rows = rows.assign(**dict.fromkeys(flagged, False))
    for name in ("action", "outcome", "object", "hour", "unit", "operation", "client_mac"):
        rows[name] = "x"
    rows["pair"] = True
    assert list(passing(rows, timedelta(days=1))["window"]) == [moment(m) for m in (0, 5, 1446)]
