from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from plant_ledger import insert, moment, plant

from gaugeglass.behaviour.anomalies import anomalies
from gaugeglass.behaviour.explain import average_path, explain, paths
from gaugeglass.behaviour.features import features
from gaugeglass.behaviour.forest import Models, fit
from gaugeglass.behaviour.registry import NAMES

LEARN, ALL = 240, 600
CONFIG = {"behaviour": {"trees": 100, "contamination": 0.001, "seed": 0}}


@pytest.fixture(scope="module")
def learned() -> tuple[pd.DataFrame, Models]:
    frame = features(plant(ALL), moment(0), moment(ALL))
    return frame, fit(frame[frame["window"] < moment(LEARN)], CONFIG)


@pytest.fixture(scope="module")
def models(learned: tuple[pd.DataFrame, Models]) -> Models:
    return learned[1]


@pytest.fixture(scope="module")
def quiet(learned: tuple[pd.DataFrame, Models]) -> pd.DataFrame:
    frame = learned[0]
    return frame[frame["window"] >= moment(LEARN)].reset_index(drop=True)


def test_quiet_time_raises_nothing(models: Models, quiet: pd.DataFrame) -> None:
    scored = models.score(quiet)
    assert sorted(models.groups) == ["controller/server", "hmi/client"]
    assert scored["score"].between(0, 1).all()
    assert not scored["alert"].any()


#: What an attacker changes -> how a window is changed for it. Values are per minute.
PLANTED = {
    "writes": 40.0, "commands": 5.0, "controls": 2.0, "probes": 30.0, "logins": 12.0,
    "files": 9.0, "peers": 20.0, "ports": 60.0, "units": 100.0, "objects": 200.0,
    "error_ratio": 0.5, "no_reply_ratio": 0.7, "bytes_sent": 5e6, "session_bytes_sent": 1e7,
    "gap_mean": 45.0, "services": 6.0, "reads": 30_000.0,
}  # fmt: skip


def test_a_planted_feature_alerts_ranks_first_and_is_named(
    models: Models, quiet: pd.DataFrame
) -> None:
    rows = quiet.iloc[np.linspace(50, len(quiet) - 50, 10 * len(PLANTED)).astype(int)].copy()
    wanted = [name for name in PLANTED for _ in range(10)]
    for index, name in zip(rows.index, wanted, strict=True):
        rows.loc[index, name] = PLANTED[name]
    scored = models.score(rows)
    highest = models.score(quiet.drop(rows.index))["score"].max()
    assert scored["alert"].mean() > 0.95
    assert (scored["score"] > highest).mean() > 0.95
    first = [why[0].feature if why else None for why in explain(models, rows)]
    assert np.mean([a == b for a, b in zip(first, wanted, strict=True)]) >= 0.95


def test_contributions_add_up_to_the_score(models: Models, quiet: pd.DataFrame) -> None:
    rows = quiet.head(200).copy()
    rows.loc[:100, "writes"] = 99.0
    group, _, places, _ = models.placed(rows)
    for name, model in models.groups.items():
        mine = places[(group == name).to_numpy()]
        flat = paths(model.forest)
        depth = flat.mean_depth() - flat.contributions(mine).sum(axis=1)
        size = np.array([float(model.forest.max_samples_)])
        expected = -model.forest.score_samples(mine.astype(np.float32))
        np.testing.assert_allclose(2 ** (-depth / average_path(size)), expected, atol=1e-9)


def test_reasons_speak(models: Models, quiet: pd.DataFrame) -> None:
    row = quiet[quiet["address"] == "10.0.1.2"].head(1).copy()
    row["controls"] = 3.0
    (why,) = explain(models, row)
    assert str(why[0]) == "3 program, mode, firmware or restart requests per minute (normally none)"
    assert why[0].normal.startswith("no program")
    assert (why[0].normal_low, why[0].normal_high) == (0.0, 0.0)


def test_row_order_and_a_second_fit_change_nothing(
    learned: tuple[pd.DataFrame, Models], quiet: pd.DataFrame
) -> None:
    frame, models = learned
    mixed = frame[frame["window"] < moment(LEARN)].sample(frac=1, random_state=1)
    again = fit(mixed, CONFIG).score(quiet)
    pd.testing.assert_frame_equal(models.score(quiet), again, check_exact=True)
    half = models.score(quiet.iloc[:777])
    pd.testing.assert_frame_equal(half, again.iloc[:777], check_exact=True)


def test_an_entity_never_seen_does_not_alert(models: Models, quiet: pd.DataFrame) -> None:
    row = quiet[quiet["side"] == "client"].head(1).copy()
    row["address"], row["ports"], row["peers"], row["writes"] = "10.9.9.9", 900.0, 90.0, 90.0
    scored = models.score(row).iloc[0]
    assert scored["score"] > 0.5
    assert not scored["known"]
    assert not scored["alert"]


def test_roles_with_too_little_share_the_sites_model(learned: tuple[pd.DataFrame, Models]) -> None:
    frame = learned[0][learned[0]["window"] < moment(LEARN)].copy()
    rare = (frame["address"] == "10.0.1.5") & (frame["window"] < moment(40))
    frame.loc[frame["address"] == "10.0.1.5", "role"] = "gateway"
    frame = frame[rare | (frame["address"] != "10.0.1.5")]
    models = fit(frame, CONFIG)
    assert "gateway/server" not in models.groups
    assert models.notes == (
        "gateway/server: 40 windows learned, too few for a model;"
        " they share a model of the whole site",
    )
    scored = models.score(frame[frame["role"] == "gateway"])
    assert set(scored["group"]) == {"site/server"}
    assert scored["score"].notna().all()


def test_with_almost_nothing_learned_it_abstains_and_says_so(
    learned: tuple[pd.DataFrame, Models],
) -> None:
    frame = learned[0]
    models = fit(frame[frame["window"] < moment(10)], CONFIG)
    assert not models.groups
    assert all("are not judged" in note for note in models.notes)
    scored = models.score(frame)
    assert scored["score"].isna().all()
    assert not scored["alert"].any()
    assert explain(models, frame.head(3)) == [[], [], []]
    empty = fit(frame.head(0), CONFIG)
    assert empty.score(frame)["group"].isna().all()
    assert len(empty.score(frame.head(0))) == 0


def test_the_edge_of_the_data_is_not_an_anomaly(models: Models, quiet: pd.DataFrame) -> None:
    row = quiet.head(1).copy()
    row["edge"], row["gap_mean"], row["gap_cv"], row["operation_entropy"] = True, 500.0, 9.0, 4.0
    assert not models.score(row)["alert"].any()
    row["edge"] = False
    assert models.score(row)["alert"].all()


def test_anomalies_join_windows_and_carry_evidence(models: Models) -> None:
    db = plant(ALL)
    for minute in (400, 401, 403, 500):
        for register in range(30):
            insert(
                db, minute, server="10.0.1.3", operation="write_multiple_registers",
                action="write", object=f"holding_register:{500 + register}", count=4,
                uid_min=f"Cevil{register:02}", uid_max=f"Cevil{register:02}",
                last=moment(minute + 0.5),
            )  # fmt: skip
    found = anomalies(db, models, moment(LEARN), moment(ALL))
    assert {(a.side, a.address) for a in found} == {
        ("client", "10.0.0.0"), ("server", "10.0.1.3"),
    }  # fmt: skip
    assert len(found) == 4
    server = next(a for a in found if a.side == "server" and a.windows == 3)
    assert server.first == moment(400)
    assert server.last == moment(403.5)
    assert (server.peer, server.service, server.operation) == (
        "10.0.0.0", "modbus", "write_multiple_registers",
    )  # fmt: skip
    assert {r.feature for r in server.reasons} >= {"writes", "objects"}
    assert 0.5 < server.score <= 1
    assert server.uids
    assert len(server.uids) <= 10
    assert any(u.startswith("Cevil") for u in server.uids)
    assert "per minute" in server.observed
    assert server.normal
    assert [a.score for a in found] == sorted((a.score for a in found), reverse=True)
    assert anomalies(db, models, moment(410), moment(490)) == []


def test_every_feature_reaches_the_forest(models: Models, quiet: pd.DataFrame) -> None:
    """No feature is invisible for never having moved while learning."""
    flat = paths(models.groups["controller/server"].forest)
    assert set(range(len(NAMES))) <= set(flat.feature)
